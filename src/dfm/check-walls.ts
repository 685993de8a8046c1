import { limitsOf, type CheckContext, type FindingDraft, type RuleLimit } from "./context.ts";
import { escapesCorner, nearFeather } from "./corner-escape.ts";
import { ZONE, classifyZones } from "./edge-zone.ts";
import { FINDING_KINDS } from "./finding.ts";
import { DECISION_TOLERANCE, judge } from "./judge.ts";
import { necks } from "./necks.ts";
import { thickestSections, thinnestWalls } from "./search-walls.ts";
import { emptySamples, sampleSurface } from "./surface-samples.ts";
import { groupRegions, type Region } from "./thin-regions.ts";
import { makeWallMap, type WallMap } from "./wall-map.ts";
import { WallSide, extremeOf, indicesWhere, placeOf, thinnestOf, type Place, type WallSamples } from "./wall-samples.ts";
import { thickestBound, type ThickestBound } from "./thickest-bound.ts";
import { pointAt } from "./vec3.ts";
import { checkTransition } from "./wall-transition.ts";

/** Walls of one body: findings and the map for display. */
export interface WallCheck {
  readonly findings: FindingDraft[];
  readonly map: WallMap;
}

/** Findings of one code on one body; more places are counted in the last one's message. */
const MAX_FINDINGS = 20;

const METHOD_EXACT = "maximal inscribed ball on exact surfaces";
const METHOD_THICK = "; bounded everywhere by branch and bound over cubes";
const METHOD_FACETS = "maximal inscribed ball on facets; the file gave no exact surfaces, so the interval is wider";

/**
 * WALL_THIN, WALL_THICK and WALL_TRANSITION: a first map over the whole surface, then a search on the exact surface
 * for the thinnest and thickest places, then verdicts. Tapers of convex edges and rounds are no walls; feather edges
 * have a finding of their own.
 */
export async function checkWalls(context: CheckContext, onCoarse?: (map: WallMap) => void): Promise<WallCheck> {
  const { body, exact, budget } = context, walls = new WallSide(context, "inside"), samples = sampleSurface(body, exact, budget.coarseSamples);
  await context.pause(0.1);
  const limits = limitsOf(context.profile, "wall", "mm", FINDING_KINDS.WALL_THIN.severity), coarse = walls.look(samples);
  const mapped = (): WallMap => makeWallMap(body, coarse, Math.min(...limits.map((l) => l.limit.max ?? Infinity)));
  onCoarse?.(mapped());
  await context.pause(0.5);
  if (exact) walls.sharpen(coarse, openTo(walls, coarse, limits));
  await context.pause(0.6);
  const thin = thinnestWalls(walls, coarse, Math.max(0, ...limits.map((l) => l.limit.min ?? 0)));
  await context.pause(0.75);
  const held = measureNecks(walls, thinnestOf(coarse, thin), limits), bound = boundThickest(walls, limits);
  await context.pause(0.85);
  const thick = thickestSections(walls, coarse, bound.triangle < 0 ? -1 : samples.triangles.indexOf(bound.triangle));
  await context.pause(0.95);
  return { findings: [...judgeThin(walls, [coarse, thin, held], thick, limits), ...judgeThick(context, coarse, thick, bound, limits), checkTransition(context, walls, coarse, { thinnestMm: thinnestOf(coarse, thin, held)?.measured.low ?? 0, thickestMm: 2 * bound.highMm })], map: mapped() };
}

/**
 * Samples that the facets leave open or may have missed: walls around or below the largest lower limit that no corner
 * explains, and places with another face close below.
 */
function openTo(walls: WallSide, coarse: WallSamples, limits: readonly RuleLimit[]): number[] {
  const minMm = Math.max(0, ...limits.map((l) => l.limit.min ?? 0)), close = walls.gauge.closeAcross(coarse.samples);
  const below = indicesWhere(coarse, (i) => 2 * coarse.balls.lowMm[i] < minMm && close[i] === 0), explained = explainedBy(walls, coarse, below, minMm);
  return [...indicesWhere(coarse, (i) => close[i] === 1), ...below.filter((i) => !explained.has(i))];
}

