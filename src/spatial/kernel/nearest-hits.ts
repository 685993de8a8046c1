/**
 * Nearest hits of many rays, some under way at once. One ray alone waits: for memory, and for branches that no processor can
 * guess. Here rays wait in queues by what comes next: a node, a leaf, or the end. Each queue is first looked through, which
 * fetches all its nodes or leaves from memory together, then worked off in one go without a branch.
 *
 * Each ray has a stack behind its state. An entry is 8 B: the address of a node's row of references below, above it the distance
 * to the child with the child's lane in its last two bits. The lowest refers to the mark END.
 */
import { CHILDREN, INF, LEAF, QUEUE_BYTES, RAYS, RAY_STRIDE, TRIANGLE, arena, checkBatch, endMark, indices, laneMask, queues, raysUnderWay, root, vertices } from "./layout";
import { FAR, HIT, QUERY, beginRay, entries, exits, hitDistance, leafHits, resolveHit } from "./ray";
import { SURE, walkRay } from "./sure-hits";

/** Of a ray, behind its state: what is next, and the top of the stack. */
const NEXT: usize = 128, TOP: usize = 132, STACK: usize = 144;
/** In place of a reference, to a leaf that is none: the ray is done. */
const END: u32 = 0xffffffff;
/** Rays that wait at their end until it pays to fetch what they hit. */
const ENDS: usize = 16;

// Rays in each queue; those at the end are found among those at a leaf.
let atNodes: usize = 0, atLeaves: usize = 0, atEnd: usize = 0;
/** Keeps what was fetched ahead from being dropped as of no use. */
export let fetched: u32 = 0;

// The batch.
let rayAt: usize = 0, directionAt: usize = 0, rayStride: usize = 0, minAt: usize = 0, maxAt: usize = 0, excludeAt: usize = 0;
let distanceAt: usize = 0, outStride: usize = 0, triangleAt: usize = 0;
let asked: i32 = 0, begun: i32 = 0;

/** Puts the children a ray enters on its stack, farthest first, without a branch; what is above the new top does not count. */
@inline function pushChildren(node: usize, near: v128, entered: v128, top: usize, clear: v128, lanes: v128): void {
  // Lanes not entered become 0 and sink to the end; distances are not negative, so their bits order them.
  let v = v128.and(v128.or(v128.and(near, clear), lanes), entered);
  let s = v128.shuffle<i32>(v, v, 1, 0, 3, 2);
  v = v128.shuffle<i32>(i32x4.max_u(v, s), i32x4.min_u(v, s), 0, 5, 2, 7);
  s = v128.shuffle<i32>(v, v, 2, 3, 0, 1);
  v = v128.shuffle<i32>(i32x4.max_u(v, s), i32x4.min_u(v, s), 0, 1, 4, 5);
  s = v128.shuffle<i32>(v, v, 0, 2, 1, 3);
  v = v128.shuffle<i32>(i32x4.max_u(v, s), i32x4.min_u(v, s), 0, 1, 6, 7);
  const row = i32x4.splat(<i32>(node + CHILDREN));
  v128.store(top, v128.shuffle<i32>(row, v, 0, 4, 1, 5));
  v128.store(top, v128.shuffle<i32>(row, v, 2, 6, 3, 7), 16);
}

/** Takes from a ray's stack what is next and not too far. */
@inline function takeNext(r: usize, top: usize, far: f32): u32 {
  let at = top;
  do { at -= 8; } while (load<f32>(at, 4) > far);
  const next = load<u32>(<usize>load<u32>(at) + (<usize>(load<u32>(at, 4) & 3) << 2));
  store<u32>(r, <u32>at, TOP);
  store<u32>(r, next, NEXT);
  return next;
}

/** Fetches the nodes of the rays at one. */
export function fetchNodes(): void {
  const base = arena, nodes = queues, end = nodes + (atNodes << 2);
  let seen: u32 = 0;
  for (let at = nodes; at < end; at += 4) {
    const node = base + <usize>load<u32>(<usize>load<u32>(at), NEXT);
    seen |= load<u32>(node) | load<u32>(node, 64);
  }
  fetched = seen;
}

