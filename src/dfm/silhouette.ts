import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../part/evaluate-surface.ts";
import type { Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { ALONG, DOWN, MIXED, PARALLEL_SINE, UP, type Seen } from "./contours.ts";
import { meshTopology, type MeshTopology } from "./mesh-topology.ts";
import type { SeenBody } from "./probe.ts";
import { dot } from "../geometry.ts";
import { pointAt } from "./vec3.ts";

/** A stretch of the line where the surface turns from one half's side to the other's. */
export interface TurnSegment {
  /** Node numbers of its ends: equal numbers are the same point of the solid. */
  readonly from: number;
  readonly to: number;
  /** The welded mesh edge it lies on, −1 where it runs across a facet. */
  readonly meshEdge: number;
  /** The facets on both sides; twice the same across a facet. */
  readonly facets: readonly [number, number];
}

/** All such stretches and the points of their nodes. */
export interface TurnLines {
  readonly segments: readonly TurnSegment[];
  readonly points: ReadonlyMap<number, Vec3>;
}

/**
 * Which half a corner of a parallel facet counts to: above 0 the one along the direction, below 0 the other. A value
 * that grows evenly over the facet makes the line cross it where it is 0.
 */
export type SideOfParallel = (facet: number, vertex: number) => number;

const surfacePoint = new Float64Array(SURFACE_POINT);
const STEPS = 40;

/**
 * Where n · d changes sign: inside faces the zero line, crossing mesh edges at points refined on the exact surface;
 * between faces the mesh edges themselves. Exactly parallel facets are put to a side by `sideOf`. Every node meets an
 * even number of segments, so they always close to loops.
 */
export function turnLines(body: SeenBody, seen: Seen, sideOf: SideOfParallel): TurnLines {
  const { facets } = body, topology = meshTopology(facets), { ends, sides, edgeOf } = topology, { indices, weld, weldedCount } = facets;
  const sine = (t: number, k: number): number => {
    const v = indices[t * 3 + k], s = seen.sine[v];
    if (seen.kind[t] === ALONG) return sideOf(t, v);
    // A corner at 0 counts to the side of the others; where these disagree, to the lower half.
    if (seen.kind[t] !== MIXED) return seen.kind[t] === UP ? Math.max(s, PARALLEL_SINE) : Math.min(s, -PARALLEL_SINE);
    return Math.abs(s) > PARALLEL_SINE ? s : -PARALLEL_SINE;
  };
  /** Whether all corners count to one side whatever `sideOf` says: most facets of a fine mesh, and no line crosses them. */
  const wholly = (t: number): boolean => seen.kind[t] === UP || seen.kind[t] === DOWN;
  const points = new Map<number, Vec3>(), segments: TurnSegment[] = [];
  const crossing = (e: number, t: number): { node: number; at: number } | undefined => {
    const [k, flipped] = cornerOn(facets, topology, e, t), a = sine(t, k), b = sine(t, (k + 1) % 3);
    if (a > 0 === b > 0) return undefined;
    const shared = twinAgrees(e, t), node = weldedCount + e * 2 + (shared ? 0 : sides[e * 2] === t ? 0 : 1);
    const at = seen.kind[t] === ALONG ? refine(body, seen, t, k, a, b) : refinedOnce(body, seen, t, k, a, b);
    if (!points.has(node)) points.set(node, at.point);
    return { node, at: flipped ? 1 - at.f : at.f };
  };
  const signsOn = (e: number, t: number): [number, number] => {
    const [k, flipped] = cornerOn(facets, topology, e, t), a = sine(t, k), b = sine(t, (k + 1) % 3);
    return flipped ? [b, a] : [a, b];
  };
  const twinAgrees = (e: number, t: number): boolean => {
    const other = sides[e * 2] === t ? sides[e * 2 + 1] : sides[e * 2];
    const [a, b] = signsOn(e, t), [c, d] = signsOn(e, other);
    return a === c && b === d;
  };
  const corner = (v: number): number => { const node = weld[v]; if (!points.has(node)) points.set(node, pointAt(facets.positions, v)); return node; };
  for (let t = 0; t < indices.length / 3; t++) {
    if (wholly(t)) continue;
    const found = [0, 1, 2].map((k) => crossing(edgeOf[t * 3 + k], t)).filter((c) => c !== undefined);
    if (found.length === 2) segments.push({ from: found[0].node, to: found[1].node, meshEdge: -1, facets: [t, t] });
  }
  for (let e = 0; e < sides.length / 2; e++) {
    const s = sides[e * 2], t = sides[e * 2 + 1];
    if (s === t || (wholly(s) && seen.kind[s] === seen.kind[t])) continue;
    const A = signsOn(e, s), B = signsOn(e, t);
    if (A[0] === B[0] && A[1] === B[1]) continue;
    const stops: { node: number; at: number }[] = [crossing(e, s), crossing(e, t)].filter((c) => c !== undefined).sort((x, y) => x.at - y.at);
    let from = corner(ends[e * 2]), a = A[0] > 0, b = B[0] > 0;
    const own = crossing(e, s)?.node;
    for (const stop of stops) {
      if (a !== b) segments.push({ from, to: stop.node, meshEdge: e, facets: [s, t] });
      if (stop.node === own) a = !a; else b = !b;
      from = stop.node;
    }
    if (a !== b) segments.push({ from, to: corner(ends[e * 2 + 1]), meshEdge: e, facets: [s, t] });
  }
  return { segments, points };
}

/** The corner of facet t where its side along edge e starts, and whether it runs against the edge's own sense. */
function cornerOn({ indices, weld }: Facets, { edgeOf, ends }: MeshTopology, e: number, t: number): [k: number, flipped: boolean] {
  const k = edgeOf[t * 3] === e ? 0 : edgeOf[t * 3 + 1] === e ? 1 : 2;
  return [k, weld[indices[t * 3 + k]] !== weld[ends[e * 2]]];
}

interface Zero { readonly f: number; readonly point: Vec3 }

/** Zeros found before along a direction, by facet and corner: they do not depend on where parallel facets are put. */
const zeros = new WeakMap<Seen, Map<number, Zero>>();

function refinedOnce(body: SeenBody, seen: Seen, t: number, k: number, a: number, b: number): Zero {
  let known = zeros.get(seen);
  if (!known) zeros.set(seen, (known = new Map()));
  let zero = known.get(t * 3 + k);
  if (!zero) known.set(t * 3 + k, (zero = refine(body, seen, t, k, a, b)));
  return zero;
}

/** Where n · d is 0 on a facet's side from corner k: by bisection on the exact surface, else linear. */
function refine({ faces, facets }: SeenBody, seen: Seen, t: number, k: number, a: number, b: number): Zero {
  const i = facets.indices[t * 3 + k], j = facets.indices[t * 3 + ((k + 1) % 3)], face = faces[facets.faceOf[t]], { uvs } = facets;
  const linear = a / (a - b), p = pointAt(facets.positions, i), q = pointAt(facets.positions, j);
  const blend = (f: number): Vec3 => [p[0] + f * (q[0] - p[0]), p[1] + f * (q[1] - p[1]), p[2] + f * (q[2] - p[2])];
  if (face.surface.kind === "plane" || face.surface.kind === "other" || uvs.length === 0) return { f: linear, point: blend(linear) };
  const n = [0, 0, 0];
  const surfaceAt = (f: number): Vec3 => {
    evaluateSurface(face.surface, uvs[i * 2] + f * (uvs[j * 2] - uvs[i * 2]), uvs[i * 2 + 1] + f * (uvs[j * 2 + 1] - uvs[i * 2 + 1]), surfacePoint);
    return [surfacePoint[0], surfacePoint[1], surfacePoint[2]];
  };
  if (seen.kind[t] === ALONG) return { f: linear, point: surfaceAt(linear) };
  let low = 0, high = 1, f = linear, point = blend(linear);
  for (let step = 0; step < STEPS && high - low > 1e-14; step++) {
    const here = surfaceAt(f);
    if (!surfaceNormal(surfacePoint, face.reversed, n)) break;
    point = here;
    const s = dot([n[0], n[1], n[2]], seen.direction);
    if (Math.abs(s) < 1e-15) break;
    if (s > 0 === a > 0) low = f; else high = f;
    f = (low + high) / 2;
  }
  return { f, point };
}
