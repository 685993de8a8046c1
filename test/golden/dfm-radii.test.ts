import { beforeAll, describe, expect, it } from "vitest";
import type { TopoDS_Shape } from "replicad-opencascadejs";
import { checkShape, findingsOf } from "../dfm-run.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";
import * as shapes from "../shapes/wall-shapes.ts";

let k: ShapeKernel;
beforeAll(async () => { k = await shapeKernel(); });

const radii = async (shape: TopoDS_Shape) => findingsOf(await checkShape(k, shape), "RADIUS_SMALL");
const measured = async (shape: TopoDS_Shape) => (await radii(shape)).filter((f) => f.measured)[0];

describe("radii", () => {
  it.each([
    ["cylinder", () => shapes.filletedL(k, 0.25)],
    ["extruded rational arc", () => shapes.filletedL(k, 0.25, "rational")],
    ["rational B-spline surface", () => shapes.nurbsFilletedL(k, 0.25)],
  ] as const)("fillet of 0.25 as a %s passes with the same radius", async (_name, shape) => {
    const found = await measured(shape());
    expect(found.verdict).toBe("pass");
    expect(found.measured?.value).toBeCloseTo(0.25, 9);
    expect(found.measured!.low).toBeLessThanOrEqual(0.25);
    expect(found.measured!.high).toBeGreaterThanOrEqual(0.25 - 1e-12);
  });
  it.each(["cylinder", "rational"] as const)("fillet of 0.24 fails, blocking (%s)", async (as) => {
    const found = await measured(shapes.filletedL(k, 0.24, as));
    expect([found.verdict, found.severity]).toEqual(["fail", "blocking"]);
    expect(found.measured?.value).toBeCloseTo(0.24, 9);
  });
  it("fillet that grows from 0.20 to 0.50: minimum 0.20 within 1 %", async () => {
    const found = await measured(shapes.variableFilletedL(k, 0.2, 0.5));
    expect(found.verdict).toBe("fail");
    expect(Math.abs(found.measured!.value - 0.2)).toBeLessThan(0.002);
  });
  it("elliptic fillet a = 1, b = 0.5: b²/a = 0.25", async () => {
    const found = await measured(shapes.ellipticFilletedL(k, 1, 0.5));
    expect(found.verdict).toBe("pass");
    expect(Math.abs(found.measured!.value - 0.25)).toBeLessThan(0.0025);
  });
  it("rounds are external and advice; every edge and corner of a block is one chain", async () => {
    const found = (await radii(shapes.roundedBlock(k, 5, 0.1))).filter((f) => f.verdict === "fail");
    expect(found).toHaveLength(1);
    expect(found[0].severity).toBe("advisory");
    expect(found[0].faces).toHaveLength(20);
  });
  it.each([
    ["bore of 0.1", () => shapes.boredBlock(k, 5, 0.1, 3)],
    ["pin of 0.3", () => shapes.pin(k, 0.15, 3)],
    ["shaft with a small cross hole", () => shapes.crossDrilledShaft(k, 5, 0.2, 20)],
  ] as const)("a %s is no fillet", async (_name, shape) => {
    expect((await radii(shape())).every((f) => f.verdict === "pass" && f.measured === undefined)).toBe(true);
  });
});

describe("edges", () => {
  const sharp = async (shape: TopoDS_Shape) => findingsOf(await checkShape(k, shape), "EDGE_SHARP").filter((f) => f.verdict === "fail");

  it("a sharp inner corner is blocking, outer edges are advice", async () => {
    const found = await sharp(shapes.lCorner(k, 2)), inner = found.filter((f) => f.severity === "blocking");
    expect(inner).toHaveLength(1);
    expect(inner[0].edges).toHaveLength(1);
    expect(inner[0].measured?.value).toBeCloseTo(90, 9);
    expect(found.length).toBeGreaterThan(1);
  });
  it("a fillet takes the inner corner away", async () => {
    expect((await sharp(shapes.filletedL(k, 0.25))).filter((f) => f.severity === "blocking")).toHaveLength(0);
    expect((await sharp(shapes.nurbsFilletedL(k, 0.25))).filter((f) => f.severity === "blocking")).toHaveLength(0);
  });
  it("a block with all edges rounded has none, a seam is none", async () => {
    expect(await sharp(shapes.roundedBlock(k, 5, 0.5))).toHaveLength(0);
    expect(await sharp(k.sphere([0, 0, 0], 5))).toHaveLength(0);
  });
});
