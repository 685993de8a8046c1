import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { ShapeKernel, Vec2 } from "./kernel.ts";

/** Plate of side 2a × 2a in x, y and thickness t, from z = 0. */
export const slab = (k: ShapeKernel, t: number, a = 10): TopoDS_Shape => k.box([-a, -a, 0], [a, a, t]);

/** Edge along y at the origin, faces z = 0 and z = x·tan φ, to x = length. */
export const wedge = (k: ShapeKernel, phiDeg: number, length = 10, width = 20): TopoDS_Shape =>
  k.turn(k.move(k.polygon([[0, 0], [length, 0], [length, length * Math.tan((phiDeg * Math.PI) / 180)]], width), [0, 0, -width / 2]), [0, 0, 0], [1, 0, 0], 90);

/** Round bar along z. */
export const pin = (k: ShapeKernel, radius: number, height: number): TopoDS_Shape => k.cylinder([0, 0, 0], [0, 0, 1], radius, height);

/** Ring of outer radius R, bore r whose axis is moved by e along −x, so that the wall is thinnest on the −x side. */
export const tube = (k: ShapeKernel, R: number, r: number, height: number, e = 0): TopoDS_Shape =>
  k.cut(k.cylinder([0, 0, 0], [0, 0, 1], R, height), k.cylinder([-e, 0, -1], [0, 0, 1], r, height + 2));

/** Square bar of side 2a with a round hole r along it. */
export const boxWithHole = (k: ShapeKernel, a: number, r: number, height: number): TopoDS_Shape =>
  k.cut(k.box([-a, -a, 0], [a, a, height]), k.cylinder([0, 0, -1], [0, 0, 1], r, height + 2));

/** Two walls t meeting at a sharp right angle, outer corner at the origin, legs along x and y. */
export const lCorner = (k: ShapeKernel, t: number, leg = 20, height = 20): TopoDS_Shape =>
  k.polygon([[0, 0], [leg, 0], [leg, t], [t, t], [t, leg], [0, leg]], height);

/** Rib of width w standing on a plate t, with root fillets f; the plate's lower face is z = −t, the rib runs along y. */
export function rib(k: ShapeKernel, t: number, w: number, f: number, ribHeight = 6, half = 8, depth = 16): TopoDS_Shape {
  const s = f * (1 - Math.SQRT1_2), h = w / 2;
  const outline = f > 0
    ? k.prism([-half, -t], [["line", [half, -t]], ["line", [half, 0]], ["line", [h + f, 0]], ["arc", [h + s, s], [h, f]], ["line", [h, ribHeight]], ["line", [-h, ribHeight]], ["line", [-h, f]], ["arc", [-h - s, s], [-h - f, 0]], ["line", [-half, 0]], ["line", [-half, -t]]], depth)
    : k.polygon([[-half, -t], [half, -t], [half, 0], [h, 0], [h, ribHeight], [-h, ribHeight], [-h, 0], [-half, 0]], depth);
  return k.turn(k.move(outline, [0, 0, -depth / 2]), [0, 0, 0], [1, 0, 0], 90);
}

/** Plate with a row of through holes d at `pitch` along x. */
export function perforatedWeb(k: ShapeKernel, pitch: number, d: number, thickness: number, holes = 4): TopoDS_Shape {
  const half = (holes * pitch) / 2 + 2;
  const tools = Array.from({ length: holes }, (_, i) => k.cylinder([(i - (holes - 1) / 2) * pitch, 0, -1], [0, 0, 1], d / 2, thickness + 2));
  return k.cut(k.box([-half, -4, 0], [half, 4, thickness]), ...tools);
}

/** Shaft along z with a round hole across it along x. */
export const crossDrilledShaft = (k: ShapeKernel, R: number, r: number, height: number): TopoDS_Shape =>
  k.cut(k.cylinder([0, 0, 0], [0, 0, 1], R, height), k.cylinder([-2 * R, 0, height / 2], [1, 0, 0], r, 4 * R));

/** Box open at the top with walls of `wall` all round and a floor of `wall`. */
export const openBox = (k: ShapeKernel, side: number, wall: number): TopoDS_Shape =>
  k.cut(k.box([0, 0, 0], [side, side, side]), k.box([wall, wall, wall], [side - wall, side - wall, side + 1]));

/** Step in thickness along x: from t1 to t2 over `run` (0: a sharp step). */
export function steppedPlate(k: ShapeKernel, t1: number, t2: number, run: number): TopoDS_Shape {
  const outline: Vec2[] = [[-20, 0], [20 + run, 0], [20 + run, t2], [run, t2], [0, t1], [-20, t1]];
  return k.turn(k.polygon(outline, 20), [0, 0, 0], [1, 0, 0], 90);
}

