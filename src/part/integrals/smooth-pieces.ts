import type { Curve } from "../curve.ts";
import { evaluateCurve } from "../evaluate-curve.ts";
import { knotsInside } from "./knots-inside.ts";

/** Angles are cut into pieces of at most this, on which one rule is good to 1e-15. */
const ARC = Math.PI / 2;
/** Points at which a smooth piece is looked at for crossings. */
const SAMPLES = 8;
const BISECTIONS = 50;

const c = new Float64Array(9);

/**
 * Parameters that cut a curve (u, v, 0) into pieces on which an integral along it is smooth: its own knots, and where u or
 * v passes a break of the surface. A crossing that is missed costs halvings, no accuracy.
 * @param angular true when u (index 0) or v (1) is an angle
 */
export function smoothPieces(curve: Curve, breaks: readonly [Float64Array, Float64Array], angular: readonly [boolean, boolean]): number[] {
  const [first, last] = curve.range, cuts = [first, ...(curve.kind === "nurbs" ? knotsInside(curve.knots, curve.period, curve.range) : []), last];
  const near = 1e-12 * (last - first), all = cuts.slice();
  for (let i = 1; i < cuts.length; i++) for (const k of [0, 1] as const) if (breaks[k].length > 0) all.push(...crossings(curve, k, breaks[k], cuts[i - 1], cuts[i]));
  all.sort((a, b) => a - b);
  const kept = all.filter((t, i) => i === 0 || t - all[i - 1] > near);
  const turn = turnOf(curve, angular);
  return turn === 0 ? kept : kept.flatMap((t, i) => (i === 0 ? [t] : split(kept[i - 1], t, Math.ceil((turn * (t - kept[i - 1])) / ARC - 1e-9))));
}

/** Radians passed in one unit of the parameter. */
function turnOf(curve: Curve, angular: readonly [boolean, boolean]): number {
  if (curve.kind === "circle" || curve.kind === "ellipse") return 1;
  return curve.kind === "line" ? Math.max(angular[0] ? Math.abs(curve.direction[0]) : 0, angular[1] ? Math.abs(curve.direction[1]) : 0) : 0;
}

const split = (a: number, b: number, parts: number): number[] => Array.from({ length: Math.max(1, parts) }, (_, i) => a + ((b - a) * (i + 1)) / Math.max(1, parts));

function crossings(curve: Curve, k: 0 | 1, breaks: Float64Array, a: number, b: number): number[] {
  if (curve.kind === "line") {
    return curve.direction[k] === 0 ? [] : Array.from(breaks, (at) => (at - curve.origin[k]) / curve.direction[k]).filter((t) => t > a && t < b);
  }
  const value = (t: number): number => { evaluateCurve(curve, t, c); return c[k]; };
  const found: number[] = [];
  for (let i = 0, from = value(a); i < SAMPLES; i++) {
    const low = a + ((b - a) * i) / SAMPLES, high = a + ((b - a) * (i + 1)) / SAMPLES, to = value(high);
    for (const at of breaks) if ((from < at) !== (to < at)) found.push(bisect((t) => value(t) < at, low, high));
    from = to;
  }
  return found;
}

function bisect(below: (t: number) => boolean, low: number, high: number): number {
  const start = below(low);
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (below(middle) === start) low = middle; else high = middle;
  }
  return (low + high) / 2;
}
