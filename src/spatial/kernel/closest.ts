/** Closest point of the mesh to a point. */
import { LEAF, TRIANGLE, arena, centreX, centreY, centreZ, checkBatch, keys, root, stack, triangleCount } from "./layout";
import { dot, nearestChild, smallestLane } from "./traverse";
import { leafDistance2, nearestOnTriangle, nearestX, nearestY, nearestZ } from "./triangle";

/** Squared distances from a point to a node's four boxes. */
@inline export function boxDistance2(node: usize, px: v128, py: v128, pz: v128): v128 {
  const zero = f32x4.splat(0);
  const dx = f32x4.pmax(f32x4.pmax(f32x4.sub(v128.load(node), px), f32x4.sub(px, v128.load(node, 16))), zero);
  const dy = f32x4.pmax(f32x4.pmax(f32x4.sub(v128.load(node, 32), py), f32x4.sub(py, v128.load(node, 48))), zero);
  const dz = f32x4.pmax(f32x4.pmax(f32x4.sub(v128.load(node, 64), pz), f32x4.sub(pz, v128.load(node, 80))), zero);
  return dot(dx, dy, dz, dx, dy, dz);
}

/**
 * The triangle nearest to a point and nearer than √max2, or −1. Coordinates from the box's centre.
 * Exported so that it stays a function of its own: inlined into the batch loop it would run unoptimised until the
 * first batch ends.
 */
export function closestTriangle(x: f32, y: f32, z: f32, max2: f32, exclude: i32): i32 {
  if (triangleCount == 0) return -1;
  const px = f32x4.splat(x), py = f32x4.splat(y), pz = f32x4.splat(z), excluded = i32x4.splat(exclude);
  const base = arena, bottom = stack;
  let sp = bottom, current = root, best2 = max2, triangle = -1;
  while (true) {
    if (!(current & LEAF)) {
      const node = base + <usize>current;
      const d2 = boxDistance2(node, px, py, pz);
      const mask = i32x4.bitmask(f32x4.lt(d2, f32x4.splat(best2)));
      if (mask) {
        current = nearestChild(node, d2, mask, sp);
        sp += <usize>(popcnt(mask) - 1) << 3;
        continue;
      }
    } else {
      const leaf = base + <usize>(current & ~LEAF);
      const d2 = leafDistance2(leaf, px, py, pz, f32x4.splat(best2), excluded);
      if (v128.any_true(f32x4.lt(d2, f32x4.splat(best2)))) {
        const lane = smallestLane(d2) << 2;
        v128.store(keys, d2);
        best2 = load<f32>(keys + lane);
        triangle = load<i32>(leaf + lane, TRIANGLE);
      }
    }
    while (true) {
      if (sp == bottom) return triangle;
      sp -= 8;
      if (load<f32>(sp, 4) < best2) { current = load<u32>(sp); break; }
    }
  }
}

/**
 * One query after another.
 * @param points f64 × 3, part frame
 * @param limits f64, largest distance looked at
 * @param exclude i32, a face not to be seen, or −1
 * @param out distance f64 (+∞ when nothing is near enough) and nearest point f64 × 3
 * @param triangles i32, −1 when nothing is near enough
 */
export function closest(n: i32, points: usize, limits: usize, exclude: usize, out: usize, triangles: usize): void {
  checkBatch(n);
  for (let i: usize = 0; i < <usize>n; i++) {
    const p = points + i * 24, o = out + i * 32;
    const x = load<f64>(p) - centreX, y = load<f64>(p, 8) - centreY, z = load<f64>(p, 16) - centreZ;
    const limit = load<f64>(limits + i * 8);
    // A little further in f32, so that rounding hides nothing that is just within the limit.
    const limit32 = limit < 1e18 ? <f32>(limit * 1.000001 + 1e-30) : <f32>1e18;
    const triangle = closestTriangle(<f32>x, <f32>y, <f32>z, limit32 * limit32, load<i32>(exclude + i * 4));
    let distance = f64.POSITIVE_INFINITY;
    if (triangle >= 0) {
      nearestOnTriangle(triangle, x, y, z);
      const dx = x - nearestX, dy = y - nearestY, dz = z - nearestZ;
      distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
    const found = distance <= limit && triangle >= 0;
    store<f64>(o, found ? distance : f64.POSITIVE_INFINITY);
    store<f64>(o, found ? nearestX + centreX : f64.NaN, 8);
    store<f64>(o, found ? nearestY + centreY : f64.NaN, 16);
    store<f64>(o, found ? nearestZ + centreZ : f64.NaN, 24);
    store<i32>(triangles + i * 4, found ? triangle : -1);
  }
}
