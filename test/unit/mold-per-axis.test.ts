import { beforeAll, describe, expect, it } from "vitest";
import { scaleSolidPerAxis } from "../../src/step/scale-per-axis.ts";
import { ExactSolid } from "../../src/step/exact-solid.ts";
import { solidMeasures, surfaceKinds } from "../../src/step/inspect-solid.ts";
import type { MassProperties } from "../../src/part/part.ts";
import type { Vec3 } from "../../src/units.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";

let shapes: ShapeKernel;
beforeAll(async () => { shapes = await shapeKernel(); });

type Shape = Parameters<ShapeKernel["body"]>[0];

/** Rounding: the reader rebuilds parameter curves, and those of stretched faces come out to 6e-13 of the volume and 1.3e-12 mm at most. */
const VOLUME_OFF = 1e-11, CENTROID_OFF_MM = 1e-10;

const LIKELY: Vec3 = [1.165, 1.165, 1.171], ODD: Vec3 = [1.1, 1.2, 1.3];

function stretch(shape: Shape, factors: Vec3, about: Vec3 = [0, 0, 0]): { before: MassProperties; after: MassProperties; kinds: Record<string, number> } {
  const body = shapes.body(shape);
  using explorer = new shapes.oc.TopExp_Explorer(shape, "TopAbs_SOLID", "TopAbs_SHAPE");
  using solid = new ExactSolid(shapes.oc.TopoDS.Solid(explorer.Current()));
  const made = scaleSolidPerAxis(shapes.oc, solid, body, factors, about);
  if (!made.ok) throw new Error(made.problem.message);
  using grown = made.value;
  return { before: body.mass, after: solidMeasures(shapes.oc, grown), kinds: surfaceKinds(shapes.oc, grown) };
}

/** An affine map takes volume, centroid and box (of parts whose box is touched by flat or polar points) with it. */
function check(shape: Shape, factors: Vec3, about: Vec3 = [0, 0, 0]): ReturnType<typeof stretch> {
  const made = stretch(shape, factors, about);
  expect(made.after.volumeMm3 / made.before.volumeMm3 / (factors[0] * factors[1] * factors[2]) - 1, "volume").toSatisfy((d: number) => Math.abs(d) <= VOLUME_OFF);
  for (let k = 0; k < 3; k++) expect(Math.abs(made.after.centroidMm[k] - (about[k] + factors[k] * (made.before.centroidMm[k] - about[k]))), "centroid").toBeLessThan(CENTROID_OFF_MM);
  return made;
}

describe("a factor per axis", () => {
  it("a block", () => expect(check(shapes.box([1, 2, 3], [11, 22, 8]), ODD, [5, 5, 5]).kinds).toEqual({ Plane: 6 }));

  it("a cylinder along z stays a cylinder when x and y grow alike", () => {
    const { after, kinds } = check(shapes.cylinder([3, 4, 5], [0, 0, 1], 6, 10), LIKELY);
    expect(kinds).toEqual({ Cylinder: 1, Plane: 2 });
    expect(after.volumeMm3).toBeCloseTo(Math.PI * 36 * 10 * 1.165 ** 2 * 1.171, 9);
  });

  it("a cylinder across becomes an elliptic cylinder with its closed-form volume", () => {
    const { after, kinds } = check(shapes.cylinder([0, 0, 0], [1, 0, 0], 6, 10), LIKELY);
    expect(kinds).toEqual({ BSplineSurface: 1, Plane: 2 });
    expect(after.volumeMm3).toBeCloseTo(Math.PI * (6 * 1.165) * (6 * 1.171) * 11.65, 9);
  });

  it("an oblique cylinder", () => { check(shapes.cylinder([1, 2, 3], [1, 2, 3], 4, 9), ODD); });

  it("a ball becomes an ellipsoid with its closed-form volume", () => {
    for (const factors of [LIKELY, ODD]) expect(check(shapes.sphere([2, 3, 4], 5), factors).after.volumeMm3).toBeCloseTo(((4 / 3) * Math.PI * 125) * factors[0] * factors[1] * factors[2], 9);
  });

  it("a torus, along z and oblique", () => {
    expect(check(shapes.torus([0, 0, 1], [0, 0, 1], 8, 2), LIKELY).after.volumeMm3).toBeCloseTo(2 * Math.PI ** 2 * 8 * 4 * 1.165 ** 2 * 1.171, 9);
    check(shapes.torus([1, 0, 1], [1, 1, 2], 8, 2), ODD);
  });

  it("cones, blunt and pointed", () => {
    const cone = (r0: number, r1: number): Shape => new shapes.oc.BRepPrimAPI_MakeRevol(coneFace(r0, r1), new shapes.oc.gp_Ax1(shapes.point([0, 0, 0]), new shapes.oc.gp_Dir(0, 0, 1)), false).Shape();
    for (const [r0, r1] of [[5, 2], [5, 0]]) {
      expect(check(cone(r0, r1), LIKELY).kinds.Cone).toBe(1);
      check(shapes.turn(cone(r0, r1), [0, 0, 0], [1, 2, 0], 50), ODD);
    }
  });

  it("part of a cylinder that crosses the seam", () => {
    check(shapes.common(shapes.cylinder([0, 0, 0], [0, 1, 0], 6, 10), shapes.box([-20, -20, -1], [20, 20, 20])), ODD);
    check(shapes.cut(shapes.cylinder([0, 0, 0], [0, 1, 0], 6, 10), shapes.box([-2, -20, 3], [2, 20, 20])), ODD);
  });

  it("a plate with holes and pockets in all directions", () => {
    const plate = shapes.cut(shapes.box([0, 0, 0], [40, 30, 12]), shapes.cylinder([10, 10, -1], [0, 0, 1], 3, 20), shapes.cylinder([-1, 20, 6], [1, 0, 0], 2, 60), shapes.sphere([33, 22, 12], 3), shapes.torus([20, 15, 12], [0, 0, 1], 6, 1));
    check(plate, LIKELY);
    check(plate, ODD, [20, 15, 6]);
  });
});

function coneFace(r0: number, r1: number): Shape {
  const outline = shapes.wire([0, 0], r1 > 0 ? [["line", [r0, 0]], ["line", [r1, 6]], ["line", [0, 6]], ["line", [0, 0]]] : [["line", [r0, 0]], ["line", [0, 6]], ["line", [0, 0]]], ([x, y]) => [x, 0, y]);
  return new shapes.oc.BRepBuilderAPI_MakeFace(outline, true).Face();
}
