import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import { radians, type Vec3 } from "../units.ts";
import { PARALLEL_SINE } from "./contours.ts";
import type { PullAlternative } from "./context.ts";
import { dot } from "../geometry.ts";
import { meshTopology } from "./mesh-topology.ts";
import { partingLine, partingSpread, type PartingLine } from "./parting-line.ts";
import { pullCandidates, canonical } from "./pull-candidates.ts";
import { sideActions, type SideActions } from "./side-actions.ts";
import { trapped, type TrapOptions, type Trapped } from "./trapped.ts";
import { opposite, unit } from "./vec3.ts";

/** A direction examined in full. */
export interface RankedPull extends PullAlternative {
  readonly hidden: Trapped;
  readonly slides: SideActions;
  readonly parting: PartingLine;
}

/** What ranking may be told. */
export interface RankOptions {
  /** This direction comes first whatever its marks; the others are listed behind it. */
  readonly direction?: Vec3;
  /** Draft below this counts as deficit, degrees; 0.5 by default. */
  readonly draftDeg?: number;
  /** How many directions are examined in full; 4 by default. */
  readonly examine?: number;
}

/** Samples of the coarse look at every candidate. */
const SAMPLES = 1200;
/** Shadows are resolved this far to compare directions; the one that wins is then done in full. */
const QUICK: TrapOptions = { budget: 4000, relative: 0.01, looks: 3 };
/** Trapped area, and draft deficit with parting rise, within this fraction of the body's area and its root count as equal. */
const EQUAL = 0.002;
/** A direction this near to one with more of the part behind it, cosine (5°), has no feature of its own. */
const BESIDE = 0.9962;

/** A direction that the coarse look found worth examining. */
export interface LikelyPull {
  readonly direction: Vec3;
  /** A plane, an axis or an edge of the part speaks for it, and for no direction beside it more. */
  readonly hasFeature: boolean;
}

/** What a direction is compared by. Plain data. */
export interface PullMarks extends PullAlternative, LikelyPull {
  /** Between these lies the trapped area, mm². */
  readonly trappedLowMm2: number;
  readonly trappedHighMm2: number;
}

/** How many directions are examined when nothing is said. */
export const EXAMINED = 4;

/**
 * Ranks pull directions by trapped area, number of slides (surface no slide frees counts as one more), draft deficit as a
 * share of the area plus rise of the parting line as a share of its root, and height of the part along the pull: a few walls
 * more to draft are cheaper than a parting face askew through the whole part. A direction that no feature of the part speaks
 * for, or speaks for less than for one beside it, wins only by hiding less or needing fewer slides: a part is not opened askew. All candidates get a coarse look by
 * rays from sampled facets; the best few, and the direction asked for, are examined.
 * @returns the best, or the one asked for, in full, and the others behind it
 */
export function rankPulls(body: Body, bvh: Bvh, options: RankOptions = {}): readonly [RankedPull, ...PullAlternative[]] {
  return choosePull(body, bvh, likelyPulls(body, bvh, options).map((likely) => comparePull(body, bvh, likely, options.draftDeg)), options);
}

/** The best few directions by a coarse look at all candidates. */
export const likelyPulls = (body: Body, bvh: Bvh, { draftDeg = 0.5, examine = EXAMINED }: RankOptions): LikelyPull[] =>
  coarseLook(body, bvh, Math.sin(radians(draftDeg))).slice(0, examine).map(({ direction, hasFeature }) => ({ direction, hasFeature }));

/** Examines one direction as far as comparing needs it. */
export function comparePull(body: Body, bvh: Bvh, { direction, hasFeature }: LikelyPull, draftDeg?: number): PullMarks {
  const hidden = trapped(body, bvh, direction, QUICK), slides = sideActions(body, bvh, hidden);
  return { ...marksOf(body, hidden, slides, partingSpread(body, hidden), draftDeg), hasFeature, trappedLowMm2: hidden.areaMm2.low, trappedHighMm2: hidden.areaMm2.high };
}

