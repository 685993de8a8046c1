import type { Body } from "../part/part.ts";
import type { Work } from "../progress.ts";
import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import type { ChooseParting } from "./choose-parting.ts";
import type { MoldDesign } from "./design.ts";
import { makeExactMold, why } from "./make-exact-mold.ts";
import { makeFacetMold } from "./make-facet-mold.ts";
import type { MoldKernels } from "./mold-kernels.ts";
import type { Mold } from "./mold.ts";
import { provePullFree, resolveDesign } from "./resolve-design.ts";

/** What a mold is made of: the plain bodies and, where the exact kernel holds them, their solids by body id. */
export interface MoldInput {
  readonly name: string;
  readonly bodies: readonly Body[];
  readonly solids: ReadonlyMap<string, ExactSolid>;
}

/**
 * Makes one mold around all the given bodies and proves it. Exact where possible; when the exact mold cannot be
 * proved, a facet mold with a MOLD_FALLBACK warning; MOLD_PROOF when that fails too. A mold whose halves are
 * hindered on their way out is made, with a MOLD_NOT_PULLABLE warning.
 */
export async function makeMold(kernels: MoldKernels, input: MoldInput, design: MoldDesign, work: Work = {}, choose?: ChooseParting): Promise<Result<Mold>> {
  work.onProgress?.("molding");
  const resolved = resolveDesign(input.bodies, design, choose);
  if (!resolved.ok) return resolved;
  const pullFree = provePullFree(resolved.value, input.bodies.reduce((sum, b) => sum + b.mass.areaMm2, 0));
  const warnings: Problem[] = pullFree.holds ? [] : [warning("MOLD_NOT_PULLABLE", `${pullFree.trappedMm2.toPrecision(4)} mm² on ${pullFree.faces.length} faces hinder it.`)];
  const task = { kernels, input, design, resolved: resolved.value, pullFree, work };
  const solids = input.bodies.map((b) => input.solids.get(b.id));
  if (!solids.every((s) => s !== undefined)) {
    const facets = await makeFacetMold(task);
    return facets.ok ? ok(facets.value, [...warnings, warning("FACETS_ONLY", "The mold is made of facets as well.")]) : facets;
  }
  const exact = await makeExactMold(task, solids);
  if (exact.ok) return ok(exact.value, [...warnings, ...exact.warnings]);
  if (exact.problem.code !== "MOLD_PROOF") return exact;
  work.signal?.throwIfAborted();
  const facets = await makeFacetMold(task);
  if (!facets.ok) return fail("MOLD_PROOF", `${why(exact.problem)} ${why(facets.problem)}`);
  return ok(facets.value, [...warnings, warning("MOLD_FALLBACK", why(exact.problem))]);
}

/** Molds for a part: one for each body, or one around all. A body whose mold cannot be made is reported as an error beside the others. */
export async function makeMolds(kernels: MoldKernels, input: MoldInput, design: MoldDesign, work: Work = {}, choose?: ChooseParting): Promise<Result<readonly Mold[]>> {
  const groups = design.bodies === "together" ? [input.bodies] : input.bodies.map((b) => [b]);
  const molds: Mold[] = [], problems: Problem[] = [];
  for (const bodies of groups) {
    work.signal?.throwIfAborted();
    const made = await makeMold(kernels, { ...input, bodies }, design, work, choose);
    if (made.ok) { molds.push(made.value); problems.push(...made.warnings); } else problems.push(made.problem);
  }
  const first = problems.find((p) => p.severity === "error");
  return molds.length === 0 && first ? { ok: false, problem: first } : ok(molds, problems);
}
