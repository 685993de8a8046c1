/** Rays: the nearest hit, whether there is any, or all of them. */
import {
  ERROR_PER_REACH, INF, LEAF, arena, centreX, centreY, centreZ, checkBatch, halfX, halfY, halfZ, indices, keys, reach, root, stack, triangleCount, vertices,
} from "./layout";
import { dot, nearestChild, smallestLane } from "./traverse";
import { nearestOnTriangle, nearestX, nearestY, nearestZ } from "./triangle";

/** 1/x for the slab test; a zero keeps its sign and becomes a number that cannot make NaN. */
@inline function reciprocal(x: f32): f32 {
  return <f32>1 / (Mathf.abs(x) < 1e-18 ? (reinterpret<i32>(x) < 0 ? <f32>-1e-18 : <f32>1e-18) : x);
}

// ---------- one ray, from the box's centre ----------

let startX: f64 = 0, startY: f64 = 0, startZ: f64 = 0;
let dirX: f64 = 0, dirY: f64 = 0, dirZ: f64 = 0;
/** Distance already travelled to the start. */
let travelled: f64 = 0;

/**
 * Reads a ray, makes its direction a unit vector and moves its start to `min`, or on to the part's box: rounding in
 * f32 then never depends on how far away the ray came from. False when it cannot meet the box.
 */
function readRay(origin: usize, direction: usize, min: f64): bool {
  dirX = load<f64>(direction); dirY = load<f64>(direction, 8); dirZ = load<f64>(direction, 16);
  const scale = 1 / Math.sqrt(dirX * dirX + dirY * dirY + dirZ * dirZ);
  dirX *= scale; dirY *= scale; dirZ *= scale;
  startX = load<f64>(origin) - centreX; startY = load<f64>(origin, 8) - centreY; startZ = load<f64>(origin, 16) - centreZ;
  startX += dirX * min; startY += dirY * min; startZ += dirZ * min;
  travelled = min;
  const margin = reach * 1e-5 + 1e-12;
  const x = halfX + margin, y = halfY + margin, z = halfZ + margin;
  return (Math.abs(startX) <= x && Math.abs(startY) <= y && Math.abs(startZ) <= z) || enterBox(x, y, z);
}

/** Moves a start outside the part's box on to it; false when the ray passes by. */
function enterBox(x: f64, y: f64, z: f64): bool {
  enter = 0; leave = f64.POSITIVE_INFINITY;
  slab(startX, dirX, x);
  slab(startY, dirY, y);
  slab(startZ, dirZ, z);
  if (!(enter <= leave)) return false;
  travelled += enter;
  startX += dirX * enter; startY += dirY * enter; startZ += dirZ * enter;
  return true;
}

let enter: f64 = 0, leave: f64 = 0;

function slab(start: f64, direction: f64, half: f64): void {
  if (direction == 0) {
    if (Math.abs(start) > half) leave = f64.NEGATIVE_INFINITY;
    return;
  }
  const a = (-half - start) / direction, b = (half - start) / direction;
  enter = Math.max(enter, Math.min(a, b));
  leave = Math.min(leave, Math.max(a, b));
}

let hitTriangle: i32 = -1;
let hitDistance: f64 = 0;
/** +1 when the ray leaves the body through the triangle, −1 when it enters, 0 when it runs in its plane. */
let hitFacing: i32 = 0;

/**
 * Says in f64 where the ray meets a triangle that the f32 test let through: sets hitDistance and hitFacing. Beside
 * the triangle, within the tolerance, it is the triangle's nearest point that counts; false when that is further
 * away than the error the tree promises (the tolerances of two edges add up beyond a needle's tip).
 */
