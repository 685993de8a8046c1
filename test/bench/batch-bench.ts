import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchTable } from "./spatial-bench.ts";

const COPIES = 50;
const CLI = "dist/cli/oversize.js";
const FREECAD = ["freecadcmd", "FreeCADCmd"];

/**
 * Samples ×50, read and reported: one warm batch on one process against a process for each file, and against
 * `freecadcmd` doing the same, a process for each file and one for all. Wall time.
 */
export function batchBench(): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), "oversize-bench-"));
  try {
    const samples = readdirSync("samples").filter((name) => name.endsWith(".step"));
    mkdirSync(join(folder, "in"));
    for (const name of samples) for (let i = 0; i < COPIES; i++) cpSync(join("samples", name), join(folder, "in", `${i}-${name}`));
    const files = samples.length * COPIES;
    const warm = seconds(process.execPath, [CLI, "batch", join(folder, "in"), "--no-check", "--no-mold", "--jobs", "1", "--quiet", "--out", join(folder, "batch")]) / files;
    const cold = mean(samples.map((name) => seconds(process.execPath, [CLI, "batch", join("samples", name), "--no-check", "--no-mold", "--jobs", "1", "--quiet", "--out", join(folder, "single")])));
    const native = freecad(), coldNative = native ? mean(samples.map((name) => freecadSeconds(native, [join("samples", name)]))) : undefined;
    const warmNative = native ? freecadSeconds(native, readdirSync(join(folder, "in")).map((name) => join(folder, "in", name))) / files : undefined;
    const row = (way: string, time: number | undefined): string[] => [way, ...(time === undefined ? ["not installed", "–"] : [time.toFixed(3), (time / warm).toFixed(1)])];
    return Promise.resolve({
      title: `Batch: samples ×${COPIES} (${files} files), one at a time`,
      columns: ["way", "seconds a file", "warm batch is faster by"],
      rows: [row("warm batch", warm), row("one process for each file", cold), row("freecadcmd, one process for each file", coldNative), row("freecadcmd, one process for all files", warmNative)],
      notes: [`Each file is read, proved solid, meshed, pictured and reported; freecadcmd imports, checks, measures and meshes at 0.1 mm. A process for each file: the mean over the ${samples.length} samples once each.`],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const freecad = (): string | undefined => FREECAD.find((name) => spawnSync(name, ["--version"]).error === undefined);

/** Wall time of one process that reads, checks, measures and meshes the files. Its exit code says nothing (0.20 dies on its way out), so its lines are counted. */
function freecadSeconds(program: string, paths: readonly string[]): number {
  const each = "s=Part.Shape();s.read(p);m=MeshPart.meshFromShape(Shape=s,LinearDeflection=0.1);print(s.isValid(),s.Volume,s.Area,s.BoundBox,m.CountFacets)";
  const start = performance.now(), { stdout } = spawnSync(program, ["-c", `import Part,MeshPart\nfor p in ${JSON.stringify(paths)}:\n ${each}\n`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const read = stdout.split("\n").filter((line) => line.startsWith("True")).length;
  if (read !== paths.length) throw new Error(`${program} read ${read} of ${paths.length} files`);
  return (performance.now() - start) / 1000;
}

/** Wall time of a command; one that fails is an error, a failed file is not. */
function seconds(command: string, args: readonly string[]): number {
  const start = performance.now(), run = spawnSync(command, args, { stdio: "ignore" });
  if (run.status !== 0 && run.status !== 3) throw new Error(`${command} ended with ${run.status ?? run.signal}`);
  return (performance.now() - start) / 1000;
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
