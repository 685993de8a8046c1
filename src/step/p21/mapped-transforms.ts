import { mappings } from "./assembly.ts";
import { cross, dot } from "../../geometry.ts";
import { along, length, triple, type V } from "./frames.ts";
import type { Part21 } from "./part21.ts";
import type { Representation } from "./representations.ts";

/**
 * The first placement of a solid that mirrors or scales it, in words; undefined when there is none. Kernels drop
 * the scale and turn a mirror into a rotation without a word.
 */
export function unfaithfulPlacement(p: Part21, representations: ReadonlyMap<number, Representation>, withSolids: ReadonlySet<number>): string | undefined {
  const maps = mappings(p, representations);
  const holding = new Set(withSolids);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { parent, child } of maps) {
      if (holding.has(child) && !holding.has(parent)) { holding.add(parent); grown = true; }
    }
  }
  for (const { item, target, child } of maps) {
    const fault = holding.has(child) && target >= 0 ? operatorFault(p, target) : undefined;
    if (fault) return `${p.name(item)} ${fault}.`;
  }
  for (const [instance, open] of p.each("REPRESENTATION_RELATIONSHIP_WITH_TRANSFORMATION")) {
    const target = p.ref(open, p.size(open) - 1);
    const fault = target >= 0 ? operatorFault(p, target) : undefined;
    if (fault) return `${p.id(instance)} ${fault}.`;
  }
  return undefined;
}

/** What a CARTESIAN_TRANSFORMATION_OPERATOR does beyond moving and turning (ISO 10303-42 base_axis). */
function operatorFault(p: Part21, target: number): string | undefined {
  if (!p.type(target).includes("CARTESIAN_TRANSFORMATION_OPERATOR")) return undefined;
  const open = p.part(target, p.find("CARTESIAN_TRANSFORMATION_OPERATOR_3D"));
  if (open < 0 || p.size(open) < 8) return "is placed by an operator that is not understood";
  const scale = p.num(open, 6);
  if (Number.isFinite(scale) && Math.abs(scale - 1) > 1e-12) return `scales it by ${scale}`;
  const [x, y, z] = [p.ref(open, 3), p.ref(open, 4), p.ref(open, 7)].map((axis) => triple(p, axis));
  if (!y) return undefined; // the missing axis is built right-handed
  const axis3: V = z ?? (x ? cross(x, y) : [0, 0, 1]);
  const axis1 = x ?? squareTo(axis3);
  return dot(cross(axis1, y), axis3) < 0 ? "mirrors it" : undefined;
}

function squareTo(z: V): V {
  const l = length(z) || 1;
  const n: V = [z[0] / l, z[1] / l, z[2] / l];
  return Math.abs(n[0]) > 0.999 ? along([0, 1, 0], -n[1], n) : along([1, 0, 0], -n[0], n);
}
