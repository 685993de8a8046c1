import { SURFACE_POINT, evaluateTangents } from "../part/evaluate-surface.ts";
import type { Face, Facets } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import { contourCrossing, newOutline } from "./contour-crossing.ts";
import { ALONG, DOWN, PARALLEL_SINE, UP, kindOf, type Seen } from "./contours.ts";
import { meshTopology } from "./mesh-topology.ts";
import { norm } from "../geometry.ts";
import { opposite } from "./vec3.ts";

/** What visibility asks of a tree. */
export type RayCaster = Pick<Bvh, "rays" | "allHits" | "closest" | "within" | "errorMm">;

/** A piece of a facet: barycentric places of its three corners, `[9]`; empty for the whole facet. */
export interface Patch {
  readonly facet: number;
  readonly w: ArrayLike<number>;
}

/** Many patches: facet of each and `[p*9]` barycentric places of its corners; without these, whole facets. */
export interface Patches {
  readonly facets: Uint32Array;
  readonly corners?: Float64Array;
}

/** The corners of a whole facet. */
export const WHOLE: readonly number[] = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The middles of patches, moved out along their normals by more than rounding may hide, and outside facet and surface both. */
export interface Probes {
  /** `[p*3]` each. */
  readonly starts: Float64Array;
  readonly normals: Float64Array;
  readonly kinds: Uint8Array;
}

