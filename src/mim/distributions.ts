/**
 * Student's t and Fisher's F for confidence intervals and tests. Written out because the packages that have it are either two
 * hundred modules deep or without types; tails keep their relative accuracy, which Bonferroni limits need.
 */

/** P(|T| > |t|) for `df` degrees of freedom: I_{df/(df+t²)}(df/2, 1/2). */
export function twoSidedP(t: number, df: number): number {
  if (!(df > 0)) return Number.NaN;
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  return incompleteBeta(df / 2, 0.5, df / (df + t * t), (t * t) / (df + t * t));
}

/**
 * The t that |T| exceeds with probability `alpha` (two-sided), 0 < alpha < 1: 2.2281 for alpha 0.05, df 10.
 * Newton on ln P against ln t, kept inside a bracket: the tail falls steadily, so it cannot fail to converge.
 */
export function tQuantile(alpha: number, df: number): number {
  if (!(alpha > 0 && alpha < 1 && df > 0)) return Number.NaN;
  // Every dimension of a calibration asks for the same quantile.
  if (last.alpha !== alpha || last.df !== df) last = { alpha, df, t: solveQuantile(alpha, df) };
  return last.t;
}

let last = { alpha: Number.NaN, df: Number.NaN, t: Number.NaN };

function solveQuantile(alpha: number, df: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedP(high, df) > alpha) [low, high] = [high, high * 4];
  let t = high;
  for (let i = 0; i < 200; i++) {
    const p = twoSidedP(t, df);
    if (p > alpha) low = t;
    else high = t;
    const slope = (-2 * t * density(t, df)) / p;
    let next = t * Math.exp((Math.log(alpha) - Math.log(p)) / slope);
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - t) <= 2e-16 * t || high - low <= 2e-16 * high) return next;
    t = next;
  }
  return t;
}

const density = (t: number, df: number): number =>
  Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI) - ((df + 1) / 2) * Math.log1p((t * t) / df));

/** P(F > f) for d1 and d2 degrees of freedom: I_{d2/(d2+d1 f)}(d2/2, d1/2). */
export function fTailP(f: number, d1: number, d2: number): number {
  if (!(d1 > 0 && d2 > 0) || Number.isNaN(f)) return Number.NaN;
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  return incompleteBeta(d2 / 2, d1 / 2, d2 / (d2 + d1 * f), (d1 * f) / (d2 + d1 * f));
}

/** Regularised incomplete beta I_x(a, b); `y` is 1 − x, given apart so that nothing cancels. */
function incompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y));
  // The fraction converges fast below the mean of the beta distribution; above it the complement does.
  return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, y)) / b;
}

/** Continued fraction of the incomplete beta (Lentz; DLMF 8.17.22). */
function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let value = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

/** ln Γ(x), x > 0: recurrence up to 15, then Stirling's series (DLMF 5.11.1). */
function logGamma(x: number): number {
  let shift = 0;
  while (x < 15) shift -= Math.log(x++);
  const z = 1 / (x * x);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / x;
  return shift + (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
