import { Engine } from "../engine.ts";
import { kernelFiles } from "./kernel-files.ts";
import type { ChildMessage, ChildRequest } from "./child-protocol.ts";
import { runJob } from "./run-job.ts";

/**
 * The crash boundary: a process that takes one file at a time down the one path. Its parent kills it when it
 * takes too long or too much memory; after a trap the parent throws it away.
 */
const engine = Engine.create(kernelFiles);

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
say({ kind: "ready" });
