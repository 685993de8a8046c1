import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import { meshTopology } from "./mesh-topology.ts";
import type { RestingPlane } from "./resting-planes.ts";
import { dot } from "../geometry.ts";
import { along, minus, opposite, pointAt } from "./vec3.ts";

/** A stretch of underside that nothing carries from below. */
export interface Overhang {
  readonly faces: readonly number[];
  /** Greatest level distance from a place of it to where a wall carries it, mm: a cantilever's length, half a bridge's span. */
  readonly reachMm: number;
  /** Section above that place, mm. */
  readonly thicknessMm: number;
  readonly farthest: Vec3;
  readonly areaMm2: number;
}

/** Undersides within 45° of level sag; steeper ones stand. */
const LEVEL = Math.SQRT1_2;
const MOST_POINTS = 300;
/** Facets in the resting plane, by height over it, mm. */
const RESTING_MM = 0.01;

/** Undersides off the resting plane, each connected one with how far it reaches from the walls that carry it; largest ratio first. */
export function overhangs(body: Body, bvh: Bvh, rest: RestingPlane): Overhang[] {
  const { facets } = body, { normals, areaMm2, edgeOf, sides, ends, rise } = meshTopology(facets), count = areaMm2.length, down = rest.normal;
  const under = new Uint8Array(count), heightOf = (v: number): number => rest.offsetMm - dot(pointAt(facets.positions, v), down);
  for (let t = 0; t < count; t++) under[t] = dot(pointAt(normals, t), down) > LEVEL && [0, 1, 2].some((k) => heightOf(facets.indices[t * 3 + k]) > RESTING_MM) ? 1 : 0;
  const out: Overhang[] = [], level = (p: Vec3): Vec3 => along(p, down, -dot(p, down));
  for (let seed = 0; seed < count; seed++) {
    if (under[seed] !== 1) continue;
    const own = [seed], roots: Vec3[] = [];
    under[seed] = 2;
    for (let i = 0; i < own.length; i++) for (let k = 0; k < 3; k++) {
      const e = edgeOf[own[i] * 3 + k], other = sides[e * 2] === own[i] ? sides[e * 2 + 1] : sides[e * 2];
      if (under[other] === 1) { under[other] = 2; own.push(other); continue; }
      // A hollow edge: the wall beside it goes down from here and carries it.
      if (under[other] === 0 && rise[e] > 1e-9) for (const f of [0, 0.5, 1]) roots.push(level(between(pointAt(facets.positions, ends[e * 2]), pointAt(facets.positions, ends[e * 2 + 1]), f)));
    }
    if (roots.length === 0) continue;
    const found = reach(body, bvh, own, thin(roots), down, level);
    if (found) out.push({ ...found, faces: [...new Set(own.map((t) => facets.faceOf[t]))], areaMm2: own.reduce((a, t) => a + areaMm2[t], 0) });
  }
  return out.sort((a, b) => b.reachMm / b.thicknessMm - a.reachMm / a.thicknessMm);
}

function reach({ facets }: Body, bvh: Bvh, own: readonly number[], roots: readonly Vec3[], down: Vec3, level: (p: Vec3) => Vec3): Pick<Overhang, "reachMm" | "thicknessMm" | "farthest"> | undefined {
  let reachMm = 0, at = -1, facet = -1;
  for (const t of thin(own)) for (let k = 0; k < 3; k++) {
    const v = facets.indices[t * 3 + k], p = level(pointAt(facets.positions, v));
    const nearest = roots.reduce((least, r) => Math.min(least, Math.hypot(...minus(p, r))), Infinity);
    if (nearest > reachMm) { reachMm = nearest; at = v; facet = t; }
  }
  if (at < 0) return undefined;
  const [a, b, c] = [0, 1, 2].map((k) => pointAt(facets.positions, facets.indices[facet * 3 + k])), middle: Vec3 = [(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3, (a[2] + b[2] + c[2]) / 3];
  const { distances } = bvh.rays(Float64Array.from(middle), Float64Array.from(opposite(down)), { minDistancesMm: 4 * bvh.errorMm + 1.5 * facets.deviationMm[facets.faceOf[facet]] });
  return isFinite(distances[0]) && distances[0] > 0 ? { reachMm, thicknessMm: distances[0], farthest: pointAt(facets.positions, at) } : undefined;
}

const between = (a: Vec3, b: Vec3, f: number): Vec3 => [a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])];
const thin = <T>(list: readonly T[]): readonly T[] => (list.length <= MOST_POINTS ? list : list.filter((_, i) => i % Math.ceil(list.length / MOST_POINTS) === 0));
