import { norm } from "../geometry.ts";
import { VENT_MM } from "../mim/vent.ts";
import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { facetRegions } from "./facet-regions.ts";
import { meshTopology } from "./mesh-topology.ts";
import type { RayCaster } from "./probe.ts";
import { trapDepths } from "./trap-depth.ts";
import { unit } from "./vec3.ts";
import { visibility, type Piece, type Visibility, type VisibilityOptions } from "./visibility.ts";

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
  /** Pieces that may be hidden, wholly or in part, and do not count. */
  readonly doubtful: readonly Piece[];
  /** Area of the body's shadow along the direction. */
  readonly shadowMm2: { readonly value: number; readonly low: number; readonly high: number };
}

/** How thoroughly trapped surface is looked at. */
export interface TrapOptions extends VisibilityOptions {
  /** Pieces of a connected hidden area whose depth is measured, largest first; 24 by default. */
  readonly looks?: number;
}

const LOOKS = 24;

/**
 * What ±direction cannot free. Exactly parallel walls are not trapped by themselves, but are where something stands
 * in the way at both ends. Connected hidden surface counts when it is trapped deeper than {@link VENT_MM} somewhere: slivers
 * along silhouettes and walls that waver by less are none, however the facets cut them.
 * @param direction need not be unit
 */
export function trapped(body: Body, rays: RayCaster, direction: Vec3, options: TrapOptions = {}): Trapped {
  const d = unit(direction), seen = visibility(body, rays, d, options), { faceOf } = body.facets;
  const deep = deepRegions(body, rays, seen, d, options.looks ?? LOOKS), facetAreaMm2 = new Float64Array(faceOf.length), byFace = new Map<number, { area: number; largest: Piece }>();
  const hidden = seen.pieces.filter((p) => p.hidden && deep.counts(p.facet) === "deep"), doubtful = seen.pieces.filter((p) => deep.counts(p.facet) === "open" || (!p.sure && !p.hidden && deep.counts(p.facet) === "deep"));
  let value = 0, sure = 0, unsure = 0;
  for (const p of seen.pieces) if (deep.counts(p.facet) === "open" || (!p.sure && deep.counts(p.facet) === "deep")) unsure += p.areaMm2;
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
    direction: d, areaMm2: { value, low: Math.max(0, sure - deep.borderMm2, deep.leastMm2), high: sure + unsure + deep.borderMm2 },
    faces: faces.map(([face, { area }]) => ({ face, areaMm2: area })), points: faces.map(([, { largest }]) => largest.start),
    facetAreaMm2, reach: seen.reach, pieces: hidden, doubtful, shadowMm2: seen.shadowMm2,
  };
}

interface DeepRegions {
  /** Whether a facet's hidden pieces count; `open` where only facets tell and cannot. */
  readonly counts: (facet: number) => "deep" | "open" | "trifle";
  /** What the facets' distance from the surface leaves open along the borders of what counts, mm². */
  readonly borderMm2: number;
  /** Area that is surely hidden, by the depths measured alone, mm². */
  readonly leastMm2: number;
}

/** Tells connected hidden areas that are trapped deeper than a trifle from those that are not. */
function deepRegions(body: Body, rays: RayCaster, { pieces, borderMm2 }: Visibility, d: Vec3, most: number): DeepRegions {
  const { facets } = body, touched = new Uint8Array(facets.faceOf.length);
  for (const { facet } of pieces) touched[facet] = 1;
  const region = facetRegions(facets, (t) => touched[t] === 1), looks = new Map<number, Piece[]>();
  for (const p of pieces) if (p.hidden) { const list = looks.get(region[p.facet]); if (list) list.push(p); else looks.set(region[p.facet], [p]); }
  const chosen = [...looks.values()].flatMap((list) => list.sort((a, b) => b.areaMm2 - a.areaMm2 || a.facet - b.facet).slice(0, most));
  const verdict = new Map<number, "deep" | "open">(), depths = trapDepths(body, rays, chosen, d);
  let leastMm2 = 0;
  chosen.forEach((piece, i) => {
    const at = region[piece.facet];
    if (depths[i].lowMm > VENT_MM) { verdict.set(at, "deep"); leastMm2 += surelyHidden(body, piece, depths[i].lowMm); }
    else if (depths[i].highMm > VENT_MM && !verdict.has(at)) verdict.set(at, "open");
  });
  const counts = (t: number): "deep" | "open" | "trifle" => (region[t] < 0 ? "trifle" : verdict.get(region[t]) ?? "trifle");
  return { counts, leastMm2, borderMm2: borderOf(body, borderMm2, (t) => counts(t) !== "trifle") };
}

/** Sum over the facets that count and their neighbours. */
function borderOf({ facets }: Body, borderMm2: Float64Array, counts: (facet: number) => boolean): number {
  const { edgeOf, sides } = meshTopology(facets);
  return borderMm2.reduce((sum, b, t) => sum + (b > 0 && (counts(t) || [0, 1, 2].some((k) => { const e = edgeOf[t * 3 + k]; return counts(sides[e * 2]) || counts(sides[e * 2 + 1]); })) ? b : 0), 0);
}

/** How deep a point is trapped changes no faster than the point moves: the part of a piece within that of its middle is hidden. */
function surelyHidden({ facets }: Body, { facet, w, areaMm2 }: Piece, depthMm: number): number {
  const off = 2 * facets.deviationMm[facets.faceOf[facet]], corners = [0, 1, 2].map((c) => [0, 1, 2].map((k) => [0, 1, 2].reduce((sum, v) => sum + (w.length ? w[c * 3 + v] : c === v ? 1 : 0) * facets.positions[facets.indices[facet * 3 + v] * 3 + k], 0)));
  const middle = [0, 1, 2].map((k) => (corners[0][k] + corners[1][k] + corners[2][k]) / 3);
  const reach = Math.max(...corners.map((c) => norm(c[0] - middle[0], c[1] - middle[1], c[2] - middle[2])));
  return areaMm2 * Math.max(0, Math.min(1, (depthMm - off) / reach)) ** 2;
}
