import { evaluateCurve } from "../evaluate-curve.ts";
import { evaluateTangents, SURFACE_POINT } from "../evaluate-surface.ts";
import type { Surface } from "../surface.ts";
import { anglesOf, type FaceSide } from "./integrate-face.ts";

/** Gaps up to this share of the sides' reach count as closed. */
const CLOSED = 1e-11;

/** A straight side that closes a gap, in the sense of the face's boundary. */
export interface ClosingSide extends FaceSide {
  /** Indices of the sides it runs between. */
  readonly between: readonly [number, number];
}

/**
 * Straight sides for the gaps between the sides of a face: where edges meet within their tolerance only, or where the kernel
 * left a tiny edge out. Without them a boundary integral depends on where its inner integral starts, and pieces of a
 * face do not add up to the face. A side that ends a whole turn from the next start is closed by the surface itself.
 */
export function closingSides(surface: Surface, sides: readonly FaceSide[]): readonly ClosingSide[] {
  const ends = sides.map(endsOf), speeds = speedsOf(surface, ends), turns = turnsOf(surface), free = new Set(sides.keys()), added: ClosingSide[] = [];
  if (!speeds.every(Number.isFinite)) return added;
  const off = (i: number, j: number): number => Math.max(...[0, 1].map((k) => Math.abs(ends[i].end[k] - ends[j].start[k]) * speeds[k]));
  const closed = CLOSED * Math.max(...ends.map((_, i) => off(i, 0)), ...ends.map((_, i) => off(0, i)));
  sides.forEach((_, i) => {
    const next = nextOf(i, sides.length, free, off, closed);
    free.delete(next);
    const step = [0, 1].map((k) => ends[next].start[k] - ends[i].end[k]);
    if (off(i, next) <= closed || step.some((s, k) => turns[k] > 0 && Math.abs(s) > turns[k] / 2)) return;
    added.push({ curve: { kind: "line", origin: [ends[i].end[0], ends[i].end[1], 0], direction: [step[0], step[1], 0], range: [0, 1] }, reversed: false, between: [i, next] });
  });
  return added;
}

/** Full turn of each parameter; 0 where the surface does not come back. */
const turnsOf = (surface: Surface): readonly [number, number] =>
  surface.kind === "nurbs" ? [surface.periodU, surface.periodV] : anglesOf(surface).map((angle) => (angle ? 2 * Math.PI : 0)) as [number, number];

/** The free side that starts nearest to the end of side `i`; its neighbours in the list are the likely ones. */
function nextOf(i: number, count: number, free: ReadonlySet<number>, off: (i: number, j: number) => number, closed: number): number {
  for (const j of [(i + 1) % count, (i + count - 1) % count]) if (free.has(j) && off(i, j) <= closed) return j;
  let best = -1, least = Infinity;
  for (const j of free) {
    const distance = off(i, j);
    if (distance < least) { best = j; least = distance; }
  }
  return best;
}

interface Ends { readonly start: readonly [number, number]; readonly end: readonly [number, number] }

/** Where a side starts and ends as the face's boundary runs. */
function endsOf({ curve, reversed }: FaceSide): Ends {
  const [low, high] = curve.range.map((t): readonly [number, number] => { evaluateCurve(curve, t, c); return [c[0], c[1]]; });
  return reversed ? { start: high, end: low } : { start: low, end: high };
}

/** Millimetres per unit of each parameter, the most at any end. */
function speedsOf(surface: Surface, ends: readonly Ends[]): [number, number] {
  const speeds: [number, number] = [0, 0];
  for (const { end: [u, v] } of ends) {
    evaluateTangents(surface, u, v, point);
    speeds[0] = Math.max(speeds[0], Math.hypot(point[3], point[4], point[5]));
    speeds[1] = Math.max(speeds[1], Math.hypot(point[6], point[7], point[8]));
  }
  return speeds;
}

const c = new Float64Array(9), point = new Float64Array(SURFACE_POINT);
