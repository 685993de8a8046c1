import { classifyTurn } from "../part/classify-turn.ts";
import type { Body, Edge, Face, Facets } from "../part/part.ts";
import type { FacetBody } from "./second-reader.ts";

type Made = Pick<Body, "faces" | "edges" | "facets">;

/**
 * Faces, edges and facets of a body that is known by its triangles only. Normals are the facets' own; edges are
 * the chains of segments between two faces, their turn that of the facets beside them.
 * @param deflectionMm how far the triangles may lie from the true surface
 */
export function bodyFromFacets(source: FacetBody, deflectionMm: number): Made {
  const faceCount = source.faceColors.length;
  const facets = splitByFace(source, faceCount, deflectionMm);
  const edges = chainEdges(facets);
  const edgesOf: number[][] = Array.from({ length: faceCount }, () => []);
  for (const e of edges) for (const f of new Set(e.faces)) edgesOf[f].push(e.index);
  const faces: Face[] = [];
  let start = 0;
  for (let f = 0; f < faceCount; f++) {
    let count = 0;
    while (facets.faceOf[start + count] === f) count++;
    const color = source.faceColors[f];
    faces.push({
      index: f, surface: { kind: "other", name: "facets" }, reversed: false, uv: { u: [0, 0], v: [0, 0] },
      areaMm2: areaOf(facets, start, count), edges: edgesOf[f], facets: { start, count }, ...(color && { color }),
    });
    start += count;
  }
  return { faces, edges, facets };
}

/** Triangles sorted by face, vertices of their own per face, area-weighted normals within the face. */
function splitByFace(source: FacetBody, faceCount: number, deflectionMm: number): Facets {
  const triangles = source.indices.length / 3;
  const order = Uint32Array.from({ length: triangles }, (_, t) => t).sort((a, b) => source.faceOf[a] - source.faceOf[b] || a - b);
  const local = new Map<number, number>(), weld: number[] = [];
  const indices = new Uint32Array(triangles * 3), faceOf = new Uint32Array(triangles), total = source.positions.length / 3;
  order.forEach((t, i) => {
    const face = (faceOf[i] = source.faceOf[t]);
    for (let k = 0; k < 3; k++) {
      const v = source.indices[t * 3 + k], key = face * total + v;
      let id = local.get(key);
      if (id === undefined) { local.set(key, (id = weld.length)); weld.push(v); }
      indices[i * 3 + k] = id;
    }
  });
  const positions = new Float64Array(weld.length * 3);
  weld.forEach((v, i) => positions.set(source.positions.subarray(v * 3, v * 3 + 3), i * 3));
  return {
    positions, normals: vertexNormals(positions, indices), uvs: new Float64Array(0), indices, faceOf,
    weld: Uint32Array.from(weld), weldedCount: total, deviationMm: new Float64Array(faceCount).fill(deflectionMm),
  };
}

function vertexNormals(p: Float64Array, indices: Uint32Array): Float64Array {
  const normals = new Float64Array(p.length);
  for (let t = 0; t < indices.length; t += 3) {
    const n = cross(p, indices[t] * 3, indices[t + 1] * 3, indices[t + 2] * 3);
    for (let k = 0; k < 3; k++) for (let j = 0; j < 3; j++) normals[indices[t + k] * 3 + j] += n[j];
  }
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.hypot(normals[i], normals[i + 1], normals[i + 2]);
    if (length > 0) { normals[i] /= length; normals[i + 1] /= length; normals[i + 2] /= length; } else normals[i + 2] = 1;
  }
  return normals;
}

function cross(p: Float64Array, a: number, b: number, c: number): [number, number, number] {
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}

function areaOf(facets: Facets, start: number, count: number): number {
  let area = 0;
  for (let t = start; t < start + count; t++) {
    const [x, y, z] = cross(facets.positions, facets.indices[t * 3] * 3, facets.indices[t * 3 + 1] * 3, facets.indices[t * 3 + 2] * 3);
    area += Math.hypot(x, y, z) / 2;
  }
  return area;
}

interface Segment { from: number; to: number; turn: number }

