import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBvh } from "../../src/spatial/bvh.ts";
import { loadSpatial } from "../../src/spatial/load-spatial.ts";
import { readPart } from "../../src/step/read-part.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import { centroids, gear, knot, perforatedPlate, type Mesh } from "../spatial-meshes.ts";
import { kernelSource } from "./kernel-files.ts";
import { median, time, type BenchTable } from "./spatial-bench.ts";

/** What a native program measured; sums are there to compare answers by. */
interface Peer { readonly raysMs: number; readonly closestMs?: number; readonly sum: number }

/** A C++ program of `peers/`: the header that must be there, and what it is linked with. */
interface Program { readonly name: string; readonly source: string; readonly headers: readonly string[]; readonly flags: readonly string[] }

const PROGRAMS: readonly Program[] = [
  { name: "Embree", source: "embree-rays.cpp", headers: ["embree4/rtcore.h"], flags: ["-lembree4"] },
  { name: "Embree", source: "embree-rays.cpp", headers: ["embree3/rtcore.h"], flags: ["-lembree3"] },
  { name: "CGAL", source: "cgal-queries.cpp", headers: ["CGAL/AABB_tree.h"], flags: ["-DNDEBUG", "-lgmp", "-lmpfr"] },
];
const FOLDERS = ["/usr/include", "/usr/local/include", "/opt/homebrew/include"];
const POINTS = 5_000, ROUNDS = 5;
const EMBREE_BAR = 0.5;
/** A part of ours for FreeCAD, whose distances are to the exact solid, and how many points it is asked about. */
const PART = "samples/watch-case.step", EXACT_POINTS = 40;

/** Rays and closest points beside native libraries, where they and a compiler are installed: one thread, the same mesh and queries, processor time. */
export async function nativeBench(): Promise<BenchTable> {
  const folder = mkdtempSync(join(tmpdir(), "native-bench-")), notes: string[] = [], rows: string[][] = [];
  try {
    const programs = PROGRAMS.flatMap((program) => {
      const built = compile(program, folder);
      return built ? [{ name: program.name, path: built }] : [];
    });
    for (const name of new Set(PROGRAMS.map((p) => p.name))) if (!programs.some((p) => p.name === name)) notes.push(`${name}: not installed, or no compiler.`);
    const meshes: readonly [string, Mesh][] = [...[5e3, 20e3, 80e3, 320e3].map((n): [string, Mesh] => ["gear", gear(n)]), ["knot", knot(80e3)], ["perforated plate", perforatedPlate(20, 40)]];
    if (programs.length > 0) for (const [name, m] of meshes) rows.push(...await beside(programs, name, m, join(folder, "queries.bin")));
    const exact = await freecadRow(folder);
    if (exact) rows.push(exact); else notes.push("FreeCAD: not installed.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { title: "Spatial queries against native libraries, one thread", columns: ["mesh", "facets", "what", "ours", "peer", "theirs", "ours/theirs", "bar", "sums of distances differ by"], rows, notes };
}

function compile({ source, headers, flags }: Program, folder: string): string | undefined {
  if (!headers.every((header) => FOLDERS.some((f) => existsSync(join(f, header))))) return undefined;
  const out = join(folder, `${source}-${flags.join("")}`);
  try {
    execFileSync("g++", ["-O3", "-march=native", "-std=c++17", "-o", out, join("test/bench/peers", source), ...flags], { stdio: "ignore", timeout: 300_000 });
    return out;
  } catch {
    return undefined;
  }
}

async function beside(programs: readonly { name: string; path: string }[], name: string, m: Mesh, file: string): Promise<string[][]> {
  const { points, normals } = centroids(m), inwards = normals.map((x) => -x), step = Math.max(1, Math.floor(points.length / 3 / POINTS));
  // Centres of balls of 1 mm, where a thickness check asks.
  const centres = Float64Array.from({ length: 3 * Math.floor(points.length / 3 / step) }, (_, i) => { const at = Math.floor(i / 3) * step * 3 + (i % 3); return points[at] + inwards[at]; });
  writeQueries(file, m, points, inwards, centres);
  const bvh = buildBvh(await loadSpatial(kernelSource), m.positions, m.indices, m.faces);
  const rays = () => bvh.rays(points, inwards, { minDistancesMm: 1e-4 }), closest = () => bvh.closest(centres);
  const best = (task: () => unknown): number => { time(task); return median(Array.from({ length: ROUNDS }, () => time(task))); };
  const raysMs = best(rays), closestMs = best(closest), sums = { rays: sum(rays().distances), closest: sum(closest().distances) };
  bvh.dispose();
  const rate = (count: number, ms: number): string => `${(count / ms).toFixed(0)} k/s`;
  return programs.flatMap((program) => {
    const peer = JSON.parse(execFileSync(program.path, [file], { encoding: "utf8" })) as Peer, r = peer.raysMs / raysMs, embree = program.name === "Embree";
    const apart = (ours: number): string => (Math.abs(peer.sum - ours) / ours).toExponential(0);
    const row = [name, String(m.faces.length), "rays", rate(points.length / 3, raysMs), program.name, rate(points.length / 3, peer.raysMs), `${r.toFixed(2)}×`, embree ? `${EMBREE_BAR}× ${r >= EMBREE_BAR ? "met" : "NOT MET"}` : "", embree ? apart(sums.rays) : ""];
    if (peer.closestMs === undefined) return [row];
    return [row, [name, String(m.faces.length), "closest", rate(centres.length / 3, closestMs), program.name, rate(centres.length / 3, peer.closestMs), `${(peer.closestMs / closestMs).toFixed(1)}×`, "", apart(sums.closest)]];
  });
}

/** The file of `peers/queries.h`. */
function writeQueries(file: string, m: Mesh, points: Float64Array, directions: Float64Array, centres: Float64Array): void {
  const rays = new Float64Array(points.length * 2);
  for (let i = 0; i < points.length; i++) { const at = Math.floor(i / 3) * 6 + (i % 3); rays[at] = points[i]; rays[at + 3] = directions[i]; }
  const counts = Uint32Array.of(m.positions.length / 3, m.indices.length / 3, points.length / 3, centres.length / 3);
  writeFileSync(file, Buffer.concat([counts, m.positions, m.indices, rays, centres].map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength))));
}

