import type { CheckContext, FindingDraft } from "./context.ts";
import { ZONE } from "./edge-zone.ts";
import { FINDING_KINDS } from "./finding.ts";
import { SEARCH_ERROR, thinnestWalls } from "./search-walls.ts";
import { sampleSurface } from "./surface-samples.ts";
import { pointAt } from "./vec3.ts";
import { WallSide, indicesWhere, pairOf, placeOf, wallsOf, type Place } from "./wall-samples.ts";

/** Places where webs are told apart; more are left out. */
const MAX_WEBS = 6;
/** Steel has no limit to be held against: it is searched with this share of what walls may spend. */
const SHARE = 1 / 4;

/**
 * STEEL_THIN: the thinnest steel that stands between opposed walls of the cavity or fills a bore, found as the part's
 * thinnest walls are, outside instead of inside, and grown by the oversize factor. No sourced limit exists: a measurement without a
 * verdict. The interval holds what the search may have left; where the factor differs by axis it spans the smallest and the largest.
 */
export async function checkSteel(context: CheckContext): Promise<FindingDraft[]> {
  const { body, exact, osf } = context, kind = FINDING_KINDS.STEEL_THIN;
  const budget = { ...context.budget, coarseSamples: context.budget.coarseSamples * SHARE, wallRefinements: context.budget.wallRefinements * SHARE };
  const steel = new WallSide({ ...context, budget }, "outside"), coarse = steel.look(sampleSurface(body, exact, budget.coarseSamples));
  await context.pause(0.3);
  if (exact) {
    const close = steel.gauge.closeAcross(coarse.samples, "outside"), known = distinctWebs(indicesWhere(coarse, (i) => coarse.zones[i] === ZONE.wall).map((i) => placeOf(coarse, i)));
    steel.sharpen(coarse, [...new Set([...indicesWhere(coarse, (i) => close[i] === 1), ...known.map(({ i }) => i)])]);
  }
  const webs = distinctWebs([...wallsOf(coarse), ...wallsOf(thinnestWalls(steel, coarse))]);
  await context.pause(0.8);
  const method = `maximal ball outside the ${exact ? "exact surfaces" : "facets"}, times the oversize factor`;
  const common = { code: "STEEL_THIN", verdict: "not-evaluated", severity: kind.severity, method } as const;
  if (webs.length === 0) return [{ ...common, faces: [], points: [], message: "No steel stands between faces of this body." }];
  const least = Math.min(...osf), most = Math.max(...osf), mean = Math.cbrt(osf[0] * osf[1] * osf[2]);
  return webs.map(({ walls: { samples, balls }, i, measured }) => {
    const value = measured.value * mean, bore = balls.partnerFaces[i] < 0;
    return {
      ...common, measured: { value, low: measured.low * least * (1 - SEARCH_ERROR), high: measured.high * most, unit: "mm" },
      faces: [...new Set(bore ? [samples.faces[i]] : [samples.faces[i], balls.partnerFaces[i]])].sort((x, y) => x - y), points: [pointAt(samples.points, i), pointAt(balls.partners, i)],
      message: `${bore ? "A core" : "A web"} of steel ${Number(value.toPrecision(3))} mm thick stands here in the mold. No sourced limit: ask the toolmaker whether it holds.`, weight: -value,
    };
  });
}

/** The thinnest of each pair of faces, thinnest first. */
function distinctWebs(webs: Place[]): Place[] {
  const seen = new Set<string>();
  return webs.sort((a, b) => a.measured.value - b.measured.value).filter(({ walls, i }) => {
    const pair = pairOf(walls, i).split(",").sort().join();
    return !seen.has(pair) && seen.add(pair);
  }).slice(0, MAX_WEBS);
}
