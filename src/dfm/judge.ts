import type { Limit, Measured, MeasureUnit, Verdict } from "./finding.ts";

/**
 * A value this close to a limit counts as equal to it, and equal passes: 1e-6 mm is a thousand times finer than
 * any gauge and a thousand times coarser than what rounding does to coordinates of parts up to a metre.
 */
export const DECISION_TOLERANCE = 1e-6;

/** Holds an interval against a limit. `undecided` when the interval straddles it. */
export function judge(measured: Pick<Measured, "low" | "high">, limit: Pick<Limit, "min" | "max">, tolerance = DECISION_TOLERANCE): Verdict {
  const min = (limit.min ?? -Infinity) - tolerance, max = (limit.max ?? Infinity) + tolerance;
  if (measured.high < min || measured.low > max) return "fail";
  return measured.low >= min && measured.high <= max ? "pass" : "undecided";
}

/** A value known to the last bit. */
export const exactly = (value: number, unit: MeasureUnit): Measured => ({ value, low: value, high: value, unit });

/** A value with a symmetric error. */
export const within = (value: number, error: number, unit: MeasureUnit): Measured => ({ value, low: value - error, high: value + error, unit });
