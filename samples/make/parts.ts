import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { Corner, SolidKit } from "./solid-kit.ts";

/** One sample: what it stands for and how it is built. */
export interface Sample {
  readonly name: string;
  readonly title: string;
  /** What the part is like in the field, and what its review should show. */
  readonly story: string;
  readonly build: (kit: SolidKit) => TopoDS_Shape;
}

const rectangle = (x0: number, y0: number, x1: number, y1: number, r: number): Corner[] => [[x0, y0, r], [x1, y0, r], [x1, y1, r], [x0, y1, r]];

/** A rounded rectangle that narrows upward by `draftDeg` on every side. */
function drafted(kit: SolidKit, x0: number, y0: number, x1: number, y1: number, r: number, z0: number, z1: number, draftDeg: number): TopoDS_Shape {
  const d = Math.tan((draftDeg * Math.PI) / 180) * (z1 - z0);
  return kit.loft([kit.profile(rectangle(x0, y0, x1, y1, r), z0), kit.profile(rectangle(x0 + d, y0 + d, x1 - d, y1 - d, r - d), z1)]);
}

/** A drafted hole that widens upward. */
function hole(kit: SolidKit, x: number, y: number, r: number, z0: number, z1: number, draftDeg: number): TopoDS_Shape {
  const d = Math.tan((draftDeg * Math.PI) / 180) * (z1 - z0);
  return kit.loft([kit.circle(x, y, r, z0), kit.circle(x, y, r + d, z1)]);
}

/** Six parts of the kinds that are made by metal injection molding; dimensions are our own. */
export const SAMPLES: readonly Sample[] = [
  {
    name: "bracket", title: "Stainless bracket",
    story: "A small bracket with thin edges, two small holes and a flat assembly face. Moldable along +Z; the upright flange ends in a 0.45 mm wall that is too thin.",
    build: bracket,
  },
  {
    name: "hinge-knuckle", title: "Laptop hinge knuckle",
    story: "A barrel with a leaf. The bore lies across the pull and needs a side action.",
    build: hingeKnuckle,
  },
  { name: "trigger", title: "Trigger", story: "A curved blade with a pivot hole, rounded all over; walls without draft.", build: trigger },
  {
    name: "orthodontic-bracket", title: "Orthodontic bracket",
    story: "Tie wings over an archwire slot, on a curved pad. Far below 2 g, with sharp slot corners and an undercut under the wings.",
    build: orthodonticBracket,
  },
  { name: "pawl", title: "Ratchet pawl", story: "A drafted pawl with a pivot hole: a part that passes.", build: pawl },
  { name: "watch-case", title: "Watch-case section", story: "A lofted freeform case with a bore and a bezel step.", build: watchCase },
];

function bracket(kit: SolidKit): TopoDS_Shape {
  const base = drafted(kit, -10, -6, 10, 6, 1.5, 0, 1.6, 1);
  const flange = kit.loft([kit.profile(rectangle(-8, 3.2, 8, 4.7, 0.3), 1.2), kit.profile(rectangle(-7.9, 3.75, 7.9, 4.2, 0.2), 7)]);
  const body = kit.fillet(kit.fuse(base, flange), 0.4, ([, , z], a, b) => Math.abs(z - 1.6) < 1e-6 && Math.abs(a[2] - b[2]) < 1e-6 && inside(a, 8.05, 2.5, 5) && inside(b, 8.05, 2.5, 5));
  return kit.cut(body, hole(kit, -6, -1.8, 1, -0.1, 1.7, 1), hole(kit, 6, -1.8, 1, -0.1, 1.7, 1));
}

const inside = (p: readonly number[], x: number, y0: number, y1: number): boolean => Math.abs(p[0]) <= x && p[1] >= y0 && p[1] <= y1;

function hingeKnuckle(kit: SolidKit): TopoDS_Shape {
  const barrel = kit.fillet(kit.cylinder([-6, 0, 0], [1, 0, 0], 4, 12), 0.3, ([x]) => Math.abs(Math.abs(x) - 6) < 1e-6);
  const leaf = drafted(kit, -5, -16, 5, 0, 1, -2.5, 0, 1);
  const body = kit.fuse(barrel, leaf);
  return kit.cut(body, kit.cylinder([-7, 0, 0], [1, 0, 0], 2.2, 14), hole(kit, -2.4, -10.5, 1.3, -2.6, 0.1, 1), hole(kit, 2.4, -10.5, 1.3, -2.6, 0.1, 1));
}

