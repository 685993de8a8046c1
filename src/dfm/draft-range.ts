import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../part/evaluate-surface.ts";
import type { Body, Face } from "../part/part.ts";
import type { Frame } from "../part/surface.ts";
import { degrees, type Vec3 } from "../units.ts";
import { curveExtremes, type ValueAt } from "./curve-extremes.ts";
import { ANALYTIC_KINDS, normalOnSurface } from "./normal-on-surface.ts";
import { cross, dot } from "../geometry.ts";
import { lengthOf, minus, pointAt } from "./vec3.ts";
import { inParameters } from "./in-parameters.ts";

/**
 * Signed draft of a trimmed face against a direction: asin(n · d) in degrees, positive where the face looks along
 * the direction. Each end of the range is known within `errorDeg`.
 */
export interface DraftRange {
  readonly minDeg: number;
  readonly maxDeg: number;
  readonly errorDeg: number;
  readonly minAt: Vec3;
  readonly maxAt: Vec3;
}

/** Draft within this of a limit counts as equal to it, and within this of 0° as parallel, degrees. */
export const DRAFT_TOLERANCE_DEG = 1e-7;

/** Residual asked of freeform faces, degrees. */
const FREEFORM_DEG = 0.005;

/** Where a freeform surface has no normal (a patch that runs to a point) what is left around that point is not looked at below this size, mm. */
const SPECK_MM = 0.01;

/** Draft of a unit normal against a unit direction, degrees; well conditioned at ±90° too. */
export const draftOf = (n: Vec3, d: Vec3): number => degrees(Math.atan2(dot(n, d), lengthOf(cross(n, d))));

/**
 * Draft range of a face. On plane, cylinder, cone, sphere and torus n · d has no extreme inside but at n = ±d (on
 * cylinder and cone it depends on the angle alone, which the border runs through): so the border's curves, searched
 * to rounding, and those points give the range to 1e-9°. On other surfaces the facets' parameter triangles are
 * split, the worst first, until the quadratic's bound and its measured residual leave less than 0.005°, or the half of what draft
 * changes by over one triangle where that is less; a speck of 0.01 mm around a point without a normal is left out.
 * @param direction unit
 * @param subdivisions most triangles looked at on one freeform face
 */
export function draftRange(body: Pick<Body, "edges" | "facets">, face: Face, direction: Vec3, subdivisions = 4096): DraftRange {
  if (ANALYTIC_KINDS.has(face.surface.kind)) return analyticRange(body, face, direction) ?? vertexRange(body, face, direction);
  if (face.surface.kind === "other" || body.facets.uvs.length === 0) return vertexRange(body, face, direction);
  return freeformRange(body, face, direction, subdivisions);
}

/** Smallest absolute draft in a range, degrees. */
export const leastDraft = ({ minDeg, maxDeg }: Pick<DraftRange, "minDeg" | "maxDeg">): number =>
  minDeg <= 0 && maxDeg >= 0 ? 0 : Math.min(Math.abs(minDeg), Math.abs(maxDeg));

function analyticRange(body: Pick<Body, "edges" | "facets">, face: Face, d: Vec3): DraftRange | undefined {
  const { surface } = face;
  // A border may reach beyond a cone's point by rounding, onto the other half.
  const blunt = surface.kind === "cone" ? face.edges.reduce((most, e) => Math.max(most, body.edges[e].toleranceMm), 0) : 0;
  const f = (p: Vec3): number => { const n = surface.kind === "cone" && fromAxis(surface.frame, p) <= blunt ? undefined : normalOnSurface(face, p); return n ? draftOf(n, d) : NaN; };
  const first = face.facets.count > 0 ? pointAt(body.facets.positions, body.facets.indices[face.facets.start * 3]) : undefined;
  if (surface.kind === "plane") {
    if (!first) return undefined;
    const value = f(first);
    return { minDeg: value, maxDeg: value, errorDeg: 1e-9, minAt: first, maxAt: first };
  }
  let min: ValueAt | undefined, max: ValueAt | undefined, errorDeg = 1e-9;
  const take = (v: ValueAt): void => {
    if (!isFinite(v.value)) return;
    if (!min || v.value < min.value) min = v;
    if (!max || v.value > max.value) max = v;
  };
  for (const e of face.edges) {
    const edge = body.edges[e], found = curveExtremes(edge.curve, f, Math.max(24, (edge.points.length / 3) * 2));
    if (found) { take(found.min); take(found.max); continue; }
    for (let i = 0; i < edge.points.length / 3; i++) { const at = pointAt(edge.points, i); take({ value: f(at), at }); }
    errorDeg = Math.max(errorDeg, degrees(edge.toleranceMm / smallestRadius(face)) + 0.01);
  }
  for (const sign of [1, -1]) for (const at of pointsFacing(face, d, sign)) if (inParameters(body.facets, face, at.u, at.v)) take({ value: sign * 90, at: at.p });
  // A face without a border of its own curves (a whole torus with degenerate seams, say) still has its vertices.
  if (!min || !max) return undefined;
  return { minDeg: min.value, maxDeg: max.value, errorDeg, minAt: min.at, maxAt: max.at };
}

