import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../part/evaluate-surface.ts";
import type { Face, Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { cross, dot, norm } from "../geometry.ts";
import { pointAt } from "./vec3.ts";

/** The part of a face whose draft lies strictly within ±limit. */
export interface DraftBand {
  readonly areaMm2: number;
  /** Extent along the direction, mm; low > high when the band is empty. */
  readonly lowMm: number;
  readonly highMm: number;
  /** Where the absolute draft is least in the band. */
  readonly at: Vec3;
  readonly leastSine: number;
}

type Weights = readonly [number, number, number];

/** A corner of a piece: barycentric place in its facet, exact point, n · d, and surface area per unit of barycentric area there, mm². */
interface Corner { readonly w: Weights; readonly p: Vec3; readonly sine: number; readonly stretch: number }

/** A triangle is split no further when n · d is this close to linear over it, as a fraction of the band's half width. */
const LINEAR = 0.005;
const DEPTH = 14;

/**
 * Area and extent of the band |n · d| < sine on a face. Facets are split across the band on the exact surface until
 * n · d is linear over each piece to 0.5 % of the band's half width, then clipped; facets marked in `skip` are left out.
 * Where the surface has no formula the facet's own normals, taken as linear, stand in.
 * @param direction unit
 * @param skip `[facets of the body]` 1 to leave out
 */
export function draftBand(facets: Facets, face: Face, direction: Vec3, sine: number, skip?: Uint8Array): DraftBand {
  const sum: Sum = { area: 0, low: Infinity, high: -Infinity, at: [0, 0, 0], least: Infinity };
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const at = cornerEvaluator(facets, face, t, direction);
    if (!skip?.[t]) collect([at([1, 0, 0]), at([0, 1, 0]), at([0, 0, 1])], at, direction, sine, DEPTH, sum);
  }
  return { areaMm2: sum.area, lowMm: sum.low, highMm: sum.high, at: sum.at, leastSine: sum.least };
}

type Evaluator = (w: Weights) => Corner;
const scratch = new Float64Array(SURFACE_POINT);

/** Points and n · d anywhere on a facet: on the surface where there is a formula, else linear. */
function cornerEvaluator(facets: Facets, face: Face, t: number, d: Vec3): Evaluator {
  const [a, b, c] = [facets.indices[t * 3], facets.indices[t * 3 + 1], facets.indices[t * 3 + 2]];
  const blend = (packed: Float64Array, [wa, wb, wc]: readonly number[]): Vec3 => {
    const [p, q, r] = [pointAt(packed, a), pointAt(packed, b), pointAt(packed, c)];
    return [wa * p[0] + wb * q[0] + wc * r[0], wa * p[1] + wb * q[1] + wc * r[1], wa * p[2] + wb * q[2] + wc * r[2]];
  };
  const chord = area(pointAt(facets.positions, a), pointAt(facets.positions, b), pointAt(facets.positions, c));
  const linear: Evaluator = (w) => ({ w, p: blend(facets.positions, w), sine: dot(blend(facets.normals, w), d), stretch: chord });
  const { surface } = face, { uvs } = facets;
  if (surface.kind === "plane" || surface.kind === "other" || uvs.length === 0) return linear;
  const n = [0, 0, 0];
  const inParameters = Math.abs((uvs[b * 2] - uvs[a * 2]) * (uvs[c * 2 + 1] - uvs[a * 2 + 1]) - (uvs[c * 2] - uvs[a * 2]) * (uvs[b * 2 + 1] - uvs[a * 2 + 1])) / 2;
  const at = (w: Weights, ownStretch: boolean): Corner => {
    const u = w[0] * uvs[a * 2] + w[1] * uvs[b * 2] + w[2] * uvs[c * 2];
    const v = w[0] * uvs[a * 2 + 1] + w[1] * uvs[b * 2 + 1] + w[2] * uvs[c * 2 + 1];
    evaluateSurface(surface, u, v, scratch);
    if (!surfaceNormal(scratch, face.reversed, n)) return linear(w);
    const x = scratch[4] * scratch[8] - scratch[5] * scratch[7], y = scratch[5] * scratch[6] - scratch[3] * scratch[8], z = scratch[3] * scratch[7] - scratch[4] * scratch[6];
    return { w, p: [scratch[0], scratch[1], scratch[2]], sine: n[0] * d[0] + n[1] * d[1] + n[2] * d[2], stretch: ownStretch ? inParameters * norm(x, y, z) : chord };
  };
  // A facet at a pole covers more than its parameter triangle: its own area serves there.
  const own = Math.abs(at([1 / 3, 1 / 3, 1 / 3], true).stretch / chord - 1) < 0.3;
  return (w) => at(w, own);
}

