import type { Curve } from "../part/curve.ts";
import { evaluateCurve } from "../part/evaluate-curve.ts";
import type { Vec3 } from "../units.ts";

const point = new Float64Array(9);
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A value and where it is taken. */
export interface ValueAt {
  readonly value: number;
  readonly at: Vec3;
}

/** Fewest samples on a curve before its extremes are refined: every arc of a full circle holds one extreme at most. */
const SAMPLES = 24;
const STEPS = 45;

/**
 * Least and greatest value of a smooth function along a curve, refined to rounding between samples. Values that are
 * not finite are passed over; undefined when none is finite or the curve has no formula.
 * @param samples how many samples are taken first; extremes closer together than two samples may be missed
 */
export function curveExtremes(curve: Curve, f: (p: Vec3) => number, samples = SAMPLES): { min: ValueAt; max: ValueAt } | undefined {
  if (curve.kind === "other") return undefined;
  const [first, last] = curve.range, n = curve.kind === "line" ? Math.min(samples, 4) : samples;
  const at = (t: number): Vec3 => { evaluateCurve(curve, t, point); return [point[0], point[1], point[2]]; };
  const ts = Array.from({ length: n + 1 }, (_, i) => first + ((last - first) * i) / n);
  const values = ts.map((t) => f(at(t)));
  let low = -1, high = -1;
  values.forEach((v, i) => {
    if (!isFinite(v)) return;
    if (low < 0 || v < values[low]) low = i;
    if (high < 0 || v > values[high]) high = i;
  });
  if (low < 0) return undefined;
  const spread = values[high] - values[low];
  const refine = (sign: 1 | -1): ValueAt => {
    let bestT = ts[sign > 0 ? low : high], best = sign * f(at(bestT));
    const first = best;
    for (let i = 0; i <= n && spread > 1e-12; i++) {
      const here = sign * values[i];
      // Between samples a smooth function gains little over them: far from the best there is nothing to find.
      if (here > first + 0.3 * spread) continue;
      if (!(here <= sign * (values[i - 1] ?? NaN) || i === 0) || !(here <= sign * (values[i + 1] ?? NaN) || i === n)) continue;
      const [t, v] = goldenMinimum((s) => sign * f(at(s)), ts[Math.max(0, i - 1)], ts[Math.min(n, i + 1)]);
      if (v < best) { best = v; bestT = t; }
    }
    return { value: sign * best, at: at(bestT) };
  };
  return { min: refine(1), max: refine(-1) };
}

function goldenMinimum(f: (t: number) => number, a: number, b: number): [t: number, value: number] {
  let c = b - GOLDEN * (b - a), d = a + GOLDEN * (b - a), fc = f(c), fd = f(d);
  for (let i = 0; i < STEPS; i++) {
    if (fc < fd) { b = d; d = c; fd = fc; c = b - GOLDEN * (b - a); fc = f(c); }
    else { a = c; c = d; fc = fd; d = a + GOLDEN * (b - a); fd = f(d); }
  }
  const [fa, fb] = [f(a), f(b)];
  return fa <= Math.min(fb, fc) ? [a, fa] : fb <= fc ? [b, fb] : [c, fc];
}