const fromAxis = ({ origin, z }: Frame, p: Vec3): number => lengthOf(cross(minus(p, origin), z));

function smallestRadius({ surface }: Face): number {
  return surface.kind === "torus" ? surface.minorMm : "radiusMm" in surface && surface.radiusMm > 0 ? surface.radiusMm : 1;
}

/** Points of the untrimmed sphere or torus whose outward normal is sign·d, with their parameters. */
function pointsFacing({ surface, reversed }: Face, d: Vec3, sign: number): { u: number; v: number; p: Vec3 }[] {
  if (surface.kind !== "sphere" && surface.kind !== "torus") return [];
  const { frame } = surface, out: { u: number; v: number; p: Vec3 }[] = [];
  const x = dot(d, frame.x), y = dot(d, frame.y), z = dot(d, frame.z), r = Math.hypot(x, y);
  const candidates: [u: number, v: number][] = [];
  for (const s of [1, -1]) {
    const u = Math.atan2(s * y, s * x);
    candidates.push([u, Math.atan2(s * z, r)], [u, Math.atan2(s * z, -r)]);
  }
  for (const [u, v] of candidates) {
    if (surface.kind === "sphere" && Math.cos(v) < -1e-12) continue;
    evaluateSurface(surface, u, v, scratch);
    const n = normalOnSurface({ surface, reversed }, [scratch[0], scratch[1], scratch[2]]);
    if (n && dot(n, d) * sign > 1 - 1e-9) out.push({ u, v, p: [scratch[0], scratch[1], scratch[2]] });
  }
  return out;
}

/** Range over the facets' own normals: all there is without a formula. The error says so. */
function vertexRange({ facets }: Pick<Body, "facets">, face: Face, d: Vec3): DraftRange {
  let min: ValueAt = { value: 90, at: [0, 0, 0] }, max: ValueAt = { value: -90, at: [0, 0, 0] }, turn = 0;
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    let low = 90, high = -90;
    for (let k = 0; k < 3; k++) {
      const i = facets.indices[t * 3 + k], at = pointAt(facets.positions, i), value = draftOf(pointAt(facets.normals, i), d);
      low = Math.min(low, value); high = Math.max(high, value);
      if (value < min.value) min = { value, at };
      if (value > max.value) max = { value, at };
    }
    turn = Math.max(turn, high - low);
  }
  return { minDeg: min.value, maxDeg: max.value, errorDeg: Math.max(0.05, turn / 2), minAt: min.at, maxAt: max.at };
}

const scratch = new Float64Array(SURFACE_POINT);
const normal = [0, 0, 0];

/** A parameter triangle with its bounds. `apart` is the only corner that has a normal, −1 where there are more or none. */
interface Cell { readonly uv: readonly number[]; readonly low: number; readonly high: number; readonly apart: number; readonly spread: number }

