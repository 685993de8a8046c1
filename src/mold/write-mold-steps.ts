import { ok, type Result } from "../result.ts";
import { gatherSolids } from "../step/combine-solids.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import { writeStep, writeStepFiles } from "../step/write-step.ts";
import type { MoldStep, SolidPiece } from "./mold.ts";

const ROLES = ["core", "cavity", "oversized"] as const;

/** STEP bytes of the assembly and of each role by itself: of one piece with the assembly's own records, of several as one product. */
export function writeMoldSteps(kernel: ExactKernel, name: string, pieces: readonly SolidPiece[]): Result<readonly MoldStep[]> {
  const roles = ROLES.map((role) => ({ role, title: `${name} ${role}`, own: pieces.filter((p) => p.role === role) }));
  const single = roles.filter(({ own }) => own.length === 1);
  const all = writeStepFiles(kernel, `${name} mold`, pieces, single.map(({ title, own }) => ({ title, body: pieces.indexOf(own[0]) })));
  if (!all.ok) return all;
  const files: MoldStep[] = [{ file: "mold", bytes: all.value.whole }];
  for (const { role, title, own } of roles) {
    const at = single.findIndex((s) => s.role === role);
    if (at >= 0) { files.push({ file: role, bytes: all.value.parts[at] }); continue; }
    using together = gatherSolids(kernel, own.map((p) => p.solid));
    const written = writeStep(kernel, title, [{ name: `${role} parts`, color: own[0].color, solid: together }]);
    if (!written.ok) return written;
    files.push({ file: role, bytes: written.value });
  }
  return ok(files);
}
