import type { PlainMesh } from "./plain-mesh.ts";

/**
 * Binary STL of one or more meshes, mm. The header names no time and does not begin with `solid`, which some
 * readers take for the text format.
 */
export function writeStl(meshes: readonly PlainMesh[]): Uint8Array {
  const count = meshes.reduce((n, m) => n + m.indices.length / 3, 0);
  const bytes = new Uint8Array(84 + count * 50), view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("binary STL, units mm"));
  view.setUint32(80, count, true);
  let at = 84;
  const corner = new Float64Array(9);
  for (const { positions, indices } of meshes) for (let t = 0; t < indices.length; t += 3) {
    for (let c = 0; c < 3; c++) for (let k = 0; k < 3; k++) corner[c * 3 + k] = positions[indices[t + c] * 3 + k];
    const normal = normalOf(corner);
    for (let k = 0; k < 3; k++) view.setFloat32(at + k * 4, normal[k], true);
    for (let k = 0; k < 9; k++) view.setFloat32(at + 12 + k * 4, corner[k], true);
    at += 50;
  }
  return bytes;
}

function normalOf(c: Float64Array): readonly [number, number, number] {
  const ux = c[3] - c[0], uy = c[4] - c[1], uz = c[5] - c[2], vx = c[6] - c[0], vy = c[7] - c[1], vz = c[8] - c[2];
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx, length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
