import { dot } from "../geometry.ts";
import { limitsOf, type CheckContext, type FindingDraft, type RuleLimit } from "./context.ts";
import { escapesCorner, nearFeather } from "./corner-escape.ts";
import { EdgeZones, FILLED, WALL_ANGLE_DEG, ZONE, classifyZones } from "./edge-zone.ts";
import { edgeSeeds } from "./edge-seeds.ts";
import { BallGauge, CONTACT, type ExactBalls } from "./exact-balls.ts";
import { FINDING_KINDS, type Measured } from "./finding.ts";
import { DECISION_TOLERANCE, judge } from "./judge.ts";
import { necks } from "./necks.ts";
import { putBall, refineExtrema } from "./refine-walls.ts";
import { appendSamples, emptySamples, pickSamples, sampleSurface, type SurfaceSamples } from "./surface-samples.ts";
import { groupRegions, type Region } from "./thin-regions.ts";
import { makeWallMap, type WallMap } from "./wall-map.ts";
import { thickestBound, type ThickestBound } from "./thickest-bound.ts";
import { pointAt } from "./vec3.ts";
import { checkTransition } from "./wall-transition.ts";

/** Walls of one body: findings and the map for display. */
export interface WallCheck {
  readonly findings: FindingDraft[];
  readonly map: WallMap;
}

/** Measured samples and what each says. */
export interface WallSamples {
  readonly samples: SurfaceSamples;
  readonly balls: ExactBalls;
  /** `[n]` distance along the normal to the next wall, mm; ∞ where nothing is hit. */
  readonly rayMm: Float64Array;
  /** `[n]` 1 where the ray meets a facet that faces back along it, as the other side of a wall does. */
  readonly opposed: Uint8Array;
  /** `[n]` {@link ZONE}. */
  readonly zones: Uint8Array;
  /** `[n]` 1 where measured as well as this part can be; 0 where only the facets have been asked. */
  readonly sharp: Uint8Array;
}

/** Local extrema searched from this many distinct places. */
const SEARCHES = 10;
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
  const { body, bvh, exact, budget } = context;
  const gauge = new BallGauge(body, bvh, exact), zones = new EdgeZones(body, gauge.deviationMm);
  const samples = sampleSurface(body, exact, budget.coarseSamples);
  await context.pause(0.1);
  const { rayMm, opposed } = measureRays(context, samples, gauge.deviationMm);
  const balls = gauge.measureOnFacets(samples);
  await context.pause(0.4);
  const coarse: WallSamples = { samples, balls, rayMm, opposed, zones: classifyZones(zones, samples, balls, rayMm), sharp: new Uint8Array(samples.count).fill(exact ? 0 : 1) };
  const findings: FindingDraft[] = [];
  const limits = limitsOf(context.profile, "wall", "mm", FINDING_KINDS.WALL_THIN.severity);
  const map = makeWallMap(body, coarse, Math.min(...limits.map((l) => l.limit.max ?? Infinity)));
  onCoarse?.(map);
  await context.pause(0.5);
  if (exact) sharpen(context, gauge, zones, coarse, limits);
  await context.pause(0.6);
  const thin = await refineThinnest(context, gauge, zones, coarse, limits);
  const held = measureNecks(context, gauge, zones, thinnestOf(coarse, thin), limits);
  const bound = boundThickest(context, gauge, limits);
  await context.pause(0.85);
  const thick = await refineThickest(context, gauge, zones, coarse, bound);
  findings.push(...judgeThin(context, gauge, [coarse, thin, held], thick, limits), ...judgeThick(context, coarse, thick, bound, limits), checkTransition(context, coarse));
  return { findings, map };
}

/**
 * Measures on the exact surfaces, in place, what the facets leave open or may have missed: walls around or below the
 * largest lower limit that no corner explains, and places with another face close below. Where the budget does not
 * reach, samples of the same two faces speak for one another.
 */
