import { norm } from "../geometry.ts";
import { SURFACE_POINT, evaluateSurface } from "../part/evaluate-surface.ts";
import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { BallGauge, ExactBalls, Side } from "./exact-balls.ts";
import { pointAt } from "./vec3.ts";
import { copySample, emptySamples, pickSamples, placeAt, type SurfaceSamples } from "./surface-samples.ts";

/** Steps are halved this often: to 1/4000 of the spacing. */
const HALVINGS = 12;
const DIRECTIONS = [[1, 0], [0.7071, 0.7071], [0, 1], [-0.7071, 0.7071], [-1, 0], [-0.7071, -0.7071], [0, -1], [0.7071, -0.7071]] as const;
/** The same between those, tried in turn with them: along an oblique limit of what is acceptable one of both leads on. */
const BETWEEN = DIRECTIONS.map(([a, b]) => [0.9239 * a - 0.3827 * b, 0.3827 * a + 0.9239 * b] as const);
const point = new Float64Array(SURFACE_POINT);

/** Samples found by the search with their balls. */
export interface Refined {
  readonly samples: SurfaceSamples;
  readonly balls: ExactBalls;
  /** Exact evaluations spent. */
  readonly spent: number;
}

/** Where to search and for what. */
export interface RefineInput {
  readonly body: Body;
  readonly bvh: Bvh;
  readonly gauge: BallGauge;
  readonly samples: SurfaceSamples;
  /** Indices of samples to start from. */
  readonly starts: readonly number[];
  /** 1 for the thinnest, −1 for the thickest. */
  readonly sense: 1 | -1;
  readonly stepMm: number;
  /** Exact evaluations that may be spent. */
  readonly budget: number;
  readonly side?: Side;
  /** Samples that may be stepped on; all by default. A start that may not be is left for the best neighbour that may. */
  readonly accept?: (samples: SurfaceSamples, balls: ExactBalls, i: number) => boolean;
  /** Walks past this radius are followed to their end though another has gone further; all by default, mm. */
  readonly decisiveMm?: number;
}

/** A walk is given up once it is this many of its steps behind the best: thickness falls more slowly than that. */
const BEHIND_STEPS = 4;
/** No round spends more than one in so many of the evaluations left: the best walk comes to its end. */
const ROUNDS = 12;
/** The best walk starts again so often, with steps halved so often. */
const AGAIN = 2, AGAIN_HALVED = 3;
/** Halvings after which a walk that has met nothing acceptable ends. */
const IN_VAIN = 6;

/**
 * Walks from each starting sample over its own face to a local minimum or maximum of thickness by pattern search in the
 * surface's parameters, steps in mm. New samples lie on the exact surface inside the face. Where the budget runs short
 * the walks that are furthest behind end first.
 */
export function refineExtrema({ body, bvh, gauge, samples, starts, sense, stepMm, budget, side = "inside", accept = () => true, decisiveMm = sense * Infinity }: RefineInput): Refined {
  const live = starts.filter((i) => body.faces[samples.faces[i]].surface.kind !== "other");
  const best = pickSamples(samples, live), bestBalls = gauge.measure(best, side);
  let spent = live.length;
  // A start that facets took for acceptable and exact measure does not gives way to anything acceptable nearby.
  const held = live.map((_, j) => accept(best, bestBalls, j));
  const steps = new Float64Array(live.length).fill(stepMm), halved = new Uint8Array(live.length);
  for (let again = 0; ; ) {
    const walks = walking({ sense, decisiveMm, radiusMm: bestBalls.radiusMm, held, steps, halved });
    const active = walks.slice(0, Math.max(1, Math.floor((budget - spent) / DIRECTIONS.length / ROUNDS)));
    if (budget - spent < DIRECTIONS.length) break;
    if (active.length === 0) {
      const first = furthest(sense, bestBalls.radiusMm, held);
      if (first < 0 || again++ === AGAIN) break;
      halved[first] = AGAIN_HALVED; steps[first] = stepMm / 2 ** AGAIN_HALVED;
      continue;
    }
    const tries = emptySamples(active.length * DIRECTIONS.length), owner: number[] = [];
    let n = 0;
    for (const j of active) for (const [a, b] of (halved[j] + again) % 2 === 0 ? DIRECTIONS : BETWEEN) if (stepTo(body, best, j, a * steps[j], b * steps[j], tries, n)) owner[n++] = j;
    const inFace = insideFace(body, bvh, gauge, tries, n), kept: number[] = [];
    for (let t = 0; t < n; t++) if (inFace[t]) kept.push(t);
    const compact = emptySamples(kept.length);
    kept.forEach((t, i) => { copySample(tries, t, compact, i); compact.triangles[i] = inFace[t] - 1; });
    // Of a walk to the thickest no more need be known of what is not thicker.
    const floors = sense < 0 ? Float64Array.from(kept, (t) => (held[owner[t]] ? bestBalls.radiusMm[owner[t]] : -Infinity)) : undefined, measured = gauge.measure(compact, side, floors);
    spent += kept.length;
    const better = new Int32Array(live.length).fill(-1);
    kept.forEach((t, i) => {
      const j = owner[t], own = held[j] ? bestBalls.radiusMm[j] * (1 - sense * 1e-12) : sense * Infinity;
      const against = better[j] < 0 ? own : measured.radiusMm[better[j]];
      if (sense * (measured.radiusMm[i] - against) < 0 && accept(compact, measured, i)) better[j] = i;
    });
    for (const j of active) {
      if (better[j] < 0) { steps[j] /= 2; halved[j]++; continue; }
      copySample(compact, better[j], best, j);
      putBall(measured, better[j], bestBalls, j);
      held[j] = true;
    }
  }
  return { samples: best, balls: bestBalls, spent };
}