/** Puts compared directions in order and examines the first in full: the best of them, or the one asked for. */
export function choosePull(body: Body, bvh: Bvh, compared: readonly PullMarks[], options: RankOptions): readonly [RankedPull, ...PullAlternative[]] {
  const asked = options.direction && unit(options.direction), total = body.mass.areaMm2;
  const step = EQUAL * total, least = Math.min(...compared.map((p) => p.trappedMm2)), reached = Math.max(...compared.filter((p) => p.trappedMm2 <= least + step).map((p) => p.trappedHighMm2));
  // What the intervals cannot tell apart counts as equal.
  const marks = (p: PullMarks): number[] => [
    p.trappedLowMm2 <= reached ? 0 : 1 + Math.round(p.trappedMm2 / step), p.sideActions, p.hasFeature ? 0 : 1, Math.round((p.draftDeficitMm2 / total + p.partingSpreadMm / Math.sqrt(total)) / EQUAL), Math.round(heightOf(body, p.direction) * 1e6), -p.direction[2], -p.direction[1],
  ];
  const ranked = [...compared].sort((a, b) => compare(marks(a), marks(b)));
  if (!asked) return [examinePull(body, bvh, ranked[0].direction, options.draftDeg), ...ranked.slice(1)];
  const others = ranked.filter((p) => Math.abs(p.direction[0] * asked[0] + p.direction[1] * asked[1] + p.direction[2] * asked[2]) < 1 - 1e-12);
  return [examinePull(body, bvh, asked, options.draftDeg), ...others];
}

/** Everything there is to know of one unit direction. */
function examinePull(body: Body, bvh: Bvh, direction: Vec3, draftDeg?: number): RankedPull {
  const hidden = trapped(body, bvh, direction), slides = sideActions(body, bvh, hidden), parting = partingLine(body, hidden);
  return { ...marksOf(body, hidden, slides, parting.spreadMm, draftDeg), hidden, slides, parting };
}

const marksOf = (body: Body, hidden: Trapped, slides: SideActions, partingSpreadMm: number, draftDeg = 0.5): PullAlternative => ({
  direction: hidden.direction, trappedMm2: hidden.areaMm2.value, sideActions: slides.actions.length + (slides.left.areaMm2 > EQUAL * body.mass.areaMm2 ? 1 : 0),
  draftDeficitMm2: deficit(body, hidden, Math.sin(radians(draftDeg))), partingSpreadMm,
});

/** Area of facets with less draft than asked that are not hidden anyway, mm². */
function deficit({ facets }: Body, { direction: [x, y, z], facetAreaMm2 }: Trapped, sine: number): number {
  const { areaMm2 } = meshTopology(facets), { normals: n, indices } = facets;
  let sum = 0;
  for (let t = 0; t < areaMm2.length; t++) {
    if (facetAreaMm2[t] > 0.5 * areaMm2[t]) continue;
    let low = 1;
    for (let k = 0; k < 3; k++) { const v = indices[t * 3 + k] * 3; low = Math.min(low, Math.abs(n[v] * x + n[v + 1] * y + n[v + 2] * z)); }
    if (low < sine - 1e-9) sum += areaMm2[t];
  }
  return sum;
}