function freeformRange({ facets }: Pick<Body, "facets">, face: Face, d: Vec3, subdivisions: number): DraftRange {
  let min: ValueAt = { value: 90, at: [0, 0, 0] }, max: ValueAt = { value: -90, at: [0, 0, 0] };
  const f = (u: number, v: number): number => {
    evaluateSurface(face.surface, u, v, scratch);
    if (!surfaceNormal(scratch, face.reversed, normal)) return NaN;
    const value = draftOf([normal[0], normal[1], normal[2]], d), at: Vec3 = [scratch[0], scratch[1], scratch[2]];
    if (value < min.value) min = { value, at };
    if (value > max.value) max = { value, at };
    return value;
  };
  const place = (u: number, v: number): Vec3 => { evaluateSurface(face.surface, u, v, scratch); return [scratch[0], scratch[1], scratch[2]]; };
  const isSpeck = (uv: readonly number[]): boolean => {
    const [a, b, c] = [place(uv[0], uv[1]), place(uv[2], uv[3]), place(uv[4], uv[5])];
    return Math.max(lengthOf(minus(a, b)), lengthOf(minus(b, c)), lengthOf(minus(c, a))) < SPECK_MM;
  };
  let cells: Cell[] = [];
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const uv: number[] = [];
    for (let k = 0; k < 3; k++) { const i = facets.indices[t * 3 + k]; uv.push(facets.uvs[i * 2], facets.uvs[i * 2 + 1]); }
    cells.push(boundCell(uv, f, isSpeck));
  }
  let left = Math.max(subdivisions, cells.length), low = 90, high = -90;
  const open = (c: Cell): boolean => c.low < min.value - FREEFORM_DEG || c.high > max.value + FREEFORM_DEG;
  for (;;) {
    const split = left > 0 ? cells.filter(open) : [];
    for (const c of cells) {
      if (split.length > 0 && open(c)) continue;
      const unseen = Math.min(FREEFORM_DEG, c.spread / 2);
      low = Math.min(low, c.low - unseen); high = Math.max(high, c.high + unseen);
    }
    if (split.length === 0) break;
    left -= split.length * 4;
    cells = split.flatMap((c) => splitCell(c).map((uv) => boundCell(uv, f, isSpeck)));
  }
  return { minDeg: min.value, maxDeg: max.value, errorDeg: Math.max(1e-9, min.value - low, high - max.value), minAt: min.at, maxAt: max.at };
}

/** Bounds of f over a parameter triangle: the Bézier hull of the quadratic through six points, widened by four times the residual measured at the centre; all there can be around a point without a normal, nothing in a speck there. */
function boundCell(uv: readonly number[], f: (u: number, v: number) => number, isSpeck: (uv: readonly number[]) => boolean): Cell {
  const [a, b, c] = [f(uv[0], uv[1]), f(uv[2], uv[3]), f(uv[4], uv[5])];
  const ab = f((uv[0] + uv[2]) / 2, (uv[1] + uv[3]) / 2), bc = f((uv[2] + uv[4]) / 2, (uv[3] + uv[5]) / 2), ca = f((uv[4] + uv[0]) / 2, (uv[5] + uv[1]) / 2);
  const m = f((uv[0] + uv[2] + uv[4]) / 3, (uv[1] + uv[3] + uv[5]) / 3);
  const hull = [a, b, c, 2 * ab - (a + b) / 2, 2 * bc - (b + c) / 2, 2 * ca - (c + a) / 2].filter(isFinite);
  const predicted = (4 * (ab + bc + ca) - (a + b + c)) / 9;
  const slack = isFinite(predicted - m) ? 4 * Math.abs(predicted - m) : isSpeck(uv) ? 0 : 90;
  const known = [a, b, c].map(isFinite), met = [a, b, c, ab, bc, ca, m].filter(isFinite);
  return { uv, spread: Math.max(...met) - Math.min(...met), low: Math.min(...hull) - slack, high: Math.max(...hull) + slack, apart: known.filter(Boolean).length === 1 ? known.indexOf(true) : -1 };
}

/** Four quarters; where two corners are one point of the patch, its end is cut off across instead, or the cells along that end would double each time. */
function splitCell({ uv, apart }: Cell): number[][] {
  if (apart < 0) return quarter(uv);
  const [a, b, c] = [1, 2, 3].map((k) => ((apart + k) % 3) * 2), m = (i: number): [number, number] => [(uv[i] + uv[c]) / 2, (uv[i + 1] + uv[c + 1]) / 2];
  const p = [uv[a], uv[a + 1]], q = [uv[b], uv[b + 1]], [ca, cb] = [m(a), m(b)];
  return [[...p, ...q, ...cb], [...p, ...cb, ...ca], [...ca, ...cb, uv[c], uv[c + 1]]];
}

function quarter(t: readonly number[]): number[][] {
  const m = (i: number, j: number): [number, number] => [(t[i * 2] + t[j * 2]) / 2, (t[i * 2 + 1] + t[j * 2 + 1]) / 2];
  const [ab, bc, ca] = [m(0, 1), m(1, 2), m(2, 0)];
  return [[t[0], t[1], ...ab, ...ca], [...ab, t[2], t[3], ...bc], [...ca, ...bc, t[4], t[5]], [...ab, ...bc, ...ca]];
}
