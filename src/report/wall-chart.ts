import type { Limit } from "../dfm/finding.ts";
import type { ReportWalls } from "./report.ts";

/** A bar of the chart; x and width are shares of its width, the height a share of its tallest bar's. */
export interface WallBar {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  /** All of it lies outside the limits. */
  readonly outside: boolean;
}

/** What a chart of walls is drawn from. */
export interface WallChart {
  readonly maxMm: number;
  readonly bars: readonly WallBar[];
  /** Limits that fall inside the chart, as shares of its width. */
  readonly limits: readonly number[];
}

/** Area of walls over their thickness, from 0 to the thickest, with the limits. */
export function wallChart({ histogram: { bordersMm, areaMm2 } }: ReportWalls, { min, max }: Pick<Limit, "min" | "max"> = {}): WallChart {
  const maxMm = bordersMm[bordersMm.length - 1] || 1, most = Math.max(...areaMm2) || 1;
  const bars = areaMm2.map((area, i): WallBar => ({
    x: bordersMm[i] / maxMm, width: (bordersMm[i + 1] - bordersMm[i]) / maxMm, height: area / most,
    outside: (min !== undefined && bordersMm[i + 1] <= min) || (max !== undefined && bordersMm[i] >= max),
  }));
  return { maxMm, bars: bars.filter(({ height }) => height > 0), limits: [min, max].flatMap((limit) => (limit !== undefined && limit > 0 && limit < maxMm ? [limit / maxMm] : [])) };
}
