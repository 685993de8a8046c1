import { cross, dot } from "../../geometry.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

/** A point or vector, file units. */
export type V = readonly [number, number, number];

export const sub = (a: V, b: V): V => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const along = (a: V, s: number, b: V): V => [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];
export const length = (a: V): number => Math.hypot(a[0], a[1], a[2]);
const unit = (a: V): V | undefined => {
  const l = length(a);
  return l > 1e-15 ? [a[0] / l, a[1] / l, a[2] / l] : undefined;
};

/** A right-handed frame. */
export interface Frame {
  readonly o: V;
  readonly x: V;
  readonly y: V;
  readonly z: V;
}

/** Three coordinates of a CARTESIAN_POINT or DIRECTION; undefined when there are not three. */
export function triple(p: Part21, instance: number): V | undefined {
  if (instance < 0 || p.word[instance] < 0) return undefined;
  const list = p.arg(p.first[instance] + 1, 1);
  if (list < 0 || p.kind[list] !== T.OPEN || p.val[list] - list !== 4) return undefined;
  return [p.val[list + 1], p.val[list + 2], p.val[list + 3]];
}

/**
 * Frame of an AXIS2_PLACEMENT_3D: z along the axis (default 0,0,1), x the reference direction made square to z
 * (ISO 10303-42 build_axes, first_proj_axis).
 */
export function frameOf(p: Part21, placement: number): Frame | undefined {
  const open = placement < 0 ? -1 : p.part(placement, p.find("AXIS2_PLACEMENT_3D"));
  if (open < 0) return undefined;
  const o = triple(p, p.ref(open, 1));
  if (!o) return undefined;
  const z = unit(triple(p, p.ref(open, 2)) ?? [0, 0, 1]);
  if (!z) return undefined;
  const given = triple(p, p.ref(open, 3)) ?? (Math.abs(z[0]) < 0.999 ? [1, 0, 0] as V : [0, 1, 0] as V);
  const x = unit(along(given, -dot(given, z), z)) ?? unit(Math.abs(z[0]) < 0.9 ? along([1, 0, 0], -z[0], z) : along([0, 1, 0], -z[1], z));
  return x ? { o, x, y: cross(z, x), z } : undefined;
}
