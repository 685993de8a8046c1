import Papa from "papaparse";
import { fail, ok, type Result } from "../result.ts";

/** Direction of a dimension; `any` where the shrinkage is taken as the same all around. */
export type TrialAxis = "x" | "y" | "z" | "any";

/** One measured dimension of a trial part. */
export interface TrialRow {
  readonly dimension: string;
  readonly axis: TrialAxis;
  /** Sintered size on the drawing, mm. */
  readonly targetMm: number;
  /** Sintered size as measured, mm. */
  readonly measuredMm: number;
  /** Size of the cavity, mm; OSF · target when left out. */
  readonly cavityMm?: number;
  /** ± on the drawing, mm; the profile's when left out. */
  readonly toleranceMm?: number;
}

const COLUMNS: Record<keyof TrialRow, readonly string[]> = {
  dimension: ["dimension", "name", "feature"],
  axis: ["axis", "direction"],
  targetMm: ["target", "nominal"],
  measuredMm: ["measured", "actual"],
  cavityMm: ["cavity"],
  toleranceMm: ["tolerance", "plusminus", "±"],
};

/**
 * Reads trial measurements: a header with dimension, axis (x, y, z, or empty), target, measured and, if wanted, cavity
 * and tolerance, all lengths in mm; a dimension measured on several parts is given in several rows. Commas,
 * semicolons or tabs; a decimal comma is understood between semicolons or tabs. CALIBRATION_DATA names row and column.
 */
export function readTrialCsv(text: string): Result<TrialRow[]> {
  const parsed = Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ""), { header: true, skipEmptyLines: "greedy", transformHeader: headerKey });
  const { meta, data } = parsed;
  const broken = parsed.errors.find(({ code }) => code !== "UndetectableDelimiter");
  if (broken) return fail("CALIBRATION_DATA", `Row ${(broken.row ?? 0) + 2}: ${broken.message}.`);
  const columns = new Map<keyof TrialRow, string>();
  for (const [field, names] of Object.entries(COLUMNS) as [keyof TrialRow, readonly string[]][]) {
    const found = meta.fields?.find((header) => names.includes(header));
    if (found !== undefined) columns.set(field, found);
  }
  const missing = (["dimension", "targetMm", "measuredMm"] as const).filter((field) => !columns.has(field)).map((field) => COLUMNS[field][0]);
  if (missing.length) return fail("CALIBRATION_DATA", `The header has no ${missing.join(", ")}; it reads ${meta.fields?.join(", ") || "nothing"}.`, "The first line must read dimension,axis,target,measured and may go on with cavity,tolerance.");
  if (data.length === 0) return fail("CALIBRATION_DATA", "There is a header and no measurement.");
  const rows: TrialRow[] = [];
  for (const [index, record] of data.entries()) {
    const row = readRow(record, columns, meta.delimiter !== ",");
    if (typeof row === "string") return fail("CALIBRATION_DATA", `Row ${index + 2}: ${row}.`);
    rows.push(row);
  }
  return ok(rows);
}

/** `Target (mm)`, `target_mm` and `targetMm` are all `target`. */
const headerKey = (header: string): string => header.trim().replace(/[\s_(\[]*mm[)\]]*$/i, "").trim().toLowerCase();

function readRow(record: Record<string, string>, columns: ReadonlyMap<keyof TrialRow, string>, decimalComma: boolean): TrialRow | string {
  const cell = (field: keyof TrialRow): string => (columns.has(field) ? (record[columns.get(field)!] ?? "").trim() : "");
  const dimension = cell("dimension");
  if (!dimension) return "the dimension has no name";
  const axis = cell("axis").toLowerCase() || "any";
  if (!isAxis(axis)) return `axis "${cell("axis")}" is not x, y, z or empty`;
  const lengths: Partial<Record<"targetMm" | "measuredMm" | "cavityMm" | "toleranceMm", number>> = {};
  for (const field of ["targetMm", "measuredMm", "cavityMm", "toleranceMm"] as const) {
    const written = cell(field).replace(/^±\s*/, "");
    if (!written && (field === "cavityMm" || field === "toleranceMm")) continue;
    const value = Number(decimalComma ? written.replace(/^(-?\d*),(\d+)$/, "$1.$2") : written);
    if (!written || !(value > 0) || !Number.isFinite(value)) return `${COLUMNS[field][0]} "${cell(field)}" of ${dimension} is not a length above 0 mm`;
    lengths[field] = value;
  }
  return { dimension, axis, targetMm: lengths.targetMm!, measuredMm: lengths.measuredMm!, cavityMm: lengths.cavityMm, toleranceMm: lengths.toleranceMm };
}

const isAxis = (text: string): text is TrialAxis => text === "x" || text === "y" || text === "z" || text === "any";
