import { norm } from "../geometry.ts";
import { SURFACE_POINT, evaluateSurface } from "../part/evaluate-surface.ts";
import type { Face } from "../part/part.ts";
import type { Frame, Surface } from "../part/surface.ts";

const point = new Float64Array(SURFACE_POINT);
const MAX_STEPS = 40;
/** Of a coordinate in double precision, relative. */
const ROUNDING = 2 ** -52;

/** True where {@link closestOnSurface} is a formula and finds the nearest point of the whole surface. */
export const hasClosedForm = (surface: Surface): boolean =>
  surface.kind === "plane" || surface.kind === "cylinder" || surface.kind === "cone" || surface.kind === "sphere" || surface.kind === "torus";

/**
 * Point of a face's untrimmed surface nearest to c: by formula on plane, cylinder, cone, sphere and torus, by
 * damped Newton from the start on the others (a local minimum there, kept inside the face's parameter range).
 * @param start a point of the face near the answer, xyz mm; it decides where c is on an axis or a centre
 * @param startUv its parameters; not used by the formulas, moved to the answer by Newton
 * @param out `[3]`
 * @returns false when there is no answer
 */
export function closestOnSurface(face: Face, c: ArrayLike<number>, start: ArrayLike<number>, startUv: Float64Array, out: Float64Array): boolean {
  const { surface } = face;
  switch (surface.kind) {
    case "plane": {
      const { origin: o, z } = surface.frame;
      const h = (c[0] - o[0]) * z[0] + (c[1] - o[1]) * z[1] + (c[2] - o[2]) * z[2];
      for (let k = 0; k < 3; k++) out[k] = c[k] - h * z[k];
      return true;
    }
    case "sphere": {
      const { origin: o } = surface.frame;
      let x = c[0] - o[0], y = c[1] - o[1], z = c[2] - o[2], d = norm(x, y, z);
      if (d < 1e-9 * surface.radiusMm) { x = start[0] - o[0]; y = start[1] - o[1]; z = start[2] - o[2]; d = norm(x, y, z); }
      if (!(d > 0)) return false;
      const s = surface.radiusMm / d;
      out[0] = o[0] + x * s; out[1] = o[1] + y * s; out[2] = o[2] + z * s;
      return true;
    }
    case "cylinder": return onProfile(surface.frame, c, start, out, (_rho, h) => { profile[0] = surface.radiusMm; profile[1] = h; });
    case "cone": return onProfile(surface.frame, c, start, out, (rho, h) => {
      const s = Math.sin(surface.halfAngleRad), k = Math.cos(surface.halfAngleRad);
      const v = (rho - surface.radiusMm) * s + h * k;
      profile[0] = surface.radiusMm + v * s; profile[1] = v * k;
    });
    case "torus": return onProfile(surface.frame, c, start, out, (rho, h) => {
      let x = rho - surface.majorMm, y = h, d = norm(x, y);
      if (d < 1e-9 * surface.minorMm) { x = heightOf.rho - surface.majorMm; y = heightOf.h; d = norm(x, y); }
      const s = d > 0 ? surface.minorMm / d : 0;
      profile[0] = surface.majorMm + x * s; profile[1] = y * s;
    });
    case "other": return false;
    default: return newton(face, c, startUv, out);
  }
}

const profile = new Float64Array(2);
const heightOf = { rho: 0, h: 0 };

