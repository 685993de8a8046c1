import { Queue, QueueEvents } from "bullmq";
import { createHash } from "node:crypto";
import type { BatchRow } from "../../report/batch/batch-row.ts";
import { uriOf } from "../../report/batch/batch-format.ts";
import { fail, ok, type Result } from "../../result.ts";
import type { BatchItem } from "./batch-item.ts";
import { failedRow } from "./run-item.ts";
import { identify, type Identified, type RunOptions } from "./run-batch.ts";
import { recordId } from "./run-log.ts";
import { redisConnection } from "./redis-connection.ts";

/** What the queue carries: where the input is, its hash, and its settings. */
export interface QueuePayload {
  readonly item: BatchItem;
  readonly sha256: string;
  readonly key: string;
  /** Fetched instead of `item.job.input`. */
  readonly url?: string;
}

/** Where the queue is. */
export interface QueueOptions {
  readonly url: string;
  readonly name: string;
  readonly baseUrl?: string;
}

/** Events tell at once; asking now and then makes up for those that were missed. */
const ASK_EVERY_MS = 5000;
const ADD_AT_ONCE = 500;

/**
 * Hands every input to `oversize worker` processes and records what comes back. A job's id is made from the input's
 * record, so handing it over again (a second `--resume`) finds the first one: it is done once. QUEUE_FAILED.
 */
export async function runQueue(items: readonly BatchItem[], options: RunOptions, where: QueueOptions): Promise<Result<BatchRow[]>> {
  const rows: BatchRow[] = [];
  const finish = (row: BatchRow, reused = false): void => {
    if (!reused) options.log.append({ kind: "done", row, at: new Date().toISOString() });
    rows.push(row);
    options.onRow(row, reused);
  };
  const connection = await redisConnection(where.url);
  if (!connection.ok) return connection;
  const queue = new Queue<QueuePayload, BatchRow>(where.name, { connection: connection.value }), events = new QueueEvents(where.name, { connection: connection.value });
  // Without a listener a lost connection would end the process; the client reconnects by itself.
  queue.on("error", () => {});
  events.on("error", () => {});
  try {
    await events.waitUntilReady();
    await follow({ items, options, where, queue, events, finish });
    return ok(rows);
  } catch (error) {
    return fail("QUEUE_FAILED", (error as Error).message);
  } finally {
    await Promise.allSettled([events.close(), queue.close()]);
  }
}

interface Following {
  readonly items: readonly BatchItem[];
  readonly options: RunOptions;
  readonly where: QueueOptions;
  readonly queue: Queue<QueuePayload, BatchRow>;
  readonly events: QueueEvents;
  readonly finish: (row: BatchRow, reused?: boolean) => void;
}

async function follow({ items, options, where, queue, events, finish }: Following): Promise<void> {
  const waiting = new Map<string, Identified>();
  const settle = async (id: string): Promise<void> => {
    const one = waiting.get(id), job = one && await queue.getJob(id);
    if (!one || !waiting.has(id)) return;
    if (job && !(await job.isCompleted()) && !(await job.isFailed())) return;
    const row = job ? await rowOf(job, one) : failedRow(one, fail("CRASH", "The queue lost the job.").problem, 0, 0);
    // While this was asked, another event may have settled it.
    if (waiting.delete(id)) finish(row);
  };
  const told = ({ jobId }: { jobId: string }): void => { settle(jobId).catch(() => {}); };
  events.on("completed", told).on("failed", told);
  for (let i = 0; i < items.length && !options.signal.aborted; i += ADD_AT_ONCE) {
    const batch: Identified[] = [];
    for (const item of items.slice(i, i + ADD_AT_ONCE)) {
      if (item.problem) { finish(failedRow({ item, key: "" }, item.problem, 0, 0)); continue; }
      const one = await identify(item, options, finish);
      if (one) batch.push(one);
    }
    for (const one of batch) waiting.set(jobId(one), one);
    await forgetOld(queue, batch, options);
    await queue.addBulk(batch.map((one) => ({ name: one.item.file, data: payload(one, where), opts: { jobId: jobId(one), attempts: 1, removeOnComplete: { age: 7 * 86_400 }, removeOnFail: { age: 7 * 86_400 } } })));
  }
  while (waiting.size > 0 && !options.signal.aborted) {
    await pause(ASK_EVERY_MS, options.signal, () => waiting.size === 0);
    for (const id of [...waiting.keys()]) await settle(id);
  }
  // Interrupted: what nobody has begun is taken back, and the next run hands it over again.
  if (options.signal.aborted) for (const id of waiting.keys()) await (await queue.getJob(id))?.remove().catch(() => {});
}

/** A failed job of an earlier run is in the way of its retry; without `--resume` so is any finished one. */
async function forgetOld(queue: Queue<QueuePayload, BatchRow>, batch: readonly Identified[], options: RunOptions): Promise<void> {
  for (const one of batch) {
    const job = await queue.getJob(jobId(one));
    if (!job) continue;
    const finished = (await job.isCompleted()) || (await job.isFailed());
    const failed = finished && (job.returnvalue === null || job.returnvalue?.status === "failed");
    if (finished && (!options.resume || (failed && options.retryFailed))) await job.remove().catch(() => {});
  }
}

async function rowOf(job: { id?: string; returnvalue: BatchRow; failedReason?: string; isCompleted: () => Promise<boolean> }, one: Identified): Promise<BatchRow> {
  if (await job.isCompleted() && job.returnvalue) return job.returnvalue;
  return failedRow(one, fail("CRASH", `${job.failedReason ?? "The worker gave no result"}.`, "Workers ended while they worked on it; look at the file by itself, then use --retry-failed.").problem, 0, 0);
}

/** Ids may not be numbers or hold a colon. */
const jobId = (one: Identified): string => `part-${createHash("sha256").update(recordId(one.item.output, one.key)).update(one.item.job.outDir).digest("hex")}`;

function payload({ item, sha256, key }: Identified, { baseUrl }: QueueOptions): QueuePayload {
  return { item, sha256, key, ...(baseUrl && { url: `${baseUrl.replace(/\/$/, "")}/${uriOf(item.file)}` }) };
}

/** Waits, but not longer than needed. */
async function pause(ms: number, signal: AbortSignal, over: () => boolean): Promise<void> {
  for (let waited = 0; waited < ms && !signal.aborted && !over(); waited += 100) await new Promise((done) => { setTimeout(done, 100); });
}
