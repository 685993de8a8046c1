import type { Vec3 } from "../units.ts";
import type { Curve } from "./curve.ts";

/** A local frame; `x`, `y`, `z` are unit and orthogonal but may be left-handed, as STEP placements read by a kernel may. */
export interface Frame {
  readonly origin: Vec3;
  readonly x: Vec3;
  readonly y: Vec3;
  readonly z: Vec3;
}

/**
 * Exact surfaces, S(u, v), lengths in mm, angles in radians. With frame o, x, y, z and e(u) = cos u·x + sin u·y:
 * - plane: o + u·x + v·y
 * - cylinder: o + r·e(u) + v·z
 * - cone: o + (r + v·sin α)·e(u) + v·cos α·z
 * - sphere: o + r·cos v·e(u) + r·sin v·z
 * - torus: o + (R + r·cos v)·e(u) + r·sin v·z
 * - extrusion: C(u) + v·direction
 * - revolution: C(v) turned by u about the axis
 * - nurbs: the tensor product of the flat (clamped or periodic) knots
 */
export type Surface =
  | { readonly kind: "plane"; readonly frame: Frame }
  | { readonly kind: "cylinder"; readonly frame: Frame; readonly radiusMm: number }
  | { readonly kind: "cone"; readonly frame: Frame; readonly radiusMm: number; readonly halfAngleRad: number }
  | { readonly kind: "sphere"; readonly frame: Frame; readonly radiusMm: number }
  | { readonly kind: "torus"; readonly frame: Frame; readonly majorMm: number; readonly minorMm: number }
  | { readonly kind: "extrusion"; readonly curve: Curve; readonly direction: Vec3 }
  | { readonly kind: "revolution"; readonly curve: Curve; readonly origin: Vec3; readonly axis: Vec3 }
  | NurbsSurface
  | { readonly kind: "other"; readonly name: string };

/** A (rational) B-spline surface. */
export interface NurbsSurface {
  readonly kind: "nurbs";
  readonly degreeU: number;
  readonly degreeV: number;
  readonly countU: number;
  readonly countV: number;
  /** Flat knots, `[countU + degreeU + 1]`; a periodic surface is given unwrapped. */
  readonly knotsU: Float64Array;
  readonly knotsV: Float64Array;
  /** `[countU*countV*3]` xyz, mm; pole (i, j) at `(i*countV + j)*3`. */
  readonly poles: Float64Array;
  /** `[countU*countV]`, or empty when not rational. */
  readonly weights: Float64Array;
  /** Period in u and v, 0 when not periodic. */
  readonly periodU: number;
  readonly periodV: number;
}

