import init, { type OpenCascadeInstance } from "replicad-opencascadejs";
import { forEmscripten, type KernelSource } from "../../kernels.ts";

type KernelException = Parameters<OpenCascadeInstance["getExceptionMessage"]>[0];

/** The exact kernel: OCCT in WebAssembly. */
export type Occt = OpenCascadeInstance;

/** Instantiates the exact kernel. A new instance is needed after a trap: its heap is undefined. */
export async function loadOcct(source: KernelSource): Promise<Occt> {
  const silent = (): void => {};
  return init({ ...forEmscripten(await source("occt")), print: silent, printErr: silent });
}

/** The kernel's own words for what it threw. */
export function occtMessage(oc: Occt, thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try { return isKernelException(thrown) ? String(oc.getExceptionMessage(thrown as KernelException)) : String(thrown); } catch { return "kernel exception"; }
}

/** True for a C++ exception that came through: the kernel gave up in good order and lives on. */
export const isKernelException = (thrown: unknown): boolean => Object.prototype.toString.call(thrown) === "[object WebAssembly.Exception]";

/** True when a kernel stopped in the middle of its work (a trap, the end of its stack or memory): its heap is undefined. */
export const isTrap = (thrown: unknown): boolean =>
  thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError || (thrown instanceof Error && /out of memory|OOM|abort/i.test(thrown.message));
