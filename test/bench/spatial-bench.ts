import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { BufferAttribute, BufferGeometry, Ray, Vector3, DoubleSide } from "three";
import { MeshBVH } from "three-mesh-bvh";
import { buildBvh } from "../../src/spatial/bvh.ts";
import { loadSpatial, type SpatialModule } from "../../src/spatial/load-spatial.ts";
import { kernelSource } from "./kernel-files.ts";
import type { Ask, Share } from "./spatial-worker.ts";
import { centroids, gear, knot, perforatedPlate, random, type Mesh } from "../spatial-meshes.ts";

/** A table of measurements, ready to print. */
export interface BenchTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** One measurement: a name, how many things it does, and the two contenders. */
interface Race {
  readonly what: string;
  readonly count: number;
  readonly ours: () => unknown;
  readonly theirs: () => unknown;
}

const ROUNDS = 5;
/** A round repeats its task for at least this long, so that neither contender is measured while it warms up its caches after the other. */
const ROUND_MS = 50;
/** Queries of each kind; the plain loops need seconds for more. */
const POINTS = 5_000, BALLS = 2_000;
/** Slack of the balls, mm, and the largest radius looked at. */
const EPSILON_MM = 0.01, START_MM = 3;

/**
 * Build, rays, closest points and inscribed balls of src/spatial beside three-mesh-bvh's plain loops, interleaved in
 * one run, medians of five rounds, one thread, processor time; last, two threads beside one. Rows: one a mesh and kind, with the facet count growing.
 * Rays start on every facet: straight inwards, as a wall is measured, and askew, each its own way.
 */
export async function spatialBench(): Promise<BenchTable> {
  const meshes: readonly [string, Mesh][] = [
    ...[5e3, 20e3, 80e3, 320e3].map((n): [string, Mesh] => ["gear", gear(n)]),
    ["knot", knot(80e3)],
    ["perforated plate", perforatedPlate(20, 40)],
  ];
  const rows: string[][] = [];
  for (const [name, m] of meshes) rows.push(...(await spatialRaces(name, m)));
  for (const what of ["rays", "balls"] as const) rows.push(await twoThreads(what));
  return {
    title: "Spatial queries against three-mesh-bvh, one thread",
    columns: ["mesh", "facets", "what", "ours", "three-mesh-bvh", "ratio", "bar"],
    rows,
    notes: ["Two threads: each with a copy of the tree and half the queries, beside one thread of ours instead of three-mesh-bvh; as fast as two free cores are."],
  };
}

/** The rows of one mesh. */
async function spatialRaces(name: string, m: Mesh): Promise<string[][]> {
  return races(await loadSpatial(kernelSource), m).map((race) => [name, String(m.faces.length), ...run(race)]);
}

/** Least ratio to three-mesh-bvh that this project asks of itself. */
const BARS: Readonly<Record<string, number>> = { rays: 10, balls: 30 };

function run(race: Race): string[] {
  const ours: number[] = [], theirs: number[] = [];
  for (let i = 0; i <= ROUNDS; i++) {
    const [a, b] = [time(race.ours), time(race.theirs)];
    if (i > 0) { ours.push(a); theirs.push(b); } // the first warms both up
  }
  const [a, b] = [median(ours), median(theirs)], bar = BARS[race.what];
  const show = (ms: number) => (race.count === 1 ? `${ms.toFixed(1)} ms` : `${(race.count / ms).toFixed(1)} k/s`);
  return [race.what, show(a), show(b), `${(b / a).toFixed(1)}×`, bar === undefined ? "" : `${bar}× ${b / a >= bar ? "met" : "NOT MET"}`];
}

