import { SURFACE_POINT, evaluateSurface } from "../part/evaluate-surface.ts";
import type { Face, Facets } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import { contourCrosses } from "./contour-crossing.ts";
import { ALONG, DOWN, MIXED, PARALLEL_SINE, UP, kindOf, type Seen } from "./contours.ts";
import { meshTopology } from "./mesh-topology.ts";
import { dot, opposite, pointAt } from "./vec3.ts";

/** What visibility asks of a tree. */
export type RayCaster = Pick<Bvh, "rays" | "errorMm">;

/** A piece of a facet: barycentric places of its three corners, `[9]`. */
export interface Patch {
  readonly facet: number;
  readonly w: readonly number[];
}

/** The middle of a patch, moved out along its normal by more than facets and rounding may hide. */
export interface Probe {
  readonly start: Vec3;
  readonly normal: Vec3;
  readonly kind: number;
  /** No shadow's border runs through the patch. */
  readonly uncrossed: boolean;
}

/** Whether the middle of a patch comes free. */
export interface Freedom {
  readonly up: boolean;
  readonly down: boolean;
  readonly hidden: boolean;
  /** True for all of the patch, not only its middle. */
  readonly sure: boolean;
}

/** A facet that turns over within itself may stand in the way falsely when it is this steep. */
const STEEP = 0.05;
const RETRIES = 2;

/** What visibility needs of a body. */
export interface SeenBody {
  readonly faces: readonly Face[];
  readonly facets: Facets;
}

const surfacePoint = new Float64Array(SURFACE_POINT);

/** Prepares the one ray that stands for a patch. */
export function probePatch({ faces, facets }: SeenBody, seen: Seen, { facet, w }: Patch, baseMm: number): Probe {
  const { indices, positions, normals, faceOf, deviationMm } = facets;
  const i = indices[facet * 3], j = indices[facet * 3 + 1], k = indices[facet * 3 + 2];
  const at = (row: Float64Array, c: number): number => w[c * 3] * row[i] + w[c * 3 + 1] * row[j] + w[c * 3 + 2] * row[k];
  const wa = (w[0] + w[3] + w[6]) / 3, wb = (w[1] + w[4] + w[7]) / 3, wc = (w[2] + w[5] + w[8]) / 3;
  const mean = (row: Float64Array, c: number): number => wa * row[i * 3 + c] + wb * row[j * 3 + c] + wc * row[k * 3 + c];
  const nx = mean(normals, 0), ny = mean(normals, 1), nz = mean(normals, 2), length = Math.hypot(nx, ny, nz) || 1;
  const normal: Vec3 = [nx / length, ny / length, nz / length];
  const off = deviationMm[faceOf[facet]];
  const kind = kindOf(at(seen.sine, 0), at(seen.sine, 1), at(seen.sine, 2)), both = kind === ALONG || kind === MIXED;
  // The outline of a parallel wall moves out with its start, so that its own rims do not run along it.
  const side = kind === ALONG ? 1.5 * off + baseMm : 0, mx = side * dot(normal, seen.across[0]), my = side * dot(normal, seen.across[1]);
  const za = at(seen.z, 0), zb = at(seen.z, 1), zc = at(seen.z, 2);
  const crossed = contourCrosses(seen.contours, {
    ax: at(seen.x, 0) + mx, ay: at(seen.y, 0) + my, bx: at(seen.x, 1) + mx, by: at(seen.y, 1) + my, cx: at(seen.x, 2) + mx, cy: at(seen.y, 2) + my,
    low: Math.min(za, zb, zc), high: Math.max(za, zb, zc), up: both || kind === UP, down: both || kind === DOWN, toleranceMm: off + baseMm, sine: Math.abs(dot(normal, seen.direction)),
  });
  const lift = baseMm + bulge(faces[faceOf[facet]], facets, [i, j, k], [wa, wb, wc], normal, 2 * off + baseMm);
  return { start: [mean(positions, 0) + lift * normal[0], mean(positions, 1) + lift * normal[1], mean(positions, 2) + lift * normal[2]], normal, kind, uncrossed: !crossed };
}

