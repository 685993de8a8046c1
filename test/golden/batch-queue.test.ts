import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createConnection, createServer as createTcp, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeRecord, type LogRecord } from "../../src/cli/batch/run-log.ts";
import { filesBelow, plant, readRows, runCli, SAMPLES, startCli, temporaryFolder } from "../batch-run.ts";

const server = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"].find(existsSync);
if (!server) console.warn("skipped: no redis-server");

const good = readFileSync(join(SAMPLES, "pawl.step"));
const sleep = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms); });

const freePort = (): Promise<number> => new Promise((resolve) => {
  const probe = createTcp().listen(0, "127.0.0.1", () => { const { port } = probe.address() as AddressInfo; probe.close(() => resolve(port)); });
});

const answers = (port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = createConnection(port, "127.0.0.1").on("connect", () => { socket.destroy(); resolve(true); }).on("error", () => resolve(false));
});

const records = (out: string): LogRecord[] => readFileSync(join(out, "batch.log.jsonl"), "utf8").split("\n").flatMap((line) => (line ? [decodeRecord(line)] : [])).filter((r) => r !== undefined);
const doneFiles = (out: string): string[] => records(out).flatMap((r) => (r.kind === "done" ? [r.row.file] : [])).sort();

describe.skipIf(!server)("batch through a queue", () => {
  let redis: ChildProcess, url = "";
  const folder = temporaryFolder(), workers: ChildProcess[] = [];

  beforeAll(async () => {
    const port = await freePort();
    redis = spawn(server ?? "", ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.path], { stdio: "ignore" });
    url = `redis://127.0.0.1:${port}`;
    for (let i = 0; i < 200 && !(await answers(port)); i++) await sleep(50);
  });
  afterAll(() => {
    for (const one of [...workers, redis]) one.kill("SIGKILL");
    folder[Symbol.dispose]();
  });

  const startWorker = (name: string, jobs = 1, onStderr?: (text: string) => void): ReturnType<typeof startCli> => {
    const worker = startCli(["worker", "--queue", url, "--queue-name", name, "--jobs", String(jobs), "--stalled", "2"], { onStderr });
    workers.push(worker.process);
    return worker;
  };
  const batch = (name: string, cwd: string, ...more: string[]): string[] => ["batch", join(cwd, "in"), "--out", join(cwd, "out"), "--queue", url, "--queue-name", name, "--no-check", "--no-mold", "--quiet", ...more];
  const makeFolder = (name: string, files: Record<string, string | Buffer>): string => {
    const path = join(folder.path, name);
    mkdirSync(path);
    plant(path, files);
    return path;
  };

  it("with two workers, one killed in the middle, loses nothing and does nothing twice", { timeout: 240_000 }, async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`in/${i}.step`, i % 3 === 0 ? `junk ${i}` : Buffer.concat([good, Buffer.alloc(i, 10)])]));
    const at = makeFolder("two", files), first = startWorker("two"), second = startWorker("two");
    const run = startCli(batch("two", at, "--jsonl"), {
      onStdout: (text) => { seen += text.split("\n").length - 1; if (seen >= 3) first.process.kill("SIGKILL"); },
    });
    let seen = 0;
    const ended = await run.ended;
    expect(ended.code, ended.stderr).toBe(3);
    expect((await first.ended).signal).toBe("SIGKILL");
    expect(doneFiles(join(at, "out"))).toEqual(Object.keys(files).map((f) => f.slice(3)).sort());
    const rows = readRows(join(at, "out"));
    expect(rows.map((r) => [r.file, r.problem?.code])).toEqual(Object.keys(files).map((f) => [f.slice(3), Number.parseInt(f.slice(3), 10) % 3 === 0 ? "NOT_STEP" : undefined]).sort(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1)));
    expect(filesBelow(join(at, "out")).filter((f) => f.endsWith(".report.json"))).toHaveLength(8);
    expect(filesBelow(join(at, "out")).filter((f) => f.endsWith(".tmp"))).toEqual([]);

    // Each worker tells what it completed: together every input once.
    second.process.kill("SIGINT");
    const told = [(await first.ended).stderr, (await second.ended).stderr].join("\n").match(/^\d+\.step: \w+/gm) ?? [];
    expect([...new Set(told)].length).toBe(told.length);
    expect(told.length).toBeGreaterThanOrEqual(11);
    expect((await second.ended).code).toBe(130);
  });

  it("goes on when the one who asked was killed: finished work is taken, not done again", { timeout: 240_000 }, async () => {
    const at = makeFolder("asked", Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`in/${i}.step`, Buffer.concat([good, Buffer.alloc(i, 10)])])));
    const run = startCli(batch("asked", at, "--jsonl"), { onStdout: () => run.process.kill("SIGKILL") }), worker = startWorker("asked");
    expect((await run.ended).signal).toBe("SIGKILL");
    const rest = await runCli(batch("asked", at, "--resume"));
    expect(rest.code, rest.stderr).toBe(0);
    expect([doneFiles(join(at, "out")).length, readRows(join(at, "out")).length]).toEqual([5, 5]);
    worker.process.kill("SIGTERM");
    const told = (await worker.ended).stderr.match(/^\d+\.step: \w+/gm) ?? [];
    expect([told.length, new Set(told).size]).toEqual([5, 5]);
  });

  it("hands a stopped worker's part to another", { timeout: 240_000 }, async () => {
    const at = makeFolder("stopped", Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`in/${i}.step`, Buffer.concat([good, Buffer.alloc(i, 10)])])));
    // It is stopped when it has told of its first part, so in the middle of its second.
    const first = startWorker("stopped", 1, (text) => { if (/^\d+\.step/m.test(text)) setTimeout(() => first.process.kill("SIGINT"), 20); }), run = startCli(batch("stopped", at));
    expect((await first.ended).code).toBe(130);
    const second = startWorker("stopped");
    expect((await run.ended).code).toBe(0);
    second.process.kill("SIGINT");
    await second.ended;
    expect(readRows(join(at, "out"))).toHaveLength(4);
  });

  it("fetches inputs by address and holds them to their hash", { timeout: 240_000 }, async () => {
    const at = makeFolder("fetch", { "in/a b.step": good, "in/changed.step": good, "in/gone.step": good });
    const http = createServer((request, response) => {
      if (request.url === "/base/a%20b.step") response.end(good);
      else if (request.url === "/base/changed.step") response.end("something else");
      else { response.statusCode = 404; response.end(); }
    });
    await new Promise<void>((done) => { http.listen(0, "127.0.0.1", () => done()); });
    const worker = startWorker("fetch", 2);
    await runCli(batch("fetch", at, "--base-url", `http://127.0.0.1:${(http.address() as AddressInfo).port}/base/`));
    http.close();
    worker.process.kill("SIGINT");
    await worker.ended;
    expect(readRows(join(at, "out")).map((r) => r.problem?.code)).toEqual([undefined, "INPUT_CHANGED", "FILE_UNREADABLE"]);
  });
});
