import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import { cross, dot, norm } from "../geometry.ts";
import { inside } from "../spatial/inside.ts";
import type { Vec3 } from "../units.ts";
import { DECISION_TOLERANCE } from "./judge.ts";
import type { FaceBorder } from "./face-border.ts";
import { along, lengthOf, minus, pointAt } from "./vec3.ts";

/** Between these lies the radius of the largest ball anywhere in a body. */
export interface ThickestBound {
  /** A ball this large fits around {@link centre}, mm. */
  readonly lowMm: number;
  readonly highMm: number;
  readonly centre: Vec3;
  /** Facet nearest to the centre, −1 when no ball was found. */
  readonly triangle: number;
}

/** What the search starts from and how far it goes. */
export interface ThickestInput {
  readonly body: Body;
  readonly bvh: Bvh;
  readonly border: FaceBorder;
  /** Largest distance of the facets from the surface. */
  readonly deviationMm: number;
  /** Radii that a verdict turns on, mm. */
  readonly decisiveMm: readonly number[];
  /** Cubes that may be looked at; four times as many where a verdict turns on them. */
  readonly budget: number;
}

/** Sine of the angle up to which planes count as parallel: rounding. */
const PARALLEL = 1e-12;
/** The bound of the facets' distance from the surface rests on residuals at chosen places: so many times as much is allowed for. */
const MEASURED = 1.5;
/** The bounds need not be closer than this. */
const RELATIVE = 0.005;
const FIRST_CELLS = 512;
/** Cubes that a verdict turns on may take this many times the budget. */
const DECISIVE = 4;
/** Cubes along the longest side at first, where a body is flat. */
const MOST_ABREAST = 64;

/**
 * Branch and bound over cubes. A ball around any point of a cube that has half-diagonal h and its centre d from the
 * surface is no larger than d + h; and since the line from the nearest point through the centre leaves the body after a
 * length T, no larger than √(T²/4 + h²) either, which is close even where a plate has its largest ball everywhere. A cube
 * whose centre lies outside allows h − d. Between parallel planes whose borders keep clear of the cube half their distance is
 * the bound, and nowhere is it more than half the distance of two parallel planes
 * at which the body ends: so a plate of just the limit is known to be one. Where the budget ends, cubes that a verdict turns on are looked at first, and
 * the bound is that of the cubes left over.
 */
export function thickestBound({ body, bvh, border, deviationMm, decisiveMm, budget }: ThickestInput): ThickestBound {
  const slack = MEASURED * deviationMm + 2 * bvh.errorMm, [low, high] = body.mass.boxMm, size = [0, 1, 2].map((k) => high[k] - low[k]);
  let best = { lowMm: 0, centre: [0, 0, 0] as Vec3, triangle: -1 }, over = 0, left = budget;
  let side = Math.max(Math.cbrt((size[0] * size[1] * size[2]) / FIRST_CELLS), Math.max(...size) / MOST_ABREAST), open = grid(low, size, side), sides = new Int8Array(open.length / 3).fill(-1);
  for (;;) {
    left -= open.length / 3;
    const found = look({ body, bvh, border }, open, sides, side, slack, targetOf(best.lowMm, decisiveMm));
    if (found.bestMm > best.lowMm) best = { lowMm: found.bestMm, centre: [open[found.at * 3], open[found.at * 3 + 1], open[found.at * 3 + 2]], triangle: found.triangle };
    const target = targetOf(best.lowMm, decisiveMm), decisive = decisiveAbove(best.lowMm, decisiveMm);
    const wanted = indicesAbove(found.upperMm, target), short = wanted.length * 8 > left;
    // Where the budget runs short cubes that no verdict turns on keep the bound they have, and in the end all do.
    let kept = short ? wanted.filter((i) => found.upperMm[i] > decisive) : wanted;
    if (kept.length * 8 > (short ? left + (DECISIVE - 1) * budget : left)) kept = [];
    const keptSet = new Set(kept);
    for (const i of wanted) if (!keptSet.has(i)) over = Math.max(over, found.upperMm[i]);
    if (kept.length === 0) return { ...best, highMm: Math.max(best.lowMm, Math.min(Math.max(over, target), leastSide(body) / 2, leastBetweenEnds(body) / 2)) };
    side /= 2;
    open = eighths(open, kept, side);
    sides = new Int8Array(kept.length * 8);
    // Nothing of the surface lies between a cube's centre and those of its eighths where it is further away than they are.
    kept.forEach((i, j) => sides.fill(found.distances[i] > halfDiagonal(side) + slack ? found.sides[i] : -1, j * 8, j * 8 + 8));
  }
}

