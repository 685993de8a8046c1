import { beforeAll, describe, expect, it } from "vitest";
import { MOLD_DEFAULTS, type MoldDesign } from "../../src/mold/design.ts";
import { makeMold, makeMolds, type MoldInput } from "../../src/mold/make-mold.ts";
import { openMoldKernels, type MoldKernels } from "../../src/mold/mold-kernels.ts";
import { MOLD_FILES, type Mold } from "../../src/mold/mold.ts";
import { PROBLEMS } from "../../src/result.ts";
import { BORE_AIR_MM, LAND_MM } from "../../src/mold/lay-out.ts";
import { ExactSolid } from "../../src/step/exact-solid.ts";
import { solidMeasures } from "../../src/step/inspect-solid.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import type { Vec3 } from "../../src/units.ts";
import { kernelSource } from "../kernels.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";

const OSF = 1.165;
const design = (over: Partial<MoldDesign> = {}): MoldDesign => ({ ...MOLD_DEFAULTS, osf: [OSF, OSF, OSF], pins: { ...MOLD_DEFAULTS.pins, count: 0 }, ...over });

let shapes: ShapeKernel, kernels: MoldKernels;

beforeAll(async () => {
  shapes = await shapeKernel();
  kernels = openMoldKernels({ ...openStepKernels(kernelSource), occt: async () => shapes.oc });
});

type Shape = Parameters<ShapeKernel["body"]>[0];

function input(...list: Shape[]): MoldInput {
  const bodies = list.map((shape, i) => ({ ...shapes.body(shape), id: String(i + 1), name: `body ${i + 1}` }));
  return { name: "part", bodies, solids: new Map(list.map((shape, i) => [String(i + 1), new ExactSolid(shapes.oc.TopoDS.Solid(firstSolid(shape)))])) };
}

function firstSolid(shape: Shape): Shape {
  using explorer = new shapes.oc.TopExp_Explorer(shape, "TopAbs_SOLID", "TopAbs_SHAPE");
  return explorer.Current();
}

async function mold(part: MoldInput, over: Partial<MoldDesign> = {}): Promise<Mold> {
  const made = await makeMold(kernels, part, design(over));
  if (!made.ok) throw new Error(made.problem.message);
  expect(made.warnings.map((w) => w.message).filter((m) => m.startsWith(PROBLEMS.MOLD_FALLBACK[0]))).toEqual([]);
  return made.value;
}

const volume = (m: Mold, role: string): number => m.pieces.filter((p) => p.role === role).reduce((s, p) => s + p.volumeMm3, 0);
const near = (measured: number, expected: number): void => expect(Math.abs(measured / expected - 1), `${measured} against ${expected}`).toBeLessThan(1e-9);

describe("a block with a through hole", () => {
  it("has its volumes in closed form and two meeting pins", async () => {
    const part = input(shapes.cut(shapes.box([0, 0, 0], [20, 30, 10]), shapes.cylinder([10, 15, -1], [0, 0, 1], 3, 12)));
    using made = await mold(part, { pull: [0, 0, 1], block: { kind: "margin", sideMm: 15, topMm: 15, bottomMm: 15, roundToMm: 0 } });
    const partMm3 = (6000 - Math.PI * 9 * 10) * OSF ** 3;
    const side = [20 * OSF + 30, 30 * OSF + 30], half = 5 * OSF;
    const block = side[0] * side[1] * (10 * OSF + 30);
    expect(made.realisation).toBe("exact");
    near(volume(made, "oversized"), partMm3);
    near(volume(made, "core"), (block - partMm3) / 2);
    near(volume(made, "cavity"), (block - partMm3) / 2);
    expect(made.partingMm).toBeCloseTo(5, 9);
    expect(made.proofs.pullFree).toEqual({ holds: true, trappedMm2: 0, faces: [], points: [] });
    // The hole's pins meet in the parting plane: the core's top is there, and only there.
    const core = made.pieces.find((p) => p.role === "core")!.solid!;
    const box = solidMeasures(shapes.oc, core).boxMm;
    expect(box[1][2]).toBeCloseTo(half, 6);
    expect(core.shape.NbChildren()).toBe(1);
    const { files, ...proofs } = made.proofs;
    for (const [name, proof] of Object.entries(proofs)) expect(proof.holds, name).toBe(true);
    expect(files!.map((f) => f.file)).toEqual(MOLD_FILES);
    for (const { file, readBack, secondReader } of files!) expect(readBack.holds && secondReader.holds, file).toBe(true);
  });
});

