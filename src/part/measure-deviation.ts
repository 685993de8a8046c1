import { distanceToSurface, signedByFormula } from "./distance-to-surface.ts";
import { SURFACE_POINT, evaluateTangents } from "./evaluate-surface.ts";
import type { Face, Facets } from "./part.ts";
import { norm } from "../geometry.ts";

const point = new Float64Array(SURFACE_POINT);
/** A bound is close enough when it is within this of a distance that was found. */
const CLOSE = 1.1;
/** Less than this is rounding, mm. */
const ROUNDING_MM = 1e-8;
/** Triangles looked at on one face beyond its own, at most. */
const MOST_CELLS = 4096;
/** Nearer to the end of a surface's range than this share of it may be beyond it; and how much more than at the places looked at that may be. */
const NEAR_END = 0.02;
const ENDS = 1.1;
/** The fit through six places is taken to be off by this many times what it is off in the middle. */
const RESIDUALS = 4;
/** What the residual in the middle does not show of the sides. */
const SIDES = 1.02;

/**
 * Bound of the distance between each face's triangles and its exact surface, mm. How far the surface lies off a triangle is
 * taken at its corners, at the middles of its sides and at its own, by formula or across the triangle's plane at the parameters there;
 * the quadratic through the six and the residual in the middle bound it between them. Triangles are quartered where that is more than a
 * tenth above what was found.
 * @returns `[faces]`; NaN-free, a face without a formula keeps the deflection it was meshed with (`fallbackMm`)
 */
export function measureDeviation(faces: readonly Pick<Face, "surface" | "facets">[], facets: Facets, fallbackMm = 0): Float64Array {
  const corners = new Float64Array(facets.positions.length / 3).fill(NaN);
  return Float64Array.from(faces, (face) => (face.surface.kind === "other" ? fallbackMm : withoutRounding(faceDeviation(face, facets, corners))));
}

/** Planes deviate only where edges with a tolerance keep corners off them. */
const withoutRounding = (mm: number): number => (mm < ROUNDING_MM ? 0 : mm);

/** A triangle or a piece of one, by the barycentric places of its corners. */
interface Cell { readonly facet: number; readonly w: readonly number[]; readonly boundMm: number }

const WHOLE = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function faceDeviation(face: Pick<Face, "surface" | "facets">, facets: Facets, corners: Float64Array): number {
  const gauge = new Gauge(face, facets, corners);
  if (face.surface.kind === "plane") return gauge.worstCorner(face.facets);
  let bound = 0, left = MOST_CELLS;
  let open = Array.from({ length: face.facets.count }, (_, i) => gauge.bound(face.facets.start + i, WHOLE));
  for (;;) {
    const split: Cell[] = [];
    for (const cell of open) if (cell.boundMm > CLOSE * gauge.mostMm) split.push(cell); else bound = Math.max(bound, cell.boundMm);
    if ((left -= split.length * 4) < 0) return split.reduce((most, { boundMm }) => Math.max(most, boundMm), bound);
    if (split.length === 0) return Math.max(bound, gauge.mostMm);
    open = split.flatMap((cell) => quarters(cell.w).map((w) => { const own = gauge.bound(cell.facet, w); return own.boundMm < cell.boundMm ? own : { ...own, boundMm: cell.boundMm }; }));
  }
}

function quarters(w: readonly number[]): number[][] {
  const corner = (k: number): number[] => [w[k * 3], w[k * 3 + 1], w[k * 3 + 2]], middle = (j: number, k: number): number[] => [0, 1, 2].map((i) => (w[j * 3 + i] + w[k * 3 + i]) / 2);
  const [a, b, c, ab, bc, ca] = [corner(0), corner(1), corner(2), middle(0, 1), middle(1, 2), middle(2, 0)];
  return [[...a, ...ab, ...ca], [...ab, ...b, ...bc], [...ca, ...bc, ...c], [...ab, ...bc, ...ca]];
}

/** Distances of one face's triangles from its surface. */
class Gauge {
  /** Greatest distance found so far, mm. */
  mostMm = 0;
  readonly #surface: Face["surface"];
  readonly #facets: Facets;
  readonly #corners: Float64Array;
  /** Corners of the triangle last taken, and its unit normal; 0 without area. */
  #facet = -1;
  #a = 0; #b = 0; #c = 0;
  #nx = 0; #ny = 0; #nz = 0;

