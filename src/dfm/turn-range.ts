import { evaluateCurve } from "../part/evaluate-curve.ts";
import type { Body, Edge } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { EdgeTurn } from "./edge-turn.ts";
import { pointAt } from "./vec3.ts";

/** The most an edge turns to one side, where, and between what bounds the truth lies; degrees. */
export interface MostTurn {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly at: Vec3;
}

/** Asked of the interval, degrees. */
const WANTED_DEG = 1e-4;
/** Rounding of normals from coordinates with 16 digits, degrees. */
const ROUNDING_DEG = 1e-7;
/** Smaller steps off a curve are lost in rounding, mm. */
const LEAST_OFF_MM = 1e-5;
const CELLS = 8;
const MOST_CELLS = 240;
/** Pieces of an edge shorter than this fraction are dropped where a normal is missing: an apex, a pole. */
const SHORTEST = 1e-7;
/** Nearer to 180° than this the two faces lie on one another, and the normals do not tell a fin from a slit. */
const FOLDED_DEG = 0.01;

/** A turn as seen from one side of the edge; where the faces lie on one another it is as much one way as the other. */
export const towards = (sign: 1 | -1, turnDeg: number): number => (Math.abs(turnDeg) > 180 - FOLDED_DEG ? Math.abs(turnDeg) : sign * turnDeg);

interface Cell { readonly from: number; readonly to: number; readonly ends: readonly [number, number]; readonly high: number }

/**
 * Greatest turn of an edge to one side over its whole length, from the exact surfaces: cells of the curve's parameter are
 * halved, the most promising first, until the quadratic through three points and four times the residual measured at two
 * more leave less than 0.0001°. Where the curve has no formula its points are all there is, and the interval says so.
 * @param sign 1 for the convex side, −1 for the hollow one
 */
export function mostTurn(body: Pick<Body, "faces" | "facets">, edge: Edge, sign: 1 | -1): MostTurn {
  const found = edge.curve.kind === "other" ? overPoints(edge, sign) : overCurve(body, edge, sign);
  const folded = found.high > 180 - FOLDED_DEG;
  return { ...found, low: folded ? -180 : Math.max(-180, found.low - ROUNDING_DEG), high: folded ? 180 : Math.min(180, found.high + ROUNDING_DEG) };
}

function overPoints({ turnDeg, points }: Edge, sign: 1 | -1): MostTurn {
  let most = 0, step = 0;
  turnDeg.forEach((t, i) => {
    if (towards(sign, t) > towards(sign, turnDeg[most])) most = i;
    if (i > 0) step = Math.max(step, Math.abs(t - turnDeg[i - 1]));
  });
  const value = towards(sign, turnDeg[most] ?? 0);
  return { value, low: value, high: value + step, at: pointAt(points, most) };
}

function overCurve(body: Pick<Body, "faces" | "facets">, edge: Edge, sign: 1 | -1): MostTurn {
  const turns = new EdgeTurn(body, edge), [first, last] = edge.curve.range, c = new Float64Array(9);
  let value = -Infinity, at = pointAt(edge.points, 0);
  const f = (t: number): number => {
    evaluateCurve(edge.curve, t, c);
    const turn = towards(sign, turns.at(c));
    if (turn > value) { value = turn; at = [c[0], c[1], c[2]]; }
    return turn;
  };
  const cells: Cell[] = [];
  for (let i = 0; i < CELLS; i++) {
    const from = first + ((last - first) * i) / CELLS, to = first + ((last - first) * (i + 1)) / CELLS;
    cells.push(bound(f, from, to, i > 0 ? cells[i - 1].ends[1] : f(from), f(to)));
  }
  const shortest = SHORTEST * (last - first);
  let high = -Infinity;
  for (let made = CELLS; cells.length > 0; ) {
    const next = cells.reduce((best, cell, i) => (cell.high > cells[best].high ? i : best), 0), cell = cells.splice(next, 1)[0];
    if (cell.high <= value + WANTED_DEG) break;
    if (!isFinite(cell.ends[0] + cell.ends[1]) && cell.to - cell.from < shortest) continue;
    if (made >= MOST_CELLS) { high = cell.high; break; }
    const middle = (cell.from + cell.to) / 2, turn = f(middle);
    cells.push(bound(f, cell.from, middle, cell.ends[0], turn), bound(f, middle, cell.to, turn, cell.ends[1]));
    made += 2;
  }
  if (value === -Infinity) return overPoints(edge, sign);
  const loose = looseness(turns, edge.toleranceMm, at);
  return { value, low: value - loose, high: Math.max(high, value + WANTED_DEG) + loose, at };
}

/** How much the turn changes within the edge's tolerance: its curve need not lie closer to the two faces. */
function looseness(turns: EdgeTurn, toleranceMm: number, at: Vec3): number {
  const off = Math.max(toleranceMm, LEAST_OFF_MM), here = turns.at(at);
  let most = 0;
  for (let k = 0; k < 3; k++) for (const s of [off, -off]) {
    const there = turns.at(at.map((x, i) => (i === k ? x + s : x)));
    if (isFinite(there)) most = Math.max(most, Math.abs(there - here));
  }
  return (Math.sqrt(3) * most * toleranceMm) / off;
}

/** Above this no point of the cell turns: the hull of the quadratic through ends and middle, widened by its residual at the quarters. */
function bound(f: (t: number) => number, from: number, to: number, a: number, b: number): Cell {
  const at = (share: number): number => f(from + share * (to - from)), q = at(0.25), m = at(0.5), r = at(0.75), ends = [a, b] as const;
  const residual = Math.max(Math.abs(q - (3 * a + 6 * m - b) / 8), Math.abs(r - (3 * b + 6 * m - a) / 8));
  const high = Math.max(a, b, 2 * m - (a + b) / 2) + 4 * residual;
  return { from, to, ends, high: isFinite(high) ? high : 180 };
}
