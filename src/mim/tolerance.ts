import { SOURCES } from "./sources.ts";
import type { Profile } from "./profile.ts";

/** Tolerance of dimensions of `fromMm` up to, not including, `toMm`: a length, or a percentage of the dimension. */
export interface ToleranceRow {
  readonly fromMm: number;
  readonly toMm: number;
  readonly plusMinus: { readonly mm: number } | { readonly percent: number };
}

/** A tolerance rule with its source. */
export interface ToleranceTable {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly rows: readonly ToleranceRow[];
  /** Smallest ± of the whole table. */
  readonly floorMm?: number;
}

/** Rows from upper ends and ± lengths; `last` is the percentage above the last end. */
function rows(ends: readonly (readonly [toMm: number, mm: number])[], lastPercent?: number): ToleranceRow[] {
  const table: ToleranceRow[] = ends.map(([toMm, mm], i) => ({ fromMm: i === 0 ? 0 : ends[i - 1][0], toMm, plusMinus: { mm } }));
  if (lastPercent !== undefined) table.push({ fromMm: ends[ends.length - 1][0], toMm: Infinity, plusMinus: { percent: lastPercent } });
  return table;
}

/** The sourced rules: percent with a floor, and per nominal size as molders publish them. */
export const TOLERANCE_TABLES: readonly ToleranceTable[] = [
  { id: "align", title: "±0.3 %, at least ±0.075 mm", source: SOURCES.align.title, rows: [{ fromMm: 0, toMm: Infinity, plusMinus: { percent: 0.3 } }], floorMm: 0.075 },
  {
    id: "metalgoods",
    title: "per nominal size",
    source: "metalgoods.it, MIM tolerance and limits",
    rows: rows([[3, 0.05], [6, 0.06], [15, 0.075], [30, 0.15], [60, 0.25]], 0.5),
  },
  {
    id: "alfa",
    title: "per nominal size",
    source: "mimtech-alfa.com, Design and tolerances",
    rows: rows([[6, 0.05], [12, 0.08], [20, 0.12], [35, 0.19], [50, 0.26]], 0.5),
  },
  {
    id: "metrocast",
    title: "standard tolerances per nominal size",
    // The page prints the last row as "50 to 120" below a row "50 to 80"; it is read as 80 to 120.
    source: "metrocast.it, Tolerances (last row printed 50–120, read as 80–120)",
    rows: rows([[1.5, 0.03], [3, 0.059], [6, 0.068], [10, 0.08], [18, 0.104], [30, 0.14], [50, 0.2], [80, 0.29], [120, 0.41]]),
  },
  {
    id: "finemim",
    title: "within one batch, per nominal size",
    source: "finemim.com, MIM tolerances (within a single batch)",
    rows: rows([[3, 0.03], [6, 0.05], [15, 0.08], [30, 0.15], [60, 0.25]]),
  },
];

/** The ± in mm that a table gives a dimension; undefined outside the table. */
export function toleranceMm(sizeMm: number, table: ToleranceTable = TOLERANCE_TABLES[0]): number | undefined {
  const row = table.rows.find(({ fromMm, toMm }) => sizeMm >= fromMm && sizeMm < toMm) ?? table.rows.find(({ toMm }) => toMm === sizeMm);
  if (!row || !(sizeMm > 0)) return undefined;
  const mm = "mm" in row.plusMinus ? row.plusMinus.mm : (sizeMm * row.plusMinus.percent) / 100;
  return Math.max(mm, table.floorMm ?? 0);
}

/** The ± in mm of a rule profile (percent with floor); undefined when the profile has no tolerance. */
export function profileToleranceMm(sizeMm: number, { limits }: Profile): number | undefined {
  const percent = limits.tolerance?.min;
  const floor = limits.toleranceFloor?.min;
  if (percent === undefined) return undefined;
  return Math.max((sizeMm * percent) / 100, floor ?? 0);
}

/** What one dimension can hold in one table. */
export interface HoldableTolerance {
  readonly table: string;
  readonly source: string;
  /** ± mm; null where the table says nothing of this size. */
  readonly plusMinusMm: number | null;
  /** ± mm when the dimension crosses the parting line: least and most. */
  readonly acrossPartingMm: readonly [least: number, most: number] | null;
}

/** What is added across the parting line, mm: ±0.05 to 0.15 (BRM). */
export const PARTING_ADDITION_MM = [0.05, 0.15] as const;

/** What a dimension can hold, in every table. */
export function holdableTolerances(sizeMm: number): HoldableTolerance[] {
  return TOLERANCE_TABLES.map((table) => {
    const plusMinusMm = toleranceMm(sizeMm, table) ?? null;
    const across = plusMinusMm === null ? null : ([plusMinusMm + PARTING_ADDITION_MM[0], plusMinusMm + PARTING_ADDITION_MM[1]] as const);
    return { table: table.id, source: table.source, plusMinusMm, acrossPartingMm: across };
  });
}
