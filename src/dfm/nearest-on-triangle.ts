import { norm } from "../geometry.ts";

/** Nearest point of the last triangle asked and its parameters. */
export const found = new Float64Array(3), foundUv = new Float64Array(2);

/** Sets {@link found} and {@link foundUv} to the point of a triangle nearest to c (Ericson 2005, 5.1.5) and returns its distance, mm. */
export function nearestOnTriangle(p: Float64Array, uvs: Float64Array, indices: Uint32Array, t: number, c: ArrayLike<number>, at: number): number {
  const a = indices[t * 3], b = indices[t * 3 + 1], d = indices[t * 3 + 2];
  const ax = p[a * 3], ay = p[a * 3 + 1], az = p[a * 3 + 2];
  const ux = p[b * 3] - ax, uy = p[b * 3 + 1] - ay, uz = p[b * 3 + 2] - az;
  const vx = p[d * 3] - ax, vy = p[d * 3 + 1] - ay, vz = p[d * 3 + 2] - az;
  const qx = c[at] - ax, qy = c[at + 1] - ay, qz = c[at + 2] - az;
  const d1 = ux * qx + uy * qy + uz * qz, d2 = vx * qx + vy * qy + vz * qz;
  const uu = ux * ux + uy * uy + uz * uz, uv = ux * vx + uy * vy + uz * vz, vv = vx * vx + vy * vy + vz * vz;
  const d3 = d1 - uu, d4 = d2 - uv, d5 = d1 - uv, d6 = d2 - vv;
  let s = 0, r = 0;
  if (d1 <= 0 && d2 <= 0) { /* corner a */ }
  else if (d3 >= 0 && d4 <= d3) s = 1;
  else if (d6 >= 0 && d5 <= d6) r = 1;
  else {
    const vc = d1 * d4 - d3 * d2, vb = d5 * d2 - d1 * d6, va = d3 * d6 - d5 * d4;
    if (vc <= 0 && d1 >= 0 && d3 <= 0) s = d1 / (d1 - d3);
    else if (vb <= 0 && d2 >= 0 && d6 <= 0) r = d2 / (d2 - d6);
    else if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) { r = (d4 - d3) / (d4 - d3 + d5 - d6); s = 1 - r; }
    else { const sum = va + vb + vc; if (sum > 0) { s = vb / sum; r = vc / sum; } }
  }
  found[0] = ax + s * ux + r * vx; found[1] = ay + s * uy + r * vy; found[2] = az + s * uz + r * vz;
  if (uvs.length > 0) for (let k = 0; k < 2; k++) foundUv[k] = uvs[a * 2 + k] * (1 - s - r) + uvs[b * 2 + k] * s + uvs[d * 2 + k] * r;
  return norm(c[at] - found[0], c[at + 1] - found[1], c[at + 2] - found[2]);
}

/** Whether the line through q along d meets a triangle within `reach` of q. */
export function lineMeets(p: Float64Array, indices: Uint32Array, t: number, q: Float64Array, dx: number, dy: number, dz: number, reach: number): boolean {
  const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  const hx = dy * vz - dz * vy, hy = dz * vx - dx * vz, hz = dx * vy - dy * vx;
  const det = ux * hx + uy * hy + uz * hz;
  if (Math.abs(det) < 1e-300) return false;
  const sx = q[0] - p[a], sy = q[1] - p[a + 1], sz = q[2] - p[a + 2];
  const s = (sx * hx + sy * hy + sz * hz) / det;
  if (s < -1e-9 || s > 1 + 1e-9) return false;
  const kx = sy * uz - sz * uy, ky = sz * ux - sx * uz, kz = sx * uy - sy * ux;
  const r = (dx * kx + dy * ky + dz * kz) / det;
  if (r < -1e-9 || s + r > 1 + 1e-9) return false;
  return Math.abs((vx * kx + vy * ky + vz * kz) / det) <= reach;
}
