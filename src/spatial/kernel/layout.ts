/**
 * The kernel's linear memory. One instance holds one tree, so every region has one place and one owner:
 *
 *   scratch   traversal stack, rays under way and their queues, sorting
 *             keys, bins of the builder                                   fixed size
 *   io        query batches in and out; the builder's primitives before   max(IO_BYTES, 32 B a triangle)
 *   vertices  f64 xyz, relative to the centre of the part's box           24 B a vertex
 *   indices   u32 × 3                                                     12 B a triangle
 *   faces     i32, the face each triangle belongs to                      4 B a triangle
 *   arena     leaves, behind them nodes; while building the plan too      grown on demand
 *   hits      output of `allHits`, behind the arena                       grown by the caller
 *
 * A reference to a tree element is its byte offset in the arena; bit 31 says leaf.
 *
 * Node, 128 B, two lines of the cache: four child boxes side by side, one f32x4 row for each bound.
 *   0 minX   16 maxX   32 minY   48 maxY   64 minZ   80 maxZ   96 child references (u32 × 4)
 *   112 for each octant of directions the number of an order of the children (u8 × 8, see order.ts)
 *   An unused lane has min = +∞ and max = −∞, which no query can enter.
 *
 * Leaf, 256 B, four lines: up to four triangles, one f32x4 row for each number; unused lanes repeat the last triangle.
 *   Corners are turned so that the edge opposite the first corner is the longest; its two other edges start there.
 *     0 corner x, 16 y, 32 z
 *    48 edge1 × edge2 x, 64 y, 80 z (made in f64; zero when degenerate)
 *    96 edge1 x, 112 y, 128 z       144 edge2 x, 160 y, 176 z
 *   192 face   208 triangle index   224 ray tolerance at edge1   240 at edge2
 *   A ball whose middle is far from the planes reads two lines.
 */

export const NODE_BYTES: usize = 128;
/** Rows of a node. */
export const CHILDREN: usize = 96, PARTS: usize = 112, ORDER: usize = 112;
export const LEAF_BYTES: usize = 256;
/** Rows of a leaf, behind the corner. */
export const NORMAL: usize = 48, EDGE1: usize = 96, EDGE2: usize = 144, FACE: usize = 192, TRIANGLE: usize = 208, TOLERANCES: usize = 224;
export const LEAF: u32 = 0x80000000;
/**
 * What f32 may hide, in half diagonals of the part's box: 48 roundings of 2⁻²⁴, for queries within a diagonal of it.
 * There coordinates stay below 3 half diagonals, and storing and subtracting them costs 3 × 3 roundings at most; an
 * edge or plane distance adds a dozen operations on them. The ray tolerance, 4 roundings across an edge and 8 across
 * the longest, lies within. Seen in 100,000 random rays and as many closest points on needles: 1.2.
 */
export const ERROR_PER_REACH: f64 = 48.0 / 16777216.0;
/** Ray tolerance across an edge in half diagonals: 4 roundings of f32, so that no ray slips between two triangles. */
const RAY_TOLERANCE: f64 = 2.4e-7;
export const INF: f32 = f32.MAX_VALUE;

/** Levels the surface-area heuristic may use before the builder halves by count, which ends after 31 more. */
export const MAX_SAH_DEPTH: i32 = 64;
/** Three references wait on each level, below them a mark, above them room for a whole node. */
@inline function stackBytes(levels: i32): usize {
  return (<usize>levels * 3 + 5) * 8;
}
/** Of the deepest tree. */
const STACK_BYTES: usize = stackBytes(MAX_SAH_DEPTH + 31);
/** Rays under way at once: enough to hide memory and branches behind each other, few enough to stay in the first cache. */
export const RAYS: i32 = 112;
/** A ray's state (see ray.ts); behind it lies its stack. */
export const RAY_BYTES: usize = 128;
/** A queue of all rays, and room for an entry that does not count. */
export const QUEUE_BYTES: usize = (<usize>RAYS + 1) * 4;
export const RANGE_BYTES: usize = 80;
/** Two ranges on each level of the builder, and the first. */
const RANGES_BYTES: usize = (<usize>MAX_SAH_DEPTH + 32) * 2 * RANGE_BYTES + RANGE_BYTES;
export const BINS: i32 = 16;
const BINS_BYTES: usize = 3 * <usize>BINS * (32 + 4) + <usize>BINS * 4;
const PRIMITIVE_BYTES: usize = 32;
/** Queries of one batch; the caller sends more in several. */
export const BATCH: i32 = 4096;
/** The widest batch is that of balls: 68 B in and 44 B out for each. */
const IO_BYTES: usize = <usize>BATCH * 112;