const sum = (row: Float64Array): number => row.reduce((a, b) => (b < Infinity ? a + b : a), 0);

// ---------- FreeCAD ----------

const SCRIPT = `
import json, os, time, Part, FreeCAD
shape = Part.Shape(); shape.read(os.environ["BENCH_FILE"])
shell = shape.Shells[0]
points = [Part.Vertex(*p) for p in json.load(open(os.environ["BENCH_POINTS"]))]
shell.distToShape(points[0])
t = time.process_time(); sum = 0.0
for p in points: sum += shell.distToShape(p)[0]
print("BENCH " + json.dumps({"raysMs": 0, "closestMs": (time.process_time() - t) * 1000, "sum": sum}))
`;

/** Distances to the exact solid from FreeCAD beside ours to the facets; undefined without FreeCAD. */
async function freecadRow(folder: string): Promise<string[] | undefined> {
  const bytes = new Uint8Array(readFileSync(PART));
  const read = await readPart(openStepKernels(kernelSource), { name: "part.step", bytes }, {}, {});
  if (!read.ok) throw new Error(read.problem.message);
  using opened = read.value;
  const { positions, indices, normals, faceOf } = opened.part.bodies[0].facets, step = Math.floor(positions.length / 3 / EXACT_POINTS);
  const points = Array.from({ length: EXACT_POINTS }, (_, i) => [0, 1, 2].map((k) => positions[i * step * 3 + k] - normals[i * step * 3 + k]));
  const bvh = buildBvh(await loadSpatial(kernelSource), positions, indices, faceOf), flat = Float64Array.from(points.flat());
  const many = Float64Array.from({ length: flat.length * 100 }, (_, i) => flat[i % flat.length]);
  const ms = median(Array.from({ length: ROUNDS }, () => time(() => bvh.closest(many)))) / 100, ours = sum(bvh.closest(flat).distances);
  bvh.dispose();
  try {
    const script = join(folder, "closest.py"), list = join(folder, "points.json"), link = join(folder, "part.step");
    writeFileSync(script, SCRIPT); writeFileSync(list, JSON.stringify(points)); writeFileSync(link, bytes);
    const out = execFileSync("freecadcmd", [script], { encoding: "utf8", timeout: 300_000, stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, BENCH_FILE: link, BENCH_POINTS: list, HOME: folder } });
    const peer = JSON.parse(out.slice(out.indexOf("{"), out.lastIndexOf("}") + 1)) as Required<Peer>;
    return ["watch-case (theirs exact)", String(indices.length / 3), "closest", `${(EXACT_POINTS / ms).toFixed(0)} k/s`, "FreeCAD", `${(EXACT_POINTS / peer.closestMs).toFixed(2)} k/s`, `${(peer.closestMs / ms).toFixed(0)}×`, "", (Math.abs(peer.sum - ours) / ours).toExponential(0)];
  } catch {
    return undefined;
  }
}
