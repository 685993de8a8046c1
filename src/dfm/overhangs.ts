import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import type { Bounds } from "./context.ts";
import { farthestReach } from "./farthest-reach.ts";
import type { RestingPlane } from "./resting-planes.ts";
import { undersides, type Underside } from "./undersides.ts";
import { framePerpendicular, opposite, pointAt } from "./vec3.ts";

/** A stretch of underside that walls carry only at its border. */
export interface Overhang {
  readonly faces: readonly number[];
  /** Greatest level distance from a place of it to where a wall carries it, mm: a cantilever's length, half a bridge's span. */
  readonly reachMm: Bounds;
  /** Section above it as rays from its facets find it, the median, mm; absent where they find none. An estimate. */
  readonly sectionMm?: number;
  readonly farthest: Vec3;
  readonly areaMm2: number;
}

/** Rays that look for the section above one stretch. */
const RAYS = 40;

/** Undersides off the resting plane, each connected one with how far it reaches from the walls that carry it; the farthest first. */
export function overhangs(body: Body, bvh: Bvh, rest: RestingPlane): Overhang[] {
  const [x, y] = framePerpendicular(rest.normal);
  return undersides(body, rest).map((under) => {
    const { at, lowMm, highMm } = farthestReach(under.cells, under.roots, x, y);
    return { faces: under.faces, areaMm2: under.areaMm2, farthest: at, reachMm: { value: lowMm, low: lowMm, high: highMm }, sectionMm: sectionOver(body, bvh, under, opposite(rest.normal)) };
  }).sort((a, b) => b.reachMm.value - a.reachMm.value);
}

function sectionOver({ facets }: Body, bvh: Bvh, under: Underside, up: Vec3): number | undefined {
  const step = Math.ceil(under.facets.length / RAYS), looked = under.facets.filter((_, i) => i % step === 0);
  const origins = Float64Array.from(looked.flatMap((t) => { const [a, b, c] = [0, 1, 2].map((k) => pointAt(facets.positions, facets.indices[t * 3 + k])); return [0, 1, 2].map((k) => (a[k] + b[k] + c[k]) / 3); }));
  const minDistancesMm = Float64Array.from(looked, (t) => 4 * bvh.errorMm + 1.5 * facets.deviationMm[facets.faceOf[t]]);
  const found = bvh.rays(origins, Float64Array.from(up), { minDistancesMm }).distances.filter(isFinite).sort();
  return found.length > 0 ? found[found.length >> 1] : undefined;
}