describe("pull and scaling origin", () => {
  it("a block pulled along its own tilted axis is the straight block", async () => {
    const tilted = shapes.turn(shapes.box([0, 0, 0], [20, 30, 10]), [0, 0, 0], [1, 2, 3], 37);
    const part = input(tilted);
    const face = part.bodies[0].faces.find((f) => f.areaMm2 > 599)!.surface;
    if (face.kind !== "plane") throw new Error("a block has planes");
    using made = await mold(part, { pull: face.frame.z, block: { kind: "margin", sideMm: 10, topMm: 12, bottomMm: 12, roundToMm: 0 } });
    const { z, box } = made.block;
    expect(Math.hypot(...[0, 1, 2].map((k) => z[k] - face.frame.z[k]))).toBeLessThan(1e-12);
    // The frame's x and y need not be the block's edges: the margin is round the part's box in that frame.
    const block = [0, 1, 2].reduce((v, k) => v * (box[1][k] - box[0][k]), 1);
    near(volume(made, "core") + volume(made, "cavity"), block - 6000 * OSF ** 3);
    expect(made.proofs.pullFree.holds).toBe(true);
    expect(made.realisation).toBe("exact");
  });

  it("chooses the tilted axis by itself", async () => {
    const part = input(shapes.turn(shapes.cut(shapes.box([-10, -15, 0], [10, 15, 10]), shapes.cylinder([0, 0, -1], [0, 0, 1], 4, 12)), [0, 0, 0], [1, 0, 0], 25));
    using made = await mold(part);
    const axis = [0, -Math.sin((25 * Math.PI) / 180), Math.cos((25 * Math.PI) / 180)];
    expect(Math.abs([0, 1, 2].reduce((s, k) => s + axis[k] * made.pull.direction[k], 0))).toBeCloseTo(1, 9);
    expect(made.pull.chosenBy).toBe("auto");
    expect(made.proofs.pullFree.holds).toBe(true);
  });

  it("the chosen origin stays where it is", async () => {
    for (const scaleOrigin of ["part-origin", "centroid", "box-centre"] as const) {
      // Half a cylinder: its centroid is 4r/3π from the flat side, its box centre r/2.
      const half = shapes.common(shapes.cylinder([5, 7, 0], [0, 0, 1], 6, 8), shapes.box([-10, 7, -1], [20, 20, 9]));
      using made = await mold(input(half), { scaleOrigin, pull: [0, 0, 1] });
      const centre: Vec3 = scaleOrigin === "part-origin" ? [0, 0, 0] : scaleOrigin === "centroid" ? [5, 7 + (4 * 6) / (3 * Math.PI), 4] : [5, 10, 4];
      const measures = solidMeasures(shapes.oc, made.pieces.find((p) => p.role === "oversized")!.solid!);
      const centroid = [5, 7 + (4 * 6) / (3 * Math.PI), 4].map((c, k) => centre[k] + OSF * (c - centre[k]));
      measures.centroidMm.forEach((c, k) => expect(c, `${scaleOrigin} ${"xyz"[k]}`).toBeCloseTo(centroid[k], 8));
    }
  });

  it("a parting height is a height on the sintered part", async () => {
    using made = await mold(input(shapes.box([0, 0, 2], [20, 30, 12])), { pull: [0, 0, 1], partingMm: 5, block: { kind: "size", sizeMm: [60, 70, 40], roundToMm: 0 } });
    const block = 60 * 70, centre = 7 * OSF;
    near(volume(made, "core"), block * (5 * OSF - (centre - 20)) - 600 * 3 * OSF ** 3);
    near(volume(made, "cavity"), block * (centre + 20 - 5 * OSF) - 600 * 7 * OSF ** 3);
    expect(made.partingMm).toBe(5);
  });
});

describe("steel that must change sides", () => {
  it("the inside of a cap belongs to the core", async () => {
    // A cap open downward with a brim: the plane at the brim's underside cuts its inside off from the cavity.
    const cap = shapes.cut(shapes.fuse(shapes.cylinder([0, 0, 0], [0, 0, 1], 10, 8), shapes.cylinder([0, 0, 0], [0, 0, 1], 14, 1)), shapes.cylinder([0, 0, -1], [0, 0, 1], 8, 7));
    using made = await mold(input(cap), { pull: [0, 0, 1], partingMm: 0 });
    expect(made.proofs.pullFree.holds).toBe(true);
    const inside = Math.PI * 64 * 6 * OSF ** 3;
    const { box } = made.block;
    near(volume(made, "core"), (box[1][0] - box[0][0]) * (box[1][1] - box[0][1]) * (0 - box[0][2]) + inside);
    expect(made.pieces.find((p) => p.role === "core")!.solid!.shape.NbChildren()).toBe(1);
  });
});

