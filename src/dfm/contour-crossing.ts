import { norm } from "../geometry.ts";
import type { Contours } from "./contours.ts";

/** Corners of a triangle across the direction, its heights, and how much its border may be off. Reused: queries do not keep it. */
export interface Outline {
  ax: number; ay: number; bx: number; by: number; cx: number; cy: number;
  low: number; high: number;
  /** Contours nearer to the outline's border than this, added to their own distance from the surface, do not count, mm. */
  toleranceMm: number;
}

/** A new, empty outline. */
export const newOutline = (): Outline => ({ ax: 0, ay: 0, bx: 0, by: 0, cx: 0, cy: 0, low: 0, high: 0, toleranceMm: 0 });

/**
 * The length over which shadows of contour edges above (or below) the triangle run through it, each times how far it
 * may be off, mm²; 0 when there are none and it is seen all alike. On a triangle seen edge-on a shadow runs up
 * the whole of it. With `all` false the search ends at the first.
 */
export function contourCrossing(grid: Contours, o: Outline, above: boolean, all: boolean): number {
  const { x0, y0, cell, nx, ny, starts, list, segments: g } = grid;
  const i0 = Math.max(0, Math.floor((Math.min(o.ax, o.bx, o.cx) - x0) / cell)), i1 = Math.min(nx - 1, Math.floor((Math.max(o.ax, o.bx, o.cx) - x0) / cell));
  const j0 = Math.max(0, Math.floor((Math.min(o.ay, o.by, o.cy) - y0) / cell)), j1 = Math.min(ny - 1, Math.floor((Math.max(o.ay, o.by, o.cy) - y0) / cell));
  const la = norm(o.bx - o.ax, o.by - o.ay), lb = norm(o.cx - o.bx, o.cy - o.by), lc = norm(o.ax - o.cx, o.ay - o.cy);
  const doubled = (o.bx - o.ax) * (o.cy - o.ay) - (o.by - o.ay) * (o.cx - o.ax);
  let sum = 0;
  seen.length = 0;
  for (let j = j0; j <= j1; j++) for (let i = i0; i <= i1; i++) {
    for (let k = starts[j * nx + i]; k < starts[j * nx + i + 1]; k++) {
      const s = list[k] * 7, tolerance = o.toleranceMm + g[s + 6];
      if (above ? g[s + 5] <= o.low + tolerance : g[s + 4] >= o.high - tolerance) continue;
      const length = Math.abs(doubled) <= tolerance * (la + lb + lc) ? edgeOn(g, s, o, la, lb, lc, tolerance) : inside(g, s, o, la, lb, lc, doubled > 0 ? 1 : -1, tolerance);
      if (length <= 0) continue;
      if (!all) return length;
      if (seen.includes(s)) continue;
      seen.push(s);
      sum += length * (tolerance + g[s + 6]);
    }
  }
  return sum;
}

const seen: number[] = [];
let t0 = 0, t1 = 1;

/** Length of the segment inside the triangle made smaller on every side. */
function inside(g: Float64Array, s: number, o: Outline, la: number, lb: number, lc: number, turn: number, tolerance: number): number {
  t0 = 0; t1 = 1;
  if (!cut(g, s, o.ax, o.ay, o.bx, o.by, turn / la, tolerance) || !cut(g, s, o.bx, o.by, o.cx, o.cy, turn / lb, tolerance) || !cut(g, s, o.cx, o.cy, o.ax, o.ay, turn / lc, tolerance)) return 0;
  return (t1 - t0) * norm(g[s + 2] - g[s], g[s + 3] - g[s + 1]);
}

function cut(g: Float64Array, s: number, ex: number, ey: number, fx: number, fy: number, scale: number, tolerance: number): boolean {
  const nx = -scale * (fy - ey), ny = scale * (fx - ex);
  const dp = (g[s] - ex) * nx + (g[s + 1] - ey) * ny - tolerance, dq = (g[s + 2] - ex) * nx + (g[s + 3] - ey) * ny - tolerance;
  if (dp <= 0 && dq <= 0) return false;
  if (dp < 0) t0 = Math.max(t0, dp / (dp - dq));
  else if (dq < 0) t1 = Math.min(t1, dp / (dp - dq));
  return t0 < t1;
}

/** Height of a triangle seen edge-on when the segment crosses its longest side away from its ends. */
function edgeOn(g: Float64Array, s: number, o: Outline, la: number, lb: number, lc: number, tolerance: number): number {
  const l = Math.max(la, lb, lc);
  if (l <= 2 * tolerance) return 0;
  const a = l === la, b = !a && l === lb;
  const ex = a ? o.ax : b ? o.bx : o.cx, ey = a ? o.ay : b ? o.by : o.cy, fx = a ? o.bx : b ? o.cx : o.ax, fy = a ? o.by : b ? o.cy : o.ay;
  const ux = (fx - ex) / l, uy = (fy - ey) / l;
  const hp = (g[s] - ex) * -uy + (g[s + 1] - ey) * ux, hq = (g[s + 2] - ex) * -uy + (g[s + 3] - ey) * ux;
  if ((hp > 0 && hq > 0) || (hp < 0 && hq < 0) || hp === hq) return 0;
  const t = hp / (hp - hq), at = (g[s] + t * (g[s + 2] - g[s]) - ex) * ux + (g[s + 1] + t * (g[s + 3] - g[s + 1]) - ey) * uy;
  return at > tolerance && at < l - tolerance ? Math.max(o.high - o.low, 1e-9) : 0;
}
