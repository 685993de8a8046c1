import init, { type OpenCascadeInstance } from "replicad-opencascadejs";
import { forEmscripten, type KernelSource } from "../../kernels.ts";

type KernelException = Parameters<OpenCascadeInstance["getExceptionMessage"]>[0];

/** The exact kernel: OCCT in WebAssembly. */
export type Occt = OpenCascadeInstance;

/** Instantiates the exact kernel. A new instance is needed after a trap: its heap is undefined. */
export async function loadOcct(source: KernelSource): Promise<Occt> {
  const silent = (): void => {};
  const oc = await init({ ...forEmscripten(await source("occt")), print: silent, printErr: silent });
  emptyBeforeDeleting(oc.TopoDS_Shape.prototype, (shape) => shape.Nullify());
  emptyBeforeDeleting(oc.NCollection_List_TopoDS_Shape.prototype, (list) => list.Clear());
  return oc;
}

interface KernelObject extends Disposable { delete(): void }

/**
 * Deleting a handle frees the handle alone: the kernel's bindings do not run its destructor, and the shape it refers to would
 * stay for good, with all its geometry. The handles of our own are never shared (`clone`), so that each may be emptied.
 */
function emptyBeforeDeleting<T extends KernelObject>(prototype: T, empty: (object: T) => void): void {
  const free = prototype.delete;
  prototype.delete = prototype[Symbol.dispose] = function (this: T): void { empty(this); free.call(this); };
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
