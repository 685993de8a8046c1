import { real } from "./bare-text.ts";

/** A piece of the unit circle as a rational quadratic B-spline. */
export interface Arc {
  /** Poles `[cos, sin]` and weights. */
  readonly poles: readonly (readonly [number, number])[];
  readonly weights: readonly number[];
  readonly knots: readonly number[];
  readonly multiplicities: readonly number[];
}

/** The unit circle from one angle to another (radians, at most a full turn) in arcs of at most 90°: exact. */
export function unitArc(from: number, to: number): Arc {
  const count = Math.max(1, Math.ceil((to - from) / (Math.PI / 2) - 1e-9)), step = (to - from) / count, w = Math.cos(step / 2);
  const poles: [number, number][] = [[Math.cos(from), Math.sin(from)]], weights = [1];
  for (let i = 0; i < count; i++) {
    const middle = from + (i + 0.5) * step, end = from + (i + 1) * step;
    poles.push([Math.cos(middle) / w, Math.sin(middle) / w], [Math.cos(end), Math.sin(end)]);
    weights.push(w, 1);
  }
  // A full turn closes to the last bit.
  if (Math.abs(to - from - 2 * Math.PI) < 1e-12) poles[poles.length - 1] = poles[0];
  const knots = Array.from({ length: count + 1 }, (_, i) => from + i * step);
  return { poles, weights, knots, multiplicities: knots.map((_, i) => (i === 0 || i === count ? 3 : 2)) };
}

/** A straight piece as a B-spline of degree 1. */
export const straight = (from: number, to: number): Arc => ({ poles: [[from, 0], [to, 0]], weights: [1, 1], knots: [from, to], multiplicities: [2, 2] });

const ints = (n: readonly number[]): string => `(${n.join()})`;
const reals = (n: readonly number[]): string => `(${n.map(real).join()})`;

/** Record of a rational B-spline surface over two arcs; `pole(i, j)` gives the id of a pole. */
export function rationalSurface(u: Arc, v: Arc, pole: (i: number, j: number) => number): string {
  const grid = <T>(of: (i: number, j: number) => T): string => `(${u.poles.map((_, i) => `(${v.poles.map((__, j) => of(i, j)).join()})`).join()})`;
  const degree = (arc: Arc): number => arc.multiplicities[0] - 1;
  return `(BOUNDED_SURFACE()B_SPLINE_SURFACE(${degree(u)},${degree(v)},${grid((i, j) => `#${pole(i, j)}`)},.UNSPECIFIED.,.F.,.F.,.F.)` +
    `B_SPLINE_SURFACE_WITH_KNOTS(${ints(u.multiplicities)},${ints(v.multiplicities)},${reals(u.knots)},${reals(v.knots)},.UNSPECIFIED.)` +
    `GEOMETRIC_REPRESENTATION_ITEM()RATIONAL_B_SPLINE_SURFACE(${grid((i, j) => real(u.weights[i] * v.weights[j]))})REPRESENTATION_ITEM('')SURFACE())`;
}

/**
 * The range an angle covers on a face: a full turn from 0 where the face is closed there (its seam is at 0), else
 * from its first to its last sample with a little more on either side.
 */
export function angleRange(angles: readonly number[], closed: boolean): readonly [number, number] {
  const turn = 2 * Math.PI;
  if (closed || angles.length === 0) return [0, turn];
  const sorted = angles.map((a) => ((a % turn) + turn) % turn).sort((a, b) => a - b);
  let gap = sorted[0] + turn - sorted[sorted.length - 1], start = sorted[0];
  for (let i = 1; i < sorted.length; i++) if (sorted[i] - sorted[i - 1] > gap) { gap = sorted[i] - sorted[i - 1]; start = sorted[i]; }
  const spare = Math.min(gap / 3, 0.2);
  return [start - spare, start + turn - gap + spare];
}

