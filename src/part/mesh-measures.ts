import type { Facets } from "./part.ts";
import type { Box, Vec3 } from "../units.ts";

/** Largest distance of any facet from its surface, mm; 0 without facets. */
export const worstDeviationMm = ({ deviationMm }: Pick<Facets, "deviationMm">): number => deviationMm.reduce((a, b) => Math.max(a, b), 0);

/** Volume, area, centroid and box of triangles, taken as they are. */
export interface MeshMeasures {
  readonly volumeMm3: number;
  readonly areaMm2: number;
  readonly centroidMm: Vec3;
  readonly boxMm: Box;
}

/**
 * Measures of a closed mesh by the divergence theorem, about its box centre so that a part far from the origin
 * keeps its digits.
 * @param positions `[v*3]` mm @param indices `[t*3]`
 */
export function closedVolume(positions: Float64Array, indices: Uint32Array): MeshMeasures {
  const boxMm = boxOfPoints(positions);
  const ox = (boxMm[0][0] + boxMm[1][0]) / 2, oy = (boxMm[0][1] + boxMm[1][1]) / 2, oz = (boxMm[0][2] + boxMm[1][2]) / 2;
  let six = 0, area = 0, mx = 0, my = 0, mz = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const a = indices[t] * 3, b = indices[t + 1] * 3, c = indices[t + 2] * 3;
    const ax = positions[a] - ox, ay = positions[a + 1] - oy, az = positions[a + 2] - oz;
    const bx = positions[b] - ox, by = positions[b + 1] - oy, bz = positions[b + 2] - oz;
    const cx = positions[c] - ox, cy = positions[c + 1] - oy, cz = positions[c + 2] - oz;
    const v = ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
    six += v;
    mx += v * (ax + bx + cx); my += v * (ay + by + cy); mz += v * (az + bz + cz);
    const ux = bx - ax, uy = by - ay, uz = bz - az, wx = cx - ax, wy = cy - ay, wz = cz - az;
    area += Math.hypot(uy * wz - uz * wy, uz * wx - ux * wz, ux * wy - uy * wx) / 2;
  }
  const q = six === 0 ? 0 : 1 / (4 * six);
  return { volumeMm3: six / 6, areaMm2: area, centroidMm: [ox + mx * q, oy + my * q, oz + mz * q], boxMm };
}

/** Box of points; `[0,0,0]` twice when there are none. */
export function boxOfPoints(positions: Float64Array): Box {
  if (positions.length === 0) return [[0, 0, 0], [0, 0, 0]];
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const k = i % 3, p = positions[i];
    if (p < low[k]) low[k] = p;
    if (p > high[k]) high[k] = p;
  }
  return [[low[0], low[1], low[2]], [high[0], high[1], high[2]]];
}

/** True when each edge of the welded mesh is used as often in one sense as in the other. */
export function isClosed(indices: Uint32Array): boolean {
  if (indices.length === 0) return false;
  const balance = new Map<number, number>();
  const edge = (a: number, b: number): void => {
    const key = a < b ? a * 0x4000000 + b : b * 0x4000000 + a;
    balance.set(key, (balance.get(key) ?? 0) + (a < b ? 1 : -1));
  };
  for (let t = 0; t < indices.length; t += 3) {
    edge(indices[t], indices[t + 1]); edge(indices[t + 1], indices[t + 2]); edge(indices[t + 2], indices[t]);
  }
  for (const n of balance.values()) if (n !== 0) return false;
  return true;
}

/** Joins vertices with equal coordinates and drops triangles that collapse; `kept` are the original triangles that stay. */
export function weldExact(positions: Float64Array, indices: Uint32Array): { positions: Float64Array; indices: Uint32Array; kept: Uint32Array } {
  const seen = new Map<string, number>(), joined = new Uint32Array(positions.length / 3), points: number[] = [];
  for (let v = 0; v < joined.length; v++) {
    const x = positions[v * 3] + 0, y = positions[v * 3 + 1] + 0, z = positions[v * 3 + 2] + 0, key = `${x},${y},${z}`;
    let id = seen.get(key);
    if (id === undefined) { seen.set(key, (id = seen.size)); points.push(x, y, z); }
    joined[v] = id;
  }
  const out: number[] = [], kept: number[] = [];
  for (let t = 0; t < indices.length; t += 3) {
    const a = joined[indices[t]], b = joined[indices[t + 1]], c = joined[indices[t + 2]];
    if (a === b || b === c || c === a) continue;
    out.push(a, b, c);
    kept.push(t / 3);
  }
  return { positions: Float64Array.from(points), indices: Uint32Array.from(out), kept: Uint32Array.from(kept) };
}
