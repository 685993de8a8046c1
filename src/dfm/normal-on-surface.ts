import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../part/evaluate-surface.ts";
import type { Face } from "../part/part.ts";
import type { Frame } from "../part/surface.ts";
import type { Vec3 } from "../units.ts";
import { cross, dot, norm } from "../geometry.ts";
import { minus } from "./vec3.ts";

/** Surface kinds whose normal at a point has a closed form. */
export const ANALYTIC_KINDS: ReadonlySet<string> = new Set(["plane", "cylinder", "cone", "sphere", "torus"]);

/**
 * Outward unit normal of an analytic face at a point on it, mm; undefined on other surfaces and where the surface
 * has no normal (an apex, an axis). Closed forms: no parameters are needed, so points of edges serve directly.
 */
export function normalOnSurface({ surface, reversed }: Pick<Face, "surface" | "reversed">, p: Vec3): Vec3 | undefined {
  switch (surface.kind) {
    case "plane": return scaled(surface.frame.z, sense(surface.frame, reversed));
    case "cylinder": {
      const e = radial(surface.frame, p);
      return e && scaled(e.direction, sense(surface.frame, reversed));
    }
    case "cone": {
      const e = radial(surface.frame, p);
      if (!e) return undefined;
      const s = Math.sin(surface.halfAngleRad), c = Math.cos(surface.halfAngleRad);
      // Beyond the apex the parametrisation's radius is negative and e(u) points at the axis.
      const nappe = surface.radiusMm + e.height * (s / c) < 0 ? -1 : 1;
      const sign = sense(surface.frame, reversed), z = surface.frame.z, d = e.direction;
      return [sign * (c * d[0] - nappe * s * z[0]), sign * (c * d[1] - nappe * s * z[1]), sign * (c * d[2] - nappe * s * z[2])];
    }
    case "sphere": return normalised(minus(p, surface.frame.origin), sense(surface.frame, reversed));
    case "torus": {
      const e = radial(surface.frame, p);
      if (!e) return undefined;
      const { origin } = surface.frame, d = e.direction;
      return normalised(minus(p, [origin[0] + surface.majorMm * d[0], origin[1] + surface.majorMm * d[1], origin[2] + surface.majorMm * d[2]]), sense(surface.frame, reversed));
    }
    default: return undefined;
  }
}

/** Outward unit normal of a face at a point on it, mm, with its parameters, which only freeform surfaces need; undefined where there is none. */
export function outwardNormal(face: Pick<Face, "surface" | "reversed">, p: Vec3, uv: ArrayLike<number>): Vec3 | undefined {
  if (ANALYTIC_KINDS.has(face.surface.kind)) return normalOnSurface(face, p);
  if (face.surface.kind === "other") return undefined;
  const n: [number, number, number] = [0, 0, 0];
  evaluateSurface(face.surface, uv[0], uv[1], point);
  return surfaceNormal(point, face.reversed, n) ? n : undefined;
}

const point = new Float64Array(SURFACE_POINT);

/** Sign of ∂S/∂u × ∂S/∂v against the textbook normal, turned outward. */
const sense = (frame: Frame, reversed: boolean): number => (dot(cross(frame.x, frame.y), frame.z) < 0) !== reversed ? -1 : 1;

function radial(frame: Frame, p: Vec3): { direction: Vec3; height: number } | undefined {
  const q = minus(p, frame.origin), height = dot(q, frame.z);
  const direction = normalised([q[0] - height * frame.z[0], q[1] - height * frame.z[1], q[2] - height * frame.z[2]], 1);
  return direction && { direction, height };
}

function normalised(v: Vec3, sign: number): Vec3 | undefined {
  const length = norm(v[0], v[1], v[2]);
  return length > 1e-12 ? [(v[0] * sign) / length, (v[1] * sign) / length, (v[2] * sign) / length] : undefined;
}

const scaled = (v: Vec3, s: number): Vec3 => [v[0] * s, v[1] * s, v[2] * s];