describe("tooling", () => {
  const block = { kind: "size", sizeMm: [60, 70, 50], roundToMm: 0 } as const;
  const plate = (): Shape => shapes.box([-10, -15, 0], [10, 15, 10]);

  it("pins stand on the core and leave their gap in the cavity", async () => {
    const pins = { count: 4, diameterMm: 5, lengthMm: 8, fitMm: 0.02, insetMm: 7 } as const;
    using made = await mold(input(plate()), { pull: [0, 0, 1], partingMm: 0, block, pins });
    const steel = 60 * 70, partMm3 = 6000 * OSF ** 3, below = 25 - 5 * OSF, above = 25 + 5 * OSF;
    near(volume(made, "core"), steel * below + 4 * Math.PI * 2.5 ** 2 * 8);
    near(volume(made, "cavity"), steel * above - partMm3 - 4 * Math.PI * 2.52 ** 2 * (8 + BORE_AIR_MM));
    expect(made.proofs.closure.holds && made.proofs.moments!.holds).toBe(true);
  });

  it.each([[0.4, 0], [3, 0], [3, 0.1]])("their polygons in the facet mold are no difference: a plate of %s mm, clearance %s mm", async (thicknessMm, clearanceMm) => {
    using made = await mold(input(shapes.box([0, 0, 0], [8, 6, thicknessMm])), { pins: MOLD_DEFAULTS.pins, clearanceMm });
    expect(made.realisation).toBe("exact");
    expect(Math.abs((made.proofs.crossCheck?.measured ?? NaN) - 1)).toBeLessThan(1e-7);
  });

  it("clearance leaves the land and nothing else", async () => {
    using made = await mold(input(plate()), { pull: [0, 0, 1], partingMm: 0, block, clearanceMm: 0.3, pins: { ...MOLD_DEFAULTS.pins, count: 2 } });
    const steel = 60 * 70, land = (20 * OSF + 2 * LAND_MM) * (30 * OSF + 2 * LAND_MM), below = 25 - 5 * OSF;
    near(volume(made, "core"), steel * below - 0.3 * (steel - land) + 2 * Math.PI * 4 * (8 + 0.3));
  });

  it("what cannot be built is refused with the reason", async () => {
    const refuse = async (over: Partial<MoldDesign>): Promise<string> => {
      const made = await makeMold(kernels, input(plate()), design({ pull: [0, 0, 1], ...over }));
      if (made.ok) { made.value[Symbol.dispose](); throw new Error("it was built"); }
      return `${made.problem.code}: ${made.problem.message}`;
    };
    expect(await refuse({ block: { kind: "size", sizeMm: [20, 70, 50], roundToMm: 0 } })).toMatch(/^DESIGN_INVALID/);
    expect(await refuse({ partingMm: 11 })).toMatch(/^DESIGN_INVALID.* 11 mm of the sintered part/);
    expect(await refuse({ block: { kind: "margin", sideMm: 1e6, topMm: 15, bottomMm: 15, roundToMm: 5 } })).toMatch(/^DESIGN_INVALID.*as large as the part/);
    expect(await refuse({ pins: { ...MOLD_DEFAULTS.pins, lengthMm: 80 } })).toMatch(/^DESIGN_INVALID/);
    expect(await refuse({ pins: { ...MOLD_DEFAULTS.pins, insetMm: 20 } })).toMatch(/^DESIGN_INVALID/);
    expect(await refuse({ pull: [0, 0, 0] })).toMatch(/^DESIGN_INVALID/);
    expect(await refuse({ osf: [0.86, 0.86, 0.86] })).toMatch(/^OSF_INVALID/);
  });
});

