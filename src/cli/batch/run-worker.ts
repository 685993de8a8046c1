import { WaitingError, Worker } from "bullmq";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { BatchRow } from "../../report/batch/batch-row.ts";
import { fail, ok, type Result } from "../../result.ts";
import { EngineChild } from "../engine-child.ts";
import { printable } from "../terminal.ts";
import { hashFile } from "./batch-item.ts";
import { redisConnection } from "./redis-connection.ts";
import { failedRow, runItem, sweep } from "./run-item.ts";
import type { QueuePayload } from "./run-queue.ts";

/** How a worker works. */
export interface WorkerOptions {
  readonly url: string;
  readonly name: string;
  readonly jobs: number;
  readonly maxMemoryMb: number;
  readonly recycleAfter: number;
  /** A worker silent this long has lost its parts to others. */
  readonly stalledMs: number;
  /** End when the queue is empty. */
  readonly drain: boolean;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/** A part whose workers died this often is what kills them. */
const MAX_DEATHS = 3;

/**
 * Takes parts from the queue until told to stop. The processor only starts and kills the same child process that
 * `batch` uses, so this process always answers the queue in time. QUEUE_FAILED.
 */
export async function runWorker(options: WorkerOptions): Promise<Result<void>> {
  const connection = await redisConnection(options.url);
  if (!connection.ok) return connection;
  const idle: EngineChild[] = [], all = new Set<EngineChild>();
  const take = async (payload: QueuePayload): Promise<BatchRow | undefined> => {
    const child = idle.pop() ?? new EngineChild(options);
    all.add(child);
    try {
      return await work(child, payload, options.signal);
    } finally {
      idle.push(child);
    }
  };
  const worker = new Worker<QueuePayload, BatchRow>(options.name, async (job, token) => {
    const row = await take(job.data);
    if (row) return row;
    await job.moveToWait(token);
    throw new WaitingError();
  }, {
    connection: connection.value, concurrency: options.jobs, lockDuration: options.stalledMs, stalledInterval: options.stalledMs, maxStalledCount: MAX_DEATHS,
  });
  worker.on("error", (error) => options.tell(`queue: ${error.message}`));
  worker.on("completed", (_job, row) => options.tell(`${printable(row.file)}: ${row.problem?.code ?? row.status}`));
  options.tell(`worker ready, ${options.jobs} at a time`);
  await untilDone(worker, options);
  await worker.close();
  for (const child of all) child.kill();
  return ok(undefined);
}

function untilDone(worker: Worker, { drain, signal }: WorkerOptions): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve());
    if (signal.aborted) resolve();
    if (drain) worker.on("drained", () => resolve());
  });
}

/** Undefined when the part was cancelled: then another worker gets it. */
async function work(child: EngineChild, { item, sha256, key, url }: QueuePayload, signal: AbortSignal): Promise<BatchRow | undefined> {
  const local = url === undefined ? ok({ path: item.job.input, done: async () => {} }) : await download(url, basename(item.job.input), item.job.maxBytes);
  if (!local.ok) return failedRow({ item, sha256, key }, local.problem, 0, 1);
  try {
    const hash = await hashFile(local.value.path);
    if (!hash.ok) return failedRow({ item, sha256, key }, hash.problem, 0, 1);
    if (hash.value !== sha256) return failedRow({ item, sha256, key }, fail("INPUT_CHANGED").problem, 0, 1);
    await sweep(item);
    return await runItem(child, { item: { ...item, job: { ...item.job, input: local.value.path } }, sha256, key, signal });
  } finally {
    await local.value.done();
  }
}

async function readBody(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [], reader = body.getReader();
  for (let total = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces);
    pieces.push(value);
    total += value.length;
    if (total > maxBytes) {
      await reader.cancel();
      throw new Error(`over ${maxBytes} bytes`);
    }
  }
}

/** Fetches an input into a folder of its own. FILE_UNREADABLE. */
async function download(url: string, name: string, maxBytes: number): Promise<Result<{ path: string; done: () => Promise<void> }>> {
  const folder = await mkdtemp(join(tmpdir(), "oversize-")), path = join(folder, name);
  const done = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`${response.status} ${response.statusText}`);
    await writeFile(path, await readBody(response.body, maxBytes));
    return ok({ path, done });
  } catch (error) {
    await done();
    return fail("FILE_UNREADABLE", `${url}: ${(error as Error).message}.`);
  }
}
