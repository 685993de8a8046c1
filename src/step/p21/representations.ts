import type { Part21 } from "./part21.ts";

/** A representation: a named list of items in a context. */
export interface Representation {
  readonly instance: number;
  readonly items: readonly number[];
  /** Its context, or -1. */
  readonly context: number;
}

// Drawings, styling, tolerances: they show the shape again or not at all.
const NO_SHAPE = /(^|_)PRESENTATION(_|$)|DRAUGHTING|SHAPE_DIMENSION|TOLERANCE/;
const SHAPE = /SHAPE_REPRESENTATION(_WITH_PARAMETERS)?$/;

/** The shape representations of the file, by instance. */
export function shapeRepresentations(p: Part21): Map<number, Representation> {
  const shape = p.flags((name) => SHAPE.test(name) && !name.startsWith("TESSELLATED")), none = p.flags((name) => NO_SHAPE.test(name));
  const base = p.find("REPRESENTATION");
  const found = new Map<number, Representation>();
  for (let i = 0; i < p.count; i++) {
    if (!p.among(i, shape) || p.among(i, none)) continue;
    const open = p.word[i] >= 0 ? p.first[i] + 1 : p.part(i, base);
    if (open >= 0) found.set(i, { instance: i, items: p.refs(open, 1), context: p.ref(open, 2) });
  }
  return found;
}
