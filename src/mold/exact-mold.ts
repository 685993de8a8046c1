import { ok, type Result } from "../result.ts";
import { boxSolid } from "../step/build-solids.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import { solidBox } from "../step/inspect-solid.ts";
import { joinCells } from "../step/join-cells.ts";
import { partitionSolids, type Cell } from "../step/partition-solids.ts";
import type { Box } from "../units.ts";
import { addTooling } from "./add-tooling.ts";
import type { MoldLayout } from "./lay-out.ts";

/** The halves as the exact kernel made them, not yet proved. */
export interface ExactHalves extends Disposable {
  readonly core: ExactSolid;
  readonly cavity: ExactSolid;
  /** The room the part takes, cut at the parting plane: its faces are those of core and cavity. */
  readonly voids: readonly ExactSolid[];
  /** Room left empty on purpose between the halves: relief and the gaps round the pins. */
  readonly clearance?: ExactSolid;
  readonly blockMm3: number;
}

/**
 * Distances, mm, up to which the kernel takes gaps for contact, tried in this order; the first that can be proved is
 * kept. A part whose own edges lie further than that off their faces may need one of the later ones.
 */
export const CONTACTS_MM: readonly number[] = [0, 1e-5, 1e-3];

/**
 * Splits both halves of the block and the oversized parts along each other's faces in one go, takes the cells that
 * lie in no part, and adds pins, bores and relief. Core, cavity and part meet in the very same faces.
 */
export function cutHalves(kernel: ExactKernel, parts: readonly ExactSolid[], layout: MoldLayout, contactMm: number): Result<ExactHalves> {
  const { frame, box: [low, high], partingMm: h } = layout;
  using above = boxSolid(kernel, frame, [[low[0], low[1], h], high]);
  using below = boxSolid(kernel, frame, [low, [high[0], high[1], h]]);
  const split = partitionSolids(kernel, [above, below, ...parts], contactMm);
  if (!split.ok) return split;
  const voids: ExactSolid[] = [], upper: ExactSolid[] = [], lower: ExactSolid[] = [];
  for (const { solid, within } of split.value) (isVoid(within) ? voids : within.has(0) ? upper : lower).push(solid);
  const plain = assignPieces(kernel, lower, upper, layout);
  for (const solid of [...upper, ...lower]) solid[Symbol.dispose]();
  const tooled = addTooling(kernel, plain, layout);
  if (!tooled.ok) { for (const solid of voids) solid[Symbol.dispose](); return tooled; }
  const { core, cavity, clearance } = tooled.value;
  return ok({ core, cavity, voids, clearance, blockMm3: boxVolume(layout.box), [Symbol.dispose]: () => [core, cavity, clearance, ...voids].forEach((s) => s?.[Symbol.dispose]()) });
}

/** In a part: the first two solids of the partition are the halves of the block. */
const isVoid = (within: Cell["within"]): boolean => [...within].some((i) => i > 1);

const boxVolume = ([low, high]: Box): number => (high[0] - low[0]) * (high[1] - low[1]) * (high[2] - low[2]);

/** Core and cavity, without or with their tooling. */
export interface Halves {
  readonly core: ExactSolid;
  readonly cavity: ExactSolid;
}

/**
 * Steel that is cut off from its own half by the part but open towards the other (the inside of a cap, say)
 * belongs to the other half: it is lifted out with it.
 */
function assignPieces(kernel: ExactKernel, lower: readonly ExactSolid[], upper: readonly ExactSolid[], layout: MoldLayout): Halves {
  const strayFromLower = lower.length > 1 ? lower.filter((p) => isIsland(kernel, p, layout, "lower")) : [];
  const strayFromUpper = upper.length > 1 ? upper.filter((p) => isIsland(kernel, p, layout, "upper")) : [];
  return {
    core: joinCells(kernel, [...lower.filter((p) => !strayFromLower.includes(p)), ...strayFromUpper]),
    cavity: joinCells(kernel, [...upper.filter((p) => !strayFromUpper.includes(p)), ...strayFromLower]),
  };
}

function isIsland(kernel: ExactKernel, piece: ExactSolid, { frame, box: [low, high], partingMm }: MoldLayout, half: "upper" | "lower"): boolean {
  const [a, b] = solidBox(kernel, piece, frame), near = 1e-6 * (high[0] - low[0]) + 1e-5;
  const touchesSide = [0, 1].some((k) => a[k] < low[k] + near || b[k] > high[k] - near);
  const touchesEnd = half === "upper" ? b[2] > high[2] - near : a[2] < low[2] + near;
  const touchesParting = half === "upper" ? a[2] < partingMm + near : b[2] > partingMm - near;
  return touchesParting && !touchesSide && !touchesEnd;
}
