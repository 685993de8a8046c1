import type { Facets } from "../part/part.ts";
import { meshTopology } from "./mesh-topology.ts";

/** `[facets]` number of the connected region each facet belongs to, from 0; −1 where `isIn` says it belongs to none. */
export function facetRegions(facets: Facets, isIn: (facet: number) => boolean): Int32Array {
  const { edgeOf, sides } = meshTopology(facets), count = facets.faceOf.length, region = new Int32Array(count).fill(-1);
  let next = 0;
  for (let seed = 0; seed < count; seed++) {
    if (region[seed] >= 0 || !isIn(seed)) continue;
    const stack = [seed];
    region[seed] = next;
    while (stack.length > 0) {
      const t = stack.pop()!;
      for (let k = 0; k < 3; k++) {
        const e = edgeOf[t * 3 + k], other = sides[e * 2] === t ? sides[e * 2 + 1] : sides[e * 2];
        if (region[other] < 0 && isIn(other)) { region[other] = next; stack.push(other); }
      }
    }
    next++;
  }
  return region;
}
