import { describe, expect, it } from "vitest";
import { draftBand } from "../../src/dfm/draft-band.ts";
import { draftRange, leastDraft, type DraftRange } from "../../src/dfm/draft-range.ts";
import { unit } from "../../src/dfm/vec3.ts";
import type { Body } from "../../src/part/part.ts";
import { draftClass } from "../../src/report/maps/draft-classes.ts";
import type { Vec3 } from "../../src/units.ts";
import { shapeKernel, type MeshAs } from "../shapes/kernel.ts";
import { coneFrustum, draftedBox, ruledWall } from "../shapes/pull-shapes.ts";

const Z: Vec3 = [0, 0, 1], rad = Math.PI / 180;
const MESHES: readonly MeshAs[] = [{}, { deflectionMm: 0.005, angleDeg: 4 }, { deflectionMm: 0.1, angleDeg: 30 }];
const k = await shapeKernel();

const walls = (body: Body, d: Vec3) => body.faces.map((f) => draftRange(body, f, d)).filter((r) => leastDraft(r) < 45);
const classOf = ({ minDeg, maxDeg }: DraftRange) => draftClass({ low: minDeg, high: maxDeg }, 0.5, 1e-7);
const lean = (d: Vec3): Vec3 => { const c = Math.cos(20 * rad), s = Math.sin(20 * rad); return [d[0], c * d[1] - s * d[2], s * d[1] + c * d[2]]; };

