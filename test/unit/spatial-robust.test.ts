import { beforeAll, describe, expect, it } from "vitest";
import { buildBvh, bvhFromData } from "../../src/spatial/bvh.ts";
import { inside } from "../../src/spatial/inside.ts";
import { loadSpatial, type SpatialModule } from "../../src/spatial/load-spatial.ts";
import { kernelSource } from "../kernels.ts";
import { box, centroids, gear, random, sphere, tube } from "../spatial-meshes.ts";

let module: SpatialModule;
beforeAll(async () => { module = await loadSpatial(kernelSource); });

const origin = Float64Array.of(0, 0, 0), up = Float64Array.of(0, 0, 1);

describe("meshes nobody would draw", () => {
  it("an empty mesh answers nothing, without NaN in distances", () => {
    const bvh = buildBvh(module, new Float64Array(0), new Uint32Array(0));
    expect(bvh.rays(origin, up)).toEqual({ distances: Float64Array.of(Infinity), triangles: Int32Array.of(-1) });
    expect(bvh.closest(origin)).toMatchObject({ distances: Float64Array.of(Infinity), triangles: Int32Array.of(-1) });
    expect(bvh.anyHit(origin, up)[0]).toBe(0);
    expect(bvh.allHits(origin, up).ends[0]).toBe(0);
    expect(bvh.balls(origin, up, { epsilonMm: 0.1, startRadiiMm: 2 }).triangles[0]).toBe(-1);
    expect(inside(bvh, origin)[0]).toBe(0);
  });

  it("one point repeated a thousand times is a point", () => {
    const bvh = buildBvh(module, Float64Array.of(3, 4, 0), new Uint32Array(3000));
    expect(bvh.closest(origin).distances[0]).toBe(5);
    expect(bvh.rays(origin, up).triangles[0]).toBe(-1);
  });

  it("a triangle repeated a hundred thousand times builds and answers", () => {
    const bvh = buildBvh(module, Float64Array.of(-1, -1, 2, 3, -1, 2, -1, 3, 2), Uint32Array.from({ length: 300_000 }, (_, i) => i % 3));
    expect(bvh.rays(origin, up).distances[0]).toBe(2);
    expect(bvh.closest(origin).distances[0]).toBe(2);
  });

  it("triangles nested over thirty orders of magnitude do not overflow the stack", () => {
    const positions: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      const s = 10 ** (2 - (30 * i) / 20_000);
      positions.push(s, 0, 0, 0, s, 0, 0, 0, s);
    }
    const bvh = buildBvh(module, Float64Array.from(positions), Uint32Array.from({ length: 60_000 }, (_, i) => i));
    expect(bvh.closest(Float64Array.of(100, 100, 100)).distances[0]).toBeCloseTo(200 / Math.sqrt(3), 9);
    expect(bvh.rays(Float64Array.of(99, 99, 99), Float64Array.of(-1, -1, -1)).distances[0]).toBeCloseTo(99 * Math.sqrt(3) - 100 / Math.sqrt(3), 6);
  });

  it("a needle's points are found along its whole length", () => {
    const bvh = buildBvh(module, Float64Array.of(0, 0, 0, 100, 0, 0, 100, 1e-9, 0), Uint32Array.of(0, 1, 2));
    for (const x of [0, 0.3, 40, 99.9]) expect(bvh.closest(Float64Array.of(x, 0, 1)).distances[0]).toBeCloseTo(1, 9);
  });

  it("stray vertices that no triangle uses cost no precision", () => {
    const m = box(1, 1, 1), positions = Float64Array.from([...m.positions, 1e9, 1e9, 1e9]);
    const bvh = buildBvh(module, positions, m.indices);
    expect(bvh.errorMm).toBe(buildBvh(module, m.positions, m.indices).errorMm);
    expect(bvh.closest(Float64Array.of(0.5, 0.5, 3)).distances[0]).toBeCloseTo(2, 12);
  });
});

