import { expect, it } from "vitest";
import { buildBvh } from "../../src/spatial/bvh.ts";
import { loadSpatial } from "../../src/spatial/load-spatial.ts";
import { kernelSource } from "../kernels.ts";
import { sphere } from "../spatial-meshes.ts";

it("finds the triangles near a point, each once, as closest() run triangle by triangle does", async () => {
  const module = await loadSpatial(kernelSource);
  const m = sphere(5, 8), bvh = buildBvh(module, m.positions, m.indices, m.faces);
  const count = m.indices.length / 3, points: number[] = [], radii: number[] = [];
  for (let i = 0; i < 60; i++) { points.push(Math.sin(i) * 6, Math.cos(3 * i) * 6, Math.sin(7 * i) * 6); radii.push(0.3 + (i % 10)); }
  const near = bvh.within(Float64Array.from(points), radii);
  const alone = Array.from({ length: count }, (_, t) => buildBvh(module, m.positions, m.indices.slice(t * 3, t * 3 + 3)));
  let found = 0;
  for (let i = 0; i < radii.length; i++) {
    const got = [...near.triangles.subarray(i ? near.ends[i - 1] : 0, near.ends[i])].sort((a, b) => a - b);
    const p = Float64Array.from(points.slice(i * 3, i * 3 + 3));
    const want = alone.flatMap((one, t) => (one.closest(p).distances[0] < radii[i] ? [t] : []));
    expect(got).toEqual(want);
    found += got.length;
  }
  expect(found).toBeGreaterThan(1000);
});
