import type { Vec3 } from "../units.ts";
import type { Curve, Range } from "./curve.ts";
import type { Edge, Face, Facets } from "./part.ts";
import type { Frame, Surface } from "./surface.ts";

/** Faces, edges and facets of a body, without its measures. */
export interface Shape {
  readonly faces: readonly Face[];
  readonly edges: readonly Edge[];
  readonly facets: Facets;
}

/** The same shape k times as large about the origin; areas, lengths, parameters and tolerances follow, angles stay. */
export function scaleShape(shape: Shape, k: number): Shape {
  const faces = shape.faces.map((face) => {
    const [su, sv] = parameterScale(face.surface, k);
    return { ...face, surface: scaleSurface(face.surface, k), areaMm2: face.areaMm2 * k * k, uv: { u: times2(face.uv.u, su), v: times2(face.uv.v, sv) } };
  });
  const edges = shape.edges.map((edge) => ({
    ...edge, curve: scaleCurve(edge.curve, k), points: times(edge.points, k), lengthMm: edge.lengthMm * k, toleranceMm: edge.toleranceMm * k,
  }));
  const { facets } = shape;
  return { faces, edges, facets: { ...facets, positions: times(facets.positions, k), uvs: scaleUvs(shape, k), deviationMm: times(facets.deviationMm, k) } };
}

function scaleUvs({ faces, facets }: Shape, k: number): Float64Array {
  const uvs = facets.uvs.slice(), done = new Uint8Array(facets.weld.length);
  if (uvs.length === 0) return uvs;
  facets.indices.forEach((v, i) => {
    if (done[v]) return;
    done[v] = 1;
    const [su, sv] = parameterScale(faces[facets.faceOf[(i / 3) | 0]].surface, k);
    uvs[v * 2] *= su; uvs[v * 2 + 1] *= sv;
  });
  return uvs;
}

/** How the parameters of a surface change when it grows: lengths grow, angles and knots stay. */
function parameterScale(surface: Surface, k: number): readonly [number, number] {
  switch (surface.kind) {
    case "plane": return [k, k];
    case "cylinder": case "cone": return [1, k];
    case "extrusion": return [curveParameterScale(surface.curve, k), k];
    case "revolution": return [1, curveParameterScale(surface.curve, k)];
    default: return [1, 1];
  }
}

const curveParameterScale = (curve: Curve, k: number): number => (curve.kind === "line" || curve.kind === "parabola" ? k : 1);

function scaleSurface(surface: Surface, k: number): Surface {
  switch (surface.kind) {
    case "plane": return { ...surface, frame: scaleFrame(surface.frame, k) };
    case "cylinder": case "cone": case "sphere": return { ...surface, frame: scaleFrame(surface.frame, k), radiusMm: surface.radiusMm * k };
    case "torus": return { ...surface, frame: scaleFrame(surface.frame, k), majorMm: surface.majorMm * k, minorMm: surface.minorMm * k };
    case "extrusion": return { ...surface, curve: scaleCurve(surface.curve, k) };
    case "revolution": return { ...surface, curve: scaleCurve(surface.curve, k), origin: scaleVec(surface.origin, k) };
    case "nurbs": return { ...surface, poles: times(surface.poles, k) };
    case "other": return surface;
  }
}

function scaleCurve<C extends Curve>(curve: C, k: number): C {
  const range = times2(curve.range, curveParameterScale(curve, k));
  switch (curve.kind) {
    case "line": return { ...curve, origin: scaleVec(curve.origin, k), range };
    case "circle": return { ...curve, frame: scaleFrame(curve.frame, k), radiusMm: curve.radiusMm * k };
    case "ellipse": case "hyperbola": return { ...curve, frame: scaleFrame(curve.frame, k), majorMm: curve.majorMm * k, minorMm: curve.minorMm * k };
    case "parabola": return { ...curve, frame: scaleFrame(curve.frame, k), focalMm: curve.focalMm * k, range };
    case "nurbs": return { ...curve, poles: times(curve.poles, k) };
    default: return curve;
  }
}

const scaleVec = (v: Vec3, k: number): Vec3 => [v[0] * k, v[1] * k, v[2] * k];
const scaleFrame = (frame: Frame, k: number): Frame => ({ ...frame, origin: scaleVec(frame.origin, k) });
const times = (values: Float64Array, k: number): Float64Array => values.map((v) => v * k);
const times2 = ([a, b]: Range, k: number): [number, number] => [a * k, b * k];
