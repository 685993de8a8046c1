import type { Vec3 } from "../units.ts";
import { cross, dot } from "../geometry.ts";
import { VENT_MM } from "../mim/vent.ts";
import { pullFrame } from "./frame.ts";
import type { OversizedFacets } from "./oversized-facets.ts";

/** Walls that lean against the travel by less than this count as vertical. */
export const VERTICAL_DEG = 0.05;

const LEAN = Math.sin((VERTICAL_DEG * Math.PI) / 180);

/** Surface that blocks a half: above the parting plane it faces down, below it faces up. */
export interface Trapped {
  readonly areaMm2: number;
  /** By face index: area and a point on it, mold coordinates. */
  readonly faces: ReadonlyMap<number, { readonly areaMm2: number; readonly point: Vec3 }>;
}

/** A polygon of up to five corners, each with position and one value to clip by. */
const MAX = 8;
const from = new Float64Array(MAX * 5), to = new Float64Array(MAX * 5);

/** Clips the first `n` corners of `a` (x, y, z, lean, height) to where component `k` times `sign` exceeds `limit`; the result is in `b`. */
function clip(a: Float64Array, n: number, k: number, sign: number, limit: number, b: Float64Array): number {
  let m = 0;
  for (let i = 0; i < n; i++) {
    const p = i * 5, q = ((i + 1) % n) * 5;
    const fp = sign * a[p + k] - limit, fq = sign * a[q + k] - limit;
    if (fp > 0) { for (let c = 0; c < 5; c++) b[m * 5 + c] = a[p + c]; m++; }
    if (fp > 0 !== fq > 0) {
      const t = fp / (fp - fq);
      for (let c = 0; c < 5; c++) b[m * 5 + c] = a[p + c] + t * (a[q + c] - a[p + c]);
      m++;
    }
  }
  return m;
}

function areaOf(a: Float64Array, n: number): number {
  let x = 0, y = 0, z = 0;
  for (let i = 1; i + 1 < n; i++) {
    const ux = a[i * 5] - a[0], uy = a[i * 5 + 1] - a[1], uz = a[i * 5 + 2] - a[2];
    const vx = a[i * 5 + 5] - a[0], vy = a[i * 5 + 6] - a[1], vz = a[i * 5 + 7] - a[2];
    x += uy * vz - uz * vy; y += uz * vx - ux * vz; z += ux * vy - uy * vx;
  }
  return Math.hypot(x, y, z) / 2;
}

function loadTriangle({ positions: p, normals: m, indices }: OversizedFacets, t: number, pull: Vec3): void {
  for (let c = 0; c < 3; c++) {
    const v = indices[t * 3 + c] * 3;
    for (let k = 0; k < 3; k++) from[c * 5 + k] = p[v + k];
    from[c * 5 + 3] = m[v] * pull[0] + m[v + 1] * pull[1] + m[v + 2] * pull[2];
    from[c * 5 + 4] = p[v] * pull[0] + p[v + 1] * pull[1] + p[v + 2] * pull[2];
  }
}

/** A trapped piece of a facet. `from` to `to`: its heights; `lean`: the sine of its worst lean. */
interface Piece { readonly facet: number; readonly side: 1 | -1; readonly sealed: boolean; readonly areaMm2: number; readonly from: number; readonly to: number; readonly lean: number; readonly point: Vec3 }

/**
 * Area that blocks the halves when the parting plane lies at `partingMm` along the pull: with exact normals
 * between the facets' corners, so that a silhouette on the plane traps nothing. The half above takes what lies
 * above the plane, except the inside of a cap, which the other half fills through the plane ({@link enclosedSteel}).
 * A connected piece counts when steel would have to give way by more than {@link VENT_MM}; all of a sealed void does.
 */
export function trappedArea(facets: OversizedFacets, pull: Vec3, partingMm: number, toleranceMm: number): Trapped {
  const faces = new Map<number, { areaMm2: number; point: Vec3; best: number }>();
  let areaMm2 = 0;
  for (const { facet, areaMm2: area, point } of deepPieces(facets, trappedPieces(facets, pull, partingMm, toleranceMm))) {
    areaMm2 += area;
    const face = facets.faceOf[facet], entry = faces.get(face);
    if (!entry) faces.set(face, { areaMm2: area, point, best: area });
    else { entry.areaMm2 += area; if (area > entry.best) { entry.best = area; entry.point = point; } }
  }
  return { areaMm2, faces };
}

