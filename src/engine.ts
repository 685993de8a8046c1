import { checkPart, type CheckInput, type CheckOutput } from "./dfm/check.ts";
import type { Finding } from "./dfm/finding.ts";
import type { KernelSource } from "./kernels.ts";
import type { MoldDesign } from "./mold/design.ts";
import type { Part } from "./part/part.ts";
import type { Work } from "./progress.ts";
import type { Problem, Result } from "./result.ts";
import { loadSpatial, type SpatialModule } from "./spatial/load-spatial.ts";
import { readPart, type InputFile, type OpenOptions, type PartRead } from "./step/read-part.ts";
import { openStepKernels, type StepKernels } from "./step/step-kernels.ts";

/** A part in the engine's hands; dispose it to free the kernel's memory. */
export type OpenPart = PartRead;

/** What a check runs with. */
export type CheckRequest = Omit<CheckInput, "part" | "spatial">;

/** The one path as an object: open → check → mold → export. One engine holds one set of kernels. */
export class Engine {
  #spatial: Promise<SpatialModule> | undefined;

  private constructor(private readonly kernels: StepKernels) {}

  /** Loads nothing yet; kernels are instantiated when first needed. */
  static create(source: KernelSource): Engine {
    return new Engine(openStepKernels(source));
  }

  /** Reads a file into a part, exactly where the kernel can. */
  open(file: InputFile, options: OpenOptions = {}, work: Work = {}): Promise<Result<OpenPart>> {
    return readPart(this.kernels, file, options, work);
  }

  /** Runs a rule profile over an open part. */
  async check({ part }: OpenPart, input: CheckRequest, work: Work = {}): Promise<Result<CheckOutput>> {
    work.onProgress?.("loading");
    const spatial = await (this.#spatial ??= loadSpatial(this.kernels.source));
    return checkPart({ ...input, part, spatial }, work);
  }
}

export type { CheckOutput, Finding, InputFile, OpenOptions, MoldDesign, Part, Problem, Result, Work };

/** Materials, OSF, feedstock, calibration, profiles and tolerances. */
export * as mim from "./mim/mim.ts";
