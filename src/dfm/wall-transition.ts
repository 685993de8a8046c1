import { norm } from "../geometry.ts";
import type { Vec3 } from "../units.ts";
import type { WallSamples } from "./wall-samples.ts";
import { limitsOf, type CheckContext, type FindingDraft } from "./context.ts";
import { ZONE } from "./edge-zone.ts";
import { FINDING_KINDS } from "./finding.ts";
import { judge } from "./judge.ts";

/** Places compared with one another; more are thinned out evenly. */
const MAX_PLACES = 3000;

interface Step { a: number; b: number; ratio: number; distanceMm: number }

/**
 * WALL_TRANSITION: the largest ratio of thickness between two walls whose places lie no further apart than the
 * thicker of them is thick. The gradient goes into the message. No sourced ratio exists, so most profiles give no
 * verdict.
 */
export function checkTransition(context: CheckContext, walls: WallSamples): FindingDraft {
  const kind = FINDING_KINDS.WALL_TRANSITION, method = "largest thickness ratio of opposed walls within one thickness of each other";
  const worst = steepest(walls);
  if (!worst) return { code: "WALL_TRANSITION", verdict: "not-evaluated", severity: kind.severity, faces: [], points: [], method, message: "No two walls to compare." };
  const { samples, balls } = walls, { a, b, ratio, distanceMm } = worst;
  const thick = 2 * balls.radiusMm[a], thin = 2 * balls.radiusMm[b], gradient = (thick - thin) / distanceMm;
  const measured = { value: ratio, low: balls.lowMm[a] / balls.highMm[b], high: balls.highMm[a] / balls.lowMm[b], unit: "ratio" } as const;
  const rule = limitsOf(context.profile, "wallTransition", "ratio", kind.severity).find((r) => r.limit.max !== undefined);
  const verdict = rule ? judge(measured, { max: rule.limit.max }) : "not-evaluated";
  const mm = (x: number): string => `${Number(x.toPrecision(3))} mm`;
  return {
    code: "WALL_TRANSITION", verdict, severity: kind.severity, measured, limit: rule && { max: rule.limit.max, unit: "ratio", source: rule.limit.source },
    faces: [...new Set([samples.faces[a], samples.faces[b]])], points: [at(samples.points, a), at(samples.points, b)], method,
    message: `The section changes from ${mm(thick)} to ${mm(thin)} (${ratio.toFixed(2)} : 1) within ${mm(distanceMm)}, ${gradient.toFixed(2)} mm per mm.${rule ? "" : " The profile gives no limit for this."}${ratio > 1.5 ? ` ${kind.advice}` : ""}`,
  };
}

const at = (p: Float64Array, i: number): Vec3 => [p[i * 3], p[i * 3 + 1], p[i * 3 + 2]];

function steepest({ samples, balls, zones }: WallSamples): Step | undefined {
  const all: number[] = [];
  // A thickness that may be nothing within what the facets can tell has no ratio to another.
  for (let i = 0; i < samples.count; i++) if (zones[i] === ZONE.wall && balls.lowMm[i] > 0) all.push(i);
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
