import type { Contours } from "./contours.ts";

/** Corners of a triangle across the direction, its heights, and what is asked about it. */
export interface Outline {
  readonly ax: number; readonly ay: number; readonly bx: number; readonly by: number; readonly cx: number; readonly cy: number;
  readonly low: number; readonly high: number;
  /** Look for contours above, below, or both. */
  readonly up: boolean; readonly down: boolean;
  /** Contours nearer to the outline's border than this, added to their own distance from the surface, do not count, mm. */
  readonly toleranceMm: number;
  /** |n · d| of the triangle: what a shift across the direction becomes on the surface. */
  readonly sine: number;
}

/** A shadow's error is not followed onto surface steeper than this. */
const STEEPEST = 0.1;

/**
 * True when the shadow of a contour edge above (or below) the triangle may run through it: then it is not seen all
 * alike. Notes in `cast` how far each such shadow may be off.
 */
export function contourCrosses(grid: Contours, o: Outline): boolean {
  let found = false;
  const { x0, y0, cell, nx, ny, starts, list, segments: g } = grid;
  const i0 = Math.max(0, Math.floor((Math.min(o.ax, o.bx, o.cx) - x0) / cell)), i1 = Math.min(nx - 1, Math.floor((Math.max(o.ax, o.bx, o.cx) - x0) / cell));
  const j0 = Math.max(0, Math.floor((Math.min(o.ay, o.by, o.cy) - y0) / cell)), j1 = Math.min(ny - 1, Math.floor((Math.max(o.ay, o.by, o.cy) - y0) / cell));
  for (let j = j0; j <= j1; j++) for (let i = i0; i <= i1; i++) {
    for (let k = starts[j * nx + i]; k < starts[j * nx + i + 1]; k++) {
      const s = list[k] * 7, tolerance = o.toleranceMm + g[s + 6];
      if (!((o.up && g[s + 5] > o.low + tolerance) || (o.down && g[s + 4] < o.high - tolerance))) continue;
      if (!crosses(g[s], g[s + 1], g[s + 2], g[s + 3], o, tolerance)) continue;
      found = true;
      grid.cast[list[k]] = Math.max(grid.cast[list[k]], (tolerance + g[s + 6]) / Math.max(o.sine, STEEPEST));
    }
  }
  return found;
}

/** Clips the segment by the triangle made smaller on every side; a triangle too thin for that counts as its longest side. */
function crosses(px: number, py: number, qx: number, qy: number, o: Outline, tolerance: number): boolean {
  const la = Math.hypot(o.bx - o.ax, o.by - o.ay), lb = Math.hypot(o.cx - o.bx, o.cy - o.by), lc = Math.hypot(o.ax - o.cx, o.ay - o.cy);
  const doubled = (o.bx - o.ax) * (o.cy - o.ay) - (o.by - o.ay) * (o.cx - o.ax);
  if (Math.abs(doubled) <= tolerance * (la + lb + lc)) return crossesSide(px, py, qx, qy, o, la, lb, lc, tolerance);
  const turn = doubled > 0 ? 1 : -1;
  let t0 = 0, t1 = 1;
  const cut = (ex: number, ey: number, fx: number, fy: number, l: number): boolean => {
    const nx = (-turn * (fy - ey)) / l, ny = (turn * (fx - ex)) / l;
    const dp = (px - ex) * nx + (py - ey) * ny - tolerance, dq = (qx - ex) * nx + (qy - ey) * ny - tolerance;
    if (dp <= 0 && dq <= 0) return false;
    if (dp < 0) t0 = Math.max(t0, dp / (dp - dq));
    else if (dq < 0) t1 = Math.min(t1, dp / (dp - dq));
    return t0 < t1;
  };
  return cut(o.ax, o.ay, o.bx, o.by, la) && cut(o.bx, o.by, o.cx, o.cy, lb) && cut(o.cx, o.cy, o.ax, o.ay, lc);
}

function crossesSide(px: number, py: number, qx: number, qy: number, o: Outline, la: number, lb: number, lc: number, tolerance: number): boolean {
  const l = Math.max(la, lb, lc);
  if (l <= 2 * tolerance) return false;
  const [ex, ey, fx, fy] = l === la ? [o.ax, o.ay, o.bx, o.by] : l === lb ? [o.bx, o.by, o.cx, o.cy] : [o.cx, o.cy, o.ax, o.ay];
  const ux = (fx - ex) / l, uy = (fy - ey) / l;
  const hp = (px - ex) * -uy + (py - ey) * ux, hq = (qx - ex) * -uy + (qy - ey) * ux;
  if ((hp > 0 && hq > 0) || (hp < 0 && hq < 0) || hp === hq) return false;
  const t = hp / (hp - hq), at = (px + t * (qx - px) - ex) * ux + (py + t * (qy - py) - ey) * uy;
  return at > tolerance && at < l - tolerance;
}