describe("draft", () => {
  it.each([0.1, 0.5, 1, 7, 30])("cone %f°", (alpha) => {
    for (const mesh of MESHES) {
      const [wall, ...more] = walls(k.body(coneFrustum(k, 10, alpha, 5), mesh), Z);
      expect(more).toEqual([]);
      expect(Math.abs(wall.minDeg - alpha)).toBeLessThan(1e-6);
      expect(Math.abs(wall.maxDeg - alpha)).toBeLessThan(1e-6);
      expect(wall.errorDeg).toBeLessThan(1e-6);
    }
  });

  it.each([0.25, 0.5, 3])("drafted box %f°, upright and tilted 20°", (delta) => {
    const box = draftedBox(k, 10, delta, 12);
    for (const [shape, d] of [[box, Z], [k.turn(box, [0, 0, 0], [1, 0, 0], 20), lean(Z)]] as const) {
      const found = walls(k.body(shape), unit(d));
      expect(found).toHaveLength(4);
      for (const r of found) expect(Math.max(Math.abs(r.minDeg - delta), Math.abs(r.maxDeg - delta))).toBeLessThan(1e-6);
    }
  });

  it("is exactly 0.5° where the wall is, and that passes", () => {
    for (const r of walls(k.body(draftedBox(k, 10, 0.5, 12)), Z)) expect(classOf(r)).toBe("positive");
  });

  it.each([0.5, 0.4999])("flat walls written as splines are known as well as planes: %f°", (delta) => {
    for (const mesh of MESHES) for (const r of walls(k.body(draftedBox(k, 10, delta, 12, "splines"), mesh), Z)) {
      expect(Math.abs(r.minDeg - delta)).toBeLessThanOrEqual(r.errorDeg);
      expect(Math.abs(r.maxDeg - delta)).toBeLessThanOrEqual(r.errorDeg);
      expect(r.errorDeg).toBeLessThan(1e-7);
    }
  });

  it("a cone whose border reaches beyond its point by rounding keeps its draft", () => {
    const body = k.body(k.revolve([0, 0], [["line", [5, 0]], ["line", [0, 12]], ["line", [0, 0]]])), edges = body.edges.map((e) => (e.curve.kind === "line" ? { ...e, curve: { ...e.curve, range: [e.curve.range[0] - 1e-10, e.curve.range[1] + 1e-10] as const } } : e));
    const cone = body.faces.find((f) => f.surface.kind === "cone")!, range = draftRange({ ...body, edges }, cone, Z);
    expect(range.minDeg).toBeCloseTo(Math.atan(5 / 12) / rad, 9);
    expect(range.maxDeg).toBeCloseTo(Math.atan(5 / 12) / rad, 9);
  });

  it("vertical walls are vertical, and stay so when turned", () => {
    for (const r of walls(k.body(k.box([0, 0, 0], [3, 4, 5])), Z)) expect(classOf(r)).toBe("vertical");
    const turned = k.turn(k.turn(k.cylinder([1, 2, 3], [0, 0, 1], 4, 9), [0, 0, 0], [0, 1, 0], 33), [0, 0, 0], [1, 0, 0], 71);
    const axis: Vec3 = [Math.sin(33 * rad), -Math.cos(33 * rad) * Math.sin(71 * rad), Math.cos(33 * rad) * Math.cos(71 * rad)];
    const found = walls(k.body(turned), unit(axis));
    expect(found).toHaveLength(1);
    expect(classOf(found[0])).toBe("vertical");
  });

  it.each([[7, 0.5], [7, 2], [20, 1]])("sphere R%f, band within ±%f°", (R, delta) => {
    for (const mesh of MESHES) {
      const body = k.body(k.sphere([1, 2, 3], R), mesh), d = unit([1, 2, 2]);
      const band = draftBand(body.facets, body.faces[0], d, Math.sin(delta * rad)), truth = 4 * Math.PI * R * R * Math.sin(delta * rad);
      expect(Math.abs(band.areaMm2 / truth - 1)).toBeLessThan(0.005);
      expect(Math.abs((band.highMm - band.lowMm) / (2 * R * Math.sin(delta * rad)) - 1)).toBeLessThan(0.01);
      const range = draftRange(body, body.faces[0], d);
      expect(range.minDeg).toBeCloseTo(-90, 6);
      expect(range.maxDeg).toBeCloseTo(90, 6);
      expect(classOf(range)).toBe("crossover");
    }
  });

  it.each([[5, 0.5], [5, 3], [30, 1]])("lying cylinder R%f: 2δ/π of the wall lies within ±%f°", (R, delta) => {
    for (const mesh of MESHES) {
      const body = k.body(k.cylinder([0, 0, 0], [1, 0, 0], R, 20), mesh), wall = body.faces.find((f) => f.surface.kind === "cylinder")!;
      const band = draftBand(body.facets, wall, Z, Math.sin(delta * rad));
      expect(Math.abs(band.areaMm2 / wall.areaMm2 / ((2 * delta * rad) / Math.PI) - 1)).toBeLessThan(0.005);
      expect(Math.abs((band.highMm - band.lowMm) / (2 * R * Math.sin(delta * rad)) - 1)).toBeLessThan(0.005);
    }
  });

  it("a wall ruled from −1° to +2°", () => {
    for (const mesh of MESHES) {
      const body = k.body(ruledWall(k), mesh), face = body.faces.find((f) => f.surface.kind === "nurbs")!;
      const range = draftRange(body, face, Z);
      expect(Math.abs(range.minDeg + 1)).toBeLessThan(0.01);
      expect(Math.abs(range.maxDeg - 2)).toBeLessThan(0.01);
      expect(range.errorDeg).toBeLessThanOrEqual(0.01);
      expect(classOf(range)).toBe("crossover");
    }
  });

  it("a freeform cone that runs to a point", () => {
    const radius = 6, height = 20, truth = Math.atan(radius / height) / rad, tip: Vec3 = [0, 0, height], foot: Vec3 = [0, 0, 0];
    const arc: Vec3[] = [[radius, 0, 0], [radius, radius, 0], [0, radius, 0]];
    const solid = k.sew([
      k.bsplineFace(arc.map((p) => [p, tip]), [1, Math.SQRT1_2, 1].map((w) => [w, w])), k.planarFace([foot, arc[0], tip]), k.planarFace([foot, arc[2], tip]),
      k.outlineFace([0, 0], [["line", [radius, 0]], ["conic", [radius, radius], Math.SQRT1_2, [0, radius]], ["line", [0, 0]]], ([x, y]) => [x, y, 0]),
    ]);
    for (const mesh of MESHES) {
      const body = k.body(solid, mesh), range = draftRange(body, body.faces.find((f) => f.surface.kind === "nurbs")!, Z);
      expect(Math.max(Math.abs(range.minDeg - truth), Math.abs(range.maxDeg - truth))).toBeLessThan(0.01);
      expect(range.errorDeg).toBeLessThanOrEqual(0.01);
    }
  });

  it("a torus cut in quarters: extremes inside and on the border", () => {
    const half = k.common(k.torus([0, 0, 0], [0, 0, 1], 10, 3), k.box([-20, -20, 0], [20, 20, 10]));
    const body = k.body(half), wall = body.faces.find((f) => f.surface.kind === "torus")!;
    const up = draftRange(body, wall, Z);
    expect(up.maxDeg).toBeCloseTo(90, 6);
    expect(Math.abs(up.minDeg)).toBeLessThan(1e-6);
    expect(up.minDeg).toBeGreaterThan(-1e-6);
  });

  it("does not move with scale", () => {
    const base = coneFrustum(k, 10, 3.3, 5);
    for (const factor of [0.1, 1.165, 25.4]) expect(Math.abs(walls(k.body(k.scale(base, factor)), Z)[0].minDeg - 3.3)).toBeLessThan(1e-6);
  });
});