/** Whether patches come free; 1 where something holds. */
export interface Freedom {
  /** `[p]` its middle, along the direction and against it; 0 where the patch faces away. Of a piece, 0 also where the other side settled it. */
  readonly up: Uint8Array;
  readonly down: Uint8Array;
  readonly hidden: Uint8Array;
  /** True for all of the patch, not only its middle. */
  readonly sure: Uint8Array;
  /** `[p]` what shadows ending on the patch leave open for want of exact facets, mm²; only counted on whole facets. */
  readonly borderMm2: Float64Array;
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

/** Prepares the one ray that stands for each patch. */
export function probePatches({ faces, facets }: SeenBody, { sine }: Seen, patches: Patches, baseMm: number): Probes {
  const { indices, positions: p, normals: n, faceOf, deviationMm } = facets, count = patches.facets.length, w = patches.corners;
  const out = { starts: new Float64Array(count * 3), normals: new Float64Array(count * 3), kinds: new Uint8Array(count) };
  for (let at = 0; at < count; at++) {
    const facet = patches.facets[at], i = indices[facet * 3], j = indices[facet * 3 + 1], k = indices[facet * 3 + 2], c = at * 9;
    let wa = 1 / 3, wb = 1 / 3, wc = 1 / 3;
    if (w) {
      wa = (w[c] + w[c + 3] + w[c + 6]) / 3; wb = (w[c + 1] + w[c + 4] + w[c + 7]) / 3; wc = (w[c + 2] + w[c + 5] + w[c + 8]) / 3;
      out.kinds[at] = kindOf(blended(sine, i, j, k, w, c), blended(sine, i, j, k, w, c + 3), blended(sine, i, j, k, w, c + 6));
    } else out.kinds[at] = kindOf(sine[i], sine[j], sine[k]);
    const a = i * 3, b = j * 3, d = k * 3;
    let nx = wa * n[a] + wb * n[b] + wc * n[d], ny = wa * n[a + 1] + wb * n[b + 1] + wc * n[d + 1], nz = wa * n[a + 2] + wb * n[b + 2] + wc * n[d + 2];
    const length = norm(nx, ny, nz) || 1, x = wa * p[a] + wb * p[b] + wc * p[d], y = wa * p[a + 1] + wb * p[b + 1] + wc * p[d + 1], z = wa * p[a + 2] + wb * p[b + 2] + wc * p[d + 2];
    nx /= length; ny /= length; nz /= length;
    const face = faceOf[facet], lift = baseMm + bulge(faces[face], facets, i, j, k, wa, wb, wc, x, y, z, nx, ny, nz, 2 * deviationMm[face] + baseMm);
    out.normals[at * 3] = nx; out.normals[at * 3 + 1] = ny; out.normals[at * 3 + 2] = nz;
    out.starts[at * 3] = x + lift * nx; out.starts[at * 3 + 1] = y + lift * ny; out.starts[at * 3 + 2] = z + lift * nz;
  }
  return out;
}

/** One corner's share of three values. */
const blended = (row: Float64Array, i: number, j: number, k: number, w: Float64Array, c: number): number => w[c] * row[i] + w[c + 1] * row[j] + w[c + 2] * row[k];

/** How far the exact surface stands out over a point of the facet, 0 where it lies behind it, mm. A start must be outside both. */
function bulge({ surface }: Face, { uvs }: Facets, i: number, j: number, k: number, wa: number, wb: number, wc: number, x: number, y: number, z: number, nx: number, ny: number, nz: number, mostMm: number): number {
  if (surface.kind === "plane" || surface.kind === "other" || uvs.length === 0) return 0;
  evaluateTangents(surface, wa * uvs[i * 2] + wb * uvs[j * 2] + wc * uvs[k * 2], wa * uvs[i * 2 + 1] + wb * uvs[j * 2 + 1] + wc * uvs[k * 2 + 1], surfacePoint);
  const height = (surfacePoint[0] - x) * nx + (surfacePoint[1] - y) * ny + (surfacePoint[2] - z) * nz;
  // Near a pole blended parameters miss the facet: the face's own bound holds there.
  return height > mostMm ? mostMm : Math.max(0, height);
}

/**
 * Settles many patches at once. A patch that looks along the direction is looked at from there, one that looks away
 * from the other side, a parallel one from the other side only where the first does not settle it.
 */
export function castProbes({ facets }: SeenBody, seen: Seen, rays: RayCaster, patches: Patches, { starts, normals, kinds }: Probes, baseMm: number): Freedom {
  const n = kinds.length, d = seen.direction, isWhole = !patches.corners, borderMm2 = new Float64Array(n), asked = new Uint8Array(n), crossedUp = new Uint8Array(n);
  const sineOf = (i: number): number => normals[i * 3] * d[0] + normals[i * 3 + 1] * d[1] + normals[i * 3 + 2] * d[2];
  const isCrossed = (i: number, above: boolean): boolean => {
    const border = crossing(facets, seen, patches, i, normals, kinds[i], above, baseMm);
    if (isWhole) borderMm2[i] += border / Math.max(STEEPEST, Math.abs(sineOf(i)));
    return border > 0;
  };
  for (let i = 0; i < n; i++) asked[i] = kinds[i] !== DOWN ? 1 : 0;
  const up = escapes(facets, rays, starts, asked, d, baseMm);
  for (let i = 0; i < n; i++) {
    crossedUp[i] = kinds[i] !== DOWN && isCrossed(i, true) ? 1 : 0;
    asked[i] = kinds[i] !== UP && (isWhole || kinds[i] !== ALONG || up[i] === 0 || crossedUp[i] === 1) ? 1 : 0;
  }
  const down = escapes(facets, rays, starts, asked, opposite(d), baseMm), hidden = new Uint8Array(n), sure = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const kind = kinds[i], u = up[i] === 1, v = down[i] === 1;
    if (kind === UP) { hidden[i] = u ? 0 : 1; sure[i] = 1 - crossedUp[i]; continue; }
    if (kind === ALONG && u && crossedUp[i] === 0) { sure[i] = 1; borderMm2[i] = 0; continue; }
    const crossedDown = isCrossed(i, false), uncrossed = crossedUp[i] === 0 && !crossedDown;
    if (kind === DOWN) { hidden[i] = v ? 0 : 1; sure[i] = crossedDown ? 0 : 1; continue; }
    if (kind === ALONG) {
      const free = v && !crossedDown;
      hidden[i] = u || v ? 0 : 1; sure[i] = free || uncrossed ? 1 : 0;
      if (free) borderMm2[i] = 0;
      continue;
    }
    const sine = sineOf(i);
    hidden[i] = (sine > PARALLEL_SINE ? u : sine < -PARALLEL_SINE ? v : u || v) ? 0 : 1;
    sure[i] = uncrossed && u === v ? 1 : 0;
  }
  return { up, down, hidden, sure, borderMm2 };
}

const outline = newOutline();

