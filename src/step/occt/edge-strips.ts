import type { Curve } from "../../part/curve.ts";
import { evaluateCurve } from "../../part/evaluate-curve.ts";
import { evaluateExtended, SURFACE_POINT } from "../../part/evaluate-surface.ts";
import { closingSides } from "../../part/integrals/close-sides.ts";
import { COARSE, errorOf } from "../../part/integrals/gauss-kronrod.ts";
import { anglesOf } from "../../part/integrals/integrate-face.ts";
import { knotsInside } from "../../part/integrals/knots-inside.ts";
import { parameterBox } from "../../part/integrals/parameter-box.ts";
import { smoothPieces } from "../../part/integrals/smooth-pieces.ts";
import type { Surface } from "../../part/surface.ts";
import { cross, dot } from "../../geometry.ts";
import type { Vec3 } from "../../units.ts";
import type { ShapeIntegrals, TrimmedFace, TrimmedSide } from "./integrate-brep.ts";

/** Error asked for, as a share of the volume within the faces. */
const EPS = 1e-10;
/** A piece is halved at most this often. */
const HALVINGS = 6;

/**
 * Volume of the cones over the strips between where faces end and the edges they share, mm³. A face is trimmed along a
 * curve in its own parameters, which lies off the edge by up to the edge's tolerance, and the edge's curve may end beside its
 * vertices; faces alone leave gaps there, and another program draws those curves anew and ends them elsewhere. With
 * the strips and the triangles at the vertices the shell is closed, wherever the cones come from (the same point as those of
 * the faces), and its volume moves with the square of the tolerance only.
 * @param facesMm3 volume within the faces, for the error that may be left
 */
export function volumeOfEdgeStrips({ trims, referenceMm }: Pick<ShapeIntegrals, "trims" | "referenceMm">, facesMm3: number): number {
  const count = trims.reduce((sum, trim) => sum + (trim?.sides.length ?? 0), 0), allowedMm3 = (EPS * Math.abs(facesMm3)) / Math.max(1, count);
  let sum = 0;
  for (const trim of trims) if (trim) sum += (trim.reversed ? -1 : 1) * conesBesideFace(trim, referenceMm, allowedMm3);
  return sum;
}

/** Cones over the strips of one face, as if its outside were ∂S/∂u × ∂S/∂v. */
function conesBesideFace({ surface, sides }: TrimmedFace, r: Vec3, allowedMm3: number): number {
  let sum = 0;
  for (const { curve, reversed, edge, ends } of sides) {
    const outer = edge ?? segment(...ends), sign = reversed ? -1 : 1;
    sum += sign * (coneOverStrip(surface, curve, outer, r, allowedMm3) + coneOverCorner(surface, curve, outer, 1, ends[1], r) - coneOverCorner(surface, curve, outer, 0, ends[0], r));
  }
  for (const { curve, between: [i, next] } of closingSides(surface, sides)) sum += coneOverStrip(surface, curve, segment(lastOf(sides[i]), firstOf(sides[next])), r, allowedMm3);
  return sum;
}

const firstOf = ({ reversed, ends }: TrimmedSide): Vec3 => ends[reversed ? 1 : 0];
const lastOf = ({ reversed, ends }: TrimmedSide): Vec3 => ends[reversed ? 0 : 1];

const segment = (from: Vec3, to: Vec3): Curve => ({ kind: "line", origin: from, direction: [to[0] - from[0], to[1] - from[1], to[2] - from[2]], range: [0, 1] });

/** Cone over the triangle of the side's end on the surface, the edge's end and their vertex. */
function coneOverCorner(surface: Surface, side: Curve, edge: Curve, end: 0 | 1, vertex: Vec3, [rx, ry, rz]: Vec3): number {
  evaluateCurve(side, side.range[end], uv);
  evaluateExtended(surface, uv[0], uv[1], point);
  evaluateCurve(edge, edge.range[end], space);
  const a: Vec3 = [point[0] - rx, point[1] - ry, point[2] - rz], b: Vec3 = [space[0] - rx, space[1] - ry, space[2] - rz];
  return dot(cross(a, b), [vertex[0] - rx, vertex[1] - ry, vertex[2] - rz]) / 6;
}

