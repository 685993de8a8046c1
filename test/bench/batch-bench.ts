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
 * `freecadcmd` importing and meshing the same files. Wall time; the slower two do a share and are scaled up.
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
    const freecad = freecadSeconds(samples.map((name) => join("samples", name)));
    return Promise.resolve({
      title: `Batch: samples ×${COPIES} (${files} files), one at a time`,
      columns: ["way", "seconds a file", "warm batch is faster by"],
      rows: [
        ["warm batch", warm.toFixed(3), "1"],
        ["one process for each file", cold.toFixed(3), (cold / warm).toFixed(1)],
        ["freecadcmd, one process for each file", ...(freecad === undefined ? ["not installed", "–"] : [freecad.toFixed(3), (freecad / warm).toFixed(1)])],
      ],
      notes: [`Each file is read, proved solid, meshed, pictured and reported; freecadcmd imports and meshes at 0.1 mm. The last two rows are the mean over the ${samples.length} samples once each.`],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function freecadSeconds(paths: readonly string[]): number | undefined {
  const program = FREECAD.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (!program) return undefined;
  const script = (path: string): string => `import Part,MeshPart\ns=Part.Shape();s.read(${JSON.stringify(path)})\nm=MeshPart.meshFromShape(Shape=s,LinearDeflection=0.1)\nprint(s.Volume,m.CountFacets)\n`;
  return mean(paths.map((path) => seconds(program, ["-c", script(path)])));
}

/** Wall time of a command; one that fails is an error, a failed file is not. */
function seconds(command: string, args: readonly string[]): number {
  const start = performance.now(), run = spawnSync(command, args, { stdio: "ignore" });
  if (run.status !== 0 && run.status !== 3) throw new Error(`${command} ended with ${run.status ?? run.signal}`);
  return (performance.now() - start) / 1000;
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
