import { cross, dot } from "../geometry.ts";
import type { SolidFrame } from "../step/exact-kernel.ts";
import type { Vec3 } from "../units.ts";

export const along = (origin: Vec3, d: Vec3, t: number): Vec3 => [origin[0] + d[0] * t, origin[1] + d[1] * t, origin[2] + d[2] * t];

/** Unit length, or undefined for a vector without a direction. */
export function unit(v: Vec3): Vec3 | undefined {
  const length = Math.hypot(...v);
  if (!(length > 0) || !Number.isFinite(length)) return undefined;
  // Adding 0 turns -0 into 0, which would otherwise show in reports.
  return [v[0] / length + 0, v[1] / length + 0, v[2] / length + 0];
}

/** A right-handed frame at the part origin. */
export interface PullFrame extends SolidFrame {
  readonly x: Vec3;
  readonly y: Vec3;
  readonly z: Vec3;
}

/**
 * The block's frame: z along the pull, x as near to the part's own x (or y, when the pull is along x) as can
 * be, so that a block pulled along a part axis is aligned with the part.
 * @param pull unit length
 */
export function pullFrame(pull: Vec3): PullFrame {
  const hint: Vec3 = Math.abs(pull[0]) > 0.9 ? [0, 1, 0] : [1, 0, 0];
  const x = unit(along(hint, pull, -dot(hint, pull))) ?? hint;
  return { origin: [0, 0, 0], x, y: cross(pull, x), z: pull };
}

/** A point of the frame in part coordinates. */
export const fromFrame = (f: PullFrame, p: Vec3): Vec3 => [0, 1, 2].map((k) => p[0] * f.x[k] + p[1] * f.y[k] + p[2] * f.z[k]) as [number, number, number];