/** Segments between different faces, chained by face pair; the turn is measured between the two facets. */
function chainEdges(facets: Facets): Edge[] {
  const { indices, faceOf, weld } = facets, open = new Map<string, { face: number; t: number }>(), groups = new Map<string, { faces: [number, number]; segments: Segment[] }>();
  for (let t = 0; t < faceOf.length; t++) for (let k = 0; k < 3; k++) {
    const a = weld[indices[t * 3 + k]], b = weld[indices[t * 3 + ((k + 1) % 3)]];
    const other = open.get(`${b},${a}`);
    if (!other) { open.set(`${a},${b}`, { face: faceOf[t], t }); continue; }
    if (other.face === faceOf[t]) continue;
    const key = `${Math.min(other.face, faceOf[t])},${Math.max(other.face, faceOf[t])}`;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { faces: [other.face, faceOf[t]], segments: [] }));
    group.segments.push({ from: b, to: a, turn: turnBetween(facets, other.t, t, b, a) });
  }
  const point = weldedPoints(facets), edges: Edge[] = [];
  for (const { faces, segments } of groups.values()) for (const chain of chains(segments)) edges.push(toEdge(edges.length, faces, chain, point));
  return edges;
}

function turnBetween({ positions: p, indices, weld }: Facets, s: number, t: number, from: number, to: number): number {
  const n = cross(p, indices[s * 3] * 3, indices[s * 3 + 1] * 3, indices[s * 3 + 2] * 3);
  const m = cross(p, indices[t * 3] * 3, indices[t * 3 + 1] * 3, indices[t * 3 + 2] * 3);
  const c = [n[1] * m[2] - n[2] * m[1], n[2] * m[0] - n[0] * m[2], n[0] * m[1] - n[1] * m[0]];
  const angle = (Math.atan2(Math.hypot(c[0], c[1], c[2]), n[0] * m[0] + n[1] * m[1] + n[2] * m[2]) * 180) / Math.PI;
  const at = (w: number): number => { for (let k = 0; k < 3; k++) if (weld[indices[s * 3 + k]] === w) return indices[s * 3 + k] * 3; return 0; };
  const i = at(from), j = at(to);
  return c[0] * (p[j] - p[i]) + c[1] * (p[j + 1] - p[i + 1]) + c[2] * (p[j + 2] - p[i + 2]) < 0 ? -angle : angle;
}

function weldedPoints({ positions, weld, weldedCount }: Facets): Float64Array {
  const points = new Float64Array(weldedCount * 3);
  weld.forEach((w, v) => points.set(positions.subarray(v * 3, v * 3 + 3), w * 3));
  return points;
}

/** Orders segments head to tail; a branching vertex ends a chain. */
function chains(segments: readonly Segment[]): Segment[][] {
  const byStart = new Map<number, Segment[]>(), ends = new Map<number, number>();
  for (const s of segments) {
    byStart.set(s.from, [...(byStart.get(s.from) ?? []), s]);
    ends.set(s.to, (ends.get(s.to) ?? 0) + 1);
  }
  const used = new Set<Segment>(), out: Segment[][] = [];
  const walk = (first: Segment): void => {
    const chain = [first];
    used.add(first);
    for (let next = byStart.get(first.to); next?.length === 1 && !used.has(next[0]) && ends.get(next[0].from) === 1; next = byStart.get(chain[chain.length - 1].to)) {
      used.add(next[0]);
      chain.push(next[0]);
    }
    out.push(chain);
  };
  for (const s of segments) if (!used.has(s) && (ends.get(s.from) ?? 0) !== 1) walk(s);
  for (const s of segments) if (!used.has(s)) walk(s);
  return out;
}

function toEdge(index: number, faces: [number, number], chain: readonly Segment[], point: Float64Array): Edge {
  const vertices = [chain[0].from, ...chain.map((s) => s.to)], points = new Float64Array(vertices.length * 3);
  vertices.forEach((v, i) => points.set(point.subarray(v * 3, v * 3 + 3), i * 3));
  const turnDeg = Float64Array.from(vertices, (_, i) => chain[Math.min(i, chain.length - 1)].turn);
  let lengthMm = 0;
  for (let i = 3; i < points.length; i += 3) lengthMm += Math.hypot(points[i] - points[i - 3], points[i + 1] - points[i - 2], points[i + 2] - points[i - 1]);
  return {
    index, faces, points, turnDeg, lengthMm, toleranceMm: 0, closed: vertices[0] === vertices[vertices.length - 1],
    curve: { kind: "other", name: "polyline", range: [0, chain.length] }, convexity: classifyTurn(turnDeg),
  };
}
