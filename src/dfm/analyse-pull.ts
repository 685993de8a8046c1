import type { Vec3 } from "../units.ts";
import type { CheckContext, FacetPatches, FindingDraft, PullAlternative, PullAnalysis } from "./context.ts";
import { judge } from "./judge.ts";
import type { PartingLine } from "./parting-line.ts";
import { choosePull, comparePull, likelyPulls, type LikelyPull, type PullMarks, type RankOptions, type RankedPull } from "./rank-pulls.ts";
import { WHOLE, type Patch } from "./probe.ts";
import type { SideAction } from "./side-actions.ts";
import { dot } from "../geometry.ts";
import { pointAt } from "./vec3.ts";

/** What the pull stage gives. */
export interface PullStage {
  readonly pull?: PullAnalysis;
  readonly findings: readonly FindingDraft[];
}

/** Hidden area below this fraction of the part's area is rounding. */
const AREA_NOISE = 1e-6;
/** Slides whose hidden area is below this fraction of all that is hidden are not worth a finding of their own. */
const MINOR = 0.005;
/** Height differences a parting face never sees, mm. */
const FLAT_MM = 0.001;

const rankOptions = ({ askedPull, profile }: CheckContext): RankOptions => ({ direction: askedPull === "auto" ? undefined : askedPull, draftDeg: profile.limits.draft?.min });

/** Directions to compare before {@link analysePull}; each can be compared by itself. */
export const pullsToCompare = (context: CheckContext): LikelyPull[] => likelyPulls(context.body, context.bvh, rankOptions(context));

/** One of them examined as far as comparing needs it. */
export const comparedPull = (context: CheckContext, likely: LikelyPull): PullMarks => comparePull(context.body, context.bvh, likely, context.profile.limits.draft?.min);

/**
 * Chooses the pull direction (the caller's, or the best ranked), finds parting line, undercuts and side actions.
 * On a facets-only part everything rests on the facets and the methods say so.
 * @param compared what {@link comparedPull} gave, in the order of {@link pullsToCompare}
 */
export function analysePull(context: CheckContext, compared: readonly PullMarks[]): PullStage {
  const { body, bvh, askedPull } = context, ranked = choosePull(body, bvh, compared, rankOptions(context)), [best] = ranked;
  const pull: PullAnalysis = {
    direction: best.direction, chosenBy: askedPull === "auto" ? "auto" : "user", alternatives: ranked.map(plainMarks),
    parting: { loops: best.parting.loops, edges: best.parting.edges }, trappedMm2: best.hidden.areaMm2,
    hiddenFacetMm2: best.hidden.facetAreaMm2, shadowMm2: best.hidden.shadowMm2,
    hiddenPatches: packed(best.hidden.areaMm2.value > AREA_NOISE * body.mass.areaMm2 ? best.hidden.pieces : []),
  };
  return { pull, findings: [...undercuts(context, best), ...best.slides.actions.filter((a) => a.areaMm2 > MINOR * best.trappedMm2).map(slide), partingStep(context, best.parting, best.direction)] };
}

/** Pieces as plain arrays. */
function packed(pieces: readonly Patch[]): FacetPatches {
  const corners = new Float32Array(pieces.length * 9);
  pieces.forEach(({ w }, i) => corners.set(w.length === 0 ? WHOLE : w, i * 9));
  return { facets: Uint32Array.from(pieces, ({ facet }) => facet), corners };
}

const plainMarks = ({ direction, trappedMm2, sideActions, draftDeficitMm2, partingSpreadMm }: PullAlternative): PullAnalysis["alternatives"][number] =>
  ({ direction, trappedMm2, sideActions, draftDeficitMm2, partingSpreadMm });

const METHOD = "visibility along ±pull: one ray for each facet that no contour's shadow crosses, others split; trapped depth on exact lines; ";

