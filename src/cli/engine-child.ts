import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Stage } from "../progress.ts";
import { fail, type Problem } from "../result.ts";
import type { ChildMessage, ChildRequest } from "./child-protocol.ts";
import type { Job, JobOutcome } from "./job.ts";

/** Limits of one job. */
export interface JobLimits {
  readonly timeoutMs: number;
  readonly onProgress?: (stage: Stage, fraction?: number) => void;
  /** Aborting kills the child; the outcome is CANCELLED. */
  readonly signal?: AbortSignal;
}

/** A warm child process. After a kill or a crash the next job starts a fresh one. */
export class EngineChild {
  #process: ChildProcess | undefined;
  #next = 1;

  /** @param entry bundled `child.js`; the one beside this program by default */
  constructor(private readonly entry: string = fileURLToPath(new URL("./child.js", import.meta.url))) {}

  /** Process id of the running child. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Runs one job; never rejects: a crash, a timeout and a cancel are outcomes. */
  run(job: Job, limits: JobLimits): Promise<JobOutcome> {
    const child = (this.#process ??= this.#spawn());
    const id = this.#next++;
    return new Promise((resolve) => {
      const end = (outcome: JobOutcome): void => {
        clearTimeout(timer);
        limits.signal?.removeEventListener("abort", cancel);
        child.off("message", onMessage);
        child.off("exit", onExit);
        resolve(outcome);
      };
      const stop = (problem: Problem): void => { this.kill(); end({ ok: false, problem, files: [] }); };
      const cancel = (): void => stop(fail("CANCELLED").problem);
      const onMessage = (message: ChildMessage): void => {
        if (message.kind === "ready" || message.id !== id) return;
        if (message.kind === "progress") limits.onProgress?.(message.stage, message.fraction);
        else end(message.outcome);
      };
      const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
        if (this.#process === child) this.#process = undefined;
        end({ ok: false, problem: fail("CRASH", `The process ended with ${signal ?? `code ${code}`}.`).problem, files: [] });
      };
      const timer = setTimeout(() => stop(fail("TIMEOUT", `It was stopped after ${limits.timeoutMs / 1000} s.`).problem), limits.timeoutMs);
      child.on("message", onMessage);
      child.on("exit", onExit);
      if (limits.signal?.aborted) return cancel();
      limits.signal?.addEventListener("abort", cancel);
      child.send({ id, job } satisfies ChildRequest);
    });
  }

  /** Ends the child at once. */
  kill(): void {
    const child = this.#process;
    this.#process = undefined;
    child?.kill("SIGKILL");
  }

  #spawn(): ChildProcess {
    // A kernel that aborts prints to stdout or stderr; stdout belongs to the parent's data.
    const child = fork(this.entry, [], { stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: ["--max-old-space-size=4096"] });
    child.stderr?.resume();
    return child;
  }
}