/** Inner corner piece (an L) whose re-entrant edge carries an arc of radius f: exact cylinder, or the same arc as a rational curve. */
export function filletedL(k: ShapeKernel, f: number, as: "cylinder" | "rational" = "cylinder", t = 3, leg = 12, height = 10): TopoDS_Shape {
  const m = f * (1 - Math.SQRT1_2);
  return k.prism([0, 0], [
    ["line", [leg, 0]], ["line", [leg, t]], ["line", [t + f, t]],
    as === "cylinder" ? ["arc", [t + m, t + m], [t, t + f]] : ["conic", [t, t], Math.SQRT1_2, [t, t + f]],
    ["line", [t, leg]], ["line", [0, leg]], ["line", [0, 0]],
  ], height);
}

/** The same L with the fillet as a rational B-spline surface, sewn. */
export function nurbsFilletedL(k: ShapeKernel, f: number, t = 3, leg = 12, height = 10): TopoDS_Shape {
  const corners: Vec2[] = [[0, 0], [leg, 0], [leg, t], [t + f, t], [t, t + f], [t, leg], [0, leg]];
  const sides = corners.map((a, i) => {
    const b = corners[(i + 1) % corners.length];
    if (i === 3) {
      return k.bsplineFace([a, [t, t] as Vec2, b].map((p) => [[p[0], p[1], 0], [p[0], p[1], height]] as const), [1, Math.SQRT1_2, 1].map((w) => [w, w]));
    }
    return k.planarFace([[a[0], a[1], 0], [b[0], b[1], 0], [b[0], b[1], height], [a[0], a[1], height]]);
  });
  const caps = [0, height].map((z) => k.outlineFace([0, 0], [
    ["line", [leg, 0]], ["line", [leg, t]], ["line", [t + f, t]], ["conic", [t, t], Math.SQRT1_2, [t, t + f]], ["line", [t, leg]], ["line", [0, leg]], ["line", [0, 0]],
  ], ([x, y]) => [x, y, z]));
  return k.sew([...sides, ...caps]);
}

/** L whose re-entrant edge carries a quarter ellipse with semi-axes a (along x) and b (along y). */
export function ellipticFilletedL(k: ShapeKernel, a: number, b: number, t = 3, leg = 12, height = 10): TopoDS_Shape {
  return k.prism([0, 0], [
    ["line", [leg, 0]], ["line", [leg, t]], ["line", [t + a, t]], ["conic", [t, t], Math.SQRT1_2, [t, t + b]],
    ["line", [t, leg]], ["line", [0, leg]], ["line", [0, 0]],
  ], height);
}

/** L whose re-entrant edge carries a fillet that grows from r1 to r2 along z. */
export const variableFilletedL = (k: ShapeKernel, r1: number, r2: number, t = 3, leg = 12, height = 10): TopoDS_Shape =>
  k.fillet(lCorner(k, t, leg, height), [r1, r2], ([x, y]) => Math.abs(x - t) < 1e-6 && Math.abs(y - t) < 1e-6);

/** Block with every edge rounded. */
export const roundedBlock = (k: ShapeKernel, side: number, radius: number): TopoDS_Shape => k.fillet(k.box([0, 0, 0], [side, side, side]), radius, () => true);

/** Block with a blind bore. */
export const boredBlock = (k: ShapeKernel, side: number, radius: number, depth: number): TopoDS_Shape =>
  k.cut(k.box([0, 0, 0], [side, side, side]), k.cylinder([side / 2, side / 2, side - depth], [0, 0, 1], radius, depth + 1));

/** Block with a slot of width w and depth d in its top, along y. */
export const slottedBlock = (k: ShapeKernel, side: number, w: number, d: number): TopoDS_Shape =>
  k.cut(k.box([0, 0, 0], [side, side, side]), k.box([side / 2 - w / 2, -1, side - d], [side / 2 + w / 2, side + 1, side + 1]));

/**
 * Bar along y with a slot in its top; the wall beside it, `wall` thick at its foot, runs out under an outer round of radius 2
 * (centre 2 inside the outer face). On the slot's side the ball at height h above the round's centre has the diameter
 * D(h) = (4 − c² − h²)/(2 + c), c = 2 − wall, and closes at the angle atan(h/(c + D/2)).
 */
export function roundedRim(k: ShapeKernel, wall: number): TopoDS_Shape {
  const c = 2 - wall, top = Math.sqrt(4 - c * c), outer = 10, m = 2 * Math.asin(top / 2) / 4;
  const arc = (angle: number): Vec2 => [outer - 2 + 2 * Math.cos(angle), 4 + 2 * Math.sin(angle)];
  const end: Vec2 = [outer - wall, 4 + top];
  const bar = k.prism([0, 0], [["line", [outer, 0]], ["line", [outer, 4]], ["arc", arc(m), end], ["line", [outer - wall, 2]], ["line", [2, 2]], ["line", [2, 6]], ["line", [0, 6]], ["line", [0, 0]]], 12);
  return k.turn(bar, [0, 0, 0], [1, 0, 0], 90);
}

/** Plate of thickness t with a hole r in its middle, countersunk at `deg` to its top from `run` outside the hole. */
export const countersunkPlate = (k: ShapeKernel, t: number, r: number, deg: number, run: number): TopoDS_Shape =>
  k.revolve([r, 0], [["line", [r + run + 8, 0]], ["line", [r + run + 8, t]], ["line", [r + run, t]], ["line", [r, t - run * Math.tan((deg * Math.PI) / 180)]], ["line", [r, 0]]]);

