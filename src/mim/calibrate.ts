/**
 * What trial parts say about the OSF. Per axis a line is fitted to sintered over cavity size,
 *
 *     measured = cavity / OSF + intercept
 *
 * Shrinkage is proportional and can only change the slope; an intercept is an offset that all sizes share: flash, an
 * open or shifted parting line, wear. Repeats of a dimension are averaged first, because what is not known is how
 * dimensions deviate from the line, not how parts deviate from each other; every dimension then counts once.
 */
import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import { fTailP } from "./distributions.ts";
import { fitLine, interceptTest, predictionHalfWidth, slopeInterval, worstOutlier, type Interval, type LineFit } from "./fit-line.ts";
import { osfVector, type Osf } from "./shrinkage.ts";
import { toleranceMm } from "./tolerance.ts";
import type { TrialAxis, TrialRow } from "./trial.ts";

/** How to calibrate. */
export interface CalibrateOptions {
  /** What the cavity was cut for; needed for rows without a cavity size. */
  readonly osf?: Osf;
  /** Level of all intervals, 0.95 by default. */
  readonly confidence?: number;
  /** `equal`: ordinary least squares. `tolerance`: weighted by 1/tolerance², for scatter that grows with size. */
  readonly weights?: "equal" | "tolerance";
  /** ± of a size in mm where the row gives none; the Align guide's rule by default. */
  readonly toleranceMm?: (sizeMm: number) => number | undefined;
  /** Keep flagged outliers in the fit. */
  readonly keepOutliers?: boolean;
}

export const CALIBRATE_DEFAULTS = { confidence: 0.95, weights: "equal", keepOutliers: false } as const;

/** Family-wise probability of calling a good point an outlier, per axis. */
export const OUTLIER_ALPHA = 0.01;
/** Probability of flagging an intercept that is none, per axis. */
export const INTERCEPT_ALPHA = 0.05;
/** Probability of calling axes different that are alike. */
export const UNIFORM_ALPHA = 0.05;
/** Offsets and residuals below this are rounding, mm. */
const RESOLUTION_MM = 1e-4;

/** pass / fail / undecided (the interval straddles the tolerance) / not-evaluated (no interval, or no tolerance). */
export type DimensionVerdict = "pass" | "fail" | "undecided" | "not-evaluated";

/** One dimension, before and after the correction. */
export interface CalibratedDimension {
  readonly dimension: string;
  readonly axis: TrialAxis;
  readonly targetMm: number;
  readonly cavityMm: number;
  /** Mean of the repeats that were kept. */
  readonly measuredMm: number;
  readonly repeats: number;
  /** Cavity over measured: the factor this dimension alone shows. */
  readonly ownOsf: number;
  /** Measured less target. */
  readonly errorMm: number;
  readonly toleranceMm?: number;
  readonly verdictNow: DimensionVerdict;
  /** Measured less fitted: what no OSF can take away. */
  readonly residualMm: number;
  readonly outlier: boolean;
  /** Target × corrected OSF, and how much larger than the existing cavity that is. */
  readonly newCavityMm: number;
  readonly recutMm: number;
  /** Expected error of a part from the re-cut cavity, and its ±; an outlier keeps its own deviation and never passes. */
  readonly predictedErrorMm: number;
  readonly predictedPlusMinusMm?: number;
  readonly verdict: DimensionVerdict;
}

/** One axis. */
export interface AxisCalibration {
  readonly axis: TrialAxis;
  readonly dimensions: number;
  readonly measurements: number;
  /** Mean factor the cavities have now. */
  readonly presentOsf: number;
  /** Slope and intercept together; absent with fewer than three dimensions of different size. */
  readonly line?: { readonly osf: Interval; readonly interceptMm: Interval & { readonly p: number; readonly flagged: boolean } };
  /** Slope alone, as if there were no offset; absent with fewer than two dimensions. */
  readonly origin?: { readonly osf: Interval };
  /** What the correction rests on: the line where its intercept is flagged, else the origin, else one ratio. */
  readonly basis: "line" | "origin" | "ratio";
  readonly correctedOsf: Partial<Interval> & { readonly value: number };
  /** Standard deviation of dimensions about the fit, mm; with tolerance weights a multiple of the tolerance. */
  readonly scatter?: number;
  /** Standard deviation between repeats, mm. */
  readonly repeatSdMm?: number;
  readonly outliers: readonly string[];
}

