import type { Box } from "../units.ts";
import type { Curve } from "./curve.ts";
import { evaluateCurve } from "./evaluate-curve.ts";
import { SURFACE_POINT, evaluateSurface } from "./evaluate-surface.ts";
import type { EdgeNodes } from "./measure-gap.ts";
import { boxOfPoints } from "./mesh-measures.ts";
import type { Face, Facets } from "./part.ts";

/** Places on a face, highest first, from which its top is looked for. */
const STARTS = 24;
const STEPS = 40;
/** A face may rise above its facets by its deviation, whose bound rests on residuals at chosen places: this many times as much is allowed for. */
const SLACK = 3;

const s = new Float64Array(SURFACE_POINT), c = new Float64Array(9);

interface Top { readonly u: number; readonly v: number; readonly height: number }

/**
 * Smallest box round a body, mm: extremes of the exact edges and of the exact surfaces inside their trimmed faces. The
 * facets say where to look: their vertices lie on the body, and no face rises above them by more than it deviates.
 * @param edges in the order that `Face.edges` counts; those without parameters give their nodes only
 */
export function tightBox(faces: readonly Face[], facets: Facets, edges: readonly EdgeNodes[]): Box {
  const [low, high] = boxOfPoints(facets.positions), box = [[...low], [...high]], reaches = faces.map((face) => reachOf(face, facets));
  for (let k = 0; k < 3; k++) for (const sign of [-1, 1]) {
    const side = sign > 0 ? 1 : 0;
    let top = sign * box[side][k];
    const near = faces.filter((face, f) => reaches[f][k * 2 + side] + SLACK * facets.deviationMm[face.index] > top - 1e-9);
    for (const e of new Set(near.flatMap((face) => face.edges))) top = Math.max(top, edgeTop(edges[e], k, sign, top));
    for (const face of near) top = Math.max(top, faceTop(face, facets, edges, k, sign, top));
    box[side][k] = sign * top;
  }
  const [[x, y, z], [X, Y, Z]] = box;
  return [[x, y, z], [X, Y, Z]];
}

/** How far a face's facets reach towards −x, x, −y, y, −z, z. */
function reachOf(face: Face, { positions, indices }: Facets): Float64Array {
  const reach = new Float64Array(6).fill(-Infinity);
  for (let i = face.facets.start * 3, end = i + face.facets.count * 3; i < end; i++) for (let k = 0; k < 3; k++) {
    const at = positions[indices[i] * 3 + k];
    if (-at > reach[k * 2]) reach[k * 2] = -at;
    if (at > reach[k * 2 + 1]) reach[k * 2 + 1] = at;
  }
  return reach;
}

/** Where the poles stay below this height, so does what they make: weights are positive. */
function polesBelow(poles: Float64Array, k: number, sign: number, heightMm: number): boolean {
  for (let i = k; i < poles.length; i += 3) if (sign * poles[i] > heightMm) return false;
  return true;
}

/** Highest point of an edge: by formula on arcs, else looked for between the neighbours of its highest nodes. */
function edgeTop({ curve, parameters, points }: EdgeNodes, k: number, sign: number, known: number): number {
  const n = parameters.length;
  if (curve.kind === "line" || curve.kind === "other" || n < 2 || n !== points.length / 3) return known;
  if (curve.kind === "circle" || curve.kind === "ellipse") return Math.max(known, arcTop(curve, parameters[0], parameters[n - 1], k, sign));
  if (curve.kind === "nurbs" && polesBelow(curve.poles, k, sign, known)) return known;
  let top = known;
  const at = (t: number): number => { evaluateCurve(curve, t, c); return sign * c[k]; };
  for (let i = 0; i < n; i++) {
    const here = sign * points[i * 3 + k];
    if ((i > 0 && sign * points[i * 3 - 3 + k] > here) || (i < n - 1 && sign * points[i * 3 + 3 + k] > here)) continue;
    top = Math.max(top, golden(at, parameters[Math.max(0, i - 1)], parameters[Math.min(n - 1, i + 1)]));
  }
  return top;
}

