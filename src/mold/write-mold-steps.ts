import { ok, type Result } from "../result.ts";
import { gatherSolids } from "../step/combine-solids.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import { writeStep } from "../step/write-step.ts";
import type { MoldStep, SolidPiece } from "./mold.ts";

/** STEP bytes of the assembly and of each role by itself. */
export function writeMoldSteps(kernel: ExactKernel, name: string, pieces: readonly SolidPiece[]): Result<readonly MoldStep[]> {
  const all = writeStep(kernel, `${name} mold`, pieces.map((p) => ({ name: p.name, color: p.color, solid: p.solid })));
  if (!all.ok) return all;
  const files: MoldStep[] = [{ file: "mold", bytes: all.value }];
  for (const role of ["core", "cavity", "oversized"] as const) {
    const own = pieces.filter((p) => p.role === role);
    using together = gatherSolids(kernel, own.map((p) => p.solid));
    const written = writeStep(kernel, `${name} ${role}`, [{ name: own.length === 1 ? own[0].name : `${role} parts`, color: own[0].color, solid: together }]);
    if (!written.ok) return written;
    files.push({ file: role, bytes: written.value });
  }
  return ok(files);
}
