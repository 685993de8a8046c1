import type { Vec3 } from "../src/units.ts";
import type { PieceBuffers } from "./protocol.ts";

/** Triangles meeting at less than this turn are shaded as one surface, and their edge is not drawn; degrees. */
const CREASE_DEG = 28;
const COSINE = Math.cos((CREASE_DEG * Math.PI) / 180);

/** Turns a closed mesh into what a page draws: normals smooth within a surface, and its sharp edges. */
export function pieceBuffers(role: PieceBuffers["role"], mesh: { readonly positions: Float64Array; readonly indices: Uint32Array }, originMm: Vec3, volumeMm3: number): PieceBuffers {
  const { positions: p, indices } = mesh, corners = indices.length;
  const faces = faceNormals(p, indices), around = trianglesAround(indices, p.length / 3);
  const positions = new Float32Array(corners * 3), normals = new Float32Array(corners * 3), outline = new Float32Array(corners * 3);
  let ends = 0;
  const put = (to: Float32Array, at: number, v: number): void => {
    to[at] = p[v * 3] - originMm[0]; to[at + 1] = p[v * 3 + 1] - originMm[1]; to[at + 2] = p[v * 3 + 2] - originMm[2];
  };
  for (let t = 0; t * 3 < corners; t++) for (let k = 0; k < 3; k++) {
    const c = t * 3 + k, v = indices[c], w = indices[t * 3 + ((k + 1) % 3)];
    put(positions, c * 3, v);
    smoothNormal(faces, around, t, v, normals, c * 3);
    // Each edge is met twice, once in either sense: at most one in two corners leaves its two ends.
    if (v < w && isSharp(t, v, w, indices, around, faces)) {
      put(outline, ends, v);
      put(outline, ends + 3, w);
      ends += 6;
    }
  }
  return { role, positions, normals, outline: outline.slice(0, ends), volumeMm3 };
}

/** Mean normal of the triangles at a vertex that belong to one surface with triangle t, larger ones counting more. */
function smoothNormal(faces: Float64Array, { start, triangles }: Around, t: number, v: number, out: Float32Array, at: number): void {
  let x = 0, y = 0, z = 0;
  for (let i = start[v]; i < start[v + 1]; i++) {
    const other = triangles[i] * 4;
    if (other !== t * 4 && cosBetween(faces, t, triangles[i]) < COSINE) continue;
    const area = faces[other + 3];
    x += faces[other] * area; y += faces[other + 1] * area; z += faces[other + 2] * area;
  }
  const length = Math.sqrt(x * x + y * y + z * z) || 1;
  out[at] = x / length; out[at + 1] = y / length; out[at + 2] = z / length;
}

/** `[t*4]` unit normal and area of each triangle. */
function faceNormals(p: Float64Array, indices: Uint32Array): Float64Array {
  const out = new Float64Array((indices.length / 3) * 4);
  for (let t = 0; t * 3 < indices.length; t++) {
    const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2], vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx, length = Math.hypot(x, y, z) || 1;
    out[t * 4] = x / length; out[t * 4 + 1] = y / length; out[t * 4 + 2] = z / length; out[t * 4 + 3] = length / 2;
  }
  return out;
}

interface Around { readonly start: Uint32Array; readonly triangles: Uint32Array }

/** Triangles at each vertex, packed: those of v are `triangles[start[v] … start[v + 1])`. */
function trianglesAround(indices: Uint32Array, vertices: number): Around {
  const start = new Uint32Array(vertices + 1);
  for (const v of indices) start[v + 1]++;
  for (let v = 0; v < vertices; v++) start[v + 1] += start[v];
  const next = start.slice(0, vertices), triangles = new Uint32Array(indices.length);
  for (let c = 0; c < indices.length; c++) triangles[next[indices[c]]++] = (c / 3) | 0;
  return { start, triangles };
}

const cosBetween = (faces: Float64Array, s: number, t: number): number => faces[s * 4] * faces[t * 4] + faces[s * 4 + 1] * faces[t * 4 + 1] + faces[s * 4 + 2] * faces[t * 4 + 2];

function isSharp(t: number, v: number, w: number, indices: Uint32Array, { start, triangles }: Around, faces: Float64Array): boolean {
  for (let i = start[v]; i < start[v + 1]; i++) {
    const other = triangles[i];
    if (other === t) continue;
    if (indices[other * 3] === w || indices[other * 3 + 1] === w || indices[other * 3 + 2] === w) return cosBetween(faces, t, other) < COSINE;
  }
  return true;
}
