import type { Vec3 } from "../units.ts";
import type { RayCaster, SeenBody } from "./probe.ts";
import { unit } from "./vec3.ts";
import { visibility, type Piece, type VisibilityOptions } from "./visibility.ts";

export type { RayCaster, SeenBody } from "./probe.ts";

/** Surface that neither half of a mold can reach along ±direction. Plain data. */
export interface Trapped {
  /** Unit. */
  readonly direction: Vec3;
  /** The interval holds what borders of shadows could not settle, and the facets' distance from the surface along them. */
  readonly areaMm2: { readonly value: number; readonly low: number; readonly high: number };
  /** Faces with hidden surface, largest first, and how much of them. */
  readonly faces: readonly { readonly face: number; readonly areaMm2: number }[];
  /** One point on each of those faces, in the middle of its largest hidden piece, mm. */
  readonly points: readonly Vec3[];
  /** `[facets]` hidden area of each, mm². */
  readonly facetAreaMm2: Float64Array;
  /** `[facets]` bit 1: the facet's middle comes free along the direction; bit 2: against it. */
  readonly reach: Uint8Array;
  /** The hidden pieces themselves. */
  readonly pieces: readonly Piece[];
  /** Area of the body's shadow along the direction. */
  readonly shadowMm2: { readonly value: number; readonly low: number; readonly high: number };
}

/**
 * What ±direction cannot free. Exactly parallel walls are not trapped by themselves, but are where something stands
 * in the way at both ends.
 * @param direction need not be unit
 */
export function trapped(body: SeenBody, rays: RayCaster, direction: Vec3, options: VisibilityOptions = {}): Trapped {
  const d = unit(direction), seen = visibility(body, rays, d, options), { faceOf } = body.facets;
  const facetAreaMm2 = new Float64Array(faceOf.length), byFace = new Map<number, { area: number; largest: Piece }>();
  const hidden = seen.pieces.filter((p) => p.hidden);
  let value = 0, sure = 0, unsure = 0;
  for (const p of seen.pieces) if (!p.sure) unsure += p.areaMm2;
  for (const p of hidden) {
    value += p.areaMm2;
    if (p.sure) sure += p.areaMm2;
    facetAreaMm2[p.facet] += p.areaMm2;
    const face = byFace.get(faceOf[p.facet]);
    if (!face) byFace.set(faceOf[p.facet], { area: p.areaMm2, largest: p });
    else { face.area += p.areaMm2; if (p.areaMm2 > face.largest.areaMm2) face.largest = p; }
  }
  const faces = [...byFace].sort(([a, x], [b, y]) => y.area - x.area || a - b);
  return {
    direction: d, areaMm2: { value, low: Math.max(0, sure - seen.borderMm2), high: sure + unsure + seen.borderMm2 },
    faces: faces.map(([face, { area }]) => ({ face, areaMm2: area })), points: faces.map(([, { largest }]) => largest.start),
    facetAreaMm2, reach: seen.reach, pieces: hidden, shadowMm2: seen.shadowMm2,
  };
}