/** Nearest point of a surface of revolution whose profile answers in the half plane of c. */
function onProfile(frame: Frame, c: ArrayLike<number>, start: ArrayLike<number>, out: Float64Array, nearest: (rho: number, h: number) => void): boolean {
  const { origin: o, x, y, z } = frame;
  const sx = start[0] - o[0], sy = start[1] - o[1], sz = start[2] - o[2];
  const sa = sx * x[0] + sy * x[1] + sz * x[2], sb = sx * y[0] + sy * y[1] + sz * y[2];
  heightOf.rho = norm(sa, sb); heightOf.h = sx * z[0] + sy * z[1] + sz * z[2];
  const dx = c[0] - o[0], dy = c[1] - o[1], dz = c[2] - o[2];
  let a = dx * x[0] + dy * x[1] + dz * x[2], b = dx * y[0] + dy * y[1] + dz * y[2];
  const h = dx * z[0] + dy * z[1] + dz * z[2], rho = norm(a, b);
  let length = rho;
  if (rho < 1e-9 * (heightOf.rho + 1e-9)) { a = sa; b = sb; length = heightOf.rho; }
  if (!(length > 0)) return false;
  nearest(rho, h);
  const ca = (a / length) * profile[0], cb = (b / length) * profile[0];
  for (let k = 0; k < 3; k++) out[k] = o[k] + ca * x[k] + cb * y[k] + profile[1] * z[k];
  return true;
}

/** Minimises |S(u, v) − c|²/2 by Newton, by Gauss–Newton where the Hessian is not positive, halving steps that go uphill. */
function newton(face: Face, c: ArrayLike<number>, startUv: Float64Array, out: Float64Array): boolean {
  const { surface, uv } = face, su = (uv.u[1] - uv.u[0]) * 0.02, sv = (uv.v[1] - uv.v[0]) * 0.02;
  const clampU = (u: number): number => Math.min(uv.u[1] + su, Math.max(uv.u[0] - su, u));
  const clampV = (v: number): number => Math.min(uv.v[1] + sv, Math.max(uv.v[0] - sv, v));
  const tiny = ROUNDING * (Math.abs(c[0]) + Math.abs(c[1]) + Math.abs(c[2]));
  let u = startUv[0], v = startUv[1];
  evaluateSurface(surface, u, v, point);
  let best = half2(c), isHere = true;
  if (!(best >= 0)) return false;
  for (let step = 0; step < MAX_STEPS; step++) {
    const x = point[0] - c[0], y = point[1] - c[1], z = point[2] - c[2];
    const gu = x * point[3] + y * point[4] + z * point[5], gv = x * point[6] + y * point[7] + z * point[8];
    const E = d3(3, 3), F = d3(3, 6), G = d3(6, 6);
    let a = E + x * point[9] + y * point[10] + z * point[11];
    let b = F + x * point[12] + y * point[13] + z * point[14];
    let d = G + x * point[15] + y * point[16] + z * point[17];
    if (!(a > 0 && a * d - b * b > 1e-12 * a * Math.abs(d))) { a = E; b = F; d = G; }
    const det = a * d - b * b;
    let du: number, dv: number;
    if (det > 1e-14 * a * d) { du = (-gu * d + gv * b) / det; dv = (-gv * a + gu * b) / det; }
    else { du = E > 0 ? -gu / E : 0; dv = G > 0 ? -gv / G : 0; }
    const eu = Math.sqrt(E), ev = Math.sqrt(G);
    let moved = false;
    isHere = true;
    for (let t = 1; t > 1e-4; t /= 2) {
      const nu = clampU(u + t * du), nv = clampV(v + t * dv);
      // A step, or a gain, below rounding: shorter ones give no more.
      if (Math.abs(nu - u) * eu + Math.abs(nv - v) * ev <= tiny || Math.abs(gu * (nu - u) + gv * (nv - v)) <= 1e-16 * best) break;
      evaluateSurface(surface, nu, nv, point);
      const next = half2(c);
      isHere = next < best;
      if (isHere) {
        moved = best - next > 1e-15 * best;
        u = nu; v = nv; best = next;
        break;
      }
    }
    if (!moved) break;
  }
  if (!isHere) evaluateSurface(surface, u, v, point);
  startUv[0] = u; startUv[1] = v;
  out[0] = point[0]; out[1] = point[1]; out[2] = point[2];
  return Number.isFinite(best);
}

const half2 = (c: ArrayLike<number>): number => 0.5 * ((point[0] - c[0]) ** 2 + (point[1] - c[1]) ** 2 + (point[2] - c[2]) ** 2);
const d3 = (i: number, j: number): number => point[i] * point[j] + point[i + 1] * point[j + 1] + point[i + 2] * point[j + 2];
