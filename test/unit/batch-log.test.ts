import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BatchRow } from "../../src/report/batch/batch-row.ts";
import { decodeRecord, encodeRecord, logName, readLogs, recordId, replay, RunLog, type LogRecord } from "../../src/cli/batch/run-log.ts";
import { lockFolder } from "../../src/cli/batch/lock-folder.ts";
import { plant, temporaryFolder } from "../batch-run.ts";

const row = (n: number, status: BatchRow["status"] = "passed"): BatchRow => ({
  file: `d/é "${n}"\n.step`, output: `d/${n}`, sha256: "ab", key: `k${n}`, status, warnings: [], codes: [], molds: { exact: 1, facets: 0 }, files: [], durationMs: 1, attempts: 1,
});
const done = (n: number, at: string, status?: BatchRow["status"]): LogRecord => ({ kind: "done", row: row(n, status), at });
const tried = (n: number, alone = false): LogRecord => ({ kind: "try", output: `d/${n}`, key: `k${n}`, alone, at: "0" });

describe("the run log", () => {
  it("reads back what was written", () => {
    const record = done(1, "2024");
    expect(decodeRecord(encodeRecord(record).trimEnd())).toEqual(record);
  });

  it("cut at any byte loses the line that was being written and no other", () => {
    const lines = [tried(1), done(1, "1"), tried(2), done(2, "2"), tried(3)].map(encodeRecord), whole = Buffer.from(lines.join(""));
    let at = 0;
    const ends = lines.map((line) => (at += Buffer.from(line).length));
    for (let cut = 0; cut <= whole.length; cut++) {
      const { done: results, unfinished, torn } = replay([whole.subarray(0, cut).toString()]);
      // The last newline may be missing: the record is whole without it.
      const complete = ends.filter((end) => cut >= end - 1).length, boundary = cut === 0 || ends.some((end) => cut === end || cut === end - 1);
      expect([results.size, unfinished.size, torn]).toEqual([Math.floor(complete / 2), complete % 2, boundary ? 0 : 1]);
    }
  });

  it("goes on after any cut without swallowing the next record", () => {
    using folder = temporaryFolder();
    const first = Buffer.from(encodeRecord(done(1, "1")) + encodeRecord(done(2, "2"))), path = join(folder.path, logName());
    for (let cut = 0; cut <= first.length; cut += 7) {
      writeFileSync(path, first.subarray(0, cut));
      const log = new RunLog(folder.path, logName());
      log.append(done(3, "3"));
      log.close();
      expect(readLogs(folder.path).done.has(recordId("d/3", "k3"))).toBe(true);
      expect(readFileSync(path).subarray(0, cut)).toEqual(first.subarray(0, cut));
    }
  });

  it("takes no damaged line for a result", () => {
    const line = encodeRecord(done(1, "1"));
    for (let i = 0; i < line.length - 1; i += 3) expect(decodeRecord(`${line.slice(0, i)}${line[i] === "x" ? "y" : "x"}${line.slice(i + 1, -1)}`)).toBeUndefined();
  });

  it("lets the latest result count, whichever shard's log it is in", () => {
    const state = replay([encodeRecord(done(1, "2", "passed")), encodeRecord(done(1, "1", "failed"))]);
    expect(state.done.get(recordId("d/1", "k1"))?.status).toBe("passed");
  });

  it("counts attempts that never ended until one does", () => {
    const text = [tried(1), tried(1), tried(1, true)].map(encodeRecord).join("");
    expect(replay([text]).unfinished.get(recordId("d/1", "k1"))).toEqual({ times: 3, alone: 1 });
    expect(replay([text + encodeRecord(done(1, "9"))]).unfinished.size).toBe(0);
  });

  it("reads the logs of all shards and no other file", () => {
    using folder = temporaryFolder();
    for (const [i, name] of [logName(), logName({ index: 2, count: 3 }), "batch.jsonl"].entries()) appendFileSync(join(folder.path, name), encodeRecord(done(i, "1")));
    expect([...readLogs(folder.path).done.keys()]).toEqual([recordId("d/1", "k1"), recordId("d/0", "k0")]);
  });
});

describe("the lock", () => {
  it("keeps a second run out and frees the folder", async () => {
    using folder = temporaryFolder();
    const first = await lockFolder(folder.path, "lock");
    writeFileSync(join(folder.path, "lock"), "another-machine 1");
    const beat = setInterval(() => writeFileSync(join(folder.path, "lock"), "another-machine 1"), 300);
    expect(await lockFolder(folder.path, "lock")).toMatchObject({ ok: false, problem: { code: "RUN_LOCKED" } });
    clearInterval(beat);
    expect(first.ok).toBe(true);
    if (first.ok) first.value.release();
  });

  it("takes over from a process that is gone", async () => {
    using folder = temporaryFolder();
    const { hostname } = await import("node:os");
    plant(folder.path, { lock: `${hostname()} ${2 ** 30}` });
    const lock = await lockFolder(folder.path, "lock");
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.value.release();
  });
});
