/**
 * A ray under way: its state, where it meets a leaf's triangles, and what a hit is worth in f64.
 *
 * State, two lines of the cache, f32 unless said otherwise; a number that meets four boxes or triangles at once is spread
 * as it is read. On the way only the first line is touched:
 *     0 start x, 4 y, 8 z      12 1/direction x, 16 y, 20 z      24 direction x, 28 y, 32 z
 *    36 how far is of interest   40 face not to be seen, i32   44 triangle hit, i32
 *    48 next reference, u32   52 top of the stack, u32   56 offsets in a node of the rows of near bounds, u8 × 3   59 octant, u8
 *    64 start, f64 × 3   88 direction, f64 × 3   112 distance travelled to the start, f64   120 limit   124 query, i32
 */
import { EDGE1, EDGE2, ERROR_PER_REACH, FACE, INF, NORMAL, TOLERANCES, centreX, centreY, centreZ, halfX, halfY, halfZ, indices, reach, triangleCount, vertices } from "./layout";
import { dot } from "./traverse";
import { nearestOnTriangle, nearestX, nearestY, nearestZ } from "./triangle";

const START: usize = 0, INVERSE: usize = 12, ALONG: usize = 24, EXCLUDED: usize = 40, NEAR_ROWS: usize = 56;
export const FAR: usize = 36, HIT: usize = 44, NEXT: usize = 48, TOP: usize = 52, OCTANT: usize = 59;
const START64: usize = 64, ALONG64: usize = 88, TRAVELLED: usize = 112;
export const LIMIT: usize = 120, QUERY: usize = 124;

@inline function store3(at: usize, x: f32, y: f32, z: f32): void {
  store<f32>(at, x); store<f32>(at, y, 4); store<f32>(at, z, 8);
}

/** 1/x for the slab test; a zero keeps its sign and becomes a number that cannot make NaN. */
@inline function reciprocal(x: f32): f32 {
  return <f32>1 / (Mathf.abs(x) < 1e-18 ? (reinterpret<i32>(x) < 0 ? <f32>-1e-18 : <f32>1e-18) : x);
}

/** Of the two rows of bounds at `row` the one a ray meets first, without a branch that would be taken at random. */
@inline function nearRow(row: u32, inverse: f32): u32 {
  return row + (reinterpret<u32>(inverse) >> 31 << 4);
}

/** Whether a ray was asked that is none, its start not finite or its direction without length. */
let refused: bool = false;

/** Says whether a ray was refused since this was last asked. */
export function tookRefused(): bool {
  const was = refused;
  refused = false;
  return was;
}

/**
 * Sets ray `r` out from `min`, or from the part's box: rounding in f32 then never depends on how far away it came from.
 * False when it cannot meet the box before `max`, or is refused.
 */
export function beginRay(r: usize, origin: usize, direction: usize, min: f64, max: f64, exclude: i32): bool {
  let dx = load<f64>(direction), dy = load<f64>(direction, 8), dz = load<f64>(direction, 16);
  const length2 = dx * dx + dy * dy + dz * dz, scale = 1 / Math.sqrt(length2);
  dx *= scale; dy *= scale; dz *= scale;
  let x = load<f64>(origin) - centreX, y = load<f64>(origin, 8) - centreY, z = load<f64>(origin, 16) - centreZ, travelled = min;
  if (!(length2 > 1e-200 && length2 < 1e200 && (x + y + z) * 0 == 0)) {
    refused = true;
    return false;
  }
  x += dx * min; y += dy * min; z += dz * min;
  const margin = reach * 1e-5 + 1e-12, bx = halfX + margin, by = halfY + margin, bz = halfZ + margin;
  if (!(Math.abs(x) <= bx && Math.abs(y) <= by && Math.abs(z) <= bz)) {
    const enter = wayToBox(x, y, z, dx, dy, dz, bx, by, bz);
    if (!(enter < f64.POSITIVE_INFINITY)) return false;
    travelled += enter;
    x += dx * enter; y += dy * enter; z += dz * enter;
  }
  if (triangleCount == 0 || travelled > max) return false;
  store<f64>(r, x, START64); store<f64>(r, y, START64 + 8); store<f64>(r, z, START64 + 16);
  store<f64>(r, dx, ALONG64); store<f64>(r, dy, ALONG64 + 8); store<f64>(r, dz, ALONG64 + 16);
  store<f64>(r, travelled, TRAVELLED);
  const ix = reciprocal(<f32>dx), iy = reciprocal(<f32>dy), iz = reciprocal(<f32>dz);
  store3(r + START, <f32>x, <f32>y, <f32>z);
  store3(r + ALONG, <f32>dx, <f32>dy, <f32>dz);
  store3(r + INVERSE, ix, iy, iz);
  store<u8>(r, (reinterpret<u32>(ix) >> 31) | (reinterpret<u32>(iy) >> 31 << 1) | (reinterpret<u32>(iz) >> 31 << 2), OCTANT);
  store<u8>(r, nearRow(0, ix), NEAR_ROWS); store<u8>(r, nearRow(32, iy), NEAR_ROWS + 1); store<u8>(r, nearRow(64, iz), NEAR_ROWS + 2);
  const rest = max - travelled, limit = rest < 1e18 ? <f32>rest : <f32>1e18;
  store<f32>(r, limit, LIMIT);
  store<f32>(r, limit, FAR);
  store<i32>(r, exclude, EXCLUDED);
  store<i32>(r, -1, HIT);
  return true;
}

