import type { Bnd_Box, GProp_GProps, TopoDS_Shape } from "replicad-opencascadejs";
import type { MassProperties } from "../../part/part.ts";
import type { Box, Vec3 } from "../../units.ts";
import type { Occt } from "./load-occt.ts";

/** Relative error asked of the kernel's integrals, face by face; without it freeform volumes are off by 1e-4. */
const INTEGRAL_EPS = 1e-9;
/** Exact volume, area, centroid, inertia and tight box of a solid. A negative volume means an inside-out solid. */
export function measureSolid(oc: Occt, shape: TopoDS_Shape): MassProperties {
  using area = new oc.GProp_GProps();
  oc.BRepGProp.SurfaceProperties(shape, area, INTEGRAL_EPS, false);
  return { ...momentsOf(oc, shape), areaMm2: area.Mass(), boxMm: boxOf(oc, shape) };
}

/** Volume, centroid and inertia without area and box. Several solids in one shape are integrated from one reference point. */
export function momentsOf(oc: Occt, shape: TopoDS_Shape): Pick<MassProperties, "volumeMm3" | "centroidMm" | "inertiaMm5"> {
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

/** Volume alone, mm³. */
export function volumeOf(oc: Occt, shape: TopoDS_Shape): number {
  using props = new oc.GProp_GProps();
  oc.BRepGProp.VolumeProperties(shape, props, INTEGRAL_EPS, false, false);
  return props.Mass();
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

/** Area of one face, mm². */
export function faceAreaOf(oc: Occt, face: TopoDS_Shape): number {
  using props = new oc.GProp_GProps();
  oc.BRepGProp.SurfaceProperties(face, props, INTEGRAL_EPS, false);
  return props.Mass();
}
