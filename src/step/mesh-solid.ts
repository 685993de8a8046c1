import { worstDeviationMm } from "../part/mesh-measures.ts";
import { fail, ok, type Result } from "../result.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import type { ExactSolid } from "./exact-solid.ts";
import { bodyFromBrep } from "./occt/body-from-brep.ts";
import { tablesOf } from "./occt/measure-solid.ts";

/** A closed triangle mesh, mm. */
export interface ClosedMesh {
  /** `[v*3]` xyz. */
  readonly positions: Float64Array;
  /** `[t*3]`, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
  /** Measured largest distance from the exact surface, mm. */
  readonly deviationMm: number;
}

/** Meshes a solid (or several in one handle) watertight. The solid keeps the triangles. */
export function meshSolid(kernel: ExactKernel, solid: ExactSolid, deflectionMm: number, angleDeg: number): Result<ClosedMesh> {
  using mesher = new kernel.BRepMesh_IncrementalMesh(solid.shape, deflectionMm, false, (angleDeg * Math.PI) / 180, false);
  if (!mesher.IsDone()) return fail("OUTPUT_FAILED", "A mold body cannot be meshed.");
  const { facets, closed } = bodyFromBrep(tablesOf(kernel, solid.shape));
  if (!closed) return fail("OUTPUT_FAILED", "The mesh of a mold body is not closed.");
  const positions = new Float64Array(facets.weldedCount * 3);
  facets.weld.forEach((w, v) => { for (let k = 0; k < 3; k++) positions[w * 3 + k] = facets.positions[v * 3 + k]; });
  const indices: number[] = [];
  for (let t = 0; t < facets.indices.length; t += 3) {
    const [a, b, c] = [facets.weld[facets.indices[t]], facets.weld[facets.indices[t + 1]], facets.weld[facets.indices[t + 2]]];
    if (a !== b && b !== c && c !== a) indices.push(a, b, c);
  }
  return ok({ positions, indices: Uint32Array.from(indices), deviationMm: worstDeviationMm(facets) });
}