interface Walks { readonly sense: 1 | -1; readonly decisiveMm: number; readonly radiusMm: Float64Array; readonly held: readonly boolean[]; readonly steps: Float64Array; readonly halved: Uint8Array }

/** The walk that has gone furthest, −1 where none has met anything acceptable. */
function furthest(sense: 1 | -1, radiusMm: Float64Array, held: readonly boolean[]): number {
  let first = -1;
  held.forEach((h, j) => { if (h && (first < 0 || sense * (radiusMm[j] - radiusMm[first]) < 0)) first = j; });
  return first;
}

/** Walks that may still lead somewhere, the best first. */
function walking({ sense, decisiveMm, radiusMm, held, steps, halved }: Walks): number[] {
  const first = furthest(sense, radiusMm, held), most = first < 0 ? sense * Infinity : radiusMm[first];
  return held.map((_, j) => j).filter((j) => {
    if (halved[j] >= (held[j] ? HALVINGS : IN_VAIN)) return false;
    return !held[j] || sense * (radiusMm[j] - decisiveMm) < 0 || sense * (radiusMm[j] - most) <= BEHIND_STEPS * steps[j];
  }).sort((a, b) => Number(held[b]) - Number(held[a]) || sense * (radiusMm[a] - radiusMm[b]));
}

/** The sample moved by (a, b) mm along the surface's parameter lines; false where the surface is singular. */
function stepTo(body: Body, from: SurfaceSamples, j: number, a: number, b: number, to: SurfaceSamples, t: number): boolean {
  const face = from.faces[j], u = from.uvs[j * 2], v = from.uvs[j * 2 + 1];
  evaluateSurface(body.faces[face].surface, u, v, point);
  const su = norm(point[3], point[4], point[5]), sv = norm(point[6], point[7], point[8]);
  if (!(su > 1e-12) || !(sv > 1e-12)) return false;
  return placeAt(body, face, u + a / su, v + b / sv, to, t);
}

/** `[n]` 1 + a triangle of its face near each sample, 0 for those off their face. */
function insideFace({ facets }: Body, bvh: Bvh, gauge: BallGauge, samples: SurfaceSamples, n: number): Int32Array {
  const reach = 2 * gauge.deviationMm + 2 * bvh.errorMm + 1e-9, { triangles, ends } = bvh.within(samples.points.subarray(0, n * 3), reach);
  return Int32Array.from({ length: n }, (_, i) => {
    const face = samples.faces[i];
    for (let j = i ? ends[i - 1] : 0; j < ends[i]; j++) {
      if (facets.faceOf[triangles[j]] !== face) continue;
      // A facet may reach beyond the border by as much as the border's arc is cut short.
      return gauge.border.side(face, samples.points.subarray(i * 3, i * 3 + 3), pointAt(samples.normals, i), 2 * reach) < 0 ? 0 : triangles[j] + 1;
    }
    return 0;
  });
}

/** Copies one ball. */
export function putBall(from: ExactBalls, i: number, to: ExactBalls, j: number): void {
  to.radiusMm[j] = from.radiusMm[i]; to.lowMm[j] = from.lowMm[i]; to.highMm[j] = from.highMm[i];
  to.partnerFaces[j] = from.partnerFaces[i]; to.contacts[j] = from.contacts[i]; to.turnDeg[j] = from.turnDeg[i];
  for (let k = 0; k < 3; k++) to.partners[j * 3 + k] = from.partners[i * 3 + k];
}
