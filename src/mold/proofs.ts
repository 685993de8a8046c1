import type { Vec3 } from "../units.ts";
import type { MoldFile } from "./mold.ts";

/** A proof: what was measured, what it should be, and whether it holds. */
export interface Proof {
  readonly holds: boolean;
  readonly measured: number;
  readonly expected: number;
  /** Largest difference allowed; relative to `expected` where that is not 0. */
  readonly tolerance: number;
}

/** The proofs of a mold. A mold whose proof fails has no files. */
export interface MoldProofs {
  readonly volumeRatio: Proof;
  /** Faces that kept their surface type, against the part's faces; absent under per-axis OSF and on facets. */
  readonly sameSurfaces?: Proof;
  /** (core + cavity + part + clearance) / block. */
  readonly closure: Proof;
  /** First and second moments of all bodies together against the block's, relative: nothing is doubled in one place and missing in another. Exact molds only. */
  readonly moments?: Proof;
  /** Solids of core and cavity that the kernel finds valid. Exact molds only. */
  readonly validSolids?: Proof;
  /** Volume shared by core, cavity and part, mm³: measured between facets; on exact molds what it is at most. */
  readonly overlapMm3: Proof;
  /** Oversized area that blocks a half on its way out, mm². Not a failure of the mold's geometry: side actions are needed. */
  readonly pullFree: PullFree;
  /** Volume of the facet realisation against the exact one, relative: the worse half. */
  readonly crossCheck?: Proof;
  /** Each written file, read again. */
  readonly files?: readonly FileProofs[];
  /** The worst of `files`, by the exact kernel. */
  readonly readBack?: Proof;
  /** The worst of `files`, by the independent reader. */
  readonly secondReader?: Proof;
}

/** A written file, read again: its volume, mm³, against what was written. */
export interface FileProofs {
  readonly file: MoldFile;
  /** By the exact kernel. */
  readonly readBack: Proof;
  /** By the independent reader, whose facets bound its tolerance. */
  readonly secondReader: Proof;
}

/** What hinders the halves. */
export interface PullFree {
  readonly holds: boolean;
  readonly trappedMm2: number;
  /** Face indices of the part (body by body when there are several). */
  readonly faces: readonly number[];
  /** One point on each of those faces, mm, sintered part frame. */
  readonly points: readonly Vec3[];
}

/** Compares a measured number with what it should be. */
export function prove(measured: number, expected: number, tolerance: number): Proof {
  const difference = Math.abs(measured - expected) / (expected === 0 ? 1 : Math.abs(expected));
  return { holds: difference <= tolerance, measured, expected, tolerance };
}

/** Of some proofs the one that uses most of its tolerance. */
export const worstOf = (proofs: readonly Proof[]): Proof => proofs.reduce((a, b) => (used(b) > used(a) ? b : a));

const used = ({ measured, expected, tolerance }: Proof): number => Math.abs(measured - expected) / ((expected === 0 ? 1 : Math.abs(expected)) * tolerance);
