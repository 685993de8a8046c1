import { beforeAll, describe, expect, it } from "vitest";
import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { Finding } from "../../src/dfm/finding.ts";
import { checkShape, findingsOf } from "../dfm-run.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";
import * as shapes from "../shapes/wall-shapes.ts";

let k: ShapeKernel;
beforeAll(async () => { k = await shapeKernel(); });

const BUDGET = { coarseSamples: 800, wallRefinements: 1200 };
const MESHES = [{ deflectionMm: 0.064, angleDeg: 30 }, {}, { deflectionMm: 0.004, angleDeg: 8 }];

const steelOf = async (shape: TopoDS_Shape, mesh = {}, osf: readonly [number, number, number] = [1, 1, 1]): Promise<Finding[]> => findingsOf(await checkShape(k, shape, { budget: BUDGET, osf }, mesh), "STEEL_THIN");
const tan = (deg: number): number => Math.tan((deg * Math.PI) / 180);

describe("steel of the mold", () => {
  it.each<[string, (k: ShapeKernel) => TopoDS_Shape, number]>([
    ["a slot", (k) => shapes.slottedBlock(k, 10, 0.3, 2), 0.3],
    ["slots of two widths", (k) => shapes.comb(k, [0.8, 0.3, 0.8, 0.8]), 0.3],
    ["a groove between a post and a bore", (k) => shapes.ringGroove(k, 6, 5.6), 0.4],
    ["one narrower than what coarse facets are off", (k) => shapes.ringGroove(k, 6, 5.98), 0.02],
    ["one that is narrowest on one side", (k) => shapes.ringGroove(k, 6, 5, 0.6), 0.4],
    // The ball that touches both sides and the bottom.
    ["a V cut off at its bottom", (k) => shapes.vSlot(k, 10, 0.4), 0.4 * tan(47.5)],
    // What is between the holes is the part's own wall; their cores are steel.
    ["two blind holes side by side", (k) => shapes.twinHoles(k, 2, 4.5), 4],
  ])("%s is as thick as its closed form, whatever the mesh", async (_name, make, truth) => {
    for (const mesh of MESHES) {
      const { measured: m, verdict } = (await steelOf(make(k), mesh))[0];
      expect(verdict).toBe("not-evaluated");
      expect(m!.low).toBeLessThanOrEqual(truth);
      expect(m!.high).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
      expect(Math.abs(m!.value - truth)).toBeLessThan(2e-3 * truth + 1e-6);
      expect(m!.high - m!.low).toBeLessThan(4e-3 * truth + 1e-4);
    }
  });

  it("grows with the oversize factor; one that differs by axis widens the interval", async () => {
    const even = (await steelOf(shapes.slottedBlock(k, 10, 0.3, 2), {}, [1.165, 1.165, 1.165]))[0].measured!, uneven = (await steelOf(shapes.slottedBlock(k, 10, 0.3, 2), {}, [1.15, 1.165, 1.18]))[0].measured!;
    expect(even.value).toBeCloseTo(0.3 * 1.165, 6);
    expect(uneven.low).toBeLessThanOrEqual(0.3 * 1.15);
    expect(uneven.high).toBeGreaterThanOrEqual(0.3 * 1.18);
  });

  it("tells slots of two widths apart", async () => {
    const [first, second] = (await steelOf(shapes.comb(k, [0.8, 0.3]))).map((f) => f.measured!.value);
    expect(first).toBeCloseTo(0.3, 6);
    expect(second).toBeCloseTo(0.8, 6);
  });

  it.each([[10], [30], [60]])("a V of %d° that runs to nothing at its edge is no web", async (deg) => {
    for (const mesh of MESHES) {
      const found = await steelOf(shapes.vSlot(k, deg, 0), mesh);
      expect(found.map((f) => f.measured)).toEqual([undefined]);
      expect(found[0].message).toContain("No steel");
    }
  });
});
