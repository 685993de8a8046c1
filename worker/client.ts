import { proxy, releaseProxy, wrap, type Endpoint, type Remote } from "comlink";
import type { ExportFormat } from "../src/export/formats.ts";
import type { MoldDesign } from "../src/mold/design.ts";
import type { Stage } from "../src/progress.ts";
import { fail, type Result } from "../src/result.ts";
import type { InputFile, OpenOptions, WallAt } from "../src/engine.ts";
import type { Vec3 } from "../src/units.ts";
import type { Checked, CheckSettings, FetchListener, KernelSupply, MapListener, MoldMade, MoldPreview, OpenedPart, OutputFile, ReportRequest, SessionApi } from "./protocol.ts";

/** A running worker, in a page or in Node. */
export interface WorkerHandle {
  readonly endpoint: Endpoint;
  terminate(): void;
  /** Called at most once, when the worker dies of itself. */
  onDeath(listener: (message: string) => void): void;
}

/** How the client makes workers and feeds them. */
export interface ClientOptions {
  readonly spawn: () => WorkerHandle;
  /** Asked again for each worker: buffers handed over before are gone. */
  readonly kernels: () => KernelSupply | Promise<KernelSupply>;
  readonly onFetch?: FetchListener;
}

/** Listeners of one call and its cancel. */
export interface CallWork {
  readonly onProgress?: (stage: Stage, fraction?: number) => void;
  readonly signal?: AbortSignal;
}

interface Live {
  readonly worker: WorkerHandle;
  readonly api: Remote<SessionApi>;
  readonly started: Promise<void>;
  /** Parts this worker holds. */
  readonly holds: Set<string>;
  /** Rejects when the worker is cancelled or dies. */
  readonly gone: Promise<never>;
  readonly end: (reason: Gone) => void;
}

/** Why a worker is no more. `by` is the call that was cancelled. */
class Gone {
  constructor(readonly kind: "cancelled" | "died" | "closed", readonly message: string, readonly by?: object) {}
}

/**
 * Talks to the engine in a worker. A cancelled call ends the worker at once, whatever the kernel is doing; the
 * next call starts a fresh one in which the parts it needs are opened again. Other calls that were under way are
 * started again by themselves. A crash answers CRASH or OUT_OF_MEMORY and leaves the client usable.
 */
export class OversizeClient {
  readonly #options: ClientOptions;
  readonly #files = new Map<string, { file: InputFile; options: OpenOptions }>();
  #live: Live | undefined;
  #handles = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Starts the worker and the download of the kernels before the first file is there. */
  warm(): void {
    void this.#worker().started.catch(() => {});
  }

  /** A name for a part in later calls. */
  newHandle(): string {
    return `part-${++this.#handles}`;
  }

