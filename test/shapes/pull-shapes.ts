import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { Vec3 } from "../../src/units.ts";
import type { ShapeKernel, Vec2 } from "./kernel.ts";

const rad = (deg: number): number => (deg * Math.PI) / 180;

/** Frustum of a cone about z, base radius R, walls tilted by alphaDeg. */
export const coneFrustum = (k: ShapeKernel, R: number, alphaDeg: number, height: number): TopoDS_Shape =>
  k.revolve([0, 0], [["line", [R, 0]], ["line", [R - height * Math.tan(rad(alphaDeg)), height]], ["line", [0, height]], ["line", [0, 0]]]);

/** Box with base side 2a whose four walls lean inward by deltaDeg: planes, or the same as bilinear B-splines. */
export function draftedBox(k: ShapeKernel, a: number, deltaDeg: number, height: number, as: "planes" | "splines" = "planes"): TopoDS_Shape {
  const b = a - height * Math.tan(rad(deltaDeg));
  const ring = (h: number, z: number): Vec3[] => [[-h, -h, z], [h, -h, z], [h, h, z], [-h, h, z]];
  const low = ring(a, 0), high = ring(b, height);
  const walls = low.map((p, i) => {
    const [q, r, s] = [low[(i + 1) % 4], high[(i + 1) % 4], high[i]];
    return as === "planes" ? k.planarFace([p, q, r, s]) : k.bsplineFace([[p, s], [q, r]], [[1, 1], [1, 1]]);
  });
  return k.sew([k.planarFace(low), k.planarFace(high), ...walls]);
}

/** Block on z = 0 whose wall at y ≈ 0 is ruled: draft −1° at x = 0, +2° at x = length, tangent of the draft linear in x. */
export function ruledWall(k: ShapeKernel, length = 30, depth = 10, height = 10): TopoDS_Shape {
  const a: Vec3 = [0, 0, 0], b: Vec3 = [length, 0, 0], c: Vec3 = [length, height * Math.tan(rad(2)), height], d: Vec3 = [0, -height * Math.tan(rad(1)), height];
  const e: Vec3 = [0, depth, 0], f: Vec3 = [length, depth, 0], g: Vec3 = [length, depth, height], h: Vec3 = [0, depth, height];
  return k.sew([
    k.bsplineFace([[a, d], [b, c]], [[1, 1], [1, 1]]),
    k.planarFace([a, b, f, e]), k.planarFace([d, c, g, h]), k.planarFace([e, f, g, h]), k.planarFace([a, e, h, d]), k.planarFace([b, f, g, c]),
  ]);
}

/** Plate of thickness w standing in the xz plane with a hole d through it along y. */
export const sideHole = (k: ShapeKernel, d: number, w: number): TopoDS_Shape =>
  k.cut(k.box([-10, 0, -10], [10, w, 10]), k.cylinder([0, -1, 0], [0, 1, 0], d / 2, w + 2));

/** Tube about z with an internal ring groove: bore r, groove depth g, width b. */
export const ringGroove = (k: ShapeKernel, r: number, g: number, b: number, R = 15, height = 20): TopoDS_Shape => {
  const z = height / 2, outline: Vec2[] = [[R, 0], [R, height], [r, height], [r, z + b / 2], [r + g, z + b / 2], [r + g, z - b / 2], [r, z - b / 2], [r, 0]];
  return k.revolve(outline[0], [...outline.slice(1), outline[0]].map((p) => ["line", p] as const));
};

/** Hollow sphere, inner radius R, wall w, opening of half-angle theta at the top cut with flat lips outward along a cone from the centre. */
export function hollowSphere(k: ShapeKernel, R: number, w: number, thetaDeg: number): TopoDS_Shape {
  const s = Math.sin(rad(thetaDeg)), c = Math.cos(rad(thetaDeg)), Q = R + w, m = Math.sin(rad((180 + thetaDeg) / 2)), n = Math.cos(rad((180 + thetaDeg) / 2));
  return k.revolve([0, -Q], [["arc", [Q * m, Q * n], [Q * s, Q * c]], ["line", [R * s, R * c]], ["arc", [R * m, R * n], [0, -R]], ["line", [0, -Q]]]);
}

/** Open cup about z, all walls drafted by deltaDeg, opening at the top. */
export function cup(k: ShapeKernel, R: number, wall: number, height: number, deltaDeg: number): TopoDS_Shape {
  const t = height * Math.tan(rad(deltaDeg)), i = (height - wall) * Math.tan(rad(deltaDeg));
  const outline: Vec2[] = [[0, 0], [R, 0], [R + t, height], [R + t - wall, height], [R + t - wall - i, wall], [0, wall]];
  return k.revolve(outline[0], [...outline.slice(1), outline[0]].map((p) => ["line", p] as const));
}

/** Cube of side 20 about the origin with blind holes Ø4, 6 deep, in from the given sides. */
export const blindHoles = (k: ShapeKernel, sides: readonly Vec3[]): TopoDS_Shape =>
  k.cut(k.box([-10, -10, -10], [10, 10, 10]), ...sides.map((s) => k.cylinder([s[0] * 4, s[1] * 4, s[2] * 4], s, 2, 8)));

/** Cube of side 20 with one hole Ø4 right through along x. */
export const throughHole = (k: ShapeKernel): TopoDS_Shape =>
  k.cut(k.box([-10, -10, -10], [10, 10, 10]), k.cylinder([-12, 0, 0], [1, 0, 0], 2, 24));

/** Cube of side 20 with two holes Ø4 right through, along x and along y, that cross in its middle. */
export const crossingHoles = (k: ShapeKernel): TopoDS_Shape => k.cut(throughHole(k), k.cylinder([0, -12, 0], [0, 1, 0], 2, 24));
