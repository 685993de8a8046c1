import { evaluateCurve } from "./evaluate-curve.ts";
import { basisDerivatives, findSpan } from "./nurbs-basis.ts";
import type { NurbsSurface, Surface } from "./surface.ts";
import type { Vec3 } from "../units.ts";

/** Length of the array {@link evaluateSurface} fills. */
export const SURFACE_POINT = 18;

const scratch = new Float64Array(9);
const basisU = new Float64Array(3 * 32), basisV = new Float64Array(3 * 32);
const homogeneous = new Float64Array(24);

/**
 * Point and derivatives of a surface, radians and mm.
 * @param out `[18]` S, Su, Sv, Suu, Suv, Svv, xyz each; all NaN on a surface of kind `other`
 */
export function evaluateSurface(surface: Surface, u: number, v: number, out: Float64Array): void {
  switch (surface.kind) {
    case "plane": {
      const { origin, x, y } = surface.frame;
      out.fill(0, 9, 18);
      for (let k = 0; k < 3; k++) { out[k] = origin[k] + u * x[k] + v * y[k]; out[3 + k] = x[k]; out[6 + k] = y[k]; }
      return;
    }
    case "cylinder":
      return ofRevolution(surface.frame, u, surface.radiusMm, 0, 0, v, 1, 0, out);
    case "cone": {
      const s = Math.sin(surface.halfAngleRad), c = Math.cos(surface.halfAngleRad);
      return ofRevolution(surface.frame, u, surface.radiusMm + v * s, s, 0, v * c, c, 0, out);
    }
    case "sphere": {
      const s = Math.sin(v) * surface.radiusMm, c = Math.cos(v) * surface.radiusMm;
      return ofRevolution(surface.frame, u, c, -s, -c, s, c, -s, out);
    }
    case "torus": {
      const s = Math.sin(v) * surface.minorMm, c = Math.cos(v) * surface.minorMm;
      return ofRevolution(surface.frame, u, surface.majorMm + c, -s, -c, s, c, -s, out);
    }
    case "extrusion":
      evaluateCurve(surface.curve, u, scratch);
      out.fill(0, 9, 18);
      for (let k = 0; k < 3; k++) {
        out[k] = scratch[k] + v * surface.direction[k];
        out[3 + k] = scratch[3 + k];
        out[6 + k] = surface.direction[k];
        out[9 + k] = scratch[6 + k];
      }
      return;
    case "revolution":
      return revolved(surface, u, v, out);
    case "nurbs":
      return nurbs(surface, u, v, out);
    case "other":
      out.fill(NaN, 0, 18);
  }
}

/** S = o + ρ(v)·e(u) + h(v)·z with ρ, ρ′, ρ″ and h, h′, h″ given. */
function ofRevolution(frame: { origin: Vec3; x: Vec3; y: Vec3; z: Vec3 }, u: number, r: number, r1: number, r2: number, h: number, h1: number, h2: number, out: Float64Array): void {
  const c = Math.cos(u), s = Math.sin(u);
  for (let k = 0; k < 3; k++) {
    const e = c * frame.x[k] + s * frame.y[k], d = -s * frame.x[k] + c * frame.y[k], z = frame.z[k];
    out[k] = frame.origin[k] + r * e + h * z;
    out[3 + k] = r * d;
    out[6 + k] = r1 * e + h1 * z;
    out[9 + k] = -r * e;
    out[12 + k] = r1 * d;
    out[15 + k] = r2 * e + h2 * z;
  }
}

function revolved(surface: Extract<Surface, { kind: "revolution" }>, u: number, v: number, out: Float64Array): void {
  evaluateCurve(surface.curve, v, scratch);
  const o = surface.origin, a = surface.axis, c = Math.cos(u), s = Math.sin(u);
  const px = scratch[0] - o[0], py = scratch[1] - o[1], pz = scratch[2] - o[2];
  turn(px, py, pz, a, c, s, out, 0, 3, 9);
  for (let k = 0; k < 3; k++) out[k] += o[k];
  turn(scratch[3], scratch[4], scratch[5], a, c, s, out, 6, 12, -1);
  turn(scratch[6], scratch[7], scratch[8], a, c, s, out, 15, -1, -1);
}

