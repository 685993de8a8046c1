import { fail, ok, type Result } from "../result.ts";
import type { Box, Vec3 } from "../units.ts";
import type { MoldDesign } from "./design.ts";
import type { PullFrame } from "./frame.ts";

/** A mold in numbers, in the block's frame (z along the pull): what both realisations build from. */
export interface MoldLayout {
  readonly frame: PullFrame;
  /** The whole block. */
  readonly box: Box;
  readonly partingMm: number;
  readonly pins: readonly PinAt[];
  /** Recess of the core's parting face outside the land; undefined without clearance. */
  readonly relief?: { readonly depthMm: number; readonly land: readonly [low: readonly [number, number], high: readonly [number, number]] };
}

/** One alignment pin on the core and its bore in the cavity. */
export interface PinAt {
  readonly xMm: number;
  readonly yMm: number;
  readonly radiusMm: number;
  /** Above the parting plane. */
  readonly lengthMm: number;
  readonly boreRadiusMm: number;
  readonly boreLengthMm: number;
}

/** Width of the land around the part on which the halves close, mm. */
export const LAND_MM = 5;
/** Air at the bottom of a pin's bore, mm. */
export const BORE_AIR_MM = 0.5;
/** Least steel beside, under and over anything cut into the block, mm. */
export const LEAST_STEEL_MM = 1;
/** Largest block, in longest sides of the part: a design by mistake, in which coordinates round off what the proofs must see. */
const MOST_BLOCK = 1000;

/**
 * Places block, parting plane, pins and relief around a part.
 * @param partBox tight box of the oversized part in the block's frame
 * @param partingMm along the pull, mold coordinates
 */
export function layOut(design: MoldDesign, frame: PullFrame, partBox: Box, partingMm: number): Result<MoldLayout> {
  const box = blockBox(design, partBox);
  if (!box.ok) return box;
  const [low, high] = box.value;
  const plane = `The parting plane at ${design.partingMm === "auto" ? "" : `${design.partingMm} mm of the sintered part, `}${partingMm.toFixed(3)} mm in the mold,`;
  if (!(partingMm > low[2] && partingMm < high[2])) return fail("DESIGN_INVALID", `${plane} lies outside the block (${low[2].toFixed(3)} to ${high[2].toFixed(3)} mm).`);
  if (!(partingMm >= partBox[0][2] - 1e-6 && partingMm <= partBox[1][2] + 1e-6)) return fail("DESIGN_INVALID", `${plane} misses the part (${partBox[0][2].toFixed(3)} to ${partBox[1][2].toFixed(3)} mm): it would be enclosed in one half.`);
  const relief = placeRelief(design, box.value, partBox, partingMm);
  if (!relief.ok) return relief;
  const pins = placePins(design, box.value, partBox, partingMm);
  if (!pins.ok) return pins;
  return ok({ frame, box: box.value, partingMm, pins: pins.value, ...(relief.value && { relief: relief.value }) });
}

const roundUp = (length: number, step: number): number => (step > 0 ? Math.ceil(length / step - 1e-9) * step : length);

