import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Stage } from "../progress.ts";
import { fail, type Problem } from "../result.ts";
import { QUICK, type ChildMessage, type ChildRequest } from "./child-protocol.ts";
import type { Job, JobOutcome } from "./job.ts";
import { residentMb } from "./process-memory.ts";
import { spareThreads } from "./thread-supply.ts";

/** Limits of one job. */
export interface JobLimits {
  readonly timeoutMs: number;
  readonly onProgress?: (stage: Stage, fraction?: number) => void;
  /** Aborting kills the child; the outcome is CANCELLED. */
  readonly signal?: AbortSignal;
}

/** How a child is kept. */
export interface ChildOptions {
  /** Bundled `child.js`; the one beside this program by default. */
  readonly entry?: string;
  /** Resident memory at which the child is killed: OUT_OF_MEMORY. */
  readonly maxMemoryMb?: number;
  /** Jobs after which the next one gets a fresh process. */
  readonly recycleAfter?: number;
  /** Children at work at a time, this one among them: what cores they leave over help with its checks. */
  readonly jobs?: number;
}

/** The kernels' 32-bit memories end at 4 GB; what a molded part needs is far below this. */
export const CHILD_DEFAULTS = { maxMemoryMb: 3072, recycleAfter: 250 } as const;

/** How often memory is looked at; a kernel fills some 1 GB a second at most. */
const MEMORY_POLL_MS = 200;
/** Share of the limit above which an idle child is replaced: wasm memory never shrinks. */
const IDLE_SHARE = 0.6;

/**
 * A child's kernels are compiled quickly until it has worked this long; then the next one's are optimised. What has lived
 * a minute is likely to live another, which pays for it.
 */
const QUICK_MS = 60_000;

/** A warm child process. After a kill, a crash or enough files the next job starts a fresh one. */
export class EngineChild {
  #process: ChildProcess | undefined;
  #next = 1;
  #jobs = 0;
  #residentMb = 0;
  #workedMs = 0;
  #quick = true;
  #lastWords = "";
  readonly #entry: string;
  readonly #maxMemoryMb: number;
  readonly #recycleAfter: number;
  readonly #helpers: number;

  constructor(options: ChildOptions = {}) {
    this.#entry = options.entry ?? fileURLToPath(new URL("./child.js", import.meta.url));
    this.#maxMemoryMb = options.maxMemoryMb ?? CHILD_DEFAULTS.maxMemoryMb;
    this.#recycleAfter = options.recycleAfter ?? CHILD_DEFAULTS.recycleAfter;
    this.#helpers = spareThreads(options.jobs ?? 1);
  }

  /** Process id of the running child. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Has the running child worked before? What it then dies of may be the fault of an earlier file. */
  get used(): boolean {
    return this.#process !== undefined && this.#jobs > 0;
  }

  /** Runs one job; never rejects: a crash, a timeout, too much memory and a cancel are outcomes. */
  async run(job: Job, limits: JobLimits): Promise<JobOutcome> {
    const start = performance.now(), outcome = await this.#attempt(job, limits);
    this.#workedMs += performance.now() - start;
    this.#jobs++;
    // After a trap the kernel's heap is undefined.
    const trapped = !outcome.ok && (outcome.problem.code === "CRASH" || outcome.problem.code === "OUT_OF_MEMORY");
    if (trapped || this.#jobs >= this.#recycleAfter || this.#residentMb > IDLE_SHARE * this.#maxMemoryMb || (this.#quick && this.#workedMs > QUICK_MS)) this.kill();
    return outcome;
  }

  /** Ends the child at once. */
  kill(): void {
    const child = this.#process;
    this.#process = undefined;
    child?.kill("SIGKILL");
  }

  #attempt(job: Job, limits: JobLimits): Promise<JobOutcome> {
    const child = (this.#process ??= this.#spawn());
    const id = this.#next++;
    return new Promise((resolve) => {
      let reason: Problem | undefined;
      const end = (outcome: JobOutcome): void => {
        clearTimeout(timer);
        clearInterval(watch);
        limits.signal?.removeEventListener("abort", cancel);
        child.off("message", onMessage).off("exit", onExit);
        resolve(outcome);
      };
      const stop = (problem: Problem): void => {
        reason ??= problem;
        this.kill();
      };
      const cancel = (): void => stop(fail("CANCELLED").problem);
      const onMessage = (message: ChildMessage): void => {
        if (message.kind === "ready" || message.id !== id || reason) return;
        if (message.kind === "progress") limits.onProgress?.(message.stage, message.fraction);
        else end(message.outcome);
      };
      // A killed child is waited for: until it is gone it holds memory and may still be writing.
      const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
        end({ ok: false, problem: reason ?? this.#obituary(code, signal), files: [] });
      const timer = setTimeout(() => stop(fail("TIMEOUT", `It was stopped after ${limits.timeoutMs / 1000} s.`).problem), limits.timeoutMs);
      const watch = setInterval(() => void this.#checkMemory(child, stop), MEMORY_POLL_MS);
      child.on("message", onMessage).on("exit", onExit);
      limits.signal?.addEventListener("abort", cancel);
      child.send({ id, job } satisfies ChildRequest, (error) => { if (error) child.kill("SIGKILL"); });
      if (limits.signal?.aborted) cancel();
    });
  }

  async #checkMemory(child: ChildProcess, stop: (problem: Problem) => void): Promise<void> {
    const mb = child.pid === undefined ? undefined : await residentMb(child.pid);
    if (mb === undefined || child !== this.#process) return;
    this.#residentMb = mb;
    if (mb > this.#maxMemoryMb) stop(fail("OUT_OF_MEMORY", `It had ${Math.round(mb)} MB, the limit is ${this.#maxMemoryMb} MB.`).problem);
  }

  #obituary(code: number | null, signal: NodeJS.Signals | null): Problem {
    const memory = /heap out of memory|Array buffer allocation failed|Out of memory/i.exec(this.#lastWords);
    return fail(memory ? "OUT_OF_MEMORY" : "CRASH", `The process ended with ${signal ?? `code ${code}`}${memory ? ` (${memory[0]})` : ""}.`).problem;
  }

  #spawn(): ChildProcess {
    this.#jobs = 0;
    this.#residentMb = 0;
    this.#lastWords = "";
    this.#quick = this.#workedMs <= QUICK_MS;
    // A kernel that aborts prints to stdout or stderr; stdout belongs to the parent's data.
    const child = fork(this.#entry, [String(this.#helpers), ...(this.#quick ? [QUICK] : [])], { stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [`--max-old-space-size=${Math.round(this.#maxMemoryMb)}`] });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => { this.#lastWords = (this.#lastWords + text).slice(-4096); });
    child.on("error", () => child.kill("SIGKILL"));
    child.on("exit", () => { if (this.#process === child) this.#process = undefined; });
    return child;
  }
}