/** Where o + a·cos t + b·sin t is highest between two parameters and not at one of them; −∞ when it is not. */
function arcTop(curve: Extract<Curve, { kind: "circle" | "ellipse" }>, from: number, to: number, k: number, sign: number): number {
  const { origin, x, y } = curve.frame, [major, minor] = curve.kind === "circle" ? [curve.radiusMm, curve.radiusMm] : [curve.majorMm, curve.minorMm];
  const a = sign * major * x[k], b = sign * minor * y[k], t = Math.atan2(b, a), low = Math.min(from, to), turn = 2 * Math.PI;
  return t + Math.ceil((low - t) / turn) * turn <= Math.max(from, to) ? sign * origin[k] + Math.hypot(a, b) : -Infinity;
}

const RATIO = (Math.sqrt(5) - 1) / 2;

/** Largest value of a function with one maximum between a and b; its own place matters less, so 40 cuts give all digits of the value. */
function golden(f: (t: number) => number, a: number, b: number): number {
  let p = b - RATIO * (b - a), q = a + RATIO * (b - a), fp = f(p), fq = f(q);
  for (let i = 0; i < 40; i++) {
    if (fp > fq) { b = q; q = p; fq = fp; p = b - RATIO * (b - a); fp = f(p); }
    else { a = p; p = q; fp = fq; q = a + RATIO * (b - a); fq = f(q); }
  }
  return Math.max(fp, fq);
}

/** Made of straight lines: these end at the face's edges, and so does what is highest. */
const RULED: ReadonlySet<Face["surface"]["kind"]> = new Set(["plane", "cylinder", "cone", "extrusion"]);

/** Highest point inside a trimmed face where its surface is level there; `known` when there is none above that. */
function faceTop(face: Face, facets: Facets, edges: readonly EdgeNodes[], k: number, sign: number, known: number): number {
  const { surface } = face;
  if (RULED.has(surface.kind) || surface.kind === "other" || facets.uvs.length === 0) return known;
  if (surface.kind === "nurbs" && polesBelow(surface.poles, k, sign, known)) return known;
  let top = known;
  for (const { height, uv: [u, v] } of starts(face, facets, k, sign, known)) {
    if (height < lowestStart(face, facets, top)) break;
    const found = climb(face, u, v, k, sign);
    if (found && found.height > top && within(face, facets, edges, found)) top = found.height;
  }
  return top;
}

/** Facets below this do not hide anything above what is known. */
const lowestStart = (face: Face, { deviationMm }: Facets, known: number): number => known - SLACK * deviationMm[face.index] - 1e-9;

/** Middles of the facets that reach highest, with their height. */
function starts(face: Face, facets: Facets, k: number, sign: number, known: number): { height: number; uv: [number, number] }[] {
  const { positions, indices, uvs } = facets, found: { height: number; uv: [number, number] }[] = [], lowest = lowestStart(face, facets, known);
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    let height = -Infinity, u = 0, v = 0;
    for (let j = 0; j < 3; j++) {
      const i = indices[t * 3 + j];
      height = Math.max(height, sign * positions[i * 3 + k]);
      u += uvs[i * 2] / 3; v += uvs[i * 2 + 1] / 3;
    }
    if (height > lowest) found.push({ height, uv: [u, v] });
  }
  return found.sort((a, b) => b.height - a.height).slice(0, STARTS);
}

/** Newton's way up to where the surface is level, in parameters scaled to lengths; undefined when it does not arrive. */
function climb({ surface }: Face, u: number, v: number, k: number, sign: number): Top | undefined {
  for (let i = 0; i < STEPS; i++) {
    evaluateSurface(surface, u, v, s);
    const lu = Math.hypot(s[3], s[4], s[5]), lv = Math.hypot(s[6], s[7], s[8]);
    if (!(lu > 0) || !(lv > 0)) return undefined;
    const gu = (sign * s[3 + k]) / lu, gv = (sign * s[6 + k]) / lv;
    if (Math.hypot(gu, gv) < 1e-9) return { u, v, height: sign * s[k] };
    const a = (-sign * s[9 + k]) / (lu * lu), b = (-sign * s[12 + k]) / (lu * lv), d = (-sign * s[15 + k]) / (lv * lv);
    // Lift the matrix until it is positive definite, so that every step goes up.
    const least = (a + d) / 2 - Math.hypot((a - d) / 2, b), size = Math.abs(a) + Math.abs(b) + Math.abs(d);
    const lift = least > 1e-9 * size ? 0 : 1e-6 * size - least + 1e-12;
    const det = (a + lift) * (d + lift) - b * b;
    u += ((d + lift) * gu - b * gv) / det / lu;
    v += ((a + lift) * gv - b * gu) / det / lv;
    if (!Number.isFinite(u) || !Number.isFinite(v)) return undefined;
  }
  return undefined;
}

