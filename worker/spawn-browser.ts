import type { WorkerHandle } from "./client.ts";

/** Starts the worker bundle at a URL. */
export function spawnBrowserWorker(url: string | URL): WorkerHandle {
  const worker = new Worker(url, { type: "module", name: "oversize" });
  return {
    endpoint: worker,
    terminate: () => worker.terminate(),
    onDeath: (listener) => {
      worker.addEventListener("error", (event) => listener(event.message ?? "the worker stopped"), { once: true });
      worker.addEventListener("messageerror", () => listener("a message could not be read"), { once: true });
    },
  };
}
