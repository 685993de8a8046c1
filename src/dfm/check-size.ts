import type { CheckContext, FindingDraft } from "./context.ts";
import { limitsOf } from "./context.ts";
import { judge, within } from "./judge.ts";
import type { MeasureUnit } from "./finding.ts";

/** Mass of the sintered part and its longest side against the profile. */
export function checkSize(context: CheckContext): FindingDraft[] {
  return [...mass(context), ...size(context)];
}

function mass({ body, densityGcm3, profile, exact }: CheckContext): FindingDraft[] {
  const base = { code: "MASS_RANGE" as const, faces: [], points: [body.mass.centroidMm], method: `volume × sintered density${exact ? "" : ", volume of the facets"}` };
  const volume = body.mass.volumeMm3 / 1000;
  if (densityGcm3 === undefined) {
    return [{ ...base, verdict: "not-evaluated", severity: "advisory", message: `The volume is ${volume.toFixed(4)} cm³; this material has no sourced density, so the mass is not known.` }];
  }
  const measured = within(volume * densityGcm3, volume * densityGcm3 * (exact ? 1e-7 : 0.01), "g"), rules = limitsOf(profile, "mass", "g", "blocking");
  if (rules.length === 0) return [{ ...base, verdict: "not-evaluated", severity: "advisory", measured, message: `${measured.value.toPrecision(4)} g; the profile has no limit for mass.` }];
  return rules.map(({ limit, severity }) => ({
    ...base, verdict: judge(measured, limit, 1e-6 * measured.value), severity, measured, limit,
    message: `${measured.value.toPrecision(4)} g at ${densityGcm3} g/cm³; ${range(limit, "g")}.`,
  }));
}

function size({ body, profile, exact }: CheckContext): FindingDraft[] {
  const [low, high] = body.mass.boxMm, sides = [0, 1, 2].map((k) => high[k] - low[k]), longest = Math.max(...sides), k = sides.indexOf(longest);
  const error = exact ? Math.max(1e-6, 2 * body.edgeToleranceMm) : Math.max(...body.facets.deviationMm, 1e-6) * 2;
  const base = { code: "SIZE_RANGE" as const, faces: [], points: [low, high], method: "longest side of the tight box along the file's axes" };
  const measured = within(longest, error, "mm"), rules = limitsOf(profile, "size", "mm", "advisory"), said = `${sides.map((s) => s.toFixed(3)).join(" × ")} mm, longest along ${"xyz"[k]}`;
  if (rules.length === 0) return [{ ...base, verdict: "not-evaluated", severity: "advisory", measured, message: `${said}; the profile has no limit for size.` }];
  return rules.map(({ limit, severity }) => ({ ...base, verdict: judge(measured, limit), severity, measured, limit, message: `${said}; ${range(limit, "mm")}.` }));
}

/** A limit in words. */
export function range({ min, max }: { min?: number; max?: number }, unit: MeasureUnit): string {
  return min !== undefined && max !== undefined ? `the profile takes ${min} to ${max} ${unit}` : min !== undefined ? `the profile takes ${min} ${unit} and more` : `the profile takes up to ${max} ${unit}`;
}