/** Cone over the ruled surface between side A and edge B, which closes the face: smooth pieces of both, halved until the error is allowed. */
function coneOverStrip(surface: Surface, side: Curve, edge: Curve, r: Vec3, allowedMm3: number): number {
  const cuts = cutsOf(surface, side, edge), each = allowedMm3 / (cuts.length - 1);
  const piece = (low: number, high: number, allowed: number, halvings: number): number => {
    const { sum, error } = overPiece(surface, side, edge, r, low, high);
    if (error <= allowed || halvings === 0) return sum;
    const middle = (low + high) / 2;
    return piece(low, middle, allowed / 2, halvings - 1) + piece(middle, high, allowed / 2, halvings - 1);
  };
  let sum = 0;
  for (let i = 1; i < cuts.length; i++) sum += piece(cuts[i - 1], cuts[i], each, HALVINGS);
  return sum;
}

/** Parameters of the side between which side, surface and edge are smooth: the strip is as wide as two curves with knots of their own differ. */
function cutsOf(surface: Surface, side: Curve, edge: Curve): number[] {
  const [first, last] = side.range, [from, to] = edge.range, near = 1e-9 * (last - first);
  const cuts = smoothPieces(side, breaksOf(surface, side), anglesOf(surface));
  if (edge.kind !== "nurbs") return cuts;
  const own = Array.from(knotsInside(edge.knots, edge.period, edge.range), (t) => first + ((t - from) * (last - first)) / (to - from));
  return [...cuts, ...own].sort((a, b) => a - b).filter((t, i, all) => i === 0 || t - all[i - 1] > near);
}

const NONE = new Float64Array();

function breaksOf(surface: Surface, side: Curve): readonly [Float64Array, Float64Array] {
  if (surface.kind !== "nurbs") return [NONE, NONE];
  const { u, v } = parameterBox([side]);
  return [knotsInside(surface.knotsU, surface.periodU, u), knotsInside(surface.knotsV, surface.periodV, v)];
}

/** ∫ (A − r)·(D × A′ + D × D′ / 2) dt / 3 with D = B − A, and how far it may be off. Products are spelled out: this is the innermost loop. */
function overPiece(surface: Surface, side: Curve, edge: Curve, [rx, ry, rz]: Vec3, low: number, high: number): { sum: number; error: number } {
  const [first, last] = side.range, [from, to] = edge.range, speed = (to - from) / (last - first), half = (high - low) / 2;
  let kronrod = 0, gauss = 0, spread = 0;
  for (let k = 0; k < COARSE.points; k++) {
    const t = (low + high) / 2 + half * COARSE.nodes[k];
    evaluateCurve(side, t, uv);
    evaluateExtended(surface, uv[0], uv[1], point);
    evaluateCurve(edge, from + (t - first) * speed, space);
    const du = uv[3], dv = uv[4], x = point[0], y = point[1], z = point[2], dx = space[0] - x, dy = space[1] - y, dz = space[2] - z;
    // A′ + D′ / 2 = (A′ + B′) / 2
    const sx = (point[3] * du + point[6] * dv + space[3] * speed) / 2, sy = (point[4] * du + point[7] * dv + space[4] * speed) / 2, sz = (point[5] * du + point[8] * dv + space[5] * speed) / 2;
    const value = (half * ((x - rx) * (dy * sz - dz * sy) + (y - ry) * (dz * sx - dx * sz) + (z - rz) * (dx * sy - dy * sx))) / 3;
    kronrod += COARSE.kronrod[k] * value;
    gauss += COARSE.gauss[k] * value;
    spread += COARSE.kronrod[k] * Math.abs(value);
  }
  return { sum: kronrod, error: errorOf(Math.abs(kronrod - gauss), spread) };
}

const uv = new Float64Array(9), space = new Float64Array(9), point = new Float64Array(SURFACE_POINT);
