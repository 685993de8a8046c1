import { text } from "./assembly.ts";
import type { Part21 } from "./part21.ts";
import type { Representation } from "./representations.ts";

/** What a file holds beside boundary solids. */
export interface SetAsideFacts {
  /** Shells of surface models and surfaces of geometric sets. */
  readonly sheets: number;
  /** Curve sets, wireframes and point sets. */
  readonly wires: number;
  /** Annotation occurrences (PMI). */
  readonly annotations: number;
  /** Solids in a form the exact kernel does not read (tessellated, CSG, swept), by their word. */
  readonly otherSolids: readonly string[];
}

const OTHER_SOLID = /^(TESSELLATED_SOLID|TRIANGULATED_|CSG_SOLID|BOOLEAN_RESULT|EXTRUDED_|REVOLVED_|SWEPT_|BLOCK$|RIGHT_|SPHERE$|TORUS$|HALF_SPACE|SOLID_REPLICA|BREP_2D)/;
const SURFACE = /SURFACE|^PLANE$|^FACE/;

/** Counts sheets, wires and annotations. */
export function readSetAside(p: Part21, representations: ReadonlyMap<number, Representation>): SetAsideFacts {
  let sheets = 0, wires = 0, annotations = 0;
  const others = new Set<string>();
  const seen = new Set<number>();
  for (const { items } of representations.values()) {
    for (const item of items) {
      if (seen.has(item)) continue;
      seen.add(item);
      const type = p.type(item);
      if (/SHELL_BASED_SURFACE_MODEL|FACE_BASED_SURFACE_MODEL/.test(type)) sheets += Math.max(1, p.refs(p.first[item] + 1, 1).length);
      else if (/^(OPEN_SHELL|CLOSED_SHELL|ADVANCED_FACE)$/.test(type)) sheets++;
      else if (type === "GEOMETRIC_CURVE_SET" || /WIREFRAME_MODEL/.test(type)) wires++;
      else if (type === "GEOMETRIC_SET") {
        const surfaces = p.refs(p.first[item] + 1, 1).filter((i) => SURFACE.test(p.type(i))).length;
        sheets += surfaces;
        if (!surfaces) wires++;
      } else if (OTHER_SOLID.test(type)) others.add(type);
    }
  }
  const annotation = p.flags((name) => /ANNOTATION.*OCCURRENCE/.test(name));
  for (let i = 0; i < p.count; i++) if (p.among(i, annotation)) annotations++;
  return { sheets, wires, annotations, otherSolids: [...others] };
}

/** Names of files a document reference points to. */
export function externalFiles(p: Part21): string[] {
  const names = new Set<string>();
  for (const [, open] of p.each("DOCUMENT_FILE")) names.add(text(p, open, 0) || text(p, open, 1));
  names.delete("");
  return [...names];
}
