import { norm } from "../geometry.ts";
import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { EdgeTurn } from "./edge-turn.ts";
import { WALL_ANGLE_DEG } from "./edge-zone.ts";
import type { ExactBalls } from "./exact-balls.ts";
import type { SurfaceSamples } from "./surface-samples.ts";

/** Steps a ball may take out of a corner, and how far it may go in multiples of the limit. */
const ESCAPE_STEPS = 64;
const ESCAPE_REACH = 2;
/** After this many steps they grow shorter, or the ball would swing to and fro across the middle of a wall. */
const ESCAPE_FULL_STEPS = 40;
const ESCAPE_FADE = 0.85;
/** A ball of this share of the limit has escaped: the walls around a corner are judged on their own. */
const ESCAPED = 0.99;

const nearest = new Float64Array(3);

/**
 * Of the corner samples listed, those in the taper of a feather edge: nearer to it than where its wall grows to the
 * limit, give or take half a limit for the third face of the corner.
 * @returns `[list]` 1 where it is
 */
export function nearFeather(body: Body, samples: SurfaceSamples, list: readonly number[], limitMm: number): Uint8Array {
  const out = new Uint8Array(list.length);
  for (const edge of body.edges) {
    if (!edge.turnDeg.some((turn) => turn > 180 - WALL_ANGLE_DEG)) continue;
    const turns = new EdgeTurn(body, edge);
    list.forEach((i, j) => {
      if (out[j]) return;
      const s = closestOnEdge(edge, samples.points.subarray(i * 3, i * 3 + 3), nearest), turn = turns.at(nearest);
      if (turn > 180 - WALL_ANGLE_DEG && s <= limitMm / 2 + limitMm / (2 * Math.tan(((180 - turn) * Math.PI) / 360))) out[j] = 1;
    });
  }
  return out;
}

/**
 * Of the corner samples listed, those whose thinness the corner alone explains: the ball can leave the corner and
 * reach the limit's size within {@link ESCAPE_REACH} limits. First in one jump along the corner's bisector, then
 * away from whatever is nearest; neither can leave the material.
 * @returns `[list]` 1 where it escapes
 */
export function escapesCorner(body: Body, bvh: Bvh, samples: SurfaceSamples, balls: ExactBalls, list: readonly number[], limitMm: number, deviationMm: number): Uint8Array {
  const n = list.length, out = new Uint8Array(n), goal = (ESCAPED * limitMm) / 2 - deviationMm - bvh.errorMm;
  const home = new Float64Array(n * 3), at = new Float64Array(n * 3), jump = new Float64Array(n * 3), length = new Float64Array(n), along = new Float64Array(n * 3);
  list.forEach((i, j) => jumpOf(samples, balls, i, j, limitMm / 2, home, jump, along, length));
  // Close to the surface a centre may lie on the wrong side of the facets: what is hit within their distance from it says nothing.
  const start = 2 * deviationMm + 2 * bvh.errorMm;
  const blocked = bvh.anyHit(home, along, { minDistancesMm: start, maxDistancesMm: length.map((l) => Math.max(l, start)) });
  const landed = bvh.closest(jump);
  for (let j = 0; j < n; j++) {
    const free = !blocked[j] && isInside(body, jump, j, landed.points, landed.triangles[j]);
    if (free && landed.distances[j] >= goal) out[j] = 1;
    const from = free && landed.distances[j] > balls.radiusMm[list[j]] ? jump : home;
    for (let k = 0; k < 3; k++) at[j * 3 + k] = from[j * 3 + k];
  }
  for (let step = 0; step < ESCAPE_STEPS && out.includes(0); step++) {
    const { distances, points } = bvh.closest(at);
    for (let j = 0; j < n; j++) {
      if (out[j]) continue;
      const d = distances[j];
      if (d >= goal) { out[j] = 1; continue; }
      if (!(d > 0)) continue;
      const s = Math.min(d, (limitMm / 4) * ESCAPE_FADE ** Math.max(0, step - ESCAPE_FULL_STEPS)) / d;
      const moved = [0, 1, 2].map((k) => at[j * 3 + k] + s * (at[j * 3 + k] - points[j * 3 + k]));
      if (norm(moved[0] - home[j * 3], moved[1] - home[j * 3 + 1], moved[2] - home[j * 3 + 2]) > ESCAPE_REACH * limitMm) continue;
      for (let k = 0; k < 3; k++) at[j * 3 + k] = moved[k];
    }
  }
  return out;
}

/** Whether point j lies on the material side of the facet nearest to it. */
function isInside({ facets }: Body, p: Float64Array, j: number, nearest: Float64Array, triangle: number): boolean {
  const [a, b, c] = [0, 1, 2].map((k) => facets.indices[triangle * 3 + k] * 3), q = facets.positions;
  const u = [0, 1, 2].map((k) => q[b + k] - q[a + k]), v = [0, 1, 2].map((k) => q[c + k] - q[a + k]), d = [0, 1, 2].map((k) => p[j * 3 + k] - nearest[j * 3 + k]);
  return d[0] * (u[1] * v[2] - u[2] * v[1]) + d[1] * (u[2] * v[0] - u[0] * v[2]) + d[2] * (u[0] * v[1] - u[1] * v[0]) < 0;
}

/** Where the ball of the goal's radius would touch both contact planes, reached along their bisector. */
function jumpOf(samples: SurfaceSamples, balls: ExactBalls, i: number, j: number, goal: number, home: Float64Array, jump: Float64Array, along: Float64Array, length: Float64Array): void {
  const r = balls.radiusMm[i], { points: p, normals: n } = samples, b = [0, 0, 0];
  for (let k = 0; k < 3; k++) home[j * 3 + k] = p[i * 3 + k] - r * n[i * 3 + k];
  const corner = balls.partnerFaces[i] >= 0 && r > 0;
  for (let k = 0; k < 3; k++) b[k] = -n[i * 3 + k] - (corner ? (balls.partners[i * 3 + k] - home[j * 3 + k]) / r : n[i * 3 + k]);
  const size = norm(b[0], b[1], b[2]), grow = size / 2;
  const t = Math.max(1e-9, grow > 0.1 ? (goal - r) / grow : 0);
  length[j] = t;
  for (let k = 0; k < 3; k++) {
    along[j * 3 + k] = size > 1e-6 ? b[k] / size : -n[i * 3 + k];
    jump[j * 3 + k] = home[j * 3 + k] + t * along[j * 3 + k];
  }
}