/** Fetches the leaves of the rays at one, and puts those that are done into their own queue. */
export function fetchLeaves(): void {
  const base = arena, leaves = queues + QUEUE_BYTES, ends = leaves + QUEUE_BYTES, count = atLeaves;
  let l: usize = 0, e = atEnd, seen: u32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const r = load<u32>(leaves + (i << 2)), next = load<u32>(<usize>r, NEXT), ended = <usize>(next == END);
    store<u32>(leaves + (l << 2), r); store<u32>(ends + (e << 2), r);
    l += 1 - ended; e += ended;
    const leaf = base + (<usize>(next & ~LEAF) & (ended - 1));
    seen |= load<u32>(leaf) | load<u32>(leaf, 64) | load<u32>(leaf, 128) | load<u32>(leaf, 192);
  }
  atLeaves = l; atEnd = e;
  fetched = seen;
}

/** Fetches the triangles that the rays at their end have hit. */
export function fetchEnds(): void {
  const ends = queues + 2 * QUEUE_BYTES, end = ends + (atEnd << 2);
  let seen: u32 = 0;
  for (let at = ends; at < end; at += 4) {
    const corners = indices + <usize>max(load<i32>(<usize>load<u32>(at), HIT), 0) * 12;
    for (let k: usize = 0; k < 3; k++) seen |= load<u32>(vertices + <usize>load<u32>(corners + (k << 2)) * 24);
  }
  fetched = seen;
}

/** Works off the rays at a node. Exported so that it stays a function of its own, as `closestTriangle`. */
export function passNodes(): void {
  const base = arena, nodes = queues, leaves = nodes + QUEUE_BYTES, count = atNodes;
  const clear = v128.load(laneMask), lanes = v128.load(laneMask, 16);
  let n: usize = 0, l = atLeaves;
  for (let i: usize = 0; i < count; i++) {
    const r = <usize>load<u32>(nodes + (i << 2)), node = base + <usize>load<u32>(r, NEXT), top = <usize>load<u32>(r, TOP);
    const near = entries(r, node), entered = f32x4.le(near, exits(r, node));
    pushChildren(node, near, entered, top, clear, lanes);
    const next = takeNext(r, top + (<usize>popcnt(i32x4.bitmask(entered)) << 3), load<f32>(r, FAR));
    // Into both queues; only the right one counts it.
    store<u32>(nodes + (n << 2), <u32>r); store<u32>(leaves + (l << 2), <u32>r);
    const atLeaf = <usize>(next >> 31);
    n += 1 - atLeaf; l += atLeaf;
  }
  atNodes = n; atLeaves = l;
}

/** Works off the rays at a leaf. */
export function passLeaves(): void {
  const base = arena, nodes = queues, leaves = nodes + QUEUE_BYTES, count = atLeaves;
  let n = atNodes, l: usize = 0;
  for (let i: usize = 0; i < count; i++) {
    const r = <usize>load<u32>(leaves + (i << 2)), leaf = base + <usize>(load<u32>(r, NEXT) & ~LEAF);
    const t = leafHits(r, leaf);
    let least = f32x4.pmin(t, v128.shuffle<f32>(t, t, 2, 3, 0, 1));
    least = f32x4.pmin(least, v128.shuffle<f32>(least, least, 1, 0, 3, 2));
    const lane = <usize>ctz(i32x4.bitmask(f32x4.eq(t, least))) << 2, met = f32x4.extract_lane(least, 0), limit = load<f32>(r, FAR), far = met < limit ? met : limit;
    store<f32>(r, far, FAR);
    store<i32>(r, met < INF ? load<i32>(leaf + lane, TRIANGLE) : load<i32>(r, HIT), HIT);
    const next = takeNext(r, <usize>load<u32>(r, TOP), far);
    store<u32>(nodes + (n << 2), <u32>r); store<u32>(leaves + (l << 2), <u32>r);
    const atLeaf = <usize>(next >> 31);
    n += 1 - atLeaf; l += atLeaf;
  }
  atNodes = n; atLeaves = l;
}

