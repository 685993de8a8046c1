import { worstDeviationMm } from "../part/mesh-measures.ts";
import { norm } from "../geometry.ts";
import type { Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { seenAlong, type Seen } from "./contours.ts";
import { meshTopology } from "./mesh-topology.ts";
import { WHOLE, castProbes, probePatches, type Freedom, type Patch, type Patches, type Probes, type RayCaster, type SeenBody } from "./probe.ts";
import { pointAt } from "./vec3.ts";

/** A piece of a facet that is hidden, or that could not be told. */
export interface Piece extends Patch {
  /** Its share of the facet, times the face's exact area over its facets' area. */
  readonly areaMm2: number;
  /** Its middle, a little outside the surface. */
  readonly start: Vec3;
  readonly normal: Vec3;
  /** Its middle comes free neither along nor against the direction. */
  readonly hidden: boolean;
  /** No border of a shadow runs through it. */
  readonly sure: boolean;
}

/** What a mesh shows along ±direction. */
export interface Visibility {
  /** Pieces that are hidden or not sure. */
  readonly pieces: readonly Piece[];
  /** `[t]` bit 1: the middle of the facet comes free along the direction; bit 2: against it. */
  readonly reach: Uint8Array;
  /** `[t]` what the facets' distance from the surface may add to or take from the hidden area along the borders of shadows there, mm². */
  readonly borderMm2: Float64Array;
  /** Area of the body's shadow along the direction. */
  readonly shadowMm2: { readonly value: number; readonly low: number; readonly high: number };
}

/** How finely shadows are resolved. */
export interface VisibilityOptions {
  /** Patches looked at beyond the facets themselves. */
  readonly budget?: number;
  /** Done when the unsure area is below this fraction of the hidden area, or a hundredth of it of the whole area. */
  readonly relative?: number;
}

const ALL: readonly number[] = [];
const SEEN = 1, HIDDEN = 2;
const BUDGET = 60_000;
const RELATIVE = 0.002;

/**
 * Splits a mesh into what can and what cannot be reached along ±direction. What is hidden of a facet can change only
 * where the shadow of a convex contour edge runs through it: a facet no such shadow touches is settled by its
 * middle; the others are quartered, a level at a time, until the unsure area is small. A surface that looks along
 * the direction can be reached only from there; one exactly parallel to it from either side, so such a wall is no
 * undercut by itself. What hides a point by less than the facets' distance from the surface does not count.
 * @param direction unit
 */
export function visibility(body: SeenBody, rays: RayCaster, direction: Vec3, options: VisibilityOptions = {}): Visibility {
  const { facets } = body, { areaMm2 } = meshTopology(facets), { budget = BUDGET, relative = RELATIVE } = options;
  const baseMm = 4 * rays.errorMm, seen = seenAlong(facets, direction, baseMm), scale = exactOverMeshed(body);
  const total = areaMm2.reduce((a, b) => a + b, 0), pieces: Piece[] = [];
  const shadow = { sure: 0, unsure: 0, guess: 0 }, status = new Uint8Array(areaMm2.length), reach = new Uint8Array(areaMm2.length);
  const borderMm2 = new Float64Array(areaMm2.length);
  let open: Patches = { facets: Uint32Array.from(areaMm2.keys()).filter((t) => areaMm2[t] > 0) }, left = budget, hidden = 0;
  while (open.facets.length > 0) {
    const probes = probePatches(body, seen, open, baseMm), freedom = castProbes(body, seen, rays, open, probes, baseMm), unsure: number[] = [];
    const count = open.facets.length, areas = new Float64Array(count), casts = new Float64Array(count), isWhole = !open.corners;
    let unsureArea = 0;
    for (let i = 0; i < count; i++) {
      const facet = open.facets[i], share = isWhole ? 1 : fraction(open.corners!, i * 9);
      if (isWhole) { reach[facet] = freedom.up[i] + 2 * freedom.down[i]; borderMm2[facet] = freedom.borderMm2[i]; if (freedom.sure[i]) status[facet] = freedom.hidden[i] ? HIDDEN : SEEN; }
      areas[i] = areaMm2[facet] * share * scale[facets.faceOf[facet]];
      casts[i] = Math.max(0, castArea(facets, seen, facet) * share);
      if (!freedom.sure[i]) { unsure.push(i); unsureArea += areas[i]; continue; }
      if (freedom.hidden[i]) { hidden += areas[i]; pieces.push(pieceOf(open, probes, freedom, areas, i)); }
      if (freedom.up[i]) { shadow.sure += casts[i]; shadow.guess += casts[i]; }
    }
    if (unsureArea <= Math.max(relative * hidden, 0.01 * relative * total) || unsure.length * 4 > left) {
      for (const i of unsure) { pieces.push(pieceOf(open, probes, freedom, areas, i)); shadow.unsure += casts[i]; if (freedom.up[i]) shadow.guess += casts[i]; }
      break;
    }
    left -= unsure.length * 4;
    open = quarters(open, unsure);
  }
  addSeams(borderMm2, facets, seen, status, baseMm);
  return { pieces, reach, borderMm2, shadowMm2: { value: shadow.guess, low: Math.max(0, shadow.sure - seen.contourErrorMm2), high: shadow.sure + shadow.unsure + seen.contourErrorMm2 } };
}

/** Adds where a shadow ends along the facets' own edges within one face: length of those edges times how far it may be off there. */
function addSeams(borderMm2: Float64Array, facets: Facets, { x, y, sine }: Seen, status: Uint8Array, baseMm: number): void {
  const { ends, sides } = meshTopology(facets), worst = worstDeviationMm(facets);
  for (let e = 0; e < sides.length / 2; e++) {
    const s = sides[e * 2], t = sides[e * 2 + 1];
    if (status[s] + status[t] !== SEEN + HIDDEN || status[s] * status[t] === 0 || facets.faceOf[s] !== facets.faceOf[t]) continue;
    const i = ends[e * 2], j = ends[e * 2 + 1], off = facets.deviationMm[facets.faceOf[s]] + 2 * worst + 2 * baseMm;
    borderMm2[status[s] === HIDDEN ? s : t] += (off * norm(x[i] - x[j], y[i] - y[j])) / Math.max(0.1, Math.abs(sine[i]), Math.abs(sine[j]));
  }
}

/** `[faces]` exact area over the area of the facets: chords are shorter than their arcs. */
function exactOverMeshed({ faces, facets }: SeenBody): Float64Array {
  const { areaMm2 } = meshTopology(facets), meshed = new Float64Array(faces.length);
  facets.faceOf.forEach((f, t) => { meshed[f] += areaMm2[t]; });
  return meshed.map((m, f) => (m > 0 && faces[f].areaMm2 > 0 ? faces[f].areaMm2 / m : 1));
}

const pieceOf = ({ facets, corners }: Patches, { starts, normals }: Probes, { hidden, sure }: Freedom, areas: Float64Array, i: number): Piece =>
  ({ facet: facets[i], w: corners ? corners.slice(i * 9, i * 9 + 9) : ALL, areaMm2: areas[i], start: pointAt(starts, i), normal: pointAt(normals, i), hidden: hidden[i] === 1, sure: sure[i] === 1 });

/** Area of a patch over its facet's: the determinant of its barycentric corners. */
const fraction = (w: Float64Array, c: number): number =>
  Math.abs(w[c] * (w[c + 4] * w[c + 8] - w[c + 5] * w[c + 7]) - w[c + 1] * (w[c + 3] * w[c + 8] - w[c + 5] * w[c + 6]) + w[c + 2] * (w[c + 3] * w[c + 7] - w[c + 4] * w[c + 6]));

/** Signed area of a facet across the direction, mm²: positive where it looks along it. */
function castArea({ indices }: Facets, { x, y }: Seen, facet: number): number {
  const i = indices[facet * 3], j = indices[facet * 3 + 1], k = indices[facet * 3 + 2];
  return ((x[j] - x[i]) * (y[k] - y[i]) - (x[k] - x[i]) * (y[j] - y[i])) / 2;
}

/** Each of the patches listed cut in four at the middles of its sides. */
function quarters({ facets, corners }: Patches, list: readonly number[]): Patches {
  const out = { facets: new Uint32Array(list.length * 4), corners: new Float64Array(list.length * 36) }, w = out.corners;
  list.forEach((from, n) => {
    const at = n * 36, own = corners ?? WHOLE, c = corners ? from * 9 : 0;
    for (let q = 0; q < 4; q++) out.facets[n * 4 + q] = facets[from];
    for (let k = 0; k < 3; k++) {
      const a = own[c + k], b = own[c + 3 + k], d = own[c + 6 + k], ab = (a + b) / 2, bd = (b + d) / 2, da = (d + a) / 2;
      w[at + k] = a; w[at + 3 + k] = ab; w[at + 6 + k] = da;
      w[at + 9 + k] = ab; w[at + 12 + k] = b; w[at + 15 + k] = bd;
      w[at + 18 + k] = da; w[at + 21 + k] = bd; w[at + 24 + k] = d;
      w[at + 27 + k] = ab; w[at + 30 + k] = bd; w[at + 33 + k] = da;
    }
  });
  return out;
}
