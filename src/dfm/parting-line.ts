import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { seenAlong } from "./contours.ts";
import type { Parting } from "./context.ts";
import { edgeOfMesh } from "./edge-of-mesh.ts";
import { meshTopology } from "./mesh-topology.ts";
import { turnLines, type TurnLines, type TurnSegment } from "./silhouette.ts";
import type { Trapped } from "./trapped.ts";
import { dot, norm } from "../geometry.ts";
import { framePerpendicular } from "./vec3.ts";

/** The parting line of a body for one direction. */
export interface PartingLine extends Parting {
  /** Which of `loops` runs around the outside; −1 when there is none. The others close holes. */
  readonly outer: number;
  /** Spread of the outer loop along the direction, mm. */
  readonly spreadMm: number;
  /** Least and greatest height of the outer loop, mm, measured from the frame's origin. */
  readonly heightsMm: readonly [number, number];
}

interface Loop { readonly points: Vec3[]; readonly segments: readonly TurnSegment[]; readonly heights: readonly [number, number]; readonly areaMm2: number }

/**
 * Closed loops between what comes free along the direction and what comes free against it. Parallel walls that can
 * leave both ways are put all to one half, all to the other, or parted at the height where the rest of the line runs,
 * whichever gives the flattest outer loop. Loops around hidden surface are not part of it: slides form that.
 */
export function partingLine(body: Body, hidden: Trapped, baseMm: number): PartingLine {
  const { facets } = body, seen = seenAlong(facets, hidden.direction, baseMm), { areaMm2 } = meshTopology(facets);
  const isHidden = (t: number): boolean => hidden.facetAreaMm2[t] > 0.5 * areaMm2[t];
  const partedAt = (heightMm: number): PartingLine => {
    const lines = turnLines(body, seen, (t, v) => (hidden.reach[t] === 1 ? 1 : hidden.reach[t] === 2 ? -1 : heightMm === -Infinity ? 1 : heightMm === Infinity ? -1 : seen.z[v] - heightMm));
    return choose(body, lines, hidden.direction, isHidden);
  };
  const above = partedAt(Infinity), below = partedAt(-Infinity);
  const best = below.spreadMm < above.spreadMm - 1e-9 || above.outer < 0 ? below : above;
  if (best.spreadMm <= 1e-9 || best.outer < 0) return best;
  const heights = ownHeights(best.loops[best.outer], hidden.direction);
  return heights.map(partedAt).reduce((a, b) => (b.outer >= 0 && b.spreadMm < a.spreadMm - 1e-9 ? b : a), best);
}

/** The heights at which most of a loop's length runs level: where parallel walls might be parted as well. */
function ownHeights(loop: Float64Array, d: Vec3): number[] {
  const runs: { height: number; length: number }[] = [];
  const at = (i: number): Vec3 => [loop[i], loop[i + 1], loop[i + 2]];
  let low = Infinity, high = -Infinity;
  for (let i = 0; i + 3 < loop.length; i += 3) {
    const p = at(i), q = at(i + 3), h = dot(p, d), length = norm(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    low = Math.min(low, h); high = Math.max(high, h);
    if (Math.abs(h - dot(q, d)) > 1e-6 * length) continue;
    const run = runs.find((r) => Math.abs(r.height - h) < 1e-6);
    if (run) run.length += length; else runs.push({ height: h, length });
  }
  return [...runs.sort((a, b) => b.length - a.length).slice(0, 3).map((r) => r.height), (low + high) / 2];
}

function choose(body: Body, lines: TurnLines, d: Vec3, isHidden: (t: number) => boolean): PartingLine {
  const hiddenSide = (s: TurnSegment): boolean => isHidden(s.facets[0]) || isHidden(s.facets[1]);
  const loops = closedLoops(lines, hiddenSide).map((l) => measure(l, lines, d, hiddenSide)).filter((l): l is Loop => l !== undefined);
  let outer = -1;
  loops.forEach((l, i) => { if (outer < 0 || l.areaMm2 > loops[outer].areaMm2) outer = i; });
  const heightsMm = outer < 0 ? ([0, 0] as const) : loops[outer].heights;
  return {
    loops: loops.map((l) => Float64Array.from(l.points.flat())), edges: wholeEdges(body, loops.flatMap((l) => l.segments)),
    outer, spreadMm: heightsMm[1] - heightsMm[0], heightsMm,
  };
}

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

/** A loop's points, heights and area across the direction; undefined when most of it runs around hidden surface or it has no size. */
function measure({ nodes, segments }: { nodes: number[]; segments: TurnSegment[] }, { points }: TurnLines, d: Vec3, hiddenSide: (s: TurnSegment) => boolean): Loop | undefined {
  const path = nodes.map((n) => points.get(n)!);
  let length = 0, hiddenLength = 0, low = Infinity, high = -Infinity, area = 0;
  const [x, y] = framePerpendicular(d);
  segments.forEach((s, i) => {
    const [p, q] = [path[i], path[i + 1]], step = norm(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    length += step;
    area += (dot(p, x) * dot(q, y) - dot(q, x) * dot(p, y)) / 2;
    if (hiddenSide(s)) { hiddenLength += step; return; }
    low = Math.min(low, dot(p, d), dot(q, d)); high = Math.max(high, dot(p, d), dot(q, d));
  });
  if (!(length > 1e-9) || hiddenLength > 0.5 * length || low > high) return undefined;
  return { points: path, segments, heights: [low, high], areaMm2: Math.abs(area) };
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