/** Walls that a hollow edge or a hollow point holds and no face opposite, thinner than those known or than a limit. */
function measureNecks({ context: { body, budget, exact }, gauge, zones }: WallSide, known: Place | undefined, limits: readonly RuleLimit[]): WallSamples {
  const belowMm = Math.max(known?.measured.value ?? Infinity, ...limits.map((l) => l.limit.min ?? 0));
  const { samples, balls } = exact ? necks(body, gauge, { belowMm, places: budget.coarseSamples / NECK_SHARE, count: MAX_NECKS }) : { samples: emptySamples(0), balls: gauge.measure(emptySamples(0)) };
  const rayMm = balls.radiusMm.map((r) => 2 * r);
  return { samples, balls, rayMm, opposed: new Uint8Array(samples.count).fill(1), zones: classifyZones(zones, samples, balls, rayMm), sharp: new Uint8Array(samples.count).fill(1) };
}

/** Necks searched from this many distinct places; one place on hollow edges for so many samples of the first map. */
const MAX_NECKS = 20, NECK_SHARE = 8;

/** Those of the samples listed whose thinness a corner or a feather edge explains. */
function explainedBy({ context: { body, bvh }, gauge }: WallSide, { samples, balls, zones }: WallSamples, list: readonly number[], minMm: number): Set<number> {
  const corners = list.filter((i) => zones[i] === ZONE.corner), feathered = nearFeather(body, samples, corners, minMm);
  const open = corners.filter((_, j) => !feathered[j]), escaped = escapesCorner(body, bvh, samples, balls, open, minMm, gauge.deviationMm);
  return new Set([...corners.filter((_, j) => feathered[j]), ...open.filter((_, j) => escaped[j])]);
}

/** Cubes looked at for each exact evaluation that the budget allows: one costs about an eighth of the other. */
const CUBES = 8;

/** Bounds the largest ball anywhere. */
const boundThickest = ({ context: { body, bvh, budget }, gauge: { deviationMm, border } }: WallSide, limits: readonly RuleLimit[]): ThickestBound =>
  thickestBound({ body, bvh, border, deviationMm, decisiveMm: limits.flatMap(({ limit }) => (limit.max === undefined ? [] : [limit.max / 2])), budget: budget.wallRefinements * CUBES });

const methodOf = ({ exact }: Pick<CheckContext, "exact">): string => (exact ? METHOD_EXACT : METHOD_FACETS);
const mm = (x: number): string => `${Number(x.toPrecision(4))} mm`;

function judgeThin(side: WallSide, sets: readonly WallSamples[], thick: WallSamples, limits: readonly RuleLimit[]): FindingDraft[] {
  const { context } = side, walls = thinnestOf(...sets), thinnest = walls ?? extremeOf([thick], () => true, -1) ?? extremeOf(sets, () => true, -1);
  const withMin = limits.filter((l) => l.limit.min !== undefined);
  if (!thinnest) return [{ code: "WALL_THIN", verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: methodOf(context), message: "Nothing of this body could be measured." }];
  const words = walls ? `Thinnest wall ${mm(thinnest.measured.value)}.` : `One section of ${mm(thinnest.measured.value)} without opposed walls.`;
  if (withMin.length === 0) return [statement(context, "WALL_THIN", "not-evaluated", "advisory", thinnest, undefined, `${words} The profile gives no lower limit.`)];
  return withMin.flatMap((rule) => {
    const regions = failingRegions(side, sets, rule.limit.min as number);
    if (regions.length === 0) {
      const verdict = walls ? judge(walls.measured, { min: rule.limit.min }) : "pass";
      return [statement(context, "WALL_THIN", verdict, rule.severity, thinnest, { min: rule.limit.min, unit: "mm", source: rule.limit.source }, words)];
    }
    return regions.slice(0, MAX_FINDINGS).map((region, i) => thinFinding(context, region, rule, i === MAX_FINDINGS - 1 ? regions.length - MAX_FINDINGS : 0));
  });
}

/** Zones whose samples say nothing about a thin wall. */
const SILENT: ReadonlySet<number> = new Set([ZONE.feather, ZONE.spoken, ZONE.astray]);

/** Samples below the limit that no corner explains, joined into places; worst first. */
function failingRegions(side: WallSide, sets: readonly WallSamples[], minMm: number): Region[] {
  const regions: Region[] = [];
  const failing: Place[] = [];
  for (const walls of sets) {
    const below = indicesWhere(walls, (i) => 2 * walls.balls.lowMm[i] < minMm - DECISION_TOLERANCE && !SILENT.has(walls.zones[i]));
    const explained = explainedBy(side, walls, below, minMm);
    for (const i of below) if (!explained.has(i)) failing.push(placeOf(walls, i));
  }
  regions.push(...groupRegions(side.context.body, side.context.bvh, failing, { min: minMm }));
  return regions;
}

