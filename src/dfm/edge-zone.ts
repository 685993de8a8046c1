import type { Body, Edge } from "../part/part.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { boxDistance, edgeBoxes } from "./edge-boxes.ts";
import { EdgeTurn } from "./edge-turn.ts";
import { CONTACT, type ExactBalls } from "./exact-balls.ts";
import type { SurfaceSamples } from "./surface-samples.ts";

/**
 * Two faces that close in on each other by no more than this are the two sides of a wall; by more they are a corner.
 * A convex edge sharper than this is a feather edge. Our own definition: at 40° the wall is still below a limit w
 * at a distance of 1.37 w from the edge; a square edge has left it behind at 0.5 w.
 */
export const WALL_ANGLE_DEG = 40;

/**
 * What a sample's thickness says. `spoken`: left to exact samples of the same two faces. `astray`: nothing, for it lies
 * where the file does not say where the surface is.
 */
export const ZONE = { wall: 0, corner: 1, feather: 2, spoken: 3, astray: 4 } as const;

/** A pin fills its own curvature: the way through it is as long as it is thick, give or take this share. */
export const FILLED = 0.05;
/** How well a thickness must match 2 s·tan(φ/2) to be the taper of an edge. */
const TAPER_MATCH = 0.1;
/** The two sides of a taper are as far from the edge as one another, give or take this share. */
const TAPER_EVEN = 0.25;
/** A taper closes at no less than this share of the edge's own angle; what closes less has become a wall. */
const TAPER_SHARE = 0.5;
/** Between its points an edge may turn by this much more than at them, degrees. */
const BETWEEN_DEG = 5;
/** Tapers are looked for this many thicknesses away; at 1° between the faces the edge is 57 away. */
const TAPER_REACH = 60;

/** Tells walls from what convex edges and rounds make small. */
export class EdgeZones {
  readonly #body: Body;
  readonly #deviationMm: number;
  readonly #boxes: Float64Array;
  /** Convex edges sharp enough to make a taper that looks like a wall, and the least angle between the two sides of one, degrees. */
  readonly #sharp: readonly { readonly edge: Edge; readonly leastDeg: number }[];
  readonly #turns = new Map<Edge, EdgeTurn>();
  readonly #mostToleranceMm: number;

  /** @param deviationMm largest distance of the facets from the surface */
  constructor(body: Body, deviationMm: number) {
    this.#body = body;
    this.#deviationMm = deviationMm;
    this.#boxes = edgeBoxes(body, deviationMm);
    this.#sharp = body.edges.filter((e) => e.turnDeg.some((turn) => turn > 180 - WALL_ANGLE_DEG / TAPER_SHARE))
      .map((edge) => ({ edge, leastDeg: TAPER_SHARE * (180 - BETWEEN_DEG - edge.turnDeg.reduce((most, turn) => Math.max(most, turn), 0)) }));
    this.#mostToleranceMm = body.edges.reduce((most, e) => Math.max(most, e.toleranceMm), 0);
  }

  /**
   * `wall` where the ball is held between opposed faces (or fills a pin), `feather` on the taper of a feather edge,
   * `corner` for everything else that convex edges and rounds make small, `astray` where the sample lies beyond its
   * face's border or both contacts within the tolerance of one edge.
   * A ball among facets only that is no larger than a few times their distance from the surface cannot tell: `corner`.
   * @param rayMm thickness along the normal; a ball that its own face's curvature holds counts as a wall without it
   */
  zoneOf(samples: SurfaceSamples, balls: ExactBalls, i: number, rayMm?: number): number {
    const thickness = 2 * balls.radiusMm[i], contact = balls.contacts[i];
    if (contact === CONTACT.behind) return ZONE.astray;
    // A pin fills its own curvature: the ray comes out where the ball does. A round's does not.
    if (contact === CONTACT.focal) return rayMm === undefined || Math.abs(rayMm - thickness) <= FILLED * thickness ? ZONE.wall : ZONE.corner;
    if (contact === CONTACT.facet && balls.radiusMm[i] < 4 * this.#deviationMm) return ZONE.corner;
    if (balls.partnerFaces[i] < 0) return ZONE.corner;
    if (contact !== CONTACT.facet && this.#withinTolerance(samples, balls, i)) return ZONE.astray;
    return balls.turnDeg[i] < 180 - WALL_ANGLE_DEG ? ZONE.corner : this.#taper(samples, balls, i) ?? ZONE.wall;
  }

  /** Whether both contacts lie within the tolerance of one edge: its two faces need not meet any better than that. */
  #withinTolerance(samples: SurfaceSamples, balls: ExactBalls, i: number): boolean {
    if (balls.radiusMm[i] > this.#mostToleranceMm) return false;
    const p = samples.points.subarray(i * 3, i * 3 + 3), q = balls.partners.subarray(i * 3, i * 3 + 3);
    return this.#body.edges.some((edge) => boxDistance(this.#boxes, edge.index * 6, p) <= edge.toleranceMm
      && closestOnEdge(edge, p, foot) <= edge.toleranceMm && closestOnEdge(edge, q, foot) <= edge.toleranceMm);
  }

  /**
   * `feather` or `corner` where the ball lies in the taper of a convex edge: both contacts as far from it as one another,
   * and the thickness what an angle between that of the edge and that of the ball makes at that distance.
   */
  #taper(samples: SurfaceSamples, balls: ExactBalls, i: number): number | undefined {
    const p = samples.points.subarray(i * 3, i * 3 + 3), q = balls.partners.subarray(i * 3, i * 3 + 3), thickness = 2 * balls.radiusMm[i];
    const own = 180 - balls.turnDeg[i];
    for (const { edge, leastDeg } of this.#sharp) {
      if (own < leastDeg || boxDistance(this.#boxes, edge.index * 6, p) > TAPER_REACH * thickness) continue;
      const s = closestOnEdge(edge, p, foot), across = closestOnEdge(edge, q, second);
      if (Math.abs(s - across) > TAPER_EVEN * Math.max(s, across)) continue;
      const angle = 180 - this.#turnOf(edge).at(foot), [a, b] = [halfTan(angle), halfTan(own)], ratio = thickness / (s + across);
      if (!(own >= TAPER_SHARE * angle) || ratio < (1 - TAPER_MATCH) * Math.min(a, b) || ratio > (1 + TAPER_MATCH) * Math.max(a, b)) continue;
      return angle < WALL_ANGLE_DEG ? ZONE.feather : ZONE.corner;
    }
    return undefined;
  }

  #turnOf(edge: Edge): EdgeTurn {
    let turn = this.#turns.get(edge);
    if (!turn) this.#turns.set(edge, (turn = new EdgeTurn(this.#body, edge)));
    return turn;
  }
}

const foot = new Float64Array(3), second = new Float64Array(3);
const halfTan = (deg: number): number => Math.tan((deg * Math.PI) / 360);

/** {@link EdgeZones.zoneOf} of every sample. `rayMm`: `[n]` thickness along the normal. */
export const classifyZones = (zones: EdgeZones, samples: SurfaceSamples, balls: ExactBalls, rayMm: Float64Array): Uint8Array =>
  Uint8Array.from({ length: samples.count }, (_, i) => zones.zoneOf(samples, balls, i, rayMm[i]));