function blockBox({ block }: MoldDesign, [low, high]: Box): Result<Box> {
  const numbers = block.kind === "margin" ? [block.sideMm, block.topMm, block.bottomMm] : block.sizeMm;
  if (!numbers.every((n) => Number.isFinite(n) && n >= LEAST_STEEL_MM) || !(block.roundToMm >= 0)) return fail("DESIGN_INVALID", `Block sizes must be at least ${LEAST_STEEL_MM} mm.`);
  const under: Vec3 = block.kind === "margin" ? [block.sideMm, block.sideMm, block.bottomMm] : [0, 0, 0];
  const over: Vec3 = block.kind === "margin" ? [block.sideMm, block.sideMm, block.topMm] : [0, 0, 0];
  const a: number[] = [], b: number[] = [];
  for (let k = 0; k < 3; k++) {
    const wanted = block.kind === "margin" ? high[k] - low[k] + under[k] + over[k] : block.sizeMm[k];
    const size = roundUp(wanted, block.roundToMm);
    if (size > MOST_BLOCK * Math.max(...high.map((h, i) => h - low[i]))) return fail("DESIGN_INVALID", `The block of ${size} mm is more than ${MOST_BLOCK} times as large as the part: what is cut out of it would be lost in its rounding.`);
    // What rounding adds is shared evenly by both sides.
    const centre = (low[k] - under[k] + high[k] + over[k]) / 2;
    a.push(centre - size / 2);
    b.push(centre + size / 2);
    if (a[k] > low[k] - LEAST_STEEL_MM + 1e-9 || b[k] < high[k] + LEAST_STEEL_MM - 1e-9) return fail("DESIGN_INVALID", `The block of ${size} mm leaves less than ${LEAST_STEEL_MM} mm of steel around the part's ${(high[k] - low[k]).toFixed(3)} mm.`);
  }
  return ok([[a[0], a[1], a[2]], [b[0], b[1], b[2]]]);
}

function placeRelief(design: MoldDesign, [low, high]: Box, partBox: Box, partingMm: number): Result<MoldLayout["relief"]> {
  const depthMm = design.clearanceMm;
  if (depthMm === 0) return ok(undefined);
  if (!(depthMm > 0) || depthMm > partingMm - low[2] - LEAST_STEEL_MM) return fail("DESIGN_INVALID", `A clearance of ${depthMm} mm does not fit into the core.`);
  const from = [0, 1].map((k) => Math.max(low[k], partBox[0][k] - LAND_MM)), to = [0, 1].map((k) => Math.min(high[k], partBox[1][k] + LAND_MM));
  if ([0, 1].every((k) => from[k] <= low[k] && to[k] >= high[k])) return fail("DESIGN_INVALID", `The block leaves no room for a clearance outside the ${LAND_MM} mm land.`);
  return ok({ depthMm, land: [[from[0], from[1]], [to[0], to[1]]] });
}

function placePins({ pins }: MoldDesign, [low, high]: Box, partBox: Box, partingMm: number): Result<readonly PinAt[]> {
  if (pins.count === 0) return ok([]);
  const radius = pins.diameterMm / 2, bore = radius + pins.fitMm, depth = pins.lengthMm + BORE_AIR_MM;
  if (!(radius > 0) || !(pins.lengthMm > 0) || !(pins.fitMm >= 0)) return fail("DESIGN_INVALID", "Pins need a diameter, a length and a fit that is not negative.");
  if (pins.insetMm < bore + LEAST_STEEL_MM) return fail("DESIGN_INVALID", `Pins ${pins.insetMm} mm from the edge leave less than ${LEAST_STEEL_MM} mm of steel.`);
  if (depth > high[2] - partingMm - LEAST_STEEL_MM) return fail("DESIGN_INVALID", `Pins of ${pins.lengthMm} mm do not fit into the cavity's ${(high[2] - partingMm).toFixed(3)} mm.`);
  const xs = [low[0] + pins.insetMm, high[0] - pins.insetMm], ys = [low[1] + pins.insetMm, high[1] - pins.insetMm];
  const corners = [[0, 0], [1, 1], [1, 0], [0, 1]].slice(0, pins.count).map(([i, j]) => [xs[i], ys[j]]);
  const reach = bore + LEAST_STEEL_MM;
  const clear = corners.every(([x, y]) => {
    const dx = Math.max(partBox[0][0] - x, 0, x - partBox[1][0]), dy = Math.max(partBox[0][1] - y, 0, y - partBox[1][1]);
    return Math.hypot(dx, dy) >= reach;
  });
  if (!clear || xs[1] - xs[0] < 2 * reach || ys[1] - ys[0] < 2 * reach) return fail("DESIGN_INVALID", "The pins come too near to the part or to each other; enlarge the block or move the pins outward.");
  return ok(corners.map(([xMm, yMm]) => ({ xMm, yMm, radiusMm: radius, lengthMm: pins.lengthMm, boreRadiusMm: bore, boreLengthMm: depth })));
}
