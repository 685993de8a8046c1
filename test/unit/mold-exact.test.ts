import { beforeAll, describe, expect, it } from "vitest";
import { MOLD_DEFAULTS, type MoldDesign } from "../../src/mold/design.ts";
import { makeMold, makeMolds, type MoldInput } from "../../src/mold/make-mold.ts";
import { openMoldKernels, type MoldKernels } from "../../src/mold/mold-kernels.ts";
import type { Mold } from "../../src/mold/mold.ts";
import { BORE_AIR_MM, LAND_MM } from "../../src/mold/lay-out.ts";
import { ExactSolid } from "../../src/step/exact-solid.ts";
import { solidMeasures } from "../../src/step/inspect-solid.ts";
import type { Vec3 } from "../../src/units.ts";
import { kernelSource } from "../kernels.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";

const OSF = 1.165;
const design = (over: Partial<MoldDesign> = {}): MoldDesign => ({ ...MOLD_DEFAULTS, osf: [OSF, OSF, OSF], pins: { ...MOLD_DEFAULTS.pins, count: 0 }, ...over });

let shapes: ShapeKernel, kernels: MoldKernels;

beforeAll(async () => {
  shapes = await shapeKernel();
  const own = openMoldKernels({ source: kernelSource, occt: async () => shapes.oc, secondReader: async () => (await import("../../src/step/second-reader.ts")).loadSecondReader(kernelSource) });
  kernels = own;
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
    for (const [name, proof] of Object.entries(made.proofs)) expect(proof.holds, name).toBe(true);
  });
});

void makeMolds; void BORE_AIR_MM; void LAND_MM; void ((v: Vec3) => v);
