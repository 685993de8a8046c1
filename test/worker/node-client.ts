import { readFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { build } from "esbuild";
import { KERNEL_FILES, type KernelName } from "../../src/kernels.ts";
import { OversizeClient, type WorkerHandle } from "../../worker/client.ts";

const bundle = fileURLToPath(new URL("../../dist/test/worker.mjs", import.meta.url));

/** Bundles the session for Node's worker threads. */
export async function bundleWorker(): Promise<void> {
  await mkdir(fileURLToPath(new URL("../../dist/test/", import.meta.url)), { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL("node-entry.ts", import.meta.url))], outfile: bundle, bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "error",
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname, __filename = import.meta.filename;' },
  });
}

/** The client over worker threads, with the kernels of dist/ handed over as bytes. `spawned` counts the workers. */
export function nodeClient(): { client: OversizeClient; spawned: () => number } {
  let count = 0;
  const client = new OversizeClient({
    spawn: () => { count++; return spawn(); },
    kernels: async () => ({
      kind: "bytes",
      files: Object.fromEntries(await Promise.all(Object.entries(KERNEL_FILES).map(async ([name, file]) => {
        const bytes = await readFile(new URL(`../../dist/kernels/${file}`, import.meta.url));
        return [name as KernelName, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)];
      }))),
    }),
  });
  return { client, spawned: () => count };
}

function spawn(): WorkerHandle {
  const worker = new Worker(bundle);
  return {
    endpoint: nodeEndpoint(worker),
    terminate: () => void worker.terminate(),
    onDeath: (listener) => {
      worker.once("error", (error) => listener(error.message));
      worker.once("exit", (code) => listener(`exit ${code}`));
    },
  };
}
