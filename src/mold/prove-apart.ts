import { edgeTubesMm3 } from "../step/edge-tubes.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import { pairFaces } from "../step/pair-faces.ts";
import type { ExactHalves } from "./exact-mold.ts";
import { prove, type Proof } from "./proofs.ts";

/** Share of the part's volume that may be in doubt beside what its own edges leave in doubt. */
const IN_DOUBT = 1e-7;
/** Edges of the halves may be this many times as loose as the part's own, in tubes: twice the tolerance. */
const LOOSER = 4;

/**
 * Bounds the volume, mm³, that core, cavity and part share. Each face round the part is one and the same face on
 * both sides, used in opposite senses, so that nothing is doubled there; where a face had no partner, the shared
 * volume would be bounded by such faces alone and be at most that of a ball of their area. What is left is the
 * doubt where faces meet: tubes round the edges as thick as their tolerances; and, at the parting face and the tooling,
 * what the closure leaves open.
 * @param partsMm3 their volume
 */
export function proveApart(kernel: ExactKernel, parts: readonly ExactSolid[], partsMm3: number, halves: ExactHalves, closure: Proof): Proof {
  const { unpairedMm2 } = pairFaces(kernel, halves.voids, [halves.core, halves.cavity]);
  const boundMm3 = edgeTubesMm3(kernel, [halves.core, halves.cavity, ...halves.voids]) + unpairedMm2 ** 1.5 / (6 * Math.sqrt(Math.PI)) + Math.abs(closure.measured - 1) * halves.blockMm3;
  return prove(boundMm3, 0, LOOSER * edgeTubesMm3(kernel, parts) + IN_DOUBT * partsMm3);
}
