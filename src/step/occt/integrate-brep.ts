import type { Curve } from "../../part/curve.ts";
import { INTEGRALS } from "../../part/integrals/face-integrals.ts";
import { integrateFace, type FaceIntegration, type FaceMeasured, type FaceSide } from "../../part/integrals/integrate-face.ts";
import { moveCurve, movePoint, moveSurface } from "../../part/move.ts";
import type { Frame, Surface } from "../../part/surface.ts";
import type { Vec3 } from "../../units.ts";
import { compose, type BrepTables } from "./brep-text.ts";
import { collectFaces, nearestPlace, type EdgeUse, type FaceUse } from "./collect-faces.ts";

/** Integrals of every face of a shape, outward, about one reference point. */
export interface ShapeIntegrals {
  readonly referenceMm: Vec3;
  /** In the kernel's order; undefined where a face has no formula. */
  readonly faces: readonly (FaceMeasured | undefined)[];
  /** How each face is trimmed, in the same order; undefined where that has no formula. */
  readonly trims: readonly (TrimmedFace | undefined)[];
}

/** A face's surface and sides where it stands. */
export interface TrimmedFace {
  readonly surface: Surface;
  readonly sides: readonly TrimmedSide[];
  /** True when the face's outside is against ∂S/∂u × ∂S/∂v. */
  readonly reversed: boolean;
}

/** Error asked for, as a share of the whole shape's area and volume, of volume × size for moments. */
const EPS = 1e-9;

/**
 * Integrates over the faces of a shape as the kernel trims them: along the curves it keeps in each surface's parameters, on planes
 * without them along the edges themselves. A face used twice is integrated once, so that bodies that share it fit exactly.
 * Faces that may be off by too much for the whole are then taken finer.
 */
export function integrateBrep(tables: BrepTables): ShapeIntegrals {
  const { faces } = collectFaces(tables), { referenceMm, reachMm } = middleOf(tables, faces), begun = new Map<string, FaceIntegration | undefined>();
  const trims = faces.map((face) => trimmed(tables, face));
  faces.forEach(({ key }, i) => {
    const trim = trims[i];
    if (!begun.has(key)) begun.set(key, trim && integrateFace(trim.surface, trim.sides, referenceMm));
  });
  const measured = (): (FaceMeasured | undefined)[] => faces.map((face) => outward(face, begun.get(face.key)?.measured));
  const allowed = allowedFor(measured(), begun.size, reachMm);
  for (const face of begun.values()) if (face?.measured.errors.some((e, k) => e > allowed[k])) face.refine(allowed);
  return { referenceMm, faces: measured(), trims };
}

/** Bodies that cancel each other are taken as if they held this share of area × size. */
const LEAST = 1e-6;

/** What one face of `count` may be off by. */
function allowedFor(faces: readonly (FaceMeasured | undefined)[], count: number, reachMm: number): Float64Array {
  const [areaMm2, volume] = sumOfFaces(faces), volumeMm3 = Math.max(Math.abs(volume), LEAST * areaMm2 * reachMm);
  const whole = [areaMm2, volumeMm3, ...new Array<number>(3).fill(volumeMm3 * reachMm), ...new Array<number>(6).fill(volumeMm3 * reachMm ** 2)];
  return Float64Array.from(whole, (size) => (EPS * size) / count);
}

/** Sum of the integrals of faces; those without are left out. */
export function sumOfFaces(faces: readonly (FaceMeasured | undefined)[]): Float64Array {
  const sum = new Float64Array(INTEGRALS);
  for (const face of faces) face?.integrals.forEach((value, k) => { sum[k] += value; });
  return sum;
}

/** A side of a face with the edge it runs along, in space; collapsed edges have none. */
export interface TrimmedSide extends FaceSide {
  readonly edge?: Curve;
  /** The vertices between which the edge runs, in the curves' sense: its curve may end a little beside them. */
  readonly ends: readonly [Vec3, Vec3];
}

