import { createHash } from "node:crypto";
import { closeSync, existsSync, fdatasyncSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { BatchRow } from "../../report/batch/batch-row.ts";

/**
 * The run log: append-only JSON lines, each carrying the hash of its own text, so that a line cut short by a
 * crash at any byte is seen and passed over, and never taken for a result.
 */
export type LogRecord =
  /** A run began. */
  | { readonly kind: "run"; readonly version: string; readonly at: string; readonly inputs: number }
  /** Work on an input began; without a `done` it was cut short. `alone`: nothing else was running. */
  | { readonly kind: "try"; readonly output: string; readonly key: string; readonly alone: boolean; readonly at: string }
  | { readonly kind: "done"; readonly row: BatchRow; readonly at: string };

/** What the logs of a folder say. */
export interface LogState {
  /** Last result of each output, by {@link recordId}. */
  readonly done: ReadonlyMap<string, BatchRow>;
  /** Attempts after the last result that never ended, by {@link recordId}. */
  readonly unfinished: ReadonlyMap<string, { readonly times: number; readonly alone: number }>;
  /** Lines that were not whole. */
  readonly torn: number;
}

/** One result is one output from one content with one set of settings. */
export const recordId = (output: string, key: string): string => `${key} ${output}`;

/** Name of a run's log; each shard writes its own. */
export const logName = (shard?: { index: number; count: number }): string => (shard ? `batch.log.${shard.index}-of-${shard.count}.jsonl` : "batch.log.jsonl");

const LOG_NAME = /^batch\.log(\.\d+-of-\d+)?\.jsonl$/;
const LINE = /^\{"sum":"([0-9a-f]{16})",(.*)\}$/;

const checksum = (body: string): string => createHash("sha256").update(body).digest("hex").slice(0, 16);

/** A record as its line, newline included. */
export function encodeRecord(record: LogRecord): string {
  const body = JSON.stringify(record).slice(1, -1);
  return `{"sum":"${checksum(body)}",${body}}\n`;
}

/** The record of a line, or undefined when the line is not whole. */
export function decodeRecord(line: string): LogRecord | undefined {
  const [, sum, body] = LINE.exec(line) ?? [];
  return body !== undefined && checksum(body) === sum ? (JSON.parse(`{${body}}`) as LogRecord) : undefined;
}

/** Reads every log in `dir` (those of all shards); the latest record counts. */
export function readLogs(dir: string): LogState {
  const names = existsSync(dir) ? readdirSync(dir).filter((name) => LOG_NAME.test(name)).sort() : [];
  return replay(names.map((name) => readFileSync(join(dir, name), "utf8")));
}

/** What the texts of logs say; later records win, by their time. */
export function replay(texts: readonly string[]): LogState {
  const done = new Map<string, { row: BatchRow; at: string }>(), unfinished = new Map<string, { times: number; alone: number }>();
  let torn = 0;
  for (const text of texts) for (const line of text.split("\n")) {
    if (line === "") continue;
    const record = decodeRecord(line);
    if (!record) { torn++; continue; }
    if (record.kind === "try") {
      const id = recordId(record.output, record.key), before = unfinished.get(id) ?? { times: 0, alone: 0 };
      unfinished.set(id, { times: before.times + 1, alone: before.alone + (record.alone ? 1 : 0) });
    } else if (record.kind === "done") {
      const id = recordId(record.row.output, record.row.key), before = done.get(id);
      if (!before || before.at <= record.at) done.set(id, record);
      unfinished.delete(id);
    }
  }
  return { done: new Map([...done].map(([id, { row }]) => [id, row])), unfinished, torn };
}

/** Appends to a log. Every record is one write, and is on the disk when `append` returns. */
export class RunLog {
  readonly #file: number;

  constructor(dir: string, name: string) {
    mkdirSync(dir, { recursive: true });
    this.#file = openSync(join(dir, name), "a+");
    const { size } = fstatSync(this.#file), last = Buffer.alloc(1);
    // A torn last line must not swallow the next record.
    if (size > 0 && readSync(this.#file, last, 0, 1, size - 1) === 1 && last[0] !== 10) writeSync(this.#file, "\n");
  }

  append(record: LogRecord): void {
    const line = Buffer.from(encodeRecord(record));
    for (let at = 0; at < line.length;) at += writeSync(this.#file, line, at);
    if (record.kind !== "try") fdatasyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}
