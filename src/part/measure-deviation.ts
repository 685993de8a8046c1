import { distanceByFormula } from "./distance-to-surface.ts";
import { SURFACE_POINT, evaluateTangents } from "./evaluate-surface.ts";
import type { Face, Facets } from "./part.ts";

const point = new Float64Array(SURFACE_POINT);

/**
 * Largest measured distance between each face's triangles and its exact surface, mm: the surface is evaluated at
 * the parameters of every triangle's centroid and edge middles and compared with the triangle's own points there.
 * This bounds the distance from above where parameters run evenly (the triangle's nearest point can only be closer).
 * @returns `[faces]`; NaN-free, a face without a formula keeps the deflection it was meshed with (`fallbackMm`)
 */
export function measureDeviation(faces: readonly Pick<Face, "surface" | "facets">[], facets: Facets, fallbackMm = 0): Float64Array {
  const out = new Float64Array(faces.length);
  faces.forEach((face, f) => {
    if (face.surface.kind === "other") { out[f] = fallbackMm; return; }
    if (face.surface.kind === "plane") return;
    let worst = 0;
    for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
      const a = facets.indices[t * 3], b = facets.indices[t * 3 + 1], c = facets.indices[t * 3 + 2];
      worst = Math.max(worst,
        distance(face, facets, a, b, c, 1 / 3, 1 / 3, 1 / 3), distance(face, facets, a, b, c, 0.5, 0.5, 0),
        distance(face, facets, a, b, c, 0, 0.5, 0.5), distance(face, facets, a, b, c, 0.5, 0, 0.5));
    }
    out[f] = worst;
  });
  return out;
}

/** Distance of the surface point at blended parameters from the triangle's plane, or from its edge where a weight is 0. */
function distance(face: Pick<Face, "surface">, { positions: p, uvs }: Facets, a: number, b: number, c: number, wa: number, wb: number, wc: number): number {
  const known = distanceByFormula(face.surface, wa * p[a * 3] + wb * p[b * 3] + wc * p[c * 3], wa * p[a * 3 + 1] + wb * p[b * 3 + 1] + wc * p[c * 3 + 1], wa * p[a * 3 + 2] + wb * p[b * 3 + 2] + wc * p[c * 3 + 2]);
  if (known >= 0) return known;
  evaluateTangents(face.surface, wa * uvs[a * 2] + wb * uvs[b * 2] + wc * uvs[c * 2], wa * uvs[a * 2 + 1] + wb * uvs[b * 2 + 1] + wc * uvs[c * 2 + 1], point);
  const ax = p[a * 3], ay = p[a * 3 + 1], az = p[a * 3 + 2];
  const ux = p[b * 3] - ax, uy = p[b * 3 + 1] - ay, uz = p[b * 3 + 2] - az;
  const vx = p[c * 3] - ax, vy = p[c * 3 + 1] - ay, vz = p[c * 3 + 2] - az;
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const dx = point[0] - ax, dy = point[1] - ay, dz = point[2] - az;
  const length = Math.hypot(nx, ny, nz);
  const across = length > 0 ? Math.abs(dx * nx + dy * ny + dz * nz) / length : Infinity;
  const qx = dx - wb * ux - wc * vx, qy = dy - wb * uy - wc * vy, qz = dz - wb * uz - wc * vz;
  return Math.min(across, Math.hypot(qx, qy, qz));
}