let enter: f64 = 0, leave: f64 = 0;

/** Distance to a box about the origin from outside it; +∞ when the ray passes by. */
function wayToBox(x: f64, y: f64, z: f64, dx: f64, dy: f64, dz: f64, bx: f64, by: f64, bz: f64): f64 {
  enter = 0; leave = f64.POSITIVE_INFINITY;
  slab(x, dx, bx);
  slab(y, dy, by);
  slab(z, dz, bz);
  return enter <= leave ? enter : f64.POSITIVE_INFINITY;
}

function slab(start: f64, direction: f64, half: f64): void {
  if (direction == 0) {
    if (Math.abs(start) > half) leave = f64.NEGATIVE_INFINITY;
    return;
  }
  const a = (-half - start) / direction, b = (half - start) / direction;
  enter = Math.max(enter, Math.min(a, b));
  leave = Math.min(leave, Math.max(a, b));
}

// ---------- boxes and triangles, four at once in f32 ----------

@inline function distanceTo(bound: usize, start: v128, inverse: v128): v128 {
  return f32x4.mul(f32x4.sub(v128.load(bound), start), inverse);
}

/** Where the ray enters a node's boxes; 0 where it starts inside. */
@inline export function entries(r: usize, node: usize): v128 {
  const x = distanceTo(node + <usize>load<u8>(r, NEAR_ROWS), v128.load32_splat(r, START), v128.load32_splat(r, INVERSE));
  const y = distanceTo(node + <usize>load<u8>(r, NEAR_ROWS + 1), v128.load32_splat(r, START + 4), v128.load32_splat(r, INVERSE + 4));
  const z = distanceTo(node + <usize>load<u8>(r, NEAR_ROWS + 2), v128.load32_splat(r, START + 8), v128.load32_splat(r, INVERSE + 8));
  return f32x4.pmax(f32x4.pmax(x, y), f32x4.pmax(z, f32x4.splat(0)));
}

/** Where the ray leaves a node's boxes, or is too far. */
@inline export function exits(r: usize, node: usize): v128 {
  const x = distanceTo(node + <usize>(load<u8>(r, NEAR_ROWS) ^ 16), v128.load32_splat(r, START), v128.load32_splat(r, INVERSE));
  const y = distanceTo(node + <usize>(load<u8>(r, NEAR_ROWS + 1) ^ 16), v128.load32_splat(r, START + 4), v128.load32_splat(r, INVERSE + 4));
  const z = distanceTo(node + <usize>(load<u8>(r, NEAR_ROWS + 2) ^ 16), v128.load32_splat(r, START + 8), v128.load32_splat(r, INVERSE + 8));
  return f32x4.pmin(f32x4.pmin(x, y), f32x4.pmin(z, v128.load32_splat(r, FAR)));
}

