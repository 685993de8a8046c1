import { expect, it } from "vitest";
import { fineWalls } from "../../src/dfm/fine-walls.ts";
import { fineWallAt, patchAt } from "../../src/report/maps/patches.ts";
import { checkShape, spatialModule } from "../dfm-run.ts";
import { shapeKernel } from "../shapes/kernel.ts";
import { slab, tube } from "../shapes/wall-shapes.ts";

it("a slab's large facets show its thickness inside, nothing at the rim, and their pieces cover the facets", async () => {
  const k = await shapeKernel(), body = k.body(slab(k, 2)), spatial = await spatialModule(), limit = { min: 0.5, max: 6 };
  const fine = fineWalls({ body, spatial, exact: true, limit }), { indices, positions } = body.facets;
  if (!fine) throw new Error("no pieces");
  const area = new Float64Array(indices.length / 3);
  let inside = 0, rim = 0;
  for (let p = 0; p < fine.facets.length; p++) {
    const c = fine.corners.subarray(p * 9, p * 9 + 9);
    area[fine.facets[p]] += Math.abs(c[0] * (c[4] * c[8] - c[5] * c[7]) - c[1] * (c[3] * c[8] - c[5] * c[6]) + c[2] * (c[3] * c[7] - c[4] * c[6]));
    for (let corner = 0; corner < 3; corner++) {
      const t = fine.facets[p] * 3, at = [0, 1, 2].map((axis) => [0, 1, 2].reduce((sum, i) => sum + c[corner * 3 + i] * positions[indices[t + i] * 3 + axis], 0)), blank = fine.blanks[p * 3 + corner];
      if (Math.abs(at[2] - 1) < 1 - 1e-9) continue;
      const edge = 10 - Math.max(Math.abs(at[0]), Math.abs(at[1]));
      // The ball is the slab's thickness where it fits: a millimetre from the rim and further. In between a corner holds it.
      if (edge > 1.01) { expect(blank).toBe(0); expect(fine.values[p * 3 + corner]).toBeCloseTo(2, 5); inside++; }
      if (edge < 0.99) { expect(blank).toBe(1); rim++; }
    }
  }
  expect(Math.min(inside, rim)).toBeGreaterThan(100);
  for (const share of area) expect(share).toBeCloseTo(1, 5);
  const on = patchAt(fine, 0, [0.2, 0.3, 0.5]);
  if (!on) throw new Error("the point lies on no piece");
  [0.2, 0.3, 0.5].forEach((x, i) => expect(on.weights.reduce((sum, w, corner) => sum + w * fine.corners[on.patch * 9 + corner * 3 + i], 0)).toBeCloseTo(x, 5));
  const middle = fineWallAt(fine, body.faces.reduce((flat, f) => (f.areaMm2 > flat.areaMm2 ? f : flat)).facets.start, [0.34, 0.33, 0.33]);
  expect(middle).toBeCloseTo(2, 5);
});

it.each([[6, 0], [6.4, 1]])("a tube of %f mm, whose facets say a little more or less, lies above the limit of 6 mm in %f of its map", async (wall, above) => {
  const k = await shapeKernel(), shape = tube(k, 10 + wall, 10, 40), mesh = { deflectionMm: 0.1, angleDeg: 20 };
  const out = await checkShape(k, shape, { budget: { coarseSamples: 800, wallRefinements: 100 } }, mesh);
  const fine = fineWalls({ body: k.body(shape, mesh), spatial: await spatialModule(), exact: true, limit: { min: 0.5, max: 6 } });
  for (const values of [out.bodies[0].walls?.thicknessMm, fine?.values]) {
    const known = [...values ?? []].filter((t) => t > 5.9), over = known.filter((t) => t > 6);
    expect(known.length).toBeGreaterThan(20);
    expect(over.length / known.length).toBe(above);
  }
});
