/** All triangles near a point. */
import { LEAF, TRIANGLE, arena, centreX, centreY, centreZ, checkBatch, root, stack, triangleCount } from "./layout";
import { boxDistance2 } from "./closest";
import { nearestChild } from "./traverse";
import { leafDistance2 } from "./triangle";

let list: usize = 0;
let listCapacity: i32 = 0;
let listLength: i32 = 0;

/** Adds the triangles nearer than √max2 to the list; counts on where it is full. */
export function collectWithin(x: f32, y: f32, z: f32, max2: f32, exclude: i32): void {
  if (triangleCount == 0) return;
  const px = f32x4.splat(x), py = f32x4.splat(y), pz = f32x4.splat(z), limit = f32x4.splat(max2), excluded = i32x4.splat(exclude);
  const base = arena, bottom = stack;
  let sp = bottom, current = root;
  while (true) {
    if (!(current & LEAF)) {
      const node = base + <usize>current;
      const d2 = boxDistance2(node, px, py, pz);
      const mask = i32x4.bitmask(f32x4.lt(d2, limit));
      if (mask) {
        current = nearestChild(node, d2, mask, sp);
        sp += <usize>(popcnt(mask) - 1) << 3;
        continue;
      }
    } else {
      const leaf = base + <usize>(current & ~LEAF);
      const d2 = leafDistance2(leaf, px, py, pz, limit, excluded);
      let mask = i32x4.bitmask(f32x4.lt(d2, limit)), last = -1;
      while (mask) {
        const triangle = load<i32>(leaf + (<usize>ctz(mask) << 2), TRIANGLE);
        mask &= mask - 1;
        if (triangle == last) continue; // unused lanes repeat the last triangle
        last = triangle;
        if (listLength < listCapacity) store<i32>(list + (<usize>listLength << 2), triangle);
        listLength++;
      }
    }
    if (sp == bottom) return;
    sp -= 8;
    current = load<u32>(sp);
  }
}

/**
 * One query after another; returns how many triangles were found, which may be more than were written.
 * @param points f64 × 3, part frame
 * @param radii f64
 * @param exclude i32, a face not to be seen, or −1
 * @param ends i32, where each query's triangles end in the list
 * @param out i32, triangles
 */
export function within(n: i32, points: usize, radii: usize, exclude: usize, ends: usize, out: usize, capacity: i32): i32 {
  checkBatch(n);
  list = out; listCapacity = capacity; listLength = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const p = points + i * 24, radius = <f32>(load<f64>(radii + i * 8) * 1.000001 + 1e-30);
    collectWithin(<f32>(load<f64>(p) - centreX), <f32>(load<f64>(p, 8) - centreY), <f32>(load<f64>(p, 16) - centreZ), radius * radius, load<i32>(exclude + i * 4));
    store<i32>(ends + i * 4, listLength);
  }
  return listLength;
}