/** The whole calibration. */
export interface Calibration {
  readonly confidence: number;
  readonly method: string;
  readonly axes: readonly AxisCalibration[];
  readonly dimensions: readonly CalibratedDimension[];
  /** To paste behind --osf: one factor, or x,y,z; absent when an axis was not measured and no OSF was given for it. */
  readonly correctedOsf?: string;
  /** One factor for all measured axes; absent when only one was measured, or when an axis has an offset or no interval. */
  readonly uniform?: UniformOsf;
}

/** Whether the axes shrink alike: only then does the mold stay a true enlargement of the part. */
export interface UniformOsf {
  readonly osf: Interval;
  /** Probability of axes this different by chance (F test of one slope against one per axis). */
  readonly p: number;
  /** False when `p` is below 0.05: the axes differ. */
  readonly agrees: boolean;
}

interface Group {
  readonly dimension: string;
  readonly axis: TrialAxis;
  readonly targetMm: number;
  readonly cavityMm: number;
  readonly toleranceMm?: number;
  readonly measured: number[];
}

/** Calibrates. CALIBRATION_DATA says which row or value cannot be used. */
export function calibrate(rows: readonly TrialRow[], options: CalibrateOptions = {}): Result<Calibration> {
  const confidence = options.confidence ?? CALIBRATE_DEFAULTS.confidence;
  if (!(confidence > 0.5 && confidence < 1)) return fail("CALIBRATION_DATA", `A confidence of ${confidence} is not between 0.5 and 1.`);
  const groups = groupRows(rows, options);
  if (!groups.ok) return groups;
  const warnings: Problem[] = [];
  const axes: AxisCalibration[] = [];
  const dimensions: CalibratedDimension[] = [];
  const kept: Points[] = [];
  for (const axis of ["x", "y", "z", "any"] as const) {
    const own = groups.value.filter((group) => group.axis === axis);
    if (own.length === 0) continue;
    const result = calibrateAxis(axis, own, { ...options, confidence });
    axes.push(result.axis);
    kept.push(result.kept);
    dimensions.push(...result.dimensions);
    warnings.push(...warn(result.axis));
  }
  const weighted = options.weights === "tolerance";
  const method = `${weighted ? "least squares weighted by 1/tolerance²" : "ordinary least squares"} of measured on cavity size per axis, repeats averaged, Student t intervals at ${confidence * 100} %, outliers by externally studentised residuals with Bonferroni at ${OUTLIER_ALPHA}${options.keepOutliers ? " (kept)" : " (left out)"}`;
  return ok({ confidence, method, axes, dimensions, correctedOsf: osfToPaste(axes, options.osf), ...uniformOsf(axes, kept, confidence) }, warnings);
}

