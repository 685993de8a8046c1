import type { BRepAlgoAPI_BuilderAlgo, NCollection_List_TopoDS_Shape } from "replicad-opencascadejs";
import { fail, ok, type Result } from "../result.ts";
import { listOf, piecesOf } from "./combine-solids.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { ExactSolid } from "./exact-solid.ts";
import { occtMessage } from "./occt/load-occt.ts";
import { ShapeIndex } from "./occt/shape-index.ts";
import { runBoolean } from "./run-boolean.ts";

/** One solid of a partition. */
export interface Cell extends Disposable {
  readonly solid: ExactSolid;
  /** Indices of the given solids it is a part of. */
  readonly within: ReadonlySet<number>;
}

/**
 * Splits solids along each other's faces into cells that do not overlap. Neighbouring cells share their faces: one
 * face, used once in each sense ({@link pairFaces} checks it). The kernel can leave cells out without an error:
 * whoever calls this must prove the volumes. The given solids are left as they are; dispose every cell.
 * @param fuzzyMm gaps up to this are taken as contact; 0 for the kernel's own tolerances
 */
export function partitionSolids(kernel: ExactKernel, solids: readonly ExactSolid[], fuzzyMm = 0): Result<readonly Cell[]> {
  try {
    using maker = new kernel.BRepAlgoAPI_BuilderAlgo();
    using given = listOf(kernel, solids);
    maker.SetArguments(given);
    maker.SetToFillHistory(true);
    const cells = runBoolean(kernel, maker, fuzzyMm, () => cellsOf(kernel, maker, solids));
    return cells ? ok(cells) : fail("MOLD_PROOF", "The kernel could not split the block by the part.");
  } catch (thrown) {
    return fail("MOLD_PROOF", `The kernel could not split the block by the part: ${occtMessage(kernel, thrown)}.`);
  }
}

function cellsOf(kernel: ExactKernel, maker: BRepAlgoAPI_BuilderAlgo, solids: readonly ExactSolid[]): readonly Cell[] {
  using whole = new ExactSolid(maker.Shape());
  const cells = piecesOf(kernel, whole).map((solid) => ({ solid, within: new Set<number>(), [Symbol.dispose]: () => solid[Symbol.dispose]() }));
  using index = new ShapeIndex(kernel);
  for (const { solid } of cells) index.add(solid.shape);
  solids.forEach(({ shape }, i) => {
    using images = maker.Modified(shape);
    // What nothing touches is its own cell and has no images.
    const found = images.Size() === 0 ? [index.find(shape)] : indicesOf(images, index);
    for (const at of found) if (at !== undefined) cells[at].within.add(i);
  });
  return cells;
}

function indicesOf(shapes: NCollection_List_TopoDS_Shape, index: ShapeIndex): (number | undefined)[] {
  const found: (number | undefined)[] = [];
  for (; shapes.Size() > 0; shapes.RemoveFirst()) {
    using shape = shapes.First();
    found.push(index.find(shape));
  }
  return found;
}
