import { cross, dot } from "../../geometry.ts";
import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../../part/evaluate-surface.ts";
import type { Frame, NurbsSurface, Surface } from "../../part/surface.ts";

/** Degree of the pieces an offset is written in, and how far it may be off between their nodes, mm. */
const DEGREE = 7, FIT_MM = 1e-7;
/** Pieces are halved so often, and there are no more poles than this. */
const HALVINGS = 4, MOST_POLES = 200_000;
/** Places between the nodes of a piece at which the fit is held against the offset. */
const BETWEEN = [0.05, 0.27, 0.5, 0.73, 0.95];

/**
 * The surface at a distance from another along ∂S/∂u × ∂S/∂v, with the same parameters: of the same kind where that is elementary, of a
 * B-spline surface a B-spline surface of higher degree within 1e-7 mm of it. Undefined where there is no such surface: other
 * kinds, a radius that becomes negative, a surface with creases.
 */
export function offsetSurface(base: Surface, distanceMm: number): Surface | undefined {
  const hand = "frame" in base ? handOf(base.frame) : 1, d = distanceMm * hand;
  switch (base.kind) {
    case "plane": return { ...base, frame: moved(base.frame, d) };
    case "cylinder": case "sphere": return base.radiusMm + d > 0 ? { ...base, radiusMm: base.radiusMm + d } : undefined;
    case "torus": return base.minorMm + d > 0 ? { ...base, minorMm: base.minorMm + d } : undefined;
    case "cone": return { ...base, frame: moved(base.frame, -d * Math.sin(base.halfAngleRad)), radiusMm: base.radiusMm + d * Math.cos(base.halfAngleRad) };
    case "nurbs": return fitted(base, distanceMm);
    default: return undefined;
  }
}

const handOf = ({ x, y, z }: Frame): 1 | -1 => (dot(cross(x, y), z) < 0 ? -1 : 1);
const moved = (frame: Frame, by: number): Frame => ({ ...frame, origin: [frame.origin[0] + by * frame.z[0], frame.origin[1] + by * frame.z[1], frame.origin[2] + by * frame.z[2]] });

function fitted(base: NurbsSurface, distanceMm: number): NurbsSurface | undefined {
  let u = breaksOf(base.knotsU, base.degreeU, base.countU), v = breaksOf(base.knotsV, base.degreeV, base.countV);
  for (let i = 0; i <= HALVINGS && u.length * v.length * DEGREE ** 2 < MOST_POLES; i++) {
    const fit = fit7(base, distanceMm, u, v);
    if (!fit) return undefined;
    if (worst(base, distanceMm, fit, u, v) <= FIT_MM) return fit;
    u = halved(u); v = halved(v);
  }
  return undefined;
}

/** Distinct knots from the first to the last of the range. */
const breaksOf = (knots: Float64Array, degree: number, count: number): number[] => [...new Set(knots.subarray(degree, count + 1))];
const halved = (breaks: readonly number[]): number[] => breaks.flatMap((b, i) => (i === 0 ? [b] : [(breaks[i - 1] + b) / 2, b]));

const point = new Float64Array(SURFACE_POINT), normal = new Float64Array(3);

function offsetAt(base: NurbsSurface, distanceMm: number, u: number, v: number, out: Float64Array, at: number): boolean {
  evaluateSurface(base, u, v, point);
  if (!surfaceNormal(point, false, normal)) return false;
  for (let k = 0; k < 3; k++) out[at + k] = point[k] + distanceMm * normal[k];
  return true;
}

/** Interpolates at Chebyshev–Lobatto nodes of every piece; neighbours share the nodes on their border. */
function fit7(base: NurbsSurface, distanceMm: number, u: readonly number[], v: readonly number[]): NurbsSurface | undefined {
  const n = DEGREE + 1, countU = (u.length - 1) * DEGREE + 1, countV = (v.length - 1) * DEGREE + 1, poles = new Float64Array(countU * countV * 3);
  const values = new Float64Array(n * n * 3), half = new Float64Array(n * n * 3);
  for (let a = 0; a + 1 < u.length; a++) for (let b = 0; b + 1 < v.length; b++) {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
      if (!offsetAt(base, distanceMm, between(u, a, NODES[i]), between(v, b, NODES[j]), values, (i * n + j) * 3)) return undefined;
    }
    half.fill(0);
    for (let i = 0; i < n; i++) for (let m = 0; m < n; m++) for (let c = 0; c < n * 3; c++) half[i * n * 3 + c] += TO_POLES[i][m] * values[m * n * 3 + c];
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let m = 0; m < n; m++) sum += TO_POLES[j][m] * half[(i * n + m) * 3 + k];
      poles[((a * DEGREE + i) * countV + b * DEGREE + j) * 3 + k] = sum;
    }
  }
  return { kind: "nurbs", degreeU: DEGREE, degreeV: DEGREE, countU, countV, knotsU: flat(u), knotsV: flat(v), poles, weights: new Float64Array(0), periodU: base.periodU, periodV: base.periodV };
}

const flat = (breaks: readonly number[]): Float64Array => Float64Array.from(breaks.flatMap((b, i) => new Array<number>(i === 0 || i === breaks.length - 1 ? DEGREE + 1 : DEGREE).fill(b)));
const between = (breaks: readonly number[], i: number, share: number): number => (share === 1 ? breaks[i + 1] : breaks[i] + share * (breaks[i + 1] - breaks[i]));

/** The largest distance of the fit from the offset between the nodes, mm. */
function worst(base: NurbsSurface, distanceMm: number, fit: NurbsSurface, u: readonly number[], v: readonly number[]): number {
  const want = new Float64Array(3);
  let most = 0;
  for (let a = 0; a + 1 < u.length; a++) for (let b = 0; b + 1 < v.length; b++) for (const s of BETWEEN) for (const t of BETWEEN) {
    const x = between(u, a, s), y = between(v, b, t);
    if (!offsetAt(base, distanceMm, x, y, want, 0)) return Infinity;
    evaluateSurface(fit, x, y, point);
    most = Math.max(most, Math.hypot(point[0] - want[0], point[1] - want[1], point[2] - want[2]));
  }
  return most;
}

const NODES = Array.from({ length: DEGREE + 1 }, (_, i) => (1 - Math.cos((i * Math.PI) / DEGREE)) / 2);
const TO_POLES = inverse(NODES.map((t) => bernstein(t)));

function bernstein(t: number): number[] {
  let row = [1];
  for (let d = 1; d <= DEGREE; d++) row = Array.from({ length: d + 1 }, (_, i) => (1 - t) * (row[i] ?? 0) + t * (row[i - 1] ?? 0));
  return row;
}

/** Gauss–Jordan with pivots. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length, rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let i = 0; i < n; i++) {
    const pivot = rows.reduce((best, row, r) => (r >= i && Math.abs(row[i]) > Math.abs(rows[best][i]) ? r : best), i);
    [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
    const by = rows[i][i];
    rows[i] = rows[i].map((x) => x / by);
    for (let r = 0; r < n; r++) if (r !== i) { const f = rows[r][i]; rows[r] = rows[r].map((x, c) => x - f * rows[i][c]); }
  }
  return rows.map((row) => row.slice(n));
}
