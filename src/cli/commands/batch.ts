import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { BatchRow } from "../../report/batch/batch-row.ts";
import { fail, ok, type Problem, type Result } from "../../result.ts";
import { assignOutputs } from "../batch/assign-outputs.ts";
import type { BatchItem } from "../batch/batch-item.ts";
import { batchProgress } from "../batch/batch-progress.ts";
import { collectInputs } from "../batch/collect-inputs.ts";
import { lockFolder } from "../batch/lock-folder.ts";
import { readTable } from "../batch/part-settings.ts";
import { planBatch, shardOf } from "../batch/plan-batch.ts";
import { runBatch, type RunOptions } from "../batch/run-batch.ts";
import { logName, readLogs, RunLog } from "../batch/run-log.ts";
import { runQueue } from "../batch/run-queue.ts";
import { chooseShard, type Shard } from "../batch/shard.ts";
import { writeSummaries } from "../batch/write-summaries.ts";
import { CHILD_DEFAULTS } from "../engine-child.ts";
import { EXIT } from "../exit-codes.ts";
import { addFailOn, FAIL_ON, type FailOn } from "../fail-on.ts";
import { addMoldOptions, addReadOptions, count, positive, type PartOptions } from "../part-options.ts";
import { affordableJobs } from "../process-memory.ts";
import { readText } from "../read-text.ts";
import { withSettings } from "../settings.ts";
import { showProblem } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Options of `batch`. */
interface BatchOptions extends PartOptions {
  readonly out: string;
  readonly check: boolean;
  readonly mold: boolean;
  readonly filesFrom?: string;
  readonly root?: string;
  readonly keepExtension?: boolean;
  readonly table?: string;
  readonly jobs?: number;
  readonly maxMemory: number;
  readonly recycle: number;
  readonly resume?: boolean;
  readonly retryFailed?: boolean;
  readonly shard?: string;
  readonly failOn: FailOn;
  readonly jsonl?: boolean;
  readonly queue?: string;
  readonly queueName: string;
  readonly baseUrl?: string;
}

const HELP = `
Results mirror the input folders below --out. Beside them: batch.html (start here), batch.csv, batch.jsonl,
batch.junit.xml, batch.sarif and the run log. Settings of a single file come from --table, a CSV with a column
"file" and columns named as the flags, or from NAME.oversize.json beside it.

Exit code: 0 done, 1 findings at or above --fail-on, 2 usage, 3 some files failed, 130 interrupted (go on with --resume).

Examples:
  oversize batch parts --material 17-4PH --out results
  oversize batch 'parts/**/*.stp' --material 316L --no-mold --out results --jsonl
  oversize batch parts --material 17-4PH --out results --resume --retry-failed`;

/** Registers `batch`: the one path over any number of files, nothing lost. */
export function register(program: Command): void {
  const batch = program.command("batch").argument("[input...]", "files, folders, quoted patterns").description("check many parts and make their molds");
  withSettings(addFailOn(addMoldOptions(addReadOptions(batch))))
    .option("--out <dir>", "folder for results", "out")
    .option("--no-check", "do not check")
    .option("--no-mold", "make no molds")
    .option("--files-from <file>", "read further inputs from a file, one a line; - is stdin")
    .option("--root <dir>", "mirror the tree below this folder")
    .option("--keep-extension", "results of part.stp are part.stp.… instead of part.…")
    .option("--table <csv>", "settings for each file")
    .option("--jobs <n>", "parts at a time (default: cores, as far as memory goes)", count)
    .option("--max-memory <mb>", "memory limit of one file", positive, CHILD_DEFAULTS.maxMemoryMb)
    .option("--recycle <n>", "parts after which a process is replaced", count, CHILD_DEFAULTS.recycleAfter)
    .option("--resume", "keep results that are there, do the rest")
    .option("--retry-failed", "with --resume: do failed ones again")
    .option("--shard <i/n>", "only this share of the inputs (Kubernetes: JOB_COMPLETION_INDEX, JOB_COMPLETION_COUNT)")
    .option("--queue <url>", "hand the work to `oversize worker` processes through Redis")
    .option("--queue-name <name>", "name of the queue", "oversize")
    .option("--base-url <url>", "with --queue: workers fetch inputs from below this address")
    .option("--jsonl", "a line of JSON on stdout for each input as it ends")
    .option("--quiet", "no progress")
    .addHelpText("after", HELP)
    .action((inputs: string[], options: BatchOptions, command: Command) => go(command, inputs, options));
}

