import type { OcctImport, OcctImportResult } from "occt-import-js";
import { forEmscripten, type KernelSource } from "../kernels.ts";
import { closedVolume, isClosed, weldExact } from "../part/mesh-measures.ts";
import type { Rgb } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import { cross } from "../geometry.ts";
import type { Box, Vec3 } from "../units.ts";

/** The second reader: another build of the kernel behind another interface, facets only. */
export type SecondReader = OcctImport;

/** Formats it reads. */
export type FacetFormat = "step" | "iges" | "brep";

/** Triangles of one body as the second reader sees them, mm. */
export interface FacetBody {
  readonly name: string;
  readonly color?: Rgb;
  /** `[v*3]` welded. */
  readonly positions: Float64Array;
  /** `[t*3]`, outward where the body is closed. */
  readonly indices: Uint32Array;
  /** `[t]` face of each triangle. */
  readonly faceOf: Uint32Array;
  readonly faceColors: readonly (Rgb | undefined)[];
  /** Every edge is used once in each sense and the volume is positive. */
  readonly closed: boolean;
  readonly volumeMm3: number;
  readonly areaMm2: number;
  /** Area of faces whose triangles do not lie in one plane. */
  readonly curvedMm2: number;
  readonly boxMm: Box;
}

/** A node of the assembly tree: its name and the bodies under it. */
export interface AssemblyNode {
  readonly name: string;
  readonly bodies: readonly number[];
  readonly children: readonly AssemblyNode[];
}

/** Instantiates the second reader. A new instance is needed after a trap. */
export async function loadSecondReader(source: KernelSource): Promise<SecondReader> {
  const silent = (): void => {};
  const { default: init } = await import("occt-import-js");
  return init({ ...forEmscripten(await source("occt-import")), print: silent, printErr: silent });
}

/**
 * Reads a file into welded triangles. STEP_PARSE when the reader says no, NO_GEOMETRY when it succeeds with
 * nothing, which it does on wireframes and overflows.
 * @param deflectionMm absolute distance of facets from the surface
 */
export function readFacets(reader: SecondReader, bytes: Uint8Array, format: FacetFormat, deflectionMm: number, angleDeg = 15): Result<{ bodies: FacetBody[]; tree: AssemblyNode }> {
  const options = { linearUnit: "millimeter", linearDeflectionType: "absolute_value", linearDeflection: deflectionMm, angularDeflection: (angleDeg * Math.PI) / 180 } as const;
  const read = format === "step" ? reader.ReadStepFile : format === "iges" ? reader.ReadIgesFile : reader.ReadBrepFile;
  const result = read(bytes, options);
  if (!result.success) return fail("STEP_PARSE", "The second reader could not read it.");
  const bodies = result.meshes.filter((m) => m.index.array.length > 0).map(toBody);
  return bodies.length === 0 ? fail("NO_GEOMETRY") : ok({ bodies, tree: toNode(result.root) });
}

function toBody(mesh: OcctImportResult["meshes"][number]): FacetBody {
  const { positions, indices, kept } = weldExact(Float64Array.from(mesh.attributes.position.array), Uint32Array.from(mesh.index.array));
  const faceOfAll = new Uint32Array(mesh.index.array.length / 3);
  mesh.brep_faces.forEach((face, i) => faceOfAll.fill(i, face.first, face.last + 1));
  const faceOf = Uint32Array.from(kept, (t) => faceOfAll[t]);
  const { volumeMm3, areaMm2, boxMm } = closedVolume(positions, indices);
  return {
    name: mesh.name, ...(mesh.color && { color: mesh.color }), positions, indices, faceOf,
    faceColors: mesh.brep_faces.map((f) => f.color ?? undefined),
    closed: isClosed(indices) && volumeMm3 > 0, volumeMm3, areaMm2, boxMm, curvedMm2: curvedArea(positions, indices, faceOf),
  };
}

/** Triangles turned further than this from another of their face make it curved, radians. */
const TURNED = 1e-6;

function curvedArea(p: Float64Array, indices: Uint32Array, faceOf: Uint32Array): number {
  const faces = new Map<number, { areaMm2: number; normal: Vec3; curved: boolean }>();
  for (let t = 0; t < faceOf.length; t++) {
    const [a, b, c] = [0, 1, 2].map((k): Vec3 => { const v = indices[t * 3 + k] * 3; return [p[v], p[v + 1], p[v + 2]]; });
    const n = cross([b[0] - a[0], b[1] - a[1], b[2] - a[2]], [c[0] - a[0], c[1] - a[1], c[2] - a[2]]), twice = Math.hypot(...n);
    const face = faces.get(faceOf[t]);
    if (!face) faces.set(faceOf[t], { areaMm2: twice / 2, normal: n, curved: false });
    else {
      face.areaMm2 += twice / 2;
      face.curved ||= Math.hypot(...cross(face.normal, n)) > TURNED * Math.hypot(...face.normal) * twice;
    }
  }
  return [...faces.values()].reduce((sum, face) => sum + (face.curved ? face.areaMm2 : 0), 0);
}

function toNode(node: OcctImportResult["root"]): AssemblyNode {
  return { name: node.name, bodies: node.meshes, children: node.children.map(toNode) };
}
