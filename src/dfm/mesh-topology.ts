import { norm } from "../geometry.ts";
import type { Facets } from "../part/part.ts";

/** What does not depend on a direction: areas and normals of facets, and the welded edges between them. */
export interface MeshTopology {
  /** `[t]` mm². */
  readonly areaMm2: Float64Array;
  /** `[t*3]` unit normals of the triangles themselves; 0 on a triangle without area. */
  readonly normals: Float64Array;
  /** `[e*2]` the two vertices of each welded edge, as vertex indices of its first triangle. */
  readonly ends: Uint32Array;
  /** `[e*2]` the two triangles along it; equal where the mesh is open. */
  readonly sides: Int32Array;
  /** `[e*4]` corners of its first and of its second triangle, as 3·t + k, at either end. */
  readonly corners: Int32Array;
  /** `[t*3]` welded edge from corner k to corner k+1. */
  readonly edgeOf: Int32Array;
  /** `[e]` height of the second triangle's far corner over the first triangle's plane, mm: negative where the edge is convex. */
  readonly rise: Float64Array;
}

const known = new WeakMap<Facets, MeshTopology>();

/** The topology of a mesh, computed once for each mesh. */
export function meshTopology(facets: Facets): MeshTopology {
  let topology = known.get(facets);
  if (!topology) known.set(facets, (topology = build(facets)));
  return topology;
}

function build({ positions: p, indices, weld, weldedCount }: Facets): MeshTopology {
  const count = indices.length / 3;
  const areaMm2 = new Float64Array(count), normals = new Float64Array(count * 3), edgeOf = new Int32Array(count * 3);
  const ends: number[] = [], sides: number[] = [], corners: number[] = [], byKey = new Map<number, number>();
  for (let t = 0; t < count; t++) {
    const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2], vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx, length = norm(x, y, z);
    areaMm2[t] = length / 2;
    if (length > 0) { normals[t * 3] = x / length; normals[t * 3 + 1] = y / length; normals[t * 3 + 2] = z / length; }
    for (let k = 0; k < 3; k++) {
      const i = indices[t * 3 + k], j = indices[t * 3 + ((k + 1) % 3)], wi = weld[i], wj = weld[j];
      const key = wi < wj ? wi * weldedCount + wj : wj * weldedCount + wi, e = byKey.get(key);
      const from = t * 3 + k, to = t * 3 + ((k + 1) % 3);
      if (e !== undefined && sides[e * 2 + 1] === sides[e * 2]) {
        sides[e * 2 + 1] = t; edgeOf[from] = e;
        const isSame = weld[ends[e * 2]] === wi;
        corners[e * 4 + 2] = isSame ? from : to; corners[e * 4 + 3] = isSame ? to : from;
        continue;
      }
      byKey.set(key, sides.length / 2);
      edgeOf[from] = sides.length / 2;
      ends.push(i, j); sides.push(t, t); corners.push(from, to, from, to);
    }
  }
  const rise = new Float64Array(sides.length / 2);
  for (let e = 0; e < rise.length; e++) rise[e] = riseOver(p, indices, normals, weld, ends[e * 2], ends[e * 2 + 1], sides[e * 2], sides[e * 2 + 1]);
  return { areaMm2, normals, ends: Uint32Array.from(ends), sides: Int32Array.from(sides), corners: Int32Array.from(corners), edgeOf, rise };
}

function riseOver(p: Float64Array, indices: Uint32Array, normals: Float64Array, weld: Uint32Array, i: number, j: number, s: number, t: number): number {
  let far = -1;
  for (let k = 0; k < 3; k++) { const v = indices[t * 3 + k]; if (weld[v] !== weld[i] && weld[v] !== weld[j]) far = v; }
  if (far < 0) return 0;
  let sum = 0;
  for (let k = 0; k < 3; k++) sum += normals[s * 3 + k] * (p[far * 3 + k] - p[i * 3 + k]);
  return sum;
}
