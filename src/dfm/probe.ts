import { SURFACE_POINT, evaluateSurface } from "../part/evaluate-surface.ts";
import type { Face, Facets } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import { contourCrossing, newOutline } from "./contour-crossing.ts";
import { ALONG, DOWN, PARALLEL_SINE, UP, kindOf, type Seen } from "./contours.ts";
import { meshTopology } from "./mesh-topology.ts";
import { dot, norm } from "../geometry.ts";
import { opposite, pointAt } from "./vec3.ts";

/** What visibility asks of a tree. */
export type RayCaster = Pick<Bvh, "rays" | "allHits" | "closest" | "within" | "errorMm">;

/** A piece of a facet: barycentric places of its three corners, `[9]`; empty for the whole facet. */
export interface Patch {
  readonly facet: number;
  readonly w: readonly number[];
}

/** The corners of a whole facet. */
export const WHOLE: readonly number[] = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The middle of a patch, moved out along its normal by more than rounding may hide, and outside facet and surface both. */
export interface Probe {
  readonly start: Vec3;
  readonly normal: Vec3;
  readonly kind: number;
}

/** Whether a patch comes free. */
export interface Freedom {
  /** Its middle, along the direction and against it; false where the patch faces away. Of a piece, false also where the other side settled it. */
  readonly up: boolean;
  readonly down: boolean;
  readonly hidden: boolean;
  /** True for all of the patch, not only its middle. */
  readonly sure: boolean;
  /** What shadows ending on the patch leave open for want of exact facets, mm²; only counted on whole facets. */
  readonly borderMm2: number;
}

/** A facet that turns over within itself may stand in the way falsely when it is this steep. */
const STEEP = 0.05;
const RETRIES = 2;
/** A shadow's error is not followed onto surface steeper than this. */
const STEEPEST = 0.1;

/** What visibility needs of a body. */
export interface SeenBody {
  readonly faces: readonly Face[];
  readonly facets: Facets;
}

const surfacePoint = new Float64Array(SURFACE_POINT);