async function go(command: Command, given: readonly string[], options: BatchOptions): Promise<void> {
  const prepared = await prepare(command, given, options);
  if (!prepared.ok) return end(prepared.problem, EXIT.usage);
  const { items, skipped, shard } = prepared.value, outDir = resolve(options.out), log = logName(shard);
  const lock = await lockFolder(outDir, `${log}.lock`);
  if (!lock.ok) return end(lock.problem, EXIT.usage);
  const stop = new AbortController(), interrupt = (): void => stop.abort();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const rows = await work(items, options, { outDir, log, signal: stop.signal });
    if (!rows.ok) return end(rows.problem, EXIT.failed);
    const name = shard ? `batch.${shard.index}-of-${shard.count}` : "batch";
    const written = await writeSummaries(outDir, name, { version: VERSION, rows: rows.value, missing: items.length - rows.value.length, skipped: skipped.length });
    if (!written.ok) return end(written.problem, EXIT.failed);
    if (!options.quiet) process.stderr.write(`${rows.value.length} of ${items.length} done. ${join(options.out, `${name}.html`)}\n`);
    process.exitCode = stop.signal.aborted ? EXIT.interrupted : exitCode(rows.value, options.failOn);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    lock.value.release();
  }
}

function end(problem: Problem, code: number): void {
  showProblem(problem);
  process.exitCode = code;
}

interface Prepared { readonly items: readonly BatchItem[]; readonly skipped: readonly { path: string; reason: string }[]; readonly shard?: Shard }

/** Everything that can be wrong before work starts. */
async function prepare(command: Command, given: readonly string[], options: BatchOptions): Promise<Result<Prepared>> {
  if (options.baseUrl && !options.queue) return fail("USAGE", "--base-url goes with --queue.");
  const shard = chooseShard(options.shard, process.env);
  if (!shard.ok) return shard;
  const list = options.filesFrom === undefined ? ok("") : readText(options.filesFrom);
  if (!list.ok) return list;
  const collected = await collectInputs(given, { filesFrom: list.value, root: options.root, outDir: options.out });
  if (!collected.ok) return collected;
  const { inputs, skipped } = collected.value;
  tellSkipped(skipped, options.quiet === true);
  const placed = assignOutputs(inputs, options.keepExtension);
  if (!placed.ok) return placed;
  const table = options.table === undefined ? ok(undefined) : readTable(command, options.table, placed.value);
  if (!table.ok) return table;
  if (table.value) tellTable(table.value, options);
  const items = planBatch(command, placed.value, { options, outDir: options.out, check: options.check, mold: options.mold, table: table.value });
  if (!items.ok) return items;
  const chosen = shard.value, mine = chosen ? items.value.filter((item) => shardOf(item.file, chosen.count) === chosen.index) : items.value;
  return ok({ items: mine, skipped, ...(chosen && { shard: chosen }) });
}

function tellSkipped(skipped: Prepared["skipped"], quiet: boolean): void {
  if (quiet || skipped.length === 0) return;
  process.stderr.write(`${skipped.length} passed over in the folders:\n`);
  for (const { path, reason } of skipped.slice(0, 20)) process.stderr.write(`  ${path}: ${reason}\n`);
  if (skipped.length > 20) process.stderr.write(`  and ${skipped.length - 20} more\n`);
}

function tellTable({ unused, ignored }: { unused: readonly string[]; ignored: readonly string[] }, { table, quiet }: BatchOptions): void {
  if (quiet) return;
  if (ignored.length > 0) process.stderr.write(`${table}: columns that are no settings: ${ignored.join(", ")}\n`);
  if (unused.length > 0) process.stderr.write(`${table}: ${unused.length} rows name no input, for instance ${unused[0]}\n`);
}

async function work(items: readonly BatchItem[], options: BatchOptions, { outDir, log, signal }: { outDir: string; log: string; signal: AbortSignal }): Promise<Result<BatchRow[]>> {
  const state = readLogs(outDir), file = new RunLog(outDir, log);
  if (state.torn > 0 && !options.quiet) process.stderr.write(`The log has ${state.torn} unfinished lines; what they stood for is done again.\n`);
  const progress = batchProgress(items.length, options.quiet === true);
  const run: RunOptions = {
    outDir, signal, jobs: options.jobs ?? affordableJobs(options.maxMemory), maxMemoryMb: options.maxMemory, recycleAfter: options.recycle,
    resume: options.resume === true || options.retryFailed === true, retryFailed: options.retryFailed === true,
    log: { state, append: (record) => file.append(record) },
    onRow: (row, reused) => {
      if (options.jsonl) process.stdout.write(`${JSON.stringify(row)}\n`);
      progress.row(row, reused);
    },
  };
  file.append({ kind: "run", version: VERSION, at: new Date().toISOString(), inputs: items.length });
  try {
    return options.queue ? await runQueue(items, run, { url: options.queue, name: options.queueName, baseUrl: options.baseUrl }) : ok(await runBatch(items, run));
  } finally {
    progress.stop();
    file.close();
  }
}


function exitCode(rows: readonly BatchRow[], failOn: BatchOptions["failOn"]): number {
  if (rows.some((row) => row.problem)) return EXIT.failed;
  const levels: readonly string[] = FAIL_ON[failOn];
  return rows.some((row) => levels.includes(row.status)) ? EXIT.findings : EXIT.ok;
}
