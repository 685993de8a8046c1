import type { Curve } from "../../part/curve.ts";
import type { Body, Edge, Face, Facets } from "../../part/part.ts";
import { classifyTurn } from "../../part/classify-turn.ts";
import { SURFACE_POINT, evaluateTangents, surfaceNormal } from "../../part/evaluate-surface.ts";
import { measureDeviation } from "../../part/measure-deviation.ts";
import { measureGap, type EdgeNodes } from "../../part/measure-gap.ts";
import { moveCurve, moveSurface } from "../../part/move.ts";
import { tightBox } from "../../part/tight-box.ts";
import type { Box } from "../../units.ts";
import { compose, type BrepTables, type PolygonOnTriangulation } from "./brep-text.ts";
import { collectFaces, nearestPlace, type EdgeShape, type FaceUse } from "./collect-faces.ts";

/** Topology, surfaces and triangles of the solid in `tables`; measures come from the kernel. `gapsMm[e]`: how far edge e lies off its faces. */
export function bodyFromBrep(tables: BrepTables): Pick<Body, "faces" | "edges" | "facets" | "shells" | "edgeToleranceMm"> & { closed: boolean; gapsMm: Float64Array; boxMm: Box } {
  const uses = collectFaces(tables);
  const { facets, base } = joinFacets(tables, uses.faces);
  const edgeUses = groupEdges(uses.faces);
  const facesOfEdge = [...edgeUses.values()];
  weldAlongEdges(tables, uses.faces, facesOfEdge, base, facets);
  const real = facesOfEdge.filter((e) => !e.shape.degenerated);
  const edges = real.map((e, index) => makeEdge(tables, uses.faces, e, index, base, facets));
  const edgesOfFace: number[][] = uses.faces.map(() => []);
  for (const e of edges) for (const f of new Set(e.faces)) edgesOfFace[f].push(e.index);
  const faces = uses.faces.map((use, index) => makeFace(tables, use, index, edgesOfFace[index], facets));
  const meshed = { ...facets, deviationMm: measureDeviation(faces, facets) };
  return {
    faces, edges, facets: meshed, boxMm: tightBox(faces, meshed, real.map((e, i) => nodesOf(tables, uses.faces, e, edges[i]))), shells: uses.shells,
    edgeToleranceMm: edges.reduce((t, e) => Math.max(t, e.toleranceMm), 0),
    gapsMm: Float64Array.from(real, (e, i) => gapOf(tables, uses.faces, faces, e, edges[i], base, facets)),
    closed: facesOfEdge.every((e) => e.shape.degenerated || e.uses.length === 2),
  };
}

interface SharedEdge { shape: EdgeShape; place: Float64Array; uses: { face: number; reversed: boolean }[] }

function groupEdges(faces: readonly FaceUse[]): Map<string, SharedEdge> {
  const shared = new Map<string, SharedEdge>();
  faces.forEach((face, index) => {
    for (const edge of face.edges) {
      let entry = shared.get(edge.key);
      if (!entry) shared.set(edge.key, (entry = { shape: edge.shape, place: edge.place, uses: [] }));
      entry.uses.push({ face: index, reversed: edge.reversed });
    }
  });
  return shared;
}