function trappedPieces(facets: OversizedFacets, pull: Vec3, partingMm: number, toleranceMm: number): Piece[] {
  const out: Piece[] = [];
  for (const side of [1, -1] as const) {
    const enclosed = enclosedSteel(facets, pull, partingMm, toleranceMm, side);
    for (let t = 0; t < facets.faceOf.length; t++) {
      loadTriangle(facets, t, pull);
      const sealed = enclosed[t] === ENCLOSED.sealed, away = enclosed[t] === ENCLOSED.cap ? -side : side;
      // Side 1: the part of the triangle above the plane; it is trapped where it leans down.
      let n = clip(from, 3, 4, side, side * partingMm + toleranceMm, to);
      if (n < 3) continue;
      if (sealed) from.set(to); else n = clip(to, n, 3, -away, LEAN, from);
      const area = n < 3 ? 0 : areaOf(from, n);
      if (area === 0) continue;
      let low = Infinity, high = -Infinity, lean = 0;
      const point: [number, number, number] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        low = Math.min(low, from[i * 5 + 4]); high = Math.max(high, from[i * 5 + 4]); lean = Math.max(lean, Math.abs(from[i * 5 + 3]));
        for (let k = 0; k < 3; k++) point[k] += from[i * 5 + k] / n;
      }
      out.push({ facet: t, side, sealed, areaMm2: area, from: low, to: high, lean, point });
    }
  }
  return out;
}

/** What leans by more than this sine (45°) is an overhang, whose depth its height does not bound. */
const OVERHANG = Math.SQRT1_2;

/** Those of connected pieces that overhang or in which a wall as high as the whole, all of it leaning as the worst of it, is deeper than a trifle. */
function deepPieces({ indices, weld, weldedCount }: OversizedFacets, pieces: readonly Piece[]): Piece[] {
  const parent = Uint32Array.from({ length: 2 * weldedCount }, (_, i) => i);
  const find = (i: number): number => { while (parent[i] !== i) i = parent[i] = parent[parent[i]]; return i; };
  const corner = ({ facet, side }: Piece, k: number): number => weld[indices[facet * 3 + k]] + (side > 0 ? 0 : weldedCount);
  for (const p of pieces) for (const k of [1, 2]) parent[find(corner(p, k))] = find(corner(p, 0));
  const groups = new Map<number, { from: number; to: number; lean: number; sealed: boolean }>();
  for (const p of pieces) {
    const root = find(corner(p, 0)), g = groups.get(root);
    if (!g) groups.set(root, { from: p.from, to: p.to, lean: p.lean, sealed: p.sealed });
    else { g.from = Math.min(g.from, p.from); g.to = Math.max(g.to, p.to); g.lean = Math.max(g.lean, p.lean); g.sealed ||= p.sealed; }
  }
  const isDeep = ({ from, to, lean, sealed }: Pick<Piece, "from" | "to" | "lean" | "sealed">): boolean => sealed || lean > OVERHANG || (to - from) * lean > VENT_MM * Math.sqrt(1 - lean * lean);
  return pieces.filter((p) => isDeep(groups.get(find(corner(p, 0)))!));
}

/** What a triangle bounds beyond the parting plane: nothing of the kind, steel of the other half, or steel that no half can hold. */
export const ENCLOSED = { no: 0, cap: 1, sealed: 2 } as const;

/**
 * `[t]` one of {@link ENCLOSED}: `cap` where a triangle bounds steel that the part and the parting plane enclose on one side of the
 * plane, which comes out with the other half; `sealed` where the part alone does. The surface beyond the plane falls into connected
 * pieces; where the flux of (distance from the plane) through a piece is negative, steel is inside it.
 * @param side 1 above the plane, -1 below
 */
