import { dot, norm } from "../geometry.ts";
import type { Vec3 } from "../units.ts";
import { bendOf, quarters, type Root, type UnderCell } from "./undersides.ts";
import { along, lengthOf, minus } from "./vec3.ts";

/** The place of an underside farthest from where it is carried, and what bounds its distance, mm. */
export interface Farthest {
  readonly at: Vec3;
  readonly lowMm: number;
  readonly highMm: number;
}

/** Told apart, as a fraction of the distance. */
const WANTED = 4e-3;
const MOST_CELLS = 20_000;
/** An arc that turns by less than a right angle lies within this share of its chord. */
const BULGE = 0.25;
/** Triangles whose corners are looked at first, so that most others can be passed over at once. */
const FIRST_LOOKS = 64;
/** Of a root in its row: both ends across x and y, and how far the true line may be off. */
const ROW = 5;

/** A triangle that may hold a place farther than the farthest known. */
interface Open extends UnderCell {
  /** Middles of its sides, on the exact edge where there is one. */
  readonly middles: readonly Vec3[];
  /** How far the edges that its sides follow may lie from them, and with that how far the underside may end beyond or before its sides. */
  readonly bentMm: number;
  readonly looseMm: number;
  readonly highMm: number;
  /** Roots that may be nearest to a place of it. */
  readonly near: readonly number[];
}

/**
 * Greatest level distance from a place of an underside to the nearest of its roots. Triangles that may hold it are
 * quartered, and those along bent edges follow them. Distance from a straight line is greatest at a corner of a triangle, so
 * the root for which that is least bounds the triangle.
 * @param x,y unit vectors that span the level
 */
export function farthestReach(cells: readonly UnderCell[], roots: readonly Root[], x: Vec3, y: Vec3): Farthest {
  const search = new Search(cells, roots, x, y), step = Math.ceil(cells.length / FIRST_LOOKS);
  for (let i = 0; i < cells.length; i += step) search.look(cells[i].corners, search.all, cells[i].offMm);
  let open = cells.flatMap((cell) => search.open(cell, search.all, Infinity)), left = Math.max(MOST_CELLS, open.length * 4);
  while (open.length > 0) {
    for (const { corners, near, looseMm } of open) search.look(corners, near, looseMm);
    open = open.filter((o) => !search.isSettled(o.highMm, 0, Infinity));
    if ((left -= open.length * 4) < 0) break;
    open = open.flatMap((o) => quarters(o, o.middles).flatMap((cell) => search.open({ ...cell, offMm: o.offMm }, o.near, o.highMm, o.bentMm / 2)));
  }
  return { at: search.at, lowMm: search.lowMm, highMm: open.reduce((most, o) => Math.max(most, o.highMm), Math.max(search.lowMm, search.settledMm)) };
}

class Search {
  lowMm = 0;
  at: Vec3;
  /** No place of a triangle passed over is farther than this. */
  settledMm = 0;
  readonly all: readonly number[];
  readonly #x: Vec3;
  readonly #y: Vec3;
  readonly #rows: Float64Array;
  /** How far lines at which the underside ends or is carried may be off: finer triangles do not tell more. */
  readonly #offMm: number;
  /** `[roots*3]` distances of the corners of the triangle being bounded. */
  readonly #corners: Float64Array;
  /** Place in its list of the root that settled the last triangle: mostly it settles the next too. */
  #last = 0;

  constructor(cells: readonly UnderCell[], roots: readonly Root[], x: Vec3, y: Vec3) {
    this.#x = x; this.#y = y; this.at = cells[0].corners[0];
    this.#rows = Float64Array.from(roots.flatMap(({ from, to, offMm }) => [dot(from, x), dot(from, y), dot(to, x), dot(to, y), offMm]));
    this.#offMm = [...roots, ...cells].reduce((most, r) => Math.max(most, r.offMm), 0);
    this.#corners = new Float64Array(roots.length * 3);
    this.all = roots.map((_, i) => i);
  }