/** Shadows through a patch; of a whole facet all are counted, of a piece the first will do. */
function crossing({ indices, faceOf, deviationMm }: Facets, seen: Seen, { facets, corners: w }: Patches, at: number, normals: Float64Array, kind: number, above: boolean, baseMm: number): number {
  const facet = facets[at], i = indices[facet * 3], j = indices[facet * 3 + 1], k = indices[facet * 3 + 2], { x, y, z } = seen, off = deviationMm[faceOf[facet]], o = outline;
  if (w) {
    const c = at * 9;
    o.ax = blended(x, i, j, k, w, c); o.bx = blended(x, i, j, k, w, c + 3); o.cx = blended(x, i, j, k, w, c + 6);
    o.ay = blended(y, i, j, k, w, c); o.by = blended(y, i, j, k, w, c + 3); o.cy = blended(y, i, j, k, w, c + 6);
    const za = blended(z, i, j, k, w, c), zb = blended(z, i, j, k, w, c + 3), zc = blended(z, i, j, k, w, c + 6);
    o.low = Math.min(za, zb, zc); o.high = Math.max(za, zb, zc);
  } else {
    o.ax = x[i]; o.bx = x[j]; o.cx = x[k]; o.ay = y[i]; o.by = y[j]; o.cy = y[k];
    o.low = Math.min(z[i], z[j], z[k]); o.high = Math.max(z[i], z[j], z[k]);
  }
  if (kind === ALONG) {
    // The outline of a parallel wall moves out with its start, so that its own rims do not run along it.
    const side = 1.5 * off + baseMm, [ex, ey] = seen.across, nx = normals[at * 3], ny = normals[at * 3 + 1], nz = normals[at * 3 + 2];
    const mx = side * (nx * ex[0] + ny * ex[1] + nz * ex[2]), my = side * (nx * ey[0] + ny * ey[1] + nz * ey[2]);
    o.ax += mx; o.bx += mx; o.cx += mx; o.ay += my; o.by += my; o.cy += my;
  }
  o.toleranceMm = off + baseMm;
  return contourCrossing(seen.contours, o, above, !w);
}

/**
 * `[n]` 1 where a probe that is asked comes free along d.
 * @param starts `[n*3]`
 * @param asked `[n]` 1 for those to be looked at
 */
export function escapes(facets: Facets, rays: RayCaster, starts: Float64Array, asked: Uint8Array, d: Vec3, baseMm: number): Uint8Array {
  const free = new Uint8Array(asked.length), direction = Float64Array.from(d);
  const who = new Uint32Array(asked.length);
  let count = 0;
  for (let i = 0; i < asked.length; i++) if (asked[i] === 1) who[count++] = i;
  let origins = new Float64Array(count * 3);
  for (let i = 0; i < count; i++) for (let k = 0; k < 3; k++) origins[i * 3 + k] = starts[who[i] * 3 + k];
  for (let round = 0; count > 0; round++) {
    const { triangles } = rays.rays(origins, direction);
    let again = 0;
    for (let i = 0; i < count; i++) {
      if (triangles[i] < 0) free[who[i]] = 1;
      else if (round < RETRIES && asideOf(facets, triangles[i], d, origins, i * 3, again * 3, baseMm)) who[again++] = who[i];
    }
    count = again;
    origins = origins.subarray(0, count * 3);
  }
  return free;
}

/**
 * Moves a start just aside of a facet that stands in the way only because facets cut curved walls short: its exact normals
 * look along the ray or across it, so the surface itself cannot stop it. False when the facet is a true obstacle,
 * or when it turns over within itself and is not steep.
 */
function asideOf(facets: Facets, t: number, d: Vec3, starts: Float64Array, from: number, to: number, baseMm: number): boolean {
  let low = 1, high = -1;
  const { normals, indices } = facets;
  for (let k = 0; k < 3; k++) {
    const i = indices[t * 3 + k] * 3, s = normals[i] * d[0] + normals[i + 1] * d[1] + normals[i + 2] * d[2];
    if (s < low) low = s;
    if (s > high) high = s;
  }
  if (low < -PARALLEL_SINE && (high <= PARALLEL_SINE || low < -STEEP)) return false;
  const { normals: own } = meshTopology(facets), nx = own[t * 3], ny = own[t * 3 + 1], nz = own[t * 3 + 2], s = nx * d[0] + ny * d[1] + nz * d[2];
  const x = nx - s * d[0], y = ny - s * d[1], z = nz - s * d[2], length = norm(x, y, z);
  if (!(length > 0.5)) return false;
  const move = (2 * (facets.deviationMm[facets.faceOf[t]] + baseMm)) / length;
  starts[to] = starts[from] + move * x; starts[to + 1] = starts[from + 1] + move * y; starts[to + 2] = starts[from + 2] + move * z;
  return true;
}
