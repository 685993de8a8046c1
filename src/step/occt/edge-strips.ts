import { cross, dot } from "../../geometry.ts";
import type { Curve } from "../../part/curve.ts";
import { evaluateCurve } from "../../part/evaluate-curve.ts";
import { evaluateSurface, SURFACE_POINT } from "../../part/evaluate-surface.ts";
import { COARSE } from "../../part/integrals/gauss-kronrod.ts";
import { smoothPieces } from "../../part/integrals/smooth-pieces.ts";
import type { Surface } from "../../part/surface.ts";
import type { Vec3 } from "../../units.ts";
import type { ShapeIntegrals, TrimmedSide } from "./integrate-brep.ts";

/** Pieces of a side on which a strip is integrated: its width is the difference of two curves with knots of their own. */
const PIECES = 8;
const NOWHERE = new Float64Array();

/**
 * Volume of the cones over the strips between where faces end and the edges they share, mm³. A face is trimmed along a
 * curve in its own parameters, which lies off the edge by up to the edge's tolerance; faces alone leave gaps there, and another
 * program draws those curves anew. With the strips the shell is closed along its edges, and its volume moves
 * with the square of the tolerance only. The cones come from the same point as those of the faces.
 */
export function volumeOfEdgeStrips({ trims, referenceMm }: Pick<ShapeIntegrals, "trims" | "referenceMm">): number {
  let sum = 0;
  for (const trim of trims) for (const side of trim?.sides ?? []) if (trim && side.edge) sum += (trim.reversed ? -1 : 1) * coneOverStrip(trim.surface, side, side.edge, referenceMm);
  return sum;
}

/** Of the ruled surface between side A and edge B, which closes the face: ∫ (A − r)·(D × A′ + D × D′ / 2) dt / 3 with D = B − A. */
function coneOverStrip(surface: Surface, { curve, reversed }: TrimmedSide, edge: Curve, r: Vec3): number {
  const cuts = smoothPieces(curve, [NOWHERE, NOWHERE], [true, true]), [first, last] = curve.range, speed = (edge.range[1] - edge.range[0]) / (last - first);
  let sum = 0;
  for (let i = 1; i < cuts.length; i++) for (let j = 0; j < PIECES; j++) {
    const half = (cuts[i] - cuts[i - 1]) / PIECES / 2, middle = cuts[i - 1] + (2 * j + 1) * half;
    for (let k = 0; k < COARSE.points; k++) {
      const t = middle + half * COARSE.nodes[k];
      evaluateCurve(curve, t, uv);
      evaluateSurface(surface, uv[0], uv[1], point);
      evaluateCurve(edge, edge.range[0] + (t - first) * speed, space);
      const a = vector((c) => point[3 + c] * uv[3] + point[6 + c] * uv[4]), d = vector((c) => space[c] - point[c]), slope = vector((c) => space[3 + c] * speed - a[c]);
      const out = cross(d, vector((c) => a[c] + slope[c] / 2));
      sum += half * COARSE.kronrod[k] * dot(vector((c) => point[c] - r[c]), out);
    }
  }
  return ((reversed ? -1 : 1) * sum) / 3;
}

const vector = (of: (c: 0 | 1 | 2) => number): Vec3 => [of(0), of(1), of(2)];

const uv = new Float64Array(9), space = new Float64Array(9), point = new Float64Array(SURFACE_POINT);