function resolveHit(triangle: i32, t: f64): bool {
  const corners = indices + <usize>triangle * 12;
  const A = vertices + <usize>load<u32>(corners) * 24, B = vertices + <usize>load<u32>(corners, 4) * 24, C = vertices + <usize>load<u32>(corners, 8) * 24;
  const ax = load<f64>(A), ay = load<f64>(A, 8), az = load<f64>(A, 16);
  const ux = load<f64>(B) - ax, uy = load<f64>(B, 8) - ay, uz = load<f64>(B, 16) - az;
  const vx = load<f64>(C) - ax, vy = load<f64>(C, 8) - ay, vz = load<f64>(C, 16) - az;
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const along = nx * dirX + ny * dirY + nz * dirZ;
  hitFacing = along > 0 ? 1 : along < 0 ? -1 : 0;
  const cx = ax - startX, cy = ay - startY, cz = az - startZ;
  const distance = (nx * cx + ny * cy + nz * cz) / along;
  hitDistance = travelled + distance;
  const qx = cy * dirZ - cz * dirY, qy = cz * dirX - cx * dirZ, qz = cx * dirY - cy * dirX;
  const u = (qx * vx + qy * vy + qz * vz) / along, v = -(qx * ux + qy * uy + qz * uz) / along;
  if (u >= 0 && v >= 0 && u + v <= 1) return true;
  // Nearly in the plane the f64 distance is no better than the f32 one, which lies on the triangle.
  return resolveBeside(triangle, Math.abs(distance - t) <= reach * 1e-3 ? distance : t);
}

function resolveBeside(triangle: i32, distance: f64): bool {
  nearestOnTriangle(triangle, startX + distance * dirX, startY + distance * dirY, startZ + distance * dirZ);
  const x = nearestX - startX, y = nearestY - startY, z = nearestZ - startZ;
  const t = x * dirX + y * dirY + z * dirZ;
  hitDistance = travelled + t;
  const gx = x - t * dirX, gy = y - t * dirY, gz = z - t * dirZ, promised = reach * ERROR_PER_REACH;
  return gx * gx + gy * gy + gz * gz <= promised * promised;
}

// ---------- traversal ----------

/** Where the ray meets a leaf's triangles, in f32; +∞ where it does not. */
@inline function leafHits(leaf: usize, ox: v128, oy: v128, oz: v128, dx: v128, dy: v128, dz: v128, far: f32, excluded: v128): v128 {
  const ux = v128.load(leaf, 48), uy = v128.load(leaf, 64), uz = v128.load(leaf, 80);
  const vx = v128.load(leaf, 96), vy = v128.load(leaf, 112), vz = v128.load(leaf, 128);
  const nx = v128.load(leaf, 144), ny = v128.load(leaf, 160), nz = v128.load(leaf, 176);
  const cx = f32x4.sub(v128.load(leaf), ox), cy = f32x4.sub(v128.load(leaf, 16), oy), cz = f32x4.sub(v128.load(leaf, 32), oz);
  const qx = f32x4.sub(f32x4.mul(cy, dz), f32x4.mul(cz, dy));
  const qy = f32x4.sub(f32x4.mul(cz, dx), f32x4.mul(cx, dz));
  const qz = f32x4.sub(f32x4.mul(cx, dy), f32x4.mul(cy, dx));
  // Möller–Trumbore; with the sign of the denominator moved into the others all tests are against zero.
  const along = dot(nx, ny, nz, dx, dy, dz);
  const sign = v128.and(along, i32x4.splat(0x80000000)), cosine = v128.xor(along, sign);
  const u = v128.xor(dot(qx, qy, qz, vx, vy, vz), sign);
  const minusV = v128.xor(dot(qx, qy, qz, ux, uy, uz), sign);
  const zero = f32x4.splat(0), infinite = f32x4.splat(INF), area = v128.load(leaf, 192);
  const within = v128.and(
    v128.and(f32x4.ge(f32x4.add(u, v128.load(leaf, 256)), zero), f32x4.le(f32x4.sub(minusV, v128.load(leaf, 272)), zero)),
    f32x4.le(f32x4.sub(f32x4.sub(u, minusV), v128.load(leaf, 288)), f32x4.mul(cosine, area)));
  const met = v128.andnot(within, i32x4.eq(v128.load(leaf, 320), excluded));
  if (!v128.any_true(met)) return infinite;
  const height = v128.xor(dot(nx, ny, nz, cx, cy, cz), sign);
  const ahead = v128.and(met, v128.and(f32x4.ge(height, zero), f32x4.lt(height, f32x4.mul(cosine, f32x4.splat(far)))));
  return v128.bitselect(f32x4.div(height, cosine), infinite, ahead);
}

