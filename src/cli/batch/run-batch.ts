import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { BatchRow } from "../../report/batch/batch-row.ts";
import { fail } from "../../result.ts";
import { EngineChild } from "../engine-child.ts";
import { hashFile, itemKey, type BatchItem } from "./batch-item.ts";
import { recordId, type LogRecord, type LogState } from "./run-log.ts";
import { failedRow, runItem, sweep } from "./run-item.ts";

/** How a batch is worked through. */
export interface RunOptions {
  readonly outDir: string;
  readonly jobs: number;
  readonly maxMemoryMb: number;
  readonly recycleAfter: number;
  /** Take results of the log instead of doing the work again. */
  readonly resume: boolean;
  /** With `resume`: failed ones are done again. */
  readonly retryFailed: boolean;
  readonly log: { readonly state: LogState; readonly append: (record: LogRecord) => void };
  readonly signal: AbortSignal;
  readonly onRow: (row: BatchRow, reused: boolean) => void;
}

/** An attempt that was cut short this often in company is made again alone, after everything else. */
const COMPANY_LIMIT = 3;
/** Cut short this often alone, the file is what ends the runs: it is not tried again. */
const ALONE_LIMIT = 3;

/** An input with its hash and what the log knows of it. */
export interface Identified {
  readonly item: BatchItem;
  readonly sha256: string;
  readonly key: string;
}

/** Rows of every input that ended, in no order. A cancelled run has fewer rows than inputs. */
export async function runBatch(items: readonly BatchItem[], options: RunOptions): Promise<BatchRow[]> {
  const rows: BatchRow[] = [], suspects: Identified[] = [];
  const finish = (row: BatchRow, reused = false): void => {
    if (!reused) options.log.append({ kind: "done", row, at: new Date().toISOString() });
    rows.push(row);
    options.onRow(row, reused);
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    const child = new EngineChild(options);
    while (next < items.length && !options.signal.aborted) {
      const one = await identify(items[next++], options, finish);
      if (!one) continue;
      if ((options.log.state.unfinished.get(recordId(one.item.output, one.key))?.times ?? 0) >= COMPANY_LIMIT) suspects.push(one);
      else await work(child, one, options, finish, false);
    }
    child.kill();
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, items.length) }, lane));
  const child = new EngineChild(options);
  for (const one of suspects) if (!options.signal.aborted) await work(child, one, options, finish, true);
  child.kill();
  return rows;
}

/** Hashes an input; undefined when its result is known already. */
export async function identify(item: BatchItem, options: Pick<RunOptions, "resume" | "retryFailed" | "log" | "outDir">, finish: (row: BatchRow, reused?: boolean) => void): Promise<Identified | undefined> {
  const hash = await hashFile(item.job.input), sha256 = hash.ok ? hash.value : undefined, key = itemKey(item, sha256);
  const known = options.resume ? options.log.state.done.get(recordId(item.output, key)) : undefined;
  if (known && !(options.retryFailed && known.status === "failed") && await intact(known, options.outDir)) {
    finish(known, true);
    return undefined;
  }
  if (!hash.ok) {
    finish(failedRow({ item, key }, hash.problem, 0, 0));
    return undefined;
  }
  return { item, sha256: hash.value, key };
}

async function work(child: EngineChild, one: Identified, options: RunOptions, finish: (row: BatchRow) => void, alone: boolean): Promise<void> {
  const { item, key } = one, before = options.log.state.unfinished.get(recordId(item.output, key));
  if (before && before.alone >= ALONE_LIMIT && !options.retryFailed) {
    finish(failedRow(one, fail("CRASH", `${before.times} runs ended while they worked on it; it is not tried again.`, "Look at the file by itself, then use --retry-failed.").problem, 0, before.times));
    return;
  }
  if (before) await sweep(item);
  options.log.append({ kind: "try", output: item.output, key, alone, at: new Date().toISOString() });
  const row = await runItem(child, { ...one, signal: options.signal });
  if (row) finish(row);
}

/** Are the files of a result still there, whole? */
async function intact(row: BatchRow, outDir: string): Promise<boolean> {
  const sizes = await Promise.all(row.files.map(async ({ path }) => (await stat(join(outDir, path)).catch(() => undefined))?.size));
  return row.files.every(({ bytes }, i) => sizes[i] === bytes);
}
