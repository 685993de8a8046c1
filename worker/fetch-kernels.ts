import { KERNEL_FILES, type KernelName, type KernelSource } from "../src/kernels.ts";
import type { FetchListener, KernelSupply } from "./protocol.ts";

const CACHE = "oversize-kernels";

/**
 * Kernel bytes for a worker. Files of a folder are kept in the browser's cache so that a restarted worker has them
 * at once; the `early` ones are fetched in parallel before anyone asks.
 */
export function kernelSource(supply: KernelSupply, early: readonly KernelName[] = [], onFetch: FetchListener = () => {}): KernelSource {
  if (supply.kind === "bytes") {
    return async (name) => supply.files[name] ?? Promise.reject(new Error(`kernel ${name} is not in the package`));
  }
  const get = (name: KernelName): Promise<ArrayBuffer> => fetchKernel(new URL(KERNEL_FILES[name], supply.base).href, (loaded, total) => onFetch(name, loaded, total));
  const waiting = new Map(early.map((name) => [name, get(name)]));
  // A failure shows when the kernel is asked for.
  for (const fetched of waiting.values()) fetched.catch(() => {});
  return (name) => {
    const fetched = waiting.get(name) ?? get(name);
    waiting.delete(name);
    return fetched;
  };
}

async function fetchKernel(url: string, onBytes: (loaded: number, total: number) => void): Promise<ArrayBuffer> {
  const cache = typeof caches === "undefined" ? undefined : await caches.open(CACHE).catch(() => undefined);
  const version = await fetch(url, { method: "HEAD" }).then((r) => (r.ok ? r.headers.get("etag") ?? r.headers.get("content-length") : null)).catch(() => null);
  const kept = await cache?.match(url);
  if (kept && (version === null || kept.headers.get("x-version") === version)) return kept.arrayBuffer();
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
  const bytes = await readAll(response, onBytes);
  await cache?.put(url, new Response(bytes, { headers: { "x-version": version ?? "" } })).catch(() => {});
  return bytes;
}

async function readAll(response: Response, onBytes: (loaded: number, total: number) => void): Promise<ArrayBuffer> {
  const total = Number(response.headers.get("x-bytes") ?? response.headers.get("content-length") ?? 0);
  const reader = response.body!.getReader(), chunks: Uint8Array[] = [];
  let loaded = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    loaded += next.value.length;
    onBytes(loaded, total);
  }
  const all = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) { all.set(chunk, at); at += chunk.length; }
  return all.buffer;
}
