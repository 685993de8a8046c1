import { bsplineCurve } from "./bspline-curve.ts";
import { dot } from "../../geometry.ts";
import { along, frameOf, length, sub, triple, type Frame, type V } from "./frames.ts";
import type { Part21 } from "./part21.ts";

/** Distance from a point to a surface, both in file units. */
export type SurfaceDistance = (point: V) => number;

/** Distance to a plane, cylinder, cone, sphere or torus of the file; undefined for any other surface. */
export function surfaceDistance(p: Part21, surface: number, angleRad: number): SurfaceDistance | undefined {
  if (p.word[surface] < 0) return undefined;
  const type = p.words.names[p.word[surface]];
  const open = p.first[surface] + 1;
  const frame = frameOf(p, p.ref(open, 1));
  if (!frame) return undefined;
  const { o, z } = frame;
  const a = p.num(open, 2), b = p.num(open, 3);
  switch (type) {
    case "PLANE": return (q) => Math.abs(dot(sub(q, o), z));
    case "SPHERICAL_SURFACE": return (q) => Math.abs(length(sub(q, o)) - a);
    case "CYLINDRICAL_SURFACE": return (q) => Math.abs(around(q, frame).radius - a);
    case "CONICAL_SURFACE": {
      const tan = Math.tan(b * angleRad), cos = Math.cos(b * angleRad);
      return (q) => {
        const { radius, height } = around(q, frame);
        return Math.abs(radius - Math.abs(a + height * tan)) * cos;
      };
    }
    case "TOROIDAL_SURFACE":
    case "DEGENERATE_TOROIDAL_SURFACE":
      return (q) => {
        const { radius, height } = around(q, frame);
        return Math.min(Math.abs(Math.hypot(radius - a, height) - b), Math.abs(Math.hypot(radius + a, height) - b));
      };
    default: return undefined;
  }
}

function around(q: V, frame: Frame): { radius: number; height: number } {
  const d = sub(q, frame.o);
  const height = dot(d, frame.z);
  return { radius: length(along(d, -height, frame.z)), height };
}

/** A line, circle, ellipse or B-spline curve of the file. */
export interface ElementaryCurve {
  /** Distance from a point of the right order of magnitude: exact for lines and circles, a bound within the axis ratio for ellipses. */
  distance(point: V): number;
  /** Points strictly between two points of the curve, running along its parameter when `forward`; a full turn when they coincide. */
  between(start: V, end: V, forward: boolean): V[];
  /** False when an edge from start to end runs against the sense it claims; true where that cannot be told. */
  runs(start: V, end: V, forward: boolean): boolean;
  /** Systems give these curves in closed form, so they lie on their surfaces far closer than approximated ones. */
  readonly exact: boolean;
}

/** The line, circle, ellipse or B-spline under an edge's curve; undefined for any other curve. */
export function elementaryCurve(p: Part21, instance: number): ElementaryCurve | undefined {
  const curve = basis(p, instance);
  if (curve < 0) return undefined;
  if (p.word[curve] < 0) return bsplineCurve(p, curve);
  const open = p.first[curve] + 1;
  switch (p.words.names[p.word[curve]]) {
    case "B_SPLINE_CURVE_WITH_KNOTS": return bsplineCurve(p, curve);
    case "LINE": return line(p, open);
    case "CIRCLE": return ellipse(frameOf(p, p.ref(open, 1)), p.num(open, 2), p.num(open, 2));
    case "ELLIPSE": return ellipse(frameOf(p, p.ref(open, 1)), p.num(open, 2), p.num(open, 3));
    default: return undefined;
  }
}

/** The 3D curve inside surface curves; -1 for trimmed curves, whose sense is their own. */
function basis(p: Part21, instance: number): number {
  let curve = instance;
  for (let i = 0; i < 4 && curve >= 0 && p.word[curve] >= 0; i++) {
    const type = p.words.names[p.word[curve]];
    if (type !== "SURFACE_CURVE" && type !== "SEAM_CURVE" && type !== "INTERSECTION_CURVE") return curve;
    curve = p.ref(p.first[curve] + 1, 1);
  }
  return curve;
}

function line(p: Part21, open: number): ElementaryCurve | undefined {
  const o = triple(p, p.ref(open, 1));
  const vector = p.ref(open, 2);
  const d = vector < 0 ? undefined : triple(p, p.ref(p.first[vector] + 1, 1));
  if (!o || !d) return undefined;
  const l = length(d);
  return {
    distance: (q) => {
      const v = sub(q, o);
      return length(along(v, -dot(v, d) / (l * l), d));
    },
    between: (start, end) => [along(start, 0.5, sub(end, start))],
    runs: (start, end, forward) => (dot(sub(end, start), d) > 0) === forward,
    exact: true,
  };
}

const STEPS = 6;

function ellipse(frame: Frame | undefined, a: number, b: number): ElementaryCurve | undefined {
  if (!frame || !(a > 0) || !(b > 0)) return undefined;
  const angle = (q: V): number => Math.atan2(dot(sub(q, frame.o), frame.y) / b, dot(sub(q, frame.o), frame.x) / a);
  const at = (t: number): V => along(along(frame.o, a * Math.cos(t), frame.x), b * Math.sin(t), frame.y);
  return {
    distance: (q) => length(sub(q, at(angle(q)))),
    between: (start, end, forward) => {
      const from = angle(start);
      let sweep = forward ? angle(end) - from : from - angle(end);
      if (sweep <= 1e-9) sweep += 2 * Math.PI;
      return Array.from({ length: STEPS - 1 }, (_, i) => at(from + ((forward ? 1 : -1) * sweep * (i + 1)) / STEPS));
    },
    runs: () => true,
    exact: true,
  };
}
