import type { NurbsCurve } from "./curve.ts";
import type { NurbsSurface } from "./surface.ts";

/** Powers of higher degrees lose too many digits: those splines have no pieces. */
export const MOST_POWERS = 9;

/** The polynomials of one span of a curve, or of one pair of spans of a surface. */
export interface Piece {
  /** Powers of the parameters measured from the span's middle in half spans: `[dim][i]`, or `[dim][i][j]` of u^i v^j; x, y, z, and the weight where rational, all times the weight. */
  readonly powers: Float64Array;
  readonly middleU: number;
  readonly middleV: number;
  /** 1 over half a span. */
  readonly scaleU: number;
  readonly scaleV: number;
}

/** Pieces kept of one spline; beyond these it starts anew. */
const MOST_KEPT = 8192;

/** Pieces of splines by number. */
class Pieces<Spline extends object> {
  readonly #known = new WeakMap<Spline, { list: Piece[]; count: number }>();
  #last: Spline | undefined;
  #ofLast: { list: Piece[]; count: number } = { list: [], count: 0 };

  at(spline: Spline, index: number): Piece | undefined {
    if (spline !== this.#last) {
      this.#last = spline;
      this.#ofLast = this.#known.get(spline) ?? { list: [], count: 0 };
      this.#known.set(spline, this.#ofLast);
    }
    return this.#ofLast.list[index];
  }

  /** Of the spline last asked about. */
  keep(index: number, piece: Piece): Piece {
    if (this.#ofLast.count++ === MOST_KEPT) { this.#ofLast.list = []; this.#ofLast.count = 1; }
    return (this.#ofLast.list[index] = piece);
  }
}

const curves = new Pieces<NurbsCurve>(), surfaces = new Pieces<NurbsSurface>();

/** The piece of a curve over a span that has a length; made when first asked for. The degree is at most {@link MOST_POWERS}. */
export const curvePiece = (curve: NurbsCurve, span: number): Piece => curves.at(curve, span) ?? curves.keep(span, cutCurve(curve, span));

/** {@link curvePiece} of a surface. */
export function surfacePiece(surface: NurbsSurface, spanU: number, spanV: number): Piece {
  const index = spanU * surface.countV + spanV;
  return surfaces.at(surface, index) ?? surfaces.keep(index, cutSurface(surface, spanU, spanV));
}

function cutCurve({ degree, knots, poles, weights }: NurbsCurve, span: number): Piece {
  const n = degree + 1, dims = weights.length > 0 ? 4 : 3, powers = new Float64Array(dims * n), basis = basisPowers(knots, degree, span);
  for (let r = 0; r < n; r++) {
    const pole = span - degree + r, w = dims === 4 ? weights[pole] : 1;
    for (let d = 0; d < dims; d++) {
      const value = d < 3 ? w * poles[pole * 3 + d] : w;
      for (let i = 0; i < n; i++) powers[d * n + i] += value * basis[r * n + i];
    }
  }
  return { powers, ...alongU(knots, span), middleV: 0, scaleV: 0 };
}

function cutSurface({ degreeU, degreeV, countV, knotsU, knotsV, poles, weights }: NurbsSurface, spanU: number, spanV: number): Piece {
  const nu = degreeU + 1, nv = degreeV + 1, dims = weights.length > 0 ? 4 : 3, powers = new Float64Array(dims * nu * nv), row = new Float64Array(dims * nv);
  const basisU = basisPowers(knotsU, degreeU, spanU), basisV = basisPowers(knotsV, degreeV, spanV);
  for (let r = 0; r < nu; r++) {
    row.fill(0);
    for (let s = 0; s < nv; s++) {
      const pole = (spanU - degreeU + r) * countV + spanV - degreeV + s, w = dims === 4 ? weights[pole] : 1;
      for (let d = 0; d < dims; d++) {
        const value = d < 3 ? w * poles[pole * 3 + d] : w;
        for (let j = 0; j < nv; j++) row[d * nv + j] += value * basisV[s * nv + j];
      }
    }
    for (let d = 0; d < dims; d++) for (let i = 0; i < nu; i++) for (let j = 0; j < nv; j++) powers[(d * nu + i) * nv + j] += basisU[r * nu + i] * row[d * nv + j];
  }
  const v = alongU(knotsV, spanV);
  return { powers, ...alongU(knotsU, spanU), middleV: v.middleU, scaleV: v.scaleU };
}

const alongU = (knots: Float64Array, span: number): { middleU: number; scaleU: number } =>
  ({ middleU: (knots[span] + knots[span + 1]) / 2, scaleU: 2 / (knots[span + 1] - knots[span]) });

/**
 * `[r][i]` powers of the basis functions that are not 0 on a span, measured from its middle in half spans: the recurrence of
 * Cox and de Boor (Piegl & Tiller, A2.2) on polynomials.
 */
function basisPowers(knots: Float64Array, degree: number, span: number): Float64Array {
  const n = degree + 1, out = new Float64Array(n * n), saved = new Float64Array(n), next = new Float64Array(n);
  const middle = (knots[span] + knots[span + 1]) / 2, half = (knots[span + 1] - knots[span]) / 2;
  out[0] = 1;
  for (let j = 1; j <= degree; j++) {
    saved.fill(0);
    for (let r = 0; r < j; r++) {
      const right = knots[span + r + 1], left = knots[span + 1 - j + r], whole = right - left, share = whole === 0 ? 0 : 1 / whole;
      next.fill(0);
      for (let i = 0; i < j; i++) {
        const value = out[r * n + i] * share;
        saved[i] += (right - middle) * value; saved[i + 1] -= half * value;
        next[i] += (middle - left) * value; next[i + 1] += half * value;
      }
      out.set(saved, r * n);
      saved.set(next);
    }
    out.set(saved, j * n);
  }
  return out;
}