  /** Reads a file under a handle. The bytes are kept so that a restarted worker can read them again. */
  async open(handle: string, file: InputFile, options: OpenOptions = {}, work: CallWork = {}): Promise<Result<OpenedPart>> {
    this.#files.delete(handle);
    const opened = await this.#call<OpenedPart>(undefined, work, (api, live) => {
      live.holds.delete(handle);
      return api.open(handle, file, options, listen(work.onProgress));
    });
    if (opened.ok) {
      this.#files.set(handle, { file, options });
      this.#live?.holds.add(handle);
    }
    return opened;
  }

  /** Runs the profile; maps arrive while it runs. */
  check(handle: string, settings: CheckSettings, work: CallWork & { readonly onMap?: MapListener } = {}): Promise<Result<Checked>> {
    return this.#call(handle, work, (api) => api.check(handle, settings, listen(work.onProgress), listen(work.onMap)));
  }

  /** The exact wall at one point of a body's facet. */
  wallAt(handle: string, body: string, facet: number, weights: Vec3): Promise<Result<WallAt | undefined>> {
    return this.#call(handle, {}, (api) => api.wallAt(handle, body, facet, weights));
  }

  /** A quick mold from facets: of one body, the first by default, or of all together where the design says so. */
  preview(handle: string, design: MoldDesign, body?: string, work: CallWork = {}): Promise<Result<MoldPreview>> {
    return this.#call(handle, work, (api) => api.preview(handle, design, body));
  }

  /** The mold with its proofs. */
  mold(handle: string, design: MoldDesign, work: CallWork = {}): Promise<Result<MoldMade>> {
    return this.#call(handle, work, (api) => api.mold(handle, design, listen(work.onProgress)));
  }

  /** Files of the molds made last, or of the one that a body is in. */
  export(handle: string, formats: readonly ExportFormat[], work: CallWork = {}, body?: string): Promise<Result<readonly OutputFile[]>> {
    return this.#call(handle, work, (api) => api.export(handle, formats, listen(work.onProgress), body));
  }

  /** The report of what was done so far. */
  report(handle: string, request: ReportRequest, work: CallWork = {}): Promise<Result<OutputFile>> {
    return this.#call(handle, work, (api) => api.report(handle, request));
  }

  /** Frees a part. */
  async close(handle: string): Promise<void> {
    this.#files.delete(handle);
    if (this.#live?.holds.delete(handle)) await this.#live.api.close(handle).catch(() => {});
  }

  /** Ends the worker; pending calls answer CANCELLED. */
  dispose(): void {
    this.#files.clear();
    this.#end(new Gone("closed", "The session was closed."));
  }

  async #call<T>(handle: string | undefined, work: CallWork, run: (api: Remote<SessionApi>, live: Live) => Promise<unknown>): Promise<Result<T>> {
    const self = {};
    const cancel = (): void => this.#end(new Gone("cancelled", "", self));
    if (work.signal?.aborted) return fail("CANCELLED");
    work.signal?.addEventListener("abort", cancel, { once: true });
    try {
      for (;;) {
        const live = this.#worker();
        try {
          return (await Promise.race([live.gone, this.#prepared(live, handle, run)])) as Result<T>;
        } catch (thrown) {
          const gone = thrown instanceof Gone ? thrown : this.#crashed(live, thrown);
          if (gone.kind === "cancelled" && gone.by !== self) continue;
          return gone.kind === "died" ? died(gone.message) : fail("CANCELLED");
        }
      }
    } finally {
      work.signal?.removeEventListener("abort", cancel);
    }
  }

  /** Waits for the kernels' supply, opens the part again where this worker does not hold it yet, then calls. */
  async #prepared(live: Live, handle: string | undefined, run: (api: Remote<SessionApi>, live: Live) => Promise<unknown>): Promise<unknown> {
    await live.started;
    if (handle !== undefined && !live.holds.has(handle)) {
      const known = this.#files.get(handle);
      if (!known) return fail("USAGE", "The part is not open.", "Open the file first.");
      const again = await live.api.reopen(handle, known.file, known.options);
      if (!again.ok) return again;
      live.holds.add(handle);
    }
    return run(live.api, live);
  }

  /** A call that threw: the kernel's memory is undefined, the worker goes. */
  #crashed(live: Live, thrown: unknown): Gone {
    const gone = new Gone("died", thrown instanceof Error ? thrown.message : String(thrown));
    if (this.#live === live) this.#end(gone);
    return gone;
  }

  #worker(): Live {
    return (this.#live ??= this.#spawn());
  }

  #spawn(): Live {
    const worker = this.#options.spawn();
    const api = wrap<SessionApi>(worker.endpoint);
    let end: (reason: Gone) => void = () => {};
    const gone = new Promise<never>((_, reject) => { end = reject; });
    gone.catch(() => {});
    const started = Promise.resolve(this.#options.kernels()).then((supply) => api.start(supply, listen(this.#options.onFetch)));
    const live: Live = { worker, api, started, holds: new Set(), gone, end };
    worker.onDeath((message) => { if (this.#live === live) this.#end(new Gone("died", message)); });
    return live;
  }

  #end(reason: Gone): void {
    const live = this.#live;
    if (!live) return;
    this.#live = undefined;
    live.end(reason);
    live.api[releaseProxy]();
    live.worker.terminate();
  }
}

const listen = <F extends (...args: never[]) => void>(listener: F | undefined): F | undefined => listener && (proxy(listener) as F);

const died = (message: string): Result<never> =>
  /out of memory|allocation failed|cannot enlarge memory/i.test(message) ? fail("OUT_OF_MEMORY") : fail("CRASH", message && `(${message})`);
