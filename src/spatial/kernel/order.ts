/**
 * In which order a ray meets the children of a node: settled for each octant of directions when the tree is built, so that rays need
 * not sort. Each lane has a rank, 0 for the one met last; the four ranks together have a number, one of 24.
 */
import { INF, ORDER, orders } from "./layout";

@inline function orderNumber(rank0: i32, rank1: i32, rank2: i32, rank3: i32): i32 {
  return rank0 * 6 + (rank1 - <i32>(rank1 > rank0)) * 2 + <i32>(rank2 > rank3);
}

/** Fills the table of shuffles: for each order and set of lanes those of the set, in that order, come first. */
export function fillOrders(): void {
  for (let rank0 = 0; rank0 < 4; rank0++) for (let rank1 = 0; rank1 < 4; rank1++) for (let rank2 = 0; rank2 < 4; rank2++) {
    if (rank0 == rank1 || rank1 == rank2 || rank0 == rank2) continue;
    const rank3 = 6 - rank0 - rank1 - rank2, row = orders + (<usize>orderNumber(rank0, rank1, rank2, rank3) << 8);
    for (let lanes = 0; lanes < 16; lanes++) {
      let at = row + (<usize>lanes << 4);
      for (let rank = 0; rank < 4; rank++) {
        const lane = rank0 == rank ? 0 : rank1 == rank ? 1 : rank2 == rank ? 2 : 3;
        if (!((lanes >> lane) & 1)) continue;
        store<u32>(at, lane * 0x04040404 + 0x03020100);
        at += 4;
      }
    }
  }
}

/** Settles the orders of a node whose boxes are in place: by where rays along the octant's middle come to each box. */
export function orderChildren(node: usize): void {
  const unused = f32x4.eq(v128.load(node), f32x4.splat(INF));
  for (let octant: usize = 0; octant < 8; octant++) {
    const x = turned(node, octant & 1), y = turned(node + 32, (octant >> 1) & 1), z = turned(node + 64, octant >> 2);
    const key = v128.bitselect(f32x4.splat(-INF), f32x4.add(f32x4.add(x, y), z), unused);
    const next = isLater(v128.shuffle<f32>(key, key, 1, 2, 3, 0), key, i32x4(-1, -1, -1, 0));
    const opposite = isLater(v128.shuffle<f32>(key, key, 2, 3, 0, 1), key, i32x4(-1, -1, 0, 0));
    const previous = isLater(v128.shuffle<f32>(key, key, 3, 0, 1, 2), key, i32x4(-1, 0, 0, 0));
    const ranks = i32x4.neg(i32x4.add(i32x4.add(next, opposite), previous));
    store<u8>(node + octant, orderNumber(i32x4.extract_lane(ranks, 0), i32x4.extract_lane(ranks, 1), i32x4.extract_lane(ranks, 2), i32x4.extract_lane(ranks, 3)), ORDER);
  }
}

/** −1 in each lane whose other is met later; of two met together that is the one with the higher number, as `higher` has it. */
@inline function isLater(other: v128, key: v128, higher: v128): v128 {
  return v128.or(f32x4.gt(other, key), v128.and(f32x4.eq(other, key), higher));
}

/** The bounds of an axis that a ray meets first, as far as it has come to them. */
@inline function turned(row: usize, backwards: usize): v128 {
  const bounds = v128.load(row + (backwards << 4));
  return backwards ? f32x4.neg(bounds) : bounds;
}
