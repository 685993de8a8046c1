import { expect, it } from "vitest";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import { makeMold } from "../../src/mold/make-mold.ts";
import { openMoldKernels } from "../../src/mold/mold-kernels.ts";
import { PreviewMemory, previewMold } from "../../src/mold/preview-mold.ts";
import { closedVolume, isClosed } from "../../src/part/mesh-measures.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import { kernelSource } from "../kernels.ts";
import { shapeKernel } from "../shapes/kernel.ts";

const kernels = openMoldKernels(openStepKernels(kernelSource));
const OSF = 1.165;
const design = { ...MOLD_DEFAULTS, osf: [OSF, OSF, OSF] as const, pull: [0, 0, 1] as const, partingMm: 0, clearanceMm: 0.2, block: { kind: "size", sizeMm: [60, 70, 50], roundToMm: 0 } as const };

it("a prismatic part has its closed-form volumes, pins aside, and closed meshes", async () => {
  const shapes = await shapeKernel(), body = { ...shapes.body(shapes.box([-10, -15, 0], [10, 15, 10])), id: "1" };
  using memory = new PreviewMemory();
  // The second factor finds the part and, moved, the blanks of the first.
  for (const osf of [OSF, 1.2, 1.2]) {
    const made = await previewMold(kernels, [body], { ...design, osf: [osf, osf, osf], clearanceMm: 0, pins: { ...MOLD_DEFAULTS.pins, count: 0 } }, memory);
    if (!made.ok) throw new Error(made.problem.message);
    const volumes = made.value.pieces.map(({ mesh }) => { expect(isClosed(mesh.indices)).toBe(true); return closedVolume(mesh.positions, mesh.indices).volumeMm3; });
    const partMm3 = 6000 * osf ** 3;
    [60 * 70 * (25 - 5 * osf), 60 * 70 * (25 + 5 * osf) - partMm3, partMm3].forEach((v, i) => expect([...volumes, made.value.oversizedMm3][i] / v).toBeCloseTo(1, 6));
  }
});

it("a preview is the facet mold: askew, with a factor per axis, pins and relief", async () => {
  const shapes = await shapeKernel(), body = { ...shapes.body(shapes.cylinder([3, 1, 2], [0, 0, 1], 8, 10)), id: "1" };
  const askew = { ...design, block: MOLD_DEFAULTS.block, osf: [1.16, 1.17, 1.18] as const, pull: [0, 0.6, 0.8] as const, scaleOrigin: "centroid" as const, partingMm: "auto" as const };
  using memory = new PreviewMemory();
  const quick = await previewMold(kernels, [body], askew, memory), made = await makeMold(kernels, { name: "disc", bodies: [body], solids: new Map() }, askew);
  if (!quick.ok || !made.ok) throw new Error("no mold");
  const off = Math.abs(quick.value.oversizedMm3 - made.value.pieces.find((p) => p.role === "oversized")!.volumeMm3), { boxMm: [low, high] } = body.mass;
  // Facets may move by the tolerance and no further, and what the part loses the halves gain.
  expect(off).toBeLessThan(quick.value.toleranceMm * body.mass.areaMm2 * 1.18 ** 3);
  expect(quick.value.toleranceMm).toBeLessThan(1e-3 * Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]));
  for (const { mesh } of quick.value.pieces) expect(isClosed(mesh.indices)).toBe(true);
  for (const { role, volumeMm3 } of quick.value.pieces) expect(Math.abs(volumeMm3 - made.value.pieces.find((p) => p.role === role)!.volumeMm3)).toBeLessThanOrEqual(off + 1e-6 * volumeMm3);
});

it("with pins and relief it closes, and without the exact solids it is what the part gets", async () => {
  const shapes = await shapeKernel(), body = { ...shapes.body(shapes.cylinder([0, 0, 0], [0, 0, 1], 8, 10)), id: "1" };
  const made = await makeMold(kernels, { name: "disc", bodies: [body], solids: new Map() }, design);
  if (!made.ok) throw new Error(made.problem.message);
  expect(made.value.realisation).toBe("facets");
  expect(made.value.proofs.closure.holds && made.value.proofs.overlapMm3.holds).toBe(true);
  expect(made.value.steps).toBeUndefined();
  expect(made.warnings.map((w) => w.code)).toEqual(["FACETS_ONLY"]);
});

it("facets that do not close are refused", async () => {
  const shapes = await shapeKernel(), body = { ...shapes.body(shapes.box([0, 0, 0], [10, 10, 10])), id: "1" };
  const torn = { ...body, facets: { ...body.facets, indices: body.facets.indices.slice(3), faceOf: body.facets.faceOf.slice(1) } };
  const made = await makeMold(kernels, { name: "torn", bodies: [torn], solids: new Map() }, { ...design, clearanceMm: 0, partingMm: 5 });
  expect(made.ok ? "made" : made.problem.code).toBe("MOLD_PROOF");
});
