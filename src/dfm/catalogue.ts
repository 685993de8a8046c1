import { LIMITS, type LimitName, type Profile } from "../mim/profile.ts";
import { FINDING_KINDS, type FindingCode, type FindingKind } from "./finding.ts";

/** Which limits of a profile each code is held against. A code without one is measured and given no verdict, or has a definition of its own. */
export const LIMITS_OF_CODE: Readonly<Partial<Record<FindingCode, readonly LimitName[]>>> = {
  WALL_THIN: ["wall"], WALL_THICK: ["wall"], WALL_TRANSITION: ["wallTransition"], FEATHER_EDGE: ["wall"],
  DRAFT_LOW: ["draft", "coreDraft", "deepRibDraft"], RADIUS_SMALL: ["internalRadius", "externalRadius"], EDGE_SHARP: ["internalRadius", "externalRadius"],
  MASS_RANGE: ["mass"], SIZE_RANGE: ["size"], HOLE_DIAMETER: ["holeDiameter"], HOLE_DEPTH: ["holeDepthRatio"],
};

const INTRODUCTION = `# What the checks find

One entry for each code. Limits apply to the sintered part, as drawn. A value equal to a limit passes. A measured value is
an interval that holds the truth: inside the limit it passes, outside it fails, across it the verdict is *undecided*. What
was not measured, or has no sourced limit in the profile, reads *not evaluated*.
`;

/**
 * The catalogue page, in Markdown.
 * @param profiles whose limits are listed
 * @param pictureOf file name of a code's picture beside the page, where there is one
 */
export function cataloguePage(profiles: readonly Profile[], pictureOf: (code: FindingCode) => string | undefined): string {
  const codes = Object.keys(FINDING_KINDS) as FindingCode[];
  return [INTRODUCTION, ...codes.map((code) => entry(code, FINDING_KINDS[code], profiles, pictureOf(code)))].join("\n");
}

function entry(code: FindingCode, kind: FindingKind, profiles: readonly Profile[], picture: string | undefined): string {
  const limits = (LIMITS_OF_CODE[code] ?? []).flatMap((name) => profiles.flatMap((profile) => limitLine(profile, name)));
  return [
    `## ${code}`, "", `**${kind.title}** (${kind.severity})`, "",
    ...(picture ? [`![${kind.title}](${picture})`, ""] : []),
    kind.definition, "", `- Measured as: ${kind.formula}`, `- What to change: ${kind.advice}`,
    ...(limits.length > 0 ? ["- Limits:", ...limits] : ["- Limits: none with a source; the measurement is reported."]), "",
  ].join("\n");
}

function limitLine(profile: Profile, name: LimitName): string[] {
  const limit = profile.limits[name];
  if (!limit) return [];
  const range = (r: { min?: number; max?: number }): string => [r.min !== undefined && `at least ${r.min}`, r.max !== undefined && `at most ${r.max}`].filter(Boolean).join(", ");
  const words = [range(limit), limit.preferred && `preferred ${range(limit.preferred)}`].filter(Boolean).join("; ");
  return [`  - \`${profile.id}\`, ${LIMITS[name].meaning}: ${words} ${limit.unit} (${limit.source})`];
}
