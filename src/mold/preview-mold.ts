import type { Body } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Vec3 } from "../units.ts";
import type { BlockBuilt, MoldDesign } from "./design.ts";
import { facetMold } from "./facet-mold.ts";
import { layOut } from "./lay-out.ts";
import { facetBox } from "./make-facet-mold.ts";
import type { MoldKernels } from "./mold-kernels.ts";
import type { MoldRole } from "./mold.ts";
import { resolveDesign } from "./resolve-design.ts";
import type { ClosedMesh } from "../step/mesh-solid.ts";

/** A mold in triangles without proofs: to look at while a parameter moves, never to cut steel from. */
export interface PreviewedMold {
  readonly pull: Vec3;
  /** Parting height along the pull through the part origin, sintered part. */
  readonly partingMm: number;
  readonly block: BlockBuilt;
  readonly pieces: readonly { readonly role: MoldRole; readonly mesh: ClosedMesh; readonly volumeMm3: number }[];
}

/** The mold of some bodies from their facets. DESIGN_INVALID as for the mold itself. */
export async function previewMold(kernels: MoldKernels, bodies: readonly Body[], design: MoldDesign): Promise<Result<PreviewedMold>> {
  const resolved = resolveDesign(bodies, design);
  if (!resolved.ok) return resolved;
  const { facets, frame, partingMm, sinteredPartingMm } = resolved.value;
  const layout = layOut(design, frame, facetBox(facets, frame), partingMm);
  if (!layout.ok) return layout;
  const made = facetMold(await kernels.facets(), facets, layout.value, false);
  if (!made) return fail("MOLD_PROOF", "The part's facets are not a closed manifold.");
  return ok({
    pull: frame.z, partingMm: sinteredPartingMm, block: { ...frame, box: layout.value.box },
    pieces: [
      { role: "core", mesh: made.core, volumeMm3: made.coreMm3 },
      { role: "cavity", mesh: made.cavity, volumeMm3: made.cavityMm3 },
      { role: "oversized", mesh: made.part, volumeMm3: made.partMm3 },
    ],
  });
}
