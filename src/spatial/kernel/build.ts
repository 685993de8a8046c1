/**
 * Plans the tree: binned surface-area splits in two, down to four triangles. `collapse.ts` makes the nodes of it.
 *
 * A range of primitives is 80 B:
 *   0 first, 4 end (u32)   8 half area (f32)   16 min   32 max   48 min of centroids × 2   64 max of centroids × 2
 */
import { beginPlan, collapse, planLeaf, planSplit } from "./collapse";
import { BINS, INF, MAX_SAH_DEPTH, RANGE_BYTES, bins, io, keys, ranges, reach, triangleCount } from "./layout";
import { corner, primitive, storePrimitive } from "./primitives";

/** Builds the tree over vertices and indices already in place. */
export function build(): void {
  if (triangleCount == 0) return;
  fillPrimitives(ranges);
  beginPlan();
  collapse(plan(ranges, 0));
}

@inline function halfArea(lo: v128, hi: v128): f32 {
  const d = f32x4.sub(hi, lo);
  const m = f32x4.mul(d, v128.shuffle<f32>(d, d, 1, 2, 0, 3));
  return f32x4.extract_lane(m, 0) + f32x4.extract_lane(m, 1) + f32x4.extract_lane(m, 2);
}

@inline function corner32(at: usize): v128 {
  return f32x4(<f32>load<f64>(at), <f32>load<f64>(at, 8), <f32>load<f64>(at, 16), 1);
}

function fillPrimitives(range: usize): void {
  let lo = f32x4.splat(INF), hi = f32x4.splat(-INF), cLo = lo, cHi = hi;
  // Eight roundings outwards: for the corners, which leaves round on their own, and for the ray's slab test.
  const slack = f32x4.splat(<f32>(reach * 4.8e-7));
  for (let i = 0; i < triangleCount; i++) {
    const a = corner32(corner(i, 0)), b = corner32(corner(i, 1)), c = corner32(corner(i, 2));
    const mn = f32x4.sub(f32x4.pmin(a, f32x4.pmin(b, c)), slack);
    const mx = f32x4.add(f32x4.pmax(a, f32x4.pmax(b, c)), slack);
    storePrimitive(i, mn, mx);
    lo = f32x4.pmin(lo, mn); hi = f32x4.pmax(hi, mx);
    const centroid = f32x4.add(mn, mx);
    cLo = f32x4.pmin(cLo, centroid); cHi = f32x4.pmax(cHi, centroid);
  }
  storeRange(range, 0, triangleCount, lo, hi, cLo, cHi);
}

@inline function storeRange(at: usize, first: u32, end: u32, lo: v128, hi: v128, cLo: v128, cHi: v128): void {
  store<u32>(at, first);
  store<u32>(at, end, 4);
  store<f32>(at, halfArea(lo, hi), 8);
  v128.store(at, lo, 16); v128.store(at, hi, 32);
  v128.store(at, cLo, 48); v128.store(at, cHi, 64);
}

@inline function count(range: usize): u32 {
  return load<u32>(range, 4) - load<u32>(range);
}

/** Plans a range and all below it. Ranges behind `range` are scratch. */
function plan(range: usize, depth: i32): usize {
  if (count(range) <= 4) return planLeaf(range);
  const right = range + RANGE_BYTES, left = right + RANGE_BYTES;
  split(range, left, right, depth >= MAX_SAH_DEPTH);
  const first = plan(left, depth + 1);
  return planSplit(range, first, plan(right, depth + 1));
}

// ---------- splitting ----------

let splitAxis: i32 = -1;
let splitBin: i32 = 0;

/** Splits range `s` into `left` and `right`. */
function split(s: usize, left: usize, right: usize, byCount: bool): void {
  const first = load<u32>(s), end = load<u32>(s, 4);
  const cLo = v128.load(s, 48), extent = f32x4.sub(v128.load(s, 64), cLo);
  const n = <i32>(end - first), nBins = min(BINS, 4 + (n >> 4));
  const xyz = i32x4(-1, -1, -1, 0);
  const usable = v128.and(f32x4.gt(extent, f32x4.splat(1e-12)), xyz);
  const scale = v128.and(f32x4.div(f32x4.splat(<f32>nBins * 0.99999), extent), usable);
  splitAxis = -1;
  if (!byCount && i32x4.bitmask(usable)) {
    fillBins(first, end, nBins, cLo, scale);
    chooseSplit(nBins, i32x4.bitmask(usable));
  }
  if (splitAxis >= 0) partition(first, end, cLo, scale, left, right);
  else halve(first, end, left, right); // coincident centroids, or too deep
}

@inline function grow(bin: usize, lo: v128, hi: v128): void {
  v128.store(bin, f32x4.pmin(v128.load(bin), lo));
  v128.store(bin, f32x4.pmax(v128.load(bin, 16), hi), 16);
}

@inline function increment(at: usize): void {
  store<i32>(at, load<i32>(at) + 1);
}

