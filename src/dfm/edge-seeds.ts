import type { Body, Edge } from "../part/part.ts";
import type { Side } from "./exact-balls.ts";
import { edgeOfMesh } from "./edge-of-mesh.ts";
import { meshTopology } from "./mesh-topology.ts";
import { emptySamples, placeOnTriangle, type SurfaceSamples } from "./surface-samples.ts";

/** Least number of places along an edge, on each of its faces. */
const LEAST = 3;
/** At most this share of a facet's height lies between a place and the edge. */
const BESIDE = 0.1;

/** A facet's side on an edge: from corner k to the next. */
interface FacetSide { readonly facet: number; readonly corner: number; readonly lengthMm: number }

/**
 * About `target` samples along the edges of a body that are not convex (seen from outside: not concave), on both faces of
 * each: where thickness has its least on a face that ends in a round or at a hollow edge, and where the samples inside
 * the face may all miss it.
 */
export function edgeSeeds(body: Body, target: number, side: Side): SurfaceSamples {
  const runs = sidesByEdge(body, side === "inside" ? "convex" : "concave"), places = spreadAlong(runs.map(({ sides }) => sides), target), out = emptySamples(places.length);
  places.forEach(({ run, side, share }, i) => place(body, side, share, runs[run].edge.toleranceMm, out, i));
  return out;
}

/** About `target` places evenly along runs of sides, at least {@link LEAST} on each: which side, and what share of it lies before. */
export function spreadAlong<S extends { readonly lengthMm: number }>(runs: readonly (readonly S[])[], target: number): { run: number; side: S; share: number }[] {
  const lengths = runs.map((sides) => sides.reduce((sum, s) => sum + s.lengthMm, 0)), eachMm = lengths.reduce((sum, l) => sum + l, 0) / Math.max(1, target);
  const places: { run: number; side: S; share: number }[] = [];
  runs.forEach((sides, run) => {
    const count = Math.max(LEAST, Math.round(lengths[run] / eachMm));
    let passed = 0, next = 0;
    for (const side of sides) {
      for (; next < count && (next + 0.5) * lengths[run] <= (passed + side.lengthMm) * count; next++) places.push({ run, side, share: Math.max(0, ((next + 0.5) * lengths[run]) / count - passed) / side.lengthMm });
      passed += side.lengthMm;
    }
  });
  return places;
}

/** Sides of facets on each edge but those of one kind, apart for its two faces. */
function sidesByEdge(body: Body, but: Edge["convexity"]): { edge: Edge; sides: FacetSide[] }[] {
  const { positions: p, indices, faceOf } = body.facets, { edgeOf } = meshTopology(body.facets), onEdge = edgeOfMesh(body), runs = new Map<number, { edge: Edge; sides: FacetSide[] }>();
  for (let t = 0; t < faceOf.length; t++) for (let k = 0; k < 3; k++) {
    const index = onEdge[edgeOf[t * 3 + k]], edge = body.edges[index];
    if (index < 0 || edge.convexity === but || edge.convexity === "seam") continue;
    const a = indices[t * 3 + k] * 3, b = indices[t * 3 + ((k + 1) % 3)] * 3, lengthMm = Math.hypot(p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]);
    if (!(lengthMm > 0)) continue;
    const key = index * body.faces.length + faceOf[t], run = runs.get(key);
    if (run) run.sides.push({ facet: t, corner: k, lengthMm }); else runs.set(key, { edge, sides: [{ facet: t, corner: k, lengthMm }] });
  }
  return [...runs.values()];
}

/**
 * Puts sample i beside the edge: a curve that lies off a face by ε stops a ball at a distance s from it at a radius of s²/2ε,
 * which s = √(2 ε l) makes as long as the side, l.
 */
function place(body: Body, { facet, corner, lengthMm }: FacetSide, share: number, toleranceMm: number, out: SurfaceSamples, i: number): void {
  const heightMm = (2 * meshTopology(body.facets).areaMm2[facet]) / lengthMm, off = Math.min(BESIDE, Math.sqrt(2 * toleranceMm * lengthMm) / (heightMm || 1)), w = [off, off, off];
  w[corner] = (1 - off) * (1 - share);
  w[(corner + 1) % 3] = (1 - off) * share;
  placeOnTriangle(body, true, facet, w[0], w[1], w[2], out, i);
  out.triangles[i] = facet;
}
