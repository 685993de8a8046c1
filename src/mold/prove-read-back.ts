import { fail, ok, type Result } from "../result.ts";
import { edgeTubesMm3 } from "../step/edge-tubes.ts";
import { solidVolumeWithinEdgesMm3 } from "../step/inspect-solid.ts";
import { readBackExact } from "../step/read-back.ts";
import { readFacets } from "../step/second-reader.ts";
import type { MoldTask } from "./mold-task.ts";
import type { MoldStep, SolidPiece } from "./mold.ts";
import { prove, worstOf, type FileProofs, type MoldProofs } from "./proofs.ts";

type BackProofs = Required<Pick<MoldProofs, "files" | "readBack" | "secondReader">>;

/**
 * Reads every written file with both readers. The exact kernel has to find the volume that was written, within the faces
 * and the edges they share; what edges lying off their faces leave in doubt is a tube round each as thick as its tolerance. The
 * second reader's triangles lie within their deflection of the surfaces, beside edges within the part's own edge tolerance as
 * well: its volumes may differ by that times the area of curved faces.
 */
export async function proveReadBack({ kernels, input, resolved, work }: MoldTask, pieces: readonly SolidPiece[], steps: readonly MoldStep[]): Promise<Result<BackProofs>> {
  const kernel = await kernels.step.occt(), reader = await kernels.step.secondReader();
  const gapMm = Math.max(...input.bodies.map((b) => b.edgeToleranceMm)) * Math.max(...resolved.growth.osf);
  const deflectionMm = Math.max(resolved.facets.deviationMm, 1e-3);
  const files: FileProofs[] = [], measured = pieces.map((piece) => ({ ...piece, withinMm3: solidVolumeWithinEdgesMm3(kernel, piece.solid) }));
  for (const { file, bytes } of steps) {
    work.signal?.throwIfAborted();
    const own = measured.filter((p) => file === "mold" || p.role === file), writtenMm3 = own.reduce((sum, p) => sum + p.volumeMm3, 0), withinMm3 = own.reduce((sum, p) => sum + p.withinMm3, 0);
    const exact = readBackExact(kernel, bytes);
    if (!exact.ok) return fail("MOLD_PROOF", `The written file ${file} cannot be read: ${exact.problem.message}`);
    const second = readFacets(reader, bytes, "step", deflectionMm);
    if (!second.ok) return fail("MOLD_PROOF", `The second reader cannot read the written file ${file}: ${second.problem.message}`);
    const seen = second.value.bodies.reduce((sum, b) => ({ volumeMm3: sum.volumeMm3 + b.volumeMm3, curvedMm2: sum.curvedMm2 + b.curvedMm2 }), { volumeMm3: 0, curvedMm2: 0 });
    files.push({
      file,
      readBack: prove(exact.value.reduce((sum, v) => sum + v, 0), withinMm3, Math.max(READ_BACK, (TWO_SHELLS * edgeTubesMm3(kernel, own.map((p) => p.solid))) / writtenMm3)),
      secondReader: prove(seen.volumeMm3, writtenMm3, ROUNDING + ((deflectionMm + gapMm) * seen.curvedMm2) / writtenMm3),
    });
  }
  return ok({ files, readBack: worstOf(files.map((f) => f.readBack)), secondReader: worstOf(files.map((f) => f.secondReader)) });
}

/** What a written volume may be off by. Files with tight edges come back within 1e-12; loops that do not close within their own tolerance cost 3.5e-7 (`nist_ctc_02`). */
const READ_BACK = 1e-6;
/** The shell as written and as read each keep to their tubes. */
const TWO_SHELLS = 2;
/** What the second reader's own rounding may do to a volume. */
const ROUNDING = 1e-9;
