/**
 * Service worker: keeps the page, the worker and the kernels, so that everything works without a network after
 * the first load. Files come from the network while there is one, else from the cache.
 */
interface FetchEventLike extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface LifeEvent extends Event { waitUntil(done: Promise<unknown>): void }

/** Parts of the page and the worker that are loaded when they are needed; written in by the build. */
declare const CHUNKS: readonly string[];

const CACHE = "oversize-page";
const scope = globalThis as typeof globalThis & { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };
const FILES = ["./", "./studio.js", "./worker.js", "./samples/index.json", "../report-viewer.js", "../kernels/spatial.wasm", "../kernels/manifold.wasm", ...CHUNKS];

scope.addEventListener("install", (event) => {
  const keep = async (): Promise<void> => {
    const cache = await caches.open(CACHE);
    await Promise.all(FILES.map((file) => cache.add(file).catch(() => {})));
    await scope.skipWaiting();
  };
  (event as LifeEvent).waitUntil(keep());
});

scope.addEventListener("activate", (event) => (event as LifeEvent).waitUntil(scope.clients.claim()));

scope.addEventListener("fetch", (event) => {
  const { request } = event as FetchEventLike;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  // The worker keeps the large kernels itself, with their progress.
  if (/\/kernels\/occt/.test(request.url)) return;
  (event as FetchEventLike).respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
