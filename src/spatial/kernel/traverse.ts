/** What the three traversals share. */
import { CHILDREN, keys } from "./layout";

/** A waiting element: distance above, reference below, so that comparing keys compares distances (never negative). */
@inline function key(lane: usize, children: usize): u64 {
  return (<u64>load<u32>(keys + lane) << 32) | <u64>load<u32>(children + lane);
}

@inline function nextLane(mask: i32): usize {
  return <usize>ctz(mask) << 2;
}

/**
 * Chooses the nearest of a node's entered children and puts the others on the stack at `sp`, farthest first.
 * The caller then moves its stack pointer by 8 × (popcnt(mask) − 1).
 * @param node address of the node
 * @param distances one for each lane, not negative
 * @param mask lanes entered; not empty
 */
@inline export function nearestChild(node: usize, distances: v128, mask: i32, sp: usize): u32 {
  const children = node + CHILDREN;
  let m = mask;
  const lane0 = nextLane(m);
  m &= m - 1;
  if (!m) return load<u32>(children + lane0);
  v128.store(keys, distances);
  const k0 = key(lane0, children), k1 = key(nextLane(m), children);
  const lo = min(k0, k1), hi = max(k0, k1);
  m &= m - 1;
  if (!m) {
    store<u64>(sp, hi);
    return <u32>lo;
  }
  const k2 = key(nextLane(m), children);
  m &= m - 1;
  if (!m) {
    const near = min(hi, k2);
    store<u64>(sp, max(hi, k2));
    store<u64>(sp, max(lo, near), 8);
    return <u32>min(lo, near);
  }
  const k3 = key(nextLane(m), children);
  const lo2 = min(k2, k3), hi2 = max(k2, k3);
  const inner = max(lo, lo2), outer = min(hi, hi2);
  store<u64>(sp, max(hi, hi2));
  store<u64>(sp, max(inner, outer), 8);
  store<u64>(sp, min(inner, outer), 16);
  return <u32>min(lo, lo2);
}

@inline export function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.mul(ax, bx), f32x4.mul(ay, by)), f32x4.mul(az, bz));
}

/** Lane of the smallest of four numbers; NaN lanes lose. */
@inline export function smallestLane(v: v128): usize {
  let h = f32x4.pmin(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  h = f32x4.pmin(h, v128.shuffle<f32>(h, h, 1, 0, 3, 2));
  return <usize>ctz(i32x4.bitmask(f32x4.eq(v, h)));
}
