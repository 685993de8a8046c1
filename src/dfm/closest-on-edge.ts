import { norm } from "../geometry.ts";
import type { Curve } from "../part/curve.ts";
import { evaluateCurve } from "../part/evaluate-curve.ts";
import type { Edge } from "../part/part.ts";

const at = new Float64Array(9), tried = new Float64Array(9);
/** Fewest starts of a search; edges with more points than that, threads say, get one for each. */
const STARTS = 24;

/**
 * Point of an edge nearest to c, on its exact curve where it has one.
 * @param out `[3]`
 * @returns distance, mm
 */
export function closestOnEdge(edge: Edge, c: ArrayLike<number>, out: Float64Array): number {
  const { curve } = edge;
  if (curve.kind === "other") return onPolyline(edge.points, c, out);
  const [first, last] = curve.range;
  let t: number;
  if (curve.kind === "line") {
    const { origin: o, direction: d } = curve;
    t = ((c[0] - o[0]) * d[0] + (c[1] - o[1]) * d[1] + (c[2] - o[2]) * d[2]) / (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
  } else if (curve.kind === "circle") {
    const { origin: o, x, y } = curve.frame, dx = c[0] - o[0], dy = c[1] - o[1], dz = c[2] - o[2];
    t = intoRange(Math.atan2(dx * y[0] + dy * y[1] + dz * y[2], dx * x[0] + dy * x[1] + dz * x[2]), first, last);
  } else return newton(edge, c, first, last, out);
  evaluateCurve(curve, Math.min(last, Math.max(first, t)), at);
  for (let k = 0; k < 3; k++) out[k] = at[k];
  return distance(at, 0, c);
}

/** The angle in the range, or the end of the range nearer to it round the circle. */
function intoRange(t: number, first: number, last: number): number {
  const turn = 2 * Math.PI;
  t += Math.ceil((first - t) / turn) * turn;
  if (t <= last) return t;
  return t - last < first + turn - t ? last : first;
}

/** The best of evenly spaced starts, improved by Newton on (C − c)·C′ = 0. Leaves the best point in `out`. */
function newton({ curve, points }: Edge, c: ArrayLike<number>, first: number, last: number, out: Float64Array): number {
  const count = Math.max(STARTS, points.length / 3), starts = startsOf(curve, first, last, count);
  let best = first, least = Infinity;
  for (let i = 0; i <= count; i++) {
    const d = distance(starts, i * 3, c);
    if (d < least) { least = d; best = first + ((last - first) * i) / count; }
  }
  evaluateCurve(curve, best, at);
  let step = (last - first) / count;
  for (let i = 0; i < 30; i++) {
    const x = at[0] - c[0], y = at[1] - c[1], z = at[2] - c[2];
    const g = x * at[3] + y * at[4] + z * at[5];
    const gg = at[3] * at[3] + at[4] * at[4] + at[5] * at[5], h = gg + x * at[6] + y * at[7] + z * at[8];
    const move = Math.max(-step, Math.min(step, -g / (h > 0 ? h : gg)));
    const t = Math.min(last, Math.max(first, best + move));
    if (t === best) break; // at an end, and it only pulls outwards
    evaluateCurve(curve, t, tried);
    const d = distance(tried, 0, c);
    // The gain is below rounding: shorter steps give no more.
    if (Math.abs(g * (t - best)) <= 1e-16 * least * least) { at.set(tried); least = d; break; }
    if (d < least) { least = d; best = t; at.set(tried); } else step = Math.abs(move) / 2;
    if (!(step > 1e-14 * Math.abs(last - first)) || Math.abs(move) < 1e-14 * Math.abs(last - first)) break;
  }
  for (let k = 0; k < 3; k++) out[k] = at[k];
  return least;
}

/** `[(count+1)*3]` points of each curve asked before: every search starts from the same. */
const startPoints = new WeakMap<Curve, Float64Array>();

function startsOf(curve: Curve, first: number, last: number, count: number): Float64Array {
  let points = startPoints.get(curve);
  if (!points) {
    startPoints.set(curve, (points = new Float64Array((count + 1) * 3)));
    for (let i = 0; i <= count; i++) {
      evaluateCurve(curve, first + ((last - first) * i) / count, at);
      for (let k = 0; k < 3; k++) points[i * 3 + k] = at[k];
    }
  }
  return points;
}

const distance = (p: Float64Array, i: number, c: ArrayLike<number>): number => norm(p[i] - c[0], p[i + 1] - c[1], p[i + 2] - c[2]);

function onPolyline(p: Float64Array, c: ArrayLike<number>, out: Float64Array): number {
  let least = Infinity;
  for (let i = 0; i + 5 < p.length; i += 3) {
    const x = p[i], y = p[i + 1], z = p[i + 2], ex = p[i + 3] - x, ey = p[i + 4] - y, ez = p[i + 5] - z;
    const length2 = ex * ex + ey * ey + ez * ez;
    const t = length2 > 0 ? Math.min(1, Math.max(0, ((c[0] - x) * ex + (c[1] - y) * ey + (c[2] - z) * ez) / length2)) : 0;
    const qx = x + t * ex, qy = y + t * ey, qz = z + t * ez, d = norm(c[0] - qx, c[1] - qy, c[2] - qz);
    if (d < least) { least = d; out[0] = qx; out[1] = qy; out[2] = qz; }
  }
  return least;
}
