import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Engine, mim } from "../../src/engine.ts";
import type { Finding } from "../../src/dfm/finding.ts";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import { kernelSource } from "../kernels.ts";

const samples = fileURLToPath(new URL("../../samples/", import.meta.url));
const names = readdirSync(samples).filter((f) => f.endsWith(".step")).map((f) => f.replace(".step", ""));
const engine = Engine.create(kernelSource);

/** One finding, without its words. */
interface ExpectedFinding { code: string; verdict: string; low?: number; high?: number; faces: number }

/** What a run of a sample must give. */
interface Expected {
  volumeMm3: number;
  areaMm2: number;
  faces: number;
  sizeMm: number[];
  pull: number[];
  findings: ExpectedFinding[];
  mold: { realisation: string; volumeRatio: number; trappedMm2: number; proofs: string[] };
}

async function run(name: string): Promise<Expected> {
  const material = mim.resolveOsf({ material: "17-4PH" }), profile = mim.resolveProfile("align");
  if (!material.ok || !profile.ok) throw new Error("17-4PH and align are shipped");
  const opened = await engine.open({ name: `${name}.step`, bytes: readFileSync(`${samples}${name}.step`) });
  if (!opened.ok) throw new Error(opened.problem.message);
  using open = opened.value;
  const checked = await engine.check(open, { profile: profile.value, osf: material.value.osf, densityGcm3: material.value.densityGcm3, pull: "auto" });
  if (!checked.ok) throw new Error(checked.problem.message);
  const pull = checked.value.bodies[0].pull?.direction ?? [0, 0, 1];
  const molds = await engine.mold(open, { ...MOLD_DEFAULTS, osf: material.value.osf }, {}, new Map([["1", pull]]));
  if (!molds.ok) throw new Error(molds.problem.message);
  const [mold] = molds.value, [body] = open.part.bodies, [low, high] = body.mass.boxMm;
  const proofs = Object.entries(mold.proofs).filter(([, p]) => typeof p === "object" && p !== null && "holds" in p && p.holds).map(([key]) => key);
  const expected: Expected = {
    volumeMm3: body.mass.volumeMm3, areaMm2: body.mass.areaMm2, faces: body.faces.length, sizeMm: high.map((v, k) => v - low[k]), pull: [...pull],
    findings: checked.value.findings.map(brief),
    mold: { realisation: mold.realisation, volumeRatio: mold.proofs.volumeRatio.measured, trappedMm2: mold.proofs.pullFree.trappedMm2, proofs: proofs.sort() },
  };
  for (const m of molds.value) m[Symbol.dispose]();
  return expected;
}

const brief = ({ code, verdict, measured, faces }: Finding): ExpectedFinding => ({ code, verdict, ...(measured && { low: measured.low, high: measured.high }), faces: faces.length });

const near = (a: number, b: number, relative = 1e-6): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(b)));

describe("samples give what they are expected to give", () => {
  it.each(names)("%s", async (name) => {
    const file = `${samples}${name}.expected.json`, found = await run(name);
    if (process.env.WRITE_EXPECTED) writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
    expect(existsSync(file)).toBe(true);
    const expected = JSON.parse(readFileSync(file, "utf8")) as Expected;
    near(found.volumeMm3, expected.volumeMm3, 1e-9);
    near(found.areaMm2, expected.areaMm2, 1e-9);
    expect(found.faces).toBe(expected.faces);
    found.sizeMm.forEach((v, k) => near(v, expected.sizeMm[k]));
    found.pull.forEach((v, k) => near(v, expected.pull[k]));
    expect(found.findings.map((f) => `${f.code} ${f.verdict}`)).toEqual(expected.findings.map((f) => `${f.code} ${f.verdict}`));
    // Both runs' intervals hold the one truth, so they must meet.
    found.findings.forEach((f, i) => {
      const e = expected.findings[i];
      if (f.low === undefined || f.high === undefined || e.low === undefined || e.high === undefined) return;
      expect(f.low).toBeLessThanOrEqual(e.high + 1e-6);
      expect(f.high).toBeGreaterThanOrEqual(e.low - 1e-6);
    });
    expect(found.mold.realisation).toBe(expected.mold.realisation);
    near(found.mold.volumeRatio, 1.165 ** 3, found.mold.realisation === "exact" ? 1e-9 : 1e-6);
    expect(found.mold.proofs).toEqual(expected.mold.proofs);
    near(found.mold.trappedMm2, expected.mold.trappedMm2, 1e-3);
  });
});
