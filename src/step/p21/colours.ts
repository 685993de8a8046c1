import type { Rgb } from "../../part/part.ts";
import { text } from "./assembly.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

// ISO 10303-46 draughting_pre_defined_colour.
const NAMED = new Map<string, Rgb>([
  ["red", [1, 0, 0]], ["green", [0, 1, 0]], ["blue", [0, 0, 1]], ["yellow", [1, 1, 0]],
  ["magenta", [1, 0, 1]], ["cyan", [0, 1, 1]], ["black", [0, 0, 0]], ["white", [1, 1, 1]],
]);
const ON_THE_WAY = new Set([
  "PRESENTATION_STYLE_ASSIGNMENT", "PRESENTATION_STYLE_BY_CONTEXT", "SURFACE_STYLE_USAGE", "SURFACE_SIDE_STYLE",
  "SURFACE_STYLE_FILL_AREA", "FILL_AREA_STYLE", "FILL_AREA_STYLE_COLOUR", "SURFACE_STYLE_RENDERING", "SURFACE_STYLE_RENDERING_WITH_PROPERTIES",
]);
const MOST_STEPS = 64;

/**
 * Surface colours by styled instance (a solid, a face, …), as the file gives them: 0 to 1, the sender's display
 * colours. Curve and point styles are not surface colours. An overriding style wins over the style it overrides.
 */
export function surfaceColours(p: Part21): Map<number, Rgb> {
  const found = new Map<number, Rgb>();
  const cache = new Map<number, Rgb | undefined>();
  for (const word of ["STYLED_ITEM", "OVER_RIDING_STYLED_ITEM"]) {
    for (const [, open] of p.each(word)) {
      const item = p.ref(open, 2);
      if (item < 0) continue;
      for (const style of p.refs(open, 1)) {
        if (!cache.has(style)) cache.set(style, colourOf(p, style));
        const colour = cache.get(style);
        if (colour) found.set(item, colour);
      }
    }
  }
  return found;
}

function colourOf(p: Part21, style: number): Rgb | undefined {
  const stack = [style];
  for (let steps = 0; stack.length && steps < MOST_STEPS; steps++) {
    const at = stack.pop() ?? -1;
    const type = p.type(at);
    if (type === "COLOUR_RGB") {
      const open = p.first[at] + 1;
      const rgb = [p.num(open, 1), p.num(open, 2), p.num(open, 3)] as const;
      return rgb.every((c) => c >= 0 && c <= 1) ? rgb : undefined;
    }
    if (type === "DRAUGHTING_PRE_DEFINED_COLOUR") return NAMED.get(text(p, p.first[at] + 1, 0).toLowerCase());
    if (!ON_THE_WAY.has(type)) continue;
    for (let t = p.end[at] - 1; t > p.first[at]; t--) if (p.kind[t] === T.REF && p.val[t] >= 0) stack.push(p.val[t]);
  }
  return undefined;
}
