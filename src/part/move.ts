import type { Vec3 } from "../units.ts";
import type { Curve } from "./curve.ts";
import type { Frame, Surface } from "./surface.ts";

/** A rigid placement, row-major 3×4. */
export type Placement = Float64Array;

/** Moves a point. */
export const movePoint = (m: Placement, [x, y, z]: Vec3): Vec3 => [
  m[0] * x + m[1] * y + m[2] * z + m[3],
  m[4] * x + m[5] * y + m[6] * z + m[7],
  m[8] * x + m[9] * y + m[10] * z + m[11],
];

/** Turns a direction. */
export const moveDirection = (m: Placement, [x, y, z]: Vec3): Vec3 => [
  m[0] * x + m[1] * y + m[2] * z,
  m[4] * x + m[5] * y + m[6] * z,
  m[8] * x + m[9] * y + m[10] * z,
];

const moveFrame = (m: Placement, f: Frame): Frame => ({
  origin: movePoint(m, f.origin), x: moveDirection(m, f.x), y: moveDirection(m, f.y), z: moveDirection(m, f.z),
});

function movePoles(m: Placement, poles: Float64Array): Float64Array {
  const out = new Float64Array(poles.length);
  for (let i = 0; i < poles.length; i += 3) {
    for (let k = 0; k < 3; k++) out[i + k] = m[k * 4] * poles[i] + m[k * 4 + 1] * poles[i + 1] + m[k * 4 + 2] * poles[i + 2] + m[k * 4 + 3];
  }
  return out;
}

const isIdentity = (m: Placement): boolean => m.every((n, i) => n === (i % 5 === 0 ? 1 : 0));

/** The curve in its new place; parameters keep their meaning. */
export function moveCurve<C extends Curve>(curve: C, m: Placement): C {
  if (isIdentity(m)) return curve;
  switch (curve.kind) {
    case "line": return { ...curve, origin: movePoint(m, curve.origin), direction: moveDirection(m, curve.direction) };
    case "nurbs": return { ...curve, poles: movePoles(m, curve.poles) };
    case "other": return curve;
    default: return { ...curve, frame: moveFrame(m, curve.frame) };
  }
}

/** The surface in its new place; parameters keep their meaning. */
export function moveSurface(surface: Surface, m: Placement): Surface {
  if (isIdentity(m)) return surface;
  switch (surface.kind) {
    case "extrusion": return { ...surface, curve: moveCurve(surface.curve, m), direction: moveDirection(m, surface.direction) };
    case "revolution": return { ...surface, curve: moveCurve(surface.curve, m), origin: movePoint(m, surface.origin), axis: moveDirection(m, surface.axis) };
    case "nurbs": return { ...surface, poles: movePoles(m, surface.poles) };
    case "other": return surface;
    default: return { ...surface, frame: moveFrame(m, surface.frame) };
  }
}
