import { SURFACE_POINT, evaluateTangents, surfaceNormal } from "../part/evaluate-surface.ts";
import type { Face } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { ALONG, DOWN, MIXED, PARALLEL_SINE, UP, type Projected } from "./contours.ts";
import { meshTopology, type MeshTopology } from "./mesh-topology.ts";
import type { SeenBody } from "./probe.ts";
import { along, minus, pointAt } from "./vec3.ts";

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

const surfacePoint = new Float64Array(SURFACE_POINT), normal = [0, 0, 0];
const STEPS = 60;
/** Of n · d. */
const ROUNDING = 1e-14;

/**
 * Where n · d changes sign: inside faces the zero line, crossing mesh edges at points refined on the exact surface;
 * between faces the mesh edges themselves. Every node meets an even number of segments, so they always close to loops.
 * @returns the lines once it is told, anew each time, which side exactly parallel facets are put to
 */
export function turnLines(body: SeenBody, seen: Projected): (sideOf: SideOfParallel) => TurnLines {
  const { facets } = body, topology = meshTopology(facets), { sides } = topology, { kind } = seen;
  const values = new Float64Array(kind.length * 3), crossed: number[] = [], parallel: number[] = [], edges: number[] = [];
  for (let t = 0; t < kind.length; t++) {
    if (kind[t] === ALONG) parallel.push(t);
    if (!isWholly(kind[t])) crossed.push(t);
    for (let k = 0; k < 3; k++) values[t * 3 + k] = sideOfCorner(seen.sine[facets.indices[t * 3 + k]], kind[t]);
  }
  for (let e = 0; e < sides.length / 2; e++) {
    const s = sides[e * 2], t = sides[e * 2 + 1];
    if (s !== t && !(isWholly(kind[s]) && kind[s] === kind[t])) edges.push(e);
  }
  return (sideOf) => {
    for (const t of parallel) for (let k = 0; k < 3; k++) values[t * 3 + k] = sideOf(t, facets.indices[t * 3 + k]);
    return linesOf(body, seen, topology, { values, crossed, edges });
  };
}

/** Whether all corners count to one side whatever is said of parallel facets: most facets of a fine mesh, and no line crosses them. */
const isWholly = (kind: number): boolean => kind === UP || kind === DOWN;

/** A corner at 0 counts to the side of the others; where these disagree, to the lower half. */
function sideOfCorner(sine: number, kind: number): number {
  if (kind !== MIXED) return kind === UP ? Math.max(sine, PARALLEL_SINE) : Math.min(sine, -PARALLEL_SINE);
  return Math.abs(sine) > PARALLEL_SINE ? sine : -PARALLEL_SINE;
}

/** Which side each corner of each facet counts to, positive for the upper, and the facets and edges that a line may cross or follow. */
interface Turns { readonly values: Float64Array; readonly crossed: readonly number[]; readonly edges: readonly number[] }

function linesOf(body: SeenBody, seen: Projected, { ends, sides, edgeOf, corners }: MeshTopology, { values, crossed, edges }: Turns): TurnLines {
  const { facets: { positions, weld, weldedCount } } = body, points = new Map<number, Vec3>(), segments: TurnSegment[] = [];
  const agrees = (e: number): boolean => values[corners[e * 4]] === values[corners[e * 4 + 2]] && values[corners[e * 4 + 1]] === values[corners[e * 4 + 3]];
  /** Where the line crosses an edge as its first (0) or second (1) facet has it. */
  const crossing = (e: number, side: number): { node: number; at: number } | undefined => {
    const i = corners[e * 4 + side * 2], j = corners[e * 4 + side * 2 + 1], a = values[i], b = values[j];
    if (a > 0 === b > 0) return undefined;
    const node = weldedCount + e * 2 + (agrees(e) ? 0 : side), zero = zeroOn(body, seen, i, j, a, b);
    if (!points.has(node)) points.set(node, zero.point);
    return { node, at: zero.f };
  };
  const corner = (v: number): number => { const node = weld[v]; if (!points.has(node)) points.set(node, pointAt(positions, v)); return node; };
  for (const t of crossed) {
    const found: number[] = [];
    for (let k = 0; k < 3; k++) { const e = edgeOf[t * 3 + k], c = crossing(e, sides[e * 2] === t ? 0 : 1); if (c) found.push(c.node); }
    if (found.length === 2) segments.push({ from: found[0], to: found[1], meshEdge: -1, facets: [t, t] });
  }
  for (const e of edges) {
    if (agrees(e)) continue;
    let a = values[corners[e * 4]] > 0, b = values[corners[e * 4 + 2]] > 0;
    const facets = [sides[e * 2], sides[e * 2 + 1]] as const, own = crossing(e, 0), other = crossing(e, 1);
    let from = corner(ends[e * 2]);
    for (const stop of [own, other].filter((c) => c !== undefined).sort((x, y) => x.at - y.at)) {
      if (a !== b) segments.push({ from, to: stop.node, meshEdge: e, facets });
      if (stop === own) a = !a; else b = !b;
      from = stop.node;
    }
    if (a !== b) segments.push({ from, to: corner(ends[e * 2 + 1]), meshEdge: e, facets });
  }
  return { segments, points };
}