/** Plate 2a × 2a, `thick` thick, with a hole of radius r from its top that ends in a cone of half-angle `deg`, its point `left` above the bottom. */
export const drilledPlate = (k: ShapeKernel, a: number, thick: number, r: number, deg: number, left: number): TopoDS_Shape =>
  k.cut(k.box([-a, -a, 0], [a, a, thick]), k.revolve([0, left], [["line", [r, left + r / Math.tan((deg * Math.PI) / 180)]], ["line", [r, thick + 1]], ["line", [0, thick + 1]], ["line", [0, left]]]));

/** Block 20 × 20 × 5 rounded by 1 along one edge on top, with a pocket 1.6 deep whose corner points at that round, `gap` before it begins. */
export const pocketBesideRound = (k: ShapeKernel, gap: number): TopoDS_Shape => k.cut(
  k.fillet(k.box([-10, -10, 0], [10, 10, 5]), 1, ([x, , z]) => x > 9.9 && z > 4.9),
  k.turn(k.box([5 - gap, 0, 3.4], [9 - gap, 4, 6]), [9 - gap, 0, 0], [0, 0, 1], 45));

/** Plate with two square windows whose corners face one another, `gap` apart along x and along y. */
export const windowsCornerToCorner = (k: ShapeKernel, gap: number, thick: number): TopoDS_Shape =>
  k.cut(k.box([-10, -10, 0], [10, 10, thick]), k.box([-7, -7, -1], [-gap / 2, -gap / 2, thick + 1]), k.box([gap / 2, gap / 2, -1], [7, 7, thick + 1]));

/** The same with the second window's corner opposite the straight side of the first, turned by 45°. */
export const cornerToSide = (k: ShapeKernel, gap: number, thick: number): TopoDS_Shape =>
  k.cut(k.box([-10, -10, 0], [10, 10, thick]), k.box([-7, -3, -1], [-gap / 2, 3, thick + 1]), k.turn(k.box([gap / 2, 0, -1], [gap / 2 + 4, 4, thick + 1]), [gap / 2, 0, 0], [0, 0, 1], -45));

/** Block with slots of the widths given across its top, along y, each `d` deep and 3 beside the next. */
export const comb = (k: ShapeKernel, widths: readonly number[], d = 2): TopoDS_Shape =>
  k.cut(k.box([0, 0, 0], [4 * widths.length + 3, 10, 6]), ...widths.map((w, i) => k.box([4 * i + 3, -1, 6 - d], [4 * i + 3 + w, 11, 7])));

/** Block with a V-shaped slot of angle `deg` in its top, along y, cut off where it is `bottom` wide (0: it runs to nothing). */
export function vSlot(k: ShapeKernel, deg: number, bottom: number, d = 3): TopoDS_Shape {
  const half = bottom / 2, top = half + (d + 1) * Math.tan((deg * Math.PI) / 360);
  const slot: Vec2[] = [[-top, 1], ...(half > 0 ? [[-half, -d], [half, -d]] as const : [[0, -d]] as const), [top, 1]];
  return k.cut(k.box([-8, -6, -6], [8, 6, 0]), k.move(k.turn(k.polygon(slot, 14), [0, 0, 0], [1, 0, 0], 90), [0, 7, 0]));
}

/** Round block with a groove in its top between a post r and a bore R whose axes lie e apart. */
export const ringGroove = (k: ShapeKernel, R: number, r: number, e = 0, d = 2): TopoDS_Shape =>
  k.cut(k.cylinder([0, 0, 0], [0, 0, 1], R + 3, 6), k.cut(k.cylinder([0, 0, 6 - d], [0, 0, 1], R, d + 1), k.cylinder([e, 0, 6 - d - 1], [0, 0, 1], r, d + 3)));

/** Block with two blind holes whose axes lie `pitch` apart. */
export const twinHoles = (k: ShapeKernel, radius: number, pitch: number): TopoDS_Shape =>
  k.cut(k.box([-10, -6, 0], [10, 6, 8]), ...[-1, 1].map((side) => k.cylinder([(side * pitch) / 2, 0, 3], [0, 0, 1], radius, 6)));

/** Tube of outer radius R whose bore is r1 over its lower half and r2 over its upper. */
export const steppedTube = (k: ShapeKernel, R: number, r1: number, r2: number, half = 10): TopoDS_Shape =>
  k.revolve([r1, 0], [["line", [R, 0]], ["line", [R, 2 * half]], ["line", [r2, 2 * half]], ["line", [r2, half]], ["line", [r1, half]], ["line", [r1, 0]]]);

/** Plate whose faces close at `deg`, from x0 to x1 beyond where they would meet. */
export const taperedPlate = (k: ShapeKernel, deg: number, x0: number, x1: number): TopoDS_Shape => {
  const slope = Math.tan((deg * Math.PI) / 180);
  return k.polygon([[x0, 0], [x1, 0], [x1, x1 * slope], [x0, x0 * slope]], 20);
};
