import { describe, expect, it } from "vitest";
import type { TopoDS_Shape } from "replicad-opencascadejs";
import { closedVolume } from "../../src/part/mesh-measures.ts";
import type { Body } from "../../src/part/part.ts";
import { readBody } from "../../src/step/occt/read-solids.ts";
import { shapeKernel, type ShapeKernel, type Vec2 } from "../shapes/kernel.ts";

const OUTLINE: readonly Vec2[] = [[30, 0], [32, 5], [20, 7], [20, 0]];
/** Shoelace formula, mm², and the centroid's distance from the y axis, mm. */
const FLAT_MM2 = 67, CENTROID_MM = 20 + 2108 / (6 * 67);
const TURN_DEG = 70;

/** With `copy` false the far end is made of the near end's own faces, edges and vertices at another location. */
const SWEEPS: readonly [string, number, (k: ShapeKernel, copy: boolean) => TopoDS_Shape][] = [
  ["sheared prism", FLAT_MM2 * 6, (k, copy) => new k.oc.BRepPrimAPI_MakePrism(flat(k), new k.oc.gp_Vec(1, 2, 6), copy, true).Shape()],
  ["partial turn", (FLAT_MM2 * CENTROID_MM * TURN_DEG * Math.PI) / 180, (k, copy) => new k.oc.BRepPrimAPI_MakeRevol(flat(k), new k.oc.gp_Ax1(k.point([0, 0, 0]), new k.oc.gp_Dir(0, 1, 0)), (TURN_DEG * Math.PI) / 180, copy).Shape()],
];

function flat(k: ShapeKernel) {
  return new k.oc.BRepBuilderAPI_MakeFace(k.wire(OUTLINE[3], OUTLINE.map((p) => ["line", p] as const), ([x, y]) => [x, y, 0]), true).Face();
}

function read(k: ShapeKernel, shape: TopoDS_Shape): Body {
  const found = readBody(k.oc, k.oc.TopoDS.Solid(shape), { id: "1", name: "swept", instances: 1 }, { angleDeg: 15, maxFacets: 100_000 }, {});
  if (!found.ok) throw new Error(`${found.problem.code}: ${found.problem.message}`);
  return found.value.body;
}

/** Convexity, length, turn and middle of each edge, in an order of their own. */
const edgesOf = (body: Body): string[] =>
  body.edges.map((e) => [e.convexity, e.lengthMm, e.turnDeg[0], ...e.points.slice(0, 3).map((x, i) => x + e.points[e.points.length - 3 + i])].map((x) => (typeof x === "number" ? (Math.round(x * 1e6) / 1e6 || 0) : x)).join(" ")).sort();

describe("a solid whose far edges are its near edges at another location", () => {
  it.each(SWEEPS)("%s", async (_name, volumeMm3, sweep) => {
    const k = await shapeKernel(), body = read(k, sweep(k, false)), copied = read(k, sweep(k, true));
    expect(body.mass.volumeMm3).toBeCloseTo(volumeMm3, 6);
    expect(body.faces.length).toBe(6);
    expect(body.edges.length).toBe(12);
    expect(edgesOf(body)).toEqual(edgesOf(copied));
    expect(body.facets.weldedCount).toBe(copied.facets.weldedCount);
    expect(closedVolume(body.facets.positions, body.facets.indices).volumeMm3).toBeCloseTo(closedVolume(copied.facets.positions, copied.facets.indices).volumeMm3, 6);
  });
});
