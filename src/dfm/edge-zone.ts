import { norm } from "../geometry.ts";
import type { Body, Edge } from "../part/part.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { boxDistance, edgeBoxes } from "./edge-boxes.ts";
import { EdgeTurn } from "./edge-turn.ts";
import { CONTACT, type ExactBalls, type Side } from "./exact-balls.ts";
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
/** Beyond an edge's end, where its faces part along another one, they may do so this much more slowly. */
const TAPER_END = 0.1;
/** A taper closes at no less than this share of the edge's own angle; what closes less has become a wall. */
const TAPER_SHARE = 0.5;
/** Between its points an edge may turn by this much more than at them, degrees. */
const BETWEEN_DEG = 5;
/** Nearer to an edge's end than this is on it, mm. */
const ON_END_MM = 1e-6;
/** Tapers are looked for this many thicknesses away; at 1° between the faces the edge is 57 away. */
const TAPER_REACH = 60;

/**
 * Tells walls from what edges and rounds make small: of the part convex ones, of the steel outside it concave ones. All
 * words here are the part's.
 */
export class EdgeZones {
  readonly #body: Body;
  readonly #deviationMm: number;
  readonly #boxes: Float64Array;
  /** What makes the turn of a convex edge positive on this side. */
  readonly #sense: 1 | -1;
  /** Edges sharp enough to make a taper that looks like a wall, and the least angle between the two sides of one, degrees. */
  readonly #sharp: readonly { readonly edge: Edge; readonly leastDeg: number }[];
  readonly #turns = new Map<Edge, EdgeTurn>();
  readonly #mostToleranceMm: number;

  /** @param deviationMm largest distance of the facets from the surface */
  constructor(body: Body, deviationMm: number, side: Side = "inside") {
    this.#body = body;
    const sense = this.#sense = side === "inside" ? 1 : -1;
    this.#deviationMm = deviationMm;
    this.#boxes = edgeBoxes(body, deviationMm);
    this.#sharp = body.edges.filter((e) => e.turnDeg.some((turn) => sense * turn > 180 - WALL_ANGLE_DEG / TAPER_SHARE))
      .map((edge) => ({ edge, leastDeg: TAPER_SHARE * (180 - BETWEEN_DEG - edge.turnDeg.reduce((most, turn) => Math.max(most, sense * turn), 0)) }));
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
   * and the thickness what an angle between that of the edge and that of the ball makes at that distance, or less where a
   * third face cuts the edge off.
   */
  #taper(samples: SurfaceSamples, balls: ExactBalls, i: number): number | undefined {
    const p = samples.points.subarray(i * 3, i * 3 + 3), q = balls.partners.subarray(i * 3, i * 3 + 3), thickness = 2 * balls.radiusMm[i];
    const own = 180 - balls.turnDeg[i];
    for (const { edge, leastDeg } of this.#sharp) {
      if (own < leastDeg || boxDistance(this.#boxes, edge.index * 6, p) > TAPER_REACH * thickness) continue;
      const s = closestOnEdge(edge, p, foot), across = closestOnEdge(edge, q, second);
      if (Math.abs(s - across) > TAPER_EVEN * Math.max(s, across)) continue;
      const angle = 180 - this.#sense * this.#turnOf(edge).at(foot), [a, b] = [halfTan(angle), halfTan(own)], ratio = thickness / (s + across);
      if (!(own >= TAPER_SHARE * angle) || ratio < (isEnd(edge, foot) ? TAPER_END : 1 - TAPER_MATCH) * Math.min(a, b) || ratio > (1 + TAPER_MATCH) * Math.max(a, b)) continue;
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

/** Whether a point of an edge is its first or last. */
function isEnd({ points }: Edge, p: Float64Array): boolean {
  const last = points.length - 3, at = (i: number): boolean => norm(points[i] - p[0], points[i + 1] - p[1], points[i + 2] - p[2]) < ON_END_MM;
  return at(0) !== at(last);
}

const foot = new Float64Array(3), second = new Float64Array(3);
const halfTan = (deg: number): number => Math.tan((deg * Math.PI) / 360);

/** {@link EdgeZones.zoneOf} of every sample. `rayMm`: `[n]` thickness along the normal. */
export const classifyZones = (zones: EdgeZones, samples: SurfaceSamples, balls: ExactBalls, rayMm: Float64Array): Uint8Array =>
  Uint8Array.from({ length: samples.count }, (_, i) => zones.zoneOf(samples, balls, i, rayMm[i]));
