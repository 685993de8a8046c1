/**
 * Nearest hits of many rays, some under way at once. One ray alone waits: for memory, and for branches that no processor can
 * guess. Here rays wait in queues by what comes next: a node, a leaf, or the end. Each queue is first looked through, which
 * fetches all its nodes or leaves from memory together, then worked off in one go without a branch.
 *
 * Each ray has a stack behind its state. An entry is 8 B: a reference below, the distance to it above. The lowest is the mark END.
 */
import { CHILDREN, INF, LEAF, ORDER, QUEUE_BYTES, RAYS, RAY_BYTES, TRIANGLE, arena, checkBatch, indices, orders, queues, rayStride, raysUnderWay, root, vertices } from "./layout";
import { fillOrders } from "./order";
import { FAR, HIT, NEXT, OCTANT, QUERY, TOP, beginRay, entries, exits, hitDistance, leafHits, resolveHit } from "./ray";
import { SURE, walkRay } from "./sure-hits";

/** In place of a reference, to a leaf that is none: the ray is done. */
const END: u32 = 0xffffffff;
/** Rays that wait at their end until it pays to fetch what they hit. */
const ENDS: usize = 32;

// Rays in each queue; those at the end are found among those at a leaf.
let atNodes: usize = 0, atLeaves: usize = 0, atEnd: usize = 0;
/** Keeps what was fetched ahead from being dropped as of no use. */
export let fetched: u32 = 0;

// The batch.
let originAt: usize = 0, directionAt: usize = 0, queryStride: usize = 0, minAt: usize = 0, maxAt: usize = 0, excludeAt: usize = 0;
let distanceAt: usize = 0, outStride: usize = 0, triangleAt: usize = 0;
let asked: i32 = 0, begun: i32 = 0;

/** Puts the children a ray enters on its stack, farthest first, without a branch; what is above the new top does not count. */
@inline function pushChildren(r: usize, node: usize, near: v128, entered: i32, top: usize): void {
  const order = v128.load(orders + (<usize>load<u8>(node + <usize>load<u8>(r, OCTANT), ORDER) << 8) + (<usize>entered << 4));
  const references = i8x16.swizzle(v128.load(node, CHILDREN), order), distances = i8x16.swizzle(near, order);
  v128.store(top, v128.shuffle<i32>(references, distances, 0, 4, 1, 5));
  v128.store(top, v128.shuffle<i32>(references, distances, 2, 6, 3, 7), 16);
}

/** Drops what is too far from the top of a ray's stack, four entries at a time and as a rule without a branch. */
@inline function dropFar(top: usize, far: v128): usize {
  let at = top;
  while (true) {
    const below = v128.load(at - 32), above = v128.load(at - 16);
    const near = i32x4.bitmask(f32x4.le(v128.shuffle<f32>(below, above, 1, 3, 5, 7), far));
    if (near) return at - (<usize>clz(near << 28) << 3);
    at -= 32;
  }
}

/** Takes from a ray's stack what is next. */
@inline function takeNext(r: usize, at: usize): u32 {
  const next = load<u32>(at);
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
  const base = arena, nodes = queues, count = atNodes;
  for (let i: usize = 0; i < count; i++) {
    const r = <usize>load<u32>(nodes + (i << 2)), node = base + <usize>load<u32>(r, NEXT), top = <usize>load<u32>(r, TOP);
    const near = entries(r, node), entered = i32x4.bitmask(f32x4.le(near, exits(r, node)));
    pushChildren(r, node, near, entered, top);
    store<u32>(r, <u32>(top + (<usize>popcnt(entered) << 3)), TOP);
  }
}

/** Takes what is next from the stacks of the rays that were at a node. */
export function leaveNodes(): void {
  const nodes = queues, leaves = nodes + QUEUE_BYTES, count = atNodes;
  let n: usize = 0, l = atLeaves;
  for (let i: usize = 0; i < count; i++) {
    const r = <usize>load<u32>(nodes + (i << 2));
    let at = <usize>load<u32>(r, TOP);
    const far = load<f32>(r, FAR);
    // Seldom more than once: what is too far now was dropped at the leaf that made it so.
    do { at -= 8; } while (load<f32>(at, 4) > far);
    const next = takeNext(r, at);
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
    const far = f32x4.pmin(v128.load32_splat(r, FAR), least);
    v128.store32_lane(r, far, 0, FAR);
    // The triangle met from the leaf, or the one met before from where it is.
    const lane = leaf + (<usize>ctz(i32x4.bitmask(f32x4.eq(t, least))) << 2) + TRIANGLE, before = r + HIT;
    const met = -<usize>(f32x4.extract_lane(least, 0) < INF);
    store<i32>(r, load<i32>(before ^ ((before ^ lane) & met)), HIT);
    const next = takeNext(r, dropFar(<usize>load<u32>(r, TOP), far) - 8);
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
    const i = <usize>begun, at = i * queryStride;
    begun++;
    if (beginRay(r, originAt + at, directionAt + at, load<f64>(minAt + i * 8), load<f64>(maxAt + i * outStride), load<i32>(excludeAt + i * 4))) {
      store<i32>(r, <i32>i, QUERY);
      store<u32>(r, root, NEXT);
      store<u64>(r, <u64>END, RAY_BYTES);
      store<u32>(r, <u32>(r + RAY_BYTES + 8), TOP);
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
  originAt = origins; directionAt = directions; queryStride = stride; minAt = mins; maxAt = maxs; excludeAt = exclude;
  distanceAt = out; outStride = outs; triangleAt = triangles;
  asked = n; begun = 0;
  if (!load<u32>(orders, 16)) fillOrders(); // once for a tree, also for one made elsewhere
  atNodes = 0; atLeaves = 0; atEnd = <usize>RAYS;
  for (let i: usize = 0; i < <usize>RAYS; i++) {
    const r = raysUnderWay + i * rayStride;
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
    leaveNodes();
    fetchLeaves();
    passLeaves();
  }
}

/** Nearest hits; origins, directions and all others one after another, as in `nearestHits`. */
export function rays(n: i32, origins: usize, directions: usize, mins: usize, maxs: usize, exclude: usize, out: usize, triangles: usize): void {
  nearestHits(n, origins, directions, 24, mins, maxs, exclude, out, 8, triangles);
}
