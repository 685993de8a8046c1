import type { KernelSource } from "../kernels.ts";
import { loadOcct, type Occt } from "./occt/load-occt.ts";
import { loadSecondReader, type SecondReader } from "./second-reader.ts";

/** The kernels behind `step/`, loaded when first asked for. */
export interface StepKernels {
  readonly source: KernelSource;
  readonly occt: () => Promise<Occt>;
  readonly secondReader: () => Promise<SecondReader>;
  /** Drops the instances, after a trap: their heaps are undefined. The next call loads new ones; solids of the old exact kernel are lost. */
  readonly reset: () => void;
}

/** Prepares lazy kernels over a source of their bytes. */
export function openStepKernels(source: KernelSource): StepKernels {
  let occt: Promise<Occt> | undefined, second: Promise<SecondReader> | undefined;
  return {
    source, occt: () => (occt ??= loadOcct(source)), secondReader: () => (second ??= loadSecondReader(source)),
    reset: () => { occt = second = undefined; },
  };
}
