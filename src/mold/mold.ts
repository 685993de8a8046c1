import type { Rgb } from "../part/part.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import type { Volumes } from "../step/inspect-solid.ts";
import type { ClosedMesh } from "../step/mesh-solid.ts";
import type { Vec3 } from "../units.ts";
import type { BlockBuilt, MoldDesign } from "./design.ts";
import type { MoldProofs } from "./proofs.ts";

/** What a body of the mold is. */
export type MoldRole = "core" | "cavity" | "oversized";

/** One body of a mold. */
export interface MoldPiece {
  readonly role: MoldRole;
  readonly name: string;
  readonly color: Rgb;
  readonly volumeMm3: number;
  /** In the exact kernel; absent on a facet mold. */
  readonly solid?: ExactSolid;
  /** Triangles; on an exact mold made when first asked for. */
  readonly mesh?: ClosedMesh;
}

/** A body in the exact kernel, with what it measures there. */
export type SolidPiece = MoldPiece & Volumes & { readonly solid: ExactSolid };

/** The files a mold is written as: all of it, and each role by itself. */
export const MOLD_FILES = ["mold", "core", "cavity", "oversized"] as const;
export type MoldFile = (typeof MOLD_FILES)[number];

/** One of them as STEP. */
export interface MoldStep { readonly file: MoldFile; readonly bytes: Uint8Array }

/** A proved mold. Dispose it to free the kernel's memory. */
export interface Mold extends Disposable {
  /** Body ids in this mold. */
  readonly bodies: readonly string[];
  readonly name: string;
  readonly realisation: "exact" | "facets";
  readonly design: MoldDesign;
  readonly pull: { readonly direction: Vec3; readonly chosenBy: "user" | "auto" };
  /** Parting height along the pull through the part origin, sintered part. */
  readonly partingMm: number;
  readonly block: BlockBuilt;
  readonly proofs: MoldProofs;
  readonly pieces: readonly MoldPiece[];
  /** The STEP files as they were read back; absent on a facet mold. */
  readonly steps?: readonly MoldStep[];
}

/** Colours of the bodies, linear RGB: cavity steel blue, core steel grey, part copper. */
export const PIECE_COLORS: Readonly<Record<MoldRole, Rgb>> = { core: [0.35, 0.37, 0.4], cavity: [0.1, 0.25, 0.5], oversized: [0.7, 0.3, 0.12] };
