import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BatchRow } from "../src/report/batch/batch-row.ts";
import { badFiles, corpusFiles } from "./corpus.ts";
import { mutate } from "./mutate.ts";

/** The built command line. */
export const CLI = fileURLToPath(new URL("../dist/cli/oversize.js", import.meta.url));
/** Parts of our own. */
export const SAMPLES = fileURLToPath(new URL("../samples", import.meta.url));

/** What a process that ended left. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `oversize`; `ended` resolves when it is gone. */
export function startCli(args: readonly string[], options: { cwd?: string; env?: Record<string, string>; onStdout?: (text: string) => void; onStderr?: (text: string) => void; input?: string } = {}): { process: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "", stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => { stdout += text; options.onStdout?.(text); });
  child.stderr.setEncoding("utf8").on("data", (text: string) => { stderr += text; options.onStderr?.(text); });
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const ended = new Promise<Ended>((resolve) => child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })));
  return { process: child, ended };
}

/** Runs `oversize` to its end. */
export const runCli = (args: readonly string[], options: Parameters<typeof startCli>[1] = {}): Promise<Ended> => startCli(args, options).ended;

/** A folder that goes away with the test. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "oversize-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes files into a folder; the keys are paths in it. */
export function plant(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Rows of a finished batch, without what differs from run to run. */
export function readRows(outDir: string): Omit<BatchRow, "durationMs" | "attempts">[] {
  return readFileSync(join(outDir, "batch.jsonl"), "utf8").trim().split("\n").map((line) => {
    const { durationMs: _durationMs, attempts: _attempts, files, ...row } = JSON.parse(line) as BatchRow;
    // A report holds its own timings, so its size may differ by a digit.
    return { ...row, files: files.map((f) => (f.path.endsWith(".json") || f.path.endsWith(".html") ? { path: f.path, bytes: 0 } : f)) };
  });
}

/** Every file below a folder, `/` between. */
export const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(folder.length + 1)).sort();

/** Lays out open files, bad inputs and damaged copies in a folder; says how many inputs that makes. */
export function layOutCorpus(folder: string, { open, damaged }: { open: (bytes: number) => boolean; damaged: number }): number {
  let inputs = 0;
  for (const { path, truth } of corpusFiles()) {
    if (!open(readFileSync(path).length)) continue;
    mkdirSync(dirname(join(folder, truth.file)), { recursive: true });
    cpSync(path, join(folder, truth.file));
    inputs++;
  }
  for (const { file, path } of badFiles()) {
    if (!existsSync(path) || file.endsWith("/")) continue;
    mkdirSync(dirname(join(folder, "bad", file)), { recursive: true });
    cpSync(path, join(folder, "bad", file));
    // A folder's own name does not make it a part.
    if (/\.(step|stp|stpz)$|\.gz$|noextension$/i.test(file)) inputs++;
  }
  mkdirSync(join(folder, "bad/fs/directory.step"), { recursive: true });
  mkdirSync(join(folder, "damaged"), { recursive: true });
  const sources = readdirSync(SAMPLES).filter((name) => name.endsWith(".step")).map((name) => join(SAMPLES, name));
  for (let seed = 0; seed < damaged; seed++) writeFileSync(join(folder, `damaged/${String(seed).padStart(3, "0")}.step`), mutate(readFileSync(sources[seed % sources.length]), seed).bytes);
  return inputs + damaged;
}