interface Sum { area: number; low: number; high: number; at: Vec3; least: number }

function collect(c: [Corner, Corner, Corner], at: Evaluator, d: Vec3, sine: number, depth: number, sum: Sum): void {
  const mid = (i: number, j: number): Corner => at([(c[i].w[0] + c[j].w[0]) / 2, (c[i].w[1] + c[j].w[1]) / 2, (c[i].w[2] + c[j].w[2]) / 2]);
  const spread = [Math.abs(c[0].sine - c[1].sine), Math.abs(c[1].sine - c[2].sine), Math.abs(c[2].sine - c[0].sine)];
  const m = [mid(0, 1), mid(1, 2), mid(2, 0)];
  const bend = Math.max(...m.map((x, i) => Math.abs(x.sine - (c[i].sine + c[(i + 1) % 3].sine) / 2)));
  const low = Math.min(c[0].sine, c[1].sine, c[2].sine), high = Math.max(c[0].sine, c[1].sine, c[2].sine);
  if (low - 4 * bend >= sine || high + 4 * bend <= -sine) return;
  if (depth === 0 || bend <= LINEAR * sine || (low >= -sine + 4 * bend && high <= sine - 4 * bend)) return clip(c, d, sine, sum);
  // Bisect where n · d changes most, or the longest side where it hardly changes: pieces stay few across a band.
  const lengths = [length(c[0].p, c[1].p), length(c[1].p, c[2].p), length(c[2].p, c[0].p)];
  const widest = Math.max(...spread), i = widest > 2 * bend ? spread.indexOf(widest) : lengths.indexOf(Math.max(...lengths));
  const j = (i + 1) % 3, k = (i + 2) % 3;
  collect([c[i], m[i], c[k]], at, d, sine, depth - 1, sum);
  collect([m[i], c[j], c[k]], at, d, sine, depth - 1, sum);
}

/** Cuts the triangle to −sine < n · d < sine with n · d linear over it, and adds what is left. */
function clip(c: readonly Corner[], d: Vec3, sine: number, sum: Sum): void {
  let polygon = c.map(({ p, sine: s, w, stretch }) => ({ p, s, w, stretch }));
  for (const sign of [1, -1]) {
    const out: typeof polygon = [];
    polygon.forEach((a, i) => {
      const b = polygon[(i + 1) % polygon.length], sa = sine - sign * a.s, sb = sine - sign * b.s;
      if (sa > 0) out.push(a);
      if (sa > 0 !== sb > 0) { const f = sa / (sa - sb); out.push({ p: mix(a.p, b.p, f), s: a.s + f * (b.s - a.s), w: mix(a.w, b.w, f), stretch: a.stretch + f * (b.stretch - a.stretch) }); }
    });
    polygon = out;
  }
  if (polygon.length < 3) return;
  for (let i = 1; i + 1 < polygon.length; i++) {
    const [q, r, t] = [polygon[0], polygon[i], polygon[i + 1]];
    sum.area += (Math.abs(dot(q.w, cross(r.w, t.w))) * (q.stretch + r.stretch + t.stretch)) / 3;
  }
  polygon.forEach(({ p, s }, i) => {
    const next = polygon[(i + 1) % polygon.length];
    // The line of no draft runs through here.
    if (s > 0 !== next.s > 0 && sum.least > 0) { sum.least = 0; sum.at = mix(p, next.p, s / (s - next.s)); }
    const height = dot(p, d);
    sum.low = Math.min(sum.low, height); sum.high = Math.max(sum.high, height);
    if (Math.abs(s) < sum.least) { sum.least = Math.abs(s); sum.at = p; }
  });
}

const mix = (a: Vec3, b: Vec3, f: number): Vec3 => [a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])];
const length = (a: Vec3, b: Vec3): number => norm(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function area(a: Vec3, b: Vec3, c: Vec3): number {
  const ux = b[0] - a[0], uy = b[1] - a[1], uz = b[2] - a[2], vx = c[0] - a[0], vy = c[1] - a[1], vz = c[2] - a[2];
  return norm(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
