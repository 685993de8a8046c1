/**
 * B-spline basis functions and their first two derivatives (Piegl & Tiller, The NURBS Book, A2.1 and A2.3).
 */

const MAX_DEGREE = 31;
const left = new Float64Array(MAX_DEGREE + 1), right = new Float64Array(MAX_DEGREE + 1);
const table = new Float64Array((MAX_DEGREE + 1) * (MAX_DEGREE + 1));
const row = [new Float64Array(MAX_DEGREE + 1), new Float64Array(MAX_DEGREE + 1)];

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
  const orders = Math.min(2, degree);
  out.fill(0, n, 3 * n);
  for (let r = 0; r <= degree; r++) derivativesOf(r, degree, orders, out);
  let factor = degree;
  for (let k = 1; k <= orders; k++) {
    for (let j = 0; j <= degree; j++) out[k * n + j] *= factor;
    factor *= degree - k;
  }
}

/**
 * Basis functions of one span and their first derivatives: what {@link basisDerivatives} gives, in a third of the time.
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

function derivativesOf(r: number, degree: number, orders: number, out: Float64Array): void {
  const n = degree + 1;
  let s1 = 0, s2 = 1;
  row[0][0] = 1;
  for (let k = 1; k <= orders; k++) {
    const a = row[s1], b = row[s2];
    let d = 0;
    const rk = r - k, pk = degree - k;
    if (r >= k) {
      b[0] = divide(a[0], table[(pk + 1) * n + rk]);
      d = b[0] * table[rk * n + pk];
    }
    const j1 = rk >= -1 ? 1 : -rk, j2 = r - 1 <= pk ? k - 1 : degree - r;
    for (let j = j1; j <= j2; j++) {
      b[j] = divide(a[j] - a[j - 1], table[(pk + 1) * n + rk + j]);
      d += b[j] * table[(rk + j) * n + pk];
    }
    if (r <= pk) {
      b[k] = divide(-a[k - 1], table[(pk + 1) * n + r]);
      d += b[k] * table[r * n + pk];
    }
    out[k * n + r] = d;
    const swap = s1; s1 = s2; s2 = swap;
  }
}

const divide = (a: number, b: number): number => (b === 0 ? 0 : a / b);
