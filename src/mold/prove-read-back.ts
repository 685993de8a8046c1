import { fail, ok, type Result } from "../result.ts";
import { edgeDoubt } from "../step/edge-doubt.ts";
import { readBackExact } from "../step/read-back.ts";
import { readFacets } from "../step/second-reader.ts";
import type { MoldLayout } from "./lay-out.ts";
import type { MoldTask } from "./mold-task.ts";
import type { MoldStep, SolidPiece } from "./mold.ts";
import { prove, worstOf, type FileProofs, type MoldProofs } from "./proofs.ts";
import { EXACT } from "./prove-exact.ts";

type BackProofs = Required<Pick<MoldProofs, "files" | "readBack" | "secondReader">>;

/**
 * Reads every written file with both readers. The exact kernel has to find the volume that was written; where edges lie
 * off their faces it may trim a face along either, and move the volume by such strips times their reach. The second reader's triangles lie within their deflection of the surfaces, beside edges within the part's own edge
 * tolerance as well: its volumes may differ by that times the area of curved faces.
 */
export async function proveReadBack({ kernels, input, resolved, work }: MoldTask, layout: MoldLayout, pieces: readonly SolidPiece[], steps: readonly MoldStep[]): Promise<Result<BackProofs>> {
  const kernel = await kernels.step.occt(), reader = await kernels.step.secondReader();
  const gapMm = Math.max(...input.bodies.map((b) => b.edgeToleranceMm)) * Math.max(...resolved.growth.osf);
  const deflectionMm = Math.max(resolved.facets.deviationMm, 1e-3), [low, high] = layout.box;
  const reachMm = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2;
  const files: FileProofs[] = [];
  for (const { file, bytes } of steps) {
    work.signal?.throwIfAborted();
    const own = pieces.filter((p) => file === "mold" || p.role === file), writtenMm3 = own.reduce((sum, p) => sum + p.volumeMm3, 0);
    const exact = readBackExact(kernel, bytes);
    if (!exact.ok) return fail("MOLD_PROOF", `The written file ${file} cannot be read: ${exact.problem.message}`);
    const second = readFacets(reader, bytes, "step", deflectionMm);
    if (!second.ok) return fail("MOLD_PROOF", `The second reader cannot read the written file ${file}: ${second.problem.message}`);
    const seen = second.value.bodies.reduce((sum, b) => ({ volumeMm3: sum.volumeMm3 + b.volumeMm3, curvedMm2: sum.curvedMm2 + b.curvedMm2 }), { volumeMm3: 0, curvedMm2: 0 });
    files.push({
      file,
      readBack: prove(exact.value.reduce((sum, m) => sum + m.volumeMm3, 0), writtenMm3, EXACT + (TWO_FACES * edgeDoubt(kernel, own.map((p) => p.solid)).stripsMm2 * reachMm) / writtenMm3),
      secondReader: prove(seen.volumeMm3, writtenMm3, ROUNDING + ((deflectionMm + gapMm) * seen.curvedMm2) / writtenMm3),
    });
  }
  return ok({ files, readBack: worstOf(files.map((f) => f.readBack)), secondReader: worstOf(files.map((f) => f.secondReader)) });
}

/** A cone over a strip is a third of its area times its reach; an edge has two faces. */
const TWO_FACES = 2 / 3;
/** What the second reader's own rounding may do to a volume. */
const ROUNDING = 1e-9;
