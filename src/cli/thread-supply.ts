import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { helpersFor, type HelperSupply, type HelperThread } from "../dfm/check-helpers.ts";

/** Helpers for one engine where so many parts are checked at a time: what cores are left over. */
export const spareThreads = (jobs: number): number => helpersFor(Math.floor(availableParallelism() / Math.max(1, jobs)));

/**
 * Worker threads as helpers of a check.
 * @param entry bundled `check-helper.js`; the one beside this program by default
 */
export function threadSupply(count: number, entry: URL = new URL("./check-helper.js", import.meta.url)): HelperSupply {
  return { count, spawn: () => thread(new Worker(entry)) };
}

function thread(worker: Worker): HelperThread {
  worker.unref();
  return {
    send: (request) => worker.postMessage(request),
    onAnswer: (listener) => { worker.on("message", listener); worker.unref(); },
    onDeath: (listener) => {
      worker.once("error", (error) => listener(error.message));
      worker.once("exit", (code) => listener(`exit ${code}`));
    },
    hold: (busy) => { if (busy) worker.ref(); else worker.unref(); },
    terminate: () => void worker.terminate(),
  };
}
