import type { Body } from "../part/part.ts";
import { meshTopology } from "./mesh-topology.ts";

const known = new WeakMap<object, Int32Array>();

/** `[welded edges]` the edge of the body each welded mesh edge lies on, −1 inside a face. Computed once for each mesh. */
export function edgeOfMesh(body: Pick<Body, "edges" | "facets">): Int32Array {
  let map = known.get(body.facets);
  if (!map) known.set(body.facets, (map = build(body)));
  return map;
}

function build({ edges, facets }: Pick<Body, "edges" | "facets">): Int32Array {
  const { ends, sides } = meshTopology(facets), { positions: p, weld, faceOf, weldedCount } = facets;
  const weldAt = new Map<string, number>();
  const name = (row: Float64Array, i: number): string => `${row[i * 3]},${row[i * 3 + 1]},${row[i * 3 + 2]}`;
  for (let v = 0; v < weld.length; v++) weldAt.set(name(p, v), weld[v]);
  const pairOf = (a: number, b: number): number => (a < b ? a * weldedCount + b : b * weldedCount + a);
  const byPair = new Map<number, number[]>();
  for (const edge of edges) {
    for (let i = 0; i + 1 < edge.points.length / 3; i++) {
      const a = weldAt.get(name(edge.points, i)), b = weldAt.get(name(edge.points, i + 1));
      if (a === undefined || b === undefined || a === b) continue;
      const list = byPair.get(pairOf(a, b));
      if (list) list.push(edge.index); else byPair.set(pairOf(a, b), [edge.index]);
    }
  }
  const out = new Int32Array(sides.length / 2).fill(-1);
  for (let e = 0; e < out.length; e++) {
    const list = byPair.get(pairOf(weld[ends[e * 2]], weld[ends[e * 2 + 1]]));
    if (!list) continue;
    const [f, g] = [faceOf[sides[e * 2]], faceOf[sides[e * 2 + 1]]];
    out[e] = list.find((i) => (edges[i].faces[0] === f && edges[i].faces[1] === g) || (edges[i].faces[0] === g && edges[i].faces[1] === f)) ?? (list.length === 1 && f !== g ? list[0] : -1);
  }
  return out;
}