/** Least side of the box that ends in a plane on both sides, mm; where a round bulges the box is only as good as its search. */
function leastSide({ faces, mass: { boxMm } }: Body): number {
  const ends = (k: number, at: number): boolean => faces.some(({ surface }) => surface.kind === "plane" && Math.abs(surface.frame.z[k]) > 1 - 1e-12 && Math.abs(surface.frame.origin[k] - at) < DECISION_TOLERANCE / 4);
  return Math.min(...[0, 1, 2].map((k) => (ends(k, boxMm[0][k]) && ends(k, boxMm[1][k]) ? boxMm[1][k] - boxMm[0][k] : Infinity)));
}

/** Largest planes asked whether the body ends there. */
const ENDS = 12;
/** A curved face may rise above its facets by this many times their distance from it. */
const RISE = 2;

/** Least distance between two parallel planes at which the body ends, however it lies, mm. */
function leastBetweenEnds({ faces, facets: { positions, normals, indices, deviationMm } }: Body): number {
  const ends: { normal: Vec3; atMm: number }[] = [];
  for (const { surface, facets: own } of faces.filter((f) => f.surface.kind === "plane" && f.facets.count > 0).sort((a, b) => b.areaMm2 - a.areaMm2).slice(0, ENDS)) {
    const normal = pointAt(normals, indices[own.start * 3]), atMm = surface.kind === "plane" ? dot(surface.frame.origin, normal) : 0, most = atMm + DECISION_TOLERANCE / 4;
    const isBelow = ({ surface: { kind }, index, facets: { start, count } }: Body["faces"][number]): boolean => {
      const rise = kind === "plane" ? 0 : RISE * deviationMm[index];
      for (let i = start * 3; i < (start + count) * 3; i++) { const v = indices[i] * 3; if (positions[v] * normal[0] + positions[v + 1] * normal[1] + positions[v + 2] * normal[2] + rise > most) return false; }
      return true;
    };
    if (faces.every(isBelow)) ends.push({ normal, atMm });
  }
  return Math.min(Infinity, ...ends.flatMap((a) => ends.filter((b) => dot(a.normal, b.normal) < 0 && lengthOf(cross(a.normal, b.normal)) <= PARALLEL).map((b) => a.atMm + b.atMm)));
}

/** The least radius at or above one that a verdict turns on, a little more than equal. */
const decisiveAbove = (mm: number, decisiveMm: readonly number[]): number => DECISION_TOLERANCE / 4 + Math.min(...decisiveMm.filter((r) => r >= mm - DECISION_TOLERANCE / 4));

/** Cubes bounded by this are settled. */
const targetOf = (knownMm: number, decisiveMm: readonly number[]): number => Math.min(knownMm * (1 + RELATIVE), decisiveAbove(knownMm, decisiveMm));

/** What is known of cubes: bound, distance of the centre from the surface and which side of it (1 inside, 0 outside, −1 not known), and the largest ball around a centre. */
interface Looked { readonly upperMm: Float64Array; readonly distances: Float64Array; readonly sides: Int8Array; readonly bestMm: number; readonly at: number; readonly triangle: number }

const halfDiagonal = (side: number): number => (side * Math.sqrt(3)) / 2;

