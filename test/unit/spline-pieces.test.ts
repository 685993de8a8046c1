import { expect, it } from "vitest";
import { evaluateCurve } from "../../src/part/evaluate-curve.ts";
import { SURFACE_POINT, evaluateSurface } from "../../src/part/evaluate-surface.ts";
import { basisDerivatives, findSpan } from "../../src/part/nurbs-basis.ts";
import { MOST_POWERS } from "../../src/part/spline-pieces.ts";
import type { NurbsCurve } from "../../src/part/curve.ts";
import type { NurbsSurface } from "../../src/part/surface.ts";

/** Clamped knots from 0 to 7 with one inner knot twice; a spline of three spans. */
const knotsOf = (degree: number): Float64Array => Float64Array.of(...Array<number>(degree + 1).fill(0), 1.25, 1.25, 4, ...Array<number>(degree + 1).fill(7));
const countOf = (degree: number): number => degree + 4;
/** Far from the origin, as parts of an assembly lie. */
const pole = (i: number, j: number): [number, number, number] => [100 + 9 * Math.sin(1 + i + 3 * j), -40 + 7 * Math.cos(i * j), 5 * j + Math.sin(2 * i)];
const weightOf = (i: number): number => 1 + 0.6 * Math.sin(3 * i);
const PLACES = [0, 0.3, 1.25, 2, 3.999999, 4, 6.5, 7];

/** Values and first two derivatives of the basis functions at t, `[3][count]`, by the recurrence of Piegl and Tiller. */
function basisAt(degree: number, t: number): number[][] {
  const knots = knotsOf(degree), count = countOf(degree), span = findSpan(knots, degree, count, t), own = new Float64Array(3 * (degree + 1));
  basisDerivatives(knots, degree, span, t, own);
  return [0, 1, 2].map((n) => Array.from({ length: count }, (_, i) => own[n * (degree + 1) + i - span + degree] * (i >= span - degree && i <= span ? 1 : 0) || 0));
}

const degrees = Array.from({ length: MOST_POWERS + 2 }, (_, i) => i + 1);

it.each(degrees)("a curve of degree %d is what its basis functions say, below and above the degree for which powers are kept", (degree) => {
  for (const rational of [false, true]) {
    const count = countOf(degree), poles = Float64Array.from(Array.from({ length: count }, (_, i) => pole(i, 1)).flat()), weights = Float64Array.from(rational ? Array.from({ length: count }, (_, i) => weightOf(i)) : []);
    const curve: NurbsCurve = { kind: "nurbs", degree, knots: knotsOf(degree), poles, weights, period: 0, range: [0, 7] }, out = new Float64Array(9);
    for (const t of PLACES) {
      evaluateCurve(curve, t, out);
      const basis = basisAt(degree, t), sum = (n: number, f: (i: number) => number): number => basis[n].reduce((s, b, i) => s + b * (rational ? weightOf(i) : 1) * f(i), 0);
      for (let k = 0; k < 3; k++) {
        // The sums are those of C times the weight: compared without dividing, as (wC)′ = w′C + wC′.
        const [w, w1, w2] = [0, 1, 2].map((n) => (rational ? sum(n, () => 1) : n === 0 ? 1 : 0)), [a, b, c] = [0, 1, 2].map((n) => sum(n, (i) => pole(i, 1)[k]));
        near(w * out[k], a);
        near(w1 * out[k] + w * out[3 + k], b);
        near(w2 * out[k] + 2 * w1 * out[3 + k] + w * out[6 + k], c);
      }
    }
  }
});

it.each(degrees.slice(0, -1).map((degree) => [degree, Math.max(1, 7 - degree)] as const))("a surface of degree %d × %d is what its basis functions say", (degreeU, degreeV) => {
  const countU = countOf(degreeU), countV = countOf(degreeV), poles = Float64Array.from(Array.from({ length: countU * countV }, (_, i) => pole(Math.floor(i / countV), i % countV)).flat());
  const surface: NurbsSurface = { kind: "nurbs", degreeU, degreeV, countU, countV, knotsU: knotsOf(degreeU), knotsV: knotsOf(degreeV), poles, weights: new Float64Array(), periodU: 0, periodV: 0 }, out = new Float64Array(SURFACE_POINT);
  for (const u of PLACES) for (const v of PLACES) {
    evaluateSurface(surface, u, v, out);
    const basisU = basisAt(degreeU, u), basisV = basisAt(degreeV, v);
    [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2]].forEach(([m, n], at) => {
      for (let k = 0; k < 3; k++) near(out[at * 3 + k], basisU[m].reduce((s, b, i) => s + b * basisV[n].reduce((r, c, j) => r + c * pole(i, j)[k], 0), 0));
    });
  }
});

/** Within rounding of coordinates of a hundred and of sums of derivatives that are as many times as large. */
function near(value: number, wanted: number): void {
  expect(Math.abs(value - wanted)).toBeLessThan(1e-11 * (100 + Math.abs(wanted)));
}
