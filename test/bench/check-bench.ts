import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { performance } from "node:perf_hooks";
import { quickKernelFiles } from "../../src/cli/kernel-files.ts";
import { spareThreads, threadSupply } from "../../src/cli/thread-supply.ts";
import type { CheckOutput } from "../../src/dfm/check.ts";
import { Engine } from "../../src/engine.ts";
import { DEFAULT_PROFILE, PROFILES } from "../../src/mim/profile.ts";
import type { OpenPart } from "../../src/engine.ts";
import { corpusFiles } from "../corpus.ts";
import type { BenchTable } from "./spatial-bench.ts";

/** A part of ours with few planes, so that finer meshing meets all of it. */
const PART = "samples/watch-case.step";
/** Facets asked for; the mesher comes near. */
const FACETS = [5e3, 20e3, 80e3, 320e3];
const FILES = ["hex-nut", "topology-b", "Passive_Horn", "cycloidal-gear", "GripperFinger", "TC-DOCK-PIN", "Trigger_SO101", "Moving_Jaw", "linkrods", "SERVO-GEAR", "NIST_MBE_PMI_3", "nist_ctc_02"];
/** Part of a corpus file's path, several with commas; `all` for every file with a solid. */
const WANTED = process.env.OVERSIZE_BENCH?.split(",") ?? FILES;
const PROFILE = PROFILES.find(({ id }) => id === DEFAULT_PROFILE) ?? PROFILES[0];

/** What one check took, milliseconds by the clock and of processor time over all threads; the coarse map by the clock, from the start of the check. */
interface Checked {
  readonly ms: number;
  readonly cpuMs: number;
  readonly coarseMs: number;
  readonly output: CheckOutput;
}

/** The full check over ever finer meshes of one exact part: time a facet, and the first coarse wall map. */
export async function growthBench(): Promise<BenchTable> {
  const engine = newEngine(), bytes = new Uint8Array(readFileSync(PART)), rows: string[][] = [];
  // The first check of a process runs unoptimised code; a bench measures the next.
  { using warm = await open(engine, bytes, undefined); await check(engine, warm); }
  let deflectionMm = 0.1;
  for (const facets of FACETS) {
    deflectionMm = await deflectionFor(engine, bytes, facets, deflectionMm);
    const start = performance.now();
    using part = await open(engine, bytes, deflectionMm);
    const readMs = performance.now() - start, count = facetsOf(part), { ms, cpuMs, coarseMs, output } = await check(engine, part);
    const slowest = Object.entries(output.timingsMs).sort(([, a], [, b]) => b - a).slice(0, 4).map(([name, t]) => `${name} ${t.toFixed(0)}`);
    rows.push([String(count), `${readMs.toFixed(0)} ms`, `${ms.toFixed(0)} ms`, `${cpuMs.toFixed(0)} ms`, `${((1000 * cpuMs) / count).toFixed(1)} µs`, `${coarseMs.toFixed(0)} ms`, (ms / readMs).toFixed(2), slowest.join(", ")]);
  }
  engine.endHelpers();
  return {
    title: `Full check of ${basename(PART)}, meshed ever finer, ${HELPERS} threads beside the engine's`,
    columns: ["facets", "read", "full check", "its processor time", "of that a facet", "first coarse map", "check/read", "slowest stages, ms"],
    rows, notes: ["Bar: the first coarse map of 20,000 facets within a second; time near linear in facets."],
  };
}

/** Full check beside reading, file by file. */
export async function checkBench(): Promise<BenchTable> {
  const files = corpusFiles().filter(({ path, truth }) => (truth.geom.solids ?? 0) > 0 && (WANTED[0] === "all" || WANTED.some((name) => path.includes(name))));
  const engine = newEngine(), rows: string[][] = [];
  for (const { path } of files) {
    const bytes = new Uint8Array(readFileSync(path)), reads: number[] = [], checks: Checked[] = [];
    let count = 0;
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      using part = await open(engine, bytes, undefined);
      reads.push(performance.now() - start);
      count = facetsOf(part);
      checks.push(await check(engine, part));
    }
    const readMs = Math.min(...reads), ms = Math.min(...checks.map((c) => c.ms)), { timingsMs } = checks[2].output;
    const slowest = Object.entries(timingsMs).sort(([, a], [, b]) => b - a).slice(0, 4).map(([name, t]) => `${name} ${t.toFixed(0)}`);
    rows.push([basename(path).slice(0, 28), String(count), `${readMs.toFixed(0)} ms`, `${ms.toFixed(0)} ms`, `${Math.min(...checks.map((c) => c.cpuMs)).toFixed(0)} ms`, `${Math.min(...checks.map((c) => c.coarseMs)).toFixed(0)} ms`, `${(ms / readMs).toFixed(2)} ${ms <= readMs ? "met" : "NOT MET"}`, slowest.join(", ")]);
  }
  engine.endHelpers();
  return {
    title: `Full check beside reading, by the clock, best of three, ${HELPERS} threads beside the engine's`,
    columns: ["file", "facets", "read", "full check", "its processor time", "first coarse map", "check/read, bar 1", "slowest stages, ms"],
    rows, notes: [files.length ? "" : "No corpus: nothing measured."],
  };
}

/** Kernels and helpers as the command line gives them to a part by itself. */
const HELPERS = spareThreads(1);
const newEngine = (): Engine => Engine.create(quickKernelFiles, threadSupply(HELPERS, new URL("../cli/check-helper.js", import.meta.url)));

async function open(engine: Engine, bytes: Uint8Array, deflectionMm: number | undefined): Promise<OpenPart> {
  const result = await engine.open({ name: "bench.step", bytes }, { deflectionMm });
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

async function check(engine: Engine, part: OpenPart): Promise<Checked> {
  const cpu = process.cpuUsage(), start = performance.now();
  let coarseMs = 0;
  const result = await engine.check(part, { profile: PROFILE, onCoarseMap: () => { coarseMs ||= performance.now() - start; } });
  if (!result.ok) throw new Error(result.problem.message);
  return { ms: performance.now() - start, cpuMs: since(cpu), coarseMs, output: result.value };
}

/** Deflection that gives about so many facets: their number grows with its square root at first, in proportion later. */
async function deflectionFor(engine: Engine, bytes: Uint8Array, facets: number, from: number): Promise<number> {
  let deflectionMm = from;
  for (let i = 0; i < 8; i++) {
    using part = await open(engine, bytes, deflectionMm);
    const ratio = facetsOf(part) / facets;
    if (Math.abs(ratio - 1) < 0.15) break;
    deflectionMm *= Math.max(0.1, Math.min(10, ratio ** 1.2));
  }
  return deflectionMm;
}

const facetsOf = ({ part }: OpenPart): number => part.bodies.reduce((sum, { facets }) => sum + facets.faceOf.length, 0);

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