/** Looks at cubes; the bound is 0 for those surely below `targetMm`. `sides`, as far as known, are filled in for the others. */
function look({ body, bvh, border }: Pick<ThickestInput, "body" | "bvh" | "border">, centres: Float64Array, sides: Int8Array, side: number, slack: number, targetMm: number): Looked {
  const n = centres.length / 3, h = halfDiagonal(side), near = bvh.closest(centres), { distances } = near, upperMm = new Float64Array(n);
  const list: number[] = [];
  for (let i = 0; i < n; i++) if (distances[i] + h + slack > targetMm) list.push(i);
  const unknown = list.filter((i) => sides[i] < 0);
  inside(bvh, picked(centres, unknown)).forEach((s, j) => { sides[unknown[j]] = s; });
  for (const i of list) if (sides[i] === 0) upperMm[i] = h - distances[i] + slack;
  const within = list.filter((i) => sides[i] !== 0), origins = picked(centres, within), away = picked(near.points, within);
  for (let k = 0; k < away.length; k++) away[k] = origins[k] - away[k];
  // A centre on the surface has no way to go; any will do, for the bound it gives holds too.
  for (let k = 0; k < away.length; k += 3) if (!(norm(away[k], away[k + 1], away[k + 2]) > 0)) away[k] = 1;
  const { distances: across, triangles: opposite } = bvh.rays(origins, away);
  let bestMm = 0, at = -1;
  within.forEach((i, j) => {
    const d = distances[i];
    upperMm[i] = Math.min(d + h, norm((d + across[j]) / 2, h)) + slack;
    if (upperMm[i] > targetMm && opposite[j] >= 0) upperMm[i] = Math.min(upperMm[i], betweenPlanes(body, border, near.triangles[i], near.points.subarray(i * 3, i * 3 + 3), opposite[j], h));
    if (sides[i] === 1 && d - slack > bestMm) { bestMm = d - slack; at = i; }
  });
  return { upperMm, distances, sides, bestMm, at, triangle: at < 0 ? -1 : near.triangles[at] };
}

/** The points listed of `[n*3]`. */
function picked(points: Float64Array, list: readonly number[]): Float64Array {
  const out = new Float64Array(list.length * 3);
  list.forEach((i, j) => { for (let k = 0; k < 3; k++) out[j * 3 + k] = points[i * 3 + k]; });
  return out;
}

/** Half the distance of two parallel planes, where both go on for h around p and opposite it; ∞ elsewhere. */
function betweenPlanes({ faces, facets: { faceOf } }: Body, border: FaceBorder, t: number, p: Float64Array, opposite: number, h: number): number {
  const a = faces[faceOf[t]].surface, b = faces[faceOf[opposite]].surface;
  if (a.kind !== "plane" || b.kind !== "plane" || lengthOf(cross(a.frame.z, b.frame.z)) > PARALLEL) return Infinity;
  const apart = dot(minus(b.frame.origin, a.frame.origin), a.frame.z), across = along([p[0], p[1], p[2]], a.frame.z, apart);
  return border.isClear(faceOf[t], p, h) && border.isClear(faceOf[opposite], across, h) ? Math.abs(apart) / 2 : Infinity;
}

function indicesAbove(row: Float64Array, least: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < row.length; i++) if (row[i] > least) out.push(i);
  return out;
}

/** Centres of cubes that cover a box, evenly about its middle. */
function grid(low: Vec3, size: readonly number[], side: number): Float64Array {
  const n = size.map((s) => Math.max(1, Math.ceil(s / side - 1e-9))), out = new Float64Array(n[0] * n[1] * n[2] * 3);
  let at = 0;
  for (let x = 0; x < n[0]; x++) for (let y = 0; y < n[1]; y++) for (let z = 0; z < n[2]; z++) {
    [x, y, z].forEach((c, k) => { out[at++] = low[k] + size[k] / 2 + (c - (n[k] - 1) / 2) * side; });
  }
  return out;
}

/** The eight cubes in each of those listed. */
function eighths(centres: Float64Array, list: readonly number[], side: number): Float64Array {
  const out = new Float64Array(list.length * 24);
  list.forEach((i, j) => {
    for (let c = 0; c < 8; c++) for (let k = 0; k < 3; k++) out[(j * 8 + c) * 3 + k] = centres[i * 3 + k] + ((c >> k) & 1 ? side : -side) / 2;
  });
  return out;
}