/** All faces' triangles in one array, turned outward, with exact normals. `base[f]` is the first vertex of face f. */
function joinFacets(tables: BrepTables, faces: readonly FaceUse[]): { facets: Facets; base: Uint32Array } {
  let vertices = 0, triangles = 0;
  const base = new Uint32Array(faces.length);
  faces.forEach((face, f) => {
    base[f] = vertices;
    const t = tables.triangulations[face.shape.triangulation];
    if (!t) return;
    vertices += t.nodes.length / 3;
    triangles += t.triangles.length / 3;
  });
  const facets = {
    positions: new Float64Array(vertices * 3), normals: new Float64Array(vertices * 3), uvs: new Float64Array(vertices * 2),
    indices: new Uint32Array(triangles * 3), faceOf: new Uint32Array(triangles), weld: new Uint32Array(vertices),
    weldedCount: 0, deviationMm: new Float64Array(faces.length),
  };
  let at = 0;
  faces.forEach((face, f) => {
    const t = tables.triangulations[face.shape.triangulation];
    if (!t) return;
    const place = face.shape.location ? compose(face.place, tables.locations[face.shape.location]) : face.place;
    // The kernel keeps triangles in the face's own frame; the location of its geometry moves the surface alone.
    for (let i = 0; i < t.nodes.length; i += 3) movePoint(face.place, t.nodes, i, facets.positions, base[f] * 3 + i);
    facets.uvs.set(t.uvs, base[f] * 2);
    for (let i = 0; i < t.triangles.length; i += 3) {
      const flip = face.reversed ? 1 : 0;
      facets.indices[at * 3] = base[f] + t.triangles[i];
      facets.indices[at * 3 + 1] = base[f] + t.triangles[i + 1 + flip];
      facets.indices[at * 3 + 2] = base[f] + t.triangles[i + 2 - flip];
      facets.faceOf[at++] = f;
    }
    exactNormals(moveSurface(tables.surfaces[face.shape.surface], place), face.reversed, facets, base[f], t.nodes.length / 3);
  });
  facetNormalsWhereSingular(facets);
  return { facets, base };
}

function movePoint(m: Float64Array, from: Float64Array, i: number, to: Float64Array, j: number): void {
  const x = from[i], y = from[i + 1], z = from[i + 2];
  for (let k = 0; k < 3; k++) to[j + k] = m[k * 4] * x + m[k * 4 + 1] * y + m[k * 4 + 2] * z + m[k * 4 + 3];
}

const point = new Float64Array(SURFACE_POINT);

function exactNormals(surface: Face["surface"], reversed: boolean, facets: Facets, first: number, count: number): void {
  for (let i = first; i < first + count; i++) {
    evaluateTangents(surface, facets.uvs[i * 2], facets.uvs[i * 2 + 1], point);
    if (!surfaceNormal(point, reversed, facets.normals, i * 3) && !normalNearby(surface, reversed, facets, i, first, count)) facets.normals[i * 3] = NaN;
  }
}

/** At a pole or an apex the normal is taken a little towards the middle of the face's parameters. */
function normalNearby(surface: Face["surface"], reversed: boolean, facets: Facets, at: number, first: number, count: number): boolean {
  let u = 0, v = 0;
  for (let i = first; i < first + count; i++) { u += facets.uvs[i * 2] / count; v += facets.uvs[i * 2 + 1] / count; }
  const step = 1e-6;
  evaluateTangents(surface, facets.uvs[at * 2] + step * (u - facets.uvs[at * 2]), facets.uvs[at * 2 + 1] + step * (v - facets.uvs[at * 2 + 1]), point);
  return surfaceNormal(point, reversed, facets.normals, at * 3);
}

/** On surfaces without a formula the area-weighted facet normal stands in. */
function facetNormalsWhereSingular({ positions: p, normals, indices }: Facets): void {
  const missing = new Set<number>();
  for (let i = 0; i < normals.length; i += 3) if (Number.isNaN(normals[i])) { missing.add(i / 3); normals.fill(0, i, i + 3); }
  if (missing.size === 0) return;
  for (let t = 0; t < indices.length; t += 3) {
    const a = indices[t] * 3, b = indices[t + 1] * 3, c = indices[t + 2] * 3;
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
    for (const i of [a, b, c]) if (missing.has(i / 3)) {
      normals[i] += uy * vz - uz * vy; normals[i + 1] += uz * vx - ux * vz; normals[i + 2] += ux * vy - uy * vx;
    }
  }
  for (const v of missing) {
    const length = Math.hypot(normals[v * 3], normals[v * 3 + 1], normals[v * 3 + 2]);
    if (length > 0) for (let k = 0; k < 3; k++) normals[v * 3 + k] /= length;
    else normals[v * 3 + 2] = 1;
  }
}

