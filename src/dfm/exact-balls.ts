import { worstDeviationMm } from "../part/mesh-measures.ts";
import { norm } from "../geometry.ts";
import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import { BallCandidates } from "./ball-candidates.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { closestOnSurface, hasClosedForm } from "./closest-on-surface.ts";
import { boxDistance, edgeBoxes } from "./edge-boxes.ts";
import { FaceBorder } from "./face-border.ts";
import { FaceTrim } from "./face-trim.ts";
import { found, nearestOnTriangle } from "./nearest-on-triangle.ts";
import { outwardNormal } from "./normal-on-surface.ts";

/** Where balls are: in the part, or in the steel around it. */
export type Side = "inside" | "outside";

/** Points of the surface with their unit normals, away from the balls' centres. */
export interface Samples {
  readonly count: number;
  /** `[n*3]` on the exact surface, mm. */
  readonly points: Float64Array;
  /** `[n*3]` outward unit normals. */
  readonly normals: Float64Array;
  /** `[n]` face of each. */
  readonly faces: Int32Array;
  /** `[n]` radius of the largest ball the own face's curvature leaves room for, inside and outside, mm; ∞ on a plane. */
  readonly focalInsideMm: Float64Array;
  readonly focalOutsideMm: Float64Array;
}

/** What stopped a ball. `behind`: a face touched from its wrong side, which says that the sample is no point of the part. */
export const CONTACT = { none: 0, focal: 1, face: 2, edge: 3, facet: 4, behind: 5 } as const;

/** Largest balls touching the samples, radii in mm. */
export interface ExactBalls {
  readonly radiusMm: Float64Array;
  /** The truth lies between these. */
  readonly lowMm: Float64Array;
  readonly highMm: Float64Array;
  /** `[n*3]` the other point touched; the sample itself where there is none. */
  readonly partners: Float64Array;
  /** `[n]` face touched, −1 where there is none; on an edge one of its faces. */
  readonly partnerFaces: Int32Array;
  /** `[n]` one of {@link CONTACT}. */
  readonly contacts: Uint8Array;
  /** `[n]` angle between the outward normals at both contacts, degrees: 180 for opposed walls, 0 where there is no partner. */
  readonly turnDeg: Float64Array;
}

/** Rounding of coordinates and of converged minima, as a fraction of the part's size. */
const ROUNDING = 1e-11;
/** Relative error of a principal curvature where both are nearly equal: the root of double precision. */
const CURVATURE_ROUNDING = 1e-7;
/** What a Newton search over a freeform face may miss, as a fraction of the facets' distance from it. */
const FREEFORM_SLACK = 0.02;
/** Least cosine between the normal of a touched face and the way there from the ball's centre: less is no touch from within. */
const TOUCHING = 0.9;
/** Balls between opposed walls are no larger than this share of the part's size: 1/(2 cos 20°) where the walls close at 40°. */
const LARGEST = 0.54;
const CHUNK = 4096;
const MAX_SHRINKS = 60;

/**
 * Inscribed balls on the exact surfaces. The facets give an upper bound and, by their known distance from the
 * surface, all faces that the ball could touch; on those the ball is shrunk to the exact nearest point (Dinkelbach's
 * method on r = |p − q|²/(2 n·(p − q)), which falls to the minimum superlinearly). A contact that may lie just
 * outside a face's border counts for the lower end of the interval only.
 */
export class BallGauge {
  readonly #body: Body;
  readonly #bvh: Bvh;
  readonly #exact: boolean;
  /** Largest distance of any facet from its surface, mm. */
  readonly deviationMm: number;
  readonly sizeMm: number;
  /** No larger ball is looked for, mm. */
  readonly #mostMm: number;
  readonly border: FaceBorder;
  readonly #edges: { inside: number[]; outside: number[] }[];
  /** Edges that a ball within the material can touch. */
  readonly #hollow: readonly number[];
  readonly #edgeBoxes: Float64Array;
  readonly #ownHidden: boolean[];
  readonly #near: BallCandidates;
  readonly #trim: FaceTrim;