function undercuts({ body, exact }: CheckContext, { hidden, slides, direction }: RankedPull): FindingDraft[] {
  const { areaMm2, faces, points } = hidden, noise = AREA_NOISE * body.mass.areaMm2;
  const limit = { max: 0, unit: "mm2" as const, source: "what neither half reaches cannot be molded without a side action" };
  const verdict = judge(areaMm2, limit, noise), method = METHOD + (exact ? "areas from the exact faces" : "on facets only");
  const base = { code: "UNDERCUT" as const, limit, method, direction };
  const measured = { ...areaMm2, unit: "mm2" as const };
  if (verdict === "pass") return [{ ...base, verdict, severity: "blocking", measured, faces: [], points: [], message: `Both halves together reach all of the part along ${named(direction)}.` }];
  const left = slides.left.areaMm2, blocking = left > Math.max(noise, MINOR * areaMm2.value), count = slides.actions.length;
  const total: FindingDraft = {
    ...base, verdict, severity: blocking && count === 0 ? "blocking" : "advisory", measured, faces: faces.map((f) => f.face), points, areaMm2: areaMm2.value, weight: areaMm2.value,
    message: `${areaMm2.value.toFixed(2)} mm² cannot be reached along ${named(direction)}; ${count === 0 ? "no straight slide frees it" : `${count} side action${count > 1 ? "s" : ""} can form ${blocking ? "part of it" : "it"}`}. Change the pull direction, open the feature or accept the slides.`,
  };
  if (!blocking || count === 0) return [total];
  const share = left / areaMm2.value;
  return [total, {
    ...base, verdict, severity: "blocking", measured: { value: left, low: Math.max(0, areaMm2.low * share), high: areaMm2.high * share, unit: "mm2" }, faces: slides.left.faces, points: slides.left.points, areaMm2: left, weight: left,
    message: `${left.toFixed(2)} mm² can be reached neither along ${named(direction)} nor by a straight slide. Open the feature, or machine it after sintering.`,
  }];
}

function slide({ direction, travelMm, areaMm2, faces, points, regions }: SideAction): FindingDraft {
  return {
    code: "SIDE_ACTION", verdict: "fail", severity: "advisory", measured: { ...travelMm, unit: "mm" },
    faces, points, areaMm2, direction, weight: areaMm2, method: "hidden areas that come free along one direction, fewest directions by greedy cover; travel from the extent of what is hidden, and of what may be",
    message: `A slide along ${named(direction)} with at least ${travelMm.value.toFixed(2)} mm of travel forms ${areaMm2.toFixed(2)} mm² of undercut${regions > 1 ? ` in ${regions} places` : ""}. Accept its cost or turn the feature into the pull direction.`,
  };
}

function partingStep({ exact, bvh }: CheckContext, { spreadMm, boundsMm, outer, loops, edges, heightsMm }: PartingLine, direction: Vec3): FindingDraft {
  const base = { code: "PARTING_STEP" as const, severity: "advisory" as const, faces: [], edges: [...edges], direction, method: "sign changes of n · d, refined on exact surfaces; spread of the outer loop along the pull" };
  if (outer.length === 0) return { ...base, verdict: "not-evaluated", points: [], message: "No outer parting loop was found for this direction." };
  const error = exact ? 1e-6 : 8 * bvh.errorMm, limit = { max: 0, unit: "mm" as const, source: "a flat parting line is the cheapest" };
  const measured = { value: spreadMm, low: Math.max(0, Math.min(spreadMm, boundsMm[0]) - error), high: Math.max(spreadMm, boundsMm[1]) + error, unit: "mm" as const };
  const verdict = judge(measured, limit, FLAT_MM), extremes = extremePoints(outer.map((i) => loops[i]), direction, heightsMm);
  return {
    ...base, verdict, measured, limit, points: extremes, weight: spreadMm,
    message: verdict === "pass" ? `The parting line lies in one plane across ${named(direction)}; ${loops.length - outer.length} more loops close holes.` : `The parting line rises and falls by ${spreadMm.toFixed(3)} mm along ${named(direction)}. Flatten it or accept a stepped parting face.`,
  };
}

function extremePoints(loops: readonly Float64Array[], d: Vec3, heights: readonly [number, number]): Vec3[] {
  return heights.map((wanted) => {
    let best: Vec3 = [0, 0, 0], least = Infinity;
    for (const loop of loops) for (let i = 0; i < loop.length / 3; i++) {
      const p = pointAt(loop, i), off = Math.abs(dot(p, d) - wanted);
      if (off < least) { least = off; best = p; }
    }
    return best;
  });
}

/** A direction in a designer's words. */
export function named(d: Vec3): string {
  const k = d.findIndex((c) => Math.abs(c) > 1 - 1e-9);
  return k >= 0 ? `${d[k] > 0 ? "+" : "−"}${"xyz"[k]}` : `(${d.map((c) => c.toFixed(3)).join(", ")})`;
}
