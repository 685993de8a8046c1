import type { Curve } from "./curve.ts";
import { basisDerivatives, findSpan } from "./nurbs-basis.ts";

const basis = new Float64Array(3 * 32);

/**
 * Point and first two derivatives of a curve.
 * @param out `[9]` C, C′, C″, xyz each, mm per parameter unit
 */
export function evaluateCurve(curve: Curve, t: number, out: Float64Array): void {
  switch (curve.kind) {
    case "line":
      for (let k = 0; k < 3; k++) {
        out[k] = curve.origin[k] + t * curve.direction[k];
        out[3 + k] = curve.direction[k];
        out[6 + k] = 0;
      }
      return;
    case "circle":
      return conic(curve.frame, Math.cos(t) * curve.radiusMm, Math.sin(t) * curve.radiusMm, -Math.sin(t) * curve.radiusMm, Math.cos(t) * curve.radiusMm, -1, out);
    case "ellipse":
      return conic(curve.frame, Math.cos(t) * curve.majorMm, Math.sin(t) * curve.minorMm, -Math.sin(t) * curve.majorMm, Math.cos(t) * curve.minorMm, -1, out);
    case "hyperbola":
      return conic(curve.frame, Math.cosh(t) * curve.majorMm, Math.sinh(t) * curve.minorMm, Math.sinh(t) * curve.majorMm, Math.cosh(t) * curve.minorMm, 1, out);
    case "parabola": {
      const { origin, x, y } = curve.frame, q = 1 / (4 * curve.focalMm);
      for (let k = 0; k < 3; k++) {
        out[k] = origin[k] + t * t * q * x[k] + t * y[k];
        out[3 + k] = 2 * t * q * x[k] + y[k];
        out[6 + k] = 2 * q * x[k];
      }
      return;
    }
    case "nurbs":
      return nurbsCurve(curve, t, out);
    case "other":
      out.fill(NaN, 0, 9);
  }
}

/** C = o + a·x + b·y, C′ = da·x + db·y, C″ = sign·(a·x + b·y). */
function conic(frame: { origin: readonly number[]; x: readonly number[]; y: readonly number[] }, a: number, b: number, da: number, db: number, sign: number, out: Float64Array): void {
  for (let k = 0; k < 3; k++) {
    const radial = a * frame.x[k] + b * frame.y[k];
    out[k] = frame.origin[k] + radial;
    out[3 + k] = da * frame.x[k] + db * frame.y[k];
    out[6 + k] = sign * radial;
  }
}

function nurbsCurve(curve: Extract<Curve, { kind: "nurbs" }>, t: number, out: Float64Array): void {
  const { degree, knots, poles, weights } = curve;
  const count = poles.length / 3;
  const first = knots[degree], last = knots[count];
  if (curve.period > 0) t -= Math.floor((t - first) / curve.period) * curve.period;
  const span = findSpan(knots, degree, count, Math.min(Math.max(t, first), last));
  basisDerivatives(knots, degree, span, Math.min(Math.max(t, first), last), basis);
  const rational = weights.length > 0, stride = degree + 1;
  let w0 = 0, w1 = 0, w2 = 0;
  out.fill(0, 0, 9);
  for (let i = 0; i <= degree; i++) {
    const pole = span - degree + i, w = rational ? weights[pole] : 1;
    const b0 = basis[i] * w, b1 = basis[stride + i] * w, b2 = basis[2 * stride + i] * w;
    w0 += b0; w1 += b1; w2 += b2;
    for (let k = 0; k < 3; k++) {
      const p = poles[pole * 3 + k];
      out[k] += b0 * p; out[3 + k] += b1 * p; out[6 + k] += b2 * p;
    }
  }
  if (!rational) return;
  for (let k = 0; k < 3; k++) {
    const c = out[k] / w0;
    const c1 = (out[3 + k] - w1 * c) / w0;
    out[6 + k] = (out[6 + k] - 2 * w1 * c1 - w2 * c) / w0;
    out[k] = c; out[3 + k] = c1;
  }
}
