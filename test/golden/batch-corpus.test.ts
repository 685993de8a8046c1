import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FULL as EVERYTHING, saysShort } from "../full.ts";
import { describe, expect, it } from "vitest";
import { decodeRecord } from "../../src/cli/batch/run-log.ts";
import { filesBelow, layOutCorpus, plant, readRows, runCli, SAMPLES, startCli, temporaryFolder } from "../batch-run.ts";
import { corpusPath } from "../corpus.ts";
import { random } from "../mutate.ts";

const corpus = corpusPath();

/** Everything, checked and molded, takes an hour; by default the text gate and the kernel see a part of it. */
const FULL = process.env.OVERSIZE_FULL_BATCH === "1";
/** Random moments at which the run is killed. */
const KILLS = FULL || EVERYTHING ? 20 : 6;
saysShort("A batch is killed at 6 random moments instead of 20.");
const WHAT = FULL ? { open: () => true, damaged: 200 } : { open: (bytes: number) => bytes < 30_000, damaged: 24 };
const STEPS = FULL ? [] : ["--no-check", "--no-mold"];
const MINUTES = 60_000 * (FULL ? 180 : 5);

/** Records of finished work in a run log. */
const countDone = (out: string): number => readFileSync(join(out, "batch.log.jsonl"), "utf8").split("\n").filter((line) => line && decodeRecord(line)?.kind === "done").length;

describe.skipIf(!corpus)("a batch over whatever is in the files", () => {
  it("ends every input in exactly one result; resuming does no work; killed twenty times it ends the same", { timeout: MINUTES }, async () => {
    using folder = temporaryFolder();
    const input = join(folder.path, "in"), unbroken = join(folder.path, "unbroken"), broken = join(folder.path, "broken");
    const inputs = layOutCorpus(input, WHAT), args = ["batch", input, "--material", "17-4PH", "--timeout", FULL ? "900" : "120", "--jobs", "2", "--quiet", ...STEPS];

    const first = await runCli([...args, "--out", unbroken]);
    expect(first.code, first.stderr).toBe(3);
    expect(first.stdout).toBe("");
    const rows = readRows(unbroken);
    expect(rows).toHaveLength(inputs);
    expect(new Set(rows.map((r) => r.file)).size).toBe(inputs);
    expect(new Set(rows.map((r) => r.output.toLowerCase())).size).toBe(inputs);
    expect(countDone(unbroken)).toBe(inputs);
    for (const row of rows) expect(row.status === "failed", row.file).toBe(row.problem !== undefined);
    expect(filesBelow(unbroken).filter((name) => name.endsWith(".tmp") || name.endsWith(".lock"))).toEqual([]);

    const again = await runCli([...args, "--out", unbroken, "--resume"]);
    expect(again.code).toBe(3);
    expect(countDone(unbroken)).toBe(inputs);
    expect(readRows(unbroken)).toEqual(rows);

    const kills = await killAndResume([...args.filter((a) => a !== "--quiet"), "--jsonl", "--out", broken], KILLS);
    expect(kills).toBe(KILLS);
    expect((await runCli([...args, "--out", broken, "--resume"])).code).toBe(3);
    expect(readRows(broken)).toEqual(rows);
    expect(filesBelow(broken).filter((name) => name !== "batch.log.jsonl")).toEqual(filesBelow(unbroken).filter((name) => name !== "batch.log.jsonl"));
  });
});

/** Kills a batch at random moments, each time after a random number of new results and a random pause; counts the kills that hit. */
async function killAndResume(args: readonly string[], times: number): Promise<number> {
  const next = random(7);
  let kills = 0;
  for (let i = 0; i < times; i++) {
    const after = Math.floor(next() * 5), pauseMs = next() * 60;
    const { readFileSync: read } = await import("node:fs"), log = join(args[args.indexOf("--out") + 1], "batch.log.jsonl");
    const known = (): number => (existsSync(log) ? read(log, "utf8").split('"kind":"done"').length - 1 : 0);
    const before = known(), run = startCli([...args, "--resume"]);
    let over = false;
    void run.ended.then(() => { over = true; });
    while (!over && known() - before < after) await new Promise((done) => { setTimeout(done, 5); });
    await new Promise((done) => { setTimeout(done, pauseMs + (after === 0 ? next() * 600 : 0)); });
    run.process.kill("SIGKILL");
    if ((await run.ended).signal === "SIGKILL") kills++;
  }
  return kills;
}

