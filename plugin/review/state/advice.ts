import type { Problem, ProblemCode } from "../../../src/result.ts";

/** What to do about a problem here, where the catalogue's own words speak of the command line. */
const HERE: Readonly<Partial<Record<ProblemCode, string>>> = {
  OSF_DEFAULT: "Type the lot's own factor into the OSF field before steel is cut.",
  OSF_UNKNOWN: "Type your feedstock's factor into the OSF field.",
  OSF_INVALID: "Type a factor between 1.0 and 1.5 into the OSF field, for instance 1.165.",
  FILE_TOO_LARGE: "Export only the part to be molded.",
  UNIT_UNDECLARED: "Export the part again with a unit, or run oversize with --unit.",
  BODIES_OVERLAP: "Export the body to mold alone.",
  FACET_LIMIT: "Simplify the part and export it again.",
  TIMEOUT: "Simplify the part and export it again.",
  OUT_OF_MEMORY: "Close other parts, or simplify this one.",
  MATERIAL_UNKNOWN: "Choose a material from the list.",
};

/** A problem's suggestion in words that fit a page. */
export const adviceFor = ({ code, suggestion }: Pick<Problem, "code" | "suggestion">): string => HERE[code] ?? suggestion;
