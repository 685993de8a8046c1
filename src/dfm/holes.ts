import type { Body, Face } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import { normalOnSurface } from "./normal-on-surface.ts";
import { dot } from "../geometry.ts";
import { curveExtremes } from "./curve-extremes.ts";
import { along, framePerpendicular, lengthOf, minus, opposite, pointAt } from "./vec3.ts";

/** Coaxial cylinder faces of one radius that close all the way round. */
export interface RoundFeature {
  readonly faces: readonly number[];
  readonly diameterMm: number;
  /** Extent along the axis, mm. */
  readonly lengthMm: number;
  /** Unit axis and the middle of the feature on it. */
  readonly axis: Vec3;
  readonly middle: Vec3;
  /** Of a hole: free at the end towards +axis and −axis. Of a pin: no material beyond the end. */
  readonly open: readonly [plus: boolean, minus: boolean];
}

/** Axis and radius within these count as the same: relative, and mm. */
const SAME_DIRECTION = 1 - 1e-10;
const SAME_MM = 1e-4;
/** Sectors looked at around the axis; all must be covered. */
const SECTORS = 48;

/** Holes (concave) and pins (convex) among the cylinder faces of a body. Round features made of other surfaces are not recognised. */
export function roundFeatures(body: Body, bvh: Bvh): { holes: RoundFeature[]; pins: RoundFeature[] } {
  const cylinders = body.faces.filter((f) => f.surface.kind === "cylinder" && f.facets.count > 0);
  const holes: RoundFeature[] = [], pins: RoundFeature[] = [];
  for (const inward of [true, false]) {
    for (const group of coaxial(cylinders.filter((f) => isInward(body, f) === inward))) {
      for (const run of touching(body, group)) {
        if (!closesRound(body, run)) continue;
        (inward ? holes : pins).push(feature(body, bvh, run, inward));
      }
    }
  }
  return { holes, pins };
}

type Cylinder = Extract<Face["surface"], { kind: "cylinder" }>;
const surfaceOf = (face: Face): Cylinder => face.surface as Cylinder;

function isInward({ facets }: Body, face: Face): boolean {
  const p = pointAt(facets.positions, facets.indices[face.facets.start * 3]), { frame } = surfaceOf(face);
  const q = minus(p, frame.origin), n = normalOnSurface(face, p);
  return n !== undefined && dot(n, along(q, frame.z, -dot(q, frame.z))) < 0;
}

function coaxial(faces: readonly Face[]): Face[][] {
  const groups: Face[][] = [];
  for (const face of faces) {
    const { frame, radiusMm } = surfaceOf(face);
    const group = groups.find(([first]) => {
      const other = surfaceOf(first);
      if (Math.abs(other.radiusMm - radiusMm) > SAME_MM || Math.abs(dot(other.frame.z, frame.z)) < SAME_DIRECTION) return false;
      const q = minus(frame.origin, other.frame.origin);
      return lengthOf(along(q, other.frame.z, -dot(q, other.frame.z))) < SAME_MM;
    });
    if (group) group.push(face); else groups.push([face]);
  }
  return groups;
}

/** Splits coaxial faces into runs that touch or overlap along the axis. */
function touching(body: Body, group: readonly Face[]): Face[][] {
  const { frame } = surfaceOf(group[0]), spans = group.map((face) => ({ face, span: spanOf(body, face, frame.z) })).sort((a, b) => a.span[0] - b.span[0]);
  const runs: { faces: Face[]; high: number }[] = [];
  for (const { face, span } of spans) {
    const last = runs[runs.length - 1];
    if (last && span[0] <= last.high + SAME_MM) { last.faces.push(face); last.high = Math.max(last.high, span[1]); } else runs.push({ faces: [face], high: span[1] });
  }
  return runs.map((r) => r.faces);
}

/** Least and greatest height of a cylinder's face along its axis: both on its border, whose curves are searched between the facets' vertices. */
function spanOf({ edges, facets }: Body, face: Face, axis: Vec3): [number, number] {
  let low = Infinity, high = -Infinity;
  for (let i = face.facets.start * 3; i < (face.facets.start + face.facets.count) * 3; i++) {
    const h = dot(pointAt(facets.positions, facets.indices[i]), axis);
    low = Math.min(low, h); high = Math.max(high, h);
  }
  for (const e of face.edges) {
    const found = curveExtremes(edges[e].curve, (p) => dot(p, axis), Math.max(24, (edges[e].points.length / 3) * 2));
    if (found) { low = Math.min(low, found.min.value); high = Math.max(high, found.max.value); }
  }
  return [low, high];
}

function closesRound({ facets }: Body, run: readonly Face[]): boolean {
  const { frame } = surfaceOf(run[0]), [x, y] = framePerpendicular(frame.z), covered = new Uint8Array(SECTORS);
  const angle = (v: number): number => { const q = minus(pointAt(facets.positions, v), frame.origin); return Math.atan2(dot(q, y), dot(q, x)); };
  for (const face of run) for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const first = angle(facets.indices[t * 3]);
    let low = 0, high = 0;
    for (const k of [1, 2]) { const turn = angle(facets.indices[t * 3 + k]) - first, short = turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI)); low = Math.min(low, short); high = Math.max(high, short); }
    const sector = (2 * Math.PI) / SECTORS;
    for (let s = Math.ceil((first + low) / sector - 0.5 - 1e-6); s <= Math.floor((first + high) / sector - 0.5 + 1e-6); s++) covered[((s % SECTORS) + SECTORS) % SECTORS] = 1;
  }
  return covered.every((c) => c === 1);
}

function feature(body: Body, bvh: Bvh, run: readonly Face[], inward: boolean): RoundFeature {
  const { frame, radiusMm } = surfaceOf(run[0]), axis = frame.z, base = dot(frame.origin, axis);
  let low = Infinity, high = -Infinity;
  for (const face of run) { const [a, b] = spanOf(body, face, axis); low = Math.min(low, a); high = Math.max(high, b); }
  const middle = along(frame.origin, axis, (low + high) / 2 - base), lengthMm = high - low;
  return { faces: run.map((f) => f.index), diameterMm: 2 * radiusMm, lengthMm, axis, middle, open: inward ? openEnds(bvh, middle, axis, lengthMm / 2 + 1.01 * radiusMm) : freeEnds(bvh, middle, axis, lengthMm / 2, radiusMm) };
}

/** A hole's end is open when nothing stands on its axis within a radius of the end: tips and round bottoms reach no further. */
function openEnds(bvh: Bvh, middle: Vec3, axis: Vec3, reachMm: number): [boolean, boolean] {
  const hit = bvh.anyHit(Float64Array.from([...middle, ...middle]), Float64Array.from([...axis, ...opposite(axis)]), { maxDistancesMm: reachMm });
  return [hit[0] === 0, hit[1] === 0];
}

/** A pin's end is free when no material goes on beyond it by more than a tenth of its radius; rounds and points aside. */
function freeEnds(bvh: Bvh, middle: Vec3, axis: Vec3, half: number, radiusMm: number): [boolean, boolean] {
  const [x] = framePerpendicular(axis), aside = along(middle, x, 0.3 * radiusMm);
  const { distances } = bvh.rays(Float64Array.from([...aside, ...aside]), Float64Array.from([...axis, ...opposite(axis)]));
  return [distances[0] < half + 1.1 * radiusMm, distances[1] < half + 1.1 * radiusMm];
}
