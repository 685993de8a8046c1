/**
 * In which order a ray meets the children of a node: settled for each octant of directions when the tree is built, so that rays need
 * not sort. The four lanes have 24 orders; order a, b, c, d (a is met last) has the number 6 a + 2 (b's place among the other three) + (c > d).
 */
import { ORDER, keys, orders } from "./layout";

/** Fills the table of shuffles: for each order and set of lanes those of the set, in that order, come first. */
export function fillOrders(): void {
  for (let a = 0; a < 4; a++) for (let b = 0; b < 4; b++) for (let c = 0; c < 4; c++) {
    if (a == b || b == c || a == c) continue;
    const d = 6 - a - b - c, row = orders + (<usize>orderNumber(a, b, c, d) << 8);
    for (let lanes = 0; lanes < 16; lanes++) {
      let at = row + (<usize>lanes << 4);
      at = putLane(at, lanes, a);
      at = putLane(at, lanes, b);
      at = putLane(at, lanes, c);
      putLane(at, lanes, d);
    }
  }
}

function putLane(at: usize, lanes: i32, lane: i32): usize {
  if (!((lanes >> lane) & 1)) return at;
  store<u32>(at, lane * 0x04040404 + 0x03020100);
  return at + 4;
}

function orderNumber(a: i32, b: i32, c: i32, d: i32): i32 {
  return a * 6 + (b - <i32>(b > a)) * 2 + <i32>(c > d);
}

/** Settles the orders of a node whose boxes are in place: by where rays along the octant's middle come to each box. */
export function orderChildren(node: usize): void {
  for (let octant: usize = 0; octant < 8; octant++) {
    const x = v128.load(node + ((octant & 1) << 4)), y = v128.load(node + ((octant & 2) << 3), 32), z = v128.load(node + ((octant & 4) << 2), 64);
    const one = f32x4.splat(1), minus = f32x4.splat(-1);
    const key = f32x4.add(f32x4.add(f32x4.mul(x, octant & 1 ? minus : one), f32x4.mul(y, octant & 2 ? minus : one)), f32x4.mul(z, octant & 4 ? minus : one));
    v128.store(keys, key);
    let a = 0, b = 1, c = 2, d = 3, t = 0;
    if (isNearer(a, b)) { t = a; a = b; b = t; }
    if (isNearer(c, d)) { t = c; c = d; d = t; }
    if (isNearer(a, c)) { t = a; a = c; c = t; }
    if (isNearer(b, d)) { t = b; b = d; d = t; }
    if (isNearer(b, c)) { t = b; b = c; c = t; }
    store<u8>(node + octant, orderNumber(a, b, c, d), ORDER);
  }
}

@inline function isNearer(i: i32, j: i32): bool {
  return load<f32>(keys + (<usize>i << 2)) < load<f32>(keys + (<usize>j << 2));
}
