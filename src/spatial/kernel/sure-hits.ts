/** Rays one after another, with every candidate resolved in f64: any hit, all hits, or the nearest that is sure. */
import { INF, LEAF, TRIANGLE, arena, checkBatch, keys, raysUnderWay, root, stack } from "./layout";
import { FAR, HIT, LIMIT, beginRay, entries, exits, hitDistance, hitFacing, leafHits, resolveHit } from "./ray";
import { nearestChild } from "./traverse";

/** What a walk is for. */
export const SURE = 0, ANY = 1, ALL = 2;

/** Where ALL writes hits of 16 B: distance f64, triangle i32, facing i32; counts on when full. */
let list: usize = 0;
let listCapacity: i32 = 0;
let listLength: i32 = 0;

/**
 * Walks ray `r` and keeps the triangle it hit, −1 for none, in its state: with SURE the nearest, with ANY one.
 * Returns the f32 distance. Exported so that it stays a function of its own, as `closestTriangle`.
 */
export function walkRay(r: usize, mode: i32): f32 {
  const base = arena, bottom = stack;
  let sp = bottom, current = root;
  store<i32>(r, -1, HIT);
  store<f32>(r, load<f32>(r, LIMIT), FAR);
  while (true) {
    if (!(current & LEAF)) {
      const node = base + <usize>current, near = entries(r, node);
      const mask = i32x4.bitmask(f32x4.le(near, exits(r, node)));
      if (mask) {
        current = nearestChild(node, near, mask, sp);
        sp += <usize>(popcnt(mask) - 1) << 3;
        continue;
      }
    } else {
      const leaf = base + <usize>(current & ~LEAF), t = leafHits(r, leaf);
      const hits = i32x4.bitmask(f32x4.lt(t, f32x4.splat(INF)));
      if (hits) {
        v128.store(keys, t);
        takeHits(r, leaf, hits, mode);
        if (mode == ANY && load<i32>(r, HIT) >= 0) return load<f32>(r, FAR);
      }
    }
    while (true) {
      if (sp == bottom) return load<f32>(r, FAR);
      sp -= 8;
      if (load<f32>(sp, 4) <= load<f32>(r, FAR)) { current = load<u32>(sp); break; }
    }
  }
}

/** Resolves a leaf's candidates, whose f32 distances are at `keys`, one by one. */
function takeHits(r: usize, leaf: usize, hits: i32, mode: i32): void {
  let previous = -1;
  for (let m = hits; m; m &= m - 1) {
    const lane = <usize>ctz(m) << 2, t = load<f32>(keys + lane), triangle = load<i32>(leaf + lane, TRIANGLE);
    // Unused lanes repeat the last triangle.
    if (triangle == previous || !resolveHit(r, triangle, <f64>t)) continue;
    previous = triangle;
    if (mode == ALL) writeHit(triangle);
    else if (t < load<f32>(r, FAR)) {
      store<f32>(r, t, FAR);
      store<i32>(r, triangle, HIT);
    }
  }
}

function writeHit(triangle: i32): void {
  if (listLength < listCapacity) {
    const at = list + (<usize>listLength << 4);
    store<f64>(at, hitDistance);
    store<i32>(at, triangle, 8);
    store<i32>(at, hitFacing, 12);
  }
  listLength++;
}

/** Whether anything is hit: i32, the triangle that was met or −1. Parameters as in `rays`. */
export function anyHits(n: i32, origins: usize, directions: usize, mins: usize, maxs: usize, exclude: usize, triangles: usize): void {
  checkBatch(n);
  const r = raysUnderWay;
  for (let i: usize = 0; i < <usize>n; i++) {
    let triangle = -1;
    if (beginRay(r, origins + i * 24, directions + i * 24, load<f64>(mins + i * 8), load<f64>(maxs + i * 8), load<i32>(exclude + i * 4))) {
      walkRay(r, ANY);
      triangle = load<i32>(r, HIT);
    }
    store<i32>(triangles + i * 4, triangle);
  }
}

/**
 * Every hit of every ray, in no order within a ray. Returns how many hits there are; when that is more than
 * `capacity` the caller makes room and asks again.
 * @param ends u32, end of each ray's hits in the list
 */
export function allHits(n: i32, origins: usize, directions: usize, mins: usize, maxs: usize, exclude: usize, ends: usize, hits: usize, capacity: i32): i32 {
  checkBatch(n);
  list = hits; listCapacity = capacity; listLength = 0;
  const r = raysUnderWay;
  for (let i: usize = 0; i < <usize>n; i++) {
    if (beginRay(r, origins + i * 24, directions + i * 24, load<f64>(mins + i * 8), load<f64>(maxs + i * 8), load<i32>(exclude + i * 4))) walkRay(r, ALL);
    store<i32>(ends + i * 4, listLength);
  }
  return listLength;
}