function sharpen(context: CheckContext, gauge: BallGauge, zones: EdgeZones, coarse: WallSamples, limits: readonly RuleLimit[]): void {
  const { samples, balls } = coarse, minMm = Math.max(0, ...limits.map((l) => l.limit.min ?? 0)), close = gauge.closeAcross(samples);
  const below = indicesWhere(coarse, (i) => 2 * balls.lowMm[i] < minMm && close[i] === 0), explained = explainedBy(context, gauge, coarse, below, minMm);
  const open = [...indicesWhere(coarse, (i) => close[i] === 1), ...below.filter((i) => !explained.has(i))];
  // Evenly thinned where there are too many: a whole part of limit thickness has one in every place.
  const stride = Math.max(1, open.length / context.budget.wallRefinements);
  const list = Array.from({ length: Math.floor(open.length / stride) }, (_, k) => open[Math.floor(k * stride)]);
  const picked = pickSamples(samples, list), exact = gauge.measure(picked), { zones: found } = zoned(context, gauge, zones, picked, exact), measuredPairs = new Set<string>();
  list.forEach((i, j) => {
    measuredPairs.add(pairOf(samples, balls, i));
    putBall(exact, j, balls, i);
    coarse.zones[i] = found[j];
    coarse.sharp[i] = 1;
  });
  for (const i of open) if (coarse.sharp[i] === 0 && measuredPairs.has(pairOf(samples, balls, i))) coarse.zones[i] = ZONE.spoken;
}

/** The two faces of a wall. */
const pairOf = (samples: SurfaceSamples, balls: ExactBalls, i: number): string => `${samples.faces[i]},${balls.partnerFaces[i]}`;

/** Those of the samples listed whose thinness a corner or a feather edge explains. */
function explainedBy(context: CheckContext, gauge: BallGauge, walls: WallSamples, list: readonly number[], minMm: number): Set<number> {
  const corners = list.filter((i) => walls.zones[i] === ZONE.corner);
  const feathered = nearFeather(context.body, walls.samples, corners, minMm);
  const open = corners.filter((_, j) => !feathered[j]);
  const escaped = escapesCorner(context.body, context.bvh, walls.samples, walls.balls, open, minMm, gauge.deviationMm);
  return new Set([...corners.filter((_, j) => feathered[j]), ...open.filter((_, j) => escaped[j])]);
}

/** Thickness along the inward normal. */
export function measureRays({ body: { facets }, bvh }: Pick<CheckContext, "body" | "bvh">, { points, normals }: SurfaceSamples, deviationMm: number): Pick<WallSamples, "rayMm" | "opposed"> {
  const inward = normals.map((x) => -x), { distances, triangles } = bvh.rays(points, inward, { minDistancesMm: 1.5 * deviationMm + 4 * bvh.errorMm });
  const cosine = Math.cos((WALL_ANGLE_DEG * Math.PI) / 180), across = (t: number, i: number): number => dot(pointAt(facets.normals, facets.indices[t * 3]), pointAt(inward, i));
  return { rayMm: distances, opposed: Uint8Array.from(triangles, (t, i) => (t >= 0 && across(t, i) > cosine ? 1 : 0)) };
}

/**
 * From the thinnest walls that the samples know, from where a thin one is seen straight through while a corner stops the
 * ball, and from the edges where walls end.
 */
async function refineThinnest(context: CheckContext, gauge: BallGauge, zones: EdgeZones, coarse: WallSamples, limits: readonly RuleLimit[]): Promise<WallSamples> {
  const starts = distinct(coarse, indicesWhere(coarse, (i) => coarse.zones[i] === ZONE.wall), 1);
  const seen = distinct(coarse, indicesWhere(coarse, (i) => coarse.zones[i] === ZONE.corner && coarse.opposed[i] === 1), 1, SEARCHES / 2, coarse.rayMm);
  const all = appendSamples(pickSamples(coarse.samples, [...starts, ...seen]), context.exact ? seedsAlongEdges(context, gauge, zones, coarse) : emptySamples(0));
  return refineFrom(context, gauge, zones, all, [...all.faces.keys()], 1, Math.max(0, ...limits.map((l) => (l.limit.min ?? 0) / 2)));
}

