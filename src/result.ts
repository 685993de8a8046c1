/**
 * Expected failures are values: a {@link Problem} with a stable code, a message a designer understands and
 * a suggestion. Bugs throw. The catalogue below is the only place where codes are born.
 */

/** Every problem code, with what it means and what to do by default. */
export const PROBLEMS = {
  // container and text
  FILE_UNREADABLE: ["The file cannot be opened.", "Check the path and that you may read it."],
  FILE_EMPTY: ["The file is empty.", "Export the part again from the CAD system."],
  FILE_TOO_LARGE: ["The file is over the size limit.", "Raise --max-bytes, or export only the part to be molded."],
  NOT_STEP: ["This is not a STEP file.", "Export the part as STEP (AP203, AP214 or AP242)."],
  ARCHIVE_BAD: ["The compressed file cannot be unpacked.", "Send the STEP file itself, or compress it again."],
  STEP_TRUNCATED: ["The STEP file ends before it is complete.", "Copy or export the file again."],
  STEP_PARSE: ["The STEP text is damaged.", "Export the part again from the CAD system."],
  STEP_SCHEMA: ["The STEP schema is not one of AP203, AP214, AP242.", "Export as AP214 or AP242."],
  STEP_NUMBER: ["A coordinate is not a finite number.", "Export the part again; the file holds NaN or infinite values."],
  STEP_REFERENCE: ["The STEP text refers to an entity that is missing, doubled or circular.", "Export the part again from the CAD system."],
  STEP_NESTING: ["The STEP text is nested deeper than any real part.", "Export the part again from the CAD system."],
  // units
  UNIT_UNDECLARED: ["The file declares no length unit.", "Say which one: --unit mm (or in, m, cm, ft)."],
  UNIT_INVALID: ["The file's length unit has a factor of zero or below.", "Export the part again with a valid unit."],
  UNIT_MISMATCH: ["The unit's name and its factor disagree; the factor was used.", "Check the size of the part."],
  SIZE_SUSPICIOUS: ["The part's size is far outside what MIM can make.", "Check the unit of the file."],
  FAR_ORIGIN: ["The part lies far from the origin of its coordinate system.", "Check that this is meant; single-precision formats lose detail out there."],
  // bodies
  NO_GEOMETRY: ["The file holds no geometry.", "Export the solid body, not only the product structure."],
  NO_SOLID: ["The file holds no solid body.", "Export a solid; sheets and wireframes cannot be molded."],
  NOT_CLOSED: ["The body is not watertight.", "Close the gaps in CAD and export again."],
  INVALID_SOLID: ["The solid is not valid.", "Repair it in CAD (check geometry) and export again."],
  TOLERANCE_SCALE: ["Edges lie further from their faces than the part's size allows.", "The geometry is torn or holds bad numbers; repair it in CAD and export again."],
  EDGES_LOOSE: ["Edges lie a little off their faces.", "Nothing to do if the distance is below your tolerances."],
  POLE_STRAY: ["One control point stands out from a freeform face that is regular without it.", "Compare the face with the original in CAD: a digit may have changed on the way."],
  MEASURES_DIFFER: ["The solid does not measure what its sender wrote into the file.", "Compare the part with the original in CAD: geometry may have changed or been lost on the way."],
  INSIDE_OUT: ["The solid was inside out and has been turned.", "Check the part."],
  MAPPED_TRANSFORM: ["A placed copy is mirrored or scaled in a way the kernel does not honour.", "Export the body itself instead of a mirrored or scaled instance."],
  EXTERNAL_REFERENCE: ["The assembly refers to other files that are not here.", "Export one file with everything in it, or convert the parts one by one."],
  BODY_CHOICE: ["There is no such body.", "Choose one of the bodies listed."],
  BODIES_OVERLAP: ["Two bodies overlap.", "Choose the body to mold with --body."],
  SET_ASIDE: ["Sheets, wires or annotations were set aside.", "Nothing to do if they are not part of the solid."],
  HEALED: ["The file was not quite standard and was read after a repair.", "Check the part."],
  FACETS_ONLY: ["The exact kernel refused the file; facets were read instead.", "Results have wider intervals; repair the part in CAD for exact ones."],
  // limits and machinery
  FACET_LIMIT: ["The part needs more facets than the limit.", "Raise --max-facets or coarsen --deflection."],
  TIMEOUT: ["The work took longer than its time limit.", "Raise --timeout or simplify the part."],
  OUT_OF_MEMORY: ["The work needed more memory than its limit.", "Raise --max-memory or simplify the part."],
  CANCELLED: ["The work was cancelled.", "Start it again when you want it."],
  CRASH: ["The geometry kernel crashed on this file.", "Send us the file; the kernel has been restarted."],
  KERNEL_MISSING: ["A geometry kernel file is missing.", "Run npm run build, or install the package again."],
  // mold
  OSF_INVALID: ["The oversize factor is not usable.", "Give a factor between 1.0 and 1.5, for instance --osf 1.165."],
  OSF_UNKNOWN: ["This material has no sourced oversize factor.", "Give the feedstock's own with --osf or --feedstock."],
  MATERIAL_UNKNOWN: ["There is no such material.", "See oversize materials."],
  OSF_SUSPICIOUS: ["The oversize factor looks like a mistaken one.", "Check it against the feedstock's data sheet: the factor is 1/(1 - shrinkage)."],
  OSF_DEFAULT: ["The oversize factor is the alloy's default, not that of your feedstock lot.", "Give the lot's own with --osf or --feedstock before steel is cut."],
  FEEDSTOCK_CHOICE: ["The feedstock file does not say which feedstock to use.", "Name one of those listed: --feedstock FILE#ID."],
  FEEDSTOCK_STALE: ["The feedstock's values are old.", "Measure the present lot and give its values and date."],
  PROFILE_UNKNOWN: ["There is no such rule profile.", "Choose one of those listed, or give a profile file."],
  CALIBRATION_DATA: ["The measurements cannot be used.", "Correct the named row or column."],
  CALIBRATION_OFFSET: ["An offset was found that shrinkage cannot cause.", "Look for flash, an open parting line or wear before the OSF is changed."],
  CALIBRATION_OUTLIER: ["Some measurements do not fit the others.", "Measure them again; check gate, parting line and support there."],
  CALIBRATION_THIN: ["There are too few measurements for an interval.", "Measure three dimensions or more of different size on each axis."],
  RECIPE_INVALID: ["The feedstock recipe cannot be computed.", "Correct the named value."],
  DESIGN_INVALID: ["The mold design cannot be built.", "Check block, parting plane, pins and clearance."],
  MOLD_PROOF: ["The mold failed one of its proofs and was not written.", "Try another pull direction or parting plane."],
  MOLD_FALLBACK: ["The exact mold failed a proof; a facet mold was made instead.", "Use the STL or 3MF; there is no STEP for this mold."],
  MOLD_NOT_PULLABLE: ["A mold half cannot be withdrawn along its direction.", "The halves meet in a plane. See the trapped faces: they need side actions, a stepped parting face or another pull direction."],
  READ_BACK: ["A written file did not read back as what was written.", "Nothing was kept; report the part."],
  // use
  USAGE: ["The command line is not understood.", "See --help."],
  CONFIG_INVALID: ["A configuration or data file is not valid.", "Correct the named field."],
  OUTPUT_CONFLICT: ["Two inputs would write the same output.", "Rename one, or choose another --out."],
  RUN_LOCKED: ["Another run is writing into this folder.", "Wait for it, choose another --out, or give each run its own --shard."],
  INPUT_CHANGED: ["The file changed while it was being worked on.", "Run again when nobody writes to it."],
  SELECTION: ["Oversize works on one solid body.", "Select it in the view or the tree."],
  HOST_API: ["The host does not offer what Oversize needs.", "Use Chili3D 0.7 or newer."],
  QUEUE_FAILED: ["The queue cannot be used.", "Check the Redis URL and that the server runs."],
  OUTPUT_FAILED: ["A result could not be written.", "Check the folder and the free space."],
} as const satisfies Record<string, readonly [message: string, suggestion: string]>;

/** A stable, documented problem code. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Something that went wrong, or was mended, in words a designer understands. */
export interface Problem {
  readonly code: ProblemCode;
  /** `error` stops the output it belongs to; `warning` comes beside a result. */
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly suggestion: string;
}

/** A value, or the problem that kept it from being made. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problem: Problem };

/** Wraps a value, with any warnings that came on the way. */
export const ok = <T>(value: T, warnings: readonly Problem[] = []): Result<T> => ({ ok: true, value, warnings });

/** An error result from the catalogue; `cause` is appended to the catalogue's message. */
export const fail = (code: ProblemCode, cause?: string, suggestion?: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problem("error", code, cause, suggestion),
});

/** A warning from the catalogue; `cause` is appended to the catalogue's message. */
export const warning = (code: ProblemCode, cause?: string, suggestion?: string): Problem =>
  problem("warning", code, cause, suggestion);

function problem(severity: Problem["severity"], code: ProblemCode, cause?: string, suggestion?: string): Problem {
  const [message, advice] = PROBLEMS[code];
  return { code, severity, message: cause ? `${message} ${cause}` : message, suggestion: suggestion ?? advice };
}
