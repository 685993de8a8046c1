import type { Vec3 } from "../src/units.ts";
import type { PieceBuffers } from "./protocol.ts";

/** Triangles meeting at less than this turn are shaded as one surface, and their edge is not drawn; degrees. */
const CREASE_DEG = 28;

/** Turns a closed mesh into what a page draws: normals smooth within a surface, and its sharp edges. */
export function pieceBuffers(role: PieceBuffers["role"], mesh: { readonly positions: Float64Array; readonly indices: Uint32Array }, originMm: Vec3, volumeMm3: number): PieceBuffers {
  const { positions: p, indices } = mesh, corners = indices.length, cosine = Math.cos((CREASE_DEG * Math.PI) / 180);
  const faces = faceNormals(p, indices), around = trianglesAround(indices, p.length / 3);
  const positions = new Float32Array(corners * 3), normals = new Float32Array(corners * 3), outline: number[] = [];
  for (let c = 0; c < corners; c++) {
    const v = indices[c], t = Math.floor(c / 3);
    for (let k = 0; k < 3; k++) positions[c * 3 + k] = p[v * 3 + k] - originMm[k];
    let x = 0, y = 0, z = 0;
    for (let i = around.start[v]; i < around.start[v + 1]; i++) {
      const other = around.triangles[i];
      if (other !== t && cosBetween(faces, t, other) < cosine) continue;
      const area = faces[other * 4 + 3];
      x += faces[other * 4] * area; y += faces[other * 4 + 1] * area; z += faces[other * 4 + 2] * area;
    }
    const length = Math.hypot(x, y, z) || 1;
    normals[c * 3] = x / length; normals[c * 3 + 1] = y / length; normals[c * 3 + 2] = z / length;
    const w = indices[t * 3 + ((c + 1) % 3)];
    if (v < w && isSharp(t, v, w, indices, around, faces, cosine)) for (const end of [v, w]) for (let k = 0; k < 3; k++) outline.push(p[end * 3 + k] - originMm[k]);
  }
  return { role, positions, normals, outline: Float32Array.from(outline), volumeMm3 };
}

/** `[t*4]` unit normal and area of each triangle. */
function faceNormals(p: Float64Array, indices: Uint32Array): Float64Array {
  const out = new Float64Array((indices.length / 3) * 4);
  for (let t = 0; t * 3 < indices.length; t++) {
    const a = indices[t * 3] * 3, b = indices[t * 3 + 1] * 3, c = indices[t * 3 + 2] * 3;
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2], vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx, length = Math.hypot(x, y, z) || 1;
    out.set([x / length, y / length, z / length, length / 2], t * 4);
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
  indices.forEach((v, c) => { triangles[next[v]++] = Math.floor(c / 3); });
  return { start, triangles };
}

const cosBetween = (faces: Float64Array, s: number, t: number): number => faces[s * 4] * faces[t * 4] + faces[s * 4 + 1] * faces[t * 4 + 1] + faces[s * 4 + 2] * faces[t * 4 + 2];

function isSharp(t: number, v: number, w: number, indices: Uint32Array, around: Around, faces: Float64Array, cosine: number): boolean {
  for (let i = around.start[v]; i < around.start[v + 1]; i++) {
    const other = around.triangles[i];
    if (other === t) continue;
    if (indices[other * 3] === w || indices[other * 3 + 1] === w || indices[other * 3 + 2] === w) return cosBetween(faces, t, other) < cosine;
  }
  return true;
}