/** Milliseconds of processor time for one run of a task: what other processes take on a busy machine does not count. */
export function time(task: () => unknown): number {
  const start = process.cpuUsage();
  for (let runs = 1; ; runs++) {
    task();
    const spent = process.cpuUsage(start), ms = (spent.user + spent.system) / 1000;
    if (ms >= ROUND_MS) return ms / runs;
  }
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

function races(module: SpatialModule, m: Mesh): Race[] {
  const { points, normals } = centroids(m);
  // Runs of neighbouring facets, as a map over a face asks, spread over the whole part.
  const pick = (all: Float64Array, n: number) => {
    const total = all.length / 3, count = Math.min(n, total), run = 64, stride = (Math.max(1, Math.floor(total / count)) - 1) * run;
    return Float64Array.from({ length: count * 3 }, (_, i) => {
      const k = (i / 3) | 0;
      return all[(k + Math.floor(k / run) * stride) * 3 + (i % 3)];
    });
  };
  const bvh = buildBvh(module, m.positions, m.indices, m.faces), plain = plainTree(m);
  const inwards = normals.map((x) => -x), askew = skewed(normals);
  // Centres of balls that have not shrunk yet: where a thickness check asks.
  const near = pick(points, POINTS), inward = pick(normals, POINTS), centres = near.map((x, i) => x - inward[i]);
  const ballP = pick(points, BALLS), ballN = pick(normals, BALLS);
  return [
    { what: "build", count: 1, ours: () => buildBvh(module, m.positions, m.indices, m.faces).dispose(), theirs: () => plainTree(m) },
    { what: "rays", count: points.length / 3, ours: () => bvh.rays(points, inwards, { minDistancesMm: 1e-4 }), theirs: () => plainRays(plain, points, inwards) },
    { what: "rays askew", count: points.length / 3, ours: () => bvh.rays(points, askew, { minDistancesMm: 1e-4 }), theirs: () => plainRays(plain, points, askew) },
    { what: "closest", count: near.length / 3, ours: () => bvh.closest(centres), theirs: () => plainClosest(plain, centres) },
    {
      what: "balls", count: ballP.length / 3,
      ours: () => bvh.balls(ballP, ballN, { epsilonMm: EPSILON_MM, startRadiiMm: START_MM }),
      theirs: () => plainBalls(plain, ballP, ballN),
    },
  ];
}

// ---------- two threads ----------

/**
 * One thread and two in turn: processor time of each, medians. What two get in each other's way, in caches and memory, shows in it
 * on a busy machine too; by the clock that holds only where two cores are free.
 */
async function twoThreads(what: Ask["what"]): Promise<string[]> {
  const m = gear(80e3), { points, normals } = centroids(m), count = points.length / 3, half = count >> 1;
  const module = await loadSpatial(kernelSource), bvh = buildBvh(module, m.positions, m.indices, m.faces), data = bvh.toData();
  const threads = [0, 1].map(() => new Worker(new URL("spatial-worker.js", import.meta.url)));
  const answers = (asked: readonly Worker[]) => Promise.all(asked.map((thread) => once(thread, "message")));
  try {
    // The second thread's queries begin with the other half.
    const turned = (all: Float64Array) => Float64Array.from(all, (_, i) => all[(i + half * 3) % all.length]);
    const shares = [{ points, normals }, { points: turned(points), normals: turned(normals) }];
    threads.forEach((thread, i) => { const share: Share = { code: module.code, data, ...shares[i] }; thread.postMessage(share); });
    await answers(threads);
    const spend = async (asked: readonly Worker[], ask: Ask): Promise<number> => {
      const start = process.cpuUsage();
      for (const thread of asked) thread.postMessage(ask);
      await answers(asked);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000 / asked.length;
    };
    const alone: number[] = [], together: number[] = [];
    for (let i = 0; i < 4 * ROUNDS; i++) {
      alone.push(await spend(threads.slice(0, 1), { what, count }));
      together.push(await spend(threads, { what, count: half }));
    }
    const a = median(alone), b = median(together), show = (ms: number) => `${(count / ms).toFixed(1)} k/s`;
    return ["gear", String(m.faces.length), `${what}, two threads`, show(b), `one thread: ${show(a)}`, `${(a / b).toFixed(2)}×`, ""];
  } finally {
    for (const thread of threads) await thread.terminate();
    bvh.dispose();
  }
}

/** For each normal a direction of its own somewhere in the half space behind it. */
function skewed(normals: Float64Array): Float64Array {
  const next = random(1), out = new Float64Array(normals.length);
  for (let i = 0; i < out.length; i += 3) {
    const z = 2 * next() - 1, turn = 2 * Math.PI * next(), r = Math.sqrt(1 - z * z), d = [r * Math.cos(turn), r * Math.sin(turn), z];
    const sign = d[0] * normals[i] + d[1] * normals[i + 1] + d[2] * normals[i + 2] > 0 ? -1 : 1;
    for (let k = 0; k < 3; k++) out[i + k] = sign * d[k];
  }
  return out;
}

// ---------- three-mesh-bvh, as its documentation has it ----------

function plainTree(m: Mesh): MeshBVH {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(m.positions), 3));
  geometry.setIndex(new BufferAttribute(m.indices.slice(), 1));
  return new MeshBVH(geometry);
}

function plainRays(bvh: MeshBVH, points: Float64Array, directions: Float64Array): Float64Array {
  const ray = new Ray(), out = new Float64Array(points.length / 3);
  for (let i = 0; i < out.length; i++) {
    ray.direction.fromArray(directions, i * 3);
    ray.origin.fromArray(points, i * 3).addScaledVector(ray.direction, 1e-4);
    out[i] = bvh.raycastFirst(ray, DoubleSide)?.distance ?? Infinity;
  }
  return out;
}

function plainClosest(bvh: MeshBVH, points: Float64Array): Float64Array {
  const p = new Vector3(), hit = { point: new Vector3(), distance: 0, faceIndex: 0 }, out = new Float64Array(points.length / 3);
  for (let i = 0; i < out.length; i++) out[i] = bvh.closestPointToPoint(p.fromArray(points, i * 3), hit)?.distance ?? Infinity;
  return out;
}

/** The shrinking ball: a ray for the first radius, then closest points until none comes inside by more than the slack. */
function plainBalls(bvh: MeshBVH, points: Float64Array, normals: Float64Array): Float64Array {
  const ray = new Ray(), p = new Vector3(), n = new Vector3(), c = new Vector3(), d = new Vector3();
  const hit = { point: new Vector3(), distance: 0, faceIndex: 0 }, out = new Float64Array(points.length / 3);
  for (let i = 0; i < out.length; i++) {
    p.fromArray(points, i * 3);
    n.fromArray(normals, i * 3);
    ray.direction.copy(n).negate();
    ray.origin.copy(p).addScaledVector(ray.direction, EPSILON_MM);
    const opposite = bvh.raycastFirst(ray, DoubleSide)?.distance ?? Infinity;
    let r = Math.min(START_MM, (opposite + 2 * EPSILON_MM) / 2);
    for (let k = 0; k < 64; k++) {
      const found = r > EPSILON_MM && bvh.closestPointToPoint(c.copy(p).addScaledVector(n, -r), hit, 0, r - EPSILON_MM);
      if (!found || found.distance >= r - EPSILON_MM) break;
      d.copy(p).sub(found.point);
      const depth = d.dot(n) - EPSILON_MM, smaller = (d.lengthSq() - EPSILON_MM ** 2) / (2 * depth);
      if (depth <= 0 || smaller >= r * (1 - 1e-6)) break;
      r = smaller;
    }
    out[i] = r;
  }
  return out;
}
