import { beforeAll, describe, expect, it } from "vitest";
import { loadSpatial, type SpatialModule } from "../../src/spatial/load-spatial.ts";
import { buildBvh, type Bvh, type BallOptions } from "../../src/spatial/bvh.ts";
import { kernelSource } from "../kernels.ts";
import { box, random, sphere, tube, type Mesh } from "../spatial-meshes.ts";

let module: SpatialModule;
beforeAll(async () => { module = await loadSpatial(kernelSource); });

const tree = (m: Mesh): Bvh => buildBvh(module, m.positions, m.indices, m.faces);
const ball = (bvh: Bvh, p: number[], n: number[], options: BallOptions) => {
  const b = bvh.balls(Float64Array.from(p), Float64Array.from(n), options);
  return { radiusMm: b.radiiMm[0], upperMm: b.upperMm[0], clearMm: b.clearMm[0], triangle: b.triangles[0], contact: Array.from(b.contacts) };
};

describe("balls on closed-form shapes", () => {
  it("slab of thickness t: min(t/2, distance to the edge)", () => {
    const bvh = tree(box(20, 20, 2));
    for (const s of [0.2, 0.5, 0.9, 1, 3, 10]) {
      const b = ball(bvh, [s, 10, 2], [0, 0, 1], { epsilonMm: 0 });
      expect(b.radiusMm).toBeCloseTo(Math.min(1, s), 7); // the slack is not quite 0
      expect(b.upperMm).toBeGreaterThanOrEqual(Math.min(1, s) - 1e-12);
      expect(b.clearMm).toBeLessThanOrEqual(Math.min(1, s));
      expect(b.upperMm - b.clearMm).toBeLessThan(1e-4);
    }
    expect(ball(bvh, [10, 10, 2], [0, 0, 1], { epsilonMm: 0 }).contact).toEqual([expect.closeTo(10, 9), expect.closeTo(10, 9), expect.closeTo(0, 9)]);
  });

  it("a 0.5 mm wall reads 0.5 mm far from the origin", () => {
    const m = box(40, 40, 0.5), bvh = tree({ ...m, positions: m.positions.map((x, i) => x + [1000, -2000, 500][i % 3]) });
    expect(2 * ball(bvh, [1020, -1980, 500.5], [0, 0, 1], { epsilonMm: 0 }).radiusMm).toBeCloseTo(0.5, 9);
  });

  it("sphere at any density: R within the interval, the estimate within h", () => {
    const R = 5, next = random(7);
    for (const n of [16, 48, 96]) {
      const bvh = tree(sphere(R, n)), h = R * (1 - Math.cos(Math.PI / n)) * 2, epsilonMm = 2 * h;
      for (let i = 0; i < 50; i++) {
        const [z, a] = [2 * next() - 1, 2 * Math.PI * next()], d = [Math.sqrt(1 - z * z) * Math.cos(a), Math.sqrt(1 - z * z) * Math.sin(a), z];
        const b = ball(bvh, d.map((x) => x * R), d, { epsilonMm });
        expect(b.upperMm).toBeGreaterThanOrEqual(R - 1e-12);
        expect(b.clearMm - h).toBeLessThanOrEqual(R);
        expect(Math.abs(b.radiusMm - R)).toBeLessThan(2 * h);
      }
    }
  });

  it("tube: half the wall from both sides, own face not seen and capped by its focal radius", () => {
    const [r, R, n] = [4, 5.5, 180], m = tube(r, R, 60, n), bvh = tree(m), h = R * (1 - Math.cos(Math.PI / n)), epsilonMm = 2 * h;
    for (let i = 0; i < 40; i++) {
      const d = [Math.cos(0.7 + i), Math.sin(0.7 + i), 0];
      const outer = ball(bvh, [R * d[0], R * d[1], 30], d, { epsilonMm, startRadiiMm: R, excludeFaces: Int32Array.of(0) });
      const inner = ball(bvh, [r * d[0], r * d[1], 30], d.map((x) => -x), { epsilonMm, excludeFaces: Int32Array.of(2) });
      for (const b of [outer, inner]) {
        expect(b.upperMm).toBeGreaterThanOrEqual((R - r) / 2 - 1e-12);
        expect(b.clearMm - h).toBeLessThanOrEqual((R - r) / 2);
        expect(Math.abs(b.radiusMm - (R - r) / 2)).toBeLessThan(h);
      }
    }
  });

  it("outside: half the gap across a bore, nothing over a free face", () => {
    const [r, n] = [4, 256], bvh = tree(tube(r, 6, 20, n));
    const bore = ball(bvh, [r, 0, 10], [-1, 0, 0], { epsilonMm: 4 * r * (Math.PI / n) ** 2, side: "outside", startRadiiMm: 100 });
    expect(bore.radiusMm).toBeCloseTo(r, 2);
    const free = ball(bvh, [6, 0, 10], [1, 0, 0], { epsilonMm: 0.01, side: "outside", startRadiiMm: 7 });
    expect(free).toMatchObject({ radiusMm: 7, upperMm: 7, triangle: -1 });
    expect(free.contact.every(Number.isNaN)).toBe(true);
  });

  it("a starting radius is never exceeded and a zero one answers zero", () => {
    const bvh = tree(box(20, 20, 20));
    expect(ball(bvh, [10, 10, 20], [0, 0, 1], { epsilonMm: 0, startRadiiMm: 3 })).toMatchObject({ radiusMm: 3, triangle: -1 });
    expect(ball(bvh, [10, 10, 20], [0, 0, 1], { epsilonMm: 0.1, startRadiiMm: 0 }).upperMm).toBe(0);
  });
});
