import { norm } from "../geometry.ts";
import { limitsOf, type CheckContext, type FindingDraft } from "./context.ts";
import { ZONE } from "./edge-zone.ts";
import { FINDING_KINDS } from "./finding.ts";
import { judge } from "./judge.ts";
import { SEARCH_ERROR } from "./search-walls.ts";
import { pointAt } from "./vec3.ts";
import { indicesWhere, type WallSamples, type WallSide } from "./wall-samples.ts";

/** Places compared with one another; more are thinned out evenly. */
const MAX_PLACES = 3000;
/** Pairs measured exactly before the steepest of them has to do; others that may be steeper by less than this are left. */
const MAX_PAIRS = 24, NEAR = 1.02;

interface Step { a: number; b: number; ratio: number; distanceMm: number }

/** What bounds every ratio of two walls of a body, mm. */
export interface WallExtremes { readonly thinnestMm: number; readonly thickestMm: number }

/**
 * WALL_TRANSITION: the largest ratio of thickness between two walls whose places lie no further apart than the
 * thicker of them is thick. The gradient goes into the message. No sourced ratio exists, so most profiles give no verdict: the interval
 * then begins at the steepest pair found, both walls measured exactly, and ends at the ratio of the part's thickest section to its
 * thinnest wall, for no pair can have more. Against a limit the pair found is held, as the thinnest wall found is.
 */
export function checkTransition(context: CheckContext, side: WallSide, walls: WallSamples, { thinnestMm, thickestMm }: WallExtremes): FindingDraft {
  const kind = FINDING_KINDS.WALL_TRANSITION, rule = limitsOf(context.profile, "wallTransition", "ratio", kind.severity).find((r) => r.limit.max !== undefined);
  const method = `largest thickness ratio found between opposed walls within one thickness of each other${rule ? "" : "; at most that of thickest to thinnest"}`;
  const none = (message: string): FindingDraft => ({ code: "WALL_TRANSITION", verdict: "not-evaluated", severity: kind.severity, faces: [], points: [], method, message });
  const worst = confirmed(side, walls), least = thinnestMm * (1 - SEARCH_ERROR);
  if (!worst && rule) return none("No two walls to compare.");
  if (!(least > 0)) return none(thinnestMm === 0 ? "There are no walls to compare." : "The facets cannot tell the thinnest wall from none: no ratio bounds its change.");
  const { samples, balls } = walls, ratio = worst?.ratio ?? 1, low = worst ? balls.lowMm[worst.a] / balls.highMm[worst.b] : 1, most = thickestMm / least;
  const found = worst ? balls.highMm[worst.a] / balls.lowMm[worst.b] : 1, measured = { value: ratio, low, high: rule ? found : Math.max(found, most), unit: "ratio" } as const;
  const common: Omit<FindingDraft, "faces" | "points" | "message"> = {
    code: "WALL_TRANSITION", verdict: rule ? judge(measured, { max: rule.limit.max }) : "not-evaluated", severity: kind.severity, method,
    measured, limit: rule && { max: rule.limit.max, unit: "ratio", source: rule.limit.source },
  };
  if (!worst) return { ...common, faces: [], points: [], message: `No two walls of different thickness were found near one another; their ratio is nowhere more than ${most.toFixed(2)} : 1.` };
  const { a, b, distanceMm } = worst, thick = 2 * balls.radiusMm[a], thin = 2 * balls.radiusMm[b], gradient = (thick - thin) / distanceMm;
  const mm = (x: number): string => `${Number(x.toPrecision(3))} mm`;
  return {
    ...common, faces: [...new Set([samples.faces[a], samples.faces[b]])], points: [pointAt(samples.points, a), pointAt(samples.points, b)],
    message: `The section changes from ${mm(thick)} to ${mm(thin)} (${ratio.toFixed(2)} : 1) within ${mm(distanceMm)}, ${gradient.toFixed(2)} mm per mm.${rule ? "" : " The profile gives no limit for this."}${ratio > 1.5 ? ` ${kind.advice}` : ""}`,
  };
}

/** The steepest pair once both its walls are measured exactly, in place: some that facets show turn out to be less, or none. */
function confirmed(side: WallSide, walls: WallSamples): Step | undefined {
  const isWall = (i: number): boolean => walls.zones[i] === ZONE.wall && walls.balls.lowMm[i] > 0;
  let best: Step | undefined;
  for (let pair = 0; pair < MAX_PAIRS; pair++) {
    const step = steepest(walls, indicesWhere(walls, isWall));
    if (!step || (best && step.ratio <= best.ratio * NEAR)) break;
    side.sharpen(walls, [step.a, step.b].filter((i) => walls.sharp[i] === 0));
    const exact = steepest(walls, [step.a, step.b].filter(isWall));
    if (exact && !(best && exact.ratio <= best.ratio)) best = exact;
  }
  return best;
}

function steepest({ samples, balls }: WallSamples, all: readonly number[]): Step | undefined {
  const stride = Math.max(1, Math.ceil(all.length / MAX_PLACES)), list = all.filter((_, j) => j % stride === 0);
  // By thickness: a pair's ratio is bounded by the thickest of all over the one at hand, which ends both loops early.
  list.sort((a, b) => balls.radiusMm[b] - balls.radiusMm[a]);
  let best: Step | undefined;
  for (let x = 0; x < list.length; x++) {
    const a = list[x], reach = 2 * balls.radiusMm[a];
    if (best && balls.radiusMm[a] / balls.radiusMm[list[list.length - 1]] <= best.ratio) break;
    for (let y = list.length - 1; y > x; y--) {
      const b = list[y], ratio = balls.radiusMm[a] / balls.radiusMm[b];
      if (best && ratio <= best.ratio) break;
      const distanceMm = norm(samples.points[a * 3] - samples.points[b * 3], samples.points[a * 3 + 1] - samples.points[b * 3 + 1], samples.points[a * 3 + 2] - samples.points[b * 3 + 2]);
      if (distanceMm <= reach && distanceMm > 0) best = { a, b, ratio, distanceMm };
    }
  }
  return best;
}
