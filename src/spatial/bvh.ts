import type { SpatialExports, SpatialModule } from "./load-spatial.ts";
import { assertDirections, assertFaces, assertFinite, assertMesh, assertScalars, boxOf } from "./mesh-input.ts";
import type { AllHits, BallOptions, Balls, BvhData, ClosestOptions, ClosestPoints, NearTriangles, PerQuery, Points, RayHits, RayOptions } from "./queries.ts";

export type { AllHits, BallOptions, Balls, BvhData, ClosestOptions, ClosestPoints, NearTriangles, PerQuery, Points, RayHits, RayOptions } from "./queries.ts";

/** Room for this many hits at first. */
const FIRST_HITS = 4096;

/**
 * Builds the tree.
 * @param positions `[n*3]` xyz, mm, part frame; finite
 * @param indices `[t*3]` counter-clockwise seen from outside
 * @param faces `[t]` the face each triangle belongs to, ≥ 0; all 0 when absent
 * @throws on input that is not a mesh (a bug), and RangeError when memory is short
 */
export function buildBvh(module: SpatialModule, positions: Points, indices: Uint32Array, faces?: Int32Array | Uint32Array): Bvh {
  assertMesh(positions, indices, faces);
  const kernel = module.instantiate();
  const vertexCount = positions.length / 3, triangleCount = indices.length / 3;
  const box = boxOf(positions, indices);
  layOut(kernel, vertexCount, triangleCount, box);
  const vertices = new Float64Array(kernel.memory.buffer, address(kernel.vertices), positions.length);
  for (let i = 0; i < positions.length; i++) vertices[i] = positions[i] - box[i % 3];
  new Uint32Array(kernel.memory.buffer, address(kernel.indices), indices.length).set(indices);
  const faceRow = new Int32Array(kernel.memory.buffer, address(kernel.faces), triangleCount);
  if (faces) faceRow.set(faces);
  try {
    kernel.build();
  } catch (cause) {
    throw new RangeError(`not enough memory for a tree over ${triangleCount} triangles`, { cause });
  }
  return new Bvh(kernel, vertexCount, triangleCount, box);
}

/** Takes up a tree that {@link Bvh.toData} wrote, in this thread or another. */
export function bvhFromData(module: SpatialModule, data: BvhData): Bvh {
  if (data.version !== 2) throw new Error(`tree data of version ${String(data.version)}`);
  const kernel = module.instantiate();
  layOut(kernel, data.vertexCount, data.triangleCount, data.box);
  const start = address(kernel.vertices);
  if (!kernel.adopt(data.root, data.levels, start + data.bytes.byteLength - address(kernel.arena))) throw outOfMemory(data.triangleCount);
  new Uint8Array(kernel.memory.buffer, start, data.bytes.byteLength).set(new Uint8Array(data.bytes));
  return new Bvh(kernel, data.vertexCount, data.triangleCount, data.box);
}

/** Rays, closest points and inscribed balls over one mesh. Lengths in mm, part frame; answers come in the order asked. */
export class Bvh {
  readonly triangleCount: number;
  /**
   * What f32 may hide, mm, for queries within one box diagonal of the part. A closest distance is exact for the
   * triangle named, and no triangle is nearer by more than this. A ray's hit point lies within this of the triangle
   * named, and a ray that passes a triangle's edge by more than this inside it is not missed. No facet comes further
   * than this into a ball of radius `upperMm − ε`.
   */
  readonly errorMm: number;
  #kernel: SpatialExports | undefined;
  readonly #vertexCount: number;
  readonly #box: readonly number[];
  readonly #batch: number;

  constructor(kernel: SpatialExports, vertexCount: number, triangleCount: number, box: readonly number[]) {
    this.#kernel = kernel;
    this.#vertexCount = vertexCount;
    this.#box = box;
    this.#batch = address(kernel.BATCH);
    this.triangleCount = triangleCount;
    this.errorMm = Math.hypot(box[3], box[4], box[5]) * Number(kernel.ERROR_PER_REACH.value);
  }

