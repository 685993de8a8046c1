import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";

/** Where the part grows from, and by how much along each axis. */
export interface Growth {
  readonly osf: Vec3;
  readonly originMm: Vec3;
}

/** A point of the sintered part in the mold. */
export const grow = ({ osf, originMm: o }: Growth, p: Vec3): Vec3 => [o[0] + osf[0] * (p[0] - o[0]), o[1] + osf[1] * (p[1] - o[1]), o[2] + osf[2] * (p[2] - o[2])];

/** A point of the mold on the sintered part. */
export const shrink = ({ osf, originMm: o }: Growth, p: Vec3): Vec3 => [o[0] + (p[0] - o[0]) / osf[0], o[1] + (p[1] - o[1]) / osf[1], o[2] + (p[2] - o[2]) / osf[2]];

/** Triangles of the oversized bodies together, mold coordinates. */
export interface OversizedFacets {
  /** `[v*3]` xyz, mm. */
  readonly positions: Float64Array;
  /** `[v*3]` outward unit normals. */
  readonly normals: Float64Array;
  /** `[t*3]`. */
  readonly indices: Uint32Array;
  /** `[t]` face index, counted on from body to body. */
  readonly faceOf: Uint32Array;
  /** `[v]` welded vertex, counted on from body to body. */
  readonly weld: Uint32Array;
  readonly weldedCount: number;
  /** Largest distance of a facet from its surface, mm. */
  readonly deviationMm: number;
}

/** Enlarges the facets of some bodies; normals turn with the inverse factors. */
export function oversizedFacets(bodies: readonly Body[], growth: Growth): OversizedFacets {
  const sum = (of: (b: Body) => number): number => bodies.reduce((n, b) => n + of(b), 0);
  const positions = new Float64Array(sum((b) => b.facets.positions.length)), normals = new Float64Array(positions.length);
  const indices = new Uint32Array(sum((b) => b.facets.indices.length)), faceOf = new Uint32Array(indices.length / 3);
  const weld = new Uint32Array(positions.length / 3);
  let vertex = 0, triangle = 0, face = 0, welded = 0, deviation = 0;
  for (const { facets, faces } of bodies) {
    enlarge(facets.positions, facets.normals, growth, positions.subarray(vertex * 3), normals.subarray(vertex * 3));
    facets.indices.forEach((v, i) => { indices[triangle * 3 + i] = v + vertex; });
    facets.faceOf.forEach((f, i) => { faceOf[triangle + i] = f + face; });
    facets.weld.forEach((w, i) => { weld[vertex + i] = w + welded; });
    for (const d of facets.deviationMm) deviation = Math.max(deviation, d);
    vertex += facets.positions.length / 3;
    triangle += facets.faceOf.length;
    face += faces.length;
    welded += facets.weldedCount;
  }
  return { positions, normals, indices, faceOf, weld, weldedCount: welded, deviationMm: deviation * Math.max(...growth.osf) };
}

function enlarge(from: Float64Array, fromNormals: Float64Array, growth: Growth, to: Float64Array, toNormals: Float64Array): void {
  const { osf, originMm: o } = growth;
  for (let i = 0; i < from.length; i += 3) {
    const nx = fromNormals[i] / osf[0], ny = fromNormals[i + 1] / osf[1], nz = fromNormals[i + 2] / osf[2], length = Math.hypot(nx, ny, nz) || 1;
    toNormals[i] = nx / length; toNormals[i + 1] = ny / length; toNormals[i + 2] = nz / length;
    for (let k = 0; k < 3; k++) to[i + k] = o[k] + osf[k] * (from[i + k] - o[k]);
  }
}
