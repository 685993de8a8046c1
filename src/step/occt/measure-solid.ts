import type { Bnd_Box, GProp_GProps, TopoDS_Shape } from "replicad-opencascadejs";
import { massOfCones } from "../../part/integrals/mass-of-cones.ts";
import type { MassProperties } from "../../part/part.ts";
import type { Box, Vec3 } from "../../units.ts";
import { volumeOfEdgeStrips } from "./edge-strips.ts";
import { parseBrepText, type BrepTables } from "./brep-text.ts";
import { forEachShape } from "./each-shape.ts";
import { integrateBrep, sumOfFaces, type ShapeIntegrals } from "./integrate-brep.ts";
import type { Occt } from "./load-occt.ts";

/** Relative error asked of the kernel's integrals where ours have no formula; what it gives is up to 1e-5 off. */
const INTEGRAL_EPS = 1e-9;

/** A solid's volume within its faces alone and within its faces and the edges they share. */
export interface Volumes {
  readonly volumeMm3: number;
  /** The same for every program's trimming, to the square of the edges' tolerances: what another reader of the written file has to find again. */
  readonly withinMm3: number;
  readonly centroidMm: Vec3;
}

type Moments = Pick<MassProperties, "volumeMm3" | "centroidMm" | "inertiaMm5">;

/** Exact volume, area, centroid, inertia and tight box of a solid. A negative volume means an inside-out solid. */
export function measureSolid(oc: Occt, shape: TopoDS_Shape): MassProperties {
  const { moments, areasMm2 } = measureTables(oc, shape, tablesOf(oc, shape));
  return { ...moments, areaMm2: sumOf(areasMm2), boxMm: boxOf(oc, shape) };
}

/** Volume, centroid and inertia without area and box. Several solids in one shape are integrated from one reference point. */
export const momentsOf = (oc: Occt, shape: TopoDS_Shape): Moments => measureTables(oc, shape, tablesOf(oc, shape)).moments;

/** Volume alone, mm³. */
export const volumeOf = (oc: Occt, shape: TopoDS_Shape): number => momentsOf(oc, shape).volumeMm3;

/** Both volumes of a shape, and where it stands, by one integration. */
export function volumesOf(oc: Occt, shape: TopoDS_Shape): Volumes {
  const integrals = integrateBrep(tablesOf(oc, shape)), { volumeMm3, centroidMm } = momentsFrom(oc, shape, integrals);
  return { volumeMm3, withinMm3: volumeMm3 + volumeOfEdgeStrips(integrals, volumeMm3), centroidMm };
}

/** The kernel's text of a shape as tables. */
export const tablesOf = (oc: Occt, shape: TopoDS_Shape): BrepTables => parseBrepText(oc.BRepToolsWrapper.Write(shape));

/**
 * Moments of a shape and the areas of its faces in the kernel's order, from the kernel's text of it. Where a face has no
 * formula (an offset of an extruded surface, say) the kernel integrates: its area, and the moments of the whole, since the kernel takes the cone
 * of a single face from a point of its own.
 */
export function measureTables(oc: Occt, shape: TopoDS_Shape, tables: BrepTables): { moments: Moments; areasMm2: readonly number[] } {
  const integrals = integrateBrep(tables), areasMm2 = integrals.faces.map((face) => face?.integrals[0]), moments = momentsFrom(oc, shape, integrals);
  if (areasMm2.every((area) => area !== undefined)) return { moments, areasMm2 };
  const explored: number[] = [];
  forEachShape(oc, shape, "TopAbs_FACE", (face) => explored.push(areasMm2[explored.length] ?? kernelArea(oc, face)));
  return { moments, areasMm2: explored };
}

const momentsFrom = (oc: Occt, shape: TopoDS_Shape, { faces, referenceMm }: ShapeIntegrals): Moments =>
  (faces.every((face) => face !== undefined) ? massOfCones(sumOfFaces(faces), referenceMm) : kernelMoments(oc, shape));

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function kernelArea(oc: Occt, face: TopoDS_Shape): number {
  using props = new oc.GProp_GProps();
  oc.BRepGProp.SurfaceProperties(face, props, INTEGRAL_EPS, false);
  return props.Mass();
}

function kernelMoments(oc: Occt, shape: TopoDS_Shape): Moments {
  using volume = new oc.GProp_GProps();
  oc.BRepGProp.VolumeProperties(shape, volume, INTEGRAL_EPS, false, false);
  using centre = volume.CentreOfMass();
  const centroidMm: Vec3 = [centre.X(), centre.Y(), centre.Z()];
  return { volumeMm3: volume.Mass(), centroidMm, inertiaMm5: inertiaAbout(oc, volume, centroidMm) };
}

/** Row-major inertia matrix from moments about six axes (the kernel's matrix type is not bound): n·I·n is linear in I. */
function inertiaAbout(oc: Occt, props: GProp_GProps, c: Vec3): number[] {
  const about = (x: number, y: number, z: number): number => {
    using origin = new oc.gp_Pnt(c[0], c[1], c[2]);
    using direction = new oc.gp_Dir(x, y, z);
    using axis = new oc.gp_Ax1(origin, direction);
    return props.MomentOfInertia(axis);
  };
  const xx = about(1, 0, 0), yy = about(0, 1, 0), zz = about(0, 0, 1);
  const xy = about(1, 1, 0) - (xx + yy) / 2, yz = about(0, 1, 1) - (yy + zz) / 2, xz = about(1, 0, 1) - (xx + zz) / 2;
  return [xx, xy, xz, xy, yy, yz, xz, yz, zz];
}

/** A quick box that encloses the shape; on freeform faces it is larger than need be. */
export function roughBox(oc: Occt, shape: TopoDS_Shape): Box {
  using box = new oc.Bnd_Box();
  oc.BRepBndLib.Add(shape, box, false);
  return corners(box);
}

/** {@link roughBox} before an assembly placed the shape. */
export function roughBoxAtHome(oc: Occt, shape: TopoDS_Shape): Box {
  using nowhere = new oc.TopLoc_Location();
  using home = shape.Located(nowhere, false);
  return roughBox(oc, home);
}

/** Tight box without tolerance gaps, within 1e-5 mm; a body's own box is exact but needs its facets. */
export function boxOf(oc: Occt, shape: TopoDS_Shape): Box {
  using box = new oc.Bnd_Box();
  oc.BRepBndLib.AddOptimal(shape, box, false, false);
  return corners(box);
}

function corners(box: Bnd_Box): Box {
  if (box.IsVoid()) return [[0, 0, 0], [0, 0, 0]];
  using low = box.CornerMin();
  using high = box.CornerMax();
  return [[low.X(), low.Y(), low.Z()], [high.X(), high.Y(), high.Z()]];
}