function groupRows(rows: readonly TrialRow[], { osf, toleranceMm: rule = toleranceMm }: CalibrateOptions): Result<Group[]> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const factor = osf === undefined ? undefined : osfOfAxis(osf, row.axis);
    const cavityMm = row.cavityMm ?? (factor === undefined ? undefined : row.targetMm * factor);
    if (cavityMm === undefined) return fail("CALIBRATION_DATA", `${row.dimension} has no cavity size.`, osf === undefined ? "Give --osf, the factor the cavity was cut for, or a cavity column." : "Name the axis x, y or z, or give a cavity column: the OSF differs per axis.");
    const ratio = cavityMm / row.measuredMm;
    if (!(ratio > 0.8 && ratio < 2)) return fail("CALIBRATION_DATA", `${row.dimension}: a cavity of ${round(cavityMm)} mm and a part of ${row.measuredMm} mm do not belong together.`);
    const key = `${row.axis}\n${row.dimension}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { dimension: row.dimension, axis: row.axis, targetMm: row.targetMm, cavityMm, toleranceMm: row.toleranceMm ?? rule(row.targetMm), measured: [row.measuredMm] });
    else if (group.targetMm !== row.targetMm || group.cavityMm !== cavityMm) return fail("CALIBRATION_DATA", `${row.dimension} is given with two different targets or cavities.`);
    else group.measured.push(row.measuredMm);
  }
  return groups.size ? ok([...groups.values()]) : fail("CALIBRATION_DATA", "There is no measurement.");
}

/** What a fit rests on: cavity sizes, means and weights. */
interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly weights: readonly number[];
}

function uniformOsf(axes: readonly AxisCalibration[], kept: readonly Points[], confidence: number): { uniform?: UniformOsf } {
  if (axes.length < 2 || axes.some((a) => a.basis !== "origin" || a.axis === "any")) return {};
  const all = { x: kept.flatMap((k) => k.x), y: kept.flatMap((k) => k.y), weights: kept.flatMap((k) => k.weights) };
  const one = fitLine(all.x, all.y, "origin", all.weights);
  if (!one) return {};
  const own = sum(kept.map((k) => residualSum(fitLine(k.x, k.y, "origin", k.weights))));
  const [d1, d2] = [axes.length - 1, all.x.length - axes.length];
  const extra = Math.max(residualSum(one) - own, 0) / d1;
  // Identical axes leave 0/0: rounding, not a difference.
  const p = Math.sqrt(extra) < RESOLUTION_MM * Math.sqrt(all.weights.reduce((a, b) => Math.max(a, b))) ? 1 : fTailP(extra / (own / d2), d1, d2);
  return { uniform: { osf: inverted(slopeInterval(one, confidence)), p, agrees: p >= UNIFORM_ALPHA } };
}

const residualSum = (fit: LineFit | undefined): number => (fit ? fit.scatter ** 2 * fit.df : 0);

function calibrateAxis(axis: TrialAxis, groups: readonly Group[], options: CalibrateOptions & { confidence: number }): { axis: AxisCalibration; dimensions: CalibratedDimension[]; kept: Points } {
  const { confidence } = options;
  const repeats = averageRepeats(groups, options.keepOutliers ?? false);
  const weights = groups.map(({ toleranceMm: tol }) => (options.weights === "tolerance" && tol ? 1 / tol ** 2 : 1));
  const excluded = dimensionOutliers(groups, repeats.means, weights);
  const kept = groups.map((_, i) => i).filter((i) => options.keepOutliers || !excluded.has(i));
  const fit = (through: LineFit["through"]): LineFit | undefined => fitOf(kept, groups, repeats.means, weights, through);
  const [line, origin] = [fit("intercept"), fit("origin")];
  const intercept = line && interceptTest(line, confidence);
  const flagged = intercept !== undefined && intercept.p < INTERCEPT_ALPHA && Math.abs(intercept.value) > RESOLUTION_MM;
  const used = flagged ? line : origin;
  const ratio = 1 / (sum(kept.map((i) => repeats.means[i])) / sum(kept.map((i) => groups[i].cavityMm)));
  const correctedOsf = used ? inverted(slopeInterval(used, confidence)) : { value: ratio };
  const calibrated: AxisCalibration = {
    axis,
    dimensions: groups.length,
    measurements: sum(groups.map((g) => g.measured.length)),
    presentOsf: sum(groups.map((g) => g.cavityMm)) / sum(groups.map((g) => g.targetMm)),
    ...(line && intercept && { line: { osf: inverted(slopeInterval(line, confidence)), interceptMm: { ...intercept, flagged } } }),
    ...(origin && { origin: { osf: inverted(slopeInterval(origin, confidence)) } }),
    basis: used ? (flagged ? "line" : "origin") : "ratio",
    correctedOsf,
    ...(used && { scatter: used.scatter }),
    ...(repeats.sdMm !== undefined && { repeatSdMm: repeats.sdMm }),
    outliers: [...repeats.outliers, ...[...excluded].map((i) => groups[i].dimension)],
  };
  const dimensions = groups.map((group, i) => describe(group, repeats.means[i], excluded.has(i), used, correctedOsf.value, weights[i], confidence));
  return { axis: calibrated, dimensions, kept: pointsOf(kept, groups, repeats.means, weights) };
}

function pointsOf(kept: readonly number[], groups: readonly Group[], means: readonly number[], weights: readonly number[]): Points {
  const pick = (values: readonly number[]): number[] => kept.map((i) => values[i]);
  return { x: pick(groups.map((g) => g.cavityMm)), y: pick(means), weights: pick(weights) };
}

function fitOf(kept: readonly number[], groups: readonly Group[], means: readonly number[], given: readonly number[], through: LineFit["through"]): LineFit | undefined {
  const { x, y, weights } = pointsOf(kept, groups, means, given);
  return fitLine(x, y, through, weights);
}

/** Means per dimension; a repeat far from its own dimension's others (one-way layout) is named and left out. */
function averageRepeats(groups: readonly Group[], keep: boolean): { means: number[]; sdMm?: number; outliers: string[] } {
  const values = groups.map((g) => [...g.measured]);
  const outliers: string[] = [];
  const mean = (list: readonly number[]): number => sum(list) / list.length;
  let sdMm: number | undefined;
  for (;;) {
    const df = sum(values.map((list) => list.length)) - values.length;
    if (df < 1) break;
    const points = values.flatMap((list, g) => list.map((value, i) => ({ g, i, n: list.length, residual: value - mean(list) })));
    const rss = sum(points.map((p) => p.residual ** 2));
    sdMm = Math.sqrt(rss / df);
    // With three repeats and more it can be told which one is off.
    const able = points.filter((p) => p.n >= 3);
    if (df < 3 || able.length === 0) break;
    const studentised = able.map(({ residual, n }) => residual / Math.sqrt((Math.max(rss - residual ** 2 / (1 - 1 / n), 0) / (df - 1)) * (1 - 1 / n)));
    const worst = worstOutlier({ studentised, residuals: able.map((p) => p.residual), df }, OUTLIER_ALPHA, RESOLUTION_MM);
    if (worst < 0) break;
    const { g, i } = able[worst];
    outliers.push(`${groups[g].dimension} (one part: ${values[g][i]} mm)`);
    if (keep) break;
    values[g].splice(i, 1);
  }
  return { means: values.map(mean), sdMm, outliers };
}

/** Dimensions far off the line, worst first, until none is left or a quarter of them is out. */
function dimensionOutliers(groups: readonly Group[], means: readonly number[], weights: readonly number[]): Set<number> {
  const excluded = new Set<number>();
  while (excluded.size < Math.floor(groups.length / 4)) {
    const kept = groups.map((_, i) => i).filter((i) => !excluded.has(i));
    const fit = fitOf(kept, groups, means, weights, kept.length >= 5 ? "intercept" : "origin");
    const worst = fit ? worstOutlier(fit, OUTLIER_ALPHA, RESOLUTION_MM) : -1;
    if (worst < 0) break;
    excluded.add(kept[worst]);
  }
  return excluded;
}

function describe(group: Group, measuredMm: number, outlier: boolean, fit: LineFit | undefined, osf: number, weight: number, confidence: number): CalibratedDimension {
  const { dimension, axis, targetMm, cavityMm, toleranceMm: tolerance } = group;
  const newCavityMm = targetMm * osf;
  const errorMm = measuredMm - targetMm;
  const fitted = fit ? fit.slope * cavityMm + fit.intercept : cavityMm / osf;
  // What the line says of a dimension that does not lie on it would be a promise: its own deviation stays.
  const deviation = outlier ? measuredMm - fitted : 0;
  const predictedErrorMm = (fit ? fit.slope * newCavityMm + fit.intercept : newCavityMm / osf) + deviation - targetMm;
  const plusMinus = fit && predictionHalfWidth(fit, newCavityMm, confidence, weight);
  return {
    dimension,
    axis,
    targetMm,
    cavityMm,
    measuredMm,
    repeats: group.measured.length,
    ownOsf: cavityMm / measuredMm,
    errorMm,
    ...(tolerance !== undefined && { toleranceMm: tolerance }),
    verdictNow: tolerance === undefined ? "not-evaluated" : within(Math.abs(errorMm), tolerance) ? "pass" : "fail",
    residualMm: measuredMm - fitted,
    outlier,
    newCavityMm,
    recutMm: newCavityMm - cavityMm,
    predictedErrorMm,
    ...(plusMinus !== undefined && { predictedPlusMinusMm: plusMinus }),
    verdict: verdictOf(Math.abs(predictedErrorMm), plusMinus, tolerance, outlier),
  };
}

function verdictOf(error: number, plusMinus: number | undefined, tolerance: number | undefined, outlier: boolean): DimensionVerdict {
  if (plusMinus === undefined || tolerance === undefined) return "not-evaluated";
  if (within(error + plusMinus, tolerance) && !outlier) return "pass";
  return within(error - plusMinus, tolerance) ? "undecided" : "fail";
}

/** A value equal to the limit passes, rounding of the last bits included. */
const within = (value: number, limit: number): boolean => value <= limit * (1 + 1e-9);

/** Interval of 1/slope; an end of the slope at or below zero leaves it open. */
const inverted = ({ value, low, high }: Interval): Interval => ({ value: 1 / value, low: 1 / high, high: low > 0 ? 1 / low : Infinity });

function warn({ axis, line, outliers, basis, dimensions, correctedOsf }: AxisCalibration): Problem[] {
  const name = axis === "any" ? "All axes" : `Axis ${axis}`;
  const found: Problem[] = [];
  if (line?.interceptMm.flagged) {
    const { value, p } = line.interceptMm;
    found.push(warning("CALIBRATION_OFFSET", `${name}: every size is off by ${value > 0 ? "+" : ""}${value.toFixed(3)} mm (p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}).`, value > 0 ? "Look for flash, an open or shifted parting line, or a worn cavity before the OSF is changed." : "Look for a shifted parting line or insert, a deposit in the cavity, or a gauge offset before the OSF is changed."));
  }
  if (outliers.length) found.push(warning("CALIBRATION_OUTLIER", `${name}: ${outliers.join(", ")}.`));
  if (basis === "ratio") found.push(warning("CALIBRATION_THIN", `${name}: ${dimensions} dimension gives a factor and no interval.`));
  if (!(correctedOsf.value >= 1 && correctedOsf.value <= 1.5)) found.push(warning("OSF_INVALID", `${name}: the measurements mean a factor of ${correctedOsf.value.toFixed(4)}.`, "Check target, measured and cavity."));
  return found;
}

function osfToPaste(axes: readonly AxisCalibration[], given: Osf | undefined): string | undefined {
  const of = (axis: TrialAxis): number | undefined => axes.find((a) => a.axis === axis)?.correctedOsf.value;
  if (axes.length === 1 && of("any") !== undefined) return of("any")!.toFixed(4);
  const each = (["x", "y", "z"] as const).map((axis, i) => of(axis) ?? of("any") ?? (given === undefined ? undefined : osfVector(given)[i]));
  return each.every((v) => v !== undefined) ? each.map((v) => v!.toFixed(4)).join(",") : undefined;
}

function osfOfAxis(osf: Osf, axis: TrialAxis): number | undefined {
  if (typeof osf === "number") return osf;
  if (axis !== "any") return osf[{ x: 0, y: 1, z: 2 }[axis]];
  return osf[0] === osf[1] && osf[1] === osf[2] ? osf[0] : undefined;
}

const round = (value: number): number => Number(value.toFixed(4));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
