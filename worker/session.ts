import { transfer } from "comlink";
import { Engine, PreviewMemory, type ExportFormat, type HelperSupply, type InputFile, type Mold, type MoldDesign, type OpenOptions, type OpenPart, type WallAt } from "../src/engine.ts";
import type { Part } from "../src/part/part.ts";
import { fail, ok, type Result } from "../src/result.ts";
import type { Box, Vec3 } from "../src/units.ts";
import { runCheck, type CheckRun } from "./check-part.ts";
import { kernelSource } from "./fetch-kernels.ts";
import { exportMolds, moldPart, previewPart, previewTransferables, type MoldMemory } from "./mold-part.ts";
import type { Checked, CheckSettings, FetchListener, KernelSupply, MapListener, MoldMade, MoldPreview, OpenedPart, OutputFile, PartSummary, ProgressListener, ReportRequest, SessionApi } from "./protocol.ts";

/**
 * The worker's side of the protocol: one engine and the parts it holds.
 * @param helpers other threads that its checks may use
 */
export function createSession(helpers?: HelperSupply): SessionApi {
  return new Session(helpers);
}

/** A part with what was done to it so far. */
interface Held {
  readonly open: OpenPart;
  readonly file: InputFile;
  readonly readMs: number;
  readonly memory: MoldMemory;
  run?: CheckRun;
  molds: readonly Mold[];
}

const notOpen = fail("USAGE", "The part is not open.", "Open the file first.");

class Session implements SessionApi {
  #engine: Engine | undefined;
  readonly #helpers: HelperSupply | undefined;
  readonly #parts = new Map<string, Held>();

  constructor(helpers: HelperSupply | undefined) {
    this.#helpers = helpers;
  }

  async start(kernels: KernelSupply, onFetch?: FetchListener): Promise<void> {
    this.#engine = Engine.create(kernelSource(kernels, ["occt", "spatial", "manifold"], onFetch), this.#helpers);
  }

  async open(handle: string, file: InputFile, options: OpenOptions, onProgress?: ProgressListener): Promise<Result<OpenedPart>> {
    const read = await this.#read(handle, file, options, onProgress);
    if (!read.ok) return read;
    onProgress?.("meshing");
    const { bodyBuffers, transferables } = await import("./body-buffers.ts");
    const { part } = read.value.open, drawables = part.bodies.map(bodyBuffers);
    const opened: OpenedPart = {
      handle,
      summary: summarise(part, drawables.map((d) => d.summary)),
      bodies: drawables.map((d) => d.buffers),
      warnings: read.warnings,
      readMs: read.value.readMs,
    };
    return transfer(ok(opened, read.warnings), opened.bodies.flatMap(transferables));
  }

  async reopen(handle: string, file: InputFile, options: OpenOptions): Promise<Result<void>> {
    const read = await this.#read(handle, file, options);
    return read.ok ? ok(undefined) : read;
  }

  async check(handle: string, settings: CheckSettings, onProgress?: ProgressListener, onMap?: MapListener): Promise<Result<Checked>> {
    const held = this.#parts.get(handle), engine = this.#engine;
    if (!held || !engine) return notOpen;
    const run = await runCheck(engine, held.open, settings, onProgress, onMap);
    if (!run.ok) return run;
    held.run = run.value;
    return ok(run.value.checked, run.warnings);
  }

  async wallAt(handle: string, body: string, facet: number, weights: Vec3): Promise<Result<WallAt | undefined>> {
    const held = this.#parts.get(handle), engine = this.#engine;
    return held && engine ? ok(await engine.wallAt(held.open, body, facet, weights)) : notOpen;
  }

  async preview(handle: string, design: MoldDesign, body?: string): Promise<Result<MoldPreview>> {
    const held = this.#parts.get(handle), engine = this.#engine;
    if (!held || !engine) return notOpen;
    const made = await previewPart(engine, held.open, design, body, held.memory);
    return made.ok ? transfer(made, previewTransferables(made.value.pieces)) : made;
  }

  async mold(handle: string, design: MoldDesign, onProgress?: ProgressListener): Promise<Result<MoldMade>> {
    const held = this.#parts.get(handle), engine = this.#engine;
    if (!held || !engine) return notOpen;
    dropMolds(held);
    const made = await moldPart(engine, held.open, design, onProgress);
    if (!made.ok) return made;
    held.molds = made.value.molds;
    return transfer(ok(made.value.made, made.warnings), made.value.made.previews.flatMap(({ pieces }) => previewTransferables(pieces)));
  }

  async export(handle: string, formats: readonly ExportFormat[], onProgress?: ProgressListener, body?: string): Promise<Result<readonly OutputFile[]>> {
    const held = this.#parts.get(handle), engine = this.#engine;
    if (!held || !engine) return notOpen;
    if (held.molds.length === 0) return fail("USAGE", "There is no mold yet.", "Make the mold first.");
    onProgress?.("writing");
    const files = await exportMolds(engine, held.molds, stemOf(held.file.name), formats, body);
    // Copied, not moved: the mold keeps its STEP for the next export.
    return files;
  }

  async report(handle: string, request: ReportRequest): Promise<Result<OutputFile>> {
    const held = this.#parts.get(handle);
    if (!held) return notOpen;
    const { run, open, molds, readMs } = held;
    if (!run) return fail("USAGE", "The part has not been checked yet.", "Check it first.");
    const { writeReport } = await import("./write-report.ts");
    return ok(writeReport({ open, run, molds, readMs }, stemOf(held.file.name), request));
  }

  async close(handle: string): Promise<void> {
    const held = this.#parts.get(handle);
    if (!held) return;
    dropMolds(held);
    held.memory.solids[Symbol.dispose]();
    held.open[Symbol.dispose]();
    this.#parts.delete(handle);
  }

  async #read(handle: string, file: InputFile, options: OpenOptions, onProgress?: ProgressListener): Promise<Result<Held>> {
    if (!this.#engine) return fail("KERNEL_MISSING");
    await this.close(handle);
    const began = performance.now();
    const read = await this.#engine.open(file, options, { onProgress });
    if (!read.ok) return read;
    const held: Held = { open: read.value, file, readMs: performance.now() - began, memory: { partings: new Map(), solids: new PreviewMemory() }, molds: [] };
    this.#parts.set(handle, held);
    return ok(held, read.warnings);
  }
}

function dropMolds(held: Held): void {
  for (const mold of held.molds) mold[Symbol.dispose]();
  held.molds = [];
}

const stemOf = (name: string): string => name.replace(/\.(stpz|step|stp|p21|gz|igs|iges|brep)$/i, "") || "part";

function summarise(part: Part, bodies: PartSummary["bodies"]): PartSummary {
  const sum = (of: (body: PartSummary["bodies"][number]) => number): number => bodies.reduce((total, body) => total + of(body), 0);
  return {
    name: part.name, file: part.file, reader: part.reader, setAside: part.setAside, bodies,
    boxMm: bodies.map((body) => body.boxMm).reduce(union),
    volumeMm3: sum((b) => b.volumeMm3),
    areaMm2: sum((b) => b.areaMm2),
    faces: sum((b) => b.faces.length),
    facets: part.bodies.reduce((total, body) => total + body.facets.faceOf.length, 0),
  };
}

const union = ([a, b]: Box, [c, d]: Box): Box => [
  [Math.min(a[0], c[0]), Math.min(a[1], c[1]), Math.min(a[2], c[2])],
  [Math.max(b[0], d[0]), Math.max(b[1], d[1]), Math.max(b[2], d[2])],
];
