import { readFile } from "node:fs/promises";
import { KERNEL_FILES, type KernelSource } from "../../src/kernels.ts";

/** Kernel bytes from dist/, relative to the repository, where benches are run. */
export const kernelSource: KernelSource = async (name) => {
  const bytes = await readFile(`dist/kernels/${KERNEL_FILES[name]}`);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};