  /** @param corners `[v]` distances of corners once they are known, NaN before */
  constructor({ surface }: Pick<Face, "surface">, facets: Facets, corners: Float64Array) { this.#surface = surface; this.#facets = facets; this.#corners = corners; }

  /** Distance of the triangles' farthest corner. */
  worstCorner({ start, count }: Face["facets"]): number {
    let worst = 0;
    for (let t = start; t < start + count; t++) { this.#facet = t; for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(this.#corner(k))); }
    return worst;
  }

  bound(facet: number, w: readonly number[]): Cell {
    this.#take(facet);
    const at = (j: number, k: number): number => this.#off((w[j * 3] + w[k * 3]) / 2, (w[j * 3 + 1] + w[k * 3 + 1]) / 2, (w[j * 3 + 2] + w[k * 3 + 2]) / 2);
    const corner = (k: number): number => (w === WHOLE ? this.#corner(k) : at(k, k)), a = corner(0), b = corner(1), c = corner(2), ab = at(0, 1), bc = at(1, 2), ca = at(2, 0);
    const m = this.#off((w[0] + w[3] + w[6]) / 3, (w[1] + w[4] + w[7]) / 3, (w[2] + w[5] + w[8]) / 3);
    const found = Math.max(Math.abs(a), Math.abs(b), Math.abs(c), Math.abs(ab), Math.abs(bc), Math.abs(ca), Math.abs(m));
    if (found > this.mostMm) this.mostMm = found;
    const residual = Math.abs((4 * (ab + bc + ca) - (a + b + c)) / 9 - m);
    return { facet, w, boundMm: SIDES * Math.max(found, quadraticMost(a, b, c, ab, bc, ca) + RESIDUALS * residual) };
  }

  /** Distance of a corner of the triangle, which edges with a tolerance keep off the surface. */
  #corner(k: number): number {
    const v = this.#facets.indices[this.#facet * 3 + k], { positions: p, uvs } = this.#facets, known = this.#corners[v];
    if (!Number.isNaN(known)) return known;
    const off = signedByFormula(this.#surface, p[v * 3], p[v * 3 + 1], p[v * 3 + 2]);
    if (!Number.isNaN(off)) return (this.#corners[v] = off);
    evaluateTangents(this.#surface, uvs[v * 2], uvs[v * 2 + 1], point);
    return (this.#corners[v] = norm(point[0] - p[v * 3], point[1] - p[v * 3 + 1], point[2] - p[v * 3 + 2]));
  }

  #take(facet: number): void {
    if (facet === this.#facet) return;
    const { positions: p, indices } = this.#facets, a = indices[facet * 3], b = indices[facet * 3 + 1], c = indices[facet * 3 + 2];
    this.#facet = facet; this.#a = a; this.#b = b; this.#c = c;
    const ux = p[b * 3] - p[a * 3], uy = p[b * 3 + 1] - p[a * 3 + 1], uz = p[b * 3 + 2] - p[a * 3 + 2], vx = p[c * 3] - p[a * 3], vy = p[c * 3 + 1] - p[a * 3 + 1], vz = p[c * 3 + 2] - p[a * 3 + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx, length = norm(nx, ny, nz) || 1;
    this.#nx = nx / length; this.#ny = ny / length; this.#nz = nz / length;
  }

  /** Signed distance of a place of the triangle from the surface; where there is no formula, of the surface at the parameters there from the triangle's plane. */
  #off(wa: number, wb: number, wc: number): number {
    const { positions: p, uvs } = this.#facets, a = this.#a, b = this.#b, c = this.#c;
    const x = wa * p[a * 3] + wb * p[b * 3] + wc * p[c * 3], y = wa * p[a * 3 + 1] + wb * p[b * 3 + 1] + wc * p[c * 3 + 1], z = wa * p[a * 3 + 2] + wb * p[b * 3 + 2] + wc * p[c * 3 + 2];
    const known = signedByFormula(this.#surface, x, y, z);
    if (!Number.isNaN(known)) return known;
    const u = wa * uvs[a * 2] + wb * uvs[b * 2] + wc * uvs[c * 2], v = wa * uvs[a * 2 + 1] + wb * uvs[b * 2 + 1] + wc * uvs[c * 2 + 1];
    evaluateTangents(this.#surface, u, v, point);
    const dx = point[0] - x, dy = point[1] - y, dz = point[2] - z;
    if (this.#nx === 0 && this.#ny === 0 && this.#nz === 0) return norm(dx, dy, dz);
    // Near the end of the surface what lies across may be beyond it.
    if (this.#inside(u, v) < NEAR_END && norm(dx, dy, dz) > this.mostMm) this.mostMm = Math.max(this.mostMm, ENDS * distanceToSurface(this.#surface, x, y, z, u, v));
    return dx * this.#nx + dy * this.#ny + dz * this.#nz;
  }

  /** How far inside the surface's own range parameters lie, as a share of it; negative beyond its end. */
  #inside(u: number, v: number): number {
    const s = this.#surface, share = (t: number, low: number, high: number): number => Math.min(t - low, high - t) / (high - low);
    if (s.kind === "nurbs") return Math.min(s.periodU > 0 ? 1 : share(u, s.knotsU[s.degreeU], s.knotsU[s.countU]), s.periodV > 0 ? 1 : share(v, s.knotsV[s.degreeV], s.knotsV[s.countV]));
    return s.kind === "revolution" ? share(v, ...s.curve.range) : s.kind === "extrusion" ? share(u, ...s.curve.range) : 1;
  }
}

/** Greatest |q| over a triangle of the quadratic with these values at the corners and at the middles of the sides. */
function quadraticMost(a: number, b: number, c: number, ab: number, bc: number, ca: number): number {
  // q = a + d x + e y + f x² + g x y + h y², with x and y the weights of the second and third corner.
  const d = 4 * ab - 3 * a - b, e = 4 * ca - 3 * a - c, f = 2 * (a + b) - 4 * ab, h = 2 * (a + c) - 4 * ca, g = 4 * (bc - a) - 2 * (d + e) - f - h;
  let most = Math.max(sideMost(a, ab, b), sideMost(b, bc, c), sideMost(c, ca, a));
  const det = 4 * f * h - g * g;
  if (det !== 0) {
    const x = (g * e - 2 * h * d) / det, y = (g * d - 2 * f * e) / det;
    if (x > 0 && y > 0 && x + y < 1) most = Math.max(most, Math.abs(a + (d * x + e * y) / 2));
  }
  return most;
}

/** Along one side. */
function sideMost(a: number, m: number, b: number): number {
  const f = 2 * (a + b) - 4 * m, d = 4 * m - 3 * a - b, t = f !== 0 ? -d / (2 * f) : -1, ends = Math.max(Math.abs(a), Math.abs(b));
  return t > 0 && t < 1 ? Math.max(ends, Math.abs(a + (d * t) / 2)) : ends;
}
