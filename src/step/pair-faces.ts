import type { ExactKernel } from "./exact-kernel.ts";
import type { ExactSolid } from "./exact-solid.ts";
import { forEachShape } from "./occt/each-shape.ts";
import { ShapeIndex } from "./occt/shape-index.ts";

/** How the faces of some solids meet those of their neighbours. */
export interface FacePairs {
  /** Faces that a neighbour does not use in the other sense: their number and area. */
  readonly unpaired: number;
  readonly unpairedMm2: number;
}

/**
 * Looks for each face of `solids` among the faces of `solids` and `neighbours`. Where two solids use one face in
 * opposite senses, their insides meet there and nothing lies between or on both sides, whatever the face's shape.
 */
export function pairFaces(kernel: ExactKernel, solids: readonly ExactSolid[], neighbours: readonly ExactSolid[]): FacePairs {
  using index = new ShapeIndex(kernel);
  const senses: number[] = [];
  const walk = (solid: ExactSolid, add: boolean): void => forEachShape(kernel, solid.shape, "TopAbs_FACE", (face) => {
    const at = add ? index.add(face) : index.find(face);
    if (at !== undefined) senses[at] = (senses[at] ?? 0) + (face.Orientation() === "TopAbs_FORWARD" ? 1 : -1);
  });
  for (const solid of solids) walk(solid, true);
  for (const solid of neighbours) walk(solid, false);
  let unpaired = 0, unpairedMm2 = 0;
  for (let at = 0; at < senses.length; at++) {
    if (senses[at] === 0) continue;
    using props = new kernel.GProp_GProps();
    kernel.BRepGProp.SurfaceProperties(index.at(at), props, false, false);
    unpaired++;
    unpairedMm2 += props.Mass();
  }
  return { unpaired, unpairedMm2 };
}
