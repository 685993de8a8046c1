import { beforeAll, describe, expect, it } from "vitest";
import type { TopoDS_Shape } from "replicad-opencascadejs";
import { checkShape, findingsOf } from "../dfm-run.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";
import * as shapes from "../shapes/wall-shapes.ts";

let k: ShapeKernel;
beforeAll(async () => { k = await shapeKernel(); });

const BUDGET = { coarseSamples: 3000, wallRefinements: 1600 };
const FINE = { deflectionMm: 0.004, angleDeg: 8 }, MESHES = [{ deflectionMm: 0.064, angleDeg: 30 }, {}, FINE];
const tan = (deg: number): number => Math.tan((deg * Math.PI) / 180);

describe("changes of section", () => {
  it.each<[string, (k: ShapeKernel) => TopoDS_Shape, number]>([
    ["a step", (k) => k.fuse(k.box([0, 0, 0], [10, 20, 1]), k.box([10, 0, 0], [24, 20, 3])), 3],
    ["a tube whose bore steps", (k) => shapes.steppedTube(k, 8, 5, 7), 3],
    // At s from the edge where its faces would meet the plate is 2 s tan(φ/2) thick: that far on, 1/(1 − 2 tan(φ/2)) times.
    ["an even taper", (k) => shapes.taperedPlate(k, 10, 8, 30), 1 / (1 - 2 * tan(5))],
    // The ball under the rib touches the plate's other side and both roots.
    ["a rib on a plate", (k) => shapes.rib(k, 2, 1.2, 0), (2 + 1.2 ** 2 / 8) / 1.2],
    ["one with fillets at its root", (k) => shapes.rib(k, 2, 1.2, 0.2), (0.8 ** 2 + 2.2 ** 2 - 0.2 ** 2) / 2.4 / 1.2],
  ])("%s has a ratio whose interval holds the closed form, whatever the mesh", async (_name, make, truth) => {
    for (const mesh of MESHES) {
      const { measured: m } = findingsOf(await checkShape(k, make(k), { budget: BUDGET }, mesh), "WALL_TRANSITION")[0];
      expect(m!.low).toBeLessThanOrEqual(truth * (1 + 1e-9));
      // Where facets are long and narrow the samples on them miss most places between their thirds.
      if (mesh !== FINE) expect(m!.low).toBeGreaterThan(truth * 0.7);
      expect(m!.high).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
    }
  });
});
