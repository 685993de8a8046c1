import { ok, type Result } from "../result.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { volumeWithinEdges } from "./occt/measure-solid.ts";
import { readShapes } from "./occt/read-solids.ts";

/** Reads a written STEP file with the exact kernel: the volume of every solid within its edges, mm³, in file order. */
export function readBackExact(kernel: ExactKernel, bytes: Uint8Array): Result<readonly number[]> {
  const read = readShapes(kernel, bytes);
  if (!read.ok) return read;
  const volumesMm3 = read.value.solids.map((s) => volumeWithinEdges(kernel, s.shape));
  for (const { shape } of read.value.solids) shape.delete();
  return ok(volumesMm3);
}
