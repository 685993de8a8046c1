import { readFile } from "node:fs/promises";
import { KERNEL_FILES, type KernelSource } from "../src/kernels.ts";

/** Kernel bytes from dist/, for tests. */
export const kernelSource: KernelSource = async (name) => {
  const bytes = await readFile(new URL(`../dist/kernels/${KERNEL_FILES[name]}`, import.meta.url));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};
