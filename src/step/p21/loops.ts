import { fail, ok, type Result } from "../../result.ts";
import type { Part21 } from "./part21.ts";
import type { SolidTopology } from "./topology.ts";

/**
 * Each loop runs head to tail: an edge starts at the vertex where the one before it ended. A kernel reorders or
 * turns edges that do not, and may close a different face. Fails with `INVALID_SOLID`.
 */
export function checkLoops(p: Part21, solid: SolidTopology): Result<void> {
  const word = p.find("EDGE_CURVE");
  for (const shell of solid.shells) for (const face of shell.faces) for (const { edges, along, forward } of face.loops) {
    // `along` includes the bound's orientation; the list itself runs in the loop's own sense.
    const ends = edges.map((edge, i) => {
      const open = p.part(edge, word);
      const start = p.ref(open, 1), end = p.ref(open, 2);
      return along[i] === forward ? [start, end] : [end, start];
    });
    for (let i = 0; i < ends.length; i++) {
      const next = (i + 1) % ends.length;
      if (ends[i][1] !== ends[next][0]) return fail("INVALID_SOLID", `The boundary of ${p.name(face.instance)} breaks after ${p.name(edges[i])}.`);
    }
  }
  return ok(undefined);
}