export let stack: usize = 0;
export let raysUnderWay: usize = 0;
/** From one ray under way to the next: an odd number of lines, so that rays do not compete for the same places in the cache, and no more than the tree's stack needs. */
export let rayStride: usize = 0;
export let queues: usize = 0;
/** Rows of 16 B that shuffle a node's lanes: 24 orders × 16 sets of lanes (see order.ts). */
export let orders: usize = 0;
export let keys: usize = 0;
export let bins: usize = 0;
export let ranges: usize = 0;
export let io: usize = 0;
export let vertices: usize = 0;
export let indices: usize = 0;
export let faces: usize = 0;
export let arena: usize = 0;
export let arenaEnd: usize = 0;

export let triangleCount: i32 = 0;
export let root: u32 = 0;
/** Nodes from the root down to the deepest leaf. */
export let levels: i32 = 0;
/** Half the diagonal of the part's box: the scale of every f32 rounding error. */
export let reach: f64 = 0;
/** Ray tolerance across an edge, mm. */
export let rayTolerance: f64 = 0;
export let centreX: f64 = 0;
export let centreY: f64 = 0;
export let centreZ: f64 = 0;
/** Half the box's sides; the box is centred on the origin of the stored vertices. */
export let halfX: f64 = 0;
export let halfY: f64 = 0;
export let halfZ: f64 = 0;

/** Rounds up to where a leaf may begin. */
export function align(address: usize): usize {
  return (address + LEAF_BYTES - 1) & ~(LEAF_BYTES - 1);
}

/** Grows the memory to hold `end` bytes; false when the engine refuses. */
export function reserve(end: usize): bool {
  if (end > <usize>0xffff0000) return false;
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}

/** Lays out the regions for a mesh of this size; false when there is not enough memory. */
export function layOut(vertexCount: i32, triangles: i32): bool {
  if (<f64>vertexCount * 24 + <f64>triangles * 48 + <f64>IO_BYTES > 4.0e9) return false;
  triangleCount = triangles;
  stack = align(__heap_base);
  raysUnderWay = stack + STACK_BYTES;
  queues = align(raysUnderWay + <usize>RAYS * strideOf(MAX_SAH_DEPTH + 31));
  orders = align(queues + 3 * QUEUE_BYTES);
  keys = orders + 24 * 256;
  bins = align(keys + 16);
  ranges = align(bins + BINS_BYTES);
  io = align(ranges + RANGES_BYTES);
  vertices = align(io + max(IO_BYTES, <usize>triangles * PRIMITIVE_BYTES));
  indices = align(vertices + <usize>vertexCount * 24);
  faces = align(indices + <usize>triangles * 12);
  arena = align(faces + <usize>triangles * 4);
  arenaEnd = arena;
  setRoot(0, 0);
  return reserve(arena);
}

/** Box of the mesh in the part frame, mm. */
export function setBox(cx: f64, cy: f64, cz: f64, hx: f64, hy: f64, hz: f64): void {
  centreX = cx; centreY = cy; centreZ = cz;
  halfX = hx; halfY = hy; halfZ = hz;
  reach = Math.sqrt(hx * hx + hy * hy + hz * hz);
  rayTolerance = RAY_TOLERANCE * reach;
}

/** Traps when a batch is larger than its region. */
export function checkBatch(n: i32): void {
  if (n < 0 || n > BATCH) unreachable();
}

/** Takes bytes from the arena. Traps when the memory cannot grow or a reference would not fit 31 bits. */
export function take(bytes: usize): usize {
  const at = arenaEnd;
  arenaEnd += bytes;
  // Grown by a megabyte at a time: growing detaches the caller's views and is slow.
  if (arenaEnd > (<usize>memory.size() << 16) && !reserve(arenaEnd + 0x100000)) unreachable();
  if (arenaEnd - arena > 0x7fffffff) unreachable();
  return at;
}

/** Moves the tree down over what lies between it and the arena's start. */
export function moveTree(from: usize): void {
  memory.copy(arena, from, arenaEnd - from);
  arenaEnd -= from - arena;
}

/** Accepts a tree made elsewhere and copied into the arena; false when it does not fit. */
export function adopt(treeRoot: u32, treeLevels: i32, bytes: usize): bool {
  setRoot(treeRoot, treeLevels);
  arenaEnd = arena + bytes;
  return reserve(arenaEnd);
}

export function setRoot(reference: u32, treeLevels: i32): void {
  root = reference;
  levels = treeLevels;
  rayStride = strideOf(treeLevels);
}

function strideOf(treeLevels: i32): usize {
  return ((RAY_BYTES + stackBytes(treeLevels) + 63) & ~63) | 64;
}
