import type { TopoDS_Shape } from "replicad-opencascadejs";
import { checkPart, type CheckInput, type CheckOutput } from "../src/dfm/check.ts";
import type { Finding, FindingCode } from "../src/dfm/finding.ts";
import { BallGauge, type ExactBalls } from "../src/dfm/exact-balls.ts";
import { emptySamples, placeAt, sampleSurface, type SurfaceSamples } from "../src/dfm/surface-samples.ts";
import { resolveProfile, type Profile } from "../src/mim/profile.ts";
import type { Body, Part } from "../src/part/part.ts";
import { buildBvh } from "../src/spatial/bvh.ts";
import { loadSpatial, type SpatialModule } from "../src/spatial/load-spatial.ts";
import { kernelSource } from "./kernels.ts";
import type { MeshAs, ShapeKernel } from "./shapes/kernel.ts";

let module: Promise<SpatialModule> | undefined;

/** The spatial kernel, once a process. */
export const spatialModule = (): Promise<SpatialModule> => (module ??= loadSpatial(kernelSource));

/** A profile that must exist. */
export function profileOf(idOrJson: string | object = "align"): Profile {
  const profile = resolveProfile(idOrJson);
  if (!profile.ok) throw new Error(profile.problem.message);
  return profile.value;
}

/** Checks a part and throws where the check itself fails. */
export async function runCheck(part: Part, options: Partial<CheckInput> = {}): Promise<CheckOutput> {
  const out = await checkPart({ part, spatial: await spatialModule(), profile: profileOf(), pull: [0, 0, 1], ...options });
  if (!out.ok) throw new Error(`${out.problem.code}: ${out.problem.message}`);
  return out.value;
}

/** Findings of one code. */
export const findingsOf = (out: CheckOutput, code: FindingCode): Finding[] => out.findings.filter((f) => f.code === code);

/** Checks a shape as the product reads it. */
export const checkShape = (k: ShapeKernel, shape: TopoDS_Shape, options: Partial<CheckInput> = {}, mesh: MeshAs = {}): Promise<CheckOutput> => runCheck(k.part(shape, mesh), options);

/** Spread samples of a body with their exact balls. */
export async function measureAll(body: Body, count: number): Promise<{ samples: SurfaceSamples; balls: ExactBalls }> {
  const bvh = buildBvh(await spatialModule(), body.facets.positions, body.facets.indices, body.facets.faceOf);
  const samples = sampleSurface(body, true, count), balls = new BallGauge(body, bvh, true).measure(samples);
  bvh.dispose();
  return { samples, balls };
}

/** Balls at chosen parameters of a face. */
export async function measureAt(body: Body, face: number, uvs: readonly (readonly [number, number])[], side: "inside" | "outside" = "inside"): Promise<{ samples: SurfaceSamples; balls: ExactBalls }> {
  const bvh = buildBvh(await spatialModule(), body.facets.positions, body.facets.indices, body.facets.faceOf);
  const samples = emptySamples(uvs.length);
  uvs.forEach(([u, v], i) => { if (!placeAt(body, face, u, v, samples, i)) throw new Error("singular"); });
  const balls = new BallGauge(body, bvh, true).measure(samples, side);
  bvh.dispose();
  return { samples, balls };
}
