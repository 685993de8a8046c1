import type { MassProperties } from "../part/part.ts";
import { ok, type Result } from "../result.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { volumeAndAreaOf } from "./occt/measure-solid.ts";
import { readShapes } from "./occt/read-solids.ts";

/** Reads a written STEP file with the exact kernel: volume and area of every solid in it, in file order. */
export function readBackExact(kernel: ExactKernel, bytes: Uint8Array): Result<readonly Pick<MassProperties, "volumeMm3" | "areaMm2">[]> {
  const read = readShapes(kernel, bytes);
  if (!read.ok) return read;
  const measured = read.value.solids.map((s) => volumeAndAreaOf(kernel, s.shape));
  for (const { shape } of read.value.solids) shape.delete();
  return ok(measured);
}