/** Bins: boxes of 32 B for 3 × BINS, then their counts, then BINS right-hand costs. */
function fillBins(first: u32, end: u32, nBins: i32, cLo: v128, scale: v128): void {
  const counts = bins + 3 * <usize>BINS * 32;
  for (let axis = 0; axis < 3; axis++) {
    for (let b = 0; b < nBins; b++) {
      const i = <usize>(axis * BINS + b);
      v128.store(bins + i * 32, f32x4.splat(INF));
      v128.store(bins + i * 32, f32x4.splat(-INF), 16);
      store<i32>(counts + i * 4, 0);
    }
  }
  const stop = primitive(end);
  for (let p = primitive(first); p < stop; p += 32) {
    const lo = v128.load(p), hi = v128.load(p, 16);
    const q = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(f32x4.add(lo, hi), cLo), scale));
    const x = <usize>i32x4.extract_lane(q, 0), y = <usize>(i32x4.extract_lane(q, 1) + BINS), z = <usize>(i32x4.extract_lane(q, 2) + 2 * BINS);
    grow(bins + (x << 5), lo, hi); grow(bins + (y << 5), lo, hi); grow(bins + (z << 5), lo, hi);
    increment(counts + (x << 2)); increment(counts + (y << 2)); increment(counts + (z << 2));
  }
}

/** Sets splitAxis and splitBin to the cheapest split: half area × leaves, summed over both sides. */
function chooseSplit(nBins: i32, usable: i32): void {
  const counts = bins + 3 * <usize>BINS * 32, rightCost = counts + 3 * <usize>BINS * 4;
  let best = INF;
  for (let axis = 0; axis < 3; axis++) {
    if (!((usable >> axis) & 1)) continue;
    const box = bins + <usize>(axis * BINS) * 32, tally = counts + <usize>(axis * BINS) * 4;
    let lo = f32x4.splat(INF), hi = f32x4.splat(-INF), n = 0;
    for (let b = nBins - 1; b > 0; b--) {
      const o = box + (<usize>b << 5);
      lo = f32x4.pmin(lo, v128.load(o)); hi = f32x4.pmax(hi, v128.load(o, 16));
      n += load<i32>(tally + (<usize>b << 2));
      store<f32>(rightCost + (<usize>b << 2), n ? halfArea(lo, hi) * <f32>((n + 3) >> 2) : INF);
    }
    lo = f32x4.splat(INF); hi = f32x4.splat(-INF); n = 0;
    for (let b = 1; b < nBins; b++) {
      const o = box + (<usize>(b - 1) << 5);
      lo = f32x4.pmin(lo, v128.load(o)); hi = f32x4.pmax(hi, v128.load(o, 16));
      n += load<i32>(tally + (<usize>(b - 1) << 2));
      if (!n) continue;
      const cost = halfArea(lo, hi) * <f32>((n + 3) >> 2) + load<f32>(rightCost + (<usize>b << 2));
      if (cost < best) { best = cost; splitAxis = axis; splitBin = b; }
    }
  }
}

function partition(first: u32, end: u32, cLo: v128, scale: v128, left: usize, right: usize): void {
  const axis = <usize>splitAxis << 2;
  v128.store(keys, cLo);
  const origin = load<f32>(keys + axis);
  v128.store(keys, scale);
  const factor = load<f32>(keys + axis);
  let lo0 = f32x4.splat(INF), hi0 = f32x4.splat(-INF), cLo0 = lo0, cHi0 = hi0;
  let lo1 = lo0, hi1 = hi0, cLo1 = lo0, cHi1 = hi0;
  let p = primitive(first), e = primitive(end) - 32;
  while (p <= e) {
    const lo = v128.load(p), hi = v128.load(p, 16), centroid = f32x4.add(lo, hi);
    if (<i32>((load<f32>(p + axis) + load<f32>(p + axis, 16) - origin) * factor) < splitBin) {
      lo0 = f32x4.pmin(lo0, lo); hi0 = f32x4.pmax(hi0, hi);
      cLo0 = f32x4.pmin(cLo0, centroid); cHi0 = f32x4.pmax(cHi0, centroid);
      p += 32;
    } else {
      lo1 = f32x4.pmin(lo1, lo); hi1 = f32x4.pmax(hi1, hi);
      cLo1 = f32x4.pmin(cLo1, centroid); cHi1 = f32x4.pmax(cHi1, centroid);
      v128.store(p, v128.load(e)); v128.store(p, v128.load(e, 16), 16);
      v128.store(e, lo); v128.store(e, hi, 16);
      e -= 32;
    }
  }
  const middle = <u32>((p - io) >> 5);
  storeRange(left, first, middle, lo0, hi0, cLo0, cHi0);
  storeRange(right, middle, end, lo1, hi1, cLo1, cHi1);
}

function halve(first: u32, end: u32, left: usize, right: usize): void {
  const middle = (first + end) >> 1;
  enclose(left, first, middle);
  enclose(right, middle, end);
}

function enclose(at: usize, first: u32, end: u32): void {
  let lo = f32x4.splat(INF), hi = f32x4.splat(-INF), cLo = lo, cHi = hi;
  for (let i = first; i < end; i++) {
    const mn = v128.load(primitive(i)), mx = v128.load(primitive(i), 16), centroid = f32x4.add(mn, mx);
    lo = f32x4.pmin(lo, mn); hi = f32x4.pmax(hi, mx);
    cLo = f32x4.pmin(cLo, centroid); cHi = f32x4.pmax(cHi, centroid);
  }
  storeRange(at, first, end, lo, hi, cLo, cHi);
}
