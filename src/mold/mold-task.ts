import type { Work } from "../progress.ts";
import type { MoldDesign } from "./design.ts";
import type { MoldInput } from "./make-mold.ts";
import type { MoldKernels } from "./mold-kernels.ts";
import type { PullFree } from "./proofs.ts";
import type { ResolvedDesign } from "./resolve-design.ts";

/** One mold on its way. */
export interface MoldTask {
  readonly kernels: MoldKernels;
  readonly input: MoldInput;
  readonly design: MoldDesign;
  readonly resolved: ResolvedDesign;
  readonly pullFree: PullFree;
  readonly work: Work;
}
