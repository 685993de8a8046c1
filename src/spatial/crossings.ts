import type { Bvh } from "./bvh.ts";
import type { Points, RayOptions } from "./queries.ts";

/** How often each ray passes through the surface. */
export interface Crossings {
  /** `[n]` times the ray enters the body. */
  readonly entering: Int32Array;
  /** `[n]` times it leaves. */
  readonly leaving: Int32Array;
  /** `[n]` 1 when every crossing is clear: none grazes, and they alternate as through a closed surface; else 0. */
  readonly certain: Uint8Array;
}

/**
 * Counts the crossings of rays with a closed surface. A ray that meets an edge meets both its triangles; hits of one
 * facing that lie together are one crossing.
 * @param origins `[n*3]` mm, part frame
 * @param directions `[n*3]` or one `[3]`
 */
export function crossings(bvh: Bvh, origins: Points, directions: Points, options: RayOptions = {}): Crossings {
  const hits = bvh.allHits(origins, directions, options), n = hits.ends.length;
  const entering = new Int32Array(n), leaving = new Int32Array(n), certain = new Uint8Array(n);
  for (let i = 0, first = 0; i < n; first = hits.ends[i++]) {
    let previous = 0, at = -Infinity, clear = true;
    for (let h = first; h < hits.ends[i]; h++) {
      const facing = hits.facings[h], together = hits.distances[h] - at <= 4 * bvh.errorMm;
      if (facing === previous && together) continue;
      // A graze: in a plane, out and in at one place, or twice the same way through a closed surface.
      if (facing === 0 || facing === previous || together) clear = false;
      if (facing > 0) leaving[i]++;
      if (facing < 0) entering[i]++;
      previous = facing;
      at = hits.distances[h];
    }
    certain[i] = clear ? 1 : 0;
  }
  return { entering, leaving, certain };
}