describe("the batch command", () => {
  const quick = ["--no-check", "--no-mold", "--jobs", "1"];
  const good = readFileSync(join(SAMPLES, "pawl.step"));

  it("keeps stdout for data: a line for each input with --jsonl, nothing else", { timeout: 120_000 }, async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "in/a.step": good, "in/sub/a.step": good, "in/b.step": "junk" });
    const run = await runCli(["batch", "in", "--out", "out", "--jsonl", "--material", "316L", ...quick], { cwd: folder.path });
    expect(run.code).toBe(3);
    const rows = run.stdout.trim().split("\n").map((line) => JSON.parse(line) as { file: string; status: string });
    expect(rows.map((r) => [r.file, r.status]).sort()).toEqual([["a.step", "unchecked"], ["b.step", "failed"], ["sub/a.step", "unchecked"]]);
    expect(run.stderr).toContain("3 of 3 done");
    expect(filesBelow(join(folder.path, "out"))).toEqual(expect.arrayContaining(["a.png", "a.report.json", "sub/a.png", "sub/a.report.json", "batch.html", "batch.csv"]));
    const report = JSON.parse(readFileSync(join(folder.path, "out/a.report.json"), "utf8")) as { settings: Record<string, unknown> };
    expect(report.settings).toMatchObject({ material: { value: "316L", from: "flag" }, profile: { value: "align", from: "default" } });
  });

  it("does again only what changed: a file, a setting, a lost result, a failed one when asked", { timeout: 240_000 }, async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, "out"), args = ["batch", "in", "--out", "out", "--resume", ...quick, "--quiet"];
    const run = async (...more: string[]): Promise<number> => {
      const before = existsSync(join(out, "batch.log.jsonl")) ? countDone(out) : 0;
      await runCli([...args, ...more], { cwd: folder.path });
      return countDone(out) - before;
    };
    plant(folder.path, { "in/a.step": good, "in/b.step": good, "in/c.step": "junk" });
    expect(await run()).toBe(3);
    expect(await run()).toBe(0);
    plant(folder.path, { "in/b.step": Buffer.concat([good, Buffer.from("\n")]) });
    expect(await run()).toBe(1);
    plant(folder.path, { "in/a.oversize.json": '{"deflection":0.05}' });
    expect(await run()).toBe(1);
    writeFileSync(join(out, "b.report.json"), "");
    expect(await run()).toBe(1);
    expect(await run("--timeout", "900")).toBe(0);
    expect(await run("--retry-failed")).toBe(1);
    expect(await run("--material", "316L")).toBe(3);
  });

  it("is interrupted cleanly with exit code 130 and goes on", { timeout: 240_000 }, async () => {
    using folder = temporaryFolder();
    plant(folder.path, Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`in/${i}.step`, Buffer.concat([good, Buffer.alloc(i, 10)])])));
    const args = ["batch", "in", "--out", "out", "--jsonl", ...quick];
    const run = startCli(args, { cwd: folder.path, onStdout: () => run.process.kill("SIGINT") });
    const ended = await run.ended;
    expect([ended.code, ended.signal]).toEqual([130, null]);
    const before = countDone(join(folder.path, "out"));
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(8);
    expect(readFileSync(join(folder.path, "out/batch.html"), "utf8")).toContain(`${8 - before}</b> without a result yet`);
    expect(filesBelow(join(folder.path, "out")).filter((name) => name.endsWith(".lock"))).toEqual([]);
    const rest = await runCli([...args, "--resume"], { cwd: folder.path });
    expect(rest.code).toBe(0);
    expect([countDone(join(folder.path, "out")), readRows(join(folder.path, "out")).length]).toEqual([8, 8]);
  });

  it("shares the work out over shards whose results come together", { timeout: 240_000 }, async () => {
    using folder = temporaryFolder();
    plant(folder.path, Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`in/${i}.step`, `junk ${i}`])));
    const args = ["batch", "in", "--out", "out", "--quiet", ...quick];
    await runCli([...args, "--shard", "1/2"], { cwd: folder.path });
    await runCli(args, { cwd: folder.path, env: { JOB_COMPLETION_INDEX: "1", JOB_COMPLETION_COUNT: "2" } });
    const all = await runCli([...args, "--resume"], { cwd: folder.path });
    expect(all.code).toBe(3);
    const out = join(folder.path, "out");
    expect(readRows(out)).toHaveLength(9);
    // The last run found every result in the logs of the shards.
    expect(countDone(out)).toBe(0);
    const shards = [1, 2].map((i) => readFileSync(join(out, `batch.${i}-of-2.jsonl`), "utf8").trim().split("\n").filter(Boolean).length);
    expect(shards[0] + shards[1]).toBe(9);
  });

  it("refuses before work starts: two inputs for one output, no material for molds, no input, a bad setting", { timeout: 120_000 }, async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "in/a.step": good, "in/a.stp": good, "one/a.step": good, "table.csv": "file,osf\na.step,huge\n" });
    for (const [args, says] of [
      [["in", "--material", "316L"], "OUTPUT_CONFLICT"], [["one"], "MATERIAL_UNKNOWN"], [["one", "--material", "unobtainium"], "MATERIAL_UNKNOWN"], [["one/*.iges", "--no-mold"], "USAGE"],
      [["one", "--material", "316L", "--table", "table.csv"], "CONFIG_INVALID"], [["one", "--material", "316L", "--shard", "3/2"], "USAGE"], [["one", "--material", "316L", "--queue", "redis://127.0.0.1:1"], "QUEUE_FAILED"],
    ] as const) {
      const run = await runCli(["batch", ...args, "--out", "out"], { cwd: folder.path });
      expect([run.code, run.stderr.includes(says)], run.stderr).toEqual([says === "QUEUE_FAILED" ? 3 : 2, true]);
      expect(filesBelow(folder.path).filter((name) => name.endsWith(".report.json"))).toEqual([]);
    }
  });

  it("reads its inputs from stdin", { timeout: 120_000 }, async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "in/a.step": good, "in/-rf.step": "junk" });
    const run = await runCli(["batch", "--files-from", "-", "--out", "out", "--quiet", ...quick], { cwd: folder.path, input: "in/a.step\nin/-rf.step\nin/gone.step\n" });
    expect(run.code).toBe(3);
    expect(readRows(join(folder.path, "out")).map((r) => [r.file, r.problem?.code])).toEqual([["in/-rf.step", "NOT_STEP"], ["in/a.step", undefined], ["in/gone.step", "FILE_UNREADABLE"]]);
  });
});
