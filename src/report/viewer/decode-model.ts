import { crossoverFlags, type FaceRun } from "../maps/draft-classes.ts";
import { DRAFT_DEG, makeScale, rangeOf, VERTICAL_DEG, type Scale } from "../maps/scale.ts";
import type { MapKind } from "../maps/surface-maps.ts";
import type { PageArray, PageModel } from "../formats/page-model.ts";
import type { DrawnBody, Painted } from "./part-object.ts";

type ModelBody = PageModel["bodies"][number];

/** One body of the page, its arrays decoded. */
export interface PageDrawn extends DrawnBody {
  readonly originMm: ModelBody["originMm"];
  /** `[face]`. */
  readonly faces: readonly FaceRun[];
  /** `[t]` face of each triangle. */
  readonly faceOf: Uint32Array;
  /** `[s]` edge of each segment. */
  readonly edgeOf: ArrayLike<number>;
  readonly maps: ReadonlyMap<MapKind, Painted>;
}

/** A map of the page: its scale over all bodies, and how it was measured. */
export interface PageScale {
  readonly scale: Scale;
  readonly method: string;
}

/** Decodes a body. */
export function decodeBody(body: ModelBody): PageDrawn {
  const positions = numbers(body.positions), raw = decode(body.indices), indices = raw instanceof Uint16Array || raw instanceof Uint32Array ? raw : Uint32Array.from(raw);
  const faceOf = new Uint32Array(indices.length / 3), faces: FaceRun[] = [], runs = decode(body.faceOf);
  for (let i = 0, start = 0; i < runs.length; start += runs[i + 1], i += 2) {
    faces[runs[i]] = { start, count: runs[i + 1] };
    faceOf.fill(runs[i], start, start + runs[i + 1]);
  }
  const edgePositions = body.edges ? numbers(body.edges) : new Float32Array(0);
  return {
    id: body.id, originMm: body.originMm, positions, normals: numbers(body.normals), indices, faceOf, faces,
    edgePositions, sharpSegments: edgePositions.length / 6, edgeOf: body.edgeOf ? decode(body.edgeOf) : [],
    maps: new Map(body.maps.map((map) => [map.kind, paintedOf(map, faces, indices)])),
  };
}

function paintedOf({ kind, limits, values: stored, patches }: ModelBody["maps"][number], faces: readonly FaceRun[], indices: ArrayLike<number>): Painted {
  const values = numbers(stored);
  return {
    values,
    ...(kind === "draft" && { flags: crossoverFlags(faces.filter(Boolean), indices, values, limits.min ?? DRAFT_DEG, VERTICAL_DEG) }),
    ...(patches && { patches: { facets: Uint32Array.from(decode(patches.facets)), corners: numbers(patches.corners) } }),
  };
}

/** The maps that the bodies have, each with one scale over all of them. */
export function pageScales(model: PageModel, bodies: readonly PageDrawn[]): ReadonlyMap<MapKind, PageScale> {
  const out = new Map<MapKind, PageScale>();
  for (const { kind, method, limits } of model.bodies.flatMap((body) => body.maps)) {
    if (out.has(kind)) continue;
    const ends = bodies.flatMap(({ maps }) => rangeOf(maps.get(kind)?.values ?? new Float32Array(0)) ?? []);
    out.set(kind, { method, scale: makeScale(kind, "banded", limits, ends.length > 0 ? [Math.min(...ends), Math.max(...ends)] : [0, 1]) });
  }
  return out;
}

const TYPES = { f32: Float32Array, u32: Uint32Array, u16: Uint16Array, i16: Int16Array };

function decode({ type, data }: PageArray): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer> {
  const text = atob(data), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new TYPES[type](bytes.buffer);
}

function numbers(array: PageArray): Float32Array<ArrayBuffer> {
  const raw = decode(array), { low = 0, step = 1 } = array;
  if (raw instanceof Float32Array && low === 0 && step === 1) return raw;
  return Float32Array.from(raw, (x) => low + x * step);
}