/** Where the ray meets a leaf's triangles nearer than is too far; +∞ where it does not. No branch: it would be taken at random. */
@inline export function leafHits(r: usize, leaf: usize): v128 {
  const dx = v128.load32_splat(r, ALONG), dy = v128.load32_splat(r, ALONG + 4), dz = v128.load32_splat(r, ALONG + 8);
  const cx = f32x4.sub(v128.load(leaf), v128.load32_splat(r, START)), cy = f32x4.sub(v128.load(leaf, 16), v128.load32_splat(r, START + 4)), cz = f32x4.sub(v128.load(leaf, 32), v128.load32_splat(r, START + 8));
  const nx = v128.load(leaf, NORMAL), ny = v128.load(leaf, NORMAL + 16), nz = v128.load(leaf, NORMAL + 32);
  const ux = v128.load(leaf, EDGE1), uy = v128.load(leaf, EDGE1 + 16), uz = v128.load(leaf, EDGE1 + 32);
  const vx = v128.load(leaf, EDGE2), vy = v128.load(leaf, EDGE2 + 16), vz = v128.load(leaf, EDGE2 + 32);
  const qx = f32x4.sub(f32x4.mul(cy, dz), f32x4.mul(cz, dy));
  const qy = f32x4.sub(f32x4.mul(cz, dx), f32x4.mul(cx, dz));
  const qz = f32x4.sub(f32x4.mul(cx, dy), f32x4.mul(cy, dx));
  // Möller–Trumbore; with the sign of the denominator moved into the others all tests are against zero.
  const along = dot(nx, ny, nz, dx, dy, dz);
  const sign = v128.and(along, i32x4.splat(0x80000000)), denominator = v128.xor(along, sign);
  const u = v128.xor(dot(qx, qy, qz, vx, vy, vz), sign);
  const minusV = v128.xor(dot(qx, qy, qz, ux, uy, uz), sign);
  const height = v128.xor(dot(nx, ny, nz, cx, cy, cz), sign);
  const zero = f32x4.splat(0), tolerance1 = v128.load(leaf, TOLERANCES), tolerance2 = v128.load(leaf, TOLERANCES + 16);
  const within = v128.and(
    v128.and(f32x4.ge(f32x4.add(u, tolerance2), zero), f32x4.le(f32x4.sub(minusV, tolerance1), zero)),
    f32x4.le(f32x4.sub(f32x4.sub(u, minusV), f32x4.add(tolerance1, tolerance2)), denominator));
  const ahead = v128.and(f32x4.ge(height, zero), f32x4.lt(height, f32x4.mul(denominator, v128.load32_splat(r, FAR))));
  let met = v128.and(within, ahead);
  if (load<i32>(r, EXCLUDED) >= 0) met = v128.andnot(met, i32x4.eq(v128.load(leaf, FACE), v128.load32_splat(r, EXCLUDED)));
  return v128.bitselect(f32x4.div(height, denominator), f32x4.splat(INF), met);
}

// ---------- one hit in f64 ----------

export let hitDistance: f64 = 0;
/** +1 when the ray leaves the body through the triangle, −1 when it enters, 0 when it runs in its plane. */
export let hitFacing: i32 = 0;

/**
 * Says in f64 where the ray meets a triangle that the f32 test let through: sets hitDistance and hitFacing. Beside
 * the triangle, within the tolerance, it is the triangle's nearest point that counts; false when that is further
 * away than the error the tree promises (the tolerances of two edges add up beyond a needle's tip).
 */
export function resolveHit(r: usize, triangle: i32, t: f64): bool {
  const corners = indices + <usize>triangle * 12;
  const A = vertices + <usize>load<u32>(corners) * 24, B = vertices + <usize>load<u32>(corners, 4) * 24, C = vertices + <usize>load<u32>(corners, 8) * 24;
  const ax = load<f64>(A), ay = load<f64>(A, 8), az = load<f64>(A, 16);
  const ux = load<f64>(B) - ax, uy = load<f64>(B, 8) - ay, uz = load<f64>(B, 16) - az;
  const vx = load<f64>(C) - ax, vy = load<f64>(C, 8) - ay, vz = load<f64>(C, 16) - az;
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const dx = load<f64>(r, ALONG64), dy = load<f64>(r, ALONG64 + 8), dz = load<f64>(r, ALONG64 + 16);
  const along = nx * dx + ny * dy + nz * dz;
  hitFacing = along > 0 ? 1 : along < 0 ? -1 : 0;
  const cx = ax - load<f64>(r, START64), cy = ay - load<f64>(r, START64 + 8), cz = az - load<f64>(r, START64 + 16);
  const distance = (nx * cx + ny * cy + nz * cz) / along;
  hitDistance = load<f64>(r, TRAVELLED) + distance;
  const qx = cy * dz - cz * dy, qy = cz * dx - cx * dz, qz = cx * dy - cy * dx;
  const u = (qx * vx + qy * vy + qz * vz) / along, v = -(qx * ux + qy * uy + qz * uz) / along;
  const sound = Math.abs(distance - t) <= reach * 1e-3;
  if (sound && u >= 0 && v >= 0 && u + v <= 1) return true;
  // Nearly in the plane the f64 distance is no better than the f32 one, which lies on the triangle.
  return resolveBeside(r, triangle, sound ? distance : t);
}

function resolveBeside(r: usize, triangle: i32, distance: f64): bool {
  const sx = load<f64>(r, START64), sy = load<f64>(r, START64 + 8), sz = load<f64>(r, START64 + 16);
  const dx = load<f64>(r, ALONG64), dy = load<f64>(r, ALONG64 + 8), dz = load<f64>(r, ALONG64 + 16);
  nearestOnTriangle(triangle, sx + distance * dx, sy + distance * dy, sz + distance * dz);
  const x = nearestX - sx, y = nearestY - sy, z = nearestZ - sz;
  const t = x * dx + y * dy + z * dz;
  hitDistance = load<f64>(r, TRAVELLED) + Math.max(0, t);
  const gx = x - t * dx, gy = y - t * dy, gz = z - t * dz, promised = reach * ERROR_PER_REACH;
  // A ray in the triangle's plane may have left it behind.
  return t >= -promised && gx * gx + gy * gy + gz * gz <= promised * promised;
}
