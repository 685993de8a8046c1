import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadSpatial, type SpatialModule } from "../../src/spatial/load-spatial.ts";
import { buildBvh } from "../../src/spatial/bvh.ts";
import { kernelSource } from "../kernels.ts";
import { corners, dot, mesh, random, sub, unit, type Mesh } from "../spatial-meshes.ts";
import { ballRadius, closestDistance, nearestOnTriangle } from "../spatial-brute-force.ts";

let module: SpatialModule;
beforeAll(async () => { module = await loadSpatial(kernelSource); });

/** Triangles of every shape: fat, needles down to 1e-7 of their length, points, duplicates; anywhere up to 10 m off. */
function soup(seed: number, size: number): Mesh {
  const next = random(seed), positions: number[] = [], indices: number[] = [], faces: number[] = [];
  const offset = [0, 1, 2].map(() => (next() - 0.5) * 10 ** Math.floor(next() * 5));
  const extent = 10 ** (next() * 3 - 1);
  const point = (scale: number) => [0, 1, 2].map(() => (next() - 0.5) * scale);
  for (let t = 0; t < size; t++) {
    if (t > 0 && next() < 0.05) {
      indices.push(...indices.slice(-3));
    } else {
      const a = point(extent).map((x, k) => x + offset[k]), u = point(extent), needle = next() < 0.5 ? 1 : 10 ** (-7 * next());
      const v = next() < 0.05 ? [0, 0, 0] : point(extent * needle).map((x, k) => x + u[k] * next());
      const first = positions.length / 3;
      positions.push(...a, ...a.map((x, k) => x + u[k]), ...a.map((x, k) => x + v[k]));
      indices.push(first, first + 1, first + 2);
    }
    faces.push(Math.floor(next() * 4));
  }
  return mesh(positions, indices, faces);
}

/** Points in and around a mesh, up to one box diagonal away. */
function queries(m: Mesh, n: number, seed: number): number[][] {
  const next = random(seed), lo = [Infinity, Infinity, Infinity], hi = [-Infinity, -Infinity, -Infinity];
  m.positions.forEach((x, i) => { lo[i % 3] = Math.min(lo[i % 3], x); hi[i % 3] = Math.max(hi[i % 3], x); });
  return Array.from({ length: n }, () => lo.map((l, k) => (l + hi[k]) / 2 + (next() - 0.5) * 1.8 * (hi[k] - l + 1e-3)));
}

const inputs = fc.record({ seed: fc.integer(), size: fc.constantFrom(1, 2, 4, 5, 9, 40, 150) });

