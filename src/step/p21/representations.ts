import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

/** A representation: a named list of items in a context. */
export interface Representation {
  readonly instance: number;
  readonly items: readonly number[];
  /** Its context, or -1. */
  readonly context: number;
}

// Representations that hold no shape of the part: parameter-space curves, styling, drawings, properties.
const NO_SHAPE = /(^|_)PRESENTATION(_|$)|DRAUGHTING|SHAPE_DIMENSION|TOLERANCE|TESSELLATED/;
const SHAPE = /SHAPE_REPRESENTATION(_WITH_PARAMETERS)?$/;

/** The shape representations of the file, by instance. */
export function shapeRepresentations(p: Part21): Map<number, Representation> {
  const shapeWord = p.words.names.map((name) => SHAPE.test(name) && !NO_SHAPE.test(name));
  const base = p.find("REPRESENTATION");
  const found = new Map<number, Representation>();
  for (let i = 0; i < p.count; i++) {
    const word = p.word[i];
    let open = -1;
    if (word >= 0) {
      if (shapeWord[word]) open = p.first[i] + 1;
    } else if (p.kind[p.first[i] + 1] === T.KW) {
      open = p.part(i, base);
      if (open >= 0 && !p.type(i).split("+").some((name) => SHAPE.test(name) && !NO_SHAPE.test(name))) open = -1;
    }
    if (open >= 0) found.set(i, { instance: i, items: p.refs(open, 1), context: p.ref(open, 2) });
  }
  return found;
}