/** Walls that a hollow edge or a hollow point holds and no face opposite, thinner than those known or than a limit. */
function measureNecks(context: CheckContext, gauge: BallGauge, zones: EdgeZones, known: Place | undefined, limits: readonly RuleLimit[]): WallSamples {
  const belowMm = Math.max(known?.measured.value ?? Infinity, ...limits.map((l) => l.limit.min ?? 0));
  const { samples, balls } = context.exact ? necks(context.body, gauge, { belowMm, places: context.budget.coarseSamples / NECK_SHARE, count: 2 * SEARCHES }) : { samples: emptySamples(0), balls: gauge.measure(emptySamples(0)) };
  const rayMm = balls.radiusMm.map((r) => 2 * r);
  return { samples, balls, rayMm, opposed: new Uint8Array(samples.count).fill(1), zones: classifyZones(zones, samples, balls, rayMm), sharp: new Uint8Array(samples.count).fill(1) };
}

/** One place on hollow edges for so many samples of the first map. */
const NECK_SHARE = 8;

/** Balls this near to the angle of a wall may be one a little further on, degrees. */
const NEARLY_DEG = 15;
/** One in so many of the exact evaluations goes to places along edges. */
const SEED_SHARE = 16;

/** Places along edges thinner than any wall known so far, as far as facets can tell and then exactly. */
function seedsAlongEdges(context: CheckContext, gauge: BallGauge, zones: EdgeZones, coarse: WallSamples): SurfaceSamples {
  const seeds = edgeSeeds(context.body, context.budget.coarseSamples / 2), rough = zoned(context, gauge, zones, seeds, gauge.measureOnFacets(seeds));
  const known = thinnestOf(coarse)?.measured.value ?? Infinity, count = context.budget.wallRefinements / SEED_SHARE / 2;
  const open = indicesWhere(rough, (i) => 2 * rough.balls.lowMm[i] < known).sort((a, b) => rough.balls.radiusMm[a] - rough.balls.radiusMm[b] || a - b);
  const picked = [...open.filter((i) => rough.zones[i] === ZONE.wall).slice(0, count), ...open.filter((i) => rough.zones[i] === ZONE.corner && nearlyWall(rough, i)).slice(0, count)];
  const chosen = pickSamples(seeds, picked), found = zoned(context, gauge, zones, chosen, gauge.measure(chosen));
  const walls = distinct(found, indicesWhere(found, (i) => found.zones[i] === ZONE.wall), 1), near = distinct(found, indicesWhere(found, (i) => found.zones[i] === ZONE.corner && nearlyWall(found, i)), 1, SEARCHES / 2);
  return pickSamples(found.samples, [...walls, ...near]);
}

const nearlyWall = ({ balls }: WallSamples, i: number): boolean => balls.contacts[i] === CONTACT.focal || balls.turnDeg[i] >= 180 - WALL_ANGLE_DEG - NEARLY_DEG;

/** Samples with their balls and what they say. */
function zoned(context: CheckContext, gauge: BallGauge, zones: EdgeZones, samples: SurfaceSamples, balls: ExactBalls): WallSamples {
  const { rayMm, opposed } = measureRays(context, samples, gauge.deviationMm), acrossMm = rayMm.map((ray, i) => acrossPin(gauge, samples, balls, i, ray));
  return { samples, balls, rayMm, opposed, zones: classifyZones(zones, samples, balls, acrossMm), sharp: new Uint8Array(samples.count).fill(1) };
}

/** The way through a pin, which is its diameter where the exact surface lies opposite; on coarse facets a round may look like one. */
function acrossPin(gauge: BallGauge, { points, normals }: SurfaceSamples, { contacts, radiusMm }: ExactBalls, i: number, rayMm: number): number {
  const diameterMm = 2 * radiusMm[i];
  if (contacts[i] !== CONTACT.focal || Math.abs(rayMm - diameterMm) > FILLED * diameterMm + 4 * gauge.deviationMm) return rayMm;
  const opposite = Float64Array.from([0, 1, 2], (k) => points[i * 3 + k] - diameterMm * normals[i * 3 + k]);
  return gauge.distance(opposite, FILLED * diameterMm) < FILLED * diameterMm ? diameterMm : Infinity;
}

