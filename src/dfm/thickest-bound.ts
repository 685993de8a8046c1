import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import { inside } from "../spatial/inside.ts";
import type { Vec3 } from "../units.ts";

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
  /** Largest distance of the facets from the surface. */
  readonly deviationMm: number;
  /** Radius of a ball known to fit, mm. */
  readonly knownMm: number;
  /** Radii that a verdict turns on, mm. */
  readonly decisiveMm: readonly number[];
  /** Cells that may be looked at. */
  readonly budget: number;
}

/** The bounds need not be closer than this. */
const RELATIVE = 0.005;
const FIRST_CELLS = 512;
/** Cubes along the longest side at first, where a body is flat. */
const MOST_ABREAST = 64;

/**
 * Branch and bound over cubes. A ball around any point of a cube that has half-diagonal h and its centre d from the
 * surface is no larger than d + h; and since the line from the nearest point through the centre leaves the body after a
 * length T, no larger than √(T²/4 + h²) either, which is close even where a plate has its largest ball everywhere. A cube
 * whose centre lies outside allows h − d. Where the budget ends, cubes that a verdict turns on are looked at first, and
 * the bound is that of the cubes left over.
 */
export function thickestBound({ body, bvh, deviationMm, knownMm, decisiveMm, budget }: ThickestInput): ThickestBound {
  const slack = deviationMm + 2 * bvh.errorMm, [low, high] = body.mass.boxMm, size = [0, 1, 2].map((k) => high[k] - low[k]);
  let best = { lowMm: knownMm, centre: [0, 0, 0] as Vec3, triangle: -1 }, over = 0, left = budget;
  let side = Math.max(Math.cbrt((size[0] * size[1] * size[2]) / FIRST_CELLS), Math.max(...size) / MOST_ABREAST), open = grid(low, size, side);
  for (;;) {
    left -= open.length / 3;
    const found = look(bvh, open, side, slack, best.lowMm * (1 + RELATIVE));
    if (found.bestMm > best.lowMm) best = { lowMm: found.bestMm, centre: [open[found.at * 3], open[found.at * 3 + 1], open[found.at * 3 + 2]], triangle: found.triangle };
    const target = best.lowMm * (1 + RELATIVE), decisive = Math.min(...decisiveMm.filter((r) => r >= best.lowMm));
    const wanted = indicesAbove(found.upperMm, target), short = wanted.length * 8 > left;
    // Where the budget runs short cubes that no verdict turns on keep the bound they have, and in the end all do.
    let kept = short ? wanted.filter((i) => found.upperMm[i] > decisive) : wanted;
    if (kept.length * 8 > left) kept = [];
    const keptSet = new Set(kept);
    for (const i of wanted) if (!keptSet.has(i)) over = Math.max(over, found.upperMm[i]);
    if (kept.length === 0) return { ...best, highMm: Math.max(over, target) };
    side /= 2;
    open = eighths(open, kept, side);
  }
}

/** The largest ball around a cube's centre and the bound of every cube; 0 for those surely below `targetMm`. */
function look(bvh: Bvh, centres: Float64Array, side: number, slack: number, targetMm: number): { upperMm: Float64Array; bestMm: number; at: number; triangle: number } {
  const n = centres.length / 3, h = (side * Math.sqrt(3)) / 2, near = bvh.closest(centres), upperMm = new Float64Array(n);
  const list: number[] = [];
  for (let i = 0; i < n; i++) if (near.distances[i] + h + slack > targetMm) list.push(i);
  const origins = new Float64Array(list.length * 3), away = new Float64Array(list.length * 3);
  list.forEach((i, j) => {
    for (let k = 0; k < 3; k++) { origins[j * 3 + k] = centres[i * 3 + k]; away[j * 3 + k] = centres[i * 3 + k] - near.points[i * 3 + k]; }
    // A centre on the surface has no way to go; any will do, for the bound it gives holds too.
    if (!(Math.hypot(away[j * 3], away[j * 3 + 1], away[j * 3 + 2]) > 0)) away[j * 3] = 1;
  });
  const sides = inside(bvh, origins), { distances: across } = bvh.rays(origins, away);
  let bestMm = 0, at = -1;
  list.forEach((i, j) => {
    const d = near.distances[i];
    if (sides[j] === 0) { upperMm[i] = h - d + slack; return; }
    upperMm[i] = Math.min(d + h, Math.hypot((d + across[j]) / 2, h)) + slack;
    if (sides[j] === 1 && d - slack > bestMm) { bestMm = d - slack; at = i; }
  });
  return { upperMm, bestMm, at, triangle: at < 0 ? -1 : near.triangles[at] };
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
