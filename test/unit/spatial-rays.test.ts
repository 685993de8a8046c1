import { BufferAttribute, BufferGeometry, DoubleSide, Ray, Vector3 } from "three";
import { MeshBVH } from "three-mesh-bvh";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBvh, type Bvh } from "../../src/spatial/bvh.ts";
import { crossings } from "../../src/spatial/crossings.ts";
import { inside } from "../../src/spatial/inside.ts";
import { loadSpatial, type SpatialModule } from "../../src/spatial/load-spatial.ts";
import { kernelSource } from "../kernels.ts";
import { box, centroids, gear, knot, perforatedPlate, random, sphere, tube, unit, type Mesh } from "../spatial-meshes.ts";

let module: SpatialModule;
beforeAll(async () => { module = await loadSpatial(kernelSource); });

const tree = (m: Mesh): Bvh => buildBvh(module, m.positions, m.indices, m.faces);
const shapes: readonly [string, () => Mesh][] = [
  ["gear", () => gear(20_000)], ["knot", () => knot(20_000)], ["perforated plate", () => perforatedPlate(8, 24)], ["tube of slivers", () => tube(4, 6, 60, 720)],
];

function oracle(m: Mesh): MeshBVH {
  const geometry = new BufferGeometry();
  // f64 positions: the oracle then works in f64 too.
  geometry.setAttribute("position", new BufferAttribute(m.positions.slice(), 3));
  geometry.setIndex(new BufferAttribute(m.indices.slice(), 1));
  return new MeshBVH(geometry);
}

describe.each(shapes)("against three-mesh-bvh: %s", (_, make) => {
  it("inward rays: the same hits", () => {
    const m = make(), bvh = tree(m), plain = oracle(m), { points, normals } = centroids(m), inward = normals.map((x) => -x);
    const found = bvh.rays(points, inward, { minDistancesMm: 1e-3 });
    const ray = new Ray();
    let missed = 0, worst = 0;
    for (let i = 0; i < found.distances.length; i++) {
      ray.direction.fromArray(inward, i * 3);
      ray.origin.fromArray(points, i * 3).addScaledVector(ray.direction, 1e-3);
      const truth = (plain.raycastFirst(ray, DoubleSide)?.distance ?? Infinity) + 1e-3;
      if (found.distances[i] === Infinity) missed++;
      // Through a tilted facet the error along the ray is the error across it over the cosine.
      else worst = Math.max(worst, Math.abs(found.distances[i] - truth) / Math.max(1, truth));
    }
    expect(missed).toBe(0);
    expect(worst).toBeLessThan(1e-4);
  });

  it("closest points: the same distances", () => {
    const m = make(), bvh = tree(m), plain = oracle(m), { points, normals } = centroids(m), next = random(3);
    const queries = points.map((x, i) => x + 4 * (next() - 0.5) - normals[i]);
    const found = bvh.closest(queries), p = new Vector3(), hit = { point: new Vector3(), distance: 0, faceIndex: 0 };
    let worst = 0;
    for (let i = 0; i < found.distances.length; i += 7) {
      const truth = plain.closestPointToPoint(p.fromArray(queries, i * 3), hit)?.distance ?? NaN;
      worst = Math.max(worst, Math.abs(found.distances[i] - truth));
    }
    expect(worst).toBeLessThanOrEqual(bvh.errorMm);
  });

  it("rays from inside miss no closed mesh, and every point of a segment pair is told inside from outside", () => {
    const m = make(), bvh = tree(m), { points, normals } = centroids(m), next = random(11);
    const within = points.map((x, i) => x - 0.01 * normals[i]), without = points.map((x, i) => x + 0.01 * normals[i]);
    const directions = Float64Array.from(Array.from({ length: points.length / 3 }, () => unit([next() - 0.5, next() - 0.5, next() - 0.5])).flat());
    expect(bvh.rays(within, directions).triangles.filter((t) => t < 0).length).toBe(0);
    expect(inside(bvh, within).every((s) => s === 1)).toBe(true);
    expect(inside(bvh, without).every((s) => s === 0)).toBe(true);
  });
});

