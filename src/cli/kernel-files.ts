import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { KERNEL_FILES, type KernelName, type KernelSource } from "../kernels.ts";

/** Kernels beside the bundled program, `dist/kernels/`; another folder with OVERSIZE_KERNELS. */
export const kernelFolder = (): URL =>
  process.env.OVERSIZE_KERNELS ? new URL(`file://${process.env.OVERSIZE_KERNELS}/`) : new URL("../kernels/", import.meta.url);

/** Reads a kernel from {@link kernelFolder}. */
export const kernelFiles = async (name: KernelName): Promise<ArrayBuffer> => {
  const bytes = await readFile(new URL(KERNEL_FILES[name], kernelFolder()));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};

/** Built from Open CASCADE: thousands of functions, some of 0.4 MB. */
const LARGE: ReadonlySet<KernelName> = new Set(["occt", "occt-import"]);

/**
 * Kernels for a process of a few files: V8's optimiser is kept away from the large ones. It takes 5 to 10 s of processor time
 * and 200 to 300 MB for them, two seconds of it for one function that is called once for each entity, and what it makes is at most 1.35
 * times as fast (`linkrods`; 1.0 to 1.1 on most files). The small kernels, where it counts, are optimised as always.
 */
export const quickKernelFiles: KernelSource = async (name) => {
  const bytes = await kernelFiles(name);
  return LARGE.has(name) ? compileQuickly(bytes) : bytes;
};

/** Whether functions may be optimised later is decided when a module is compiled; without it none is optimised at once either. */
function compileQuickly(bytes: ArrayBuffer): WebAssembly.Module {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString("--wasm-dynamic-tiering");
  }
}
