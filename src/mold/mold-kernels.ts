import type { StepKernels } from "../step/step-kernels.ts";
import { loadFacetKernel, type FacetKernel } from "./facet-kernel.ts";

/** The kernels behind `mold/`, loaded when first asked for. */
export interface MoldKernels {
  readonly step: StepKernels;
  readonly facets: () => Promise<FacetKernel>;
}

/** Adds the facet kernel to those of `step/`. */
export function openMoldKernels(step: StepKernels): MoldKernels {
  let facets: Promise<FacetKernel> | undefined;
  return { step, facets: () => (facets ??= loadFacetKernel(step.source)) };
}
