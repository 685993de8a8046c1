import { dot } from "../geometry.ts";
import type { CheckContext } from "./context.ts";
import { EdgeZones, FILLED, WALL_ANGLE_DEG, ZONE, classifyZones } from "./edge-zone.ts";
import { BallGauge, CONTACT, type ExactBalls, type Side } from "./exact-balls.ts";
import type { Measured } from "./finding.ts";
import { putBall } from "./refine-walls.ts";
import { pickSamples, type SurfaceSamples } from "./surface-samples.ts";
import { pointAt } from "./vec3.ts";

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

/** Measures walls of a body: inside the part its own, outside those of the steel around it. */
export class WallSide {
  readonly gauge: BallGauge;
  readonly zones: EdgeZones;

  constructor(readonly context: Pick<CheckContext, "body" | "bvh" | "exact" | "budget">, readonly side: Side) {
    this.gauge = new BallGauge(context.body, context.bvh, context.exact);
    this.zones = new EdgeZones(context.body, this.gauge.deviationMm, side);
  }

  /** What the facets say. */
  look(samples: SurfaceSamples): WallSamples {
    const balls = this.gauge.measureOnFacets(samples, this.side), { rayMm, opposed } = this.#rays(samples);
    return { samples, balls, rayMm, opposed, zones: classifyZones(this.zones, samples, balls, rayMm), sharp: new Uint8Array(samples.count).fill(this.context.exact ? 0 : 1) };
  }

  /** What the exact surfaces say. */
  measure(samples: SurfaceSamples): WallSamples {
    return this.zoned(samples, this.gauge.measure(samples, this.side));
  }

  /** What exact balls already measured say. */
  zoned(samples: SurfaceSamples, balls: ExactBalls): WallSamples {
    const { rayMm, opposed } = this.#rays(samples), acrossMm = rayMm.map((ray, i) => this.#acrossPin(samples, balls, i, ray));
    return { samples, balls, rayMm, opposed, zones: classifyZones(this.zones, samples, balls, acrossMm), sharp: new Uint8Array(samples.count).fill(1) };
  }

  /** {@link ZONE} of one exact ball. */
  zoneOf(samples: SurfaceSamples, balls: ExactBalls, i: number): number {
    const ray = balls.contacts[i] === CONTACT.focal ? this.#acrossPin(samples, balls, i, this.#rays(pickSamples(samples, [i])).rayMm[0]) : undefined;
    return this.zones.zoneOf(samples, balls, i, ray);
  }

  /**
   * Measures the samples listed on the exact surfaces, in place. Where the budget does not reach, samples of the same two
   * faces speak for one another.
   */
  sharpen(walls: WallSamples, open: readonly number[]): void {
    const { samples, balls } = walls;
    // Evenly thinned where there are too many: a whole part of limit thickness has one in every place.
    const stride = Math.max(1, open.length / this.context.budget.wallRefinements);
    const list = Array.from({ length: Math.floor(open.length / stride) }, (_, k) => open[Math.floor(k * stride)]);
    const found = this.measure(pickSamples(samples, list)), measuredPairs = new Set<string>();
    list.forEach((i, j) => {
      measuredPairs.add(pairOf(walls, i));
      putBall(found.balls, j, balls, i);
      walls.zones[i] = found.zones[j];
      walls.sharp[i] = 1;
    });
    for (const i of open) if (walls.sharp[i] === 0 && measuredPairs.has(pairOf(walls, i))) walls.zones[i] = ZONE.spoken;
  }

  /** Thickness along the normal, into the part or out of it. */
  #rays({ points, normals }: SurfaceSamples): Pick<WallSamples, "rayMm" | "opposed"> {
    const { body: { facets }, bvh } = this.context, ways = this.side === "inside" ? normals.map((x) => -x) : normals;
    const { distances, triangles } = bvh.rays(points, ways, { minDistancesMm: 1.5 * this.gauge.deviationMm + 4 * bvh.errorMm });
    const cosine = Math.cos((WALL_ANGLE_DEG * Math.PI) / 180), against = (t: number, i: number): number => -dot(pointAt(facets.normals, facets.indices[t * 3]), pointAt(normals, i));
    return { rayMm: distances, opposed: Uint8Array.from(triangles, (t, i) => (t >= 0 && against(t, i) > cosine ? 1 : 0)) };
  }

  /** The way through a pin, which is its diameter where the exact surface lies opposite; on coarse facets a round may look like one. */
  #acrossPin({ points, normals }: SurfaceSamples, { contacts, radiusMm }: ExactBalls, i: number, rayMm: number): number {
    const diameterMm = 2 * radiusMm[i], reach = (this.side === "inside" ? -1 : 1) * diameterMm;
    if (contacts[i] !== CONTACT.focal || Math.abs(rayMm - diameterMm) > FILLED * diameterMm + 4 * this.gauge.deviationMm) return rayMm;
    const opposite = Float64Array.from([0, 1, 2], (k) => points[i * 3 + k] + reach * normals[i * 3 + k]);
    return this.gauge.distance(opposite, FILLED * diameterMm) < FILLED * diameterMm ? diameterMm : Infinity;
  }
}

/** The two faces of a wall. */
export const pairOf = ({ samples, balls }: WallSamples, i: number): string => `${samples.faces[i]},${balls.partnerFaces[i]}`;

/** Samples that pass a test. */
export const indicesWhere = (walls: WallSamples, test: (i: number) => boolean): number[] => {
  const out: number[] = [];
  for (let i = 0; i < walls.samples.count; i++) if (test(i)) out.push(i);
  return out;
};

/** A sample with its thickness. */
export interface Place { readonly walls: WallSamples; readonly i: number; readonly measured: Measured }

/** The thickness of sample i as an interval. */
export const placeOf = (walls: WallSamples, i: number): Place =>
  ({ walls, i, measured: { value: 2 * walls.balls.radiusMm[i], low: 2 * walls.balls.lowMm[i], high: 2 * walls.balls.highMm[i], unit: "mm" } });

const isSharpWall = ({ zones, sharp }: WallSamples, i: number): boolean => zones[i] === ZONE.wall && sharp[i] === 1;

/** The walls that have been measured as well as this part can be. */
export const wallsOf = (walls: WallSamples): Place[] => indicesWhere(walls, (i) => isSharpWall(walls, i)).map((i) => placeOf(walls, i));

/** The thinnest of those. */
export const thinnestOf = (...sets: WallSamples[]): Place | undefined => extremeOf(sets, isSharpWall, 1);

/** The smallest (sense 1) or largest ball of those that pass a test. */
export function extremeOf(sets: readonly WallSamples[], test: (walls: WallSamples, i: number) => boolean, sense: 1 | -1): Place | undefined {
  let best: Place | undefined;
  for (const walls of sets) for (let i = 0; i < walls.samples.count; i++) {
    if (test(walls, i) && (!best || sense * (2 * walls.balls.radiusMm[i] - best.measured.value) < 0)) best = placeOf(walls, i);
  }
  return best;
}