describe("what is not a mesh or a query throws", () => {
  const m = box(1, 1, 1);
  it.each([NaN, Infinity, -Infinity])("%d", (bad) => {
    expect(() => buildBvh(module, m.positions.map((x, i) => (i === 5 ? bad : x)), m.indices)).toThrow("not finite");
    const bvh = buildBvh(module, m.positions, m.indices), wrong = Float64Array.of(0, bad, 0);
    expect(() => bvh.rays(wrong, up)).toThrow("not finite");
    expect(() => bvh.rays(origin, wrong)).toThrow("no length");
    expect(() => bvh.closest(wrong)).toThrow("not finite");
    expect(() => bvh.balls(wrong, up, { epsilonMm: 0 })).toThrow("not finite");
  });
  it("indices, faces, lengths and limits", () => {
    expect(() => buildBvh(module, m.positions, Uint32Array.of(0, 1, 8))).toThrow("index 8");
    expect(() => buildBvh(module, m.positions, m.indices, Int32Array.of(1))).toThrow("one face");
    const bvh = buildBvh(module, m.positions, m.indices);
    expect(() => bvh.rays(origin, origin)).toThrow("no length");
    expect(() => bvh.rays(new Float64Array(6), new Float64Array(9))).toThrow("one for each");
    expect(() => bvh.rays(origin, up, { maxDistancesMm: NaN })).toThrow("maxDistancesMm");
    expect(() => bvh.closest(origin, { maxDistancesMm: [] })).toThrow("one for each");
    expect(() => bvh.closest(origin, { excludeFaces: new Int32Array(2) })).toThrow("one for each");
    expect(() => bvh.balls(origin, up, { epsilonMm: -1 })).toThrow("epsilonMm");
    bvh.dispose();
    expect(() => bvh.rays(origin, up)).toThrow("disposed");
  });
});

describe("trees", () => {
  const ask = (bvh: ReturnType<typeof buildBvh>) => {
    const { points, normals } = centroids(gear(5000));
    return [bvh.rays(points, normals.map((x) => -x), { minDistancesMm: 1e-3 }), bvh.closest(points.map((x, i) => x - normals[i])), bvh.balls(points, normals, { epsilonMm: 0.02 })];
  };

  it("answer the same when built again, sent elsewhere, with others around, or asked in another order", async () => {
    const m = gear(5000), one = buildBvh(module, m.positions, m.indices, m.faces), first = ask(one);
    const other = buildBvh(module, sphere(5, 20).positions, sphere(5, 20).indices);
    ask(other);
    expect(ask(one)).toEqual(first);
    expect(ask(buildBvh(module, m.positions, m.indices, m.faces))).toEqual(first);
    expect(ask(bvhFromData(await loadSpatial(module.code), structuredClone(one.toData())))).toEqual(first);
    const { points, normals } = centroids(m), n = points.length / 3, next = random(5);
    for (let i = 0; i < 200; i++) {
      const k = Math.floor(next() * n), at = (a: Float64Array) => a.slice(k * 3, k * 3 + 3);
      const alone = one.balls(at(points), at(normals), { epsilonMm: 0.02 });
      expect([alone.upperMm[0], alone.triangles[0]]).toEqual([(first[2] as ReturnType<typeof one.balls>).upperMm[k], first[2].triangles[k]]);
    }
  });

  it("balls do not depend on the order of the triangles", () => {
    const m = tube(4, 6, 30, 90), { points, normals } = centroids(m), next = random(9), t = m.faces.length;
    const order = Array.from({ length: t }, (_, i) => i).sort(() => next() - 0.5);
    const shuffled = buildBvh(module, m.positions, Uint32Array.from(order.flatMap((i) => Array.from(m.indices.subarray(i * 3, i * 3 + 3)))));
    const a = buildBvh(module, m.positions, m.indices), options = { epsilonMm: 0.01, startRadiiMm: 5 };
    const [p, q] = [a.balls(points, normals, options), shuffled.balls(points, normals, options)];
    p.upperMm.forEach((r, i) => expect(Math.abs(r - q.upperMm[i])).toBeLessThan(2 * a.errorMm));
  });
});
