import type { Vec3 } from "../units.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { ExactSolid } from "./exact-solid.ts";

/** Enlarges a solid evenly about a point: a similarity, so every surface keeps its type. The given solid stays as it is. */
export function scaleSolid(kernel: ExactKernel, solid: ExactSolid, factor: number, aboutMm: Vec3): ExactSolid {
  using centre = new kernel.gp_Pnt(...aboutMm);
  using similarity = new kernel.gp_Trsf();
  similarity.SetScale(centre, factor);
  using maker = new kernel.BRepBuilderAPI_Transform(solid.shape, similarity, true, false);
  return new ExactSolid(maker.Shape());
}