function coarseLook(body: Body, bvh: Bvh, draftSine: number): { direction: Vec3; score: number; hasFeature: boolean }[] {
  const { starts, normals, areas } = samplePoints(body, 4 * bvh.errorMm), n = areas.length;
  const total = areas.reduce((a, b) => a + b, 0);
  const scored = pullCandidates(body).map(({ direction: d, weight }) => {
    const up: number[] = [], down: number[] = [], hits = new Uint8Array(n);
    let shallow = 0;
    for (let i = 0; i < n; i++) {
      const s = normals[i * 3] * d[0] + normals[i * 3 + 1] * d[1] + normals[i * 3 + 2] * d[2];
      if (s >= -PARALLEL_SINE) up.push(i);
      if (s <= PARALLEL_SINE) down.push(i);
      if (Math.abs(s) < draftSine - 1e-9) shallow += areas[i];
      hits[i] = s >= -PARALLEL_SINE && s <= PARALLEL_SINE ? 2 : 1;
    }
    for (const [who, along] of [[up, d], [down, opposite(d)]] as const) {
      const origins = new Float64Array(who.length * 3);
      who.forEach((p, i) => origins.set(starts.subarray(p * 3, p * 3 + 3), i * 3));
      bvh.anyHit(origins, Float64Array.from(along)).forEach((h, i) => { hits[who[i]] -= h; });
    }
    let hidden = 0;
    for (let i = 0; i < n; i++) if (hits[i] === 0) hidden += areas[i];
    return { direction: canonical(d), hidden: hidden / total, shallow: shallow / total, height: heightOf(body, d), weight };
  });
  const tallest = Math.max(...scored.map((s) => s.height));
  // Shallow walls and height only part directions that hide about the same.
  const hasFeature = (s: (typeof scored)[number]): boolean => s.weight > 0 && !scored.some((o) => o.weight > s.weight && Math.abs(dot(o.direction, s.direction)) > BESIDE);
  return scored.map((s) => ({ direction: s.direction, hasFeature: hasFeature(s), score: s.hidden + 0.02 * s.shallow + 0.001 * (s.height / tallest) + (s.weight > 0 ? 0 : 0.03) })).sort((a, b) => a.score - b.score);
}

/** Points spread over the surface by area, at least two on every face: facet middles, moved out of the surface. */
function samplePoints({ faces, facets, mass }: Body, baseMm: number): { starts: Float64Array; normals: Float64Array; areas: Float64Array } {
  const { areaMm2 } = meshTopology(facets), chosen: { t: number; area: number }[] = [];
  const perFace = Math.max(1, Math.min(2, Math.floor((2 * SAMPLES) / Math.max(1, faces.length))));
  const stride = Math.max(1, Math.ceil(faces.length / (2 * SAMPLES)));
  faces.forEach((face, f) => {
    if (f % stride !== 0 || face.facets.count === 0) return;
    const want = Math.min(face.facets.count, Math.max(perFace, Math.round((SAMPLES * face.areaMm2) / mass.areaMm2)));
    let whole = 0;
    for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) whole += areaMm2[t];
    let passed = 0, next = 0.5;
    for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
      passed += areaMm2[t];
      if ((passed / whole) * want < next && t < face.facets.start + face.facets.count - 1) continue;
      const from = next;
      while (next <= (passed / whole) * want) next++;
      chosen.push({ t, area: ((next - from) * whole) / want });
    }
  });
  const starts = new Float64Array(chosen.length * 3), normals = new Float64Array(chosen.length * 3);
  chosen.forEach(({ t }, i) => {
    const [a, b, c] = [0, 1, 2].map((k) => facets.indices[t * 3 + k]);
    const n = unit([0, 1, 2].map((k) => facets.normals[a * 3 + k] + facets.normals[b * 3 + k] + facets.normals[c * 3 + k] + 1e-30) as [number, number, number]);
    const lift = 1.5 * facets.deviationMm[facets.faceOf[t]] + baseMm;
    for (let k = 0; k < 3; k++) {
      starts[i * 3 + k] = (facets.positions[a * 3 + k] + facets.positions[b * 3 + k] + facets.positions[c * 3 + k]) / 3 + lift * n[k];
      normals[i * 3 + k] = n[k];
    }
  });
  return { starts, normals, areas: Float64Array.from(chosen, (c) => c.area) };
}

/** Height of the body along a unit direction, mm. */
function heightOf({ facets }: Body, d: Vec3): number {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < facets.positions.length; i += 3) {
    const h = facets.positions[i] * d[0] + facets.positions[i + 1] * d[1] + facets.positions[i + 2] * d[2];
    if (h < low) low = h;
    if (h > high) high = h;
  }
  return Math.max(high - low, 1e-9);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}