  get enoughMm(): number { return this.lowMm * (1 + WANTED) + 2 * this.#offMm; }

  /** Takes note of places of the underside, each known within `looseMm`. */
  look(places: readonly Vec3[], near: readonly number[], looseMm: number): void {
    for (const p of places) {
      const px = dot(p, this.#x), py = dot(p, this.#y);
      let least = Infinity;
      for (const i of near) if ((least = Math.min(least, this.#distance(i, px, py) - this.#off(i))) - looseMm <= this.lowMm) break;
      if (least - looseMm > this.lowMm) { this.lowMm = least - looseMm; this.at = p; }
    }
  }

  /**
   * The triangle with what bounds it, or nothing where no place of it is farther than what is known.
   * @param bulgeMm what is known of how far edges lie from its sides: halves of an arc lie a quarter as far from their chords, here half
   */
  open(cell: UnderCell, near: readonly number[], knownMm: number, bulgeMm = Infinity): Open[] {
    const flat = cell.corners.flatMap((p) => [dot(p, this.#x), dot(p, this.#y)]), side = (k: number): Vec3 => minus(cell.corners[(k + 1) % 3], cell.corners[k]);
    const bulge = Math.max(0, ...cell.bends.map((bend, k) => (bend ? Math.min(bulgeMm, BULGE * lengthOf(side(k))) : 0))), high = this.#bound(flat, near, this.enoughMm - bulge);
    if (this.isSettled(high + bulge, cell.offMm, knownMm)) return [];
    const bent = cell.bends.map((bend, k) => (bend ? bendOf(bend, cell.corners[k], cell.corners[(k + 1) % 3]) : { middle: along(cell.corners[k], side(k), 0.5), offMm: 0 }));
    const bentMm = Math.max(...bent.map((b) => b.offMm)), looseMm = Math.max(cell.offMm, bentMm), highMm = Math.min(knownMm, high + looseMm);
    if (this.isSettled(high + bentMm, cell.offMm, knownMm)) return [];
    const mx = (flat[0] + flat[2] + flat[4]) / 3, my = (flat[1] + flat[3] + flat[5]) / 3, radius = Math.max(...[0, 2, 4].map((k) => norm(flat[k] - mx, flat[k + 1] - my))) + looseMm;
    return [{ ...cell, middles: bent.map((b) => b.middle), bentMm, looseMm, highMm, near: near.filter((i) => this.#distance(i, mx, my) - this.#off(i) - radius <= high + looseMm) }];
  }

  /** Finer triangles are no less loose where the underside ends inside a face. */
  isSettled(highMm: number, looseMm: number, knownMm: number): boolean {
    if (highMm > this.enoughMm && knownMm > this.enoughMm) return false;
    this.settledMm = Math.max(this.settledMm, Math.min(knownMm, highMm + looseMm));
    return true;
  }

  /**
   * No place of a triangle is farther than this from the nearest root. Distance from a straight line lies below what changes
   * evenly between its values at the corners, and the lesser of two such is greatest at a corner or where both are equal on a side.
   */
  #bound(flat: readonly number[], near: readonly number[], enoughMm: number): number {
    const count = near.length, c = this.#corners;
    // Roots that lie side by side come one after the other: looked at outwards from the last that settled a triangle.
    const first = Math.min(this.#last, count - 1), nth = (k: number): number => (first + (k % 2 ? (k + 1) / 2 : count - k / 2)) % count;
    let high = Infinity, best = 0;
    for (let k = 0; k < count; k++) {
      const n = nth(k), i = near[n], at = n * 3, off = this.#off(i);
      for (let j = 0; j < 3; j++) c[at + j] = this.#distance(i, flat[j * 2], flat[j * 2 + 1]) + off;
      const most = Math.max(c[at], c[at + 1], c[at + 2]);
      if (most < high) { high = most; best = at; }
      if (high <= enoughMm) { this.#last = n; return high; }
    }
    for (let at = 0; at < count * 3 && high > enoughMm; at += 3) if (Math.min(c[at], c[at + 1], c[at + 2]) < high) high = Math.min(high, lesserOfBoth(c, best, at));
    return high;
  }

  #off(i: number): number { return this.#rows[i * ROW + 4]; }

  /** From a root, taken straight. */
  #distance(i: number, px: number, py: number): number {
    const r = this.#rows, at = i * ROW, dx = r[at + 2] - r[at], dy = r[at + 3] - r[at + 1], qx = px - r[at], qy = py - r[at + 1];
    const square = dx * dx + dy * dy, share = square > 0 ? Math.max(0, Math.min(1, (qx * dx + qy * dy) / square)) : 0;
    return norm(qx - share * dx, qy - share * dy);
  }
}

/** Greatest value over a triangle of the lesser of two functions that change evenly between their values at its corners, `c[a…]` and `c[b…]`. */
function lesserOfBoth(c: Float64Array, a: number, b: number): number {
  let most = -Infinity;
  for (let k = 0; k < 3; k++) {
    const j = (k + 1) % 3, from = c[a + k] - c[b + k], to = c[a + j] - c[b + j];
    most = Math.max(most, Math.min(c[a + k], c[b + k]));
    if (from * to < 0) most = Math.max(most, c[a + k] + (from / (from - to)) * (c[a + j] - c[a + k]));
  }
  return most;
}
