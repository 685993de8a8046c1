import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkPart } from "../../src/dfm/check.ts";
import { EdgeZones, ZONE, classifyZones } from "../../src/dfm/edge-zone.ts";
import { BallGauge } from "../../src/dfm/exact-balls.ts";
import type { Finding } from "../../src/dfm/finding.ts";
import { pickSamples, sampleSurface } from "../../src/dfm/surface-samples.ts";
import type { Body, Part } from "../../src/part/part.ts";
import { buildBvh } from "../../src/spatial/bvh.ts";
import { readPart } from "../../src/step/read-part.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import type { Vec3 } from "../../src/units.ts";
import { FULL, saysShort } from "../full.ts";
import { corpusFiles, type GroundTruth } from "../corpus.ts";
import { profileOf, spatialModule } from "../dfm-run.ts";
import { kernelSource } from "../kernels.ts";

/** What the native reader measured beside the geometry. `opposed_min`: shortest of its sampled rays between opposed faces. */
interface DfmTruth extends GroundTruth {
  readonly geom: GroundTruth["geom"] & { readonly min_cyl_radius_mm?: number | null; readonly min_torus_minor_radius_mm?: number | null };
  readonly wall?: { readonly opposed_min?: number | null };
}

/** Enough for every file's thinnest wall without waiting; the product's own budget is larger. */
const BUDGET = { coarseSamples: 600, wallRefinements: 1600, faceSubdivisions: 512 };
/** A ray meets an opposed face when the outward normals at its ends turn by more than this cosine says (143°). */
const OPPOSED = -0.8;
/** How near the search for the thinnest wall comes within the counted budget. */
const SEARCH = 1e-3;

/** Larger files are left to the long form. */
const SHORT_BYTES = 250_000;
saysShort(`Corpus files over ${SHORT_BYTES / 1000} kB are not checked.`);

const kernels = openStepKernels(kernelSource), files = corpusFiles().filter(({ path }) => FULL || statSync(path).size < SHORT_BYTES), table: string[] = [];
const expected = files.filter(({ truth }) => (truth.geom.solids ?? 0) > 0);

const smallest = (part: Part, kind: "cylinder" | "torus"): number =>
  Math.min(...part.bodies.flatMap((b) => b.faces.map(({ surface: s }) => (s.kind === kind ? (s.kind === "cylinder" ? s.radiusMm : s.minorMm) : Infinity))));

/** Every number a finding carries. */
function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(numbersOf) : [];
}

/** Rays from samples to an opposed face no longer than `reachMm`; how many, and how many of those exact measure calls a wall. */
async function shortRays(body: Body, reachMm: number): Promise<{ rays: number; walls: number }> {
  const { facets } = body, bvh = buildBvh(await spatialModule(), facets.positions, facets.indices, facets.faceOf);
  try {
    const gauge = new BallGauge(body, bvh, true), all = sampleSurface(body, true, 2000), options = { minDistancesMm: 1.5 * gauge.deviationMm + 4 * bvh.errorMm };
    const { distances, triangles } = bvh.rays(all.points, all.normals.map((x) => -x), options);
    const list = [...distances.keys()].filter((i) => triangles[i] >= 0 && distances[i] <= reachMm && opposed(body, triangles[i], all.normals.subarray(i * 3, i * 3 + 3)));
    const picked = pickSamples(all, list), balls = gauge.measure(picked), zones = classifyZones(new EdgeZones(body, gauge.deviationMm), picked, balls, Float64Array.from(list, (i) => distances[i]));
    return { rays: list.length, walls: zones.filter((zone, i) => zone === ZONE.wall && 2 * balls.highMm[i] < reachMm * (1 - SEARCH)).length };
  } finally {
    bvh.dispose();
  }
}

function opposed({ facets: { normals, indices } }: Body, triangle: number, n: ArrayLike<number>): boolean {
  return [0, 1, 2].every((c) => [0, 1, 2].reduce((sum, k) => sum + normals[indices[triangle * 3 + c] * 3 + k] * n[k], 0) < OPPOSED);
}

/** Distance of a point from the body's facets, mm. */
async function offFacets(body: Body, p: Vec3): Promise<number> {
  const bvh = buildBvh(await spatialModule(), body.facets.positions, body.facets.indices, body.facets.faceOf), { distances } = bvh.closest(Float64Array.from(p));
  bvh.dispose();
  return distances[0];
}

/** A wall is shown by two points of the body that lie no further apart than the thickness stated. */
async function isShown(part: Part, finding: Finding): Promise<void> {
  const body = part.bodies.find((b) => b.id === finding.body) as Body, thickness = finding.measured!.value, deviation = Math.max(...body.facets.deviationMm);
  for (const p of finding.points) expect(await offFacets(body, p)).toBeLessThanOrEqual(1.5 * deviation + 1e-6);
  const [a, b = a] = finding.points;
  expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeLessThanOrEqual(thickness * (1 + 1e-6) + 1e-9);
}