describe("against every triangle in f64", () => {
  it("closest: never below the truth, never above it by more than errorMm", () => {
    fc.assert(fc.property(inputs, ({ seed, size }) => {
      const m = soup(seed, size), points = queries(m, 12, seed + 1), bvh = buildBvh(module, m.positions, m.indices, m.faces);
      const excludeFaces = Int32Array.from(points, (_, i) => (i % 5) - 1);
      const found = bvh.closest(Float64Array.from(points.flat()), { excludeFaces });
      points.forEach((p, i) => {
        const truth = closestDistance(m, p, excludeFaces[i]);
        if (truth === Infinity) return expect(found.triangles[i]).toBe(-1);
        expect(m.faces[found.triangles[i]]).not.toBe(excludeFaces[i]);
        const rounding = 1e-10 * (1 + Math.hypot(...p));
        expect(found.distances[i]).toBeGreaterThanOrEqual(truth - rounding);
        expect(found.distances[i]).toBeLessThanOrEqual(truth + bvh.errorMm);
        const q = Array.from(found.points.subarray(i * 3, i * 3 + 3));
        expect(Math.hypot(...sub(q, nearestOnTriangle(q, corners(m, found.triangles[i]))))).toBeLessThan(rounding);
      });
    }), { numRuns: 150 });
  });

  it("closest within a limit: found exactly when there is something nearer", () => {
    fc.assert(fc.property(inputs, ({ seed, size }) => {
      const m = soup(seed, size), points = queries(m, 12, seed + 2), bvh = buildBvh(module, m.positions, m.indices, m.faces);
      const truth = points.map((p) => closestDistance(m, p));
      const limits = truth.map((d, i) => Math.max(0, d + (i % 2 ? 2 : -2) * bvh.errorMm));
      const found = bvh.closest(Float64Array.from(points.flat()), { maxDistancesMm: limits });
      points.forEach((_, i) => expect(found.triangles[i] >= 0).toBe(i % 2 === 1));
    }), { numRuns: 100 });
  });

  it("balls: the slackened ball holds no facet by more than errorMm, and a larger one would", () => {
    fc.assert(fc.property(inputs, fc.double({ min: 0, max: 0.05, noNaN: true }), ({ seed, size }, relative) => {
      const m = soup(seed, size), points = queries(m, 8, seed + 3), next = random(seed + 4), bvh = buildBvh(module, m.positions, m.indices, m.faces);
      const normals = points.map(() => unit([next() - 0.5, next() - 0.5, next() - 0.5]));
      const reach = bvh.errorMm / 48 * 2 ** 24, epsilonMm = Math.max(bvh.errorMm, relative * reach);
      const starts = points.map(() => reach * next()), excludeFaces = Int32Array.from(points, (_, i) => (i % 3) - 1);
      const found = bvh.balls(Float64Array.from(points.flat()), Float64Array.from(normals.flat()), { epsilonMm, startRadiiMm: starts, excludeFaces });
      points.forEach((p, i) => {
        const r = found.upperMm[i], centre = p.map((x, k) => x - r * normals[i][k]);
        const emptiness = closestDistance(m, centre, excludeFaces[i]);
        expect(emptiness).toBeGreaterThanOrEqual(r - epsilonMm - bvh.errorMm);
        const rounding = 1e-9 * (1 + Math.hypot(...p) + reach);
        expect(r).toBeGreaterThanOrEqual(ballRadius(m, p, normals[i], starts[i], epsilonMm, excludeFaces[i]) - rounding);
        expect(found.radiiMm[i]).toBeLessThanOrEqual(r);
        if (found.triangles[i] < 0) expect(r).toBe(starts[i]);
      });
    }), { numRuns: 100 });
  });

  it("rays: a hit lies on its triangle, and none is missed that passes clear of edges", () => {
    fc.assert(fc.property(inputs, ({ seed, size }) => {
      const m = soup(seed, size), points = queries(m, 12, seed + 5), next = random(seed + 6), bvh = buildBvh(module, m.positions, m.indices, m.faces);
      const directions = points.map((p) => {
        const [a, b, c] = corners(m, Math.floor(next() * size)), [u, v] = [next(), next()].sort();
        const target = [0, 1, 2].map((k) => a[k] * u + b[k] * (v - u) + c[k] * (1 - v));
        return unit(sub(target, p).map((x) => x || 1e-3));
      });
      const found = bvh.rays(Float64Array.from(points.flat()), Float64Array.from(directions.flat()));
      points.forEach((p, i) => {
        const d = directions[i], truth = clearHit(m, p, d, bvh.errorMm);
        expect(found.distances[i]).toBeLessThanOrEqual(truth + bvh.errorMm);
        if (found.triangles[i] < 0) return expect(found.distances[i]).toBe(Infinity);
        const q = p.map((x, k) => x + found.distances[i] * d[k]);
        expect(Math.hypot(...sub(q, nearestOnTriangle(q, corners(m, found.triangles[i]))))).toBeLessThanOrEqual(bvh.errorMm);
      });
    }), { numRuns: 150 });
  });
});

/** Distance to the first triangle the ray crosses further than `margin` from its edges and not along it, or +∞. */
function clearHit(m: Mesh, p: readonly number[], d: readonly number[], margin: number): number {
  let best = Infinity;
  for (let t = 0; t < m.faces.length; t++) {
    const [a, b, c] = corners(m, t), u = sub(b, a), v = sub(c, a);
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]], l = Math.hypot(...n);
    if (l === 0 || Math.abs(dot(n, d)) < 1e-3 * l) continue;
    const s = dot(n, sub(a, p)) / dot(n, d);
    if (s < margin || s >= best) continue;
    const q = p.map((x, k) => x + s * d[k]);
    const clear = [[a, b], [b, c], [c, a]].every(([f, g]) => {
      const e = sub(g, f), x = sub(q, f);
      return dot(n, [e[1] * x[2] - e[2] * x[1], e[2] * x[0] - e[0] * x[2], e[0] * x[1] - e[1] * x[0]]) > margin * l * Math.hypot(...e);
    });
    if (clear) best = s;
  }
  return best;
}
