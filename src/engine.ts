import { checkPart, type CheckInput, type CheckOutput } from "./dfm/check.ts";
import { CheckHelpers, type HelperSupply, type HelperThread } from "./dfm/check-helpers.ts";
import type { Finding, Limit } from "./dfm/finding.ts";
import { fineWalls, type FineWalls } from "./dfm/fine-walls.ts";
import { wallProbe, type WallAt, type WallProbe } from "./dfm/wall-at.ts";
import type { KernelSource } from "./kernels.ts";
import { exportMold, type ExportedFile } from "./export-mold.ts";
import type { ExportFormat } from "./export/formats.ts";
import type { MoldDesign } from "./mold/design.ts";
import { chooseParting, type ChooseParting } from "./mold/choose-parting.ts";
import { makeMolds } from "./mold/make-mold.ts";
import { openMoldKernels, type MoldKernels } from "./mold/mold-kernels.ts";
import { moldMeshes, type MoldMeshOptions, type NamedMesh } from "./mold/mold-outputs.ts";
import type { Mold } from "./mold/mold.ts";
import { previewMold, PreviewMemory, type PreviewedMold } from "./mold/preview-mold.ts";
import type { Body, Part } from "./part/part.ts";
import type { Work } from "./progress.ts";
import type { Problem, Result } from "./result.ts";
import { loadSpatial, type SpatialModule } from "./spatial/load-spatial.ts";
import { readPart, type InputFile, type OpenOptions, type PartRead } from "./step/read-part.ts";
import { openStepKernels } from "./step/step-kernels.ts";
import type { Vec3 } from "./units.ts";

/** A part in the engine's hands; dispose it to free the kernel's memory. */
export type OpenPart = PartRead;

/** What a check runs with. */
export type CheckRequest = Omit<CheckInput, "part" | "spatial" | "helpers">;

/** Files from this size on will have parts worth sharing: helpers start while they are read, bytes. */
const SHARED_BYTES = 50_000;

/** The one path as an object: open → check → mold → export. One engine holds one set of kernels. */
export class Engine {
  #spatial: Promise<SpatialModule> | undefined;
  /** Of the bodies asked about; they go with their bodies. */
  readonly #probes = new WeakMap<Body, WallProbe>();

  readonly #helpers: CheckHelpers | undefined;

  private constructor(private readonly kernels: MoldKernels, helpers: HelperSupply | undefined) {
    this.#helpers = helpers && new CheckHelpers(helpers);
  }

  /**
   * Loads nothing yet; kernels are instantiated when first needed.
   * @param helpers other threads to share checks with; they start with the first larger file and end with {@link endHelpers}
   */
  static create(source: KernelSource, helpers?: HelperSupply): Engine {
    return new Engine(openMoldKernels(openStepKernels(source)), helpers);
  }

  /** Starts the threads that help with checks, so that they are warm when one comes. */
  startHelpers(): void {
    this.#helpers?.start();
  }

  /** Ends them; the next check starts others. */
  endHelpers(): void {
    this.#helpers?.end();
  }

  /** Reads a file into a part, exactly where the kernel can. */
  open(file: InputFile, options: OpenOptions = {}, work: Work = {}): Promise<Result<OpenPart>> {
    if (file.bytes.byteLength >= SHARED_BYTES) this.startHelpers();
    return readPart(this.kernels.step, file, options, work);
  }

  /** Runs a rule profile over an open part. */
  async check({ part }: OpenPart, input: CheckRequest, work: Work = {}): Promise<Result<CheckOutput>> {
    work.onProgress?.("loading");
    return checkPart({ ...input, part, spatial: await this.#loadSpatial(), helpers: this.#helpers }, work);
  }

  /** The wall at one point of a body: a facet and barycentric weights in it. Undefined for a body that is not there. */
  async wallAt({ part }: OpenPart, bodyId: string, facet: number, weights: Vec3): Promise<WallAt | undefined> {
    const spatial = await this.#loadSpatial(), body = part.bodies.find(({ id }) => id === bodyId);
    if (!body || !(facet >= 0 && facet < body.facets.faceOf.length)) return undefined;
    const probe = this.#probes.get(body) ?? wallProbe(body, spatial, part.reader === "exact");
    this.#probes.set(body, probe);
    return probe(facet, weights);
  }

  /** Walls of a body on pieces of its facets, for a view; undefined where there are more facets than a view tells apart. `limit`: of a wall, mm. */
  async fineWalls({ part }: OpenPart, body: Body, limit: Pick<Limit, "min" | "max">): Promise<FineWalls | undefined> {
    return fineWalls({ body, spatial: await this.#loadSpatial(), exact: part.reader === "exact", limit });
  }

  #loadSpatial(): Promise<SpatialModule> { return (this.#spatial ??= loadSpatial(this.kernels.step.source)); }

  /**
   * Makes and proves a mold for each body, or one for all. Errors among the warnings belong to bodies whose mold
   * could not be made. Dispose every mold.
   * @param pulls directions to use by body id where the design says `auto`: what a check chose, so that findings and mold
   * speak of one direction
   */
  mold(open: OpenPart, design: MoldDesign, work: Work = {}, pulls: ReadonlyMap<string, Vec3> = new Map()): Promise<Result<readonly Mold[]>> {
    const choose: ChooseParting = (bodies, facets, growth, given) =>
      chooseParting(bodies, facets, growth, { ...given, pull: given.pull ?? (bodies.length === 1 ? pulls.get(bodies[0].id) : undefined) });
    return makeMolds(this.kernels, { name: open.part.name, bodies: open.part.bodies, solids: open.solids }, design, work, choose);
  }

  /** A mold of some bodies from facets, without proofs: quick enough to follow a slider while the memory is one and the same. */
  previewMold(bodies: readonly Body[], design: MoldDesign, memory: PreviewMemory): Promise<Result<PreviewedMold>> {
    return previewMold(this.kernels, bodies, design, memory);
  }

  /** The files of a mold, without their stem: `core.step`, `mold.glb`, … */
  exportMold(mold: Mold, formats: readonly ExportFormat[]): Promise<Result<readonly ExportedFile[]>> {
    return exportMold(this.kernels, mold, formats);
  }

  /** Triangles of a mold's bodies, for the screen. */
  moldMeshes(mold: Mold, options: MoldMeshOptions = {}): Promise<Result<readonly NamedMesh[]>> {
    return moldMeshes(this.kernels, mold, options);
  }
}

export type { CheckOutput, HelperSupply, HelperThread, ExportedFile, PreviewedMold, ExportFormat, Finding, InputFile, Mold, OpenOptions, MoldDesign, Part, Problem, Result, WallAt, Work };

export { PreviewMemory };

/** Materials, OSF, feedstock, calibration, profiles and tolerances. */
export * as mim from "./mim/mim.ts";