/** Rotates w about unit axis a (Rodrigues); writes the vector and, where asked, its first and second derivative by the angle. */
function turn(wx: number, wy: number, wz: number, a: Vec3, c: number, s: number, out: Float64Array, at: number, first: number, second: number): void {
  const along = wx * a[0] + wy * a[1] + wz * a[2];
  const w = [wx - along * a[0], wy - along * a[1], wz - along * a[2]];
  const q = [a[1] * wz - a[2] * wy, a[2] * wx - a[0] * wz, a[0] * wy - a[1] * wx];
  for (let k = 0; k < 3; k++) {
    const radial = c * w[k] + s * q[k];
    out[at + k] = radial + along * a[k];
    if (first >= 0) out[first + k] = -s * w[k] + c * q[k];
    if (second >= 0) out[second + k] = -radial;
  }
}

function nurbs(surface: NurbsSurface, u: number, v: number, out: Float64Array): void {
  const { degreeU, degreeV, countU, countV, knotsU, knotsV, poles, weights } = surface;
  const pu = inRange(u, knotsU[degreeU], knotsU[countU], surface.periodU);
  const pv = inRange(v, knotsV[degreeV], knotsV[countV], surface.periodV);
  const su = findSpan(knotsU, degreeU, countU, pu), sv = findSpan(knotsV, degreeV, countV, pv);
  basisDerivatives(knotsU, degreeU, su, pu, basisU);
  basisDerivatives(knotsV, degreeV, sv, pv, basisV);
  const rational = weights.length > 0, nu = degreeU + 1, nv = degreeV + 1, h = homogeneous;
  h.fill(0);
  for (let i = 0; i < nu; i++) {
    const b0 = basisU[i], b1 = basisU[nu + i], b2 = basisU[2 * nu + i], line = (su - degreeU + i) * countV + sv - degreeV;
    for (let j = 0; j < nv; j++) {
      const pole = line + j, w = rational ? weights[pole] : 1;
      const c0 = basisV[j] * w, c1 = basisV[nv + j] * w, c2 = basisV[2 * nv + j] * w;
      const x = poles[pole * 3], y = poles[pole * 3 + 1], z = poles[pole * 3 + 2];
      add(h, 0, b0 * c0, x, y, z); add(h, 4, b1 * c0, x, y, z); add(h, 8, b0 * c1, x, y, z);
      add(h, 12, b2 * c0, x, y, z); add(h, 16, b1 * c1, x, y, z); add(h, 20, b0 * c2, x, y, z);
    }
  }
  const w = h[3], wu = h[7], wv = h[11], wuu = h[15], wuv = h[19], wvv = h[23];
  for (let k = 0; k < 3; k++) {
    const p = h[k] / w, du = (h[4 + k] - wu * p) / w, dv = (h[8 + k] - wv * p) / w;
    out[k] = p; out[3 + k] = du; out[6 + k] = dv;
    out[9 + k] = (h[12 + k] - 2 * wu * du - wuu * p) / w;
    out[12 + k] = (h[16 + k] - wu * dv - wv * du - wuv * p) / w;
    out[15 + k] = (h[20 + k] - 2 * wv * dv - wvv * p) / w;
  }
}

function add(h: Float64Array, at: number, b: number, x: number, y: number, z: number): void {
  h[at] += b * x; h[at + 1] += b * y; h[at + 2] += b * z; h[at + 3] += b;
}

function inRange(t: number, first: number, last: number, period: number): number {
  if (period > 0) t -= Math.floor((t - first) / period) * period;
  return t < first ? first : t > last ? last : t;
}

/**
 * Unit normal ±(Su × Sv) from an evaluated point; false where the parametrisation is singular (a pole, an apex).
 * @param point `[18]` as filled by {@link evaluateSurface}
 */
export function surfaceNormal(point: Float64Array, reversed: boolean, out: Float64Array | number[], at = 0): boolean {
  const x = point[4] * point[8] - point[5] * point[7];
  const y = point[5] * point[6] - point[3] * point[8];
  const z = point[3] * point[7] - point[4] * point[6];
  const length = Math.hypot(x, y, z);
  const su = Math.hypot(point[3], point[4], point[5]), sv = Math.hypot(point[6], point[7], point[8]), scale = su * sv;
  // At a pole one derivative is rounding noise of either sign, and the cross product points anywhere.
  if (!(length > 1e-12 * scale) || scale < 1e-150 || Math.min(su, sv) < 1e-10 * Math.max(su, sv)) return false;
  const s = (reversed ? -1 : 1) / length;
  out[at] = x * s; out[at + 1] = y * s; out[at + 2] = z * s;
  return true;
}