/** Answers the rays that are done and lets the next ones begin in their place. */
export function passEnds(): void {
  const nodes = queues, leaves = nodes + QUEUE_BYTES, ends = leaves + QUEUE_BYTES, count = atEnd;
  atEnd = 0;
  for (let i: usize = 0; i < count; i++) {
    const r = <usize>load<u32>(ends + (i << 2));
    if (load<i32>(r, QUERY) >= 0) answer(r, <usize>load<i32>(r, QUERY));
    if (!beginNext(r)) continue;
    if (root & LEAF) { store<u32>(leaves + (atLeaves << 2), <u32>r); atLeaves++; }
    else { store<u32>(nodes + (atNodes << 2), <u32>r); atNodes++; }
  }
}

function answer(r: usize, query: usize): void {
  let triangle = load<i32>(r, HIT), distance = f64.POSITIVE_INFINITY;
  if (triangle >= 0 && !resolveHit(r, triangle, <f64>load<f32>(r, FAR))) {
    // Led astray within the tolerance: again, with care.
    const t = walkRay(r, SURE);
    triangle = load<i32>(r, HIT);
    if (triangle >= 0) resolveHit(r, triangle, <f64>t);
  }
  if (triangle >= 0) distance = hitDistance;
  store<f64>(distanceAt + query * outStride, distance);
  store<i32>(triangleAt + query * 4, triangle);
}

/** Begins the next ray of the batch that can hit anything; false when there is none. */
function beginNext(r: usize): bool {
  while (begun < asked) {
    const i = <usize>begun, ray = rayAt + i * rayStride;
    begun++;
    if (beginRay(r, ray, directionAt + i * rayStride, load<f64>(minAt + i * 8), load<f64>(maxAt + i * outStride), load<i32>(excludeAt + i * 4))) {
      store<i32>(r, <i32>i, QUERY);
      store<u32>(r, root, NEXT);
      store<u64>(r, <u64>endMark, STACK);
      store<u32>(r, <u32>(r + STACK + 8), TOP);
      return true;
    }
    store<f64>(distanceAt + i * outStride, f64.POSITIVE_INFINITY);
    store<i32>(triangleAt + i * 4, -1);
  }
  return false;
}

/**
 * Nearest hits of a batch whose rays may lie among other things.
 * @param origins f64 × 3, part frame, and `directions` of any length but zero, every `stride` bytes
 * @param mins f64, mm along the ray
 * @param maxs f64, every `outs` bytes
 * @param exclude i32, a face not to be seen, or −1
 * @param out f64, every `outs` bytes, +∞ for a miss; may be the place of `maxs`
 * @param triangles i32, −1 for a miss
 */
export function nearestHits(n: i32, origins: usize, directions: usize, stride: usize, mins: usize, maxs: usize, exclude: usize, out: usize, outs: usize, triangles: usize): void {
  checkBatch(n);
  rayAt = origins; directionAt = directions; rayStride = stride; minAt = mins; maxAt = maxs; excludeAt = exclude;
  distanceAt = out; outStride = outs; triangleAt = triangles;
  asked = n; begun = 0;
  store<u32>(endMark, END);
  v128.store(laneMask, i32x4.splat(~3));
  v128.store(laneMask, i32x4(0, 1, 2, 3), 16);
  atNodes = 0; atLeaves = 0; atEnd = <usize>RAYS;
  for (let i: usize = 0; i < <usize>RAYS; i++) {
    const r = raysUnderWay + i * RAY_STRIDE;
    store<i32>(r, -1, QUERY);
    store<u32>(queues + 2 * QUEUE_BYTES + (i << 2), <u32>r);
  }
  while (atNodes + atLeaves + atEnd > 0) {
    if (atEnd >= ENDS || atNodes + atLeaves == 0) {
      fetchEnds();
      passEnds();
    }
    fetchNodes();
    passNodes();
    fetchLeaves();
    passLeaves();
  }
}

/** Nearest hits; origins, directions and all others one after another, as in `nearestHits`. */
export function rays(n: i32, origins: usize, directions: usize, mins: usize, maxs: usize, exclude: usize, out: usize, triangles: usize): void {
  nearestHits(n, origins, directions, 24, mins, maxs, exclude, out, 8, triangles);
}
