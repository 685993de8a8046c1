import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { boxSolid } from "../../src/step/build-solids.ts";
import { combineSolids } from "../../src/step/combine-solids.ts";
import type { ExactSolid } from "../../src/step/exact-solid.ts";
import type { Occt } from "../../src/step/occt/load-occt.ts";
import { readPart } from "../../src/step/read-part.ts";
import { openStepKernels, type StepKernels } from "../../src/step/step-kernels.ts";
import { writeStep } from "../../src/step/write-step.ts";
import { corpusFiles } from "../corpus.ts";
import { FULL, saysShort } from "../full.ts";
import { kernelSource } from "../kernels.ts";

const TIMES = FULL ? 200 : 4, WARM = 2;
saysShort(`${TIMES} reads of 200 looked at for memory left behind.`);

const sample = fileURLToPath(new URL("../../samples/bracket.step", import.meta.url));
const middling = corpusFiles().find(({ path }) => path.includes("GripperFinger"))?.path;

/** Numbers in a block, and its size. */
const NUMBERS = 1024, BLOCK_KB = 8;
/** The shape that the kernel's reader hands out outlives every handle we hold on it, with its triangles; nothing else may stay. kB. */
const SHAPE_KB = 320, CUT_AND_WRITTEN_KB = 640;

/** What the kernel's heap still takes before it has to grow, kB. */
function freeKb(oc: Occt): number {
  const held: Disposable[] = [], size = oc.wasmMemory.buffer.byteLength;
  while (oc.wasmMemory.buffer.byteLength === size) held.push(new oc.NCollection_Array1_double(1, NUMBERS));
  for (const block of held) block[Symbol.dispose]();
  return held.length * BLOCK_KB;
}

/** What a task leaves behind each time in the kernel's heap, kB, and in the process, MB. */
async function leftBehind(task: (kernels: StepKernels) => Promise<void>): Promise<{ kernelKb: number; processMb: number }> {
  const after = async (count: number): Promise<{ kb: number; mb: number }> => {
    const kernels = openStepKernels(kernelSource), oc = await kernels.occt();
    for (let i = 0; i < WARM; i++) await task(kernels);
    freeKb(oc); // grows the heap by one step and touches all of it
    const before = process.memoryUsage().rss;
    for (let i = 0; i < count; i++) await task(kernels);
    return { mb: (process.memoryUsage().rss - before) / 2 ** 20, kb: freeKb(oc) };
  };
  const none = await after(0), all = await after(TIMES);
  return { kernelKb: (none.kb - all.kb) / TIMES, processMb: all.mb / TIMES };
}

async function withSolid(kernels: StepKernels, path: string, use: (solid: ExactSolid) => Promise<void>): Promise<void> {
  const read = await readPart(kernels, { name: basename(path), bytes: readFileSync(path) }, {}, {});
  if (!read.ok) throw new Error(read.problem.message);
  using part = read.value;
  for (const solid of part.solids.values()) await use(solid);
}

/** Takes the solid out of a block and writes what is left. */
async function cutAndWrite(kernels: StepKernels, solid: ExactSolid): Promise<void> {
  const oc = await kernels.occt();
  using block = boxSolid(oc, { origin: [0, 0, 0], x: [1, 0, 0], z: [0, 0, 1] }, [[-50, -50, -50], [50, 50, 5]]);
  const cut = combineSolids(oc, "cut", block, [solid]);
  if (!cut.ok) throw new Error(cut.problem.message);
  using steel = cut.value;
  if (!writeStep(oc, "memory", [{ name: "steel", color: [1, 0, 0], solid: steel }]).ok) throw new Error("not written");
}

describe("memory left behind", () => {
  const none = (): Promise<void> => Promise.resolve();
  it.each([
    ["a small file", sample, SHAPE_KB, none], ["a middling file", FULL ? middling : undefined, SHAPE_KB, none],
    ["a file that is cut out of a block and written", sample, CUT_AND_WRITTEN_KB, cutAndWrite],
  ] as const)("by %s", { timeout: 300_000 }, async (name, path, mostKb, use) => {
    if (!path) return;
    const { kernelKb, processMb } = await leftBehind((kernels) => withSolid(kernels, path, (solid) => use(kernels, solid)));
    console.log(`${name}: ${kernelKb.toFixed(1)} kB in the kernel, ${processMb.toFixed(2)} MB in the process each time`);
    expect(kernelKb).toBeLessThan(mostKb);
  });
});