function thinFinding(context: Pick<CheckContext, "exact">, region: Region, rule: RuleLimit, more: number): FindingDraft {
  const { walls, i, measured } = region.worst, minMm = rule.limit.min as number;
  // The way through is no shorter than the ball; through facets it may seem to be.
  const ray = Math.max(walls.rayMm[i], measured.value), beside = Number.isFinite(ray) ? ` (straight through: ${mm(ray)})` : "";
  const doubt = region.verdict === "undecided" ? ` It may be as thick as ${mm(measured.high)}.` : "";
  return {
    code: "WALL_THIN", verdict: region.verdict, severity: rule.severity, measured, limit: { min: minMm, unit: "mm", source: rule.limit.source },
    faces: region.faces, points: [pointAt(walls.samples.points, i), pointAt(walls.balls.partners, i)], areaMm2: region.areaMm2, method: methodOf(context),
    message: `The wall is ${mm(measured.value)} thick here${beside}; at least ${mm(minMm)} is needed.${doubt} Thicken it by ${mm(Math.max(0, minMm - measured.value))} or move the opposite face.${more > 0 ? ` ${more} more thin places are not listed.` : ""}`,
    weight: minMm - measured.value,
  };
}

function judgeThick(context: CheckContext, coarse: WallSamples, refined: WallSamples, bound: ThickestBound, limits: readonly RuleLimit[]): FindingDraft[] {
  // A ball above the bound has lost a face in a gap of the file.
  const place = extremeOf([coarse, refined], (walls, i) => walls.sharp[i] === 1 && walls.zones[i] !== ZONE.astray && walls.balls.lowMm[i] <= bound.highMm, -1) ?? extremeOf([coarse], () => true, -1);
  if (!place) return [];
  const { value, low } = place.measured, known = Math.max(Math.min(value, 2 * bound.highMm), 2 * bound.lowMm);
  const thickest: Place = { ...place, measured: { value: known, low: Math.max(Math.min(low, known), 2 * bound.lowMm), high: Math.max(known, 2 * bound.highMm), unit: "mm" } };
  const withMax = limits.filter((l) => l.limit.max !== undefined);
  if (withMax.length === 0) return [statement(context, "WALL_THICK", "not-evaluated", "advisory", thickest, undefined, `Thickest section ${mm(thickest.measured.value)}; the profile gives no upper limit.`)];
  return withMax.map((rule) => {
    const maxMm = rule.limit.max as number, verdict = judge(thickest.measured, { max: maxMm });
    const limit = { max: maxMm, unit: "mm", source: rule.limit.source } as const;
    if (verdict !== "fail") return statement(context, "WALL_THICK", verdict, rule.severity, thickest, limit, `Thickest section ${mm(thickest.measured.value)}${verdict === "undecided" ? `, and nowhere more than ${mm(thickest.measured.high)}` : ""}.`);
    const faces = new Set<number>();
    let areaMm2 = 0;
    for (let i = 0; i < coarse.samples.count; i++) {
      if (2 * coarse.balls.lowMm[i] > maxMm + DECISION_TOLERANCE) { areaMm2 += coarse.samples.areasMm2[i]; faces.add(coarse.samples.faces[i]); }
    }
    faces.add(thickest.walls.samples.faces[thickest.i]);
    return { ...statement(context, "WALL_THICK", "fail", rule.severity, thickest, limit, `The section is ${mm(thickest.measured.value)} thick here; at most ${mm(maxMm)} is allowed. Core it out or split it into ribs.`), faces: [...faces].sort((a, b) => a - b), areaMm2, weight: thickest.measured.value - maxMm };
  });
}

function statement(context: Pick<CheckContext, "exact">, code: "WALL_THIN" | "WALL_THICK", verdict: FindingDraft["verdict"], severity: FindingDraft["severity"], { walls, i, measured }: Place, limit: FindingDraft["limit"], message: string): FindingDraft {
  const partner = walls.balls.partnerFaces[i];
  return {
    code, verdict, severity, measured, limit, faces: partner >= 0 && partner !== walls.samples.faces[i] ? [walls.samples.faces[i], partner] : [walls.samples.faces[i]],
    points: [pointAt(walls.samples.points, i), pointAt(walls.balls.partners, i)], method: methodOf(context) + (code === "WALL_THICK" ? METHOD_THICK : ""), message,
  };
}
