import { evaluateCurve } from "./evaluate-curve.ts";
import { basisDerivatives, findSpan } from "./nurbs-basis.ts";
import { MOST_POWERS, surfacePiece } from "./spline-pieces.ts";
import type { NurbsSurface, Surface } from "./surface.ts";
import type { Vec3 } from "../units.ts";

/** Length of the array {@link evaluateSurface} fills. */
export const SURFACE_POINT = 18;

const scratch = new Float64Array(9);
const basisU = new Float64Array(3 * 32), basisV = new Float64Array(3 * 32);

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
      return nurbs(surface, u, v, inRange, true, out);
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

/**
 * {@link evaluateSurface} without the second derivatives, which on B-splines takes about half as long.
 * @param out `[18]` S, Su, Sv; the rest is left as it was or filled
 */
export function evaluateTangents(surface: Surface, u: number, v: number, out: Float64Array): void {
  if (surface.kind === "nurbs") nurbs(surface, u, v, inRange, false, out); else evaluateSurface(surface, u, v, out);
}

/** {@link evaluateTangents} of a B-spline that goes on beyond its knots, as the kernel's do: its last polynomials hold there too. */
export function evaluateExtended(surface: Surface, u: number, v: number, out: Float64Array): void {
  if (surface.kind === "nurbs") nurbs(surface, u, v, inPeriod, false, out); else evaluateSurface(surface, u, v, out);
}

/** Sums of one coordinate over a piece: the value and its derivatives by both parameters, in half spans; the second ones halved where twice by the same. */
const sums = new Float64Array(4 * 6);

function fromPiece(surface: NurbsSurface, spanU: number, spanV: number, u: number, v: number, isFull: boolean, out: Float64Array): void {
  const { powers: c, middleU, middleV, scaleU, scaleV } = surfacePiece(surface, spanU, spanV), rows = surface.degreeU + 1, columns = surface.degreeV + 1;
  const x = (u - middleU) * scaleU, y = (v - middleV) * scaleV, dims = surface.weights.length > 0 ? 4 : 3;
  for (let d = 0; d < dims; d++) {
    let s = 0, su = 0, sv = 0, suu = 0, suv = 0, svv = 0, at = (d + 1) * rows * columns - 1;
    for (let i = rows; i > 0; i--) {
      let r = 0, r1 = 0, r2 = 0;
      if (isFull) {
        for (let j = columns; j > 0; j--, at--) { r2 = r2 * y + r1; r1 = r1 * y + r; r = r * y + c[at]; }
        suu = suu * x + su; suv = suv * x + sv; svv = svv * x + r2;
      } else for (let j = columns; j > 0; j--, at--) { r1 = r1 * y + r; r = r * y + c[at]; }
      su = su * x + s; s = s * x + r; sv = sv * x + r1;
    }
    if (dims === 3) {
      out[d] = s; out[3 + d] = su * scaleU; out[6 + d] = sv * scaleV;
      if (isFull) { out[9 + d] = 2 * suu * scaleU * scaleU; out[12 + d] = suv * scaleU * scaleV; out[15 + d] = 2 * svv * scaleV * scaleV; }
    } else {
      sums[d * 6] = s; sums[d * 6 + 1] = su * scaleU; sums[d * 6 + 2] = sv * scaleV;
      sums[d * 6 + 3] = 2 * suu * scaleU * scaleU; sums[d * 6 + 4] = suv * scaleU * scaleV; sums[d * 6 + 5] = 2 * svv * scaleV * scaleV;
    }
  }
  if (dims === 4) for (let k = 0; k < 3; k++) fromHomogeneous(out, k, sums[k * 6], sums[k * 6 + 1], sums[k * 6 + 2], sums[k * 6 + 3], sums[k * 6 + 4], sums[k * 6 + 5], sums[18], sums[19], sums[20], sums[21], sums[22], sums[23]);
}