/** Cubes looked at for each exact evaluation that the budget allows: one costs about an eighth of the other. */
const CUBES = 8;

/** Bounds the largest ball anywhere. */
const boundThickest = ({ body, bvh, budget }: CheckContext, { deviationMm, border }: BallGauge, limits: readonly RuleLimit[]): ThickestBound =>
  thickestBound({ body, bvh, border, deviationMm, decisiveMm: limits.flatMap(({ limit }) => (limit.max === undefined ? [] : [limit.max / 2])), budget: budget.wallRefinements * CUBES });

async function refineThickest(context: CheckContext, gauge: BallGauge, zones: EdgeZones, coarse: WallSamples, bound: ThickestBound): Promise<WallSamples> {
  const starts = distinct(coarse, indicesWhere(coarse, () => true), -1, 2 * SEARCHES), below = bound.triangle < 0 ? -1 : coarse.samples.triangles.indexOf(bound.triangle);
  return refineFrom(context, gauge, zones, coarse.samples, below < 0 ? starts : [below, ...starts], -1);
}

/** Each search may spend half of the exact evaluations. */
const SEARCH_SHARE = 0.5;

async function refineFrom(context: CheckContext, gauge: BallGauge, zones: EdgeZones, samples: SurfaceSamples, starts: number[], sense: 1 | -1, decisiveMm?: number): Promise<WallSamples> {
  const { body, bvh, budget, exact } = context;
  const spacing = Math.sqrt(body.mass.areaMm2 / Math.max(1, budget.coarseSamples));
  const across = (at: SurfaceSamples, balls: ExactBalls, i: number): number => acrossPin(gauge, at, balls, i, measureRays(context, pickSamples(at, [i]), gauge.deviationMm).rayMm[0]);
  const zoneOf = (at: SurfaceSamples, balls: ExactBalls, i: number): number => zones.zoneOf(at, balls, i, sense > 0 && balls.contacts[i] === CONTACT.focal ? across(at, balls, i) : undefined);
  const found = exact
    ? refineExtrema({ body, bvh, gauge, samples, starts, sense, stepMm: spacing, budget: budget.wallRefinements * SEARCH_SHARE, decisiveMm, accept: (at, balls, i) => { const zone = zoneOf(at, balls, i); return sense > 0 ? zone === ZONE.wall : zone !== ZONE.astray; } })
    : { samples: emptySamples(0), balls: gauge.measure(emptySamples(0)) };
  await context.pause(sense > 0 ? 0.75 : 0.95);
  const ends = zoned(context, gauge, zones, found.samples, found.balls);
  // A walk for the thinnest that met no wall says nothing: corners are left to the samples.
  return sense < 0 ? ends : { ...ends, zones: ends.zones.map((zone) => (zone === ZONE.wall ? zone : ZONE.spoken)) };
}

const indicesWhere = (walls: WallSamples, test: (i: number) => boolean): number[] => {
  const out: number[] = [];
  for (let i = 0; i < walls.samples.count; i++) if (test(i)) out.push(i);
  return out;
};

/** The smallest (sense 1) or largest, each further from those before it than their own thickness. */
function distinct({ samples, balls }: WallSamples, list: number[], sense: 1 | -1, count = SEARCHES, by = balls.radiusMm): number[] {
  list.sort((a, b) => sense * (by[a] - by[b]) || a - b);
  const chosen: number[] = [];
  for (const i of list) {
    if (chosen.length >= count) break;
    const clear = chosen.every((j) => Math.hypot(...[0, 1, 2].map((k) => samples.points[i * 3 + k] - samples.points[j * 3 + k])) > 2 * balls.radiusMm[j]);
    if (clear) chosen.push(i);
  }
  return chosen;
}

/** The thickness of sample i as an interval. */
const thicknessOf = ({ balls }: WallSamples, i: number): Measured => ({ value: 2 * balls.radiusMm[i], low: 2 * balls.lowMm[i], high: 2 * balls.highMm[i], unit: "mm" });

const methodOf = ({ exact }: CheckContext): string => (exact ? METHOD_EXACT : METHOD_FACETS);
const mm = (x: number): string => `${Number(x.toPrecision(4))} mm`;

