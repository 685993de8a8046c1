import { dot } from "../../geometry.ts";
import type { Vec3 } from "../../units.ts";

export const scale = (a: Vec3, t: number): Vec3 => [a[0] * t, a[1] * t, a[2] * t];
export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const unit = (a: Vec3): Vec3 => scale(a, 1 / length(a));

/** One factor per axis about a point. */
export class Stretch {
  constructor(readonly factors: Vec3, readonly about: Vec3) {}
  vector(v: Vec3): Vec3 { return [v[0] * this.factors[0], v[1] * this.factors[1], v[2] * this.factors[2]]; }
  /** Image of a normal direction, not of unit length. */
  normal(v: Vec3): Vec3 { return [v[0] / this.factors[0], v[1] / this.factors[1], v[2] / this.factors[2]]; }
  point(p: Vec3): Vec3 { return add(this.about, this.vector([p[0] - this.about[0], p[1] - this.about[1], p[2] - this.about[2]])); }
}

/** Right-handed local frame of a placement. */
export interface Placement { readonly origin: Vec3; readonly x: Vec3; readonly y: Vec3; readonly z: Vec3 }

/** The image of a frame whose x and y grow alike and stay square to z: a cylinder round z stays one. */
export function evenImage(stretch: Stretch, { x, y, z }: Placement): { readonly across: number; readonly along: number } | undefined {
  const f1 = stretch.vector(x), f2 = stretch.vector(y), a = stretch.vector(z), near = 1e-13;
  const even = Math.abs(length(f1) - length(f2)) < near && Math.abs(dot(f1, f2)) < near && Math.abs(dot(f1, a)) < near && Math.abs(dot(f2, a)) < near;
  return even ? { across: length(f1), along: length(a) } : undefined;
}

/** Principal half axes of the ellipse c + cos t·f1 + sin t·f2, the longer first; its turning sense is kept. */
export function principalAxes(f1: Vec3, f2: Vec3): readonly [Vec3, Vec3] {
  const t = Math.atan2(2 * dot(f1, f2), dot(f1, f1) - dot(f2, f2)) / 2;
  const a = add(scale(f1, Math.cos(t)), scale(f2, Math.sin(t))), b = add(scale(f1, -Math.sin(t)), scale(f2, Math.cos(t)));
  return length(a) >= length(b) ? [a, b] : [b, scale(a, -1)];
}
