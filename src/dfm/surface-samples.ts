import { norm } from "../geometry.ts";
import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../part/evaluate-surface.ts";
import type { Body } from "../part/part.ts";
import { principalCurvatures } from "./curvature.ts";
import type { Samples } from "./exact-balls.ts";

/** Samples with where they lie on the mesh. */
export interface SurfaceSamples extends Samples {
  /** `[n]` triangle each lies on, and `[n]` the surface it stands for, mm². */
  readonly triangles: Int32Array;
  readonly areasMm2: Float64Array;
  /** `[n*2]` surface parameters; 0 on faces without a formula. */
  readonly uvs: Float64Array;
}

/** Fractions of the plastic number's R2 sequence (Roberts 2018): even cover of a square at any count. */
const R2 = [0.7548776662466927, 0.5698402909980532] as const;

/**
 * Spreads about `target` samples over the body, by area; every triangle with an area has at least one. Each sample is
 * the surface's own point at the parameters there; on faces without a formula the facet's point and normal stand in.
 */
export function sampleSurface(body: Body, exact: boolean, target: number): SurfaceSamples {
  const { facets } = body, count = facets.faceOf.length, areas = new Float64Array(count), shares = new Uint32Array(count);
  const each = body.mass.areaMm2 / Math.max(1, target);
  let n = 0;
  for (let t = 0; t < count; t++) {
    areas[t] = triangleArea(facets.positions, facets.indices, t);
    n += shares[t] = areas[t] > 0 ? Math.max(1, Math.round(areas[t] / each)) : 0;
  }
  const out = emptySamples(n);
  for (let t = 0, i = 0; t < count; t++) {
    for (let j = 0; j < shares[t]; j++, i++) {
      out.triangles[i] = t;
      out.areasMm2[i] = areas[t] / shares[t];
      // One sample sits in the middle; more follow the sequence, folded into the triangle.
      let s = shares[t] === 1 ? 1 / 3 : (0.5 + R2[0] * (j + 1)) % 1, r = shares[t] === 1 ? 1 / 3 : (0.5 + R2[1] * (j + 1)) % 1;
      if (s + r > 1) { s = 1 - s; r = 1 - r; }
      placeOnTriangle(body, exact, t, 1 - s - r, s, r, out, i);
    }
  }
  return out;
}

/** Room for n samples. */
export function emptySamples(n: number): SurfaceSamples {
  return {
    count: n, points: new Float64Array(n * 3), normals: new Float64Array(n * 3), faces: new Int32Array(n), triangles: new Int32Array(n),
    areasMm2: new Float64Array(n), uvs: new Float64Array(n * 2), focalInsideMm: new Float64Array(n).fill(Infinity), focalOutsideMm: new Float64Array(n).fill(Infinity),
  };
}

/** Copies one sample. */
export function copySample(from: SurfaceSamples, i: number, to: SurfaceSamples, j: number): void {
  for (let k = 0; k < 3; k++) { to.points[j * 3 + k] = from.points[i * 3 + k]; to.normals[j * 3 + k] = from.normals[i * 3 + k]; }
  to.uvs[j * 2] = from.uvs[i * 2]; to.uvs[j * 2 + 1] = from.uvs[i * 2 + 1];
  to.faces[j] = from.faces[i]; to.triangles[j] = from.triangles[i]; to.areasMm2[j] = from.areasMm2[i];
  to.focalInsideMm[j] = from.focalInsideMm[i]; to.focalOutsideMm[j] = from.focalOutsideMm[i];
}

/** The samples listed, in that order. */
export function pickSamples(samples: SurfaceSamples, list: readonly number[]): SurfaceSamples {
  const out = emptySamples(list.length);
  list.forEach((i, j) => copySample(samples, i, out, j));
  return out;
}

/** Both lists as one. */
export function appendSamples(a: SurfaceSamples, b: SurfaceSamples): SurfaceSamples {
  const out = emptySamples(a.count + b.count);
  for (let i = 0; i < out.count; i++) copySample(i < a.count ? a : b, i < a.count ? i : i - a.count, out, i);
  return out;
}

const point = new Float64Array(SURFACE_POINT), curvatures = new Float64Array(2);

/** Puts sample i on the exact surface of a face at (u, v); false where the surface has no normal there. */
export function placeAt(body: Body, face: number, u: number, v: number, out: SurfaceSamples, i: number): boolean {
  const { surface, reversed } = body.faces[face];
  evaluateSurface(surface, u, v, point);
  if (!surfaceNormal(point, reversed, out.normals, i * 3)) return false;
  out.faces[i] = face;
  out.uvs[i * 2] = u; out.uvs[i * 2 + 1] = v;
  for (let k = 0; k < 3; k++) out.points[i * 3 + k] = point[k];
  if (surface.kind === "cylinder" || surface.kind === "sphere") {
    // Which side the material is on: the centre lies against the normal of a pin, along that of a bore.
    const { origin: o } = surface.frame, n = out.normals;
    const towards = (o[0] - point[0]) * n[i * 3] + (o[1] - point[1]) * n[i * 3 + 1] + (o[2] - point[2]) * n[i * 3 + 2];
    (towards < 0 ? out.focalInsideMm : out.focalOutsideMm)[i] = surface.radiusMm;
  } else if (principalCurvatures(point, out.normals, i * 3, curvatures)) {
    out.focalInsideMm[i] = curvatures[1] > 1e-12 ? 1 / curvatures[1] : Infinity;
    out.focalOutsideMm[i] = curvatures[0] < -1e-12 ? -1 / curvatures[0] : Infinity;
  }
  return true;
}

/** Puts sample i on the exact surface at barycentric weights of a triangle; where there is no formula, on the triangle. */
export function placeOnTriangle(body: Body, exact: boolean, t: number, wa: number, wb: number, wc: number, out: SurfaceSamples, i: number): void {
  const { indices, uvs, faceOf, positions: p } = body.facets;
  const a = indices[t * 3], b = indices[t * 3 + 1], c = indices[t * 3 + 2], face = faceOf[t];
  out.faces[i] = face;
  if (exact && body.faces[face].surface.kind !== "other") {
    const u = wa * uvs[a * 2] + wb * uvs[b * 2] + wc * uvs[c * 2], v = wa * uvs[a * 2 + 1] + wb * uvs[b * 2 + 1] + wc * uvs[c * 2 + 1];
    if (placeAt(body, face, u, v, out, i)) return;
  }
  for (let k = 0; k < 3; k++) out.points[i * 3 + k] = wa * p[a * 3 + k] + wb * p[b * 3 + k] + wc * p[c * 3 + k];
  facetNormal(body, t, out.normals, i * 3);
}

function facetNormal({ facets: { positions: p, indices, normals } }: Body, t: number, out: Float64Array, at: number): void {
  const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2], vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx, length = norm(x, y, z);
  // A triangle without area has no normal of its own; its corner's is a unit vector.
  if (length > 0) { out[at] = x / length; out[at + 1] = y / length; out[at + 2] = z / length; }
  else for (let k = 0; k < 3; k++) out[at + k] = normals[a + k];
}

function triangleArea(p: Float64Array, indices: Uint32Array, t: number): number {
  const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2], vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  return norm(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
