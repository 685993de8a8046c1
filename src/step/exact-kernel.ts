import type { Occt } from "./occt/load-occt.ts";

/** The exact kernel as other rooms hold it: passed to the verbs of `step/`, never looked into. */
export type ExactKernel = Occt;

/** A right-handed frame: unit directions and the point where it stands, mm, part frame. */
export interface SolidFrame {
  readonly origin: readonly [number, number, number];
  readonly x: readonly [number, number, number];
  readonly z: readonly [number, number, number];
}
