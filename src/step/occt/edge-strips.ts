import type { Curve } from "../../part/curve.ts";
import { evaluateCurve } from "../../part/evaluate-curve.ts";
import { evaluateTangents, SURFACE_POINT } from "../../part/evaluate-surface.ts";
import { COARSE, errorOf } from "../../part/integrals/gauss-kronrod.ts";
import { anglesOf } from "../../part/integrals/integrate-face.ts";
import { knotsInside } from "../../part/integrals/knots-inside.ts";
import { parameterBox } from "../../part/integrals/parameter-box.ts";
import { smoothPieces } from "../../part/integrals/smooth-pieces.ts";
import type { Surface } from "../../part/surface.ts";
import type { Vec3 } from "../../units.ts";
import type { ShapeIntegrals } from "./integrate-brep.ts";

/** Error asked for, as a share of the volume within the faces. */
const EPS = 1e-10;
/** A piece is halved at most this often. */
const HALVINGS = 6;

/**
 * Volume of the cones over the strips between where faces end and the edges they share, mm³. A face is trimmed along a
 * curve in its own parameters, which lies off the edge by up to the edge's tolerance; faces alone leave gaps there, and another
 * program draws those curves anew. With the strips the shell is closed along its edges, and its volume moves
 * with the square of the tolerance only. The cones come from the same point as those of the faces.
 * @param facesMm3 volume within the faces, for the error that may be left
 */
export function volumeOfEdgeStrips({ trims, referenceMm }: Pick<ShapeIntegrals, "trims" | "referenceMm">, facesMm3: number): number {
  const count = trims.reduce((sum, trim) => sum + (trim?.sides.length ?? 0), 0), allowedMm3 = (EPS * Math.abs(facesMm3)) / Math.max(1, count);
  let sum = 0;
  for (const trim of trims) for (const side of trim?.sides ?? []) {
    if (trim && side.edge) sum += (trim.reversed === side.reversed ? 1 : -1) * coneOverStrip(trim.surface, side.curve, side.edge, referenceMm, allowedMm3);
  }
  return sum;
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
    evaluateTangents(surface, uv[0], uv[1], point);
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
