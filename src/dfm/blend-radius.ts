import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../part/evaluate-surface.ts";
import type { Body, Face } from "../part/part.ts";
import { principalCurvatures } from "./curvature.ts";
import type { Measured } from "./finding.ts";

/** The tightest radius of a face. */
export interface FaceRadius {
  /** `internal`: the material is outside (a fillet, a bore); `external`: inside (a round, a pin). */
  readonly side: "internal" | "external";
  readonly radius: Measured;
  /** Where, mm. */
  readonly at: readonly [number, number, number];
  readonly method: "exact" | "bounded";
}

const point = new Float64Array(SURFACE_POINT), normal = new Float64Array(3), pair = new Float64Array(2);

/** Curvatures flatter than this radius, in part sizes, are no blends. */
const FLAT = 1;
/** Rounds of the search; where a surface is nearly singular curvature grows step by step without end. */
const MAX_ROUNDS = 64;
/** What writing and reading a number may change, relative. */
const ROUNDING = 1e-14;
/** What the search over a freeform face may leave, relative; the mesh turns by 15° at most between its samples. */
const SEARCH_SLACK = 1e-6;

/**
 * Tightest radius of a face on each side it curves to. Exact on cylinders, spheres and the tube of tori; on cones
 * (whose radius runs to zero at an apex) none; on extruded, turned and B-spline faces the largest curvature over the
 * face, by its mesh's vertices, its triangles' middles and a local search inside the face from the tightest of them.
 */
export function radiiOfFace(body: Body, face: Face): FaceRadius[] {
  const { surface } = face;
  switch (surface.kind) {
    case "cylinder": return [exactRadius(body, face, surface.radiusMm)];
    case "sphere": return [exactRadius(body, face, surface.radiusMm)];
    case "torus": return [exactRadius(body, face, surface.minorMm)];
    case "extrusion":
    case "revolution":
    case "nurbs": return boundedRadii(body, face);
    default: return [];
  }
}

function exactRadius(body: Body, face: Face, radiusMm: number): FaceRadius {
  const u = (face.uv.u[0] + face.uv.u[1]) / 2, v = (face.uv.v[0] + face.uv.v[1]) / 2, inner = insideParameters(body, face) ?? [u, v];
  evaluateSurface(face.surface, inner[0], inner[1], point);
  const at: [number, number, number] = [point[0], point[1], point[2]];
  surfaceNormal(point, face.reversed, normal);
  return { side: towardsCentre(face) ? "internal" : "external", radius: { value: radiusMm, low: radiusMm * (1 - ROUNDING), high: radiusMm * (1 + ROUNDING), unit: "mm" }, at, method: "exact" };
}

/** Whether the outward normal at `point` runs to the centre of the section: hollow, material outside. */
function towardsCentre({ surface }: Face): boolean {
  if (surface.kind !== "cylinder" && surface.kind !== "sphere" && surface.kind !== "torus") return false;
  const { origin: o, z } = surface.frame, d = [point[0] - o[0], point[1] - o[1], point[2] - o[2]];
  const h = d[0] * z[0] + d[1] * z[1] + d[2] * z[2];
  if (surface.kind === "cylinder") for (let k = 0; k < 3; k++) d[k] -= h * z[k];
  if (surface.kind === "torus") {
    const radial = d.map((x, k) => x - h * z[k]), rho = Math.hypot(radial[0], radial[1], radial[2]) || 1;
    for (let k = 0; k < 3; k++) d[k] -= (surface.majorMm / rho) * radial[k];
  }
  return d[0] * normal[0] + d[1] * normal[1] + d[2] * normal[2] < 0;
}

/** Parameters of a point surely on the face: the middle of its largest triangle. */
function insideParameters(body: Body, face: Face): [number, number] | undefined {
  const { indices, uvs, positions: p } = body.facets;
  let best = -1, area = 0;
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2], vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
    const size = Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
    if (size > area) { area = size; best = t; }
  }
  if (best < 0) return undefined;
  const [a, b, c] = [0, 1, 2].map((k) => indices[best * 3 + k] * 2);
  return [(uvs[a] + uvs[b] + uvs[c]) / 3, (uvs[a + 1] + uvs[b + 1] + uvs[c + 1]) / 3];
}