function trimmed(tables: BrepTables, face: FaceUse): TrimmedFace | undefined {
  if (face.shape.surface < 0) return undefined;
  const place = face.shape.location ? compose(face.place, tables.locations[face.shape.location]) : face.place;
  const surface = moveSurface(tables.surfaces[face.shape.surface], place), sides: TrimmedSide[] = [];
  for (const edge of face.edges) {
    const reversed = edge.reversed !== face.reversed, curve = sideCurve(tables, face, edge, reversed, surface, place), ends = endsOf(tables, edge);
    if (!curve || !ends) return undefined;
    sides.push({ curve, reversed, ends, ...(edge.shape.curve >= 0 && { edge: curveInSpace(tables, edge) }) });
  }
  return { surface, sides, reversed: face.reversed };
}

/** The edge in the parameters of the face's surface; on a seam there are two, and its sense in the face tells which. */
function sideCurve(tables: BrepTables, face: FaceUse, edge: EdgeUse, reversed: boolean, surface: Surface, place: Float64Array): Curve | undefined {
  const all = edge.shape.onSurfaces.filter((on) => on.surface === face.shape.surface);
  const on = all.length > 1 ? nearestPlace(tables, all, edge.place, place) : all[0];
  if (on) return { ...tables.curves2d[reversed ? on.reversedCurve : on.curve], range: on.range };
  return surface.kind === "plane" && edge.shape.curve >= 0 ? moveCurve(curveInSpace(tables, edge), ontoPlane(surface.frame)) : undefined;
}

function curveInSpace(tables: BrepTables, { shape, place }: EdgeUse): Curve {
  const here = shape.curveLocation ? compose(place, tables.locations[shape.curveLocation]) : place;
  return moveCurve({ ...tables.curves[shape.curve], range: shape.range }, here);
}

function endsOf(tables: BrepTables, edge: EdgeUse): [Vec3, Vec3] | undefined {
  const vertices = verticesOf(tables, edge), first = vertices.find((v) => !v.reversed), last = vertices.find((v) => v.reversed);
  return first && last && [first.point, last.point];
}

/** The vertices of an edge where they stand; the one at its end is reversed. */
const verticesOf = (tables: BrepTables, { shape, place }: EdgeUse): { point: Vec3; reversed: boolean }[] => shape.children.flatMap((ref) => {
  const vertex = tables.shapes[ref.shape];
  return vertex.kind === "vertex" && !ref.loose ? [{ point: movePoint(ref.location ? compose(place, tables.locations[ref.location]) : place, vertex.point), reversed: ref.reversed }] : [];
});

/** The map from space to (u, v, 0) of a plane. */
function ontoPlane({ origin: o, x, y }: Frame): Float64Array {
  const off = (a: Vec3): number => -(a[0] * o[0] + a[1] * o[1] + a[2] * o[2]);
  return Float64Array.of(...x, off(x), ...y, off(y), 0, 0, 0, 0);
}

/**
 * The mean of all vertices as edges use them, which is where the kernel integrates from (faces that leave gaps enclose a
 * volume that depends on it), and how far they reach from there.
 */
function middleOf(tables: BrepTables, faces: readonly FaceUse[]): { referenceMm: Vec3; reachMm: number } {
  const points = faces.flatMap(({ edges }) => edges.flatMap((edge) => verticesOf(tables, edge).map(({ point }) => point)));
  const mean = (k: 0 | 1 | 2): number => points.reduce((sum, p) => sum + p[k], 0) / Math.max(1, points.length);
  const referenceMm: Vec3 = [mean(0), mean(1), mean(2)];
  return { referenceMm, reachMm: points.reduce((most, p) => Math.max(most, Math.hypot(p[0] - referenceMm[0], p[1] - referenceMm[1], p[2] - referenceMm[2])), 0) };
}

/** On a reversed face the cone counts the other way. */
function outward({ reversed }: FaceUse, measured: FaceMeasured | undefined): FaceMeasured | undefined {
  return measured && reversed ? { ...measured, integrals: measured.integrals.map((value, k) => (k === 0 ? value : -value)) } : measured;
}
