import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { summariseReport, type BatchRow } from "../../report/batch/batch-row.ts";
import { fail, type Problem } from "../../result.ts";
import type { EngineChild } from "../engine-child.ts";
import type { JobOutcome } from "../job.ts";
import type { BatchItem } from "./batch-item.ts";

/** Codes that may be the fault of what the process did before. */
const TRAPS = new Set(["CRASH", "OUT_OF_MEMORY"]);

/** An input with its hash, on its way through a child. */
export interface ItemRun {
  readonly item: BatchItem;
  readonly sha256: string;
  readonly key: string;
  readonly signal?: AbortSignal;
}

/**
 * Takes one input through a child and says what became of it. A process that dies after other work gets one more
 * chance, fresh; dying then is the file's own doing. Undefined when it was cancelled: then nothing is recorded.
 */
export async function runItem(child: EngineChild, run: ItemRun): Promise<BatchRow | undefined> {
  const { item, sha256, signal } = run, start = performance.now();
  if (item.problem) return failedRow(run, item.problem, 0, 0);
  let outcome: JobOutcome, attempts = 0, wasUsed: boolean;
  do {
    wasUsed = child.used;
    outcome = await child.run(item.job, { timeoutMs: item.timeoutMs, signal });
    attempts++;
    if (!outcome.ok) await sweep(item);
  } while (!outcome.ok && TRAPS.has(outcome.problem.code) && wasUsed && !signal?.aborted);
  const durationMs = Math.round(performance.now() - start);
  if (!outcome.ok) return signal?.aborted || outcome.problem.code === "CANCELLED" ? undefined : failedRow(run, outcome.problem, durationMs, attempts);
  if (outcome.report.part.sha256 !== sha256) return failedRow(run, fail("INPUT_CHANGED").problem, durationMs, attempts);
  return {
    file: item.file, output: item.output, sha256, key: run.key, ...summariseReport(outcome.report),
    files: await measure(item, outcome.files), durationMs, attempts,
  };
}

/** The result of an input that failed. */
export function failedRow(run: { item: BatchItem; sha256?: string; key: string }, problem: Problem, durationMs: number, attempts: number): BatchRow {
  const { code, message, suggestion } = problem;
  return {
    file: run.item.file, output: run.item.output, ...(run.sha256 !== undefined && { sha256: run.sha256 }), key: run.key, status: "failed",
    problem: { code, message, suggestion }, warnings: [], codes: [], molds: { exact: 0, facets: 0 }, files: [], durationMs, attempts,
  };
}

/** Sizes of what was written, named from the output folder. */
async function measure({ job, output }: BatchItem, files: readonly string[]): Promise<BatchRow["files"]> {
  const folder = dirname(output) === "." ? "" : `${dirname(output)}/`;
  return Promise.all(files.map(async (name) => ({ path: `${folder}${name}`, bytes: (await stat(join(job.outDir, name))).size })));
}

/** Removes what a killed process left half written. */
export async function sweep({ job }: BatchItem): Promise<void> {
  const names = await readdir(job.outDir).catch(() => []);
  const left = names.filter((name) => name.startsWith(`${job.stem}.`) && /\.[0-9a-f]{8}\.tmp$/.test(name));
  await Promise.all(left.map((name) => rm(join(job.outDir, basename(name)), { force: true })));
}
