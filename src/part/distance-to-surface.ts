import { SURFACE_POINT, evaluateTangents } from "./evaluate-surface.ts";
import type { Surface } from "./surface.ts";
import { norm } from "../geometry.ts";

const point = new Float64Array(SURFACE_POINT);
/** Steps of the search on surfaces without a closed form; from a near start it converges in three. */
const STEPS = 12;

/**
 * Signed distance of a point from a plane or a surface of revolution with a formula, mm, positive along its textbook normal; NaN for
 * the others. Needs no parameters, which mean nothing at a pole.
 */
export function signedByFormula(surface: Surface, px: number, py: number, pz: number): number {
  switch (surface.kind) {
    case "plane": case "cylinder": case "cone": case "sphere": case "torus": break;
    default: return NaN;
  }
  const { origin: o, z } = surface.frame, x = px - o[0], y = py - o[1], w = pz - o[2];
  const h = x * z[0] + y * z[1] + w * z[2];
  if (surface.kind === "plane") return h;
  // Not √(|p|² − h²), which loses half the digits near the axis.
  const rho = norm(x - h * z[0], y - h * z[1], w - h * z[2]);
  switch (surface.kind) {
    case "cylinder": return rho - surface.radiusMm;
    case "cone": {
      const c = Math.cos(surface.halfAngleRad), s = Math.sin(surface.halfAngleRad);
      return nearer((rho - surface.radiusMm) * c - h * s, (-rho - surface.radiusMm) * c - h * s);
    }
    case "sphere": return norm(rho, h) - surface.radiusMm;
    default: return nearer(norm(rho - surface.majorMm, h) - surface.minorMm, norm(rho + surface.majorMm, h) - surface.minorMm);
  }
}

const nearer = (a: number, b: number): number => (Math.abs(b) < Math.abs(a) ? b : a);

/**
 * Distance of a point from an exact surface, mm: in closed form, else the nearest of what a Newton search from (u, v)
 * passes through, so never less than the true distance. NaN on a surface of kind `other`.
 * @param enough the search stops at this distance, mm
 */
export function distanceToSurface(surface: Surface, px: number, py: number, pz: number, u: number, v: number, enough = 0): number {
  const known = Math.abs(signedByFormula(surface, px, py, pz));
  if (known >= 0) return known;
  let best = Infinity;
  for (let i = 0; i < STEPS; i++) {
    evaluateTangents(surface, u, v, point);
    const dx = point[0] - px, dy = point[1] - py, dz = point[2] - pz, off = Math.hypot(dx, dy, dz);
    if (Number.isNaN(off)) return NaN;
    if (off < best) best = off;
    if (off <= enough) break;
    const a = point[3] * point[3] + point[4] * point[4] + point[5] * point[5], b = point[3] * point[6] + point[4] * point[7] + point[5] * point[8];
    const c = point[6] * point[6] + point[7] * point[7] + point[8] * point[8];
    const gu = dx * point[3] + dy * point[4] + dz * point[5], gv = dx * point[6] + dy * point[7] + dz * point[8];
    const [su, sv] = step(a, b, c, gu, gv);
    [u, v] = clamp(surface, u - su, v - sv);
    if (Math.abs(su) * Math.sqrt(a) + Math.abs(sv) * Math.sqrt(c) < 1e-12 * (1 + best)) break;
  }
  return best;
}

/** Gauss-Newton step; along one parameter only where the other has no length. */
function step(a: number, b: number, c: number, gu: number, gv: number): readonly [number, number] {
  const det = a * c - b * b;
  if (det > 1e-14 * a * c) return [(c * gu - b * gv) / det, (a * gv - b * gu) / det];
  return a > c ? [gu / a, 0] : [0, c > 0 ? gv / c : 0];
}

function clamp(surface: Surface, u: number, v: number): [number, number] {
  if (surface.kind !== "nurbs") return [u, v];
  const { knotsU, knotsV, degreeU, degreeV, countU, countV } = surface;
  return [
    surface.periodU > 0 ? u : Math.min(Math.max(u, knotsU[degreeU]), knotsU[countU]),
    surface.periodV > 0 ? v : Math.min(Math.max(v, knotsV[degreeV]), knotsV[countV]),
  ];
}
