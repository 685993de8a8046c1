import init, { type OpenCascadeInstance } from "replicad-opencascadejs";
import type { KernelSource } from "../../kernels.ts";

type KernelException = Parameters<OpenCascadeInstance["getExceptionMessage"]>[0];

/** The exact kernel: OCCT in WebAssembly. */
export type Occt = OpenCascadeInstance;

/** Instantiates the exact kernel. A new instance is needed after a trap: its heap is undefined. */
export async function loadOcct(source: KernelSource): Promise<Occt> {
  const silent = (): void => {};
  return init({ wasmBinary: await source("occt"), print: silent, printErr: silent });
}

/** The kernel's own words for what it threw. */
export function occtMessage(oc: Occt, thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  const isKernels = Object.prototype.toString.call(thrown) === "[object WebAssembly.Exception]";
  try { return isKernels ? String(oc.getExceptionMessage(thrown as KernelException)) : String(thrown); } catch { return "kernel exception"; }
}