/** Joins vertices of neighbouring faces through the node lists the kernel keeps for each shared edge. */
function weldAlongEdges(tables: BrepTables, faces: readonly FaceUse[], edges: readonly SharedEdge[], base: Uint32Array, facets: Facets): void {
  const parent = facets.weld;
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  const find = (i: number): number => { while (parent[i] !== i) i = parent[i] = parent[parent[i]]; return i; };
  const join = (a: number, b: number): void => { const x = find(a), y = find(b); if (x < y) parent[y] = x; else parent[x] = y; };
  for (const edge of edges) {
    const lines = nodeLines(tables, faces, edge, base);
    if (lines.length === 0) continue;
    if (edge.shape.degenerated) for (const line of lines) for (const node of line) join(line[0], node);
    for (const line of lines.slice(1)) for (let i = 0; i < line.length; i++) join(lines[0][i], line[i]);
  }
  const roots = Uint32Array.from(parent, (_, i) => find(i));
  const number = new Map<number, number>();
  roots.forEach((root, i) => {
    let id = number.get(root);
    if (id === undefined) number.set(root, (id = number.size));
    parent[i] = id;
  });
  (facets as { weldedCount: number }).weldedCount = number.size;
}

/** Global vertex lists of an edge on each of its faces, all in the edge's own sense. */
function nodeLines(tables: BrepTables, faces: readonly FaceUse[], edge: SharedEdge, base: Uint32Array): number[][] {
  return polygonsOf(tables, faces, edge).map(({ face, polygon }) => Array.from(polygon.nodes, (n) => base[face] + n));
}

function polygonsOf(tables: BrepTables, faces: readonly FaceUse[], edge: SharedEdge): { face: number; polygon: PolygonOnTriangulation }[] {
  return [...new Set(edge.uses.map((u) => u.face))].flatMap((face) => {
    const all = edge.shape.onFaces.filter((o) => o.triangulation - 1 === faces[face].shape.triangulation);
    const on = all.length > 1 ? nearestPlace(tables, all, edge.place, faces[face].place) : all[0];
    return (on?.polygons ?? []).map((polygon) => ({ face, polygon: tables.polygons[polygon] }));
  });
}

function nodesOf(tables: BrepTables, uses: readonly FaceUse[], edge: SharedEdge, { curve, points }: Edge): EdgeNodes {
  const [first] = polygonsOf(tables, uses, edge);
  return { curve, points, parameters: first?.polygon.parameters ?? new Float64Array(0) };
}

/** Largest distance of an edge from the surfaces it bounds, mm; also where its two faces see different nodes. */
function gapOf(tables: BrepTables, uses: readonly FaceUse[], faces: readonly Face[], edge: SharedEdge, { curve }: Edge, base: Uint32Array, facets: Facets): number {
  let worst = 0, first: Float64Array | undefined;
  for (const { face, polygon } of polygonsOf(tables, uses, edge)) {
    const n = polygon.nodes.length, points = new Float64Array(n * 3), uvs = new Float64Array(n * 2);
    polygon.nodes.forEach((node, i) => {
      const v = base[face] + node;
      points.set(facets.positions.subarray(v * 3, v * 3 + 3), i * 3);
      uvs.set(facets.uvs.subarray(v * 2, v * 2 + 2), i * 2);
    });
    worst = Math.max(worst, measureGap({ curve, parameters: polygon.parameters, points }, faces[face].surface, uvs));
    if (first) for (let i = 0; i < points.length; i += 3) worst = Math.max(worst, Math.hypot(points[i] - first[i], points[i + 1] - first[i + 1], points[i + 2] - first[i + 2]));
    first ??= points;
  }
  return worst;
}

