import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { closestOnSurface, hasClosedForm } from "./closest-on-surface.ts";

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

/** What stopped a ball. */
export const CONTACT = { none: 0, focal: 1, face: 2, edge: 3, facet: 4 } as const;

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
const CHUNK = 4096;
const MAX_SHRINKS = 60;
const STARTS = 3;

/** Candidates of one face near one ball. */
interface Group {
  face: number;
  closed: boolean;
  /** Nearest triangles, as starts of the search. */
  triangles: number[];
  starts: Float64Array;
  startUvs: Float64Array;
  distances: Float64Array;
  count: number;
}

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
  readonly #edges: { inside: number[]; outside: number[] }[];
  readonly #edgeBoxes: Float64Array;
  readonly #ownHidden: boolean[];
  /** `[faces]` how far the border of a face may run beside its triangles, mm. */
  readonly #sag: Float64Array;
  readonly #groups: Group[] = [];
  readonly #slot: Int32Array;
  readonly #stamp: Int32Array;
  #tick = 0;
  #groupCount = 0;

  constructor(body: Body, bvh: Bvh, exact: boolean) {
    this.#body = body;
    this.#bvh = bvh;
    this.#exact = exact;
    this.deviationMm = body.facets.deviationMm.reduce((a, b) => Math.max(a, b), 0);
    const [low, high] = body.mass.boxMm;
    this.sizeMm = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
    this.#slot = new Int32Array(body.faces.length);
    this.#stamp = new Int32Array(body.faces.length);
    this.#ownHidden = body.faces.map((face) => exact && hasClosedForm(face.surface));
    this.#edges = body.faces.map((face) => ({
      inside: face.edges.filter((e) => body.edges[e].convexity !== "convex" && body.edges[e].convexity !== "seam"),
      outside: face.edges.filter((e) => body.edges[e].convexity !== "concave" && body.edges[e].convexity !== "seam"),
    }));
    this.#edgeBoxes = edgeBoxes(body, this.deviationMm);
    this.#sag = Float64Array.from(body.faces, (face) => 1.5 * Math.max(0, ...face.edges.flatMap((e) => body.edges[e].faces.map((f) => body.facets.deviationMm[f]))));
  }

  /** Balls inside the part, or outside it (the steel). `capMm`: no larger ball is of interest. */
  measure(samples: Samples, side: "inside" | "outside" = "inside", capMm = Infinity): ExactBalls {
    const n = samples.count;
    if (!this.#exact) return this.measureOnFacets(samples, side, capMm);
    const out = emptyBalls(samples);
    for (let from = 0; from < n; from += CHUNK) this.#chunk(samples, from, Math.min(CHUNK, n - from), side, capMm, out);
    return out;
  }

  #chunk(samples: Samples, from: number, count: number, side: "inside" | "outside", capMm: number, out: ExactBalls): void {
    const points = samples.points.subarray(from * 3, (from + count) * 3), normals = samples.normals.subarray(from * 3, (from + count) * 3);
    const focal = side === "inside" ? samples.focalInsideMm : samples.focalOutsideMm;
    const starts = new Float64Array(count), hidden = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const face = samples.faces[from + i];
      starts[i] = Math.min(focal[from + i], capMm, this.sizeMm);
      hidden[i] = this.#ownHidden[face] ? face : -1;
    }
    const slack = 2 * this.deviationMm;
    const balls = this.#bvh.balls(points, normals, { startRadiiMm: starts, epsilonMm: slack, excludeFaces: hidden, side });
    const centres = new Float64Array(count * 3), radii = new Float64Array(count), margin = this.deviationMm + 2 * this.#bvh.errorMm;
    const sign = side === "inside" ? -1 : 1;
    for (let i = 0; i < count; i++) {
      const r = this.#startOf(balls.upperMm[i], starts[i]);
      radii[i] = r + margin;
      for (let k = 0; k < 3; k++) centres[i * 3 + k] = points[i * 3 + k] + sign * r * normals[i * 3 + k];
    }
    const near = this.#bvh.within(centres, radii, hidden);
    for (let i = 0; i < count; i++) {
      this.#collect(near.triangles, i ? near.ends[i - 1] : 0, near.ends[i], centres, i * 3);
      this.#shrink(samples, from + i, side, this.#startOf(balls.upperMm[i], starts[i]), focal[from + i], capMm, out);
    }
  }

  /**
   * Balls among the facets alone: fast, and good to about the facets' distance from the surface. Walls thinner than
   * twice that distance are not seen; {@link closeAcross} finds those.
   */
  measureOnFacets(samples: Samples, side: "inside" | "outside" = "inside", capMm = Infinity): ExactBalls {
    const n = samples.count, out = emptyBalls(samples), focal = side === "inside" ? samples.focalInsideMm : samples.focalOutsideMm;
    const starts = new Float64Array(n), hidden = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      starts[i] = Math.min(this.#exact ? focal[i] : Infinity, capMm, this.sizeMm);
      hidden[i] = this.#ownHidden[samples.faces[i]] ? samples.faces[i] : -1;
    }
    const balls = this.#bvh.balls(samples.points, samples.normals, { startRadiiMm: starts, epsilonMm: 2 * this.deviationMm, excludeFaces: hidden, side });
    this.#fromFacets(balls, 0, n, samples.points, samples.normals, starts, side, out);
    for (let i = 0; i < n; i++) if (this.#exact && balls.triangles[i] < 0 && starts[i] === focal[i]) out.contacts[i] = CONTACT.focal;
    return out;
  }

  /** `[n]` 1 where another face lies so close below a sample that balls among the facets may not see it. */
  closeAcross(samples: Samples): Uint8Array {
    const reach = 9 * this.deviationMm + 20 * this.#bvh.errorMm;
    return this.#bvh.anyHit(samples.points, samples.normals.map((x) => -x), { minDistancesMm: 4 * this.#bvh.errorMm, maxDistancesMm: reach, excludeFaces: samples.faces });
  }

  /** A little above the facets' bound, so that the exact contact is found inside the ball and not on its rim. */
  #startOf(upperMm: number, capMm: number): number {
    return Math.min(capMm, upperMm * (1 + 1e-6) + 2 * this.#bvh.errorMm);
  }

  /** The ball among the facets, give or take their distance from the surface. */
  #fromFacets(balls: ReturnType<Bvh["balls"]>, from: number, count: number, points: Float64Array, normals: Float64Array, starts: Float64Array, side: "inside" | "outside", out: ExactBalls): void {
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

  /** Sorts the near triangles by face, keeping the nearest of each as starts. */
  #collect(triangles: Int32Array, first: number, end: number, centre: Float64Array, at: number): void {
    const { faceOf, positions, indices, uvs } = this.#body.facets;
    this.#tick++;
    this.#groupCount = 0;
    for (let i = first; i < end; i++) {
      const t = triangles[i], face = faceOf[t];
      if (this.#stamp[face] !== this.#tick) {
        this.#stamp[face] = this.#tick;
        this.#slot[face] = this.#groupCount;
        this.#newGroup(face);
      }
      const group = this.#groups[this.#slot[face]];
      group.triangles.push(t);
      if (this.#body.faces[face].surface.kind === "plane" || (group.closed && group.count > 0)) continue;
      const d = nearestOnTriangle(positions, uvs, indices, t, centre, at);
      keepStart(group, d);
    }
  }

  #newGroup(face: number): void {
    let group = this.#groups[this.#groupCount];
    if (!group) this.#groups.push((group = { face, closed: false, triangles: [], starts: new Float64Array(STARTS * 3), startUvs: new Float64Array(STARTS * 2), distances: new Float64Array(STARTS), count: 0 }));
    group.face = face;
    group.closed = hasClosedForm(this.#body.faces[face].surface);
    group.triangles.length = 0;
    group.count = 0;
    group.distances.fill(0);
    this.#groupCount++;
  }

  #shrink(samples: Samples, at: number, side: "inside" | "outside", startMm: number, focalMm: number, capMm: number, out: ExactBalls): void {
    const sure = this.#dinkelbach(samples, at, side, startMm, focalMm, capMm, true);
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
    if (!sure.doubtful) return;
    const all = this.#dinkelbach(samples, at, side, sure.radius, focalMm, capMm, false);
    out.lowMm[at] = Math.max(0, Math.min(out.lowMm[at], all.radius - pad));
  }

  /** Shrinks from `radius` past every candidate; with `sureOnly` a contact that may be outside its face is noted but not obeyed. */
  #dinkelbach(samples: Samples, at: number, side: "inside" | "outside", radius: number, focalMm: number, capMm: number, sureOnly: boolean) {
    const p = samples.points.subarray(at * 3, at * 3 + 3), n = samples.normals.subarray(at * 3, at * 3 + 3);
    const sign = side === "inside" ? 1 : -1, own = samples.faces[at];
    const result = { radius, contact: CONTACT.none as number, face: -1, freeform: false, loose: 0, doubtful: false };
    if (radius >= focalMm) result.contact = CONTACT.focal;
    else if (radius < capMm && radius < this.sizeMm) result.contact = CONTACT.facet;
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
      for (let g = 0; g < this.#groupCount; g++) {
        const group = this.#groups[g], face = this.#body.faces[group.face];
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
          const where = this.#onFace(group, candidate);
          if (where === "off") continue;
          if (where === "doubtful") { result.doubtful = true; if (sureOnly) continue; }
          smaller = obey(candidate, group.face, CONTACT.face, !group.closed, 0) || smaller;
        }
      }
      smaller = this.#shrinkPastEdges(own, side, () => this.#centre(p, n, sign * result.radius), result, obey) || smaller;
      if (!smaller) break;
    }
    return result;
  }

  #shrinkPastEdges(own: number, side: "inside" | "outside", move: () => void, result: { radius: number }, obey: (q: Float64Array, face: number, contact: number, freeform: boolean, loose: number) => boolean): boolean {
    let smaller = false;
    for (let g = -1; g < this.#groupCount; g++) {
      const face = g < 0 ? own : this.#groups[g].face;
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
    return Math.hypot(q[0] - centre[0], q[1] - centre[1], q[2] - centre[2]) < r * (1 - 1e-13);
  }

  /** Whether a point of a face's surface lies on the face: along the surface's normal it meets one of its triangles. */
  #onFace(group: Group, q: Float64Array): "on" | "doubtful" | "off" {
    const { positions: p, uvs, indices } = this.#body.facets, h = this.#body.facets.deviationMm[group.face];
    const dx = q[0] - centre[0], dy = q[1] - centre[1], dz = q[2] - centre[2], length = Math.hypot(dx, dy, dz) || 1;
    const reach = 2 * h + 1e-9 * this.sizeMm, band = this.#sag[group.face];
    let least = Infinity;
    for (const t of group.triangles) {
      if (lineMeets(p, indices, t, q, dx / length, dy / length, dz / length, reach)) return "on";
      if (!(band > 0)) continue;
      const d = nearestOnTriangle(p, uvs, indices, t, q, 0);
      if (d < least) { least = d; inner.set(found); }
    }
    return least > band ? "off" : this.#besideBorder(group.face, q, band);
  }

  /**
   * For a point beside the face's triangles, between chord and arc or beyond the arc: on the face when the exact
   * border lies on its far side, seen from the nearest triangle.
   */
  #besideBorder(face: number, q: Float64Array, band: number): "on" | "doubtful" | "off" {
    let least = Infinity;
    for (const e of this.#body.faces[face].edges) {
      if (boxDistance(this.#edgeBoxes, e * 6, q) > Math.min(least, 2 * band)) continue;
      const d = closestOnEdge(this.#body.edges[e], q, borderTry);
      if (d < least) { least = d; border.set(borderTry); }
    }
    if (least === Infinity) return "doubtful";
    let side = 0;
    for (let k = 0; k < 3; k++) side += (border[k] - q[k]) * (inner[k] - q[k]);
    return least < ROUNDING * this.sizeMm || side <= 0 ? "on" : "off";
  }
}

const inner = new Float64Array(3), border = new Float64Array(3), borderTry = new Float64Array(3);
const emptyBalls = ({ count: n, points }: Samples): ExactBalls => ({
  radiusMm: new Float64Array(n), lowMm: new Float64Array(n), highMm: new Float64Array(n), partners: points.slice(0, n * 3),
  partnerFaces: new Int32Array(n).fill(-1), contacts: new Uint8Array(n), turnDeg: new Float64Array(n),
});

const centre = new Float64Array(3), candidate = new Float64Array(3), partner = new Float64Array(3);
/** Nearest point of the last triangle asked and its parameters. */
const found = new Float64Array(3), foundUv = new Float64Array(2);

const near = (a: Float64Array, b: Float64Array, distance: number): boolean => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < distance;

function keepStart(group: Group, distance: number): void {
  let at = group.count;
  while (at > 0 && group.distances[at - 1] > distance) at--;
  if (at >= STARTS) return;
  const last = Math.min(group.count, STARTS - 1);
  for (let i = last; i > at; i--) {
    group.distances[i] = group.distances[i - 1];
    group.starts.copyWithin(i * 3, (i - 1) * 3, i * 3);
    group.startUvs.copyWithin(i * 2, (i - 1) * 2, i * 2);
  }
  group.distances[at] = distance;
  group.starts.set(found, at * 3);
  group.startUvs.set(foundUv, at * 2);
  group.count = Math.min(STARTS, group.count + 1);
}

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

/** Sets `found` and `foundUv` to the point of a triangle nearest to c (Ericson 2005, 5.1.5) and returns its distance. */
function nearestOnTriangle(p: Float64Array, uvs: Float64Array, indices: Uint32Array, t: number, c: ArrayLike<number>, at: number): number {
  const a = indices[t * 3], b = indices[t * 3 + 1], d = indices[t * 3 + 2];
  const ax = p[a * 3], ay = p[a * 3 + 1], az = p[a * 3 + 2];
  const ux = p[b * 3] - ax, uy = p[b * 3 + 1] - ay, uz = p[b * 3 + 2] - az;
  const vx = p[d * 3] - ax, vy = p[d * 3 + 1] - ay, vz = p[d * 3 + 2] - az;
  const qx = c[at] - ax, qy = c[at + 1] - ay, qz = c[at + 2] - az;
  const d1 = ux * qx + uy * qy + uz * qz, d2 = vx * qx + vy * qy + vz * qz;
  const uu = ux * ux + uy * uy + uz * uz, uv = ux * vx + uy * vy + uz * vz, vv = vx * vx + vy * vy + vz * vz;
  const d3 = d1 - uu, d4 = d2 - uv, d5 = d1 - uv, d6 = d2 - vv;
  let s = 0, r = 0;
  if (d1 <= 0 && d2 <= 0) { /* corner a */ }
  else if (d3 >= 0 && d4 <= d3) s = 1;
  else if (d6 >= 0 && d5 <= d6) r = 1;
  else {
    const vc = d1 * d4 - d3 * d2, vb = d5 * d2 - d1 * d6, va = d3 * d6 - d5 * d4;
    if (vc <= 0 && d1 >= 0 && d3 <= 0) s = d1 / (d1 - d3);
    else if (vb <= 0 && d2 >= 0 && d6 <= 0) r = d2 / (d2 - d6);
    else if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) { r = (d4 - d3) / (d4 - d3 + d5 - d6); s = 1 - r; }
    else { const sum = va + vb + vc; if (sum > 0) { s = vb / sum; r = vc / sum; } }
  }
  found[0] = ax + s * ux + r * vx; found[1] = ay + s * uy + r * vy; found[2] = az + s * uz + r * vz;
  if (uvs.length > 0) for (let k = 0; k < 2; k++) foundUv[k] = uvs[a * 2 + k] * (1 - s - r) + uvs[b * 2 + k] * s + uvs[d * 2 + k] * r;
  return Math.hypot(c[at] - found[0], c[at + 1] - found[1], c[at + 2] - found[2]);
}

