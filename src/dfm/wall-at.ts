import type { Body } from "../part/part.ts";
import { buildBvh } from "../spatial/bvh.ts";
import type { SpatialModule } from "../spatial/load-spatial.ts";
import type { Vec3 } from "../units.ts";
import { WALL_ANGLE_DEG } from "./edge-zone.ts";
import { BallGauge, CONTACT } from "./exact-balls.ts";
import { emptySamples, placeOnTriangle } from "./surface-samples.ts";
import { pointAt } from "./vec3.ts";

/** The largest ball inside the part that touches its surface at one point. Lengths in mm, part frame. */
export interface WallAt {
  /** The ball's diameter; the truth lies between low and high. */
  readonly thicknessMm: { readonly value: number; readonly low: number; readonly high: number };
  /** The point asked about, on the exact surface. */
  readonly at: Vec3;
  /** Whether the ball is held between opposed faces, or fills a pin; else it sits in the corner of an edge, where there is no wall. */
  readonly opposed: boolean;
  /** Where the ball touches the other face; absent where the surface's own curvature stops it. */
  readonly partner?: { readonly at: Vec3; readonly face: number };
}

/** Measures walls at points of a body one by one. */
export type WallProbe = (facet: number, weights: Vec3) => WallAt;

/**
 * A probe of a body: a tree and a gauge made once. The probe takes a facet and barycentric weights in it.
 * @param exact whether the faces carry their exact surfaces
 */
export function wallProbe(body: Body, spatial: SpatialModule, exact: boolean): WallProbe {
  const { facets } = body, gauge = new BallGauge(body, buildBvh(spatial, facets.positions, facets.indices, facets.faceOf), exact);
  return (facet, [wa, wb, wc]) => {
    const sample = emptySamples(1);
    placeOnTriangle(body, exact, facet, wa, wb, wc, sample, 0);
    const { radiusMm, lowMm, highMm, contacts, partners, partnerFaces, turnDeg } = gauge.measure(sample);
    const touches = contacts[0] !== CONTACT.focal && contacts[0] !== CONTACT.none && partnerFaces[0] >= 0;
    return {
      thicknessMm: { value: 2 * radiusMm[0], low: 2 * lowMm[0], high: 2 * highMm[0] }, at: pointAt(sample.points, 0),
      opposed: !touches || turnDeg[0] >= 180 - WALL_ANGLE_DEG,
      ...(touches && { partner: { at: pointAt(partners, 0), face: partnerFaces[0] } }),
    };
  };
}