/** True when a point of the surface lies inside the trimmed face: in one of its facets, or between a facet and the edge it cuts short. */
function within(face: Face, facets: Facets, edges: readonly EdgeNodes[], { u, v }: Top): boolean {
  const { indices, uvs } = facets;
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const a = indices[t * 3] * 2, b = indices[t * 3 + 1] * 2, d = indices[t * 3 + 2] * 2;
    const turn = (p: number, q: number): number => (uvs[q] - uvs[p]) * (v - uvs[p + 1]) - (uvs[q + 1] - uvs[p + 1]) * (u - uvs[p]);
    const x = turn(a, b), y = turn(b, d), z = turn(d, a);
    if ((x >= 0 && y >= 0 && z >= 0) || (x <= 0 && y <= 0 && z <= 0)) return true;
  }
  return besideEdge(face, facets, edges, u, v);
}

/** For a point outside the facets: on the facets' side of the nearest exact edge, and nearer to it than its chord strays. */
function besideEdge(face: Face, facets: Facets, edges: readonly EdgeNodes[], u: number, v: number): boolean {
  evaluateSurface(face.surface, u, v, s);
  const p = [s[0], s[1], s[2]];
  let best = { off: Infinity, edge: -1, i: 0 };
  for (const e of face.edges) for (let i = 1; i < edges[e].points.length / 3; i++) {
    const off = Math.hypot(...[0, 1, 2].map((j) => (edges[e].points[i * 3 + j] + edges[e].points[i * 3 - 3 + j]) / 2 - p[j]));
    if (off < best.off) best = { off, edge: e, i };
  }
  const edge = edges[best.edge];
  if (!edge || edge.curve.kind === "other" || edge.parameters.length !== edge.points.length / 3) return false;
  const chord = (j: number): number => edge.points[best.i * 3 + j] - edge.points[best.i * 3 - 3 + j];
  if (best.off > Math.hypot(chord(0), chord(1), chord(2))) return false;
  const at = (t: number): number => { evaluateCurve(edge.curve, t, c); return -Math.hypot(c[0] - p[0], c[1] - p[1], c[2] - p[2]); };
  let t = 0, near = -Infinity;
  for (let i = 0, t0 = edge.parameters[best.i - 1], t1 = edge.parameters[best.i]; i <= 256; i++) {
    const off = at(t0 + ((t1 - t0) * i) / 256);
    if (off > near) { near = off; t = t0 + ((t1 - t0) * i) / 256; }
  }
  const inner = thirdVertex(face, facets, edge.points, best.i);
  if (!inner) return false;
  evaluateCurve(edge.curve, t, c);
  const tangent = [c[3], c[4], c[5]], square = tangent[0] ** 2 + tangent[1] ** 2 + tangent[2] ** 2;
  const to = inner.map((x, j) => x - c[j]), along = (to[0] * tangent[0] + to[1] * tangent[1] + to[2] * tangent[2]) / square;
  return [0, 1, 2].reduce((sum, j) => sum + (to[j] - along * tangent[j]) * (p[j] - c[j]), 0) >= 0;
}

/** The corner opposite to an edge's chord in the facet of this face that stands on it. */
function thirdVertex(face: Face, { positions, indices }: Facets, points: Float64Array, i: number): number[] | undefined {
  const is = (vertex: number, node: number): boolean => [0, 1, 2].every((j) => positions[vertex * 3 + j] === points[node * 3 + j]);
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const corners = [indices[t * 3], indices[t * 3 + 1], indices[t * 3 + 2]];
    const a = corners.findIndex((corner) => is(corner, i - 1)), b = corners.findIndex((corner) => is(corner, i));
    if (a >= 0 && b >= 0) return Array.from(positions.subarray(corners[3 - a - b] * 3, corners[3 - a - b] * 3 + 3));
  }
  return undefined;
}
