import type { TopoDS_Shape } from "replicad-opencascadejs";
import { analysePull, comparedPull, pullsToCompare } from "../../src/dfm/analyse-pull.ts";
import { checkDraft } from "../../src/dfm/check-draft.ts";
import { checkPart, type CheckInput, type CheckOutput } from "../../src/dfm/check.ts";
import { BUDGET_DEFAULTS, type CheckContext, type FindingDraft, type PullAnalysis } from "../../src/dfm/context.ts";
import { resolveProfile } from "../../src/mim/profile.ts";
import type { Body } from "../../src/part/part.ts";
import { buildBvh, type Bvh } from "../../src/spatial/bvh.ts";
import { loadSpatial } from "../../src/spatial/load-spatial.ts";
import type { Vec3 } from "../../src/units.ts";
import { kernelSource } from "../kernels.ts";
import { partOf, shapeKernel, type MeshAs, type ShapeKernel } from "./kernel.ts";

const spatial = loadSpatial(kernelSource);

/** A test shape as the checks see it. */
export async function bodyOf(make: (k: ShapeKernel) => TopoDS_Shape, mesh: MeshAs = {}): Promise<{ body: Body; bvh: Bvh }> {
  const k = await shapeKernel(), body = k.body(make(k), mesh);
  return { body, bvh: buildBvh(await spatial, body.facets.positions, body.facets.indices, body.facets.faceOf) };
}

/** All findings on a test shape. */
export async function checked(make: (k: ShapeKernel) => TopoDS_Shape, input: Partial<CheckInput> & { profileId?: string } = {}, mesh: MeshAs = {}): Promise<CheckOutput & { body: Body }> {
  const k = await shapeKernel(), body = k.body(make(k), mesh), profile = resolveProfile(input.profileId ?? "align");
  if (!profile.ok) throw new Error(profile.problem.message);
  const result = await checkPart({ part: partOf(body), spatial: await spatial, profile: profile.value, ...input });
  if (!result.ok) throw new Error(result.problem.message);
  return { ...result.value, body };
}

/** What one rule alone works with. */
export function plainContext(body: Body, bvh: Bvh, askedPull: Vec3 | "auto" = "auto"): CheckContext {
  const profile = resolveProfile("align");
  if (!profile.ok) throw new Error(profile.problem.message);
  return { body, bvh, exact: true, profile: profile.value, osf: [1, 1, 1], askedPull, budget: BUDGET_DEFAULTS, pause: async () => {} };
}

/** Findings of the pull stage and of the draft rule alone. */
export async function pullAndDraft(body: Body, bvh: Bvh, askedPull: Vec3 | "auto"): Promise<{ pull: PullAnalysis; findings: readonly FindingDraft[] }> {
  const base = plainContext(body, bvh, askedPull);
  const { pull, findings } = analysePull(base, pullsToCompare(base).map((likely) => comparedPull(base, likely)));
  if (!pull) throw new Error("no pull direction");
  return { pull, findings: [...findings, ...(await checkDraft({ ...base, pull }))] };
}