/** Prepares the one ray that stands for a patch. */
export function probePatch({ faces, facets }: SeenBody, seen: Seen, { facet, w: own }: Patch, baseMm: number): Probe {
  const w = own.length === 0 ? WHOLE : own;
  const { indices, positions, normals, faceOf, deviationMm } = facets;
  const i = indices[facet * 3], j = indices[facet * 3 + 1], k = indices[facet * 3 + 2];
  const at = (row: Float64Array, c: number): number => w[c * 3] * row[i] + w[c * 3 + 1] * row[j] + w[c * 3 + 2] * row[k];
  const wa = (w[0] + w[3] + w[6]) / 3, wb = (w[1] + w[4] + w[7]) / 3, wc = (w[2] + w[5] + w[8]) / 3;
  const mean = (row: Float64Array, c: number): number => wa * row[i * 3 + c] + wb * row[j * 3 + c] + wc * row[k * 3 + c];
  const nx = mean(normals, 0), ny = mean(normals, 1), nz = mean(normals, 2), length = norm(nx, ny, nz) || 1;
  const normal: Vec3 = [nx / length, ny / length, nz / length];
  const off = deviationMm[faceOf[facet]], kind = kindOf(at(seen.sine, 0), at(seen.sine, 1), at(seen.sine, 2));
  const lift = baseMm + bulge(faces[faceOf[facet]], facets, [i, j, k], [wa, wb, wc], normal, 2 * off + baseMm);
  return { start: [mean(positions, 0) + lift * normal[0], mean(positions, 1) + lift * normal[1], mean(positions, 2) + lift * normal[2]], normal, kind };
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

/**
 * Settles many patches at once. A patch that looks along the direction is looked at from there, one that looks away
 * from the other side, a parallel one from the other side only where the first does not settle it.
 */
export function castProbes({ facets }: SeenBody, seen: Seen, rays: RayCaster, patches: readonly Patch[], probes: readonly Probe[], baseMm: number): Freedom[] {
  const n = probes.length, back = opposite(seen.direction), borderMm2 = new Float64Array(n);
  const crossed = (i: number, above: boolean): boolean => {
    const border = crossing(facets, seen, patches[i], probes[i], above, baseMm);
    if (patches[i].w.length === 0) borderMm2[i] += border / Math.max(STEEPEST, Math.abs(dot(probes[i].normal, seen.direction)));
    return border > 0;
  };
  const up = escapes(facets, rays, probes, probes.map((p) => p.kind !== DOWN), seen.direction, baseMm);
  const crossedUp = probes.map((p, i) => p.kind !== DOWN && crossed(i, true));
  const down = escapes(facets, rays, probes, probes.map((p, i) => p.kind !== UP && (patches[i].w.length === 0 || p.kind !== ALONG || up[i] === 0 || crossedUp[i])), back, baseMm);
  return probes.map(({ kind, normal }, i) => {
    const u = up[i] === 1, v = down[i] === 1, first = borderMm2[i];
    if (kind === UP) return { up: u, down: false, hidden: !u, sure: !crossedUp[i], borderMm2: first };
    if (kind === ALONG && u && !crossedUp[i]) return { up: true, down: v, hidden: false, sure: true, borderMm2: 0 };
    const crossedDown = crossed(i, false);
    if (kind === DOWN) return { up: false, down: v, hidden: !v, sure: !crossedDown, borderMm2: borderMm2[i] };
    if (kind === ALONG) {
      const free = v && !crossedDown;
      return { up: u, down: v, hidden: !u && !v, sure: free || (!crossedUp[i] && !crossedDown), borderMm2: free ? 0 : borderMm2[i] };
    }
    const sine = dot(normal, seen.direction), hidden = sine > PARALLEL_SINE ? !u : sine < -PARALLEL_SINE ? !v : !u && !v;
    return { up: u, down: v, hidden, sure: !crossedUp[i] && !crossedDown && u === v, borderMm2: borderMm2[i] };
  });
}

const outline = newOutline();

/** Shadows through a patch; of a whole facet all are counted, of a piece the first will do. */
function crossing({ indices, faceOf, deviationMm }: Facets, seen: Seen, { facet, w }: Patch, { normal, kind }: Probe, above: boolean, baseMm: number): number {
  const i = indices[facet * 3], j = indices[facet * 3 + 1], k = indices[facet * 3 + 2], { x, y, z } = seen, off = deviationMm[faceOf[facet]], o = outline;
  if (w.length === 0) {
    o.ax = x[i]; o.bx = x[j]; o.cx = x[k]; o.ay = y[i]; o.by = y[j]; o.cy = y[k];
    o.low = Math.min(z[i], z[j], z[k]); o.high = Math.max(z[i], z[j], z[k]);
  } else {
    const at = (row: Float64Array, c: number): number => w[c * 3] * row[i] + w[c * 3 + 1] * row[j] + w[c * 3 + 2] * row[k];
    o.ax = at(x, 0); o.bx = at(x, 1); o.cx = at(x, 2); o.ay = at(y, 0); o.by = at(y, 1); o.cy = at(y, 2);
    const a = at(z, 0), b = at(z, 1), c = at(z, 2);
    o.low = Math.min(a, b, c); o.high = Math.max(a, b, c);
  }
  if (kind === ALONG) {
    // The outline of a parallel wall moves out with its start, so that its own rims do not run along it.
    const side = 1.5 * off + baseMm, mx = side * dot(normal, seen.across[0]), my = side * dot(normal, seen.across[1]);
    o.ax += mx; o.bx += mx; o.cx += mx; o.ay += my; o.by += my; o.cy += my;
  }
  o.toleranceMm = off + baseMm;
  return contourCrossing(seen.contours, o, above, w.length === 0);
}

/** `[n]` 1 where a probe that is asked comes free along d. */
export function escapes(facets: Facets, rays: RayCaster, probes: readonly Pick<Probe, "start">[], asked: readonly boolean[], d: Vec3, baseMm: number): Uint8Array {
  const free = new Uint8Array(probes.length);
  let who: number[] = [];
  for (let i = 0; i < probes.length; i++) if (asked[i]) who.push(i);
  const starts = probes.map((p) => p.start), direction = Float64Array.from(d);
  for (let round = 0; round <= RETRIES && who.length > 0; round++) {
    const origins = new Float64Array(who.length * 3);
    who.forEach((p, i) => { const [x, y, z] = starts[p]; origins[i * 3] = x; origins[i * 3 + 1] = y; origins[i * 3 + 2] = z; });
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
  const { normals, indices } = facets;
  for (let k = 0; k < 3; k++) {
    const i = indices[t * 3 + k] * 3, s = normals[i] * d[0] + normals[i + 1] * d[1] + normals[i + 2] * d[2];
    low = Math.min(low, s); high = Math.max(high, s);
  }
  if (low < -PARALLEL_SINE && (high <= PARALLEL_SINE || low < -STEEP)) return undefined;
  const n = pointAt(meshTopology(facets).normals, t), s = dot(n, d);
  const x = n[0] - s * d[0], y = n[1] - s * d[1], z = n[2] - s * d[2], length = norm(x, y, z);
  if (!(length > 0.5)) return undefined;
  const move = (2 * (facets.deviationMm[facets.faceOf[t]] + baseMm)) / length;
  return [start[0] + move * x, start[1] + move * y, start[2] + move * z];
}
