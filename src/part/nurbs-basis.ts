/**
 * B-spline basis functions and their first two derivatives (Piegl & Tiller, The NURBS Book, A2.1 and A2.3).
 */

const MAX_DEGREE = 31;
const left = new Float64Array(MAX_DEGREE + 1), right = new Float64Array(MAX_DEGREE + 1);
const table = new Float64Array((MAX_DEGREE + 1) * (MAX_DEGREE + 1));
const inverse = new Float64Array(MAX_DEGREE + 1);

/** Index s with knots[s] ≤ t < knots[s+1] (the last non-empty span at the end). */
export function findSpan(knots: Float64Array, degree: number, count: number, t: number): number {
  let low = degree, high = count;
  if (t >= knots[count]) {
    let s = count - 1;
    while (s > degree && knots[s] >= knots[s + 1]) s--;
    return s;
  }
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (t < knots[mid]) high = mid; else low = mid;
  }
  return low;
}

/**
 * Basis functions of one span.
 * @param out `[3*(degree+1)]` values, then first, then second derivatives
 */
export function basisDerivatives(knots: Float64Array, degree: number, span: number, t: number, out: Float64Array): void {
  const n = degree + 1;
  table[0] = 1;
  for (let j = 1; j <= degree; j++) {
    left[j] = t - knots[span + 1 - j];
    right[j] = knots[span + j] - t;
    let saved = 0;
    for (let r = 0; r < j; r++) {
      const lower = right[r + 1] + left[j - r];
      table[j * n + r] = lower;
      const temp = lower === 0 ? 0 : table[r * n + j - 1] / lower;
      table[r * n + j] = saved + right[r + 1] * temp;
      saved = left[j - r] * temp;
    }
    table[j * n + j] = saved;
  }
  for (let j = 0; j <= degree; j++) out[j] = table[j * n + degree];
  out.fill(0, n, 3 * n);
  for (let j = 0; j < degree; j++) inverse[j] = divide(1, table[degree * n + j]);
  for (let r = 0; r <= degree && degree > 0; r++) derivativesOf(r, degree, out);
  for (let j = 0; j <= degree; j++) { out[n + j] *= degree; out[2 * n + j] *= degree * (degree - 1); }
}

/**
 * Basis functions of one span and their first derivatives: what {@link basisDerivatives} gives, without the second.
 * @param out at `at`: degree + 1 values, then as many derivatives
 */
export function basisSlopes(knots: Float64Array, degree: number, span: number, t: number, out: Float64Array, at: number): void {
  const n = degree + 1;
  for (let k = at; k < at + 2 * n; k++) out[k] = 0;
  out[at] = 1;
  for (let j = 1; j <= degree; j++) {
    left[j] = t - knots[span + 1 - j];
    right[j] = knots[span + j] - t;
    let saved = 0;
    for (let r = 0; r < j; r++) {
      const share = divide(out[at + r], right[r + 1] + left[j - r]);
      if (j === degree) { out[at + n + r] -= degree * share; out[at + n + r + 1] += degree * share; }
      out[at + r] = saved + right[r + 1] * share;
      saved = left[j - r] * share;
    }
    out[at + j] = saved;
  }
}

/** A2.3 written out for two derivatives of function r. `inverse` holds 1 over the last row of knot differences. */
function derivativesOf(r: number, degree: number, out: Float64Array): void {
  const n = degree + 1, below = (degree - 1) * n, a0 = r >= 1 ? inverse[r - 1] : 0, a1 = r < degree ? -inverse[r] : 0;
  let d1 = 0, d2 = 0;
  if (r >= 1) d1 = a0 * table[(r - 1) * n + degree - 1];
  if (r < degree) d1 += a1 * table[r * n + degree - 1];
  if (r >= 2) d2 = divide(a0, table[below + r - 2]) * table[(r - 2) * n + degree - 2];
  if (r >= 1 && r < degree) d2 += divide(a1 - a0, table[below + r - 1]) * table[(r - 1) * n + degree - 2];
  if (r < degree - 1) d2 += divide(-a1, table[below + r]) * table[r * n + degree - 2];
  out[n + r] = d1;
  out[2 * n + r] = d2;
}

const divide = (a: number, b: number): number => (b === 0 ? 0 : a / b);
