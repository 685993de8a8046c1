import { helpersFor, type HelperSupply } from "../src/dfm/check-helpers.ts";

/** Name under which the worker's own script runs as a helper of a check. */
export const HELPER_NAME = "oversize-helper";

/**
 * Workers of the worker: its own script again, under another name, so that a plug-in that carries one script needs no
 * second. They end with the worker that made them.
 */
export function workerSupply(): HelperSupply {
  const cores = typeof navigator === "undefined" ? 1 : navigator.hardwareConcurrency || 1;
  return {
    count: typeof Worker === "undefined" ? 0 : helpersFor(cores),
    spawn: () => {
      const worker = new Worker(self.location.href, { type: "module", name: HELPER_NAME });
      return {
        send: (request) => worker.postMessage(request),
        onAnswer: (listener) => worker.addEventListener("message", ({ data }) => listener(data)),
        onDeath: (listener) => {
          worker.addEventListener("error", (event) => {
            // Unhandled it would go on to this worker's owner, who would take this worker for dead.
            event.preventDefault();
            listener(event.message || "the thread stopped");
          }, { once: true });
          worker.addEventListener("messageerror", () => listener("a message could not be read"), { once: true });
        },
        hold: () => {},
        terminate: () => worker.terminate(),
      };
    },
  };
}