function makeEdge(tables: BrepTables, faces: readonly FaceUse[], edge: SharedEdge, index: number, base: Uint32Array, facets: Facets): Edge {
  const [first, second = first] = edge.uses;
  const lines = nodeLines(tables, faces, edge, base);
  const a = lines[0] ?? [], b = lines[1] ?? a;
  const points = new Float64Array(a.length * 3);
  a.forEach((v, i) => { for (let k = 0; k < 3; k++) points[i * 3 + k] = facets.positions[v * 3 + k]; });
  const seam = first.face === second.face;
  const turnDeg = seam ? new Float64Array(a.length) : turns(points, a, b, facets.normals, first.reversed);
  return {
    index, curve: curveOf(tables, edge), faces: [first.face, second.face], lengthMm: polylineLength(points), toleranceMm: edge.shape.toleranceMm,
    closed: a.length > 1 && facets.weld[a[0]] === facets.weld[a[a.length - 1]], points, turnDeg,
    convexity: seam ? "seam" : classifyTurn(turnDeg),
  };
}

function curveOf(tables: BrepTables, edge: SharedEdge): Curve {
  const { shape } = edge;
  if (shape.curve < 0) return { kind: "other", name: "curve on surface", range: shape.range };
  const place = shape.curveLocation ? compose(edge.place, tables.locations[shape.curveLocation]) : edge.place;
  return moveCurve({ ...tables.curves[shape.curve], range: shape.range }, place);
}

/** Signed angle from the first face's outward normal to the second's about the edge, positive where the corner is convex. */
function turns(points: Float64Array, a: readonly number[], b: readonly number[], normals: Float64Array, reversed: boolean): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const p = Math.max(0, i - 1) * 3, q = Math.min(a.length - 1, i + 1) * 3, m = a[i] * 3, n = b[i] * 3;
    const s = reversed ? -1 : 1;
    const tx = s * (points[q] - points[p]), ty = s * (points[q + 1] - points[p + 1]), tz = s * (points[q + 2] - points[p + 2]);
    const cx = normals[m + 1] * normals[n + 2] - normals[m + 2] * normals[n + 1];
    const cy = normals[m + 2] * normals[n] - normals[m] * normals[n + 2];
    const cz = normals[m] * normals[n + 1] - normals[m + 1] * normals[n];
    const dot = normals[m] * normals[n] + normals[m + 1] * normals[n + 1] + normals[m + 2] * normals[n + 2];
    const angle = Math.atan2(Math.hypot(cx, cy, cz), dot);
    out[i] = ((cx * tx + cy * ty + cz * tz < 0 ? -angle : angle) * 180) / Math.PI;
  }
  return out;
}

function polylineLength(points: Float64Array): number {
  let sum = 0;
  for (let i = 3; i < points.length; i += 3) sum += Math.hypot(points[i] - points[i - 3], points[i + 1] - points[i - 2], points[i + 2] - points[i - 1]);
  return sum;
}

function makeFace(tables: BrepTables, use: FaceUse, index: number, edges: number[], facets: Facets): Face {
  const place = use.shape.location ? compose(use.place, tables.locations[use.shape.location]) : use.place;
  let start = 0;
  while (start < facets.faceOf.length && facets.faceOf[start] < index) start++;
  let count = 0;
  const u: [number, number] = [Infinity, -Infinity], v: [number, number] = [Infinity, -Infinity];
  for (let t = start; t < facets.faceOf.length && facets.faceOf[t] === index; t++, count++) for (let k = 0; k < 3; k++) {
    const i = facets.indices[t * 3 + k] * 2;
    u[0] = Math.min(u[0], facets.uvs[i]); u[1] = Math.max(u[1], facets.uvs[i]);
    v[0] = Math.min(v[0], facets.uvs[i + 1]); v[1] = Math.max(v[1], facets.uvs[i + 1]);
  }
  return {
    index, surface: moveSurface(tables.surfaces[use.shape.surface], place), reversed: use.reversed, uv: { u, v },
    areaMm2: 0, edges, facets: { start, count },
  };
}