function nurbs(surface: NurbsSurface, u: number, v: number, place: typeof inRange, isFull: boolean, out: Float64Array): void {
  const { degreeU, degreeV, countU, countV, knotsU, knotsV, poles, weights } = surface;
  const pu = place(u, knotsU[degreeU], knotsU[countU], surface.periodU);
  const pv = place(v, knotsV[degreeV], knotsV[countV], surface.periodV);
  const su = findSpan(knotsU, degreeU, countU, pu), sv = findSpan(knotsV, degreeV, countV, pv);
  if (degreeU <= MOST_POWERS && degreeV <= MOST_POWERS) return fromPiece(surface, su, sv, pu, pv, isFull, out);
  basisDerivatives(knotsU, degreeU, su, pu, basisU);
  basisDerivatives(knotsV, degreeV, sv, pv, basisV);
  const rational = weights.length > 0, nu = degreeU + 1, nv = degreeV + 1;
  // Homogeneous sums of S, Su, Sv, Suu, Suv, Svv; in variables of their own, which is twice as fast as in an array.
  let x0 = 0, y0 = 0, z0 = 0, w0 = 0, xu = 0, yu = 0, zu = 0, wu = 0, xv = 0, yv = 0, zv = 0, wv = 0;
  let xuu = 0, yuu = 0, zuu = 0, wuu = 0, xuv = 0, yuv = 0, zuv = 0, wuv = 0, xvv = 0, yvv = 0, zvv = 0, wvv = 0;
  for (let i = 0; i < nu; i++) {
    const b0 = basisU[i], b1 = basisU[nu + i], b2 = basisU[2 * nu + i], line = (su - degreeU + i) * countV + sv - degreeV;
    for (let j = 0; j < nv; j++) {
      const pole = line + j, w = rational ? weights[pole] : 1;
      const c0 = basisV[j] * w, c1 = basisV[nv + j] * w, c2 = basisV[2 * nv + j] * w;
      const x = poles[pole * 3], y = poles[pole * 3 + 1], z = poles[pole * 3 + 2];
      const s = b0 * c0, du = b1 * c0, dv = b0 * c1, duu = b2 * c0, duv = b1 * c1, dvv = b0 * c2;
      x0 += s * x; y0 += s * y; z0 += s * z; w0 += s;
      xu += du * x; yu += du * y; zu += du * z; wu += du;
      xv += dv * x; yv += dv * y; zv += dv * z; wv += dv;
      xuu += duu * x; yuu += duu * y; zuu += duu * z; wuu += duu;
      xuv += duv * x; yuv += duv * y; zuv += duv * z; wuv += duv;
      xvv += dvv * x; yvv += dvv * y; zvv += dvv * z; wvv += dvv;
    }
  }
  fromHomogeneous(out, 0, x0, xu, xv, xuu, xuv, xvv, w0, wu, wv, wuu, wuv, wvv);
  fromHomogeneous(out, 1, y0, yu, yv, yuu, yuv, yvv, w0, wu, wv, wuu, wuv, wvv);
  fromHomogeneous(out, 2, z0, zu, zv, zuu, zuv, zvv, w0, wu, wv, wuu, wuv, wvv);
}

/** One coordinate of a rational point and its derivatives (Piegl & Tiller, A4.4). */
function fromHomogeneous(out: Float64Array, k: number, x: number, xu: number, xv: number, xuu: number, xuv: number, xvv: number, w: number, wu: number, wv: number, wuu: number, wuv: number, wvv: number): void {
  const p = x / w, du = (xu - wu * p) / w, dv = (xv - wv * p) / w;
  out[k] = p; out[3 + k] = du; out[6 + k] = dv;
  out[9 + k] = (xuu - 2 * wu * du - wuu * p) / w;
  out[12 + k] = (xuv - wu * dv - wv * du - wuv * p) / w;
  out[15 + k] = (xvv - 2 * wv * dv - wvv * p) / w;
}

function inRange(t: number, first: number, last: number, period: number): number {
  t = inPeriod(t, first, last, period);
  return t < first ? first : t > last ? last : t;
}

const inPeriod = (t: number, first: number, _last: number, period: number): number => (period > 0 ? t - Math.floor((t - first) / period) * period : t);

/**
 * Unit normal ±(Su × Sv) from an evaluated point; false where the parametrisation is singular (a pole, an apex).
 * @param point `[18]` as filled by {@link evaluateSurface}
 */
export function surfaceNormal(point: Float64Array, reversed: boolean, out: Float64Array | number[], at = 0): boolean {
  const x = point[4] * point[8] - point[5] * point[7];
  const y = point[5] * point[6] - point[3] * point[8];
  const z = point[3] * point[7] - point[4] * point[6];
  const length = Math.sqrt(x * x + y * y + z * z);
  const su = lengthAt(point, 3), sv = lengthAt(point, 6), scale = su * sv;
  // At a pole one derivative is rounding noise of either sign, and the cross product points anywhere.
  if (!(length > 1e-12 * scale) || scale < 1e-150 || Math.min(su, sv) < 1e-10 * Math.max(su, sv)) return false;
  const s = (reversed ? -1 : 1) / length;
  out[at] = x * s; out[at + 1] = y * s; out[at + 2] = z * s;
  return true;
}

/** Of a vector in mm: `Math.hypot` takes eight times as long. */
const lengthAt = (p: Float64Array, at: number): number => Math.sqrt(p[at] * p[at] + p[at + 1] * p[at + 1] + p[at + 2] * p[at + 2]);
