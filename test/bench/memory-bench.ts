import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { residentMb } from "../../src/cli/process-memory.ts";
import type { BenchTable } from "./spatial-bench.ts";

const FILES = 1000, ROWS = 10;

/** Resident memory of a batch of 1 000 files and of its one child, looked at after every file; Linux only. */
export async function memoryBench(): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), "oversize-bench-"));
  try {
    const samples = readdirSync("samples").filter((name) => name.endsWith(".step"));
    mkdirSync(join(folder, "in"));
    for (let i = 0; i < FILES; i++) cpSync(join("samples", samples[i % samples.length]), join(folder, "in", `${String(i).padStart(4, "0")}.step`));
    const seen = await watch(["dist/cli/oversize.js", "batch", join(folder, "in"), "--no-check", "--no-mold", "--jobs", "1", "--quiet", "--jsonl", "--out", join(folder, "out")]);
    const step = Math.ceil(seen.length / ROWS), slices = Array.from({ length: ROWS }, (_, i) => seen.slice(i * step, (i + 1) * step)).filter((s) => s.length > 0);
    const top = (values: readonly number[]): string => Math.max(...values).toFixed(0);
    return {
      title: `Memory over ${FILES} files, one at a time, largest of each slice`,
      columns: ["files done", "batch MB", "child MB"],
      rows: slices.map((slice, i) => [String(Math.min((i + 1) * step, seen.length)), top(slice.map((s) => s.batchMb)), top(slice.map((s) => s.childMb))]),
      notes: [seen.length === FILES ? "Each file is read, proved solid, meshed, pictured and reported. The child is replaced after 250 files." : `${seen.length} looks at memory: it can be read on Linux only.`],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a batch and looks at its memory at each line of its output. */
async function watch(args: readonly string[]): Promise<{ batchMb: number; childMb: number }[]> {
  const batch = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] }), pid = batch.pid ?? 0;
  const seen: { batchMb: number; childMb: number }[] = [];
  let rest = "";
  for await (const text of batch.stdout.setEncoding("utf8")) {
    const lines = (rest + String(text)).split("\n");
    rest = lines.pop() ?? "";
    const batchMb = await residentMb(pid), childMb = Math.max(0, ...await Promise.all(childrenOf(pid).map(async (child) => (await residentMb(child)) ?? 0)));
    if (batchMb !== undefined) for (const _ of lines) seen.push({ batchMb, childMb });
  }
  return seen;
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
