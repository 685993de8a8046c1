import type { Vec3 } from "../../units.ts";
import { dot } from "../../geometry.ts";
import { add, evenImage, scale, unit, type Placement, type Stretch } from "./affine.ts";
import { angleRange, rationalSurface, straight, unitArc, type Arc } from "./arcs.ts";
import { real, type BareText } from "./bare-text.ts";

/** What the triangles say about where a surface is used. */
export interface Use {
  /** Points of its faces. */
  readonly samples: readonly Vec3[];
  /** A point on each seam of its faces. */
  readonly seams: readonly (readonly Vec3[])[];
}

/** A surface of the part: its frame and its two lengths (radius and half angle of a cone, both radii of a torus). */
export interface Analytic { readonly kind: "cylinder" | "cone" | "sphere" | "torus"; readonly at: Placement; readonly a: number; readonly b: number }

/** Replaces an analytic surface by its exact image. */
export function stretchAnalytic(text: BareText, id: number, surface: Analytic, use: Use, stretch: Stretch): void {
  const even = evenImage(stretch, surface.at);
  if (even && surface.kind === "cylinder") return text.put(id, `CYLINDRICAL_SURFACE('',#${frameOf(text, surface.at, stretch)},${real(surface.a * even.across)})`);
  if (even && surface.kind === "cone") {
    const angle = Math.atan((Math.tan(surface.b) * even.across) / even.along);
    return text.put(id, `CONICAL_SURFACE('',#${frameOf(text, surface.at, stretch)},${real(surface.a * even.across)},${real(angle)})`);
  }
  const local = use.samples.map((p) => toLocal(surface.at, p)), seams = use.seams.map((s) => s.map((p) => toLocal(surface.at, p)));
  const u = arcAround(local, seams, (p) => Math.atan2(p[1], p[0]));
  const { v, radius, height } = profile(surface, local, seams);
  const pole = (i: number, j: number): number => text.addPoint(stretch.point(fromLocal(surface.at, u.poles[i][0] * radius(j), u.poles[i][1] * radius(j), height(j))));
  const ids = u.poles.map((_, i) => v.poles.map((__, j) => pole(i, j)));
  text.put(id, rationalSurface(u, v, (i, j) => ids[i][j]));
}

const frameOf = (text: BareText, at: Placement, stretch: Stretch): number => text.addFrame(stretch.point(at.origin), unit(stretch.vector(at.z)), unit(stretch.vector(at.x)));

/** The meridian: distance from and height along the axis at each of its poles. */
function profile({ kind, a, b }: Analytic, local: readonly Vec3[], seams: readonly (readonly Vec3[])[]): { v: Arc; radius: (j: number) => number; height: (j: number) => number } {
  if (kind === "cone" || kind === "cylinder") {
    // As a B-spline and not as an extruded conic: the kernel's integrals are 4 % off on an extruded rational curve.
    const slope = kind === "cone" ? Math.tan(b) : 0, v = straight(...coneRange(a, slope, local));
    return { v, radius: (j) => Math.max(0, a + v.poles[j][0] * slope), height: (j) => v.poles[j][0] };
  }
  if (kind === "sphere") {
    const v = unitArc(-Math.PI / 2, Math.PI / 2), last = v.poles.length - 1;
    // Poles of the ball are one point to the last bit.
    return { v, radius: (j) => (j === 0 || j === last ? 0 : a * v.poles[j][0]), height: (j) => a * v.poles[j][1] };
  }
  const v = arcAround(local, seams, (p) => Math.atan2(p[2], Math.hypot(p[0], p[1]) - a));
  return { v, radius: (j) => a + b * v.poles[j][0], height: (j) => b * v.poles[j][1] };
}

/** Heights a cylinder's or cone's face covers and a little more, never beyond the apex. */
function coneRange(radius: number, slope: number, local: readonly Vec3[]): readonly [number, number] {
  let low = Infinity, high = -Infinity;
  for (const p of local) { low = Math.min(low, p[2]); high = Math.max(high, p[2]); }
  const apex = -radius / slope, spare = 0.1 * (high - low), near = 1e-6 * (high - low);
  if (slope === 0) return [low - spare, high + spare];
  if (slope > 0) return [low - apex < near ? apex : Math.max(low - spare, (low + apex) / 2), high + spare];
  return [low - spare, apex - high < near ? apex : Math.min(high + spare, (high + apex) / 2)];
}

/** The arc an angle covers: a full turn from the seam where the face closes on itself. */
function arcAround(local: readonly Vec3[], seams: readonly (readonly Vec3[])[], angle: (p: Vec3) => number): Arc {
  for (const seam of seams) {
    const at = angle(seam[Math.floor(seam.length / 2)]);
    if (seam.slice(1, -1).every((p) => Math.abs(Math.sin(angle(p) - at)) < 1e-6 && Math.cos(angle(p) - at) > 0)) return unitArc(at, at + 2 * Math.PI);
  }
  return unitArc(...angleRange(local.map(angle), false));
}

const toLocal = ({ origin, x, y, z }: Placement, p: Vec3): Vec3 => {
  const d: Vec3 = [p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]];
  return [dot(d, x), dot(d, y), dot(d, z)];
};

const fromLocal = ({ origin, x, y, z }: Placement, a: number, b: number, c: number): Vec3 => add(origin, add(add(scale(x, a), scale(y, b)), scale(z, c)));