describe("hindered halves", () => {
  it("a side hole traps the half of it that each plane cannot free", async () => {
    const part = input(shapes.cut(shapes.box([-10, -15, 0], [10, 15, 10]), shapes.cylinder([-11, 0, 5], [1, 0, 0], 2, 22)));
    const made = await makeMold(kernels, part, design({ pull: [0, 0, 1], partingMm: 8 }));
    if (!made.ok) throw new Error(made.problem.message);
    using value = made.value;
    // Below the plane the hole's lower half faces up: π r L of it, all of it in the core's way.
    const expected = Math.PI * 2 * 20 * OSF ** 2;
    expect(value.proofs.pullFree.holds).toBe(false);
    expect(Math.abs(value.proofs.pullFree.trappedMm2 / expected - 1)).toBeLessThan(0.01);
    expect(value.proofs.pullFree.faces).toHaveLength(1);
    const [x, y, z] = value.proofs.pullFree.points[0];
    expect(Math.abs(x) <= 10 && Math.hypot(y, z - 5) < 2.001 && Math.hypot(y, z - 5) > 1.9).toBe(true);
    expect(made.warnings.map((w) => w.code)).toContain("MOLD_NOT_PULLABLE");
  });

  it("a ball parts at its equator and nothing is trapped", async () => {
    using made = await mold(input(shapes.sphere([0, 0, 3], 6)), { pull: [0, 0, 1] });
    expect(made.partingMm).toBeCloseTo(3, 3);
    expect(made.proofs.pullFree).toEqual({ holds: true, trappedMm2: 0, faces: [], points: [] });
  });
});

describe("a factor per axis", () => {
  it("makes a proved exact mold", async () => {
    const part = input(shapes.cut(shapes.box([0, 0, 0], [20, 30, 10]), shapes.cylinder([10, 15, -1], [0, 0, 1], 3, 12), shapes.sphere([5, 5, 10], 3)));
    using made = await mold(part, { osf: [1.165, 1.165, 1.171], pull: [0, 0, 1], block: { kind: "margin", sideMm: 15, topMm: 15, bottomMm: 15, roundToMm: 0 } });
    const factor = 1.165 ** 2 * 1.171, partMm3 = (6000 - Math.PI * 90 - (2 / 3) * Math.PI * 27) * factor;
    expect(made.realisation).toBe("exact");
    expect(Math.abs(volume(made, "oversized") / partMm3 - 1)).toBeLessThan(1e-8);
    expect(made.proofs.closure.holds).toBe(true);
    expect(made.proofs.sameSurfaces).toBeUndefined();
  });
});

describe("several bodies", () => {
  const two = (): MoldInput => input(shapes.box([0, 0, 0], [10, 10, 10]), shapes.cylinder([30, 5, 0], [0, 0, 1], 5, 10));

  it("each has a mold of its own", async () => {
    const made = await makeMolds(kernels, two(), design({ pull: [0, 0, 1], bodies: "each" }));
    if (!made.ok) throw new Error(made.problem.message);
    expect(made.value.map((m) => m.bodies)).toEqual([["1"], ["2"]]);
    near(volume(made.value[0], "oversized"), 1000 * OSF ** 3);
    near(volume(made.value[1], "oversized"), 250 * Math.PI * OSF ** 3);
    for (const m of made.value) m[Symbol.dispose]();
  });

  it("or all share one block", async () => {
    const made = await makeMolds(kernels, two(), design({ pull: [0, 0, 1], bodies: "together" }));
    if (!made.ok) throw new Error(made.problem.message);
    using one = made.value[0];
    const { box } = one.block;
    const block = [0, 1, 2].reduce((v, k) => v * (box[1][k] - box[0][k]), 1);
    expect(made.value).toHaveLength(1);
    expect(one.pieces.map((p) => p.name)).toEqual(["core", "cavity", "oversized body 1", "oversized body 2"]);
    near(volume(one, "core") + volume(one, "cavity"), block - (1000 + 250 * Math.PI) * OSF ** 3);
  });

  it("bodies that overlap are refused", async () => {
    const made = await makeMolds(kernels, input(shapes.box([0, 0, 0], [10, 10, 10]), shapes.box([5, 5, 5], [15, 15, 15])), design({ pull: [0, 0, 1], bodies: "together" }));
    expect(made.ok ? "made" : made.problem.code).toBe("BODIES_OVERLAP");
  });
});

describe("the kernel's memory", () => {
  it("grows by less than 4 MB a mold", async () => {
    const part = input(shapes.cut(shapes.box([0, 0, 0], [20, 30, 10]), shapes.cylinder([10, 15, -1], [0, 0, 1], 3, 12)));
    const once = async (): Promise<void> => { using _ = await mold(part, { pull: [0, 0, 1] }); };
    for (let i = 0; i < 3; i++) await once();
    const before = shapes.oc.wasmMemory.buffer.byteLength;
    for (let i = 0; i < 12; i++) await once();
    // The kernel keeps about a megabyte of what a mold's booleans and files pass through; it grows in steps of a fifth.
    expect(shapes.oc.wasmMemory.buffer.byteLength - before).toBeLessThan(12 * 4e6);
  });
});
