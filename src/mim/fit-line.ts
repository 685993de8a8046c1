import { tQuantile, twoSidedP } from "./distributions.ts";

/** A straight line, or a line through the origin, fitted by weighted least squares. */
export interface LineFit {
  readonly through: "origin" | "intercept";
  readonly slope: number;
  /** 0 through the origin. */
  readonly intercept: number;
  readonly slopeSe: number;
  readonly interceptSe: number;
  /** Points less parameters. */
  readonly df: number;
  /** Standard deviation about the line at weight 1. */
  readonly scatter: number;
  /** y minus the line, per point. */
  readonly residuals: readonly number[];
  /** Externally studentised residuals (each against the fit without it); NaN where df < 2. */
  readonly studentised: readonly number[];
  /** Standard error of the line itself at x. */
  lineSe(x: number): number;
}

/** An interval around a value. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Least squares of y on x, x exact, variance of y ∝ 1/weight (equal weights when left out). Undefined when there are
 * no degrees of freedom left or all x are the same.
 */
export function fitLine(x: readonly number[], y: readonly number[], through: LineFit["through"], weights: readonly number[] = x.map(() => 1)): LineFit | undefined {
  const n = x.length;
  const df = n - (through === "origin" ? 1 : 2);
  if (df < 1) return undefined;
  const total = sum(weights);
  // The origin fit is the same algebra about 0 instead of about the mean.
  const xMean = through === "origin" ? 0 : sum(x.map((v, i) => weights[i] * v)) / total;
  const yMean = through === "origin" ? 0 : sum(y.map((v, i) => weights[i] * v)) / total;
  const sxx = sum(x.map((v, i) => weights[i] * (v - xMean) ** 2));
  if (!(sxx > 1e-12 * sum(x.map((v, i) => weights[i] * v * v)))) return undefined;
  const slope = sum(x.map((v, i) => weights[i] * (v - xMean) * (y[i] - yMean))) / sxx;
  const intercept = yMean - slope * xMean;
  const residuals = x.map((v, i) => y[i] - yMean - slope * (v - xMean));
  const rss = sum(residuals.map((r, i) => weights[i] * r * r));
  const variance = rss / df;
  const atMean = through === "origin" ? 0 : 1 / total;
  const lineVariance = (v: number): number => variance * (atMean + (v - xMean) ** 2 / sxx);
  const studentised = residuals.map((r, i) => {
    if (df < 2) return Number.NaN;
    const free = 1 - weights[i] * (atMean + (x[i] - xMean) ** 2 / sxx);
    const without = (rss - (weights[i] * r * r) / free) / (df - 1);
    return (r * Math.sqrt(weights[i])) / Math.sqrt(Math.max(without, 0) * free);
  });
  return {
    through,
    slope,
    intercept,
    slopeSe: Math.sqrt(variance / sxx),
    interceptSe: Math.sqrt(lineVariance(0)),
    df,
    scatter: Math.sqrt(variance),
    residuals,
    studentised,
    lineSe: (v) => Math.sqrt(lineVariance(v)),
  };
}

/** Confidence interval of the slope, of a level like 0.95. */
export function slopeInterval(fit: LineFit, confidence: number): Interval {
  const half = tQuantile(1 - confidence, fit.df) * fit.slopeSe;
  return { value: fit.slope, low: fit.slope - half, high: fit.slope + half };
}

/** Confidence interval of the intercept and the probability of one as large by chance. */
export function interceptTest(fit: LineFit, confidence: number): Interval & { readonly p: number } {
  const half = tQuantile(1 - confidence, fit.df) * fit.interceptSe;
  const p = fit.interceptSe > 0 ? twoSidedP(fit.intercept / fit.interceptSe, fit.df) : Number(fit.intercept === 0);
  return { value: fit.intercept, low: fit.intercept - half, high: fit.intercept + half, p };
}

/** Half width of the interval that holds one more measurement at x, of weight w. */
export const predictionHalfWidth = (fit: LineFit, x: number, confidence: number, weight = 1): number =>
  tQuantile(1 - confidence, fit.df) * Math.hypot(fit.scatter / Math.sqrt(weight), fit.lineSe(x));

/**
 * Index of the point that is furthest out, when its externally studentised residual is beyond the Bonferroni limit
 * of a family-wise `alpha`; -1 when none is. `resolution` is the smallest residual worth speaking of.
 */
export function worstOutlier({ studentised, residuals, df }: Pick<LineFit, "studentised" | "residuals" | "df">, alpha: number, resolution = 0): number {
  let worst = -1;
  studentised.forEach((t, i) => {
    if (!Number.isNaN(t) && Math.abs(residuals[i]) > resolution && (worst < 0 || Math.abs(t) > Math.abs(studentised[worst]))) worst = i;
  });
  if (worst < 0) return -1;
  return twoSidedP(studentised[worst], df - 1) * studentised.length < alpha ? worst : -1;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