function judgeThin(context: CheckContext, gauge: BallGauge, sets: readonly WallSamples[], thick: WallSamples, limits: readonly RuleLimit[]): FindingDraft[] {
  const walls = thinnestOf(...sets), thinnest = walls ?? extremeOf([thick], () => true, -1) ?? extremeOf(sets, () => true, -1);
  const withMin = limits.filter((l) => l.limit.min !== undefined);
  if (!thinnest) return [{ code: "WALL_THIN", verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: methodOf(context), message: "Nothing of this body could be measured." }];
  const words = walls ? `Thinnest wall ${mm(thinnest.measured.value)}.` : `One section of ${mm(thinnest.measured.value)} without opposed walls.`;
  if (withMin.length === 0) return [statement(context, "WALL_THIN", "not-evaluated", "advisory", thinnest, undefined, `${words} The profile gives no lower limit.`)];
  return withMin.flatMap((rule) => {
    const regions = failingRegions(context, gauge, sets, rule.limit.min as number);
    if (regions.length === 0) {
      const verdict = walls ? judge(walls.measured, { min: rule.limit.min }) : "pass";
      return [statement(context, "WALL_THIN", verdict, rule.severity, thinnest, { min: rule.limit.min, unit: "mm", source: rule.limit.source }, words)];
    }
    return regions.slice(0, MAX_FINDINGS).map((region, i) => thinFinding(context, region, rule, i === MAX_FINDINGS - 1 ? regions.length - MAX_FINDINGS : 0));
  });
}

/** Zones whose samples say nothing about a thin wall. */
const SILENT: ReadonlySet<number> = new Set([ZONE.feather, ZONE.spoken, ZONE.astray]);

interface Place { readonly walls: WallSamples; readonly i: number; readonly measured: Measured }

function thinnestOf(...sets: WallSamples[]): Place | undefined {
  return extremeOf(sets, (walls, i) => walls.zones[i] === ZONE.wall && walls.sharp[i] === 1, 1);
}

function extremeOf(sets: readonly WallSamples[], test: (walls: WallSamples, i: number) => boolean, sense: 1 | -1): Place | undefined {
  let best: Place | undefined;
  for (const walls of sets) for (let i = 0; i < walls.samples.count; i++) {
    if (test(walls, i) && (!best || sense * (2 * walls.balls.radiusMm[i] - best.measured.value) < 0)) best = { walls, i, measured: thicknessOf(walls, i) };
  }
  return best;
}

/** Samples below the limit that no corner explains, joined into places; worst first. */
function failingRegions(context: CheckContext, gauge: BallGauge, sets: readonly WallSamples[], minMm: number): Region[] {
  const regions: Region[] = [];
  const failing: { walls: WallSamples; i: number; measured: Measured }[] = [];
  for (const walls of sets) {
    const below = indicesWhere(walls, (i) => 2 * walls.balls.lowMm[i] < minMm - DECISION_TOLERANCE && !SILENT.has(walls.zones[i]));
    const explained = explainedBy(context, gauge, walls, below, minMm);
    for (const i of below) if (!explained.has(i)) failing.push({ walls, i, measured: thicknessOf(walls, i) });
  }
  regions.push(...groupRegions(context.body, context.bvh, failing, { min: minMm }));
  return regions;
}

function thinFinding(context: CheckContext, region: Region, rule: RuleLimit, more: number): FindingDraft {
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

function statement(context: CheckContext, code: "WALL_THIN" | "WALL_THICK", verdict: FindingDraft["verdict"], severity: FindingDraft["severity"], { walls, i, measured }: Place, limit: FindingDraft["limit"], message: string): FindingDraft {
  const partner = walls.balls.partnerFaces[i];
  return {
    code, verdict, severity, measured, limit, faces: partner >= 0 && partner !== walls.samples.faces[i] ? [walls.samples.faces[i], partner] : [walls.samples.faces[i]],
    points: [pointAt(walls.samples.points, i), pointAt(walls.balls.partners, i)], method: methodOf(context) + (code === "WALL_THICK" ? METHOD_THICK : ""), message,
  };
}
