import type { NCollection_List_TopoDS_Shape } from "replicad-opencascadejs";
import { fail, ok, type Result } from "../result.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { ExactSolid } from "./exact-solid.ts";
import { forEachShape } from "./occt/each-shape.ts";
import { occtMessage } from "./occt/load-occt.ts";
import { runBoolean } from "./run-boolean.ts";

/** A boolean's verb. */
export type Combination = "cut" | "common" | "fuse";

/**
 * Boolean of one solid with others. The kernel can return nonsense without an error: whoever calls this must
 * prove the volumes. Arguments are left as they are.
 * @param fuzzyMm gaps up to this are taken as contact; 0 for the kernel's own tolerances
 */
export function combineSolids(kernel: ExactKernel, verb: Combination, target: ExactSolid, tools: readonly ExactSolid[], fuzzyMm = 0): Result<ExactSolid> {
  try {
    using maker = verb === "cut" ? new kernel.BRepAlgoAPI_Cut() : verb === "common" ? new kernel.BRepAlgoAPI_Common() : new kernel.BRepAlgoAPI_Fuse();
    using first = listOf(kernel, [target]);
    using second = listOf(kernel, tools);
    maker.SetArguments(first);
    maker.SetTools(second);
    maker.SetToFillHistory(false);
    const made = runBoolean(kernel, maker, fuzzyMm, () => new ExactSolid(maker.Shape()));
    return made ? ok(made) : fail("MOLD_PROOF", `The kernel could not ${verb} the solids.`);
  } catch (thrown) {
    return fail("MOLD_PROOF", `The kernel could not ${verb} the solids: ${occtMessage(kernel, thrown)}.`);
  }
}

/** Several solids as one handle, untouched. */
export function gatherSolids(kernel: ExactKernel, solids: readonly ExactSolid[]): ExactSolid {
  const compound = new kernel.TopoDS_Compound();
  using builder = new kernel.TopoDS_Builder();
  builder.MakeCompound(compound);
  for (const solid of solids) builder.Add(compound, solid.shape);
  return new ExactSolid(compound);
}

/** The single solids inside a handle; the caller disposes each. */
export function piecesOf(kernel: ExactKernel, solid: ExactSolid): ExactSolid[] {
  const pieces: ExactSolid[] = [];
  forEachShape(kernel, solid.shape, "TopAbs_SOLID", (shape) => pieces.push(new ExactSolid(kernel.TopoDS.Solid(shape))));
  return pieces;
}

/** Shapes as the kernel's own list; the caller deletes it. */
export function listOf(kernel: ExactKernel, solids: readonly ExactSolid[]): NCollection_List_TopoDS_Shape {
  const list = new kernel.NCollection_List_TopoDS_Shape();
  for (const solid of solids) list.Append(solid.shape);
  return list;
}
