import type { Rgb } from "../part/part.ts";

/** A closed mesh to be written, mm. */
export interface PlainMesh {
  readonly name: string;
  /** Linear RGB, 0 to 1. */
  readonly color: Rgb;
  /** `[v*3]` xyz. */
  readonly positions: Float64Array;
  /** `[t*3]`, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
}

/** One linear colour channel as sRGB, 0 to 1. */
export const toSrgb = (c: number): number => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
