import type { Limit, Measured, MeasureUnit } from "../dfm/finding.ts";
import type { Vec3 } from "../units.ts";

const SIGNS: Record<MeasureUnit, string> = { mm: " mm", deg: "°", mm2: " mm²", mm3: " mm³", g: " g", ratio: "", count: "", kN: " kN" };
const MOST: Record<MeasureUnit, number> = { mm: 3, deg: 2, mm2: 2, mm3: 2, g: 2, ratio: 3, count: 0, kN: 1 };

/** True where a value is but one end of a wide interval, so that the middle and a half of it would mislead. */
export const isOneSided = ({ value, low, high }: Pick<Measured, "value" | "low" | "high">): boolean =>
  high - low > 0.01 * Math.abs(value) && Math.max(high - value, value - low) > 4 * Math.min(high - value, value - low);

/** A measured value with as many digits as its interval supports: `0.420 mm ± 0.002`; one end of a wide interval as `3.33 to 26.1`. */
export function measuredText({ value, low, high, unit }: Measured): string {
  if (!Number.isFinite(value)) return "–";
  if (isOneSided({ value, low, high })) return `${Number(low.toPrecision(3))} to ${Number(high.toPrecision(3))}${SIGNS[unit]}`;
  const half = (high - low) / 2;
  const digits = half > 0 && Number.isFinite(half) ? Math.max(0, Math.min(MOST[unit], Math.ceil(-Math.log10(half * 1.000001)))) : MOST[unit];
  const shown = `${value.toFixed(digits)}${SIGNS[unit]}`;
  const interval = half.toFixed(digits);
  return Number.isFinite(half) && Number(interval) > 0 ? `${shown} ± ${interval}` : shown;
}

/** A limit as a reader writes it: `≥ 0.50 mm`, `0.50–3.00 mm`. */
export function limitText({ min, max, unit }: Limit): string {
  const number = (value: number): string => value.toFixed(unit === "count" ? 0 : Math.max(2, Math.min(4, (String(Number(value.toFixed(4))).split(".")[1] ?? "").length)));
  if (min !== undefined && max !== undefined) return `${number(min)}–${number(max)}${SIGNS[unit]}`;
  if (min !== undefined) return `≥ ${number(min)}${SIGNS[unit]}`;
  return max === undefined ? "" : `≤ ${number(max)}${SIGNS[unit]}`;
}

/** `1, 2, 3 and 9 more`, for lists of faces. */
export function listText(items: readonly number[], most = 8): string {
  const shown = items.slice(0, most).join(", ");
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}

/** `+Z` for an axis, three numbers for other directions. */
export function directionText(direction: Vec3): string {
  const axis = direction.findIndex((x) => Math.abs(Math.abs(x) - 1) < 1e-6);
  return axis >= 0 ? `${direction[axis] > 0 ? "+" : "−"}${"XYZ"[axis]}` : direction.map((x) => Number(x.toFixed(4))).join(", ");
}

/** One factor where the axes agree, else three. */
export function osfText(osf: Vec3): string {
  const shown = osf.map((x) => String(Number(x.toPrecision(7))));
  return new Set(shown).size === 1 ? shown[0] : shown.join(" / ");
}
