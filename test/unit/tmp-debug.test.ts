import { it } from "vitest";
import { visibility } from "../../src/dfm/visibility.ts";
import { meshTopology } from "../../src/dfm/mesh-topology.ts";
import { bodyOf } from "../shapes/pull-context.ts";
import { hollowSphere } from "../shapes/pull-shapes.ts";
it("x", async () => {
  const { body, bvh } = await bodyOf((k) => hollowSphere(k, 10, 1, 60));
  const v = visibility(body, bvh, [0, 0, 1]);
  for (const f of body.faces) console.log(f.index, f.surface.kind, f.areaMm2, f.reversed, body.facets.deviationMm[f.index]);
  const byFace = new Map<string, number>();
  for (const p of v.pieces) { const k = `${body.facets.faceOf[p.facet]} z${Math.round(p.start[2])} ${p.hidden} ${p.sure}`; byFace.set(k, (byFace.get(k) ?? 0) + p.areaMm2); }
  console.log([...byFace]);
  const top = meshTopology(body.facets); let open = 0; for (let e = 0; e < top.rise.length; e++) if (top.sides[e*2] === top.sides[e*2+1]) open++;
  console.log("open", open, "edges", top.rise.length, body.facets.positions.length / 3);
});
