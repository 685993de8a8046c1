/**
 * Makes nodes of four out of the plan, a tree of splits in two. Of all ways to choose which splits become nodes it takes the
 * one whose nodes have the least half area in sum, which is what a random ray pays for (Ylitie, Karras & Laine 2017, 3.1).
 *
 * A planned part is 64 B:
 *    0 min   12 first of the two parts it is split into, 0 for a leaf
 *   16 max   28 second part
 *   32 cost of the part as at most one, two, three children, f32 × 3
 *   44 how many of two, three, four children its first part becomes, u8 × 3; 0 when one child less is as good
 *   48 first and end among the primitives, of a leaf
 * The plan is given up once the nodes are made; while they are, a node's last row names the parts of its children.
 */
import { CHILDREN, INF, LEAF, LEAF_BYTES, NODE_BYTES, PARTS, align, arenaEnd, moveTree, setRoot, take } from "./layout";
import { orderChildren } from "./order";
import { packTriangle } from "./pack";
import { triangleOf } from "./primitives";

const PART_BYTES: usize = 64;
const COSTS: usize = 32, SHARES: usize = 44, FIRST: usize = 48, END: usize = 52;
const FIRST_PART: usize = 12, SECOND_PART: usize = 28;

let leaves: u32 = 0, levels: i32 = 0;
/** Where the tree is made, behind the plan, and its next leaf. */
let base: usize = 0, nextLeaf: usize = 0;

/** Forgets the plan before. */
export function beginPlan(): void {
  leaves = 0;
}

function planPart(range: usize, first: usize, second: usize): usize {
  const part = take(PART_BYTES);
  v128.store(part, i32x4.replace_lane(v128.load(range, 16), 3, <i32>first));
  v128.store(part, i32x4.replace_lane(v128.load(range, 32), 3, <i32>second), 16);
  return part;
}

/** Plans a leaf of a range of primitives. */
export function planLeaf(range: usize): usize {
  const part = planPart(range, 0, 0);
  v128.store(part, f32x4.splat(0), COSTS);
  store<u64>(part, load<u64>(range), FIRST);
  leaves++;
  return part;
}

/** Plans a range that was split into two. */
export function planSplit(range: usize, first: usize, second: usize): usize {
  const part = planPart(range, first, second);
  store<f32>(part, share(part, 4) + load<f32>(range, 8), COSTS);
  for (let children = 2; children < 4; children++) {
    const fewer = load<f32>(part + (<usize>(children - 2) << 2), COSTS), cost = share(part, children);
    if (fewer <= cost) store<u8>(part + <usize>children - 2, 0, SHARES);
    store<f32>(part + (<usize>(children - 1) << 2), min(fewer, cost), COSTS);
  }
  return part;
}

/** Shares children out among a part's two parts in the cheapest way, and returns what that costs. */
function share(part: usize, children: i32): f32 {
  const first = <usize>load<u32>(part, FIRST_PART), second = <usize>load<u32>(part, SECOND_PART);
  let least = INF;
  for (let k = max(1, children - 3); k <= min(3, children - 1); k++) {
    const cost = load<f32>(first + (<usize>(k - 1) << 2), COSTS) + load<f32>(second + (<usize>(children - k - 1) << 2), COSTS);
    if (cost < least) { least = cost; store<u8>(part + <usize>children - 2, <u8>k, SHARES); }
  }
  return least;
}

/** Makes the tree of a plan whose first part is `part`: all leaves, behind them all nodes. */
export function collapse(part: usize): void {
  base = align(arenaEnd);
  take(base - arenaEnd);
  nextLeaf = take(align(<usize>leaves * LEAF_BYTES));
  levels = 0;
  if (isLeaf(part)) setRoot(packLeaf(part), 0);
  else {
    const node = take(NODE_BYTES);
    makeNode(node, part, 1);
    setRoot(<u32>(node - base), levels);
  }
  moveTree(base);
}

@inline function isLeaf(part: usize): bool {
  return load<u32>(part, FIRST_PART) == 0;
}

/** Makes a node and all below it. Its children lie side by side, since a ray that meets one often meets another. */
function makeNode(node: usize, part: usize, level: i32): void {
  levels = max(levels, level);
  const four = load<u8>(part, SHARES + 2);
  let end = gather(<usize>load<u32>(part, FIRST_PART), four, node + PARTS);
  end = gather(<usize>load<u32>(part, SECOND_PART), 4 - four, end);
  const count = <i32>((end - node - PARTS) >> 2);
  for (let i = 0; i < 4; i++) {
    const lane = node + (<usize>i << 2), child = <usize>load<u32>(lane, PARTS);
    storeBox(lane, child, i < count);
    if (i >= count) store<u32>(lane, 0, CHILDREN);
    else store<u32>(lane, isLeaf(child) ? packLeaf(child) : <u32>(take(NODE_BYTES) - base), CHILDREN);
  }
  for (let i = 0; i < count; i++) {
    const lane = node + (<usize>i << 2), child = load<u32>(lane, CHILDREN);
    if (!(child & LEAF)) makeNode(base + <usize>child, <usize>load<u32>(lane, PARTS), level + 1);
  }
  orderChildren(node);
}

/** Lists the children that a part becomes, at most `children`, and returns where the list ends. */
function gather(part: usize, children: i32, list: usize): usize {
  let n = children;
  while (n > 1 && !isLeaf(part) && load<u8>(part + <usize>n - 2, SHARES) == 0) n--;
  if (n == 1 || isLeaf(part)) {
    store<u32>(list, <u32>part);
    return list + 4;
  }
  const k = load<u8>(part + <usize>n - 2, SHARES);
  return gather(<usize>load<u32>(part, SECOND_PART), n - k, gather(<usize>load<u32>(part, FIRST_PART), k, list));
}

function storeBox(lane: usize, part: usize, used: bool): void {
  for (let axis: usize = 0; axis < 3; axis++) {
    store<f32>(lane + axis * 32, used ? load<f32>(part + axis * 4) : INF);
    store<f32>(lane + axis * 32, used ? load<f32>(part + axis * 4, 16) : -INF, 16);
  }
}

function packLeaf(part: usize): u32 {
  const leaf = nextLeaf, first = load<u32>(part, FIRST), end = load<u32>(part, END);
  nextLeaf += LEAF_BYTES;
  for (let k: u32 = 0; k < 4; k++) packTriangle(leaf + (<usize>k << 2), triangleOf(min(first + k, end - 1)));
  return LEAF | <u32>(leaf - base);
}
