import type { Finding } from "../../dfm/finding.ts";
import { standing, type Standing } from "../standing.ts";
import type { PageBody, PageMap } from "./page-body.ts";

/** An array in the page: base64 of little-endian numbers; `value = low + step · stored` where `step` is there. */
export interface PageArray {
  readonly type: "f32" | "u32" | "u16" | "i16";
  readonly data: string;
  readonly low?: number;
  readonly step?: number;
}

/** What the page's viewer draws. Plain JSON. */
export interface PageModel {
  readonly bodies: readonly {
    readonly id: string;
    readonly name: string;
    readonly originMm: readonly [number, number, number];
    readonly positions: PageArray;
    readonly normals: PageArray;
    readonly indices: PageArray;
    readonly faceOf: PageArray;
    readonly edges?: PageArray;
    readonly edgeOf?: PageArray;
    readonly maps: readonly (Pick<PageMap, "kind" | "method" | "limits"> & { readonly values: PageArray; readonly patches?: { readonly facets: PageArray; readonly corners: PageArray } })[];
  }[];
  readonly findings: readonly { readonly id: string; readonly title: string; readonly body: string; readonly faces: readonly number[]; readonly edges?: readonly number[]; readonly points: Finding["points"]; readonly standing: Standing }[];
}

/** Over this many vertices positions are stored in 16 bits: a step of 1/65535 of the box, far below what a screen shows. */
const QUANTISE_OVER = 60_000;

/** Stored corners of patches: their places are sums of powers of a half, which this keeps exactly down to 2⁻¹⁵. */
const CORNER_STEP = 2 ** -15;

/** Bodies and findings as the page carries them. */
export function pageModel(bodies: readonly PageBody[], findings: readonly (Finding & { readonly title: string })[]): PageModel {
  return {
    bodies: bodies.map((body) => ({
      id: body.id, name: body.name, originMm: body.originMm,
      positions: body.positions.length > QUANTISE_OVER * 3 ? quantised(body.positions) : floats(body.positions),
      normals: { type: "i16", data: base64(Int16Array.from(body.normals, (x) => Math.round(x * 32767))), low: 0, step: 1 / 32767 },
      indices: body.positions.length / 3 <= 65536 ? { type: "u16", data: base64(Uint16Array.from(body.indices)) } : { type: "u32", data: base64(body.indices) },
      faceOf: { type: "u32", data: base64(runs(body.faceOf)) },
      ...(body.edges && body.edges.length > 0 && { edges: floats(body.edges) }),
      ...(body.edgeOf && body.edgeOf.length > 0 && { edgeOf: { type: "u32", data: base64(body.edgeOf) } }),
      maps: (body.maps ?? []).map(({ kind, method, limits, values, patches }) => ({
        kind, method, limits, values: floats(values),
        ...(patches && { patches: { facets: { type: "u32", data: base64(patches.facets) }, corners: { type: "u16", data: base64(Uint16Array.from(patches.corners, (x) => Math.round(x / CORNER_STEP))), low: 0, step: CORNER_STEP } } }),
      })),
    })),
    findings: findings.map((f) => ({ id: f.id, title: f.title, body: f.body, faces: f.faces, ...(f.edges && { edges: f.edges }), points: f.points, standing: standing(f) })),
  };
}

/** `[face, triangles, face, triangles, …]` in order. */
function runs(faceOf: Uint32Array): Uint32Array {
  const out: number[] = [];
  for (const face of faceOf) {
    if (out.length > 0 && out[out.length - 2] === face) out[out.length - 1]++;
    else out.push(face, 1);
  }
  return Uint32Array.from(out);
}

const floats = (values: Float32Array | Float64Array): PageArray => ({ type: "f32", data: base64(Float32Array.from(values)) });

function quantised(values: Float32Array | Float64Array): PageArray {
  let low = Infinity, high = -Infinity;
  for (const x of values) { if (x < low) low = x; if (x > high) high = x; }
  const step = (high - low) / 65535 || 1;
  return { type: "u16", data: base64(Uint16Array.from(values, (x) => Math.round((x - low) / step))), low, step };
}

/** Base64 of an array's bytes, little-endian as on every platform that runs this. */
export function base64(array: ArrayBufferView): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  // Pieces, because a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x6000) text += btoa(String.fromCharCode(...bytes.subarray(i, i + 0x6000)));
  return text;
}
