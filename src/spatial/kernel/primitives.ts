/**
 * What the builder sorts. A primitive is 32 B in the room of the queries:
 *   0 min xyz of a triangle's box   12 the triangle's index   16 max xyz   28 nothing
 */
import { indices, io, vertices } from "./layout";

/** Added to a triangle's index in a primitive: an index read as f32 would be denormal, and those are slow. */
const INDEX_BIAS: u32 = 0x3f800000;

@inline export function primitive(i: u32): usize {
  return io + (<usize>i << 5);
}

@inline export function storePrimitive(i: u32, lo: v128, hi: v128): void {
  const p = primitive(i);
  v128.store(p, i32x4.replace_lane(lo, 3, i + INDEX_BIAS));
  v128.store(p, hi, 16);
}

/** The triangle of a primitive. */
@inline export function triangleOf(i: u32): u32 {
  return load<u32>(primitive(i), 12) - INDEX_BIAS;
}

/** Address of corner `k` of a triangle. */
@inline export function corner(triangle: u32, k: usize): usize {
  return vertices + <usize>load<u32>(indices + <usize>triangle * 12 + (k << 2)) * 24;
}
