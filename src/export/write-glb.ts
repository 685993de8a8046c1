import type { PlainMesh } from "./plain-mesh.ts";

/** Edges sharper than this stay sharp when shading, degrees. */
const CREASE_DEG = 30;

const FLOAT = 5126, UNSIGNED_INT = 5125, ARRAY_BUFFER = 34962, ELEMENT_ARRAY_BUFFER = 34963;

interface Chunk { readonly bytes: Uint8Array; readonly target: number }

/**
 * glTF 2.0 binary: one named node, mesh and material per given mesh. glTF speaks metres with y up, so positions
 * are scaled and z-up is turned by the root node; each mesh keeps its own axes beneath it.
 */
export function writeGlb(title: string, meshes: readonly PlainMesh[]): Uint8Array {
  const chunks: Chunk[] = [], accessors: object[] = [];
  const add = (array: Float32Array | Uint32Array, target: number, accessor: object): number => {
    chunks.push({ bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength), target });
    accessors.push({ bufferView: chunks.length - 1, ...accessor });
    return accessors.length - 1;
  };
  const gltfMeshes = meshes.map((mesh, i) => {
    const { positions, normals, indices } = shade(mesh);
    const position = add(positions, ARRAY_BUFFER, { componentType: FLOAT, count: positions.length / 3, type: "VEC3", ...bounds(positions) });
    const normal = add(normals, ARRAY_BUFFER, { componentType: FLOAT, count: normals.length / 3, type: "VEC3" });
    const index = add(indices, ELEMENT_ARRAY_BUFFER, { componentType: UNSIGNED_INT, count: indices.length, type: "SCALAR" });
    return { name: mesh.name, primitives: [{ attributes: { POSITION: position, NORMAL: normal }, indices: index, material: i }] };
  });
  let offset = 0;
  const bufferViews = chunks.map(({ bytes, target }) => { const view = { buffer: 0, byteOffset: offset, byteLength: bytes.length, target }; offset += bytes.length; return view; });
  const json = {
    asset: { version: "2.0", generator: "oversize" }, scene: 0, scenes: [{ name: title, nodes: [meshes.length] }],
    nodes: [...meshes.map((m, i) => ({ name: m.name, mesh: i })), { name: title, rotation: [-Math.SQRT1_2, 0, 0, Math.SQRT1_2], children: meshes.map((_, i) => i) }],
    meshes: gltfMeshes,
    materials: meshes.map((m) => ({ name: m.name, pbrMetallicRoughness: { baseColorFactor: [...m.color, 1], metallicFactor: 0.6, roughnessFactor: 0.5 } })),
    accessors, bufferViews, buffers: [{ byteLength: offset }],
  };
  return pack(json, chunks, offset);
}

function pack(json: object, chunks: readonly Chunk[], binary: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const textLength = Math.ceil(text.length / 4) * 4;
  const bytes = new Uint8Array(12 + 8 + textLength + 8 + binary), view = new DataView(bytes.buffer);
  [0x46546c67, 2, bytes.length, textLength, 0x4e4f534a].forEach((n, i) => view.setUint32(i * 4, n, true));
  bytes.set(text, 20);
  bytes.fill(0x20, 20 + text.length, 20 + textLength);
  let at = 20 + textLength;
  view.setUint32(at, binary, true);
  view.setUint32(at + 4, 0x004e4942, true);
  at += 8;
  for (const chunk of chunks) { bytes.set(chunk.bytes, at); at += chunk.bytes.length; }
  return bytes;
}

function bounds(p: Float32Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity], max = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < p.length; i++) { min[i % 3] = Math.min(min[i % 3], p[i]); max[i % 3] = Math.max(max[i % 3], p[i]); }
  return { min, max };
}

/** Metres, and a vertex per corner group: corners of one vertex share a normal unless they meet at a crease. */
function shade({ positions: p, indices }: PlainMesh): { positions: Float32Array; normals: Float32Array; indices: Uint32Array } {
  const facet = facetNormals(p, indices), crease = Math.cos((CREASE_DEG * Math.PI) / 180);
  const corners: number[][] = Array.from({ length: p.length / 3 }, () => []);
  indices.forEach((v, corner) => corners[v].push(corner));
  const out = new Uint32Array(indices.length), positions: number[] = [], normals: number[] = [];
  corners.forEach((list, v) => {
    const left = new Set(list);
    for (const first of list) {
      if (!left.has(first)) continue;
      const group = [...left].filter((c) => dotOf(facet, first, c) >= crease);
      const n = [0, 0, 0];
      for (const c of group) { left.delete(c); for (let k = 0; k < 3; k++) n[k] += facet.area[Math.floor(c / 3)] * facet.unit[Math.floor(c / 3) * 3 + k]; }
      const length = Math.hypot(n[0], n[1], n[2]);
      for (const c of group) out[c] = positions.length / 3;
      for (let k = 0; k < 3; k++) { positions.push(p[v * 3 + k] / 1000); normals.push(length > 0 ? n[k] / length : k === 2 ? 1 : 0); }
    }
  });
  return { positions: Float32Array.from(positions), normals: Float32Array.from(normals), indices: out };
}

interface FacetNormals { readonly unit: Float64Array; readonly area: Float64Array }

function facetNormals(p: Float64Array, indices: Uint32Array): FacetNormals {
  const unit = new Float64Array(indices.length), area = new Float64Array(indices.length / 3);
  for (let t = 0; t < area.length; t++) {
    const [a, b, c] = [0, 1, 2].map((k) => indices[t * 3 + k] * 3);
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2], vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
    const n = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx], length = Math.hypot(n[0], n[1], n[2]);
    area[t] = length / 2;
    for (let k = 0; k < 3; k++) unit[t * 3 + k] = length > 0 ? n[k] / length : 0;
  }
  return { unit, area };
}

/** Cosine between the facets of two corners; a facet without area joins whatever it touches. */
function dotOf({ unit, area }: FacetNormals, a: number, b: number): number {
  const i = Math.floor(a / 3), j = Math.floor(b / 3);
  if (i === j || area[i] === 0 || area[j] === 0) return 1;
  return unit[i * 3] * unit[j * 3] + unit[i * 3 + 1] * unit[j * 3 + 1] + unit[i * 3 + 2] * unit[j * 3 + 2];
}
