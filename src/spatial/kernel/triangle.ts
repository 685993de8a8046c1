/** Point and triangle: four at once in f32 to find the nearest, one in f64 to say where. */
import { EDGE1, EDGE2, FACE, INF, NORMAL, indices, vertices } from "./layout";
import { dot } from "./traverse";

@inline function clamp01(t: v128): v128 {
  return f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(0), t));
}

/** Squared distance from `a` (relative to the edge's start) to an edge; of one without length, whose share is NaN, to its start. */
@inline function edgeDistance2(ax: v128, ay: v128, az: v128, ex: v128, ey: v128, ez: v128, length2: v128): v128 {
  const t = clamp01(f32x4.div(dot(ex, ey, ez, ax, ay, az), length2));
  const dx = f32x4.sub(ax, f32x4.mul(t, ex)), dy = f32x4.sub(ay, f32x4.mul(t, ey)), dz = f32x4.sub(az, f32x4.mul(t, ez));
  return dot(dx, dy, dz, dx, dy, dz);
}

/**
 * Squared distances from a point to the four triangles of a leaf; +∞ for triangles of the excluded face, and for
 * all when no plane passes nearer than `best2` (slivers make boxes that every ball enters: this test is what
 * saves the work, 1.5× on balls).
 */
@inline export function leafDistance2(leaf: usize, px: v128, py: v128, pz: v128, best2: v128, excluded: v128): v128 {
  const ax = f32x4.sub(px, v128.load(leaf)), ay = f32x4.sub(py, v128.load(leaf, 16)), az = f32x4.sub(pz, v128.load(leaf, 32));
  const nx = v128.load(leaf, NORMAL), ny = v128.load(leaf, NORMAL + 16), nz = v128.load(leaf, NORMAL + 32);
  // The plane's distance times the normal's length; both zero for a degenerate triangle, which has edges only.
  const rise = dot(nx, ny, nz, ax, ay, az), rise2 = f32x4.mul(rise, rise), normal2 = dot(nx, ny, nz, nx, ny, nz);
  const infinite = f32x4.splat(INF);
  if (!v128.any_true(f32x4.le(rise2, f32x4.mul(best2, normal2)))) return infinite;
  const ux = v128.load(leaf, EDGE1), uy = v128.load(leaf, EDGE1 + 16), uz = v128.load(leaf, EDGE1 + 32);
  const vx = v128.load(leaf, EDGE2), vy = v128.load(leaf, EDGE2 + 16), vz = v128.load(leaf, EDGE2 + 32);
  let d2 = edgeDistance2(ax, ay, az, ux, uy, uz, dot(ux, uy, uz, ux, uy, uz));
  d2 = f32x4.pmin(d2, edgeDistance2(ax, ay, az, vx, vy, vz, dot(vx, vy, vz, vx, vy, vz)));
  const wx = f32x4.sub(vx, ux), wy = f32x4.sub(vy, uy), wz = f32x4.sub(vz, uz);
  d2 = f32x4.pmin(d2, edgeDistance2(f32x4.sub(ax, ux), f32x4.sub(ay, uy), f32x4.sub(az, uz), wx, wy, wz, dot(wx, wy, wz, wx, wy, wz)));
  // Above the inside: both barycentric coordinates from a × n. Where n is zero the distance is NaN, which loses.
  const rx = f32x4.sub(f32x4.mul(ay, nz), f32x4.mul(az, ny));
  const ry = f32x4.sub(f32x4.mul(az, nx), f32x4.mul(ax, nz));
  const rz = f32x4.sub(f32x4.mul(ax, ny), f32x4.mul(ay, nx));
  const w = dot(rx, ry, rz, ux, uy, uz), minusV = dot(rx, ry, rz, vx, vy, vz), zero = f32x4.splat(0);
  const inside = v128.and(
    v128.and(f32x4.le(minusV, zero), f32x4.ge(w, zero)),
    f32x4.le(f32x4.sub(w, minusV), normal2));
  d2 = v128.bitselect(f32x4.pmin(d2, f32x4.div(rise2, normal2)), d2, inside);
  return v128.bitselect(infinite, d2, i32x4.eq(v128.load(leaf, FACE), excluded));
}

