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

const TIMES = FULL ? 200 : 6, WARM = 2;
saysShort(`${TIMES} reads of 200 looked at for memory left behind.`);

const sample = fileURLToPath(new URL("../../samples/bracket.step", import.meta.url));
const middling = corpusFiles().find(({ path }) => path.includes("GripperFinger"))?.path;

/** Measured 11 kB a read over 200, 27 over 6, whatever the file's size. Nothing of the file may stay. kB. */
const READ_KB = 32;
/** Measured 283 kB over 200 times, 315 over 6: the boolean keeps the part and its triangles; writing keeps nothing. */
const CUT_AND_WRITTEN_KB = 350;

/** The allocator's own pair, which the kernel's types do not name: an array of the kernel is not freed by deleting it. */
interface Allocator { ___libc_malloc(bytes: number): number; ___libc_free(address: number): void }

const hasAllocator = (oc: Occt): oc is Occt & Allocator => "___libc_malloc" in oc && "___libc_free" in oc;

const BLOCK_BYTES = 8176, BLOCK_KB = 8;

/** What the kernel's heap holds, kB: its size less what can be had before it grows. Looking costs a little each time. */
function heldKb(oc: Occt): number {
  if (!hasAllocator(oc)) throw new Error("this build of the kernel does not export its allocator");
  const blocks: number[] = [], size = oc.wasmMemory.buffer.byteLength;
  while (oc.wasmMemory.buffer.byteLength === size) blocks.push(oc.___libc_malloc(BLOCK_BYTES));
  for (const block of blocks) oc.___libc_free(block);
  return size / 1024 - blocks.length * BLOCK_KB;
}

/** What a task leaves behind each time in the kernel's heap, kB, and in the process, MB. */
async function leftBehind(task: (kernels: StepKernels) => Promise<void>): Promise<{ kernelKb: number; processMb: number }> {
  const after = async (count: number): Promise<{ kb: number; mb: number }> => {
    const kernels = openStepKernels(kernelSource), oc = await kernels.occt();
    for (let i = 0; i < WARM; i++) await task(kernels);
    heldKb(oc);
    const before = heldKb(oc), process0 = process.memoryUsage().rss;
    for (let i = 0; i < count; i++) await task(kernels);
    return { mb: (process.memoryUsage().rss - process0) / 2 ** 20, kb: heldKb(oc) - before };
  };
  const none = await after(0), all = await after(TIMES);
  return { kernelKb: (all.kb - none.kb) / TIMES, processMb: all.mb / TIMES };
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
    ["a small file", sample, READ_KB, none], ["a middling file", FULL ? middling : undefined, READ_KB, none],
    ["a file that is cut out of a block and written", sample, CUT_AND_WRITTEN_KB, cutAndWrite],
  ] as const)("by %s", { timeout: 300_000 }, async (name, path, mostKb, use) => {
    if (!path) return;
    const { kernelKb, processMb } = await leftBehind((kernels) => withSolid(kernels, path, (solid) => use(kernels, solid)));
    console.log(`${name}: ${kernelKb.toFixed(1)} kB in the kernel, ${processMb.toFixed(2)} MB in the process each time`);
    expect(kernelKb).toBeLessThan(mostKb);
  });
});
