import { fail, ok, type Result } from "../result.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import { meshSolid, type ClosedMesh } from "../step/mesh-solid.ts";
import { readBackExact } from "../step/read-back.ts";
import { readFacets } from "../step/second-reader.ts";
import { facetMold, sharedVolume } from "./facet-mold.ts";
import { ROD_LACKS } from "./facet-tooling.ts";
import type { MoldLayout } from "./lay-out.ts";
import type { MoldTask } from "./mold-task.ts";
import type { MoldPiece } from "./mold.ts";
import { prove, type MoldProofs, type Proof } from "./proofs.ts";

/** Relative tolerance of a file read again by the exact kernel. */
const READ_BACK = 1e-6;

type BackProofs = Required<Pick<MoldProofs, "overlapMm3" | "readBack" | "secondReader">> & Pick<MoldProofs, "crossCheck">;

/**
 * Reads the written assembly with both readers. The second reader's triangles lie within their deflection of the
 * surfaces (beside edges within the part's own edge tolerance as well), so its volumes may differ by deflection × area, and its bodies may overlap by as much. The facet
 * realisation, made from the part's own triangles, has to agree with core and cavity within the same bound.
 */
export async function proveReadBack({ kernels, input, resolved }: MoldTask, layout: MoldLayout, pieces: readonly MoldPiece[], step: Uint8Array): Promise<Result<BackProofs>> {
  const exact = readBackExact(await kernels.step.occt(), step);
  if (!exact.ok) return fail("MOLD_PROOF", `The written STEP file cannot be read: ${exact.problem.message}`);
  const written = pieces.reduce((sum, p) => sum + p.volumeMm3, 0);
  const readBack = prove(exact.value.reduce((sum, m) => sum + m.volumeMm3, 0), written, READ_BACK);

  const gapMm = Math.max(...input.bodies.map((b) => b.edgeToleranceMm)) * Math.max(...resolved.growth.osf);
  const deflectionMm = Math.max(resolved.facets.deviationMm, 1e-3) + gapMm;
  const second = readFacets(await kernels.step.secondReader(), step, "step", deflectionMm);
  if (!second.ok) return fail("MOLD_PROOF", `The second reader cannot read the written STEP file: ${second.problem.message}`);
  const bodies = second.value.bodies;
  const areaMm2 = exact.value.reduce((sum, m) => sum + m.areaMm2, 0);
  const seen = bodies.reduce((sum, b) => sum + b.volumeMm3, 0);
  const secondReader: Proof = prove(seen, written, Math.max(READ_BACK, (deflectionMm * areaMm2) / written));

  const facets = await kernels.facets();
  const [sx, sy, sz] = resolved.growth.osf;
  const contactMm2 = input.bodies.reduce((sum, b) => sum + b.mass.areaMm2, 0) * Math.max(sx * sy, sy * sz, sx * sz);
  const boundMm3 = 2 * deflectionMm * contactMm2;
  const shared = sharedVolume(facets, bodies) ?? sharedVolume(facets, ownMeshes(await kernels.step.occt(), pieces, deflectionMm));
  if (shared === undefined) return fail("MOLD_PROOF", "The mold bodies' facets are not closed, so their overlap cannot be measured.");
  return ok({ readBack, secondReader, overlapMm3: prove(shared, 0, boundMm3), ...crossCheck(facetMold(facets, resolved.facets, layout), layout, pieces, boundMm3) });
}

/** The bodies meshed by the exact kernel: the second reader's triangles do not always meet to the last bit. */
function ownMeshes(kernel: ExactKernel, pieces: readonly MoldPiece[], deflectionMm: number): ClosedMesh[] {
  return pieces.flatMap(({ solid }) => {
    const mesh = solid && meshSolid(kernel, solid, deflectionMm, 15);
    return mesh?.ok ? [mesh.value] : [];
  });
}

/** The worst of core and cavity against their facet counterparts, as a ratio of volumes. */
function crossCheck(made: ReturnType<typeof facetMold>, layout: MoldLayout, pieces: readonly MoldPiece[], boundMm3: number): Pick<MoldProofs, "crossCheck"> {
  // Facets that do not close bear no witness: self-intersecting triangles at a tangent contact, say.
  if (!made || Math.abs((made.coreMm3 + made.cavityMm3 + made.partMm3 + made.clearanceMm3) / made.blockMm3 - 1) > 1e-6) return {};
  const checks = pieces.filter((p) => p.role !== "oversized").map((p) => {
    // Pins and bores are polygons there. On a plain part that would be all the difference, and it is known.
    const facetMm3 = p.role === "core" ? made.coreMm3 + lacking(layout.pins.map((pin) => [pin.radiusMm, pin.lengthMm + (layout.relief?.depthMm ?? 0)])) : made.cavityMm3 - lacking(layout.pins.map((pin) => [pin.boreRadiusMm, pin.boreLengthMm]));
    return prove(facetMm3 / p.volumeMm3, 1, Math.max(1e-6, boundMm3 / p.volumeMm3));
  });
  const worst = checks.reduce((a, b) => (Math.abs(b.measured - 1) / b.tolerance > Math.abs(a.measured - 1) / a.tolerance ? b : a));
  return { crossCheck: worst };
}

/** What the polygons of rods lack against round ones, mm³. */
const lacking = (rods: readonly (readonly [radiusMm: number, lengthMm: number])[]): number => rods.reduce((sum, [radius, length]) => sum + Math.PI * radius * radius * length * ROD_LACKS, 0);
