import { beforeAll, describe, expect, it } from "vitest";
import { MOLD_DEFAULTS, type MoldDesign } from "../../src/mold/design.ts";
import { openMoldKernels, type MoldKernels } from "../../src/mold/mold-kernels.ts";
import type { MoldTask } from "../../src/mold/mold-task.ts";
import { MOLD_FILES, PIECE_COLORS, type MoldFile, type MoldStep, type SolidPiece } from "../../src/mold/mold.ts";
import { proveReadBack } from "../../src/mold/prove-read-back.ts";
import { resolveDesign } from "../../src/mold/resolve-design.ts";
import { writeMoldSteps } from "../../src/mold/write-mold-steps.ts";
import { ExactSolid } from "../../src/step/exact-solid.ts";
import { solidVolumes } from "../../src/step/inspect-solid.ts";
import { sameRecords } from "../../src/step/p21/same-records.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import { kernelSource } from "../kernels.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";

const OSF = 1.165;
const design: MoldDesign = { ...MOLD_DEFAULTS, osf: [OSF, OSF, OSF], pull: [0, 0, 1] };

let shapes: ShapeKernel, task: MoldTask, pieces: SolidPiece[], steps: readonly MoldStep[], reads = 0;

/** Three bodies stand for core, cavity and part: a block with a hole, a cone and the part itself. */
beforeAll(async () => {
  shapes = await shapeKernel();
  const step = openStepKernels(kernelSource), second = await step.secondReader();
  const counting = { ...second, ReadStepFile: (...given: Parameters<typeof second.ReadStepFile>) => { reads++; return second.ReadStepFile(...given); } };
  const kernels: MoldKernels = openMoldKernels({ ...step, occt: async () => shapes.oc, secondReader: async () => counting });
  const part = shapes.cylinder([0, 0, 0], [0, 0, 1], 4, 6), body = { ...shapes.body(part), id: "1" };
  const resolved = resolveDesign([body], design);
  if (!resolved.ok) throw new Error(resolved.problem.message);
  task = { kernels, input: { name: "part", bodies: [body], solids: new Map() }, design, resolved: resolved.value, pullFree: { holds: true, trappedMm2: 0, faces: [], points: [] }, work: {} };
  const named = (role: SolidPiece["role"], shape: typeof part): SolidPiece => {
    const solid = new ExactSolid(shape);
    return { role, name: role, color: PIECE_COLORS[role], solid, ...solidVolumes(shapes.oc, solid) };
  };
  pieces = [
    named("core", shapes.cut(shapes.box([20, 0, 0], [40, 20, 10]), shapes.cylinder([30, 10, -1], [0, 0, 1], 3, 12))),
    named("cavity", shapes.revolve([0, 0], [["line", [4, 0]], ["line", [2, 3]], ["line", [0, 3]], ["line", [0, 0]]])), named("oversized", part),
  ];
  const written = writeMoldSteps(shapes.oc, "part", pieces);
  if (!written.ok) throw new Error(written.problem.message);
  steps = written.value;
});

const bytesOf = (file: MoldFile): Uint8Array => steps.find((s) => s.file === file)!.bytes;
const ROLES = ["core", "cavity", "oversized"] as const;

/** The files with the first match of a text replaced in one of them. */
function changed(file: MoldFile, from: RegExp | string, to: string): readonly MoldStep[] {
  const text = new TextDecoder().decode(bytesOf(file)), other = text.replace(from, to);
  expect(other).not.toBe(text);
  return steps.map((s) => (s.file === file ? { file, bytes: new TextEncoder().encode(other) } : s));
}

const compare = (given: readonly MoldStep[]): readonly number[] | undefined => sameRecords(given[0].bytes, given.slice(1).map((s) => s.bytes));

describe("records of the roles' files", () => {
  it("are those of the assembly, whatever their numbers", () => {
    expect(sameRecords(bytesOf("mold"), ROLES.map(bytesOf))).toEqual([1, 1, 1]);
    const shifted = changed("core", /#(\d+)(?=[ ,)])/g, "#7$1");
    expect(compare(shifted)).toEqual([1, 1, 1]);
  });

  it("are not when a number, a sense, a unit or the order differs", () => {
    expect(compare(changed("core", "CYLINDRICAL_SURFACE('',#", "CYLINDRICAL_SURFACE('a',#"))).toBeUndefined();
    expect(compare(changed("core", /(CYLINDRICAL_SURFACE\('',#\d+,)3\.\)/, "$13.0000001)"))).toBeUndefined();
    expect(compare(changed("core", /(ADVANCED_FACE\([^;]*),\.T\.\)/, "$1,.F.)"))).toBeUndefined();
    expect(compare(changed("core", ".MILLI.", ".CENTI."))).toBeUndefined();
    expect(compare(changed("mold", /(CYLINDRICAL_SURFACE\('',#\d+,)3\.\)/, "$13.0000001)"))).toBeUndefined();
    expect(sameRecords(bytesOf("mold"), ["cavity", "core", "oversized"].map((f) => bytesOf(f as MoldFile)))).toBeUndefined();
    expect(sameRecords(bytesOf("mold"), ["core", "cavity"].map((f) => bytesOf(f as MoldFile)))).toBeUndefined();
    expect(sameRecords(bytesOf("core"), [bytesOf("mold")])).toBeUndefined();
  });

  it("are not when references lead nowhere or back", () => {
    expect(compare(changed("core", /CLOSED_SHELL\('',\(#\d+/, "CLOSED_SHELL('',(#99999"))).toBeUndefined();
    expect(compare(changed("core", /#(\d+) = CLOSED_SHELL\('',\(#\d+/, "#$1 = CLOSED_SHELL('',(#$1"))).toBeUndefined();
  });
});

describe("reading back", () => {
  const prove = async (given: readonly MoldStep[]): Promise<{ held: readonly boolean[]; problem?: string }> => {
    reads = 0;
    const proved = await proveReadBack(task, pieces, given);
    return proved.ok ? { held: proved.value.files.map((f) => f.readBack.holds && f.secondReader.holds) } : { held: [], problem: proved.problem.message };
  };

  it("takes each solid once, and all four files are proved", async () => {
    expect(await prove(steps)).toEqual({ held: [true, true, true, true] });
    expect(reads).toBe(3);
  });

  it("takes every file where their records differ, and finds the one that is wrong", async () => {
    expect(await prove(changed("core", "PRODUCT('core'", "PRODUCT('other'"))).toEqual({ held: [true, true, true, true] });
    expect(reads).toBe(3);
    expect((await prove(changed("core", "CYLINDRICAL_SURFACE('',#", "CYLINDRICAL_SURFACE('a',#"))).held).toEqual([true, true, true, true]);
    expect(reads).toBe(4);
    const { held } = await prove(changed("core", ".MILLI.", ".CENTI."));
    expect(held.length === 0 || !held[MOLD_FILES.indexOf("core")]).toBe(true);
  });

  it("sees a body of the assembly that stands elsewhere", async () => {
    const text = new TextDecoder().decode(bytesOf("mold")), place = /ITEM_DEFINED_TRANSFORMATION\('','',#\d+,#(\d+)\)/.exec(text)![1];
    const point = new RegExp(`#${place} = AXIS2_PLACEMENT_3D\\('',#(\\d+)`).exec(text)![1];
    const { problem } = await prove(changed("mold", new RegExp(`#${point} = CARTESIAN_POINT\\('',\\(0\\.`), `#${point} = CARTESIAN_POINT('',(0.01`));
    expect(problem).toMatch(/file mold stands 9\.1e-3 mm off/);
  });
});