  /** Nearest hits. `directions`: `[n*3]`, any length but zero, or one direction `[3]` for all. */
  rays(origins: Points, directions: Points, options: RayOptions = {}): RayHits {
    const n = checkRays(origins, directions, options);
    const distances = new Float64Array(n), triangles = new Int32Array(n);
    this.#batches(n, (kernel, at, from, count) => {
      const [out, ids] = [at + 68 * this.#batch, at + 76 * this.#batch];
      const r = this.#writeRays(at, from, count, origins, directions, options);
      kernel.rays(count, ...r, out, ids);
      this.#assertRays(r, count);
      distances.set(this.#f64(out, count), from);
      triangles.set(this.#i32(ids, count), from);
    });
    return { distances, triangles };
  }

  /** Whether anything is hit between the least and the greatest distance: `[n]` 1 or 0. Cheaper than {@link rays}. */
  anyHit(origins: Points, directions: Points, options: RayOptions = {}): Uint8Array {
    const n = checkRays(origins, directions, options), hit = new Uint8Array(n);
    this.#batches(n, (kernel, at, from, count) => {
      const ids = at + 76 * this.#batch;
      const r = this.#writeRays(at, from, count, origins, directions, options);
      kernel.anyHits(count, ...r, ids);
      this.#assertRays(r, count);
      const triangles = this.#i32(ids, count);
      for (let i = 0; i < count; i++) hit[from + i] = triangles[i] < 0 ? 0 : 1;
    });
    return hit;
  }

  /** Every hit, nearest first. A ray through an edge may meet both triangles; {@link crossings} sorts that out. */
  allHits(origins: Points, directions: Points, options: RayOptions = {}): AllHits {
    const n = checkRays(origins, directions, options), ends = new Uint32Array(n);
    const lists: { distances: Float64Array; ids: Int32Array }[] = [];
    let total = 0;
    this.#batches(n, (kernel, at, from, count) => {
      const endsAt = at + 76 * this.#batch, hitsAt = (address(kernel.arenaEnd) + 63) & ~63;
      const r = this.#writeRays(at, from, count, origins, directions, options);
      let capacity = FIRST_HITS, found = 0;
      for (;;) {
        if (!kernel.reserve(hitsAt + capacity * 16)) throw outOfMemory(this.triangleCount);
        found = kernel.allHits(count, ...r, endsAt, hitsAt, capacity);
        if (found <= capacity) break;
        capacity = found;
      }
      this.#assertRays(r, count);
      const local = this.#i32(endsAt, count);
      for (let i = 0; i < count; i++) ends[from + i] = total + local[i];
      lists.push({ distances: this.#f64(hitsAt, found * 2).slice(), ids: this.#i32(hitsAt, found * 4).slice() });
      total += found;
    });
    return sortHits(ends, lists, total);
  }

  /** Closest points of the mesh. */
  closest(points: Points, options: ClosestOptions = {}): ClosestPoints {
    const n = checkPoints(points, options.excludeFaces);
    assertScalars(options.maxDistancesMm, n, "maxDistancesMm");
    const distances = new Float64Array(n), nearest = new Float64Array(n * 3), triangles = new Int32Array(n);
    this.#batches(n, (kernel, at, from, count) => {
      const b = this.#batch, [limits, exclude, out, ids] = [at + 24 * b, at + 32 * b, at + 36 * b, at + 68 * b];
      this.#f64(at, count * 3).set(points.subarray(from * 3, (from + count) * 3));
      fill(this.#f64(limits, count), options.maxDistancesMm ?? Infinity, from);
      fill(this.#i32(exclude, count), options.excludeFaces ?? -1, from);
      kernel.closest(count, at, limits, exclude, out, ids);
      const rows = this.#f64(out, count * 4);
      for (let i = 0; i < count; i++) {
        distances[from + i] = rows[i * 4];
        for (let k = 0; k < 3; k++) nearest[(from + i) * 3 + k] = rows[i * 4 + 1 + k];
      }
      triangles.set(this.#i32(ids, count), from);
    });
    return { distances, points: nearest, triangles };
  }

  /** Largest balls touching the samples; `normals` `[n*3]` outward, any length but zero. See kernel/ball.ts. */
  balls(points: Points, normals: Points, options: BallOptions): Balls {
    const n = checkPoints(points, options.excludeFaces);
    assertDirections(normals, n);
    assertScalars(options.startRadiiMm, n, "startRadiiMm");
    assertScalars(options.epsilonMm, n, "epsilonMm");
    const sign = options.side === "outside" ? 1 : -1;
    const radiiMm = new Float64Array(n), upperMm = new Float64Array(n), clearMm = new Float64Array(n), contacts = new Float64Array(n * 3), triangles = new Int32Array(n);
    this.#batches(n, (kernel, at, from, count) => {
      const b = this.#batch, [starts, slacks, exclude, out, ids] = [at + 48 * b, at + 56 * b, at + 64 * b, at + 68 * b, at + 108 * b];
      const input = this.#f64(at, count * 6);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < 3; k++) {
          input[i * 6 + k] = points[(from + i) * 3 + k];
          input[i * 6 + 3 + k] = sign * normals[(from + i) * 3 + k];
        }
      }
      fill(this.#f64(starts, count), options.startRadiiMm ?? Infinity, from);
      const epsilons = this.#f64(slacks, count);
      fill(epsilons, options.epsilonMm, from);
      for (let i = 0; i < count; i++) epsilons[i] = Math.max(epsilons[i], this.errorMm);
      fill(this.#i32(exclude, count), options.excludeFaces ?? -1, from);
      kernel.balls(count, at, starts, slacks, exclude, out, ids);
      const rows = this.#f64(out, count * 5);
      for (let i = 0; i < count; i++) {
        upperMm[from + i] = rows[i * 5];
        radiiMm[from + i] = rows[i * 5 + 1];
        clearMm[from + i] = Math.max(0, rows[i * 5] - epsilons[i] - this.errorMm);
        for (let k = 0; k < 3; k++) contacts[(from + i) * 3 + k] = rows[i * 5 + 2 + k];
      }
      triangles.set(this.#i32(ids, count), from);
    });
    return { radiiMm, upperMm, clearMm, contacts, triangles };
  }

  /** All triangles that come within a radius of each point; to within {@link errorMm}, so ask for a little more. */
  within(points: Points, radiiMm: PerQuery, excludeFaces?: Int32Array): NearTriangles {
    const n = checkPoints(points, excludeFaces), ends = new Uint32Array(n), lists: Int32Array[] = [];
    assertScalars(radiiMm, n, "radiiMm");
    let total = 0;
    this.#batches(n, (kernel, at, from, count) => {
      const b = this.#batch, [radii, exclude, endsAt] = [at + 24 * b, at + 32 * b, at + 36 * b], listAt = (address(kernel.arenaEnd) + 63) & ~63;
      this.#f64(at, count * 3).set(points.subarray(from * 3, (from + count) * 3));
      fill(this.#f64(radii, count), radiiMm, from);
      fill(this.#i32(exclude, count), excludeFaces ?? -1, from);
      let capacity = FIRST_HITS, found = 0;
      for (;;) {
        if (!kernel.reserve(listAt + capacity * 4)) throw outOfMemory(this.triangleCount);
        found = kernel.within(count, at, radii, exclude, endsAt, listAt, capacity);
        if (found <= capacity) break;
        capacity = found;
      }
      const local = this.#i32(endsAt, count);
      for (let i = 0; i < count; i++) ends[from + i] = total + local[i];
      lists.push(this.#i32(listAt, found).slice());
      total += found;
    });
    const triangles = new Int32Array(total);
    let at = 0;
    for (const list of lists) { triangles.set(list, at); at += list.length; }
    return { ends, triangles };
  }

  /** The tree as plain data; a copy. */
  toData(): BvhData {
    const kernel = this.#live();
    const bytes = kernel.memory.buffer.slice(address(kernel.vertices), address(kernel.arenaEnd));
    return { version: 2, vertexCount: this.#vertexCount, triangleCount: this.triangleCount, root: address(kernel.root), levels: address(kernel.levels), box: this.#box, bytes };
  }

  /** Lets the memory go. Any later query throws. */
  dispose(): void {
    this.#kernel = undefined;
  }

  #live(): SpatialExports {
    if (!this.#kernel) throw new Error("the tree was disposed of");
    return this.#kernel;
  }

  #batches(n: number, run: (kernel: SpatialExports, io: number, from: number, count: number) => void): void {
    const kernel = this.#live();
    for (let from = 0; from < n; from += this.#batch) run(kernel, address(kernel.io), from, Math.min(this.#batch, n - from));
  }

  /** Writes a batch of rays and returns where its five inputs lie. */
  #writeRays(at: number, from: number, count: number, origins: Points, directions: Points, options: RayOptions): [number, number, number, number, number] {
    const b = this.#batch, [along, mins, maxs, exclude] = [at + 24 * b, at + 48 * b, at + 56 * b, at + 64 * b];
    const starts = this.#f64(at, count * 3), rows = this.#f64(along, count * 3);
    starts.set(origins.subarray(from * 3, (from + count) * 3));
    if (directions.length === origins.length) rows.set(directions.subarray(from * 3, (from + count) * 3));
    else for (let i = 0; i < rows.length; i++) rows[i] = directions[i % 3];
    fill(this.#f64(mins, count), options.minDistancesMm ?? 0, from);
    fill(this.#f64(maxs, count), options.maxDistancesMm ?? Infinity, from);
    fill(this.#i32(exclude, count), options.excludeFaces ?? -1, from);
    return [at, along, mins, maxs, exclude];
  }

  /** Throws when the kernel refused one of the rays written last: it looks at each anyway, another walk over all is seen in the time. */
  #assertRays([starts, along]: readonly number[], count: number): void {
    if (!this.#live().tookRefused()) return;
    assertFinite(this.#f64(starts, count * 3), "points");
    assertDirections(this.#f64(along, count * 3), count);
  }

  #f64(at: number, length: number): Float64Array {
    return new Float64Array(this.#live().memory.buffer, at, length);
  }

  #i32(at: number, length: number): Int32Array {
    return new Int32Array(this.#live().memory.buffer, at, length);
  }
}

/** A global of the kernel as an unsigned number. */
function address(global: WebAssembly.Global): number {
  return Number(global.value) >>> 0;
}

function outOfMemory(triangleCount: number): RangeError {
  return new RangeError(`not enough memory for a tree over ${triangleCount} triangles`);
}

function layOut(kernel: SpatialExports, vertexCount: number, triangleCount: number, box: readonly number[]): void {
  if (!kernel.layOut(vertexCount, triangleCount)) throw outOfMemory(triangleCount);
  kernel.setBox(box[0], box[1], box[2], box[3], box[4], box[5]);
}

function checkPoints(points: Points, excludeFaces: Int32Array | undefined): number {
  assertFinite(points, "points");
  return checkCount(points, excludeFaces);
}

function checkCount(points: Points, excludeFaces: Int32Array | undefined): number {
  if (points.length % 3) throw new Error("points: not a multiple of 3 numbers");
  const n = points.length / 3;
  assertFaces(excludeFaces, n);
  return n;
}

/** Checks all of a call but its numbers, which the kernel looks at. */
function checkRays(origins: Points, directions: Points, options: RayOptions): number {
  const n = checkCount(origins, options.excludeFaces);
  if (directions.length !== n * 3 && directions.length !== 3) throw new Error("directions: one for each query");
  assertScalars(options.minDistancesMm, n, "minDistancesMm");
  assertScalars(options.maxDistancesMm, n, "maxDistancesMm");
  return n;
}

function fill(row: Float64Array | Int32Array, value: PerQuery, from: number): void {
  if (typeof value === "number") row.fill(value);
  else for (let i = 0; i < row.length; i++) row[i] = value[from + i];
}

/** Orders each ray's hits by distance, equal ones by triangle, so that the tree's shape does not show. */
function sortHits(ends: Uint32Array, lists: readonly { distances: Float64Array; ids: Int32Array }[], total: number): AllHits {
  const distances = new Float64Array(total), triangles = new Int32Array(total), facings = new Int32Array(total);
  const raw = { distances: new Float64Array(total), triangles: new Int32Array(total), facings: new Int32Array(total) };
  let at = 0;
  for (const list of lists) {
    for (let i = 0; i < list.distances.length / 2; i++, at++) {
      raw.distances[at] = list.distances[i * 2];
      raw.triangles[at] = list.ids[i * 4 + 2];
      raw.facings[at] = list.ids[i * 4 + 3];
    }
  }
  let first = 0;
  for (const end of ends) {
    const order = Array.from({ length: end - first }, (_, i) => first + i);
    order.sort((a, b) => raw.distances[a] - raw.distances[b] || raw.triangles[a] - raw.triangles[b]);
    order.forEach((from, i) => {
      distances[first + i] = raw.distances[from];
      triangles[first + i] = raw.triangles[from];
      facings[first + i] = raw.facings[from];
    });
    first = end;
  }
  return { ends, distances, triangles, facings };
}
