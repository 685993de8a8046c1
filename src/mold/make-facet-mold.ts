import { boxOfPoints } from "../part/mesh-measures.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Box } from "../units.ts";
import { facetMold } from "./facet-mold.ts";
import type { PullFrame } from "./frame.ts";
import { layOut } from "./lay-out.ts";
import type { MoldTask } from "./mold-task.ts";
import { PIECE_COLORS, type Mold, type MoldPiece, type MoldRole } from "./mold.ts";
import { prove } from "./proofs.ts";
import type { OversizedFacets } from "./oversized-facets.ts";

/** Relative tolerance of what the facet realisation has to reach. */
export const FACET = 1e-6;

/** The mold in triangles, proved on its own: as preview, and where no exact mold can be had. */
export async function makeFacetMold({ kernels, input, design, resolved, pullFree }: MoldTask): Promise<Result<Mold>> {
  const layout = layOut(design, resolved.frame, facetBox(resolved.facets, resolved.frame), resolved.partingMm);
  if (!layout.ok) return layout;
  const made = facetMold(await kernels.facets(), resolved.facets, layout.value);
  if (!made) return fail("MOLD_PROOF", "The part's facets are not a closed manifold.");
  const [ox, oy, oz] = resolved.growth.osf;
  const sinteredMm3 = facetVolume(input.bodies.flatMap((b) => [b.facets]));
  const proofs = {
    volumeRatio: prove(made.partMm3 / sinteredMm3, ox * oy * oz, FACET),
    closure: prove((made.coreMm3 + made.cavityMm3 + made.partMm3 + made.clearanceMm3) / made.blockMm3, 1, FACET),
    overlapMm3: prove(made.overlapMm3, 0, FACET * made.partMm3),
    pullFree,
  };
  const failed = Object.entries(proofs).filter(([key, proof]) => key !== "pullFree" && !proof.holds).map(([key]) => key);
  if (failed.length > 0) return fail("MOLD_PROOF", `The facet mold fails: ${failed.join(", ")}.`);
  const piece = (role: MoldRole, name: string, mesh: MoldPiece["mesh"], volumeMm3: number): MoldPiece => ({ role, name, color: PIECE_COLORS[role], volumeMm3, mesh });
  return ok({
    bodies: input.bodies.map((b) => b.id), name: input.name, realisation: "facets", design,
    pull: { direction: resolved.frame.z, chosenBy: resolved.chosenBy }, partingMm: resolved.sinteredPartingMm,
    block: { ...layout.value.frame, box: layout.value.box }, proofs,
    pieces: [piece("core", "core", made.core, made.coreMm3), piece("cavity", "cavity", made.cavity, made.cavityMm3), piece("oversized", "oversized part", made.part, made.partMm3)],
    [Symbol.dispose]: () => {},
  });
}

/** Box of the facets in the block's frame. */
export function facetBox({ positions: p }: OversizedFacets, frame: PullFrame): Box {
  const turned = new Float64Array(p.length);
  for (let i = 0; i < p.length; i += 3) [frame.x, frame.y, frame.z].forEach((axis, k) => { turned[i + k] = p[i] * axis[0] + p[i + 1] * axis[1] + p[i + 2] * axis[2]; });
  return boxOfPoints(turned);
}

function facetVolume(all: readonly { readonly positions: Float64Array; readonly indices: Uint32Array }[]): number {
  let six = 0;
  for (const { positions: p, indices } of all) {
    const o = [p[0], p[1], p[2]];
    for (let t = 0; t < indices.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map((k) => indices[t + k] * 3).map((i) => [p[i] - o[0], p[i + 1] - o[1], p[i + 2] - o[2]]);
      six += a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    }
  }
  return six / 6;
}

