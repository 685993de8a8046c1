import type { CheckContext, FindingDraft } from "./context.ts";

/** Area of the oversized part's shadow along the pull, and the clamp force that cavity pressure asks for. */
export function checkProjectedArea({ pull, osf, profile }: CheckContext): FindingDraft[] {
  const base = { code: "PROJECTED_AREA" as const, verdict: "not-evaluated" as const, severity: "advisory" as const, faces: [], points: [], method: "shadow along the pull by exact visibility, times the oversize factors across it" };
  if (!pull) return [{ ...base, message: "There is no pull direction to look along." }];
  const [least, mean, most] = acrossFactors(osf, pull.direction), { value, low, high } = pull.shadowMm2;
  const measured = { value: value * mean, low: low * least, high: high * most, unit: "mm2" as const };
  const pressure = profile.limits.injectionPressure, grown = osf.some((f) => f !== 1);
  const force = pressure?.min !== undefined && pressure.max !== undefined
    ? `; at ${pressure.min} to ${pressure.max} MPa (${pressure.source}) the clamp must hold ${((value * mean * pressure.min) / 1000).toPrecision(3)} to ${((value * mean * pressure.max) / 1000).toPrecision(3)} kN for this cavity alone`
    : "; the profile gives no cavity pressure";
  return [{ ...base, measured, direction: pull.direction, message: `${measured.value.toFixed(2)} mm² seen along the pull${grown ? ", oversized" : ", sintered size (no oversize factor was given)"}${force}.` }];
}

/** Least, likely and greatest product of the two factors across the direction; all the same when the factors are or the direction is an axis. */
function acrossFactors(osf: readonly number[], d: readonly number[]): [number, number, number] {
  const k = d.findIndex((c) => Math.abs(c) > 1 - 1e-9), volume = osf[0] * osf[1] * osf[2];
  if (k >= 0) return [volume / osf[k], volume / osf[k], volume / osf[k]];
  const products = osf.map((f) => volume / f), mean = Math.hypot(...products.map((p, i) => p * d[i]));
  return [Math.min(...products), mean, Math.max(...products)];
}