/** How far the exact surface stands out over the facet there, 0 where it lies behind it, mm. A start must be outside both. */
function bulge({ surface }: Face, { positions, uvs }: Facets, corners: readonly number[], w: readonly number[], n: Vec3, mostMm: number): number {
  if (surface.kind === "plane" || surface.kind === "other" || uvs.length === 0) return 0;
  const mean = (row: Float64Array, size: number, c: number): number => w[0] * row[corners[0] * size + c] + w[1] * row[corners[1] * size + c] + w[2] * row[corners[2] * size + c];
  evaluateSurface(surface, mean(uvs, 2, 0), mean(uvs, 2, 1), surfacePoint);
  let height = 0;
  for (let c = 0; c < 3; c++) height += (surfacePoint[c] - mean(positions, 3, c)) * n[c];
  // Near a pole blended parameters miss the facet: the face's own bound holds there.
  return height > mostMm ? mostMm : Math.max(0, height);
}

/** Casts the rays of many probes at once. */
export function castProbes(facets: Facets, seen: Seen, rays: RayCaster, probes: readonly Probe[], baseMm: number): Freedom[] {
  const up = probes.map((p) => p.kind !== DOWN), down = probes.map((p) => p.kind !== UP);
  const freeUp = escapes(facets, rays, probes, up, seen.direction, baseMm), freeDown = escapes(facets, rays, probes, down, opposite(seen.direction), baseMm);
  return probes.map(({ kind, normal, uncrossed }, i) => {
    const u = freeUp[i] === 1, v = freeDown[i] === 1;
    if (kind === UP) return { up: u, down: false, hidden: !u, sure: uncrossed };
    if (kind === DOWN) return { up: false, down: v, hidden: !v, sure: uncrossed };
    if (kind === ALONG) return { up: u, down: v, hidden: !u && !v, sure: uncrossed };
    const sine = dot(normal, seen.direction);
    const hidden = sine > PARALLEL_SINE ? !u : sine < -PARALLEL_SINE ? !v : !u && !v;
    return { up: u, down: v, hidden, sure: uncrossed && u === v };
  });
}

/** `[n]` 1 where a probe that is asked comes free along d. */
export function escapes(facets: Facets, rays: RayCaster, probes: readonly Pick<Probe, "start">[], asked: readonly boolean[], d: Vec3, baseMm: number): Uint8Array {
  const free = new Uint8Array(probes.length);
  let who: number[] = [];
  for (let i = 0; i < probes.length; i++) if (asked[i]) who.push(i);
  const starts = probes.map((p) => p.start), direction = Float64Array.from(d);
  for (let round = 0; round <= RETRIES && who.length > 0; round++) {
    const origins = new Float64Array(who.length * 3);
    who.forEach((p, i) => origins.set(starts[p], i * 3));
    const { triangles } = rays.rays(origins, direction), again: number[] = [];
    who.forEach((p, i) => {
      if (triangles[i] < 0) { free[p] = 1; return; }
      const moved = round < RETRIES ? asideOf(facets, triangles[i], d, starts[p], baseMm) : undefined;
      if (moved) { starts[p] = moved; again.push(p); }
    });
    who = again;
  }
  return free;
}

/**
 * A start just aside of a facet that stands in the way only because facets cut curved walls short: its exact normals
 * look along the ray or across it, so the surface itself cannot stop it. Undefined when the facet is a true obstacle,
 * or when it turns over within itself and is not steep.
 */
function asideOf(facets: Facets, t: number, d: Vec3, start: Vec3, baseMm: number): Vec3 | undefined {
  let low = 1, high = -1;
  for (let k = 0; k < 3; k++) { const s = dot(pointAt(facets.normals, facets.indices[t * 3 + k]), d); low = Math.min(low, s); high = Math.max(high, s); }
  if (low < -PARALLEL_SINE && (high <= PARALLEL_SINE || low < -STEEP)) return undefined;
  const n = pointAt(meshTopology(facets).normals, t), s = dot(n, d);
  const x = n[0] - s * d[0], y = n[1] - s * d[1], z = n[2] - s * d[2], length = Math.hypot(x, y, z);
  if (!(length > 0.5)) return undefined;
  const move = (2 * (facets.deviationMm[facets.faceOf[t]] + baseMm)) / length;
  return [start[0] + move * x, start[1] + move * y, start[2] + move * z];
}
