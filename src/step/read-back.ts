import { ok, type Result } from "../result.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { volumesOf, type Volumes } from "./occt/measure-solid.ts";
import { readShapes } from "./occt/read-solids.ts";

/** Reads a written STEP file with the exact kernel: what every solid measures, in file order. */
export function readBackExact(kernel: ExactKernel, bytes: Uint8Array): Result<readonly Volumes[]> {
  const read = readShapes(kernel, bytes);
  if (!read.ok) return read;
  const found = read.value.solids.map((s) => volumesOf(kernel, s.shape));
  for (const { shape } of read.value.solids) shape.delete();
  return ok(found);
}
