import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { checkPart } from "../../src/dfm/check.ts";
import type { Part } from "../../src/part/part.ts";
import { readPart } from "../../src/step/read-part.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import { corpusFiles, type GroundTruth } from "../corpus.ts";
import { profileOf, spatialModule } from "../dfm-run.ts";
import { kernelSource } from "../kernels.ts";

/** What the native reader measured beside the geometry. */
interface DfmTruth extends GroundTruth {
  readonly geom: GroundTruth["geom"] & { readonly min_cyl_radius_mm?: number | null; readonly min_torus_minor_radius_mm?: number | null };
  readonly wall?: { readonly opposed_min?: number | null };
}

/** Enough for verdicts on whole files without waiting; the product's own budget is larger. */
const BUDGET = { coarseSamples: 1500, wallRefinements: 800 };
/** Files over this size are left to the bench. */
const MAX_BYTES = 800_000;

const kernels = openStepKernels(kernelSource), table: string[] = [];
const files = corpusFiles().filter(({ path, truth }) => (truth.geom.solids ?? 0) > 0 && readFileSync(path).length < MAX_BYTES);

const smallest = (part: Part, kind: "cylinder" | "torus"): number =>
  Math.min(...part.bodies.flatMap((b) => b.faces.map(({ surface: s }) => (s.kind === kind ? (s.kind === "cylinder" ? s.radiusMm : s.minorMm) : Infinity))));

/** Every number a finding carries. */
function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(numbersOf) : [];
}

describe.skipIf(files.length === 0)("checks over the corpus", () => {
  afterAll(() => console.log(["file | facets | read ms | check ms (processor) | thinnest wall | sampled | min cylinder | min torus", ...table].join("\n")));

  it.each(files.map(({ path, truth }) => [truth.file, path, truth as DfmTruth] as const))("%s", async (file, path, truth) => {
    const before = process.cpuUsage();
    const read = await readPart(kernels, { name: file, bytes: new Uint8Array(readFileSync(path)) }, {}, {});
    const afterRead = process.cpuUsage(before);
    if (!read.ok) return void table.push(`${file} | not read: ${read.problem.code}`);
    const { part } = read.value, start = process.cpuUsage();
    try {
      const out = await checkPart({ part, spatial: await spatialModule(), profile: profileOf(), pull: [0, 0, 1], budget: BUDGET });
      const used = process.cpuUsage(start);
      if (!out.ok) throw new Error(out.problem.message);
      const { findings } = out.value;
      expect(numbersOf(findings).every(Number.isFinite)).toBe(true);
      for (const body of out.value.bodies) for (const row of [body.walls?.thicknessMm ?? [], body.walls?.partners ?? []]) expect(row.every(Number.isFinite)).toBe(true);
      for (const f of findings) if (f.measured) { expect(f.measured.low).toBeLessThanOrEqual(f.measured.value * (1 + 1e-9)); expect(f.measured.high).toBeGreaterThanOrEqual(f.measured.value * (1 - 1e-9)); }
      const walls = findings.filter((f) => f.code === "WALL_THIN" && f.measured), thinnest = Math.min(...walls.map((f) => f.measured!.value));
      const cylinder = smallest(part, "cylinder"), torus = smallest(part, "torus"), sampled = truth.wall?.opposed_min;
      table.push(`${file.split("/").pop()} | ${part.bodies.reduce((n, b) => n + b.facets.faceOf.length, 0)} | ${ms(afterRead)} | ${ms(used)} | ${thinnest.toPrecision(4)} | ${sampled ?? "–"} | ${cylinder} / ${truth.geom.min_cyl_radius_mm ?? "–"} | ${torus} / ${truth.geom.min_torus_minor_radius_mm ?? "–"}`);
      if (part.reader === "exact") {
        if (truth.geom.min_cyl_radius_mm) expect(Math.abs(cylinder - truth.geom.min_cyl_radius_mm)).toBeLessThan(1e-6 * truth.geom.min_cyl_radius_mm);
        if (truth.geom.min_torus_minor_radius_mm) expect(Math.abs(torus - truth.geom.min_torus_minor_radius_mm)).toBeLessThan(1e-6 * truth.geom.min_torus_minor_radius_mm);
      }
    } finally {
      read.value[Symbol.dispose]();
    }
  }, 300_000);
});

const ms = (cpu: NodeJS.CpuUsage): string => ((cpu.user + cpu.system) / 1000).toFixed(0);