function trigger(kit: SolidKit): TopoDS_Shape {
  const outline: Corner[] = [[0, 0, 1.2], [7, -1, 2.5], [10, -9, 6], [7, -19, 1], [10, -21, 0.8], [12.5, -13, 9], [12, -1, 2.5], [14, 5, 1.2], [3, 6, 1.5]];
  const blade = kit.extrude(kit.profile(outline, -2.5), [0, 0, 5]);
  const rounded = kit.fillet(blade, 0.5, ([, , z], a, b) => Math.abs(Math.abs(z) - 2.5) < 1e-9 && Math.abs(a[2] - b[2]) < 1e-9);
  return kit.cut(rounded, kit.cylinder([8, 2.5, -3], [0, 0, 1], 1.5, 6));
}

function orthodonticBracket(kit: SolidKit): TopoDS_Shape {
  const pad = kit.common(kit.extrude(kit.profile(rectangle(-1.6, -1.5, 1.6, 1.5, 0.4), 0), [0, 0, 0.9]), kit.cylinder([-2, 0, -7.2], [1, 0, 0], 8, 4));
  const neck = kit.box([-1.3, -0.75, 0.5], [1.3, 0.75, 1.5]);
  const wings = kit.extrude(kit.profile(rectangle(-1.4, -1.35, 1.4, 1.35, 0.3), 1.2), [0, 0, 0.8]);
  const slot = kit.box([-2, -0.28, 1.2], [2, 0.28, 2.2]), gap = kit.box([-0.3, -2, 1.1], [0.3, 2, 2.2]);
  return kit.cut(kit.fuse(pad, neck, wings), slot, gap);
}

function pawl(kit: SolidKit): TopoDS_Shape {
  const lower: Corner[] = [[-5, -4, 3.5], [6, -4, 3], [19, -1, 0.6], [19.5, 1.5, 0.6], [10, 4, 4], [-5, 4, 3.5]];
  const d = Math.tan(Math.PI / 180) * 4;
  const upper: Corner[] = lower.map(([x, y, r = 0], i) => {
    const a = lower[(i + lower.length - 1) % lower.length], c = lower[(i + 1) % lower.length];
    const [ox, oy] = insetCorner(a, [x, y], c, d);
    return [ox, oy, r - d * 0.99];
  });
  const body = kit.loft([kit.profile(lower, 0), kit.profile(upper, 4)]);
  const rounded = kit.fillet(body, 0.4, ([, , z], a, b) => z > 4 - 1e-6 && a[2] > 4 - 1e-6 && b[2] > 4 - 1e-6);
  return kit.cut(rounded, hole(kit, -1.5, 0, 1.6, -0.1, 4.1, 1));
}

/** Corner moved inward by d from both of its sides (counter-clockwise outline). */
function insetCorner(a: Corner, b: Corner, c: Corner, d: number): [number, number] {
  const u = unit(b[0] - a[0], b[1] - a[1]), v = unit(c[0] - b[0], c[1] - b[1]);
  const nx = -u[1], ny = u[0], mx = -v[1], my = v[0], k = d / (1 + nx * mx + ny * my);
  return [b[0] + (nx + mx) * k, b[1] + (ny + my) * k];
}

const unit = (x: number, y: number): [number, number] => [x / Math.hypot(x, y), y / Math.hypot(x, y)];

function watchCase(kit: SolidKit): TopoDS_Shape {
  const ring = (a: number, b: number, z: number): [number, number, number][] =>
    Array.from({ length: 16 }, (_, i) => {
      const t = (i / 16) * 2 * Math.PI, c = Math.cos(t), s = Math.sin(t);
      const superellipse = (Math.abs(c) ** 3 + Math.abs(s) ** 3) ** (-1 / 3);
      return [a * c * superellipse, b * s * superellipse, z];
    });
  const body = kit.loft([kit.spline(ring(15.5, 17.5, 0)), kit.spline(ring(16.8, 19, 2)), kit.spline(ring(16.6, 18.7, 4)), kit.spline(ring(15.6, 17.4, 6))], false);
  return kit.cut(body, hole(kit, 0, 0, 12.5, -0.1, 6.1, 1), hole(kit, 0, 0, 13.6, 4.6, 6.1, 1));
}
