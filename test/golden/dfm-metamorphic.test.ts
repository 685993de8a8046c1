import { beforeAll, describe, expect, it } from "vitest";
import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { CheckOutput } from "../../src/dfm/check.ts";
import type { FindingCode } from "../../src/dfm/finding.ts";
import type { Body } from "../../src/part/part.ts";
import { checkShape, findingsOf, runCheck } from "../dfm-run.ts";
import { turned } from "../metamorphic.ts";
import { partOf, shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";
import * as shapes from "../shapes/wall-shapes.ts";

let k: ShapeKernel;
beforeAll(async () => { k = await shapeKernel(); });

const CODES: readonly FindingCode[] = ["WALL_THIN", "WALL_THICK", "FEATHER_EDGE", "RADIUS_SMALL", "EDGE_SHARP"];
const BUDGET = { coarseSamples: 1500, wallRefinements: 2500 };

const SHAPES: readonly [string, (k: ShapeKernel) => TopoDS_Shape][] = [
  ["tube 0.5", (k) => shapes.tube(k, 6, 5.5, 12)],
  ["eccentric tube", (k) => shapes.tube(k, 6, 4, 12, 1.6)],
  ["web", (k) => shapes.perforatedWeb(k, 3.4, 2.8, 3)],
  ["shaft", (k) => shapes.crossDrilledShaft(k, 5, 1.5, 20)],
  ["filleted rib", (k) => shapes.rib(k, 2, 1.2, 0.4)],
  ["fillet 0.25", (k) => shapes.filletedL(k, 0.25, "rational")],
  ["wedge", (k) => shapes.wedge(k, 20)],
  ["rounds 0.1", (k) => shapes.roundedBlock(k, 5, 0.1)],
];

/** Verdicts of each code with how often, and the worst value of each. */
const summary = (out: CheckOutput) => Object.fromEntries(CODES.map((code) => [code, findingsOf(out, code).map((f) => `${f.verdict} ${f.severity}`).sort()]));
const worst = (out: CheckOutput, code: FindingCode): number | undefined => findingsOf(out, code)[0]?.measured?.value;

function same(a: CheckOutput, b: CheckOutput, scale = 1): void {
  expect(summary(b)).toEqual(summary(a));
  for (const code of CODES) {
    const was = worst(a, code), is = worst(b, code), factor = code === "FEATHER_EDGE" || code === "EDGE_SHARP" ? 1 : scale;
    if (was !== undefined && is !== undefined) expect(Math.abs(is - factor * was), code).toBeLessThanOrEqual(Math.max(0.005, 0.005 * was));
  }
}

describe.each(SHAPES)("%s", (_name, make) => {
  it("does not change its verdicts when meshed ×4 finer or coarser, turned, moved or read in another unit", async () => {
    const shape = make(k), base = await checkShape(k, shape, { budget: BUDGET });
    for (const mesh of [{ deflectionMm: 0.004, angleDeg: 8 }, { deflectionMm: 0.064, angleDeg: 30 }]) same(base, await checkShape(k, make(k), { budget: BUDGET }, mesh));
    const moved = k.move(k.turn(shape, [1, -2, 3], [0.3, 1, -0.7], 123.4), [250, -31, 17]);
    same(base, await checkShape(k, moved, { budget: BUDGET, pull: turned([0, 0, 1], [0.3, 1, -0.7], 123.4) }));
    // Read in inches and converted: ×25.4 of a drawing 1/25.4 the size.
    same(base, await checkShape(k, k.scale(k.scale(make(k), 1 / 25.4), 25.4), { budget: BUDGET }));
  });
});

it("thickness and radii grow with the oversize factor", async () => {
  const osf = 1.165;
  for (const make of [(): TopoDS_Shape => shapes.rib(k, 2, 1.2, 0.4), (): TopoDS_Shape => shapes.filletedL(k, 0.3)]) {
    const base = await checkShape(k, make(), { budget: BUDGET }), grown = await checkShape(k, k.scale(make(), osf), { budget: BUDGET });
    for (const code of ["WALL_THIN", "WALL_THICK", "RADIUS_SMALL"] as const) {
      const a = findingsOf(base, code).find((f) => f.measured), b = findingsOf(grown, code).find((f) => f.measured);
      if (a?.measured && b?.measured) expect(b.measured.value / a.measured.value).toBeCloseTo(osf, 4);
    }
  }
});

/** The same body without its surfaces, as the second reader gives it. */
function facetsOnly(body: Body): Body {
  const h = Math.max(0.005, ...body.facets.deviationMm);
  return {
    ...body, faces: body.faces.map((f) => ({ ...f, surface: { kind: "other", name: "facets" } as const })), edges: [],
    facets: { ...body.facets, uvs: new Float64Array(0), deviationMm: body.facets.deviationMm.map(() => h) },
  };
}

describe("facets-only parts", () => {
  it.each([
    ["tube of 1", (): TopoDS_Shape => shapes.tube(k, 6, 5, 12), 1, "pass"],
    ["box of 0.3", (): TopoDS_Shape => shapes.openBox(k, 10, 0.3), 0.3, "fail"],
    ["slab of 0.5, the limit itself", (): TopoDS_Shape => shapes.slab(k, 0.5), 0.5, "undecided"],
  ] as const)("%s", async (_name, make, truth, verdict) => {
    const body = facetsOnly(k.body(make()));
    const plain: Body = { ...body, faces: body.faces.map((f) => ({ ...f, edges: [] })) };
    const out = await runCheck(partOf(plain, "facets"), { budget: BUDGET }), wall = findingsOf(out, "WALL_THIN")[0];
    expect(wall.verdict).toBe(verdict);
    expect(wall.measured!.low).toBeLessThanOrEqual(truth);
    expect(wall.measured!.high).toBeGreaterThanOrEqual(truth);
    expect(wall.method).toContain("facets");
    for (const code of ["RADIUS_SMALL", "EDGE_SHARP", "FEATHER_EDGE"] as const) expect(findingsOf(out, code).map((f) => f.verdict)).toEqual(["not-evaluated"]);
  });

  it("degenerate and needle triangles give no NaN", async () => {
    const body = k.body(shapes.openBox(k, 10, 1)), { facets } = body;
    const indices = Uint32Array.from([...facets.indices, 0, 0, 1, 2, 2, 2]), faceOf = Uint32Array.from([...facets.faceOf, 0, 0]);
    const bad = facetsOnly({ ...body, facets: { ...facets, indices, faceOf } });
    const out = await runCheck(partOf({ ...bad, faces: bad.faces.map((f) => ({ ...f, edges: [] })) }, "facets"), { budget: BUDGET });
    expect(out.bodies[0].walls!.thicknessMm.every(Number.isFinite)).toBe(true);
    expect(findingsOf(out, "WALL_THIN")[0].verdict).toBe("pass");
  });
});

describe("the runner", () => {
  it("gives the coarse map first, numbers findings, and stops when cancelled", async () => {
    const part = k.part(shapes.tube(k, 6, 5.5, 12)), seen: string[] = [];
    const out = await runCheck(part, { budget: BUDGET, onCoarseMap: (id, map) => seen.push(`${id} ${map.thicknessMm.length}`) });
    expect(seen).toEqual([`1 ${part.bodies[0].facets.positions.length / 3}`]);
    expect(new Set(out.findings.map((f) => f.id)).size).toBe(out.findings.length);
    const { checkPart } = await import("../../src/dfm/check.ts"), { profileOf, spatialModule } = await import("../dfm-run.ts");
    const controller = new AbortController();
    controller.abort();
    const cancelled = await checkPart({ part, spatial: await spatialModule(), profile: profileOf() }, { signal: controller.signal });
    expect(cancelled.ok ? "" : cancelled.problem.code).toBe("CANCELLED");
    const missing = await checkPart({ part, spatial: await spatialModule(), profile: profileOf(), bodies: ["9"] });
    expect(missing.ok ? "" : missing.problem.code).toBe("BODY_CHOICE");
  });
});