/** Whether the line through q along d meets a triangle within `reach` of q. */
function lineMeets(p: Float64Array, indices: Uint32Array, t: number, q: Float64Array, dx: number, dy: number, dz: number, reach: number): boolean {
  const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  const hx = dy * vz - dz * vy, hy = dz * vx - dx * vz, hz = dx * vy - dy * vx;
  const det = ux * hx + uy * hy + uz * hz;
  if (Math.abs(det) < 1e-300) return false;
  const sx = q[0] - p[a], sy = q[1] - p[a + 1], sz = q[2] - p[a + 2];
  const s = (sx * hx + sy * hy + sz * hz) / det;
  if (s < -1e-9 || s > 1 + 1e-9) return false;
  const kx = sy * uz - sz * uy, ky = sz * ux - sx * uz, kz = sx * uy - sy * ux;
  const r = (dx * kx + dy * ky + dz * kz) / det;
  if (r < -1e-9 || s + r > 1 + 1e-9) return false;
  return Math.abs((vx * kx + vy * ky + vz * kz) / det) <= reach;
}

/** Boxes of the edges, `[e*6]` min and max, grown by how far an arc may bulge beyond its points. */
function edgeBoxes(body: Body, deviationMm: number): Float64Array {
  const boxes = new Float64Array(body.edges.length * 6);
  body.edges.forEach((edge, e) => {
    for (let k = 0; k < 3; k++) {
      let low = Infinity, high = -Infinity;
      for (let i = k; i < edge.points.length; i += 3) { low = Math.min(low, edge.points[i]); high = Math.max(high, edge.points[i]); }
      const grow = edge.curve.kind === "line" ? 1e-9 : 2 * deviationMm + 1e-3 * (high - low) + 1e-9;
      boxes[e * 6 + k] = low - grow;
      boxes[e * 6 + 3 + k] = high + grow;
    }
  });
  return boxes;
}

function boxDistance(boxes: Float64Array, at: number, c: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    const d = Math.max(boxes[at + k] - c[k], c[k] - boxes[at + 3 + k], 0);
    sum += d * d;
  }
  return Math.sqrt(sum);
}
