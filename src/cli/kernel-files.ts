import { readFile } from "node:fs/promises";
import { KERNEL_FILES, type KernelSource } from "../kernels.ts";

/** Kernels beside the bundled program, `dist/kernels/`; another folder with OVERSIZE_KERNELS. */
export const kernelFolder = (): URL =>
  process.env.OVERSIZE_KERNELS ? new URL(`file://${process.env.OVERSIZE_KERNELS}/`) : new URL("../kernels/", import.meta.url);

/** Reads a kernel from {@link kernelFolder}. */
export const kernelFiles: KernelSource = async (name) => {
  const bytes = await readFile(new URL(KERNEL_FILES[name], kernelFolder()));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
