import type { gp_Ax2 } from "replicad-opencascadejs";
import type { Box, Vec3 } from "../units.ts";
import type { ExactKernel, SolidFrame } from "./exact-kernel.ts";
import { ExactSolid } from "./exact-solid.ts";

/** A box given by its corners in a frame. */
export function boxSolid(kernel: ExactKernel, frame: SolidFrame, [low, high]: Box): ExactSolid {
  using axes = axesAt(kernel, frame, low);
  using maker = new kernel.BRepPrimAPI_MakeBox(axes, high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  return new ExactSolid(maker.Shape());
}

/** A cylinder along the frame's z, standing on a point given in that frame. */
export function cylinderSolid(kernel: ExactKernel, frame: SolidFrame, foot: Vec3, radiusMm: number, heightMm: number): ExactSolid {
  using axes = axesAt(kernel, frame, foot);
  using maker = new kernel.BRepPrimAPI_MakeCylinder(axes, radiusMm, heightMm);
  return new ExactSolid(maker.Shape());
}

function axesAt(kernel: ExactKernel, { origin, x, z }: SolidFrame, at: Vec3): gp_Ax2 {
  const y = [z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]];
  const [a, b, c] = [0, 1, 2].map((k) => origin[k] + at[0] * x[k] + at[1] * y[k] + at[2] * z[k]);
  using point = new kernel.gp_Pnt(a, b, c);
  using main = new kernel.gp_Dir(...z);
  using side = new kernel.gp_Dir(...x);
  return new kernel.gp_Ax2(point, main, side);
}
