import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { Engine } from "../engine.ts";
import { kernelFiles, quickKernelFiles } from "./kernel-files.ts";
import { QUICK, type ChildMessage, type ChildRequest } from "./child-protocol.ts";
import { runJob } from "./run-job.ts";
import { threadSupply } from "./thread-supply.ts";

/**
 * The crash boundary: a process that takes one file at a time down the one path. Its parent kills it when it
 * takes too long or too much memory; after a trap the parent throws it away. Its arguments are how many threads may help
 * a check, and {@link QUICK} for kernels that are compiled quickly.
 */
const engine = Engine.create(process.argv[3] === QUICK ? quickKernelFiles : kernelFiles, threadSupply(Number(process.argv[2] ?? 0)));

const say = (message: ChildMessage): void => { process.send?.(message); };

process.on("message", (request: ChildRequest) => {
  void (async () => {
    const outcome = await runJob(engine, request.job, {
      onProgress: (stage, fraction) => say({ kind: "progress", id: request.id, stage, fraction }),
    });
    say({ kind: "done", id: request.id, outcome });
  })();
});
process.on("disconnect", () => process.exit(0));
// Ctrl-C reaches the whole group; the parent decides what happens to the work in hand.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
endWithParent();
volunteer();
say({ kind: "ready" });

/** A kernel call can block this thread for minutes; another thread notices that the parent is gone and ends the process. */
function endWithParent(): void {
  const watch = `
    const parent = process.ppid;
    const gone = () => { if (process.ppid !== parent) return true; try { process.kill(parent, 0); return false; } catch (e) { return e.code === "ESRCH"; } };
    setInterval(() => { if (gone()) process.kill(process.pid, "SIGKILL"); }, 500);`;
  new Worker(watch, { eval: true }).unref();
}

/** When the machine runs out of memory, Linux is to end this process rather than the one that keeps the log. */
function volunteer(): void {
  try {
    if (process.platform === "linux") writeFileSync("/proc/self/oom_score_adj", "800");
  } catch { /* not allowed here: the system chooses */ }
}
