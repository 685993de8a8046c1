import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Engine } from "../../src/engine.ts";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import { loadSecondReader, readFacets } from "../../src/step/second-reader.ts";
import { corpusFiles } from "../corpus.ts";
import { quickKernelFiles } from "../../src/cli/kernel-files.ts";
import { kernelSource } from "./kernel-files.ts";
import type { BenchTable } from "./spatial-bench.ts";

/** Files of all sizes and kinds; `OVERSIZE_BENCH=all` takes the whole corpus, a list of names with commas those. */
const FILES = process.env.OVERSIZE_BENCH && process.env.OVERSIZE_BENCH !== "all" ? process.env.OVERSIZE_BENCH.split(",") : ["hex-nut", "topology-b", "Passive_Horn", "cycloidal-gear", "GripperFinger", "TC-DOCK-PIN", "Trigger_SO101", "Moving_Jaw", "linkrods", "SERVO-GEAR", "NIST_MBE_PMI_3", "nist_ctc_02"];
const WARM = 5, ANGLE_DEG = 15, OSF = 1.165;

/** What one process measured of one file, milliseconds of processor time and megabytes. */
interface Measured {
  readonly coldMs: number;
  readonly warmMs: number;
  /** Mold and STEP files, the first of the process and warm; absent where there is none. */
  readonly firstMoldMs?: number;
  readonly moldMs?: number;
  readonly moldClockMs?: number;
  readonly peakMb: number;
}

type Contender = "ours" | "occt-import-js";

/**
 * Reads, proves, measures and meshes files beside occt-import-js (which only reads and meshes) and native FreeCAD (read,
 * check, volume, area, box, mesh), each in a process of its own: first file of the process, and the median of the next.
 * Molds and writes where the file is one solid; FreeCAD cuts and writes, and then does what our proofs do: it checks every body, writes
 * each by itself as well, reads the files back, measures what it made and what it read, and meshes every body. Ours runs as the command line does, with kernels that are compiled quickly.
 */
export async function readBench(): Promise<BenchTable> {
  const all = process.env.OVERSIZE_BENCH === "all";
  const files = corpusFiles().filter(({ path, truth }) => (truth.geom.unique_solids ?? 0) > 0 && (all || FILES.some((name) => path.includes(name))));
  const rows: string[][] = [];
  for (const { path, truth } of files) {
    const deflectionMm = Math.max(0.002, Math.hypot(...(truth.geom.size_mm ?? [1])) / 1000), single = truth.geom.solids === 1;
    const ours = child("ours", path, deflectionMm, single), other = child("occt-import-js", path, deflectionMm, single), native = freecad(path, deflectionMm);
    rows.push([
      basename(path).slice(0, 28), String(truth.geom.faces ?? ""), ms(ours?.coldMs), ms(ours?.warmMs), ms(other?.coldMs), ms(other?.warmMs), ratio(ours?.warmMs, other?.warmMs),
      ms(native?.readMs), ratio(ours?.warmMs, native?.readMs), ms(ours?.firstMoldMs), ms(ours?.moldMs), ms(ours?.moldClockMs),
      ms(native?.cutMs), ratio(ours?.moldMs, native?.cutMs), ms(native?.checkedMs), ratio(ours?.moldMs, native?.checkedMs), ours ? `${ours.peakMb.toFixed(0)} MB` : "failed",
    ]);
  }
  return {
    title: "Reading, molding and writing, processor time",
    columns: ["file", "faces", "ours cold", "ours warm", "occt-import-js cold", "warm", "theirs/ours", "FreeCAD", "theirs/ours", "our first mold with proofs", "warm", "by the clock", "FreeCAD scale, cut, halve, write", "theirs/ours", "the same, checked, read back and measured", "theirs/ours", "our peak"],
    rows,
    notes: [files.length ? "Ours also proves the solid and integrates to 1e-9; FreeCAD's volumes are good to 1e-4." : "No corpus: nothing measured.", freecadVersion()],
  };
}

const ms = (value: number | undefined): string => (value === undefined ? "–" : `${value.toFixed(0)} ms`);
const ratio = (ours: number | undefined, theirs: number | undefined): string => (ours === undefined || theirs === undefined ? "–" : `${(theirs / ours).toFixed(2)}×`);

function child(contender: Contender, path: string, deflectionMm: number, mold: boolean): Measured | undefined {
  try {
    const out = execFileSync(process.execPath, [process.argv[1], "--read-one", contender, path, String(deflectionMm), mold ? "mold" : ""], { encoding: "utf8", timeout: 600_000, stdio: ["ignore", "pipe", "ignore"] });
    return JSON.parse(out.trim().split("\n").at(-1) ?? "") as Measured;
  } catch {
    return undefined;
  }
}

/** The child's side of the bench: prints one {@link Measured} as JSON. */
export async function readOne(contender: string, path: string, deflectionMm: number, mold: boolean): Promise<void> {
  const bytes = new Uint8Array(readFileSync(path)), times: number[] = [];
  const read = contender === "ours" ? await ourReader(basename(path), bytes, deflectionMm) : await otherReader(bytes, deflectionMm);
  for (let i = 0; i <= WARM; i++) times.push(await processorMs(read.once));
  const peakMb = (): number => process.resourceUsage().maxRSS / 1024;
  const warmMs = times.slice(1).sort((a, b) => a - b)[WARM >> 1], readPeak = peakMb();
  const first = mold && read.mold ? await read.mold() : {}, molded = mold && read.mold ? { ...await read.mold(), firstMoldMs: first.moldMs } : {};
  console.log(JSON.stringify({ coldMs: times[0], warmMs, peakMb: Math.max(readPeak, peakMb()), ...molded } satisfies Measured));
}

