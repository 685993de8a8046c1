import type { OcctImport, OcctImportResult } from "occt-import-js";
import type { KernelSource } from "../kernels.ts";
import { closedVolume, isClosed, weldExact } from "../part/mesh-measures.ts";
import type { Rgb } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Box } from "../units.ts";

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
  return init({ wasmBinary: await source("occt-import"), print: silent, printErr: silent });
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
    closed: isClosed(indices) && volumeMm3 > 0, volumeMm3, areaMm2, boxMm,
  };
}

function toNode(node: OcctImportResult["root"]): AssemblyNode {
  return { name: node.name, bodies: node.meshes, children: node.children.map(toNode) };
}
