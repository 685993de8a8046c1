import { gatherSolids } from "./combine-solids.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { ExactSolid } from "./exact-solid.ts";
import { forEachShape } from "./occt/each-shape.ts";
import { ShapeIndex } from "./occt/shape-index.ts";

/**
 * Cells of a partition as few solids as can be: those that share faces become one, without the faces between them.
 * All other faces stay the very same. The cells are left as they are.
 */
export function joinCells(kernel: ExactKernel, cells: readonly ExactSolid[]): ExactSolid {
  const groups = groupByFaces(kernel, cells);
  if (groups.every((group) => group.length === 1)) return gatherSolids(kernel, cells);
  const joined = groups.map((group) => (group.length === 1 ? group[0] : joinGroup(kernel, group)));
  const all = gatherSolids(kernel, joined);
  for (const solid of joined) if (!cells.includes(solid)) solid[Symbol.dispose]();
  return all;
}

function joinGroup(kernel: ExactKernel, group: readonly ExactSolid[]): ExactSolid {
  using index = new ShapeIndex(kernel);
  const uses: number[] = [];
  for (const cell of group) for (const at of facesOf(kernel, cell, index)) uses[at] = (uses[at] ?? 0) + 1;
  using builder = new kernel.TopoDS_Builder();
  using shell = new kernel.TopoDS_Shell();
  const solid = new kernel.TopoDS_Solid();
  builder.MakeShell(shell);
  // The index keeps each face in the sense of its first use, which is its only one where it is not between two cells.
  for (let at = 0; at < index.size; at++) if (uses[at] === 1) builder.Add(shell, index.at(at));
  shell.Closed(true);
  builder.MakeSolid(solid);
  builder.Add(solid, shell);
  return new ExactSolid(solid);
}

function groupByFaces(kernel: ExactKernel, cells: readonly ExactSolid[]): ExactSolid[][] {
  using index = new ShapeIndex(kernel);
  const owner: number[] = [], group = cells.map((_, i) => i);
  const find = (i: number): number => (group[i] === i ? i : (group[i] = find(group[i])));
  cells.forEach((cell, i) => { for (const at of facesOf(kernel, cell, index)) { owner[at] ??= i; group[find(i)] = find(owner[at]); } });
  const groups = new Map<number, ExactSolid[]>();
  cells.forEach((cell, i) => { const root = find(i), list = groups.get(root); if (list) list.push(cell); else groups.set(root, [cell]); });
  return [...groups.values()];
}

function facesOf(kernel: ExactKernel, { shape }: ExactSolid, index: ShapeIndex): number[] {
  const found: number[] = [];
  forEachShape(kernel, shape, "TopAbs_FACE", (face) => found.push(index.add(face)));
  return found;
}
