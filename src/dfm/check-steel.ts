import type { Vec3 } from "../units.ts";
import type { CheckContext, FindingDraft } from "./context.ts";
import { WALL_ANGLE_DEG } from "./edge-zone.ts";
import { BallGauge, CONTACT, type ExactBalls } from "./exact-balls.ts";
import { FINDING_KINDS } from "./finding.ts";
import { refineExtrema } from "./refine-walls.ts";
import { sampleSurface, type SurfaceSamples } from "./surface-samples.ts";

/** Places where webs are told apart; more are left out. */
const MAX_WEBS = 6;

/**
 * STEEL_THIN: the thinnest webs of mold steel, as the largest balls outside the part between opposed faces, grown by
 * the oversize factor. No sourced limit exists: a measurement without a verdict. Where the factor differs by axis
 * the interval spans the smallest and the largest.
 */
export async function checkSteel(context: CheckContext): Promise<FindingDraft[]> {
  const { body, bvh, exact, budget, osf } = context, kind = FINDING_KINDS.STEEL_THIN;
  const gauge = new BallGauge(body, bvh, exact), samples = sampleSurface(body, exact, budget.coarseSamples / 2);
  await context.pause(0.1);
  const balls = gauge.measureOnFacets(samples, "outside", gauge.sizeMm / 4);
  await context.pause(0.8);
  const method = `maximal ball outside the ${exact ? "exact surfaces" : "facets"}, times the oversize factor`;
  const opposed: number[] = [];
  for (let i = 0; i < samples.count; i++) if (isWeb(balls, i)) opposed.push(i);
  const chosen = distinctWebs(samples, balls, opposed);
  if (chosen.length === 0) return [{ code: "STEEL_THIN", verdict: "not-evaluated", severity: kind.severity, faces: [], points: [], method, message: "No webs of steel stand between faces of this body." }];
  const least = Math.min(...osf), most = Math.max(...osf), mean = Math.cbrt(osf[0] * osf[1] * osf[2]);
  const refined = exact ? refineExtrema({ body, bvh, gauge, samples, starts: chosen, sense: 1, stepMm: Math.sqrt(body.mass.areaMm2 / Math.max(1, samples.count)), budget: budget.wallRefinements / 4, side: "outside", accept: (_, b, i) => isWeb(b, i) }) : undefined;
  return chosen.map((i, j) => {
    const usable = refined && j < refined.samples.count && refined.samples.faces[j] === samples.faces[i] && isWeb(refined.balls, j);
    const [s, b, at] = usable ? [refined.samples, refined.balls, j] : [samples, balls, i];
    const value = 2 * b.radiusMm[at] * mean;
    return {
      code: "STEEL_THIN", verdict: "not-evaluated", severity: kind.severity, measured: { value, low: 2 * b.lowMm[at] * least, high: 2 * b.highMm[at] * most, unit: "mm" },
      faces: [...new Set([s.faces[at], b.partnerFaces[at]])].sort((x, y) => x - y), points: [pointOf(s.points, at), pointOf(b.partners, at)], method,
      message: `A web of steel ${Number(value.toPrecision(3))} mm thick stands here in the mold. No sourced limit: ask the toolmaker whether it holds.`, weight: -value,
    };
  });
}

const isWeb = (balls: ExactBalls, i: number): boolean =>
  balls.partnerFaces[i] >= 0 && balls.contacts[i] !== CONTACT.none && balls.contacts[i] !== CONTACT.behind && balls.turnDeg[i] >= 180 - WALL_ANGLE_DEG && balls.radiusMm[i] > 0;

const pointOf = (row: Float64Array, i: number): Vec3 => [row[i * 3], row[i * 3 + 1], row[i * 3 + 2]];

/** The thinnest web of each pair of faces, thinnest first. */
function distinctWebs(samples: SurfaceSamples, balls: ExactBalls, list: number[]): number[] {
  list.sort((a, b) => balls.radiusMm[a] - balls.radiusMm[b] || a - b);
  const seen = new Set<string>(), chosen: number[] = [];
  for (const i of list) {
    const [a, b] = [samples.faces[i], balls.partnerFaces[i]].sort((x, y) => x - y), key = `${a},${b}`;
    if (seen.has(key)) continue;
    seen.add(key);
    chosen.push(i);
    if (chosen.length === MAX_WEBS) break;
  }
  return chosen;
}
