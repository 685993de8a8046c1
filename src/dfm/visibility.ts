import { worstDeviationMm } from "../part/mesh-measures.ts";
import { norm } from "../geometry.ts";
import type { Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { seenAlong, type Seen } from "./contours.ts";
import { meshTopology } from "./mesh-topology.ts";
import { WHOLE, castProbes, probePatch, type Patch, type RayCaster, type SeenBody } from "./probe.ts";

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
  let open: Patch[] = [], left = budget, hidden = 0;
  for (let facet = 0; facet < areaMm2.length; facet++) if (areaMm2[facet] > 0) open.push({ facet, w: ALL });
  while (open.length > 0) {
    const probes = open.map((patch) => probePatch(body, seen, patch, baseMm)), freedom = castProbes(body, seen, rays, open, probes, baseMm);
    const unsure: { piece: Piece; shadow: number; up: boolean }[] = [];
    let unsureArea = 0;
    open.forEach((patch, i) => {
      const { facet, w } = patch, { up, down, hidden: isHidden, sure } = freedom[i], { start, normal } = probes[i];
      if (w === ALL) { reach[facet] = (up ? 1 : 0) + (down ? 2 : 0); borderMm2[facet] = freedom[i].borderMm2; if (sure) status[facet] = isHidden ? HIDDEN : SEEN; }
      const cast = Math.max(0, castArea(facets, seen, patch));
      if (!sure || isHidden) {
        const area = areaMm2[facet] * fraction(w) * scale[facets.faceOf[facet]], piece: Piece = { facet, w, areaMm2: area, start, normal, hidden: isHidden, sure };
        if (!sure) { unsure.push({ piece, shadow: cast, up }); unsureArea += area; return; }
        hidden += area;
        pieces.push(piece);
      }
      if (up) { shadow.sure += cast; shadow.guess += cast; }
    });
    if (unsureArea <= Math.max(relative * hidden, 0.01 * relative * total) || unsure.length * 4 > left) {
      for (const u of unsure) { pieces.push(u.piece); shadow.unsure += u.shadow; if (u.up) shadow.guess += u.shadow; }
      break;
    }
    left -= unsure.length * 4;
    open = unsure.flatMap(({ piece }) => quarter(piece));
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

/** Area of a patch over its facet's: the determinant of its barycentric corners. */
const fraction = (w: readonly number[]): number => w.length === 0 ? 1 :
  Math.abs(w[0] * (w[4] * w[8] - w[5] * w[7]) - w[1] * (w[3] * w[8] - w[5] * w[6]) + w[2] * (w[3] * w[7] - w[4] * w[6]));

/** Signed area of a patch across the direction, mm²: positive where it looks along it. */
function castArea({ indices }: Facets, { x, y }: Seen, { facet, w }: Patch): number {
  const i = indices[facet * 3], j = indices[facet * 3 + 1], k = indices[facet * 3 + 2];
  return (((x[j] - x[i]) * (y[k] - y[i]) - (x[k] - x[i]) * (y[j] - y[i])) / 2) * fraction(w);
}

function quarter({ facet, w: own }: Patch): Patch[] {
  const w = own.length === 0 ? WHOLE : own;
  const corner = (c: number): number[] => [w[c * 3], w[c * 3 + 1], w[c * 3 + 2]];
  const middle = (c: number, d: number): number[] => [(w[c * 3] + w[d * 3]) / 2, (w[c * 3 + 1] + w[d * 3 + 1]) / 2, (w[c * 3 + 2] + w[d * 3 + 2]) / 2];
  const [ab, bc, ca] = [middle(0, 1), middle(1, 2), middle(2, 0)];
  return [[...corner(0), ...ab, ...ca], [...ab, ...corner(1), ...bc], [...ca, ...bc, ...corner(2)], [...ab, ...bc, ...ca]].map((q) => ({ facet, w: q }));
}
