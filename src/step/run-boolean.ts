import type { BRepAlgoAPI_BuilderAlgo } from "replicad-opencascadejs";
import type { ExactKernel } from "./exact-kernel.ts";

/**
 * Runs a boolean whose arguments are set and hands its result to `take`; undefined when the kernel reports errors. Arguments
 * are left as they are.
 * @param fuzzyMm gaps up to this are taken as contact; 0 for the kernel's own tolerances
 */
export function runBoolean<T>(kernel: ExactKernel, maker: BRepAlgoAPI_BuilderAlgo, fuzzyMm: number, take: () => T): T | undefined {
  maker.SetNonDestructive(true);
  if (fuzzyMm > 0) maker.SetFuzzyValue(fuzzyMm);
  using progress = new kernel.Message_ProgressRange();
  maker.Build(progress);
  try {
    return maker.HasErrors() ? undefined : take();
  } finally {
    maker.Clear(); // deleting it alone leaves its intersections behind
  }
}
