import type { TopoDS_Shape } from "replicad-opencascadejs";
import { describe, expect, it } from "vitest";
import { chooseParting } from "../../src/mold/choose-parting.ts";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import { provePullFree, resolveDesign } from "../../src/mold/resolve-design.ts";
import type { Vec3 } from "../../src/units.ts";
import { shapeKernel, type ShapeKernel, type Vec2 } from "../shapes/kernel.ts";
import { cup } from "../shapes/pull-shapes.ts";

const OSF = 1.165, Z: Vec3 = [0, 0, 1];
const k = await shapeKernel();

/** Where the halves part, sintered mm, and what they trap, oversized mm². */
function parted(shape: TopoDS_Shape, pull: Vec3 | "auto", partingMm: number | "auto" = "auto") {
  const body = { ...k.body(shape), id: "1" }, resolved = resolveDesign([body], { ...MOLD_DEFAULTS, osf: [OSF, OSF, OSF], pull, partingMm }, chooseParting);
  if (!resolved.ok) throw new Error(resolved.problem.message);
  return { at: resolved.value.sinteredPartingMm, direction: resolved.value.frame.z, ...provePullFree(resolved.value, body.mass.areaMm2 * OSF ** 2) };
}

/** Cup about z that opens upward: outer radius R at the base and draft `outer`, inner radius r at the base and draft `inner`. */
const openCup = (k: ShapeKernel, R: number, outer: number, r: number, inner: number, height: number, floor: number): TopoDS_Shape => {
  const out = (deg: number, h: number): number => h * Math.tan((deg * Math.PI) / 180);
  const outline: Vec2[] = [[0, 0], [R, 0], [R + out(outer, height), height], [r + out(inner, height), height], [r + out(inner, floor), floor], [0, floor]];
  return k.revolve(outline[0], [...outline.slice(1), outline[0]].map((p) => ["line", p] as const));
};

describe("where the halves part", () => {
  // The plane at the floor would trap the outside, any plane below the rim some of the inside.
  it.each([["along z", Z], ["by itself", "auto"]] as const)("a cup that opens upward parts at its rim: %s", (_name, pull) => {
    for (const shape of [openCup(k, 8, 1, 6.6, 1.6, 15, 2), cup(k, 8, 1.5, 12, 2)]) {
      const found = parted(shape, pull);
      expect(found).toMatchObject({ holds: true, trappedMm2: 0 });
      expect(Math.abs(found.direction[2])).toBeCloseTo(1, 9);
    }
    expect(parted(openCup(k, 8, 1, 6.6, 1.6, 15, 2), Z).at).toBeCloseTo(15, 6);
  });

  it("a cup parted at half its height traps what leans back beyond: 2π·r·h of its outside", () => {
    const { holds, trappedMm2 } = parted(openCup(k, 8, 1, 6.6, 1.6, 15, 2), Z, 9), t = Math.tan(Math.PI / 180), r = 8 + 12 * t;
    expect(holds).toBe(false);
    expect(trappedMm2 / (OSF ** 2 * ((2 * Math.PI * r * 6) / Math.cos(Math.PI / 180)))).toBeCloseTo(1, 2);
  });

  it("a ring groove parts across its middle, whatever its facets", () => {
    expect(parted(k.cut(k.cylinder([0, 0, 0], Z, 10, 8), k.torus([0, 0, 4], Z, 10, 1)), [1, 0, 0])).toMatchObject({ holds: true, trappedMm2: 0 });
  });

  it("a wall that leans back by less than a vent is none, one that leans back further is", () => {
    const lean = (mm: number): TopoDS_Shape => k.turn(k.polygon([[0, 0], [10, 0], [10 + mm, 4], [10, 8], [0, 8]], 6), [0, 0, 0], [1, 0, 0], 90);
    expect(parted(lean(0.01), Z, 0).holds).toBe(true);
    expect(parted(lean(0.1), Z, 0).holds).toBe(false);
  });

  it("the flat side of a groove is trapped where the plane lies beyond it, however flat", () => {
    const groove = k.cut(k.box([0, 0, 0], [10, 10, 10]), k.box([8, -1, 4], [11, 11, 6]));
    for (const at of [3, 5, 7]) expect(parted(groove, Z, at).trappedMm2 / (OSF ** 2 * 20)).toBeCloseTo(at === 5 ? 2 : 1, 9);
  });

  it("a sealed void is trapped all round", () => {
    const { holds, trappedMm2 } = parted(k.cut(k.box([0, 0, 0], [20, 20, 20]), k.box([5, 5, 5], [15, 15, 15])), Z, 0);
    expect(holds).toBe(false);
    expect(trappedMm2).toBeCloseTo(600 * OSF ** 2, 3);
  });
});
