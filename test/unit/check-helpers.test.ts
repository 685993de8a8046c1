import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { threadSupply } from "../../src/cli/thread-supply.ts";
import { Engine, type CheckOutput, type HelperSupply, type OpenPart, type Result, type Work } from "../../src/engine.ts";
import { corpusFiles } from "../corpus.ts";
import { profileOf } from "../dfm-run.ts";
import { kernelSource } from "../kernels.ts";

const entry = new URL("../../dist/cli/check-helper.js", import.meta.url);

/** What threads were asked and did, over all of them. */
interface Seen { spawned: number; ready: number; ended: number; tasks: number; answers: number }

/** Counts what passes through a supply. */
function watched(supply: HelperSupply): { supply: HelperSupply; seen: Seen } {
  const seen: Seen = { spawned: 0, ready: 0, ended: 0, tasks: 0, answers: 0 };
  return {
    seen,
    supply: {
      count: supply.count,
      spawn: () => {
        seen.spawned++;
        const thread = supply.spawn();
        return {
          ...thread,
          send: (request) => { if (request.kind === "task") seen.tasks++; thread.send(request); },
          onAnswer: (listener) => thread.onAnswer((answer) => { if (answer.kind === "ready") seen.ready++; else seen.answers++; listener(answer); }),
          terminate: () => { seen.ended++; thread.terminate(); },
        };
      },
    },
  };
}

/** A thread that says it is ready and does this when it is given a task. */
const thatThen = (deed: string, count = 1): HelperSupply =>
  threadSupply(count, new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads"; parentPort.on("message", ({ kind }) => { if (kind === "task") { ${deed} } }); parentPort.postMessage({ kind: "ready" });`)}`));

const sample = async (engine: Engine, name: string): Promise<OpenPart> => open(engine, new URL(`../../samples/${name}.step`, import.meta.url));

async function open(engine: Engine, path: URL | string): Promise<OpenPart> {
  const opened = await engine.open({ name: basename(path.toString()), bytes: new Uint8Array(await readFile(path)) });
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.value;
}

const check = (engine: Engine, part: OpenPart, work?: Work): Promise<Result<CheckOutput>> => engine.check(part, { profile: profileOf() }, work);

/** All of a check but its times, to the byte. */
function textOf(result: Result<CheckOutput>): string {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`);
  const { findings, bodies } = result.value;
  return JSON.stringify({ findings, bodies }, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") : value instanceof Set ? [...value] : value);
}

const corpusPart = corpusFiles().find(({ path }) => path.endsWith("GripperFinger.step"))?.path;

describe("a check shared with other threads", () => {
  it.each([["a sample", new URL("../../samples/trigger.step", import.meta.url)], ["a corpus part", corpusPart]] as const)("says the same to the byte whoever did what: %s", async (_name, path) => {
    if (!path) return console.warn("there is no corpus");
    const alone = Engine.create(kernelSource);
    using part = await open(alone, path);
    const expected = textOf(await check(alone, part));
    for (const count of [1, 2]) {
      const { supply, seen } = watched(threadSupply(count, entry)), engine = Engine.create(kernelSource, supply);
      engine.startHelpers();
      await until(() => seen.ready === count);
      expect(textOf(await check(engine, part)) === expected, `${count} helpers`).toBe(true);
      expect(seen.spawned).toBe(count);
      expect(seen.answers).toBeGreaterThan(0);
      expect(seen.tasks).toBe(seen.answers);
      engine.endHelpers();
      expect(seen.ended).toBe(count);
    }
  });

  it("is cancelled in the middle, ends its threads, and can be started again", async () => {
    const { supply, seen } = watched(thatThen("")), engine = Engine.create(kernelSource, supply), stop = new AbortController();
    using part = await sample(engine, "trigger");
    engine.startHelpers();
    await until(() => seen.ready > 0);
    // Its thread takes a task and never answers: only the cancel ends this check.
    const waiting = check(engine, part, { signal: stop.signal });
    await until(() => seen.tasks > 0);
    stop.abort();
    const result = await waiting;
    expect(result.ok ? "" : result.problem.code).toBe("CANCELLED");
    expect(seen.ended).toBe(seen.spawned);
    const late = await check(engine, part, { signal: AbortSignal.abort() });
    expect(late.ok ? "" : late.problem.code).toBe("CANCELLED");
    engine.endHelpers();
  });

  it.each([["ends", "process.exit(3)", "CRASH"], ["throws", "throw new Error('unreachable')", "CRASH"], ["has no memory left", "throw new RangeError('Array buffer allocation failed')", "OUT_OF_MEMORY"]])("answers with a code when a thread at work %s", async (_how, deed, code) => {
    const { supply, seen } = watched(thatThen(deed)), engine = Engine.create(kernelSource, supply);
    using part = await sample(engine, "trigger");
    engine.startHelpers();
    await until(() => seen.ready > 0);
    const result = await check(engine, part);
    expect(result.ok ? "" : result.problem.code).toBe(code);
    expect(seen.ended).toBe(seen.spawned);
  });

  it("does without threads that cannot be started", async () => {
    const missing = threadSupply(2, new URL("no-such-helper.js", entry)), none: HelperSupply = { count: 2, spawn: () => { throw new Error("not here"); } };
    const alone = Engine.create(kernelSource);
    using part = await sample(alone, "trigger");
    const expected = textOf(await check(alone, part));
    for (const supply of [missing, none]) {
      const { supply: counted, seen } = watched(supply), engine = Engine.create(kernelSource, counted);
      for (const _round of [1, 2]) expect(textOf(await check(engine, part)) === expected).toBe(true);
      expect(seen.spawned).toBe(2);
      expect(seen.tasks).toBe(0);
    }
  });
});

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resume) => setTimeout(resume, 5));
}
