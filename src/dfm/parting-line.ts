import type { Body, Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { ALONG, kindsOf, projectAlong, type Projected } from "./contours.ts";
import type { Parting } from "./context.ts";
import { edgeOfMesh } from "./edge-of-mesh.ts";
import { meshTopology } from "./mesh-topology.ts";
import { turnLines, type TurnLines, type TurnSegment } from "./silhouette.ts";
import type { Trapped } from "./trapped.ts";
import { dot, norm } from "../geometry.ts";
import { framePerpendicular, pointAt } from "./vec3.ts";

/** The parting line of a body for one direction. */
export interface PartingLine extends Parting {
  /** Which of `loops` run around the outside: mostly one. The others close holes. */
  readonly outer: readonly number[];
  /** Spread of the outer loops along the direction where they do not run around hidden surface, mm. */
  readonly spreadMm: number;
  /** What surely holds the true spread: from points that surely lie on the line to all of it with what its segments cut short. */
  readonly boundsMm: readonly [low: number, high: number];
  /** Least and greatest height of the outer loops, mm, measured from the frame's origin. */
  readonly heightsMm: readonly [number, number];
}

/** `alongMm`: height of each point; `heights`: between which it runs where it is not around hidden surface. */
interface Loop { readonly points: Vec3[]; readonly segments: readonly TurnSegment[]; readonly alongMm: readonly number[]; readonly heights: Range; readonly hiddenShare: number }
type Range = readonly [low: number, high: number];

/** What a surface is to the line: hidden at its middle, hidden in places, or neither. */
interface Sides { readonly isHidden: (facet: number) => boolean; readonly isTouched: (facet: number) => boolean }

/** Facets within this of the direction may be parted anywhere: 0.0017°, 3 µm over 100 mm; freeform walls of real files waver by as much. */
const PARTED_SINE = 3e-5;
/** A loop runs around hidden surface when more than this of its length does. */
const MOSTLY = 0.5;
/** A loop on the outline is left out only when more than this of its length runs around hidden surface, and others remain. */
const WHOLLY = 0.9;
/** An outer loop comes this near to the outline of the part on some side, as a fraction of the part's width there. */
const OUTERMOST = 0.005;
/** Sides on which that is looked at. */
const SIDES = 24;

/**
 * Closed loops between what comes free along the direction and what comes free against it. Parallel walls that can
 * leave both ways are put all to one half, all to the other, or parted at the height where the rest of the line runs,
 * whichever gives the flattest outer loop. Loops around hidden surface are not part of it: slides form that.
 */
export function partingLine(body: Body, hidden: Trapped): PartingLine {
  const view = viewOf(body, hidden), line = flattest(view), loose = flattest({ ...view, seen: { ...view.seen, kind: kindsOf(body.facets, view.seen.sine, PARTED_SINE) } });
  const bounds = boundsOf(view, line), others = boundsOf(view, loose), own = line.heights.range;
  return {
    loops: line.loops.map((l) => Float64Array.from(l.points.flat())), edges: wholeEdges(body, line.loops.flatMap((l) => l.segments)), outer: line.outers.map((l) => line.loops.indexOf(l)),
    // Walls that waver about the direction turn where rounding says: the line that takes them for parallel is as good.
    spreadMm: line.heights.size, boundsMm: line.outers.length === 0 || loose.outers.length === 0 ? bounds : [Math.min(bounds[0], others[0]), Math.max(bounds[1], others[1])], heightsMm: own ?? [0, 0],
  };
}

/** How far the line of {@link partingLine} rises, mm, without what bounds that. */
export const partingSpread = (body: Body, hidden: Trapped): number => flattest(viewOf(body, hidden)).heights.size;

/** A body along a direction, with what is hidden of it. */
interface View { readonly body: Body; readonly seen: Projected; readonly outline: Outline; readonly sides: Sides; readonly reach: Uint8Array }

function viewOf(body: Body, { direction, facetAreaMm2, reach }: Trapped): View {
  const { areaMm2 } = meshTopology(body.facets);
  return { body, seen: projectAlong(body.facets, direction), outline: outlineOf(body, direction), reach, sides: { isHidden: (t) => facetAreaMm2[t] > 0.5 * areaMm2[t], isTouched: (t) => facetAreaMm2[t] > 0 } };
}

/** The loops of a line, and the outer ones among them with the heights between which they run. */
interface Line { readonly loops: readonly Loop[]; readonly outers: readonly Loop[]; readonly heights: Spread }

function flattest(view: View): Line {
  const { body, seen, reach } = view, linesAt = turnLines(body, seen);
  const partedAt = (heightMm: number): Line =>
    choose(view, linesAt((t, v) => (reach[t] === 1 ? 1 : reach[t] === 2 ? -1 : heightMm === -Infinity ? 1 : heightMm === Infinity ? -1 : seen.z[v] - heightMm)));
  const above = partedAt(Infinity);
  if (!seen.kind.includes(ALONG)) return above;
  const below = partedAt(-Infinity), best = below.heights.size < above.heights.size - 1e-9 || above.outers.length === 0 ? below : above;
  if (best.heights.size <= 1e-9 || best.outers.length === 0) return best;
  return ownHeights(best.outers, seen.direction).map(partedAt).reduce((a, b) => (b.outers.length > 0 && b.heights.size < a.heights.size - 1e-9 ? b : a), best);
}

/** The heights at which most of a loop's length runs level: where parallel walls might be parted as well. */
function ownHeights(loops: readonly Loop[], d: Vec3): number[] {
  const runs: { height: number; length: number }[] = [], all = new Spread();
  for (const { points } of loops) for (let i = 0; i + 1 < points.length; i++) {
    const p = points[i], q = points[i + 1], h = dot(p, d), length = norm(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    all.add(h, h);
    if (Math.abs(h - dot(q, d)) > 1e-6 * length) continue;
    const run = runs.find((r) => Math.abs(r.height - h) < 1e-6);
    if (run) run.length += length; else runs.push({ height: h, length });
  }
  const [low, high] = all.range ?? [0, 0];
  return [...runs.sort((a, b) => b.length - a.length).slice(0, 3).map((r) => r.height), (low + high) / 2];
}

function choose({ body, outline, sides }: View, lines: TurnLines): Line {
  const all = closedLoops(lines, (s) => s.facets.some(sides.isHidden)).map((l) => measure(body, l, lines, outline.d, sides)).filter((l): l is Loop => l !== undefined);
  // The outline of the part's shadow is the parting line even where slides form most of what it runs around.
  const reaching = all.filter((l) => reaches(outline, l.points)), open = reaching.filter((l) => l.hiddenShare <= WHOLLY), outers = open.length > 0 ? open : reaching;
  const heights = new Spread();
  for (const { heights: [low, high] } of outers) heights.add(low, high);
  return { loops: all.filter((l) => l.hiddenShare <= MOSTLY || outers.includes(l)), outers, heights };
}

/** How far a body reaches to each side, seen along d. */
interface Outline { readonly d: Vec3; readonly ways: readonly { readonly way: Vec3; readonly farthest: number; readonly slack: number }[] }

function outlineOf({ facets: { positions: p } }: Body, d: Vec3): Outline {
  const [x, y] = framePerpendicular(d);
  return { d, ways: Array.from({ length: SIDES }, (_, i) => {
    const c = Math.cos((2 * Math.PI * i) / SIDES), s = Math.sin((2 * Math.PI * i) / SIDES), way: Vec3 = [c * x[0] + s * y[0], c * x[1] + s * y[1], c * x[2] + s * y[2]], [wx, wy, wz] = way;
    let low = Infinity, high = -Infinity;
    for (let v = 0; v < p.length; v += 3) {
      const h = p[v] * wx + p[v + 1] * wy + p[v + 2] * wz;
      if (h < low) low = h;
      if (h > high) high = h;
    }
    return { way, farthest: high, slack: OUTERMOST * (high - low) };
  }) };
}

/** Whether a loop is part of the outline on some side. */
const reaches = ({ ways }: Outline, loop: readonly Vec3[]): boolean => ways.some(({ way, farthest, slack }) => loop.some((p) => dot(p, way) >= farthest - slack));

/** Walks the segments to loops; at a crossing of several it keeps to what is hidden, or to what is not. */
function closedLoops({ segments }: TurnLines, hiddenSide: (s: TurnSegment) => boolean): { nodes: number[]; segments: TurnSegment[] }[] {
  const at = new Map<number, number[]>();
  segments.forEach((s, i) => { for (const n of [s.from, s.to]) { const list = at.get(n); if (list) list.push(i); else at.set(n, [i]); } });
  const used = new Uint8Array(segments.length), out: { nodes: number[]; segments: TurnSegment[] }[] = [];
  for (let first = 0; first < segments.length; first++) {
    if (used[first]) continue;
    used[first] = 1;
    const nodes = [segments[first].from, segments[first].to], own = [segments[first]], wanted = hiddenSide(segments[first]);
    while (nodes[nodes.length - 1] !== nodes[0]) {
      const here = nodes[nodes.length - 1], open = (at.get(here) ?? []).filter((i) => !used[i]);
      const next = open.find((i) => hiddenSide(segments[i]) === wanted) ?? open[0];
      if (next === undefined) break;
      used[next] = 1;
      own.push(segments[next]);
      nodes.push(segments[next].from === here ? segments[next].to : segments[next].from);
    }
    out.push({ nodes, segments: own });
  }
  return out;
}

/** A loop's points and heights; undefined when it has no size. */
function measure({ facets }: Body, { nodes, segments }: { nodes: number[]; segments: TurnSegment[] }, { points }: TurnLines, d: Vec3, { isHidden }: Sides): Loop | undefined {
  const path = nodes.map((n) => points.get(n)!), h = path.map((p) => dot(p, d)), own = new Spread(), most = new Spread();
  let length = 0, hiddenLength = 0;
  segments.forEach((s, i) => {
    const [p, q] = [path[i], path[i + 1]], step = norm(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    length += step;
    if (s.facets.some(isHidden)) hiddenLength += step; else own.add(Math.min(h[i], h[i + 1]), Math.max(h[i], h[i + 1]));
  });
  if (!(length > 1e-9)) return undefined;
  if (!own.range) segments.forEach((s, i) => most.add(...reachOf(facets, s, d, h, i)));
  return { points: path, segments, alongMm: h, heights: own.range ?? most.range ?? [0, 0], hiddenShare: hiddenLength / length };
}

/** What surely holds the spread of a line's outer loops. */
function boundsOf({ body: { facets }, seen, sides: { isHidden, isTouched } }: View, { outers }: Line): readonly [low: number, high: number] {
  const sure = new Spread(), most = new Spread();
  for (const { segments, alongMm: h } of outers) segments.forEach((s, i) => {
    most.add(...reachOf(facets, s, seen.direction, h, i));
    // Within a face the line is sure where it crosses facets; where it follows their sides it could run elsewhere.
    if (!s.facets.some(isHidden) && !s.facets.some(isTouched) && (s.meshEdge < 0 || facets.faceOf[s.facets[0]] !== facets.faceOf[s.facets[1]])) sure.add(Math.min(h[i], h[i + 1]), Math.max(h[i], h[i + 1]));
  });
  return [sure.size, most.size];
}

/**
 * Between which heights the true line runs beside segment i of a loop: beyond its ends by no more than the slopes of the segment and its
 * neighbours carry it half way, and no further than its facets reach.
 * @param h heights of the loop's points
 */
function reachOf({ faceOf, indices, positions, deviationMm }: Facets, { facets }: TurnSegment, d: Vec3, h: readonly number[], i: number): readonly [low: number, high: number] {
  const n = h.length - 1, rise = (k: number): number => Math.abs(h[((k + n) % n) + 1] - h[(k + n) % n]);
  const low = Math.min(h[i], h[i + 1]), high = Math.max(h[i], h[i + 1]), overMm = Math.max(rise(i - 1), rise(i), rise(i + 1)) / 2;
  const own = new Spread(), off = 2 * Math.max(...facets.map((t) => deviationMm[faceOf[t]]));
  for (const t of facets) for (let k = 0; k < 3; k++) { const at = dot(pointAt(positions, indices[t * 3 + k]), d); own.add(at, at); }
  const [least, most] = own.range!;
  return [Math.min(low, Math.max(low - overMm, least - off)), Math.max(high, Math.min(high + overMm, most + off))];
}

/** Least and greatest of ranges added. */
class Spread {
  #low = Infinity;
  #high = -Infinity;
  add(low: number, high: number): void { if (low < this.#low) this.#low = low; if (high > this.#high) this.#high = high; }
  get range(): Range | undefined { return this.#low <= this.#high ? [this.#low, this.#high] : undefined; }
  get size(): number { return Math.max(0, this.#high - this.#low); }
}

/** Edges of the body whose whole length lies on the loops. */
function wholeEdges(body: Body, segments: readonly TurnSegment[]): Set<number> {
  const edgeOf = edgeOfMesh(body), pieces = new Map<number, Set<number>>();
  for (const s of segments) {
    const edge = s.meshEdge < 0 ? -1 : edgeOf[s.meshEdge];
    if (edge >= 0) pieces.set(edge, (pieces.get(edge) ?? new Set<number>()).add(s.meshEdge));
  }
  return new Set([...pieces].filter(([edge, mesh]) => mesh.size >= body.edges[edge].points.length / 3 - 1).map(([edge]) => edge));
}
