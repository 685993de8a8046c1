import type { Command } from "commander";
import { runWorker } from "../batch/run-worker.ts";
import { CHILD_DEFAULTS } from "../engine-child.ts";
import { EXIT } from "../exit-codes.ts";
import { count, positive } from "../part-options.ts";
import { affordableJobs } from "../process-memory.ts";
import { withSettings } from "../settings.ts";
import { showProblem } from "../terminal.ts";

interface WorkerOptions {
  readonly queue?: string;
  readonly queueName: string;
  readonly jobs?: number;
  readonly maxMemory: number;
  readonly recycle: number;
  readonly stalled: number;
  readonly drain?: boolean;
  readonly quiet?: boolean;
}

/** Registers `worker`: takes parts from the queue of `batch --queue`. */
export function register(program: Command): void {
  withSettings(program.command("worker").description("work on parts that `oversize batch --queue` hands over"))
    .option("--queue <url>", "Redis URL, for instance redis://host:6379")
    .option("--queue-name <name>", "name of the queue", "oversize")
    .option("--jobs <n>", "parts at a time (default: cores, as far as memory goes)", count)
    .option("--max-memory <mb>", "memory limit of one file", positive, CHILD_DEFAULTS.maxMemoryMb)
    .option("--recycle <n>", "parts after which a process is replaced", count, CHILD_DEFAULTS.recycleAfter)
    .option("--stalled <seconds>", "a part whose worker has been silent this long goes to another", positive, 30)
    .option("--drain", "end when the queue is empty")
    .option("--quiet", "no progress")
    .addHelpText("after", "\nInput and output folders must be at the same path here as where batch runs (a shared folder).\n\nExample:\n  oversize worker --queue redis://queue-host:6379")
    .action(async (options: WorkerOptions) => {
      const stop = new AbortController(), interrupt = (): void => stop.abort();
      process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
      const ended = await runWorker({
        url: options.queue ?? "", name: options.queueName, jobs: options.jobs ?? affordableJobs(options.maxMemory), maxMemoryMb: options.maxMemory,
        recycleAfter: options.recycle, stalledMs: options.stalled * 1000, drain: options.drain === true, signal: stop.signal,
        tell: (text) => { if (!options.quiet) process.stderr.write(`${text}\n`); },
      });
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      if (!ended.ok) showProblem(ended.problem);
      process.exitCode = !ended.ok ? EXIT.usage : stop.signal.aborted ? EXIT.interrupted : EXIT.ok;
    });
}