interface Reader {
  readonly once: () => Promise<void>;
  readonly mold?: () => Promise<Pick<Measured, "moldMs" | "moldClockMs">>;
}

async function ourReader(name: string, bytes: Uint8Array, deflectionMm: number): Promise<Reader> {
  const engine = Engine.create(quickKernelFiles);
  const open = async () => {
    const result = await engine.open({ name, bytes }, { deflectionMm });
    if (!result.ok) throw new Error(result.problem.message);
    return result.value;
  };
  return {
    once: async (): Promise<void> => { (await open())[Symbol.dispose](); },
    mold: async () => {
      using part = await open();
      const start = process.cpuUsage(), clock = performance.now(), molds = await engine.mold(part, { ...MOLD_DEFAULTS, osf: [OSF, OSF, OSF] });
      if (!molds.ok || molds.value.length === 0) return {};
      for (const mold of molds.value) { await engine.exportMold(mold, ["step"]); mold[Symbol.dispose](); }
      return { moldMs: since(start), moldClockMs: performance.now() - clock };
    },
  };
}

async function otherReader(bytes: Uint8Array, deflectionMm: number): Promise<Reader> {
  let reader: Awaited<ReturnType<typeof loadSecondReader>> | undefined;
  return {
    once: async (): Promise<void> => {
      reader ??= await loadSecondReader(kernelSource);
      const result = readFacets(reader, bytes, "step", deflectionMm, ANGLE_DEG);
      if (!result.ok) throw new Error(result.problem.message);
    },
  };
}

async function processorMs(task: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await task();
  return since(start);
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

// ---------- native FreeCAD ----------

const SCRIPT = `
import json, os, sys, time, Part, FreeCAD
path, deflection = os.environ["BENCH_FILE"], float(os.environ["BENCH_DEFLECTION"])
def read():
    shape = Part.Shape(); shape.read(path)
    parts = shape.Solids
    for s in parts:
        s.isValid(); s.Volume; s.Area; [f.Area for f in s.Faces]; s.BoundBox; s.tessellate(deflection)
    return parts
times = []
for i in range(3):
    t = time.process_time(); parts = read(); times.append((time.process_time() - t) * 1000)
out = {"readMs": sorted(times[1:])[0]}
if len(parts) == 1:
    t = time.process_time()
    big = parts[0].scaled(${OSF}); b = big.BoundBox; m = 10
    block = Part.makeBox(b.XLength + 2*m, b.YLength + 2*m, b.ZLength + 2*m, FreeCAD.Vector(b.XMin - m, b.YMin - m, b.ZMin - m))
    steel = block.cut(big)
    half = Part.makeBox(b.XLength + 2*m, b.YLength + 2*m, b.ZLength/2 + m, FreeCAD.Vector(b.XMin - m, b.YMin - m, b.ZMin - m))
    core, cavity = steel.common(half), steel.cut(half)
    Part.makeCompound([core, cavity, big]).exportStep(path_out + "mold.step")
    out["cutMs"] = (time.process_time() - t) * 1000
    made = {"core": core, "cavity": cavity, "oversized": big}
    try:
        for name, shape in made.items():
            shape.isValid(); shape.Volume; shape.exportStep(path_out + name + ".step")
        for name in ["mold", *made]:
            back = Part.Shape(); back.read(path_out + name + ".step"); back.Volume
            if name != "mold": back.tessellate(deflection)
        out["checkedMs"] = (time.process_time() - t) * 1000
    except Exception:
        pass # "shape is invalid", of what it cut or read back: there is no time to compare with
print("BENCH " + json.dumps(out))
`;

interface Native {
  readonly readMs: number;
  /** Cut and written; then also checked, read back and measured. */
  readonly cutMs?: number;
  readonly checkedMs?: number;
}

function freecad(path: string, deflectionMm: number): Native | undefined {
  const folder = mkdtempSync(join(tmpdir(), "read-bench-"));
  try {
    const script = join(folder, "bench.py"), link = join(folder, "in.step");
    writeFileSync(script, SCRIPT.replaceAll("path_out", JSON.stringify(`${folder}/`)));
    writeFileSync(link, readFileSync(path));
    // Its exit code says nothing: 0.20 dies on its way out.
    const { stdout } = spawnSync("freecadcmd", [script], { encoding: "utf8", timeout: 600_000, stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, BENCH_FILE: link, BENCH_DEFLECTION: String(deflectionMm), HOME: folder } });
    const line = stdout?.split("\n").find((text) => text.includes("BENCH {"));
    return line ? JSON.parse(line.slice(line.indexOf("{"))) as Native : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function freecadVersion(): string {
  const { stdout } = spawnSync("freecadcmd", ["-c", "import FreeCAD;print('FreeCAD', '.'.join(FreeCAD.Version()[:2]))"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return `Native: ${stdout?.split("\n").find((line) => line.startsWith("FreeCAD")) ?? "not installed"}`;
}
