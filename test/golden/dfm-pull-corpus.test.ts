import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import type { FindingDraft } from "../../src/dfm/context.ts";
import type { Body } from "../../src/part/part.ts";
import { buildBvh } from "../../src/spatial/bvh.ts";
import { loadSpatial } from "../../src/spatial/load-spatial.ts";
import { readPart } from "../../src/step/read-part.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import type { Vec3 } from "../../src/units.ts";
import { corpusFiles } from "../corpus.ts";
import { kernelSource } from "../kernels.ts";
import { pullAndDraft } from "../shapes/pull-context.ts";

/** The smallest real parts with curved faces: one from each file, quick enough to mesh three times over. */
const COUNT = 12, LEAST_BYTES = 12_000;
const files = corpusFiles().filter(({ truth }) => truth.geom.unique_solids === 1 && truth.geom.solids === 1).map((f) => ({ ...f, bytes: statSync(f.path).size }))
  .filter((f) => f.bytes >= LEAST_BYTES && /\.ste?p$/i.test(f.path)).sort((a, b) => a.bytes - b.bytes).slice(0, COUNT);

const kernels = openStepKernels(kernelSource), spatial = loadSpatial(kernelSource);

async function bodyAt(path: string, deflectionMm?: number): Promise<Body> {
  const read = await readPart(kernels, { name: basename(path), bytes: readFileSync(path) }, { deflectionMm }, {});
  if (!read.ok) throw new Error(read.problem.message);
  using part = read.value;
  return part.part.bodies[0];
}

async function found(body: Body, pull: Vec3 | "auto"): Promise<{ direction: Vec3; findings: readonly FindingDraft[] }> {
  const bvh = buildBvh(await spatial, body.facets.positions, body.facets.indices, body.facets.faceOf), { pull: chosen, findings } = await pullAndDraft(body, bvh, pull);
  bvh.dispose();
  return { direction: chosen.direction, findings };
}

describe.skipIf(files.length === 0)("real parts: pull and draft at coarser and finer meshes", () => {
  it.each(files.map((f) => [basename(f.path), f.path] as const))("%s", async (_name, path) => {
    const body = await bodyAt(path), own = Math.max(...body.facets.deviationMm, 0.002), wanted = await found(body, "auto");
    for (const scale of [4, 0.25]) {
      const { findings } = await found(await bodyAt(path, own * scale), wanted.direction);
      for (const code of ["UNDERCUT", "DRAFT_LOW"] as const) {
        const a = wanted.findings.filter((f) => f.code === code), b = findings.filter((f) => f.code === code);
        // A mesh four times coarser may leave a verdict open, with an interval that says so; it may not turn it over.
        const said = new Set(a.map((f) => f.verdict)), now = b.map((f) => f.verdict).filter((v) => scale < 1 || v !== "undecided");
        for (const v of now) expect.soft([...said], `${code} at ×${scale}`).toContain(v);
        if (scale < 1) expect.soft(new Set(now), `${code} at ×${scale}`).toEqual(said);
        const [x, y] = [a[0]?.measured, b[0]?.measured];
        if (x && y) expect.soft(Math.max(x.low, y.low), `${code} at ×${scale}`).toBeLessThanOrEqual(Math.min(x.high, y.high) * (1 + 1e-9) + 1e-6);
      }
    }
  }, 120_000);

  it.each(corpusFiles().filter(({ path }) => path.endsWith("GripperFinger.step")).map(({ path }) => [basename(path), path] as const))("opens a finger across, not askew through its whole length for a little more draft: %s", async (_name, path) => {
    const { direction } = await found(await bodyAt(path), "auto");
    expect(direction.map((x) => Math.round(Math.abs(x) * 1e6) / 1e6)).toEqual([1, 0, 0]);
  }, 60_000);
});
