import type { Frame } from "./surface.ts";
import type { Vec3 } from "../units.ts";

/**
 * Exact curves, C(t), lengths in mm, angles in radians:
 * line o + t·d; circle and ellipse o + a·cos t·x + b·sin t·y; hyperbola o + a·cosh t·x + b·sinh t·y;
 * parabola o + t²/(4f)·x + t·y; nurbs on flat knots.
 */
export type Curve =
  | { readonly kind: "line"; readonly origin: Vec3; readonly direction: Vec3; readonly range: Range }
  | { readonly kind: "circle"; readonly frame: Frame; readonly radiusMm: number; readonly range: Range }
  | { readonly kind: "ellipse"; readonly frame: Frame; readonly majorMm: number; readonly minorMm: number; readonly range: Range }
  | { readonly kind: "hyperbola"; readonly frame: Frame; readonly majorMm: number; readonly minorMm: number; readonly range: Range }
  | { readonly kind: "parabola"; readonly frame: Frame; readonly focalMm: number; readonly range: Range }
  | NurbsCurve
  | { readonly kind: "other"; readonly name: string; readonly range: Range };

/** Parameter range used by the edge or the swept surface. */
export type Range = readonly [first: number, last: number];

/** A (rational) B-spline curve. */
export interface NurbsCurve {
  readonly kind: "nurbs";
  readonly degree: number;
  /** Flat knots, `[count + degree + 1]`; a periodic curve is given unwrapped. */
  readonly knots: Float64Array;
  /** `[count*3]` xyz, mm. */
  readonly poles: Float64Array;
  /** `[count]`, or empty when not rational. */
  readonly weights: Float64Array;
  /** 0 when not periodic. */
  readonly period: number;
  readonly range: Range;
}
