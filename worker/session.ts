import { transfer } from "comlink";
import { Engine, type InputFile, type OpenOptions, type OpenPart } from "../src/engine.ts";
import type { Part } from "../src/part/part.ts";
import { fail, ok, type Result } from "../src/result.ts";
import type { Box } from "../src/units.ts";
import { bodyBuffers, transferables } from "./body-buffers.ts";
import { kernelSource } from "./fetch-kernels.ts";
import { runCheck } from "./check-part.ts";
import type { Report } from "../src/report/report.ts";
import type { Checked, CheckSettings, FetchListener, KernelSupply, MapListener, MoldMade, MoldPreview, OpenedPart, OutputFile, PartSummary, ProgressListener, SessionApi } from "./protocol.ts";

/** The worker's side of the protocol: one engine and the parts it holds. */
export function createSession(): SessionApi {
  return new Session();
}

class Session implements SessionApi {
  #engine: Engine | undefined;
  readonly #parts = new Map<string, OpenPart>();

  async start(kernels: KernelSupply, onFetch?: FetchListener): Promise<void> {
    const source = kernelSource(kernels, onFetch);
    this.#engine = Engine.create(source);
  }

  async open(handle: string, file: InputFile, options: OpenOptions, onProgress?: ProgressListener): Promise<Result<OpenedPart>> {
    const began = performance.now();
    const read = await this.#read(handle, file, options, onProgress);
    if (!read.ok) return read;
    onProgress?.("meshing");
    const drawables = read.value.part.bodies.map(bodyBuffers);
    const opened: OpenedPart = {
      handle,
      summary: summarise(read.value.part, drawables.map((d) => d.summary)),
      bodies: drawables.map((d) => d.buffers),
      warnings: read.warnings,
      readMs: performance.now() - began,
    };
    return transfer(ok(opened, read.warnings), opened.bodies.flatMap(transferables));
  }

  async reopen(handle: string, file: InputFile, options: OpenOptions): Promise<Result<void>> {
    const read = await this.#read(handle, file, options);
    return read.ok ? ok(undefined) : read;
  }

  async check(handle: string, settings: CheckSettings, onProgress?: ProgressListener, onMap?: MapListener): Promise<Result<Checked>> {
    const open = this.#parts.get(handle), engine = this.#engine;
    if (!open || !engine) return notOpen;
    const run = await runCheck(engine, open, settings, onProgress, onMap);
    return run.ok ? ok(run.value.checked, run.warnings) : run;
  }

  async preview(): Promise<Result<MoldPreview>> { return fail("DESIGN_INVALID"); }
  async mold(): Promise<Result<MoldMade>> { return fail("DESIGN_INVALID"); }
  async export(): Promise<Result<readonly OutputFile[]>> { return fail("DESIGN_INVALID"); }
  async report(): Promise<Result<Report>> { return fail("DESIGN_INVALID"); }

  async close(handle: string): Promise<void> {
    this.#parts.get(handle)?.[Symbol.dispose]();
    this.#parts.delete(handle);
  }

  async #read(handle: string, file: InputFile, options: OpenOptions, onProgress?: ProgressListener): Promise<Result<OpenPart>> {
    if (!this.#engine) return fail("KERNEL_MISSING");
    await this.close(handle);
    const read = await this.#engine.open(file, options, { onProgress });
    if (read.ok) this.#parts.set(handle, read.value);
    return read;
  }
}

const notOpen = fail("USAGE", "The part is not open.", "Open the file first.");

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
