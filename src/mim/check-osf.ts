import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import type { Vec3 } from "../units.ts";
import { osfFromShrinkage, osfVector, shrinkageFromOsf, type Osf } from "./shrinkage.ts";

/** Factors outside this range are mistakes: 1.5 is a shrinkage of a third. */
export const OSF_RANGE = { min: 1, max: 1.5 } as const;

/** Closer than this to 1 + S it is taken for 1 + S: four digits typed, the last one rounded. */
const MISTAKEN = 6e-4;
/** Closer than this it is worth a second look: S rounded to a whole percent. */
const SUSPICIOUS = 2.1e-3;

/**
 * Reads `1.165` (all axes) or `1.165,1.165,1.171` (x,y,z). A percent sign, a decimal comma and every number that
 * {@link checkOsf} refuses give OSF_INVALID with what was probably meant.
 */
export function parseOsf(text: string): Result<Vec3> {
  const parts = text.split(",").map((part) => part.trim());
  const percent = parts.find((part) => part.endsWith("%"));
  if (percent) return fail("OSF_INVALID", `${text} is a percentage${meantByPercent(Number(percent.slice(0, -1)))}.`);
  const numbers = parts.map((part) => (part === "" ? Number.NaN : Number(part)));
  if (numbers.some((n) => !Number.isFinite(n))) return fail("OSF_INVALID", `"${text}" is not a number or three numbers separated by commas.`);
  if (numbers.length === 1) return checkOsf(numbers[0]);
  if (numbers.length === 3) return checkOsf([numbers[0], numbers[1], numbers[2]]);
  const comma = numbers.length === 2 && /^\d,\d+$/.test(text.trim()) ? ` Use a decimal point: ${text.trim().replace(",", ".")}.` : "";
  return fail("OSF_INVALID", `One factor, or three for x,y,z, not ${numbers.length}.${comma}`);
}

/**
 * Refuses what cannot be an OSF and says what was probably meant; returns it per axis. `expected` is the factor the
 * material is known for: a value that is 1 + S of it is the classic mistake (2 % undersize at S = 14.16 %).
 */
export function checkOsf(osf: Osf, expected?: number): Result<Vec3> {
  const axes = osfVector(osf);
  const warnings: Problem[] = [];
  for (const factor of new Set(axes)) {
    const cause = wrongRange(factor);
    if (cause) return fail("OSF_INVALID", cause);
    const distance = expected === undefined ? Infinity : onePlusShrinkage(factor, expected);
    if (distance < MISTAKEN) return fail("OSF_INVALID", asOnePlus(factor, expected!), `Use ${round(expected!)}. If ${round(factor)} is your feedstock's measured factor, give it in a feedstock file with its lot.`);
    if (distance < SUSPICIOUS) warnings.push(warning("OSF_SUSPICIOUS", asOnePlus(factor, expected!)));
  }
  return ok(axes, warnings);
}

/**
 * Whether an OSF and the linear shrinkage given beside it are the same thing. `shrinkage` is a fraction;
 * `tolerance` allows for rounding in what was printed.
 */
export function checkOsfAgainstShrinkage(osf: number, shrinkage: number, tolerance = 6e-4): Result<number> {
  const right = osfFromShrinkage(shrinkage);
  if (Math.abs(osf - right) <= tolerance) return ok(osf);
  const why = Math.abs(osf - 1 - shrinkage) <= tolerance ? `${round(osf)} is 1 + S; the factor is 1/(1 − S) = ${round(right)}` : `a linear shrinkage of ${percent(shrinkage)} % is a factor of ${round(right)}, not ${round(osf)}`;
  return fail("OSF_INVALID", `OSF and shrinkage disagree: ${why}.`);
}

function wrongRange(factor: number): string | undefined {
  if (!Number.isFinite(factor)) return "It is not a finite number.";
  if (factor >= OSF_RANGE.min && factor <= OSF_RANGE.max) return undefined;
  if (factor <= 0) return `${factor} is zero or below.`;
  if (factor < 0.5) return `${factor} looks like a shrinkage; the factor is 1/(1 − ${factor}) = ${round(osfFromShrinkage(factor))}.`;
  if (factor < 1) return `${factor} would make the cavity smaller than the part; it looks like sintered over cavity, whose factor is ${round(1 / factor)}.`;
  if (factor > 100 && factor <= 150) return `${factor} looks like a percentage of the part's size; the factor is ${round(factor / 100)}.`;
  if (factor >= 5 && factor < 50) return `${factor} looks like a percentage${meantByPercent(factor)}.`;
  return `${factor} is outside ${OSF_RANGE.min.toFixed(1)} to ${OSF_RANGE.max}.`;
}

const meantByPercent = (value: number): string =>
  value > 0 && value < 50 ? `: a shrinkage of ${value} % is the factor ${round(osfFromShrinkage(value / 100))}, a part ${value} % larger is ${round(1 + value / 100)}` : "";

/** How far a factor is from 1 + S of the expected one; infinite when it is nearer to the expected one itself. */
function onePlusShrinkage(factor: number, expected: number): number {
  const distance = Math.abs(factor - (1 + shrinkageFromOsf(expected)));
  return distance < Math.abs(factor - expected) ? distance : Infinity;
}

function asOnePlus(factor: number, expected: number): string {
  const shrinkage = shrinkageFromOsf(expected);
  const short = (1 - factor / expected) * 100;
  return `${round(factor)} is 1 + S for the shrinkage of ${percent(shrinkage)} % expected here; the factor is 1/(1 − S) = ${round(expected)}. Parts would come out ${short.toFixed(1)} % undersize.`;
}

const round = (value: number): string => String(Number(value.toFixed(4)));
const percent = (fraction: number): string => String(Number((fraction * 100).toFixed(2)));
