import { dot } from "../geometry.ts";
import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import type { Bounds } from "./context.ts";
import { meshTopology } from "./mesh-topology.ts";
import { WHOLE, type Patch } from "./probe.ts";
import type { Trapped } from "./trapped.ts";
import { pointAt } from "./vec3.ts";

/**
 * How far a slide moves until it is clear of the hidden surface it forms: the extent of that surface along its direction, mm.
 * At least that of what is surely hidden; at most that with every piece there or beside it that could not be told, both give or
 * take what facets lie off the surface.
 * @param isOwn whether a facet's hidden pieces are this slide's
 */
export function slideTravel({ facets }: Body, { pieces, doubtful }: Trapped, isOwn: (facet: number) => boolean, direction: Vec3): Bounds {
  const { edgeOf, sides } = meshTopology(facets), touches = (t: number): boolean => isOwn(t) || [0, 1, 2].some((k) => { const e = edgeOf[t * 3 + k]; return isOwn(sides[e * 2]) || isOwn(sides[e * 2 + 1]); });
  const heights = Float64Array.from({ length: 3 }), sure = new Spread(), likely = new Spread(), most = new Spread();
  const take = ({ facet, w: own }: Patch, spreads: readonly Spread[]): void => {
    const w = own.length === 0 ? WHOLE : own, off = facets.deviationMm[facets.faceOf[facet]];
    for (let c = 0; c < 3; c++) heights[c] = dot(pointAt(facets.positions, facets.indices[facet * 3 + c]), direction);
    for (let c = 0; c < 3; c++) { const h = w[c * 3] * heights[0] + w[c * 3 + 1] * heights[1] + w[c * 3 + 2] * heights[2]; for (const spread of spreads) spread.add(h, off); }
  };
  for (const piece of pieces) if (isOwn(piece.facet)) take(piece, piece.sure ? [sure, likely, most] : [likely, most]);
  for (const piece of doubtful) if (touches(piece.facet)) take(piece, [most]);
  return { value: likely.mm, low: Math.min(likely.mm, Math.max(0, sure.mm - 2 * sure.offMm)), high: most.mm + 2 * most.offMm };
}

/** Least and greatest of heights, and the most any of them may be off. */
class Spread {
  offMm = 0;
  #low = Infinity;
  #high = -Infinity;
  add(h: number, offMm: number): void { this.#low = Math.min(this.#low, h); this.#high = Math.max(this.#high, h); this.offMm = Math.max(this.offMm, offMm); }
  get mm(): number { return Math.max(0, this.#high - this.#low); }
}
