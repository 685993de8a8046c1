import type { LimitName, Profile } from "../mim/profile.ts";
import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import type { Finding, Limit, MeasureUnit, Severity } from "./finding.ts";

/** What every check of one body works with. One tree per body serves all of them. */
export interface CheckContext {
  readonly body: Body;
  /** False on a facets-only part: surfaces are `other`, intervals are wider and every method says so. */
  readonly exact: boolean;
  readonly profile: Profile;
  /** Oversize factor along x, y, z; 1 where the caller gave none. */
  readonly osf: Vec3;
  /** Sintered density; absent when the material has none. */
  readonly densityGcm3?: number;
  /** Over `body.facets`, triangle by triangle, with `faceOf` as its faces. */
  readonly bvh: Bvh;
  /** What the caller asked for; the pull stage resolves `auto`. */
  readonly askedPull: Vec3 | "auto";
  /** Resolved by the pull stage, which runs before the other checks; absent when it could not decide. */
  readonly pull?: PullAnalysis;
  /** Bounds the refinement of every check, so that results do not depend on the machine's speed. */
  readonly budget: Budget;
  /** Reports progress and lets a cancel through: returns to the event loop now and then, throws {@link Cancelled} once the signal is set. */
  readonly pause: (fraction?: number) => Promise<void>;
}

/** How much work refinement may spend, in counted steps. */
export interface Budget {
  /** Samples of the first wall map. */
  readonly coarseSamples: number;
  /** Exact evaluations spent on refining wall verdicts. */
  readonly wallRefinements: number;
  /** Subdivisions of freeform surfaces for curvature, draft and silhouettes, per face. */
  readonly faceSubdivisions: number;
}

/** Work spent when nothing is said. */
export const BUDGET_DEFAULTS: Budget = { coarseSamples: 6000, wallRefinements: 8000, faceSubdivisions: 4096 };

/** The pull direction with what follows from it. */
export interface PullAnalysis {
  /** Unit; the cavity half is lifted off along it. */
  readonly direction: Vec3;
  readonly chosenBy: "user" | "auto";
  readonly alternatives: readonly PullAlternative[];
  readonly parting: Parting;
  /** Surface neither half can reach, mm². */
  readonly trappedMm2: Bounds;
  /** `[facets]` how much of each that is, mm². */
  readonly hiddenFacetMm2: Float64Array;
  /** The same surface piece by piece, for display; empty where it is no more than rounding. */
  readonly hiddenPatches: FacetPatches;
  /** Area of the part's shadow along the direction, sintered, mm². */
  readonly shadowMm2: Bounds;
}

/** Pieces of facets: whole facets, or parts of them where a silhouette or a shadow runs through. */
export interface FacetPatches {
  /** `[p]` facet of each piece. */
  readonly facets: Uint32Array;
  /** `[p*9]` barycentric places of its three corners in the facet. */
  readonly corners: Float32Array;
}

/** A value and what surely holds the truth. */
export interface Bounds {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A candidate direction, best first. */
export interface PullAlternative {
  readonly direction: Vec3;
  readonly trappedMm2: number;
  readonly sideActions: number;
  readonly draftDeficitMm2: number;
  readonly partingSpreadMm: number;
}

/** The parting line as computed. */
export interface Parting {
  /** Closed loops, `[n*3]` xyz, mm. */
  readonly loops: readonly Float64Array[];
  /** Edges of the body that lie on the parting line over their whole length: sharp convex ones are tolerable there. */
  readonly edges: ReadonlySet<number>;
}

/** A finding before it has its number and its body. */
export type FindingDraft = Omit<Finding, "id" | "body"> & {
  /** Order within one code: larger first. The severity of the breach, say. */
  readonly weight?: number;
};

/** One check: what it finds on one body, a passing statement included, so that silence never reads as a pass. */
export type Rule = (context: CheckContext) => FindingDraft[] | Promise<FindingDraft[]>;

/** Thrown by {@link CheckContext.pause} after a cancel. */
export class Cancelled extends Error {}

/** A limit a check holds a value against, and what breaking it means. */
export interface RuleLimit {
  readonly limit: Limit;
  readonly severity: Severity;
}

/**
 * What a profile says about one quantity: what its source allows, at the rule's own severity, then what it
 * recommends inside that, as advice. Empty when the profile has no sourced number: measure, give no verdict.
 */
export function limitsOf(profile: Profile, name: LimitName, unit: MeasureUnit, severity: Severity): RuleLimit[] {
  const given = profile.limits[name];
  if (!given) return [];
  const out: RuleLimit[] = [];
  const { min, max, preferred, source } = given;
  if (min !== undefined || max !== undefined) out.push({ limit: { min, max, unit, source }, severity });
  if (preferred && (preferred.min !== undefined || preferred.max !== undefined) && (preferred.min !== min || preferred.max !== max)) {
    out.push({ limit: { min: preferred.min, max: preferred.max, unit, source: `${source}, preferred` }, severity: "advisory" });
  }
  return out;
}