/** What a walk is for. SURE is NEAREST with every candidate resolved in f64, for when NEAREST was led astray. */
const NEAREST = 0, SURE = 1, ANY = 2, ALL = 3;

/** Where ALL writes hits of 16 B: distance f64, triangle i32, facing i32; counts on when full. */
let list: usize = 0;
let listCapacity: i32 = 0;
let listLength: i32 = 0;

/**
 * Walks the ray read last, up to `limit` mm from its start. Sets hitTriangle and returns the f32 distance. Exported
 * so that it stays a function of its own, as `closestTriangle`.
 */
export function walkRay(limit: f32, exclude: i32, mode: i32): f32 {
  hitTriangle = -1;
  if (triangleCount == 0) return INF;
  const x = <f32>dirX, y = <f32>dirY, z = <f32>dirZ;
  const ox = f32x4.splat(<f32>startX), oy = f32x4.splat(<f32>startY), oz = f32x4.splat(<f32>startZ);
  const dx = f32x4.splat(x), dy = f32x4.splat(y), dz = f32x4.splat(z), excluded = i32x4.splat(exclude);
  const ix = reciprocal(x), iy = reciprocal(y), iz = reciprocal(z);
  const rx = f32x4.splat(ix), ry = f32x4.splat(iy), rz = f32x4.splat(iz), zero = f32x4.splat(0);
  // Rows of the near and the far bound of each axis.
  const nearX: usize = ix < 0 ? 16 : 0, nearY: usize = iy < 0 ? 48 : 32, nearZ: usize = iz < 0 ? 80 : 64;
  const farX = nearX ^ 16, farY = nearY ^ 16, farZ = nearZ ^ 16;
  const base = arena, bottom = stack;
  let sp = bottom, current = root, far = limit;
  while (true) {
    if (!(current & LEAF)) {
      const node = base + <usize>current;
      const tNear = f32x4.pmax(
        f32x4.pmax(f32x4.mul(f32x4.sub(v128.load(node + nearX), ox), rx), f32x4.mul(f32x4.sub(v128.load(node + nearY), oy), ry)),
        f32x4.pmax(f32x4.mul(f32x4.sub(v128.load(node + nearZ), oz), rz), zero));
      const tFar = f32x4.pmin(
        f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(node + farX), ox), rx), f32x4.mul(f32x4.sub(v128.load(node + farY), oy), ry)),
        f32x4.pmin(f32x4.mul(f32x4.sub(v128.load(node + farZ), oz), rz), f32x4.splat(far)));
      const mask = i32x4.bitmask(f32x4.le(tNear, tFar));
      if (mask) {
        current = nearestChild(node, tNear, mask, sp);
        sp += <usize>(popcnt(mask) - 1) << 3;
        continue;
      }
    } else {
      const leaf = base + <usize>(current & ~LEAF);
      const t = leafHits(leaf, ox, oy, oz, dx, dy, dz, far, excluded);
      const hits = i32x4.bitmask(f32x4.lt(t, f32x4.splat(INF)));
      if (hits) {
        v128.store(keys, t);
        if (mode == NEAREST) {
          const lane = smallestLane(t) << 2;
          far = load<f32>(keys + lane);
          hitTriangle = load<i32>(leaf + lane, 304);
        } else {
          far = takeHits(leaf, hits, far, mode);
          if (mode == ANY && hitTriangle >= 0) return far;
        }
      }
    }
    while (true) {
      if (sp == bottom) return hitTriangle < 0 ? INF : far;
      sp -= 8;
      if (load<f32>(sp, 4) <= far) { current = load<u32>(sp); break; }
    }
  }
}

/** Resolves a leaf's candidates, whose f32 distances are at `keys`, one by one; returns how far is still of interest. */
function takeHits(leaf: usize, hits: i32, limit: f32, mode: i32): f32 {
  let previous = -1, far = limit;
  for (let m = hits; m; m &= m - 1) {
    const lane = <usize>ctz(m) << 2, t = load<f32>(keys + lane), triangle = load<i32>(leaf + lane, 304);
    // Unused lanes repeat the last triangle.
    if (triangle == previous || !resolveHit(triangle, <f64>t)) continue;
    previous = triangle;
    if (mode == ALL) writeHit(triangle);
    else if (t < far) { far = t; hitTriangle = triangle; }
  }
  return far;
}

