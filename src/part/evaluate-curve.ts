import type { Curve, NurbsCurve } from "./curve.ts";
import { basisDerivatives, findSpan } from "./nurbs-basis.ts";
import { MOST_POWERS, curvePiece } from "./spline-pieces.ts";

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

function nurbsCurve(curve: NurbsCurve, t: number, out: Float64Array): void {
  const { degree, knots, poles, weights } = curve, count = poles.length / 3, first = knots[degree], last = knots[count];
  if (curve.period > 0) t -= Math.floor((t - first) / curve.period) * curve.period;
  t = Math.min(Math.max(t, first), last);
  const span = findSpan(knots, degree, count, t);
  if (degree <= MOST_POWERS) fromPiece(curve, span, t, out); else fromBasis(curve, span, t, out);
  if (weights.length > 0) for (let k = 0; k < 3; k++) {
    const c = out[k] / weight[0], c1 = (out[3 + k] - weight[1] * c) / weight[0];
    out[6 + k] = (out[6 + k] - 2 * weight[1] * c1 - weight[2] * c) / weight[0];
    out[k] = c; out[3 + k] = c1;
  }
}

/** The weight and its derivatives, where a curve is rational; what the sums leave in `out` is times the weight then. */
const weight = new Float64Array(3);

function fromPiece(curve: NurbsCurve, span: number, t: number, out: Float64Array): void {
  const { powers: c, middleU, scaleU } = curvePiece(curve, span), n = curve.degree + 1, x = (t - middleU) * scaleU;
  for (let d = 0; d * n < c.length; d++) {
    let s = 0, s1 = 0, s2 = 0;
    for (let at = d * n + n - 1; at >= d * n; at--) { s2 = s2 * x + s1; s1 = s1 * x + s; s = s * x + c[at]; }
    if (d < 3) { out[d] = s; out[3 + d] = s1 * scaleU; out[6 + d] = 2 * s2 * scaleU * scaleU; } else { weight[0] = s; weight[1] = s1 * scaleU; weight[2] = 2 * s2 * scaleU * scaleU; }
  }
}

function fromBasis({ degree, knots, poles, weights }: NurbsCurve, span: number, t: number, out: Float64Array): void {
  basisDerivatives(knots, degree, span, t, basis);
  out.fill(0, 0, 9);
  weight.fill(0);
  for (let i = 0; i <= degree; i++) {
    const pole = span - degree + i, w = weights.length > 0 ? weights[pole] : 1;
    for (let n = 0; n < 3; n++) {
      const b = basis[n * (degree + 1) + i] * w;
      weight[n] += b;
      for (let k = 0; k < 3; k++) out[3 * n + k] += b * poles[pole * 3 + k];
    }
  }
}
