import { BufferAttribute, BufferGeometry } from "three";
import { MeshBVH } from "three-mesh-bvh";
import type { Body, Edge, Face } from "../src/part/part.ts";
import type { Box, Vec3 } from "../src/units.ts";
import type { BodyBuffers, BodySummary, EdgeSummary, FaceSummary } from "./protocol.ts";

/** A body's facts and its GPU buffers. */
export interface DrawableBody {
  readonly summary: BodySummary;
  readonly buffers: BodyBuffers;
}

/** Turns a body into what a page draws and picks; done here so that the page's thread only uploads. */
export function bodyBuffers(body: Body): DrawableBody {
  const originMm = boxCentre(body.mass.boxMm);
  const { positions, normals, indices, faceOf } = body.facets;
  const floats = relative(positions, originMm);
  const edges = edgeSegments(body.edges, originMm);
  const bvh = buildBvh(floats, indices);
  return {
    summary: {
      id: body.id, name: body.name, instances: body.instances,
      volumeMm3: body.mass.volumeMm3, areaMm2: body.mass.areaMm2, centroidMm: body.mass.centroidMm, boxMm: body.mass.boxMm,
      faces: body.faces.map((face) => faceSummary(body, face)),
      edges: edges.summaries,
    },
    buffers: {
      id: body.id, originMm, positions: floats, normals: new Float32Array(normals), indices: indices.slice(), faceOf: faceOf.slice(),
      edgePositions: edges.positions, sharpSegments: edges.sharp, bvh,
    },
  };
}

/** The buffers that can be moved to another thread. */
export function transferables(buffers: BodyBuffers): ArrayBuffer[] {
  const { positions, normals, indices, faceOf, edgePositions, bvh } = buffers;
  const arrays = [positions, normals, indices, faceOf, edgePositions, bvh.indirect].map((a) => a.buffer as ArrayBuffer);
  return [...arrays, ...bvh.roots];
}

const boxCentre = ([low, high]: Box): Vec3 => [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];

function relative(positions: Float64Array, origin: Vec3): Float32Array {
  const out = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i++) out[i] = positions[i] - origin[i % 3];
  return out;
}

/** Picking tree in indirect mode: the triangles keep their order, so a face stays one range of them. */
function buildBvh(positions: Float32Array, indices: Uint32Array): BodyBuffers["bvh"] {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  const { roots, indirectBuffer } = MeshBVH.serialize(new MeshBVH(geometry, { indirect: true }), { cloneBuffers: false });
  if (!indirectBuffer) throw new Error("the picking tree was not built in indirect mode");
  return { roots, indirect: indirectBuffer };
}

function faceSummary(body: Body, face: Face): FaceSummary {
  const { positions, indices } = body.facets;
  const { start, count } = face.facets;
  const centre = [0, 0, 0], normal = [0, 0, 0], low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  let weight = 0;
  for (let t = start; t < start + count; t++) {
    const [a, b, c] = [indices[t * 3] * 3, indices[t * 3 + 1] * 3, indices[t * 3 + 2] * 3];
    const n = cross(positions, a, b, c), area = Math.hypot(n[0], n[1], n[2]);
    weight += area;
    for (let k = 0; k < 3; k++) {
      centre[k] += (area * (positions[a + k] + positions[b + k] + positions[c + k])) / 3;
      normal[k] += n[k];
      low[k] = Math.min(low[k], positions[a + k], positions[b + k], positions[c + k]);
      high[k] = Math.max(high[k], positions[a + k], positions[b + k], positions[c + k]);
    }
  }
  const over = weight || 1;
  return {
    index: face.index,
    kind: face.surface.kind === "other" ? face.surface.name : face.surface.kind,
    areaMm2: face.areaMm2,
    ...radiusOf(face),
    centroidMm: [centre[0] / over, centre[1] / over, centre[2] / over],
    normal: [normal[0] / over, normal[1] / over, normal[2] / over],
    boxMm: [[low[0], low[1], low[2]], [high[0], high[1], high[2]]],
    start, count,
    deviationMm: body.facets.deviationMm[face.index] ?? 0,
  };
}

function cross(p: Float64Array, a: number, b: number, c: number): Vec3 {
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}

function radiusOf({ surface }: Face): { radiusMm?: number } {
  if (surface.kind === "cylinder" || surface.kind === "sphere") return { radiusMm: surface.radiusMm };
  return surface.kind === "torus" ? { radiusMm: surface.minorMm } : {};
}

/** Segments of all edges, sharp ones first so that one draw range shows what a drawing would. */
function edgeSegments(edges: readonly Edge[], origin: Vec3): { positions: Float32Array; sharp: number; summaries: EdgeSummary[] } {
  const hidden = (edge: Edge): number => (edge.convexity === "seam" || edge.convexity === "smooth" ? 1 : 0);
  const ordered = [...edges].sort((a, b) => hidden(a) - hidden(b));
  const total = ordered.reduce((sum, edge) => sum + segments(edge), 0);
  const positions = new Float32Array(total * 6);
  const summaries: EdgeSummary[] = [];
  let at = 0, sharp = 0;
  for (const edge of ordered) {
    const start = at;
    for (let i = 0; i < segments(edge); i++, at++) {
      for (let k = 0; k < 6; k++) positions[at * 6 + k] = edge.points[i * 3 + k] - origin[k % 3];
    }
    if (!hidden(edge)) sharp = at;
    summaries.push({ index: edge.index, kind: edge.curve.kind, lengthMm: edge.lengthMm, faces: edge.faces, convexity: edge.convexity, start, count: at - start });
  }
  return { positions, sharp, summaries: summaries.sort((a, b) => a.index - b.index) };
}

const segments = (edge: Edge): number => Math.max(0, edge.points.length / 3 - 1);