export function enclosedSteel(facets: OversizedFacets, pull: Vec3, partingMm: number, toleranceMm: number, side: 1 | -1): Uint8Array {
  const { indices, weld, weldedCount } = facets, count = facets.faceOf.length;
  const parent = Uint32Array.from({ length: weldedCount }, (_, i) => i);
  const find = (i: number): number => { while (parent[i] !== i) i = parent[i] = parent[parent[i]]; return i; };
  const anchor = new Int32Array(count).fill(-1), flux = new Float64Array(weldedCount), reaches = new Uint8Array(weldedCount);
  const boxes = new Map<number, [number, number, number, number]>();
  const { x, y } = pullFrame(pull);
  for (let t = 0; t < count; t++) {
    loadTriangle(facets, t, pull);
    for (let c = 0; c < 3; c++) {
      if (side * (from[c * 5 + 4] - partingMm) <= toleranceMm) continue;
      const w = weld[indices[t * 3 + c]];
      if (anchor[t] < 0) anchor[t] = w; else parent[find(w)] = find(anchor[t]);
    }
  }
  for (let t = 0; t < count; t++) {
    if (anchor[t] < 0) continue;
    loadTriangle(facets, t, pull);
    const root = find(anchor[t]);
    for (let c = 0; c < 3; c++) if (side * (from[c * 5 + 4] - partingMm) <= toleranceMm) reaches[root] = 1;
    const n = clip(from, 3, 4, side, side * partingMm, to);
    flux[root] += fluxThrough(to, n, pull, partingMm);
    const box = boxes.get(root) ?? [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < n; i++) {
      const p: Vec3 = [to[i * 5], to[i * 5 + 1], to[i * 5 + 2]], a = dot(p, x), b = dot(p, y);
      box[0] = Math.min(box[0], a); box[1] = Math.min(box[1], b); box[2] = Math.max(box[2], a); box[3] = Math.max(box[3], b);
    }
    boxes.set(root, box);
  }
  const islands = [...boxes].filter(([root]) => flux[root] < 0);
  // What stands inside an island is formed by the island.
  const inside = new Set([...boxes].filter(([, b]) => islands.some(([, i]) => b[0] >= i[0] && b[1] >= i[1] && b[2] <= i[2] && b[3] <= i[3])).map(([root]) => root));
  return Uint8Array.from({ length: count }, (_, t) => {
    if (anchor[t] < 0) return ENCLOSED.no;
    const root = find(anchor[t]);
    return flux[root] < 0 && reaches[root] === 0 ? ENCLOSED.sealed : inside.has(root) ? ENCLOSED.cap : ENCLOSED.no;
  });
}

/** ∫ height · (n·pull) dA over a polygon: a polynomial, exact by the mean height of each fan triangle. */
function fluxThrough(a: Float64Array, n: number, pull: Vec3, partingMm: number): number {
  let sum = 0;
  for (let i = 1; i + 1 < n; i++) {
    const u: Vec3 = [a[i * 5] - a[0], a[i * 5 + 1] - a[1], a[i * 5 + 2] - a[2]], v: Vec3 = [a[i * 5 + 5] - a[0], a[i * 5 + 6] - a[1], a[i * 5 + 7] - a[2]];
    sum += (dot(cross(u, v), pull) / 2) * ((a[4] + a[i * 5 + 4] + a[i * 5 + 9]) / 3 - partingMm);
  }
  return sum;
}

/** A height of the parting plane and the area it traps. */
export interface Height { readonly partingMm: number; readonly areaMm2: number }

/** The height a sweep finds, and others at which leaning pieces end, those of most area first. */
export interface Swept extends Height { readonly ends: readonly number[] }

/**
 * The height that traps least as long as nothing is a cap, found in one sweep: each leaning piece of a facet counts in proportion
 * to how much of its height lies on the wrong side. Of a whole band of equal heights the middle is taken.
 */
