import type { ElementaryCurve } from "./elementary.ts";
import { along, length, sub, triple, type V } from "./frames.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

/** Points taken between the ends of an edge. */
const STEPS = 8;
/** Coarse samples in each knot span when looking for the nearest point. */
const PER_SPAN = 4;

interface Spline {
  readonly degree: number;
  /** `[n]` homogeneous poles `[wx, wy, wz, w]`. */
  readonly poles: readonly (readonly [number, number, number, number])[];
  /** `[n + degree + 1]`. */
  readonly knots: readonly number[];
}

/** A B-spline curve with knots, as {@link ElementaryCurve}; undefined for another curve, for periodic knots and in parameter space. */
export function bsplineCurve(p: Part21, instance: number): ElementaryCurve | undefined {
  const spline = readSpline(p, instance);
  if (!spline) return undefined;
  const { degree, knots, poles } = spline;
  const t0 = knots[degree], t1 = knots[poles.length];
  const at = (t: number): V => deBoor(spline, t);
  const first = at(t0), last = at(t1);
  const size = Math.max(...poles.map(([x, y, z, w]) => length(sub([x / w, y / w, z / w], first))), 1e-300);
  const closed = length(sub(first, last)) < size * 1e-6;
  let samples: { t: number; q: V }[] | undefined;
  const nearest = (q: V): { t: number; off: number } => {
    const toFirst = length(sub(q, first)), toLast = length(sub(q, last));
    if (toFirst < size * 1e-6) return { t: t0, off: toFirst };
    if (toLast < size * 1e-6) return { t: t1, off: toLast };
    samples ??= coarse(spline, at);
    let best = 0;
    for (let i = 1; i < samples.length; i++) if (length(sub(q, samples[i].q)) < length(sub(q, samples[best].q))) best = i;
    let low = samples[Math.max(0, best - 1)].t, high = samples[Math.min(samples.length - 1, best + 1)].t;
    for (let i = 0; i < 60; i++) {
      const a = low + (high - low) / 3, b = high - (high - low) / 3;
      if (length(sub(q, at(a))) < length(sub(q, at(b)))) high = b;
      else low = a;
    }
    const t = (low + high) / 2;
    return { t, off: Math.min(length(sub(q, at(t))), toFirst, toLast) };
  };
  /** Parameters at the ends of an edge, running from its start to its end. */
  const range = (start: V, end: V, forward: boolean): readonly [number, number] => {
    let a = nearest(start).t, b = nearest(end).t;
    const seam = (t: number): boolean => closed && (t === t0 || t === t1);
    if (seam(a)) a = forward ? t0 : t1;
    if (seam(b)) b = forward ? t1 : t0;
    if (closed && forward && b <= a) b += t1 - t0;
    if (closed && !forward && b >= a) b -= t1 - t0;
    return [a, b];
  };
  return {
    distance: (q) => nearest(q).off,
    between: (start, end, forward) => {
      const [a, b] = range(start, end, forward);
      return Array.from({ length: STEPS - 1 }, (_, i) => {
        let t = a + ((b - a) * (i + 1)) / STEPS;
        if (t > t1) t -= t1 - t0;
        else if (t < t0) t += t1 - t0;
        return at(t);
      });
    },
    runs: (start, end, forward) => {
      if (closed) return true;
      const [a, b] = range(start, end, forward);
      return forward ? b > a : a > b;
    },
    exact: false,
  };
}

function coarse({ degree, knots, poles }: Spline, at: (t: number) => V): { t: number; q: V }[] {
  const samples: { t: number; q: V }[] = [];
  for (let i = degree; i < poles.length; i++) {
    if (knots[i + 1] <= knots[i]) continue;
    for (let k = 0; k < PER_SPAN; k++) {
      const t = knots[i] + ((knots[i + 1] - knots[i]) * k) / PER_SPAN;
      samples.push({ t, q: at(t) });
    }
  }
  const t = knots[poles.length];
  samples.push({ t, q: at(t) });
  return samples;
}

function deBoor({ degree, knots, poles }: Spline, t: number): V {
  let span = degree, high = poles.length - 1;
  while (span < high) {
    const middle = (span + high + 1) >> 1;
    if (knots[middle] <= t) span = middle;
    else high = middle - 1;
  }
  const d = Array.from({ length: degree + 1 }, (_, j) => [...poles[j + span - degree]]);
  for (let r = 1; r <= degree; r++) {
    for (let j = degree; j >= r; j--) {
      const i = j + span - degree;
      const gap = knots[i + degree - r + 1] - knots[i];
      const s = gap > 0 ? (t - knots[i]) / gap : 0;
      for (let k = 0; k < 4; k++) d[j][k] = d[j - 1][k] + s * (d[j][k] - d[j - 1][k]);
    }
  }
  const [x, y, z, w] = d[degree];
  return along([0, 0, 0], 1 / w, [x, y, z]);
}

function readSpline(p: Part21, instance: number): Spline | undefined {
  const withKnots = p.part(instance, p.find("B_SPLINE_CURVE_WITH_KNOTS"));
  if (withKnots < 0) return undefined;
  const simple = p.word[instance] >= 0;
  const base = simple ? withKnots : p.part(instance, p.find("B_SPLINE_CURVE"));
  if (base < 0) return undefined;
  const degree = p.num(base, simple ? 1 : 0);
  const points = p.refs(base, simple ? 2 : 1).map((point) => triple(p, point));
  const multiplicities = numbers(p, p.arg(withKnots, simple ? 6 : 0)), values = numbers(p, p.arg(withKnots, simple ? 7 : 1));
  const rational = simple ? -1 : p.part(instance, p.find("RATIONAL_B_SPLINE_CURVE"));
  const weights = rational < 0 ? [] : numbers(p, p.arg(rational, 0));
  const knots = values.flatMap((value, i) => new Array<number>(Math.max(0, Math.min(200, multiplicities[i] ?? 0))).fill(value));
  if (!(degree >= 1) || knots.length !== points.length + degree + 1 || (rational >= 0 && weights.length !== points.length)) return undefined;
  const poles: [number, number, number, number][] = [];
  for (const [i, q] of points.entries()) {
    if (!q) return undefined;
    const w = weights[i] ?? 1;
    poles.push([q[0] * w, q[1] * w, q[2] * w, w]);
  }
  return { degree, poles, knots };
}

function numbers(p: Part21, list: number): number[] {
  const found: number[] = [];
  if (list >= 0 && p.kind[list] === T.OPEN) for (let t = list + 1; t < p.val[list]; t++) if (p.kind[t] === T.NUM) found.push(p.val[t]);
  return found;
}
