import { expect, it } from "vitest";
import { patchAt } from "../../src/report/maps/patches.ts";
import { checkShape } from "../dfm-run.ts";
import { shapeKernel } from "../shapes/kernel.ts";
import { slab, tube } from "../shapes/wall-shapes.ts";

it("a slab's large facets show its thickness inside, nothing at the rim, and their pieces cover the facets", async () => {
  const k = await shapeKernel(), body = k.body(slab(k, 2)), out = await checkShape(k, slab(k, 2), { budget: { coarseSamples: 3000, wallRefinements: 100 } });
  const fine = out.bodies[0].walls?.fine(), { indices, positions } = body.facets;
  if (!fine) throw new Error("no pieces");
  const area = new Float64Array(indices.length / 3);
  let inside = 0, rim = 0;
  for (let p = 0; p < fine.facets.length; p++) {
    const c = fine.corners.subarray(p * 9, p * 9 + 9);
    area[fine.facets[p]] += Math.abs(c[0] * (c[4] * c[8] - c[5] * c[7]) - c[1] * (c[3] * c[8] - c[5] * c[6]) + c[2] * (c[3] * c[7] - c[4] * c[6]));
    for (let corner = 0; corner < 3; corner++) {
      const t = fine.facets[p] * 3, at = [0, 1, 2].map((axis) => [0, 1, 2].reduce((sum, i) => sum + c[corner * 3 + i] * positions[indices[t + i] * 3 + axis], 0)), value = fine.values[p * 3 + corner];
      if (Math.abs(at[2] - 1) < 1 - 1e-9) continue;
      const edge = 10 - Math.max(Math.abs(at[0]), Math.abs(at[1]));
      // The ball is the slab's thickness where it fits: a millimetre from the rim and further.
      if (edge > 2) { expect(value).toBeCloseTo(2, 5); inside++; }
      if (edge < 0.2) { expect(value).toBeNaN(); rim++; }
    }
  }
  expect(Math.min(inside, rim)).toBeGreaterThan(100);
  for (const share of area) expect(share).toBeCloseTo(1, 5);
  const on = patchAt(fine, 0, [0.2, 0.3, 0.5]);
  if (!on) throw new Error("the point lies on no piece");
  [0.2, 0.3, 0.5].forEach((x, i) => expect(on.weights.reduce((sum, w, corner) => sum + w * fine.corners[on.patch * 9 + corner * 3 + i], 0)).toBeCloseTo(x, 5));
});

it.each([[6, 0], [6.4, 1]])("a tube of %f mm, whose facets say a little more or less, lies above the limit of 6 mm in %f of its map", async (wall, above) => {
  const k = await shapeKernel(), out = await checkShape(k, tube(k, 10 + wall, 10, 40), { budget: { coarseSamples: 800, wallRefinements: 100 } }, { deflectionMm: 0.1, angleDeg: 20 }), map = out.bodies[0].walls;
  for (const values of [map?.thicknessMm ?? [], map?.fine()?.values ?? []]) {
    const known = [...values].filter((t) => t > 5.9), over = known.filter((t) => t > 6);
    expect(known.length).toBeGreaterThan(20);
    expect(over.length / known.length).toBe(above);
  }
});