describe("rays", () => {
  it("respects least and greatest distance and the excluded face", () => {
    const bvh = tree(box(10, 10, 10)), from = Float64Array.of(-5, 4, 5), along = Float64Array.of(2, 0, 0);
    const distance = (options: Parameters<Bvh["rays"]>[2]) => bvh.rays(from, along, options).distances[0];
    expect(distance({})).toBeCloseTo(5, 12);
    expect(distance({ minDistancesMm: 6 })).toBeCloseTo(15, 12);
    expect(distance({ maxDistancesMm: 4.9 })).toBe(Infinity);
    expect(distance({ excludeFaces: Int32Array.of(0) })).toBeCloseTo(15, 12);
    expect(bvh.anyHit(from, along, { maxDistancesMm: 4.9 })[0]).toBe(0);
    expect(bvh.anyHit(from, along, { minDistancesMm: 6, maxDistancesMm: 20 })[0]).toBe(1);
    expect(bvh.anyHit(from, along, { minDistancesMm: 16 })[0]).toBe(0);
  });

  it("keeps its precision for a ray from a kilometre away", () => {
    const bvh = tree(sphere(5, 64)), d = unit([1, 0.2, 0.1]);
    const hit = bvh.rays(Float64Array.from(d.map((x) => x * 1e6)), Float64Array.from(d.map((x) => -x)));
    expect(hit.distances[0]).toBeGreaterThan(1e6 - 5 - 1e-6);
    expect(hit.distances[0]).toBeLessThan(1e6 - 4.98);
  });

  it("along axes, through edges and corners of a box: hit, never NaN", () => {
    const bvh = tree(box(10, 10, 10));
    for (const p of [[5, 5], [0, 5], [5, 10], [0, 0], [10, 10]]) {
      for (const axis of [0, 1, 2]) {
        const from = [p[0], p[1]], along = [0, 0, 0];
        from.splice(axis, 0, -3);
        along[axis] = 1;
        expect(bvh.rays(Float64Array.from(from), Float64Array.from(along)).distances[0]).toBeCloseTo(3, 9);
      }
    }
  });

  it("lists all hits in order, and counts crossings through an edge once", () => {
    const bvh = tree(tube(4, 6, 20, 64)), from = Float64Array.of(-20, 0.01, 10, -20, 0, 10), along = Float64Array.of(1, 0, 0);
    const { ends, distances, facings } = bvh.allHits(from, along);
    expect(Array.from(distances.subarray(0, ends[0]), (d) => Math.round(d))).toEqual([14, 16, 24, 26]);
    expect(Array.from(facings.subarray(0, ends[0]))).toEqual([-1, 1, -1, 1]);
    expect(crossings(bvh, from, along)).toMatchObject({ entering: Int32Array.of(2, 2), leaving: Int32Array.of(2, 2), certain: Uint8Array.of(1, 1) });
  });

  it("a list longer than the first room for it is complete", () => {
    const plates = Array.from({ length: 300 }, (_, i) => [0, 0, i, 9, 0, i, 0, 9, i]).flat();
    const bvh = buildBvh(module, Float64Array.from(plates), Uint32Array.from({ length: 900 }, (_, i) => i));
    const from = Float64Array.from({ length: 60 }, (_, i) => (i % 3 === 2 ? -1 : 1 + i / 60));
    const { ends, distances } = bvh.allHits(from, Float64Array.of(0, 0, 1));
    expect(Array.from(ends)).toEqual(Array.from({ length: 20 }, (_, i) => 300 * (i + 1)));
    expect(distances.every((d, i) => Math.abs(d - 1 - (i % 300)) < 1e-9)).toBe(true);
  });
});

it("a ray in the plane of facets that lie behind it meets none of them", () => {
  const bvh = tree(tube(4, 6, 60, 720)), next = random(5), ways = Array.from({ length: 4000 }, () => 2 * Math.PI * next());
  const points = ways.flatMap((a, i) => [6.001 * Math.cos(a), 6.001 * Math.sin(a), i % 2 ? 60 : 0]), away = ways.flatMap((a) => [Math.cos(a), Math.sin(a), 1e-15 * (next() - 0.5)]);
  expect(bvh.rays(Float64Array.from(points), Float64Array.from(away)).distances.every((d) => d >= 0)).toBe(true);
});
