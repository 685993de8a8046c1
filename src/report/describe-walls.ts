import type { BodyCheck } from "../dfm/check.ts";
import type { ReportWalls } from "./report.ts";

/** A check's walls as the report tells them; bodies without opposed walls are left out. */
export const describeWalls = (bodies: readonly BodyCheck[]): ReportWalls[] => bodies.flatMap(({ id, walls }) => {
  if (!walls || walls.statistics.samples === 0) return [];
  const { medianMm, meanMm, areaMm2, histogram } = walls.statistics;
  return [{ body: id, medianMm, meanMm, areaMm2, histogram: { bordersMm: [...histogram.bordersMm], areaMm2: [...histogram.areaMm2] } }];
});
