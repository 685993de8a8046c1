import { norm } from "../geometry.ts";
import type { Body } from "../part/part.ts";
import type { WallSamples } from "./wall-samples.ts";
import { ZONE } from "./edge-zone.ts";
import type { ExactBalls } from "./exact-balls.ts";

/** Wall thickness over one body, for display and statistics. Lengths in mm, part frame, sintered size. */
export interface WallMap {
  /** `[v]` thickness at each of `Facets.positions`; {@link NOT_MEASURED} where there is none. Never NaN. */
  readonly thicknessMm: Float32Array;
  /** `[v*3]` the other contact of the ball nearest to each vertex; the vertex itself where not measured. */
  readonly partners: Float32Array;
  readonly statistics: WallStatistics;
}

/** Marks a vertex without a thickness. */
export const NOT_MEASURED = -1;

/** Area-weighted statistics of opposed walls; tapers of edges are left out. All 0 when there are none. */
export interface WallStatistics {
  readonly minMm: number;
  readonly maxMm: number;
  readonly meanMm: number;
  readonly medianMm: number;
  /** Area measured, mm². */
  readonly areaMm2: number;
  readonly samples: number;
  /** `[bins + 1]` bin borders, mm, and `[bins]` area in each, mm². */
  readonly histogram: { readonly bordersMm: Float64Array; readonly areaMm2: Float64Array };
}

const BINS = 32;

/**
 * Spreads the samples' thickness to the vertices of their triangles, nearer ones counting more. Samples in the
 * taper of an edge are no walls: a vertex that knows only such stays not measured and shows neutral. What may be no
 * thicker than `maxMm` (Infinity without a limit) is shown as that thick.
 */
export function makeWallMap(body: Body, walls: WallSamples, maxMm: number): WallMap {
  const { positions, indices } = body.facets, count = positions.length / 3;
  const thicknessMm = new Float32Array(count).fill(NOT_MEASURED), partners = Float32Array.from(positions);
  const sums = new Float64Array(count), weights = new Float64Array(count), nearest = new Float64Array(count).fill(Infinity);
  const { samples, balls, zones } = walls;
  for (let i = 0; i < samples.count; i++) {
    if (zones[i] !== ZONE.wall) continue;
    const t = samples.triangles[i], thickness = shownMm(balls, i, maxMm);
    for (let k = 0; k < 3; k++) {
      const v = indices[t * 3 + k];
      const d = norm(samples.points[i * 3] - positions[v * 3], samples.points[i * 3 + 1] - positions[v * 3 + 1], samples.points[i * 3 + 2] - positions[v * 3 + 2]);
      const w = 1 / (d * d + 1e-12);
      sums[v] += w * thickness;
      weights[v] += w;
      if (d < nearest[v]) { nearest[v] = d; for (let c = 0; c < 3; c++) partners[v * 3 + c] = balls.partners[i * 3 + c]; }
    }
  }
  for (let v = 0; v < count; v++) if (weights[v] > 0) thicknessMm[v] = sums[v] / weights[v];
  return { thicknessMm, partners, statistics: wallStatistics(walls) };
}

/** Thickness as a map shows it, mm: on facets a wall as thick as the limit reads a little more or less. */
export const shownMm = ({ radiusMm, lowMm }: ExactBalls, i: number, maxMm: number): number =>
  2 * radiusMm[i] > maxMm && 2 * lowMm[i] <= maxMm ? maxMm : 2 * radiusMm[i];

function wallStatistics({ samples, balls, zones }: WallSamples): WallStatistics {
  const list: number[] = [];
  for (let i = 0; i < samples.count; i++) if (zones[i] === ZONE.wall) list.push(i);
  list.sort((a, b) => balls.radiusMm[a] - balls.radiusMm[b]);
  const maxMm = list.length > 0 ? 2 * balls.radiusMm[list[list.length - 1]] : 0;
  const bordersMm = Float64Array.from({ length: BINS + 1 }, (_, i) => (maxMm * i) / BINS), area = new Float64Array(BINS);
  let areaMm2 = 0, sum = 0;
  for (const i of list) {
    const thickness = 2 * balls.radiusMm[i], a = samples.areasMm2[i];
    areaMm2 += a;
    sum += a * thickness;
    area[Math.min(BINS - 1, Math.floor((thickness / (maxMm || 1)) * BINS))] += a;
  }
  let half = 0, medianMm = 0;
  for (const i of list) { half += samples.areasMm2[i]; medianMm = 2 * balls.radiusMm[i]; if (half >= areaMm2 / 2) break; }
  return { minMm: list.length > 0 ? 2 * balls.radiusMm[list[0]] : 0, maxMm, meanMm: areaMm2 > 0 ? sum / areaMm2 : 0, medianMm, areaMm2, samples: list.length, histogram: { bordersMm, areaMm2: area } };
}