export function sweptHeight(facets: OversizedFacets, pull: Vec3, toleranceMm: number): Swept {
  const ends = new Map<number, { at: number; areaMm2: number }>(), ending = (at: number, areaMm2: number): void => {
    const key = Math.round(at / (10 * toleranceMm)), end = ends.get(key);
    if (end) end.areaMm2 += areaMm2; else ends.set(key, { at, areaMm2 });
  };
  const events: { at: number; slope: number; jump: number }[] = [], flats = new Set<number>();
  let value = 0, low = Infinity, high = -Infinity, total = 0;
  for (let t = 0; t < facets.faceOf.length; t++) for (const sign of [1, -1]) {
    loadTriangle(facets, t, pull);
    if (sign === 1) { total += areaOf(from, 3); for (let c = 0; c < 3; c++) { low = Math.min(low, from[c * 5 + 4]); high = Math.max(high, from[c * 5 + 4]); } }
    const n = clip(from, 3, 3, sign, LEAN, to);
    if (n < 3) continue;
    const area = areaOf(to, n);
    let z0 = Infinity, z1 = -Infinity;
    for (let i = 0; i < n; i++) { z0 = Math.min(z0, to[i * 5 + 4]); z1 = Math.max(z1, to[i * 5 + 4]); }
    if (z1 - z0 < toleranceMm) flats.add((z0 + z1) / 2);
    ending(z0, area); ending(z1, area);
    // Up-facing pieces (sign 1) are trapped below the plane: their share grows with its height.
    z0 += sign * toleranceMm; z1 += sign * toleranceMm;
    if (sign === -1) value += area;
    if (z1 - z0 < toleranceMm) events.push({ at: (z0 + z1) / 2, slope: 0, jump: sign * area });
    else { const slope = (sign * area) / (z1 - z0); events.push({ at: z0, slope, jump: 0 }, { at: z1, slope: -slope, jump: 0 }); }
  }
  if (!(high > low)) return { partingMm: 0, areaMm2: 0, ends: [] };
  const { partingMm, areaMm2 } = widestLeast(events, value, low - toleranceMm, high + toleranceMm, 1e-6 * total);
  // A plane a hair off a flat face would leave a sliver of steel: it goes onto the face.
  const flat = [...flats].reduce((best, f) => (Math.abs(f - partingMm) < Math.abs(best - partingMm) ? f : best), Infinity);
  return { partingMm: Math.abs(flat - partingMm) <= 2 * toleranceMm ? flat : partingMm, areaMm2, ends: [...ends.values()].sort((a, b) => b.areaMm2 - a.areaMm2 || a.at - b.at).map(({ at }) => at) };
}

function widestLeast(events: { at: number; slope: number; jump: number }[], start: number, low: number, high: number, floorMm2: number): Height {
  events.sort((a, b) => a.at - b.at);
  let value = start, slope = 0, at = low;
  const spans: { from: number; to: number; start: number; end: number }[] = [];
  const close = (next: number): void => {
    const to = Math.min(next, high), from = Math.max(at, low);
    const end = value + slope * (next - at);
    if (to > from) spans.push({ from, to, start: value, end });
    value = end;
    at = next;
  };
  for (const e of events) { if (e.at > at) close(e.at); slope += e.slope; value += e.jump; }
  if (high > at) close(high);
  if (spans.length === 0) return { partingMm: (low + high) / 2, areaMm2: start };
  const least = spans.reduce((m, s) => Math.min(m, s.start, s.end), Infinity) + floorMm2;
  let best = { from: 0, to: -1 }, run: { from: number; to: number } | undefined;
  for (const s of spans) {
    if (s.start <= least && s.end <= least) run = run && run.to >= s.from ? { from: run.from, to: s.to } : { from: s.from, to: s.to };
    else if (s.start <= least) run = run && run.to >= s.from ? run : { from: s.from, to: s.from };
    else run = s.end <= least ? { from: s.to, to: s.to } : undefined;
    if (run && run.to - run.from > best.to - best.from) best = run;
  }
  return { partingMm: (best.from + best.to) / 2, areaMm2: Math.max(0, least - floorMm2) };
}

/** Extent of the facets along a direction. */
export function extentAlong(facets: OversizedFacets, d: Vec3): readonly [number, number] {
  let low = Infinity, high = -Infinity;
  const p = facets.positions;
  for (let i = 0; i < p.length; i += 3) { const h = dot([p[i], p[i + 1], p[i + 2]], d); low = Math.min(low, h); high = Math.max(high, h); }
  return [low, high];
}
