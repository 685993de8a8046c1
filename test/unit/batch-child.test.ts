import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { EngineChild, type ChildOptions } from "../../src/cli/engine-child.ts";
import type { BatchItem } from "../../src/cli/batch/batch-item.ts";
import { runItem } from "../../src/cli/batch/run-item.ts";
import type { Job } from "../../src/cli/job.ts";
import { residentMb } from "../../src/cli/process-memory.ts";
import { filesBelow, plant, temporaryFolder } from "../batch-run.ts";

const entry = fileURLToPath(new URL("../fixtures/fake-child.mjs", import.meta.url));
const job = (input: string, outDir = "."): Job => ({
  input, outDir, stem: "part", check: false, mold: false, profile: "align", design: {}, formats: [], writeReport: false, maxBytes: 1e6, maxFacets: 1e6,
});
const item = (input: string, outDir = "."): BatchItem => ({ file: input, output: "part", job: job(input, outDir), timeoutMs: 20_000 });

const children: EngineChild[] = [];
const makeChild = (options: ChildOptions = {}): EngineChild => { const child = new EngineChild({ entry, ...options }); children.push(child); return child; };
afterEach(() => children.splice(0).forEach((child) => child.kill()));

/** Code and message of a job's failure; the stand-in never succeeds. */
async function outcomeOf(child: EngineChild, input: string, timeoutMs = 20_000): Promise<{ code: string; message: string }> {
  const outcome = await child.run(job(input), { timeoutMs });
  return outcome.ok ? { code: "", message: "" } : outcome.problem;
}
const pidOf = (message: string): number => Number(message.split(" ")[0]);

describe("the child process as a crash boundary", () => {
  it("survives an abort with the code CRASH and works on in a fresh process", async () => {
    const child = makeChild();
    const first = await outcomeOf(child, "fine"), crash = await outcomeOf(child, "trap"), after = await outcomeOf(child, "fine");
    expect([first.code, crash.code, after.code]).toEqual(["NO_SOLID", "CRASH", "NO_SOLID"]);
    expect(pidOf(after.message)).not.toBe(pidOf(first.message));
  });

  it("kills what hangs", async () => {
    const child = makeChild();
    const hung = child.run(job("hang"), { timeoutMs: 500 }), pid = child.pid ?? 0;
    expect(await hung).toMatchObject({ ok: false, problem: { code: "TIMEOUT" } });
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  it("kills what grows over the memory limit, far below what it would take", async () => {
    const problem = await outcomeOf(makeChild({ maxMemoryMb: 300 }), "grow");
    expect(problem.code).toBe("OUT_OF_MEMORY");
  });

  it("throws a process away that reports a trap itself", async () => {
    const child = makeChild();
    expect((await outcomeOf(child, "told-trap")).code).toBe("CRASH");
    expect(child.pid).toBeUndefined();
  });

  it("is replaced after a number of jobs", async () => {
    const child = makeChild({ recycleAfter: 2 }), pids: number[] = [];
    for (let i = 0; i < 4; i++) pids.push(pidOf((await outcomeOf(child, "fine")).message));
    expect(pids[1]).toBe(pids[0]);
    expect(pids[2]).not.toBe(pids[1]);
    expect(pids[3]).toBe(pids[2]);
  });

  it("is cancelled at once", async () => {
    const stop = new AbortController(), child = makeChild();
    setTimeout(() => stop.abort(), 200);
    expect(await child.run(job("hang"), { timeoutMs: 20_000, signal: stop.signal })).toMatchObject({ problem: { code: "CANCELLED" } });
    expect(await child.run(job("fine"), { timeoutMs: 20_000, signal: stop.signal })).toMatchObject({ problem: { code: "CANCELLED" } });
  });

  it("measures the memory of a process", async () => {
    expect(await residentMb(process.pid)).toBeGreaterThan(10);
    expect(await residentMb(2 ** 30)).toBeUndefined();
  });
});

describe("one input through a child", () => {
  const run = (child: EngineChild, one: BatchItem) => runItem(child, { item: one, sha256: "s", key: "k" });

  it("gives a file that dies in a used process one more chance, fresh", async () => {
    const child = makeChild();
    await outcomeOf(child, "fine");
    const row = await run(child, item("trap-when-used"));
    expect(row).toMatchObject({ status: "failed", attempts: 2, problem: { code: "NO_SOLID" } });
  });

  it("does not try a poisoned file for ever", async () => {
    const child = makeChild();
    await outcomeOf(child, "fine");
    expect(await run(child, item("trap"))).toMatchObject({ attempts: 2, problem: { code: "CRASH" } });
    expect(await run(child, item("trap"))).toMatchObject({ attempts: 1, problem: { code: "CRASH" } });
  });

  it("removes what a killed process left half written, and nothing else", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "part.core.step": "whole", "other.core.step.0a1b2c3d.tmp": "another's" });
    await run(makeChild(), item("half", folder.path));
    expect(filesBelow(folder.path)).toEqual(["other.core.step.0a1b2c3d.tmp", "part.core.step"]);
  });
});

describe.skipIf(process.platform === "win32")("a child whose parent is gone", () => {
  it("ends, even in the middle of a kernel call", async () => {
    const built = fileURLToPath(new URL("../../dist/cli/child.js", import.meta.url));
    expect(existsSync(built), "dist/cli/child.js: run npm run build").toBe(true);
    // A parent that starts the real child, stops its main thread, and dies.
    const script = `const{fork}=require("node:child_process");const c=fork(${JSON.stringify(built)},[],{execArgv:["--import","data:text/javascript,setTimeout(()=>{for(;;);},700)"]});
      c.on("message",()=>{console.log(c.pid);setTimeout(()=>process.kill(process.pid,"SIGKILL"),2000)});`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    parent.stdout.on("data", (piece: Buffer) => { text += piece.toString(); });
    await new Promise((resolve) => parent.on("close", resolve));
    const pid = Number(text);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => { try { process.kill(pid, 0); return "alive"; } catch { return "gone"; } }, { timeout: 15_000, interval: 100 }).toBe("gone");
  });
});
