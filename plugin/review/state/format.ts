import type { Limit, Measured, MeasureUnit } from "../../../src/dfm/finding.ts";
import { isOneSided } from "../../../src/report/format-value.ts";

/** Units lengths are shown in. */
export type ShownUnit = "mm" | "in";

const MM_PER_INCH = 25.4;
const SIGNS: Record<MeasureUnit, string> = { mm: " mm", deg: "°", mm2: " mm²", mm3: " mm³", g: " g", ratio: "", count: "", kN: " kN" };

/** Value in the shown unit and its sign. Only lengths, areas and volumes change. */
export function shown(value: number, unit: MeasureUnit, as: ShownUnit): { value: number; sign: string } {
  if (as === "mm") return { value, sign: SIGNS[unit] };
  if (unit === "mm") return { value: value / MM_PER_INCH, sign: " in" };
  if (unit === "mm2") return { value: value / MM_PER_INCH ** 2, sign: " in²" };
  if (unit === "mm3") return { value: value / MM_PER_INCH ** 3, sign: " in³" };
  return { value, sign: SIGNS[unit] };
}

/** Decimals that an interval's half-width supports: its first digit is the last one shown. */
export function decimalsFor(halfWidth: number, most = 4): number {
  if (!(halfWidth > 0)) return Math.min(most, 3);
  return Math.max(0, Math.min(most, Math.ceil(-Math.log10(halfWidth * 1.000001))));
}

/** A measured value with as many digits as its interval supports: `0.420 mm ± 0.002`; one end of a wide interval as `3.33 to 26.1`. */
export function formatMeasured(measured: Measured, as: ShownUnit = "mm", withInterval = true): string {
  const { value, sign } = shown(measured.value, measured.unit, as);
  if (!Number.isFinite(value)) return "–";
  const isEnd = isOneSided(measured);
  if (withInterval && isEnd) return `${[measured.low, measured.high].map((end) => Number(shown(end, measured.unit, as).value.toPrecision(3))).join(" to ")}${sign}`;
  const half = shown((measured.high - measured.low) / 2, measured.unit, as).value;
  const digits = measured.unit === "count" ? 0 : Math.min(decimalsFor(isEnd ? 0 : half), most(measured.unit, as));
  const text = `${value.toFixed(digits)}${sign}`;
  const interval = half.toFixed(digits);
  return withInterval && Number.isFinite(half) && Number(interval) > 0 ? `${text} ± ${interval}` : text;
}

const most = (unit: MeasureUnit, as: ShownUnit): number => (unit === "deg" ? 2 : unit === "mm2" || unit === "mm3" || unit === "g" ? 2 : unit === "ratio" ? 3 : as === "in" ? 4 : 3);

/** A limit as a reader writes it: `≥ 0.50 mm`, `0.50–3.00 mm`. */
export function formatLimit({ min, max, unit }: Limit, as: ShownUnit = "mm"): string {
  const number = (value: number): string => {
    const at = shown(value, unit, as);
    const digits = unit === "count" ? 0 : as === "in" && unit === "mm" ? 4 : 2;
    return at.value.toFixed(Math.max(digits, Math.min(4, (String(Number(at.value.toFixed(4))).split(".")[1] ?? "").length)));
  };
  const { sign } = shown(0, unit, as);
  if (min !== undefined && max !== undefined) return `${number(min)}–${number(max)}${sign}`;
  if (min !== undefined) return `≥ ${number(min)}${sign}`;
  return max === undefined ? "" : `≤ ${number(max)}${sign}`;
}

/** A plain length, area or volume with a sensible number of digits. */
export function formatQuantity(value: number, unit: MeasureUnit, as: ShownUnit = "mm", digits?: number): string {
  if (unit === "mm3" && as === "mm" && value >= 1000) return `${(value / 1000).toFixed(digits ?? 2)} cm³`;
  const at = shown(value, unit, as);
  return `${at.value.toFixed(digits ?? (as === "in" ? 4 : 2))}${at.sign}`;
}
