import type { Box, Vec3 } from "../units.ts";

/** A mold as its designer asks for it: plain parameters, mm, part frame; directions need not be unit length. */
export interface MoldDesign {
  /** Oversize factor along x, y, z of the part frame. */
  readonly osf: Vec3;
  /** The point that stays where it is while the part grows. */
  readonly scaleOrigin: "part-origin" | "centroid" | "box-centre";
  /** The direction in which the cavity half is lifted off; the core goes the other way. `auto`: chosen so that the least area is trapped. */
  readonly pull: Vec3 | "auto";
  readonly block: BlockSpec;
  /** Height of the parting plane along the pull direction through the part origin, or chosen so that the least area is trapped. */
  readonly partingMm: number | "auto";
  readonly pins: PinSpec;
  /** Gap cut from the core's parting face around the part so that the halves close on the land; 0 for none. */
  readonly clearanceMm: number;
  /** Several bodies: a mold for each, or all in one block. */
  readonly bodies: "each" | "together";
}

/** The steel around the oversized part, aligned with the pull direction. */
export type BlockSpec =
  | { readonly kind: "margin"; readonly sideMm: number; readonly topMm: number; readonly bottomMm: number; readonly roundToMm: number }
  | { readonly kind: "size"; readonly sizeMm: Vec3; readonly roundToMm: number };

/** Alignment pins standing on the core and entering the cavity. */
export interface PinSpec {
  readonly count: 0 | 2 | 4;
  readonly diameterMm: number;
  readonly lengthMm: number;
  /** Radial gap between pin and bore. */
  readonly fitMm: number;
  /** From the block's edge to the pin's axis. */
  readonly insetMm: number;
}

/** What is built when nothing is said. */
export const MOLD_DEFAULTS: Omit<MoldDesign, "osf"> = {
  scaleOrigin: "part-origin",
  pull: "auto",
  block: { kind: "margin", sideMm: 15, topMm: 15, bottomMm: 15, roundToMm: 5 },
  partingMm: "auto",
  pins: { count: 4, diameterMm: 4, lengthMm: 8, fitMm: 0.01, insetMm: 6 },
  clearanceMm: 0,
  bodies: "each",
};

/** A block as built: frame whose z is the pull direction, and the box in that frame. */
export interface BlockBuilt {
  readonly x: Vec3;
  readonly y: Vec3;
  readonly z: Vec3;
  readonly box: Box;
}
