import type { Bvh } from "./bvh.ts";
import type { Points } from "./queries.ts";
import { crossings } from "./crossings.ts";

/** Directions that no drawing uses, so that a ray seldom runs along a face or through an edge. */
const DIRECTIONS = [
  [0.5377, 0.3129, 0.7829], [-0.6421, 0.7351, 0.2173], [0.2741, -0.8467, -0.4559],
  [-0.3917, -0.1873, 0.9009], [0.8623, 0.1411, -0.4863],
].map((d) => Float64Array.from(d));

/** Where a point is: 1 inside the body, 0 outside, −1 not decided (on the surface, or the surface is not closed). */
export type Side = 1 | 0 | -1;

/**
 * Tells inside from outside by counting crossings to infinity; a point whose ray grazes is asked again in another
 * direction. Points within `bvh.errorMm` of the surface are not decided.
 * @param points `[n*3]` mm, part frame
 * @returns `[n]` of {@link Side}
 */
export function inside(bvh: Bvh, points: Points): Int8Array {
  const n = points.length / 3, sides = new Int8Array(n).fill(-1);
  const near = bvh.closest(points, { maxDistancesMm: bvh.errorMm });
  let open = Array.from({ length: n }, (_, i) => i).filter((i) => near.triangles[i] < 0);
  for (const direction of DIRECTIONS) {
    if (open.length === 0) break;
    const origins = Float64Array.from({ length: open.length * 3 }, (_, k) => points[open[Math.floor(k / 3)] * 3 + (k % 3)]);
    const { entering, leaving, certain } = crossings(bvh, origins, direction);
    open = open.filter((i, k) => {
      const depth = leaving[k] - entering[k];
      if (!certain[k] || (depth !== 0 && depth !== 1)) return true;
      sides[i] = depth;
      return false;
    });
  }
  return sides;
}