describe.skipIf(files.length === 0)("checks over the corpus", () => {
  afterAll(() => console.log(["file | bodies | facets | read ms | check ms (processor) | thinnest wall | sampled by native rays | how | min cylinder / native | min torus / native", ...table].join("\n")));

  it.each(files.map(({ path, truth }) => [truth.file, path, truth as DfmTruth] as const))("%s", async (file, path, truth) => {
    const before = process.cpuUsage();
    const read = await readPart(kernels, { name: file, bytes: new Uint8Array(readFileSync(path)) }, {}, {});
    const afterRead = process.cpuUsage(before);
    // A file that holds a solid is read; one without must be refused, and there is nothing to check then.
    expect(read.ok, read.ok ? "" : read.problem.message).toBe(expected.some((f) => f.path === path));
    if (!read.ok) return void table.push(`${basename(file)} | not read: ${read.problem.code}`);
    using kept = read.value;
    const { part } = kept, start = process.cpuUsage();
    const out = await checkPart({ part, spatial: await spatialModule(), profile: profileOf(), pull: [0, 0, 1], budget: BUDGET }), used = process.cpuUsage(start);
    if (!out.ok) throw new Error(out.problem.message);
    const { findings, bodies } = out.value;
    expect(part.reader).toBe("exact");
    expect(bodies.length).toBe(truth.geom.unique_solids);
    soundNumbers(findings);
    for (const body of bodies) for (const row of [body.walls?.thicknessMm ?? [], body.walls?.partners ?? []]) expect(row.every(Number.isFinite)).toBe(true);
    const cylinder = smallest(part, "cylinder"), torus = smallest(part, "torus");
    sameRadius(cylinder, truth.geom.min_cyl_radius_mm);
    sameRadius(torus, truth.geom.min_torus_minor_radius_mm);
    const walls = findings.filter((f) => f.code === "WALL_THIN" && f.measured).sort((a, b) => a.measured!.value - b.measured!.value), how = await againstRays(part, walls[0], truth.wall?.opposed_min as number);
    table.push(`${basename(file)} | ${part.bodies.length} | ${part.bodies.reduce((n, b) => n + b.facets.faceOf.length, 0)} | ${ms(afterRead)} | ${ms(used)} | ${walls[0].measured!.value.toPrecision(5)} ${walls[0].verdict} | ${truth.wall?.opposed_min} | ${how} | ${cylinder} / ${truth.geom.min_cyl_radius_mm ?? "–"} | ${torus} / ${truth.geom.min_torus_minor_radius_mm ?? "–"}`);
  }, 300_000);
});

/** Finite, bounded, and every value inside its interval. */
function soundNumbers(findings: readonly Finding[]): void {
  expect(findings.length).toBeGreaterThan(0);
  const unsound = findings.filter((f) => !numbersOf(f).every((x) => Number.isFinite(x) && Math.abs(x) < 1e12));
  expect(unsound).toEqual([]);
  for (const { measured } of findings) if (measured) {
    expect(measured.low).toBeLessThanOrEqual(measured.value * (1 + 1e-9));
    expect(measured.high).toBeGreaterThanOrEqual(measured.value * (1 - 1e-9));
  }
}

function sameRadius(ours: number, native: number | null | undefined): void {
  if (native) expect(Math.abs(ours - native)).toBeLessThan(1e-6 * native);
  else expect(ours).toBe(Infinity);
}

/**
 * Our thinnest wall is at most the native rays' shortest, since a ball is never larger than the ray from its contact.
 * Where ours is larger, the native ray must have met what is no wall here: a corner of more than 40° or a tip that a
 * third face bounds. Then our own samples find such short rays too, and exact measure calls none of them a wall.
 */
async function againstRays(part: Part, thinnest: Finding, native: number): Promise<string> {
  await isShown(part, thinnest);
  const { value, low } = thinnest.measured!;
  if (low <= native * (1 + 1e-6)) return value < native * (1 - SEARCH) ? "thinner, shown" : "same";
  if (value <= native * (1 + SEARCH)) return "same within the search";
  let rays = 0;
  for (const body of part.bodies) {
    const found = await shortRays(body, value);
    rays += found.rays;
    expect(found.walls).toBe(0);
  }
  expect(rays).toBeGreaterThan(0);
  return "corners only";
}

const ms = (cpu: NodeJS.CpuUsage): string => ((cpu.user + cpu.system) / 1000).toFixed(0);