export let nearestX: f64 = 0;
export let nearestY: f64 = 0;
export let nearestZ: f64 = 0;

/** Sets nearestX, Y, Z to the point of a triangle nearest to p, from the f64 vertices (Ericson 2005, 5.1.5). */
export function nearestOnTriangle(triangle: u32, px: f64, py: f64, pz: f64): void {
  const t = indices + <usize>triangle * 12;
  const A = vertices + <usize>load<u32>(t) * 24, B = vertices + <usize>load<u32>(t, 4) * 24, C = vertices + <usize>load<u32>(t, 8) * 24;
  const ax = load<f64>(A), ay = load<f64>(A, 8), az = load<f64>(A, 16);
  const ux = load<f64>(B) - ax, uy = load<f64>(B, 8) - ay, uz = load<f64>(B, 16) - az;
  const vx = load<f64>(C) - ax, vy = load<f64>(C, 8) - ay, vz = load<f64>(C, 16) - az;
  const qx = px - ax, qy = py - ay, qz = pz - az;
  const uu = ux * ux + uy * uy + uz * uz, uv = ux * vx + uy * vy + uz * vz, vv = vx * vx + vy * vy + vz * vz;
  const d1 = ux * qx + uy * qy + uz * qz, d2 = vx * qx + vy * qy + vz * qz;
  const d3 = d1 - uu, d4 = d2 - uv, d5 = d1 - uv, d6 = d2 - vv;
  let s: f64 = 0, r: f64 = 0;
  if (d1 <= 0 && d2 <= 0) { /* corner A */ }
  else if (d3 >= 0 && d4 <= d3) s = 1;
  else if (d6 >= 0 && d5 <= d6) r = 1;
  else {
    const c = d1 * d4 - d3 * d2, b = d5 * d2 - d1 * d6, a = d3 * d6 - d5 * d4, sum = a + b + c;
    if (sum > 1e-20 * uu * vv && a > 0 && b > 0 && c > 0) { s = b / sum; r = c / sum; }
    else return nearestOnEdges(px, py, pz, A, B, C);
  }
  nearestX = ax + s * ux + r * vx; nearestY = ay + s * uy + r * vy; nearestZ = az + s * uz + r * vz;
}

let edgeDistance: f64 = 0;

/** The nearest of the three edges; right for triangles without area too. */
function nearestOnEdges(px: f64, py: f64, pz: f64, A: usize, B: usize, C: usize): void {
  edgeDistance = f64.MAX_VALUE;
  nearestOnEdge(px, py, pz, A, B);
  nearestOnEdge(px, py, pz, B, C);
  nearestOnEdge(px, py, pz, C, A);
}

function nearestOnEdge(px: f64, py: f64, pz: f64, P: usize, Q: usize): void {
  const x = load<f64>(P), y = load<f64>(P, 8), z = load<f64>(P, 16);
  const ex = load<f64>(Q) - x, ey = load<f64>(Q, 8) - y, ez = load<f64>(Q, 16) - z;
  const length2 = ex * ex + ey * ey + ez * ez;
  const along = ex * (px - x) + ey * (py - y) + ez * (pz - z);
  const t = length2 > 0 ? min(1.0, max(0.0, along / length2)) : 0;
  const qx = x + t * ex, qy = y + t * ey, qz = z + t * ez;
  const d2 = (px - qx) * (px - qx) + (py - qy) * (py - qy) + (pz - qz) * (pz - qz);
  if (d2 < edgeDistance) { edgeDistance = d2; nearestX = qx; nearestY = qy; nearestZ = qz; }
}
