import { edgeSeeds } from "./edge-seeds.ts";
import { WALL_ANGLE_DEG, ZONE } from "./edge-zone.ts";
import { CONTACT, type ExactBalls } from "./exact-balls.ts";
import { refineExtrema } from "./refine-walls.ts";
import { appendSamples, emptySamples, pickSamples, type SurfaceSamples } from "./surface-samples.ts";
import { indicesWhere, thinnestOf, type WallSamples, type WallSide } from "./wall-samples.ts";

/** Local extrema searched from this many distinct places. */
const SEARCHES = 10;
/** Balls this near to the angle of a wall may be one a little further on, degrees. */
const NEARLY_DEG = 15;
/** One in so many of the exact evaluations goes to places along edges. */
const SEED_SHARE = 16;
/** How near the search for the thinnest wall comes, as a share of it. */
export const SEARCH_ERROR = 2e-3;
/** Each search may spend half of the exact evaluations. */
const SEARCH_SHARE = 0.5;

/**
 * The thinnest walls: from those that the samples know, from where a thin one is seen straight through while a corner
 * stops the ball, and from the edges where walls end.
 * @param decisiveMm walls thinner than this are each followed to their least
 */
export function thinnestWalls(walls: WallSide, coarse: WallSamples, decisiveMm = 0): WallSamples {
  const starts = distinct(coarse, indicesWhere(coarse, (i) => coarse.zones[i] === ZONE.wall), 1);
  const seen = distinct(coarse, indicesWhere(coarse, (i) => coarse.zones[i] === ZONE.corner && coarse.opposed[i] === 1), 1, SEARCHES / 2, coarse.rayMm);
  const all = appendSamples(pickSamples(coarse.samples, [...starts, ...seen]), walls.context.exact ? seedsAlongEdges(walls, coarse) : emptySamples(0));
  const ends = search(walls, all, [...all.faces.keys()], 1, decisiveMm / 2);
  // A walk for the thinnest that met no wall says nothing: corners are left to the samples.
  return { ...ends, zones: ends.zones.map((zone) => (zone === ZONE.wall ? zone : ZONE.spoken)) };
}

/** The largest balls: from the largest of the samples, and from the sample given. */
export function thickestSections(walls: WallSide, coarse: WallSamples, from: number): WallSamples {
  const starts = distinct(coarse, indicesWhere(coarse, () => true), -1, 2 * SEARCHES);
  return search(walls, coarse.samples, from < 0 ? starts : [from, ...starts], -1);
}

/** Places along edges thinner than any wall known so far, as far as facets can tell and then exactly. */
function seedsAlongEdges(walls: WallSide, coarse: WallSamples): SurfaceSamples {
  const { context: { body, budget }, gauge, side } = walls, seeds = edgeSeeds(body, budget.coarseSamples / 2, side), rough = walls.zoned(seeds, gauge.measureOnFacets(seeds, side));
  const known = thinnestOf(coarse)?.measured.value ?? Infinity, count = budget.wallRefinements / SEED_SHARE / 2;
  const open = indicesWhere(rough, (i) => 2 * rough.balls.lowMm[i] < known).sort((a, b) => rough.balls.radiusMm[a] - rough.balls.radiusMm[b] || a - b);
  const picked = [...open.filter((i) => rough.zones[i] === ZONE.wall).slice(0, count), ...open.filter((i) => rough.zones[i] === ZONE.corner && nearlyWall(rough, i)).slice(0, count)];
  const found = walls.measure(pickSamples(rough.samples, picked));
  const opposed = distinct(found, indicesWhere(found, (i) => found.zones[i] === ZONE.wall), 1), near = distinct(found, indicesWhere(found, (i) => found.zones[i] === ZONE.corner && nearlyWall(found, i)), 1, SEARCHES / 2);
  return pickSamples(found.samples, [...opposed, ...near]);
}

const nearlyWall = ({ balls }: WallSamples, i: number): boolean => balls.contacts[i] === CONTACT.focal || balls.turnDeg[i] >= 180 - WALL_ANGLE_DEG - NEARLY_DEG;

function search(walls: WallSide, samples: SurfaceSamples, starts: number[], sense: 1 | -1, decisiveMm?: number): WallSamples {
  const { context: { body, bvh, budget, exact }, gauge, side } = walls, stepMm = Math.sqrt(body.mass.areaMm2 / Math.max(1, budget.coarseSamples));
  if (!exact) return walls.measure(emptySamples(0));
  const accept = (at: SurfaceSamples, balls: ExactBalls, i: number): boolean => (sense > 0 ? walls.zoneOf(at, balls, i) === ZONE.wall : walls.zones.zoneOf(at, balls, i) !== ZONE.astray);
  const found = refineExtrema({ body, bvh, gauge, samples, starts, sense, stepMm, budget: budget.wallRefinements * SEARCH_SHARE, decisiveMm, side, accept });
  return walls.zoned(found.samples, found.balls);
}

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
