import type { MassProperties } from "../part/part.ts";
import type { Box } from "../units.ts";
import type { ExactKernel, SolidFrame } from "./exact-kernel.ts";
import type { ExactSolid } from "./exact-solid.ts";
import { forEachShape } from "./occt/each-shape.ts";
import { boxOf, measureSolid, momentsOf, volumeOf, volumesOf, type Volumes } from "./occt/measure-solid.ts";
import { isValid } from "./occt/read-solids.ts";

export type { Volumes };

/** Exact volume, mm³. Several solids in one handle are integrated from one reference point. */
export const solidVolumeMm3 = (kernel: ExactKernel, solid: ExactSolid): number => volumeOf(kernel, solid.shape);

/** Volume within the faces, volume within the faces and the edges they share, and centroid. */
export const solidVolumes = (kernel: ExactKernel, solid: ExactSolid): Volumes => volumesOf(kernel, solid.shape);

/** Exact volume, area, centroid, inertia and box. */
export const solidMeasures = (kernel: ExactKernel, solid: ExactSolid): MassProperties => measureSolid(kernel, solid.shape);

/** Volume, centroid and inertia. Integrating several solids in one handle together lets gaps between faces, within the part's own tolerance, cancel. */
export const solidMoments = (kernel: ExactKernel, solid: ExactSolid): Pick<MassProperties, "volumeMm3" | "centroidMm" | "inertiaMm5"> => momentsOf(kernel, solid.shape);

/** True when the kernel finds the solid's topology and geometry consistent. */
export const solidIsValid = (kernel: ExactKernel, solid: ExactSolid): boolean => isValid(kernel, solid.shape);

/** Tight box in the coordinates of a frame. */
export function solidBox(kernel: ExactKernel, solid: ExactSolid, { origin, x, z }: SolidFrame): Box {
  using point = new kernel.gp_Pnt(...origin);
  using main = new kernel.gp_Dir(...z);
  using side = new kernel.gp_Dir(...x);
  using axes = new kernel.gp_Ax3(point, main, side);
  using turn = new kernel.gp_Trsf();
  turn.SetTransformation(axes);
  using place = new kernel.TopLoc_Location(turn);
  using moved = solid.shape.Moved(place, false);
  return boxOf(kernel, moved);
}

/** How many faces there are of each kind of surface, by the kernel's names. */
export function surfaceKinds(kernel: ExactKernel, solid: ExactSolid): Record<string, number> {
  const kinds: Record<string, number> = {};
  forEachShape(kernel, solid.shape, "TopAbs_FACE", (shape) => {
    using face = kernel.TopoDS.Face(shape);
    using surface = new kernel.BRepAdaptor_Surface(face, false);
    const kind = String(surface.GetType()).replace("GeomAbs_", "");
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  });
  return kinds;
}
