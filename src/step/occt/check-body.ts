import { closedVolume } from "../../part/mesh-measures.ts";
import type { Facets, MassProperties } from "../../part/part.ts";
import { fail, ok, warning, type Result } from "../../result.ts";
import { OFF_LARGEST_MM, OFF_NOTED_MM, OFF_RELATIVE, OFF_SMALLEST_MM } from "../p21/check-incidence.ts";

/** Noted from this share of the diagonal on, where it is less than the noted distance. */
const NOTED_RELATIVE = 1e-5;
/** A few edges that stand out are noted from this share of the diagonal on … */
const OUTLIER_RELATIVE = 2e-6;
/** … when three quarters of the edges lie this many times closer. */
const OUTLIER_FACTOR = 100;

/**
 * Judges how far edges lie off their exact faces, all kinds of curve and surface. The kernel widens its tolerance until an
 * edge fits and then calls the solid valid, so the distance itself is the evidence: TOLERANCE_SCALE beyond the gate's
 * own limits, EDGES_LOOSE below them.
 * @param gapsMm `[edges]` measured distances @param diagonalMm of the box
 */
export function checkGaps(gapsMm: Float64Array, diagonalMm: number): Result<void> {
  const sorted = gapsMm.toSorted(), worst = sorted[sorted.length - 1] ?? 0, usual = sorted[Math.floor(sorted.length * 0.75)] ?? 0;
  const allowed = Math.max(Math.min(diagonalMm * OFF_RELATIVE, OFF_LARGEST_MM), Math.min(OFF_SMALLEST_MM, diagonalMm * 0.01));
  if (!(worst <= allowed)) return fail("TOLERANCE_SCALE", `An edge lies ${worst.toPrecision(2)} mm off its face, on a part of ${diagonalMm.toPrecision(3)} mm.`);
  if (worst > OUTLIER_RELATIVE * diagonalMm && worst > OUTLIER_FACTOR * usual) {
    return ok(undefined, [warning("EDGES_LOOSE", `A few by up to ${worst.toPrecision(2)} mm, where most fit within ${usual.toPrecision(2)} mm.`, "Check the part there: the file may be damaged.")]);
  }
  const noted = Math.min(OFF_NOTED_MM.exact, NOTED_RELATIVE * diagonalMm);
  return ok(undefined, worst > noted ? [warning("EDGES_LOOSE", `By up to ${worst.toPrecision(2)} mm.`)] : []);
}

/** Room over the bound of deviation, which rests on residuals at chosen places. */
const DEVIATION_SLACK = 2;
/** Share of the volume that two integrals may differ by. */
const VOLUME_SLACK = 1e-6;

/**
 * The facets must enclose what the exact surfaces do, within what they deviate: integrals over surfaces that cross
 * each other, or that are trimmed the wrong way, do not agree with the facets made from them.
 * @param faces in the order of `facets.deviationMm`
 */
export function checkEnclosed(mass: MassProperties, faces: readonly { readonly areaMm2: number }[], facets: Facets): Result<void> {
  const { volumeMm3: enclosed, centroidMm } = closedVolume(facets.positions, facets.indices);
  const allowed = DEVIATION_SLACK * faces.reduce((sum, face, f) => sum + face.areaMm2 * facets.deviationMm[f], 0) + VOLUME_SLACK * mass.volumeMm3;
  if (!(Math.abs(enclosed - mass.volumeMm3) <= allowed)) {
    return fail("INVALID_SOLID", `Its surfaces enclose ${mass.volumeMm3.toPrecision(6)} mm³, its facets ${enclosed.toPrecision(6)} mm³: faces cross each other or are trimmed wrongly.`);
  }
  // A layer of the allowed volume moves the centroid by no more than its share of the diagonal.
  const [low, high] = mass.boxMm, diagonal = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  const moved = Math.hypot(centroidMm[0] - mass.centroidMm[0], centroidMm[1] - mass.centroidMm[1], centroidMm[2] - mass.centroidMm[2]);
  if (moved <= (2 * diagonal * allowed) / mass.volumeMm3) return ok(undefined);
  return fail("INVALID_SOLID", `The centroids of its surfaces and of its facets are ${moved.toPrecision(2)} mm apart.`);
}