interface Tightest { curvature: number; u: number; v: number }

function boundedRadii(body: Body, face: Face): FaceRadius[] {
  const [low, high] = body.mass.boxMm, size = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  const out: FaceRadius[] = [];
  for (const side of ["internal", "external"] as const) {
    const sign = side === "external" ? 1 : -1;
    const starts = tightestOnMesh(body, face, sign);
    let best: Tightest | undefined;
    for (const start of starts) { const found = climb(body, face, start, sign); if (!best || found.curvature > best.curvature) best = found; }
    if (!best || !(best.curvature * size > FLAT)) continue;
    evaluateSurface(face.surface, best.u, best.v, point);
    const radius = 1 / best.curvature;
    out.push({ side, radius: { value: radius, low: radius * (1 - SEARCH_SLACK), high: radius * (1 + 1e-9), unit: "mm" }, at: [point[0], point[1], point[2]], method: "bounded" });
  }
  return out;
}

/** Curvature towards the side asked for, 1/mm; −∞ where there is none. */
function curvatureAt(face: Face, u: number, v: number, sign: number): number {
  evaluateSurface(face.surface, u, v, point);
  if (!surfaceNormal(point, face.reversed, normal) || !principalCurvatures(point, normal, 0, pair)) return -Infinity;
  return sign > 0 ? pair[1] : -pair[0];
}

/** The three tightest of the face's triangle corners and middles. */
function tightestOnMesh(body: Body, face: Face, sign: number): Tightest[] {
  const { indices, uvs } = body.facets, best: Tightest[] = [], seen = new Set<number>();
  const offer = (u: number, v: number): void => {
    const curvature = curvatureAt(face, u, v, sign);
    if (!Number.isFinite(curvature) || (best.length === 3 && curvature <= best[2].curvature)) return;
    best.push({ curvature, u, v });
    best.sort((a, b) => b.curvature - a.curvature);
    best.length = Math.min(best.length, 3);
  };
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    let u = 0, v = 0;
    for (let k = 0; k < 3; k++) {
      const i = indices[t * 3 + k];
      u += uvs[i * 2] / 3; v += uvs[i * 2 + 1] / 3;
      if (seen.has(i)) continue;
      seen.add(i);
      offer(uvs[i * 2], uvs[i * 2 + 1]);
    }
    offer(u, v);
  }
  return best;
}

/** Pattern search for the largest curvature inside the trimmed face. */
function climb(body: Body, face: Face, start: Tightest, sign: number): Tightest {
  const { u: [u0, u1], v: [v0, v1] } = face.uv, best = { ...start };
  let du = (u1 - u0) / 16, dv = (v1 - v0) / 16;
  for (let halving = 0, round = 0; halving < 16 && round < MAX_ROUNDS; round++) {
    let better = false;
    for (const [a, b] of [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [1, -1], [-1, 1]]) {
      const u = Math.min(u1, Math.max(u0, best.u + a * du)), v = Math.min(v1, Math.max(v0, best.v + b * dv));
      const curvature = curvatureAt(face, u, v, sign);
      if (curvature > best.curvature * (1 + 1e-9) && insideFace(body, face, u, v)) { Object.assign(best, { curvature, u, v }); better = true; }
    }
    if (!better) { du /= 2; dv /= 2; halving++; }
  }
  return best;
}

/** Whether parameters lie inside the face, by its triangles in parameter space. */
function insideFace({ facets: { indices, uvs } }: Body, { facets }: Face, u: number, v: number): boolean {
  for (let t = facets.start; t < facets.start + facets.count; t++) {
    const a = indices[t * 3] * 2, b = indices[t * 3 + 1] * 2, c = indices[t * 3 + 2] * 2;
    const bu = uvs[b] - uvs[a], bv = uvs[b + 1] - uvs[a + 1], cu = uvs[c] - uvs[a], cv = uvs[c + 1] - uvs[a + 1], du = u - uvs[a], dv = v - uvs[a + 1];
    const det = bu * cv - bv * cu, s = (du * cv - dv * cu) / det, r = (bu * dv - bv * du) / det;
    if (s >= -1e-9 && r >= -1e-9 && s + r <= 1 + 1e-9) return true;
  }
  return false;
}