  constructor(body: Body, bvh: Bvh, exact: boolean) {
    this.#body = body;
    this.#bvh = bvh;
    this.#exact = exact;
    this.deviationMm = worstDeviationMm(body.facets);
    const [low, high] = body.mass.boxMm;
    this.sizeMm = norm(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
    this.#mostMm = LARGEST * this.sizeMm;
    this.#ownHidden = body.faces.map((face) => exact && hasClosedForm(face.surface));
    this.#edges = body.faces.map((face) => ({
      inside: face.edges.filter((e) => body.edges[e].convexity !== "convex" && body.edges[e].convexity !== "seam"),
      outside: face.edges.filter((e) => body.edges[e].convexity !== "concave" && body.edges[e].convexity !== "seam"),
    }));
    this.#hollow = [...new Set(this.#edges.flatMap(({ inside }) => inside))];
    this.#edgeBoxes = edgeBoxes(body, this.deviationMm);
    this.#near = new BallCandidates(body);
    this.border = new FaceBorder(body, this.#edgeBoxes);
    this.#trim = new FaceTrim(body, this.border, ROUNDING * this.sizeMm);
  }

  /**
   * Balls inside the part, or outside it (the steel). `floorsMm`, `[n]`: balls no larger than this are of no interest; of such a
   * one no more is told than a radius that is not, which it does not exceed.
   */
  measure(samples: Samples, side: Side = "inside", floorsMm?: Float64Array): ExactBalls {
    const n = samples.count;
    if (!this.#exact) return this.measureOnFacets(samples, side);
    const out = emptyBalls(samples);
    for (let from = 0; from < n; from += CHUNK) this.#chunk(samples, from, Math.min(CHUNK, n - from), side, floorsMm, out);
    return out;
  }

  #chunk(samples: Samples, from: number, count: number, side: Side, floorsMm: Float64Array | undefined, out: ExactBalls): void {
    const points = samples.points.subarray(from * 3, (from + count) * 3), normals = samples.normals.subarray(from * 3, (from + count) * 3);
    const focal = side === "inside" ? samples.focalInsideMm : samples.focalOutsideMm;
    const starts = new Float64Array(count), hidden = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const face = samples.faces[from + i];
      starts[i] = Math.min(focal[from + i], this.#mostMm);
      hidden[i] = this.#ownHidden[face] ? face : -1;
    }
    const slack = 2 * this.deviationMm;
    const balls = this.#bvh.balls(points, normals, { startRadiiMm: starts, epsilonMm: slack, excludeFaces: hidden, side });
    const centres = new Float64Array(count * 3), radii = new Float64Array(count), margin = this.deviationMm + 2 * this.#bvh.errorMm;
    const sign = side === "inside" ? -1 : 1;
    for (let i = 0; i < count; i++) {
      const r = this.#startOf(balls.upperMm[i], starts[i]);
      radii[i] = r > floorOf(floorsMm, from + i) ? r + margin : 0;
      for (let k = 0; k < 3; k++) centres[i * 3 + k] = points[i * 3 + k] + sign * r * normals[i * 3 + k];
    }
    const near = this.#bvh.within(centres, radii, hidden);
    for (let i = 0; i < count; i++) {
      const start = this.#startOf(balls.upperMm[i], starts[i]), floorMm = floorOf(floorsMm, from + i);
      if (start <= floorMm) { out.radiusMm[from + i] = start; continue; }
      this.#near.collect(near.triangles, i ? near.ends[i - 1] : 0, near.ends[i], centres, i * 3);
      this.#shrink(samples, from + i, side, start, focal[from + i], floorMm, out);
    }
  }

  /**
   * Balls among the facets alone: fast, and good to about the facets' distance from the surface. Walls thinner than
   * twice that distance are not seen; {@link closeAcross} finds those.
   */
  measureOnFacets(samples: Samples, side: Side = "inside"): ExactBalls {
    const n = samples.count, out = emptyBalls(samples), focal = side === "inside" ? samples.focalInsideMm : samples.focalOutsideMm;
    const starts = new Float64Array(n), hidden = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      starts[i] = Math.min(this.#exact ? focal[i] : Infinity, this.#mostMm);
      hidden[i] = this.#ownHidden[samples.faces[i]] ? samples.faces[i] : -1;
    }
    const balls = this.#bvh.balls(samples.points, samples.normals, { startRadiiMm: starts, epsilonMm: 2 * this.deviationMm, excludeFaces: hidden, side });
    this.#fromFacets(balls, 0, n, samples.points, samples.normals, starts, side, out);
    for (let i = 0; i < n; i++) if (this.#exact && balls.triangles[i] < 0 && starts[i] === focal[i]) out.contacts[i] = CONTACT.focal;
    return out;
  }

  /** `[n]` 1 where another face lies so close below a sample, or from outside above it, that balls among the facets may not see it. */
  closeAcross(samples: Samples, side: Side = "inside"): Uint8Array {
    const reach = 9 * this.deviationMm + 20 * this.#bvh.errorMm;
    return this.#bvh.anyHit(samples.points, side === "inside" ? samples.normals.map((x) => -x) : samples.normals, { minDistancesMm: 4 * this.#bvh.errorMm, maxDistancesMm: reach, excludeFaces: samples.faces });
  }

  /** Distance of a point from the exact surface where that is less than `reachMm`, ∞ elsewhere. */
  distance(point: Float64Array, reachMm: number): number {
    this.#gather(point, reachMm);
    let least = Infinity;
    for (let g = 0; g < this.#near.count; g++) least = Math.min(least, this.#toGroup(g, point, Math.min(reachMm, least), true));
    return least;
  }

  /** Distance of a point from one face and its edges that are not convex where that is less than `reachMm`, ∞ elsewhere; `out` is the nearest point there. */
  nearestOn(face: number, point: Float64Array, reachMm: number, out: Float64Array): number {
    this.#gather(point, reachMm);
    let least = Infinity;
    const keep = (d: number): void => { if (d < least && d < reachMm) { least = d; out.set(nearest); } };
    for (let g = 0; g < this.#near.count; g++) if (this.#near.groups[g].face === face) keep(this.#toGroup(g, point, reachMm, false));
    for (const e of this.#edges[face].inside) if (boxDistance(this.#edgeBoxes, e * 6, point) < reachMm) keep(closestOnEdge(this.#body.edges[e], point, nearest));
    return least;
  }

  /** Whether nothing that surely belongs to the part's surface comes nearer to a point in the material than `radiusMm`. */
  fits(point: Float64Array, radiusMm: number): boolean {
    this.#gather(point, radiusMm);
    for (let g = 0; g < this.#near.count; g++) if (this.#toGroup(g, point, radiusMm, false) < radiusMm) return false;
    return !this.#hollow.some((e) => boxDistance(this.#edgeBoxes, e * 6, point) < radiusMm && closestOnEdge(this.#body.edges[e], point, nearest) < radiusMm);
  }

  #gather(point: Float64Array, reachMm: number): void {
    const { triangles, ends } = this.#bvh.within(point, reachMm + this.deviationMm + 2 * this.#bvh.errorMm);
    this.#near.collect(triangles, 0, ends[0], point, 0);
  }

  /** Distance from one of the faces gathered where that is less than `reachMm`, ∞ elsewhere; the nearest point is left in `nearest`. */
  #toGroup(g: number, point: Float64Array, reachMm: number, doubtful: boolean): number {
    const group = this.#near.groups[g], face = this.#body.faces[group.face], { positions, uvs, indices } = this.#body.facets;
    let least = Infinity;
    if (face.surface.kind === "other") {
      for (const t of group.triangles) least = Math.min(least, nearestOnTriangle(positions, uvs, indices, t, point, 0) + 2 * this.deviationMm);
      return least < reachMm ? least : Infinity;
    }
    for (let s = 0; s < (group.closed ? 1 : group.count); s++) {
      if (!closestOnSurface(face, point, group.starts.subarray(s * 3, s * 3 + 3), group.startUvs.subarray(s * 2, s * 2 + 2), candidate)) continue;
      const d = norm(candidate[0] - point[0], candidate[1] - point[1], candidate[2] - point[2]);
      if (d >= least || d >= reachMm) continue;
      const where = this.#trim.place(group.face, group.triangles, candidate, point);
      if (where === "on" || (doubtful && where === "doubtful")) { least = d; nearest.set(candidate); }
    }
    return least;
  }

  /** A little above the facets' bound, so that the exact contact is found inside the ball and not on its rim. */
  #startOf(upperMm: number, capMm: number): number {
    return Math.min(capMm, upperMm * (1 + 1e-6) + 2 * this.#bvh.errorMm);
  }

  /** The ball among the facets, give or take their distance from the surface. */
  #fromFacets(balls: ReturnType<Bvh["balls"]>, from: number, count: number, points: Float64Array, normals: Float64Array, starts: Float64Array, side: Side, out: ExactBalls): void {
    for (let i = 0; i < count; i++) {
      const at = from + i, triangle = balls.triangles[i];
      const through = Math.min(balls.radiiMm[i], balls.upperMm[i]);
      out.radiusMm[at] = through;
      out.highMm[at] = Math.max(through, Math.min(balls.upperMm[i], starts[i])) + this.deviationMm;
      out.lowMm[at] = Math.max(0, Math.min(through, balls.clearMm[i]) - this.deviationMm);
      if (triangle < 0) continue;
      out.contacts[at] = CONTACT.facet;
      out.partnerFaces[at] = this.#body.facets.faceOf[triangle];
      for (let k = 0; k < 3; k++) out.partners[at * 3 + k] = balls.contacts[i * 3 + k];
      out.turnDeg[at] = turnAt(points, normals, i * 3, balls.contacts, i * 3, side === "inside" ? balls.radiiMm[i] : -balls.radiiMm[i]);
    }
  }

  #shrink(samples: Samples, at: number, side: Side, startMm: number, focalMm: number, floorMm: number, out: ExactBalls): void {
    const sure = this.#dinkelbach(samples, at, side, startMm, focalMm, floorMm, true);
    if (sure.radius <= floorMm) { out.radiusMm[at] = sure.radius; return; }
    const pad = ROUNDING * this.sizeMm * 4 + (sure.contact === CONTACT.focal ? CURVATURE_ROUNDING * sure.radius : 0);
    out.radiusMm[at] = sure.radius;
    out.highMm[at] = sure.radius + pad;
    out.lowMm[at] = Math.max(0, sure.radius - pad - (sure.freeform ? FREEFORM_SLACK * this.deviationMm : 0) - sure.loose);
    if (sure.loose > 0) out.highMm[at] += sure.loose;
    // The facets stopped the ball but no exact contact was found: only the ball among the facets is known to fit.
    if (sure.contact === CONTACT.facet && sure.face < 0) out.lowMm[at] = Math.max(0, sure.radius - 3 * this.deviationMm - 4 * this.#bvh.errorMm);
    out.contacts[at] = sure.contact;
    out.partnerFaces[at] = sure.face;
    if (sure.face >= 0) {
      out.partners.set(partner, at * 3);
      out.turnDeg[at] = turnAt(samples.points, samples.normals, at * 3, partner, 0, side === "inside" ? sure.radius : -sure.radius);
    }
    this.#centre(samples.points.subarray(at * 3, at * 3 + 3), samples.normals.subarray(at * 3, at * 3 + 3), side === "inside" ? sure.radius : -sure.radius);
    if (sure.contact === CONTACT.face && this.#fromBehind(sure.face, side, centre)) { out.contacts[at] = CONTACT.behind; out.lowMm[at] = 0; }
    if (!sure.doubtful) return;
    const all = this.#dinkelbach(samples, at, side, sure.radius, focalMm, -Infinity, false);
    out.lowMm[at] = Math.max(0, Math.min(out.lowMm[at], all.radius - pad));
  }

  /** Shrinks from `radius` past every candidate, or to `floorMm` at least; with `sureOnly` a contact that may be outside its face is noted but not obeyed. */
  #dinkelbach(samples: Samples, at: number, side: Side, radius: number, focalMm: number, floorMm: number, sureOnly: boolean) {
    const p = samples.points.subarray(at * 3, at * 3 + 3), n = samples.normals.subarray(at * 3, at * 3 + 3);
    const sign = side === "inside" ? 1 : -1, own = samples.faces[at];
    const result = { radius, contact: CONTACT.none as number, face: -1, freeform: false, loose: 0, doubtful: false };
    if (radius >= focalMm) result.contact = CONTACT.focal;
    else if (radius < this.#mostMm) result.contact = CONTACT.facet;
    const tiny = ROUNDING * this.sizeMm;
    /** Obeys one boundary point; true when the ball became smaller. */
    const obey = (q: Float64Array, face: number, contact: number, freeform: boolean, loose: number): boolean => {
      const x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
      const depth = sign * (n[0] * x + n[1] * y + n[2] * z), length2 = x * x + y * y + z * z;
      if (!(depth > 0) || length2 < tiny * tiny) return false;
      const r = length2 / (2 * depth);
      if (!(r < result.radius * (1 - 1e-13))) return false;
      result.radius = r; result.contact = contact; result.face = face; result.freeform = freeform; result.loose = loose;
      partner[0] = q[0]; partner[1] = q[1]; partner[2] = q[2];
      return true;
    };
    for (let step = 0; step < MAX_SHRINKS; step++) {
      let smaller = false;
      for (let g = 0; g < this.#near.count; g++) {
        const group = this.#near.groups[g], face = this.#body.faces[group.face];
        this.#centre(p, n, sign * result.radius);
        if (face.surface.kind === "other") {
          for (const t of group.triangles) {
            nearestOnTriangle(this.#body.facets.positions, this.#body.facets.uvs, this.#body.facets.indices, t, centre, 0);
            if (this.#inside(result.radius, found)) smaller = obey(found, group.face, CONTACT.facet, false, 2 * this.deviationMm) || smaller;
          }
          continue;
        }
        const tries = group.closed ? 1 : group.count;
        for (let s = 0; s < tries; s++) {
          if (group.distances[s] === Infinity) continue;
          if (!closestOnSurface(face, centre, group.starts.subarray(s * 3, s * 3 + 3), group.startUvs.subarray(s * 2, s * 2 + 2), candidate)) continue;
          // The balls are nested: what this one does not reach no smaller one does.
          if (!this.#inside(result.radius, candidate)) { group.distances[s] = Infinity; continue; }
          if (group.face === own && near(candidate, p, 1e-3 * result.radius)) continue;
          const where = this.#trim.place(group.face, group.triangles, candidate, centre);
          if (where === "off") continue;
          if (where === "doubtful") { result.doubtful = true; if (sureOnly) continue; }
          if (!obey(candidate, group.face, CONTACT.face, !group.closed, 0)) continue;
          if (result.radius <= floorMm) return result;
          partnerUv.set(group.startUvs.subarray(s * 2, s * 2 + 2));
          smaller = true;
        }
      }
      smaller = this.#shrinkPastEdges(own, side, () => this.#centre(p, n, sign * result.radius), result, obey) || smaller;
      if (!smaller || result.radius <= floorMm) break;
    }
    return result;
  }

  #shrinkPastEdges(own: number, side: Side, move: () => void, result: { radius: number }, obey: (q: Float64Array, face: number, contact: number, freeform: boolean, loose: number) => boolean): boolean {
    let smaller = false;
    for (let g = -1; g < this.#near.count; g++) {
      const face = g < 0 ? own : this.#near.groups[g].face;
      if (g >= 0 && face === own) continue;
      for (const e of this.#edges[face][side]) {
        move();
        if (boxDistance(this.#edgeBoxes, e * 6, centre) >= result.radius) continue;
        const edge = this.#body.edges[e];
        const d = closestOnEdge(edge, centre, candidate);
        if (d < result.radius * (1 - 1e-13)) smaller = obey(candidate, edge.faces[0] === own ? edge.faces[1] : edge.faces[0], CONTACT.edge, edge.curve.kind === "nurbs", edge.curve.kind === "other" ? this.deviationMm : 0) || smaller;
      }
    }
    return smaller;
  }

  #centre(p: Float64Array, n: Float64Array, r: number): void {
    for (let k = 0; k < 3; k++) centre[k] = p[k] - r * n[k];
  }

  #inside(r: number, q: Float64Array): boolean {
    return norm(q[0] - centre[0], q[1] - centre[1], q[2] - centre[2]) < r * (1 - 1e-13);
  }

  /**
   * Whether the partner just set is touched from the wrong side of its face. A ball within the material touches its
   * faces from within; where it does not, the sample itself lies beyond a border: on facets that overshoot a curved
   * edge, or where two faces overlap within the tolerance of their edge.
   */
  #fromBehind(faceIndex: number, side: Side, at: Float64Array): boolean {
    const face = this.#body.faces[faceIndex], n = outwardNormal(face, [partner[0], partner[1], partner[2]], partnerUv);
    if (!n) return false;
    let out = 0, length = 0;
    for (let k = 0; k < 3; k++) { const w = partner[k] - at[k]; out += n[k] * w; length += w * w; }
    return (side === "inside" ? out : -out) < TOUCHING * Math.sqrt(length);
  }
}

const floorOf = (floorsMm: Float64Array | undefined, i: number): number => (floorsMm ? floorsMm[i] : -Infinity);

/** Room for the balls of samples, each without a partner. */
export const emptyBalls = ({ count: n, points }: Samples): ExactBalls => ({
  radiusMm: new Float64Array(n), lowMm: new Float64Array(n), highMm: new Float64Array(n), partners: points.slice(0, n * 3),
  partnerFaces: new Int32Array(n).fill(-1), contacts: new Uint8Array(n), turnDeg: new Float64Array(n),
});

const centre = new Float64Array(3), candidate = new Float64Array(3), nearest = new Float64Array(3);
/** Last point obeyed and its parameters, these on freeform faces only. */
const partner = new Float64Array(3), partnerUv = new Float64Array(2);

const near = (a: Float64Array, b: Float64Array, distance: number): boolean => norm(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < distance;

/** Angle in degrees between the outward normal at p and the one at the touched point q of a ball of radius r (negative: outside). */
function turnAt(points: Float64Array, normals: Float64Array, at: number, q: Float64Array, qAt: number, r: number): number {
  let x = 0, length = 0;
  for (let k = 0; k < 3; k++) {
    const w = q[qAt + k] - (points[at + k] - r * normals[at + k]);
    x += w * normals[at + k];
    length += w * w;
  }
  const c = (r < 0 ? -1 : 1) * x / Math.sqrt(length || 1);
  return (Math.acos(Math.max(-1, Math.min(1, c))) * 180) / Math.PI;
}
