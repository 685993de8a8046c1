import { BufferAttribute, BufferGeometry, LineSegments, LineBasicMaterial, Mesh, type ShaderMaterial } from "three";
import type { PageArray, PageModel } from "../formats/page-model.ts";

/** One body as three.js draws it. */
export interface DrawnBody {
  readonly id: string;
  readonly name: string;
  readonly mesh: Mesh<BufferGeometry, ShaderMaterial>;
  readonly edges?: LineSegments<BufferGeometry, LineBasicMaterial>;
  /** `[s]` edge of each segment. */
  readonly edgeOf?: ArrayLike<number>;
  /** `[v]` face of each vertex. */
  readonly faceOfVertex: Uint32Array;
  readonly maps: PageModel["bodies"][number]["maps"];
  readonly values: ReadonlyMap<string, Float32Array>;
}

/** Builds a body; `centre` is what the whole scene is relative to, mm. */
export function drawBody(body: PageModel["bodies"][number], centre: readonly number[], surface: ShaderMaterial, line: LineBasicMaterial): DrawnBody {
  const geometry = new BufferGeometry(), positions = numbers(body.positions), count = positions.length / 3;
  const indices = decode(body.indices), faceOfVertex = new Uint32Array(count);
  const runs = decode(body.faceOf);
  for (let i = 0, t = 0; i < runs.length; i += 2) for (let n = 0; n < runs[i + 1]; n++, t++) for (let k = 0; k < 3; k++) faceOfVertex[indices[t * 3 + k]] = runs[i];
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setAttribute("normal", new BufferAttribute(numbers(body.normals), 3));
  geometry.setAttribute("value", new BufferAttribute(new Float32Array(count), 1));
  geometry.setAttribute("marked", new BufferAttribute(new Float32Array(count), 1));
  geometry.setIndex(new BufferAttribute(indices, 1));
  const mesh = new Mesh(geometry, surface);
  const at = body.originMm.map((x, k) => x - centre[k]);
  mesh.position.set(at[0], at[1], at[2]);
  const drawn = { id: body.id, name: body.name, mesh, faceOfVertex, maps: body.maps, values: new Map(body.maps.map((m) => [m.kind, numbers(m.values)])) };
  if (!body.edges) return drawn;
  const segments = new BufferGeometry();
  segments.setAttribute("position", new BufferAttribute(numbers(body.edges), 3));
  const edges = new LineSegments(segments, line);
  edges.position.copy(mesh.position);
  return { ...drawn, edges, ...(body.edgeOf && { edgeOf: decode(body.edgeOf) }) };
}

const TYPES = { f32: Float32Array, u32: Uint32Array, u16: Uint16Array, i16: Int16Array };

function decode({ type, data }: PageArray): Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int16Array<ArrayBuffer> {
  const text = atob(data), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new TYPES[type](bytes.buffer);
}

function numbers(array: PageArray): Float32Array<ArrayBuffer> {
  const raw = decode(array), { low = 0, step = 1 } = array;
  if (raw instanceof Float32Array && low === 0 && step === 1) return raw;
  return Float32Array.from(raw, (x) => low + x * step);
}
