import type { Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { draftOf } from "./draft-range.ts";
import { pointAt, unit } from "./vec3.ts";

/** Signed draft at every vertex, `[v]` degrees, for display; from the vertices' exact normals. */
export function draftMap(facets: Facets, direction: Vec3): Float32Array {
  const d = unit(direction);
  return Float32Array.from({ length: facets.normals.length / 3 }, (_, i) => draftOf(pointAt(facets.normals, i), d));
}