function writeHit(triangle: i32): void {
  if (listLength < listCapacity) {
    const at = list + (<usize>listLength << 4);
    store<f64>(at, hitDistance);
    store<i32>(at, triangle, 8);
    store<i32>(at, hitFacing, 12);
  }
  listLength++;
}

/** Sets hitTriangle (−1 for a miss) and hitDistance for the ray read last. */
function nearestHit(max: f64, exclude: i32): void {
  const limit = limit32(max), t = walkRay(limit, exclude, NEAREST);
  if (hitTriangle < 0 || resolveHit(hitTriangle, <f64>t)) return;
  const sure = walkRay(limit, exclude, SURE);
  if (hitTriangle >= 0) resolveHit(hitTriangle, <f64>sure);
}

@inline function limit32(max: f64): f32 {
  const rest = max - travelled;
  return rest < 1e18 ? <f32>rest : <f32>1e18;
}

/** The seed of a ball: first hit from a point (from the box's centre) along −n beyond `min`, or +∞. Sets seedTriangle. */
export let seedTriangle: i32 = -1;
export function seedDistance(ray: usize, min: f64, max: f64, exclude: i32): f64 {
  seedTriangle = -1;
  if (!readRay(ray, ray + 24, min) || travelled > max) return f64.POSITIVE_INFINITY;
  nearestHit(max, exclude);
  seedTriangle = hitTriangle;
  return hitTriangle < 0 ? f64.POSITIVE_INFINITY : hitDistance;
}

/**
 * Nearest hits.
 * @param origins f64 × 3, part frame
 * @param directions f64 × 3, any length but zero
 * @param mins f64 and `maxs` f64, mm along the ray
 * @param exclude i32, a face not to be seen, or −1
 * @param out f64, +∞ for a miss
 * @param triangles i32, −1 for a miss
 */
export function rays(n: i32, origins: usize, directions: usize, mins: usize, maxs: usize, exclude: usize, out: usize, triangles: usize): void {
  checkBatch(n);
  for (let i: usize = 0; i < <usize>n; i++) {
    const max = load<f64>(maxs + i * 8);
    let distance = f64.POSITIVE_INFINITY, triangle = -1;
    if (readRay(origins + i * 24, directions + i * 24, load<f64>(mins + i * 8)) && travelled <= max) {
      nearestHit(max, load<i32>(exclude + i * 4));
      triangle = hitTriangle;
      if (triangle >= 0) distance = hitDistance;
    }
    store<f64>(out + i * 8, distance);
    store<i32>(triangles + i * 4, triangle);
  }
}

/** Whether anything is hit: i32, the triangle that was met or −1. Parameters as in `rays`. */
export function anyHits(n: i32, origins: usize, directions: usize, mins: usize, maxs: usize, exclude: usize, triangles: usize): void {
  checkBatch(n);
  for (let i: usize = 0; i < <usize>n; i++) {
    const max = load<f64>(maxs + i * 8);
    let triangle = -1;
    if (readRay(origins + i * 24, directions + i * 24, load<f64>(mins + i * 8)) && travelled <= max) {
      walkRay(limit32(max), load<i32>(exclude + i * 4), ANY);
      triangle = hitTriangle;
    }
    store<i32>(triangles + i * 4, triangle);
  }
}

/**
 * Every hit of every ray, in no order within a ray. Returns how many hits there are; when that is more than
 * `capacity` the caller makes room and asks again.
 * @param ends u32, end of each ray's hits in the list
 */
export function allHits(n: i32, origins: usize, directions: usize, mins: usize, maxs: usize, exclude: usize, ends: usize, hits: usize, capacity: i32): i32 {
  checkBatch(n);
  list = hits; listCapacity = capacity; listLength = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const max = load<f64>(maxs + i * 8);
    if (readRay(origins + i * 24, directions + i * 24, load<f64>(mins + i * 8)) && travelled <= max) {
      walkRay(limit32(max), load<i32>(exclude + i * 4), ALL);
    }
    store<i32>(ends + i * 4, listLength);
  }
  return listLength;
}
