/** The same questions as src/spatial answers, asked of every triangle in f64. */
import { corners, cross, dot, sub, type Mesh } from "./spatial-meshes.ts";

function nearestOnSegment(p: readonly number[], a: readonly number[], b: readonly number[]): number[] {
  const e = sub(b, a), l2 = dot(e, e), t = l2 > 0 ? Math.min(1, Math.max(0, dot(sub(p, a), e) / l2)) : 0;
  return [0, 1, 2].map((k) => a[k] + t * e[k]);
}

/** Nearest point of a triangle: the foot of the perpendicular when it lies inside, else the nearest of three edges. */
export function nearestOnTriangle(p: readonly number[], [a, b, c]: readonly number[][]): number[] {
  const n = cross(sub(b, a), sub(c, a)), n2 = dot(n, n);
  const candidates = [nearestOnSegment(p, a, b), nearestOnSegment(p, b, c), nearestOnSegment(p, c, a)];
  if (n2 > 0) {
    const h = dot(n, sub(p, a)) / n2, foot = [0, 1, 2].map((k) => p[k] - h * n[k]);
    const sides = [[a, b], [b, c], [c, a]].map(([s, e]) => dot(n, cross(sub(e, s), sub(foot, s))));
    if (sides.every((s) => s >= 0)) candidates.push(foot);
  }
  const far = (q: readonly number[]) => Math.hypot(...sub(p, q));
  return candidates.reduce((best, q) => (far(q) < far(best) ? q : best));
}

/** Distance to the nearest triangle, those of face `exclude` left out. */
export function closestDistance(m: Mesh, p: readonly number[], exclude = -1): number {
  let best = Infinity;
  for (let t = 0; t < m.faces.length; t++) {
    if (m.faces[t] !== exclude) best = Math.min(best, Math.hypot(...sub(p, nearestOnTriangle(p, corners(m, t)))));
  }
  return best;
}

/**
 * The largest r ≤ start for which the ball about p − r n of radius r − ε holds no facet, by bisection: the balls are
 * nested, so emptiness is monotone in r.
 */
export function ballRadius(m: Mesh, p: readonly number[], n: readonly number[], start: number, epsilon: number, exclude = -1): number {
  const empty = (r: number) => r <= epsilon || closestDistance(m, [0, 1, 2].map((k) => p[k] - r * n[k]), exclude) >= r - epsilon;
  if (empty(start)) return start;
  let [lo, hi] = [0, start];
  for (let i = 0; i < 60; i++) {
    const middle = (lo + hi) / 2;
    if (empty(middle)) lo = middle; else hi = middle;
  }
  return lo;
}