interface Zero { readonly f: number; readonly point: Vec3 }

/** Zeros found before along a direction, by corner: they do not depend on where parallel facets are put. */
const zeros = new WeakMap<Float64Array, Map<number, Zero>>();

/** Where n · d is 0 between two corners of a facet, given as 3·t + k and what they count to: on the exact surface, else linear. */
function zeroOn({ faces, facets: { indices, faceOf, positions, uvs } }: SeenBody, seen: Projected, i: number, j: number, a: number, b: number): Zero {
  const t = Math.floor(i / 3), face = faces[faceOf[t]], v = indices[i], w = indices[j], p = pointAt(positions, v), f = a / (a - b), linear = { f, point: along(p, minus(pointAt(positions, w), p), f) };
  if (face.surface.kind === "plane" || face.surface.kind === "other" || uvs.length === 0) return linear;
  if (seen.kind[t] === ALONG) { sineBetween(face, uvs, v, w, f, seen.direction); return { f, point: pointAt(surfacePoint, 0) }; }
  let known = zeros.get(seen.sine);
  if (!known) zeros.set(seen.sine, (known = new Map()));
  let zero = known.get(i);
  if (!zero) known.set(i, (zero = refine((share) => sineBetween(face, uvs, v, w, share, seen.direction), a, b, linear)));
  return zero;
}

/** n · d on the exact surface between two vertices, NaN where it has no normal; leaves the point in {@link surfacePoint}. */
function sineBetween({ surface, reversed }: Face, uvs: Float64Array, v: number, w: number, f: number, d: Vec3): number {
  evaluateTangents(surface, uvs[v * 2] + f * (uvs[w * 2] - uvs[v * 2]), uvs[v * 2 + 1] + f * (uvs[w * 2 + 1] - uvs[v * 2 + 1]), surfacePoint);
  return surfaceNormal(surfacePoint, reversed, normal) ? normal[0] * d[0] + normal[1] * d[1] + normal[2] * d[2] : NaN;
}

/** By false position, an end that stays again counting half (Illinois), and every third step by the middle. */
function refine(sineAt: (f: number) => number, a: number, b: number, linear: Zero): Zero {
  let low = 0, high = 1, atLow = a, atHigh = b, f = linear.f, wasLow = 0, zero = linear;
  for (let step = 1; step <= STEPS && f > low && f < high; step++) {
    const sine = sineAt(f);
    if (Number.isNaN(sine)) break;
    zero = { f, point: pointAt(surfacePoint, 0) };
    if (Math.abs(sine) < ROUNDING) break;
    const isLow = sine > 0 === a > 0 ? 1 : -1;
    if (isLow > 0) { low = f; atLow = sine; if (wasLow > 0) atHigh /= 2; } else { high = f; atHigh = sine; if (wasLow < 0) atLow /= 2; }
    wasLow = isLow;
    f = step % 3 === 0 ? (low + high) / 2 : (low * atHigh - high * atLow) / (atHigh - atLow);
  }
  return zero;
}
