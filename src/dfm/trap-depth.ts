import { SURFACE_POINT, evaluateSurface } from "../part/evaluate-surface.ts";
import type { Body, Facets } from "../part/part.ts";
import { VENT_MM } from "../mim/vent.ts";
import type { Vec3 } from "../units.ts";
import { dot, norm } from "../geometry.ts";
import type { Patch, RayCaster } from "./probe.ts";
import { WHOLE } from "./probe.ts";
import { SolidDepth } from "./solid-depth.ts";
import { opposite } from "./vec3.ts";

/** Points looked at on each stretch of a line inside the body. */
const STOPS = 5;

/** How deep a piece of the surface is trapped: between these, mm. */
export interface TrapDepth {
  readonly lowMm: number;
  readonly highMm: number;
}

/** A patch and the outward normal at its middle. */
export type LookedAt = Patch & { readonly normal: Vec3 };

interface Line { readonly start: Vec3; readonly up: boolean; depth: TrapDepth }

const gauges = new WeakMap<Body, SolidDepth>();

/**
 * How deep each patch's middle is trapped along ±d: the greatest depth below the surface that a straight line from it
 * passes through on its way out, the lesser of both ways. 0 where one way is free; how much steel would have to give way sideways,
 * to the first order. The lines start on the exact surface and depths are those below exact surfaces, so that facets
 * decide nothing but which stretches are looked at.
 * @param d unit
 */
export function trapDepths(body: Body, rays: RayCaster, patches: readonly LookedAt[], d: Vec3): TrapDepth[] {
  const gauge = gaugeOf(body), back = opposite(d);
  // The way the patch looks first: the other one mostly runs through the whole part.
  const lines = linesFrom(body, gauge, rays, patches, (p) => dot(p.normal, d) >= 0);
  for (const up of [true, false]) measure(gauge, rays, lines.filter((l) => l.up === up), up ? d : back);
  const other = lines.filter((l) => l.depth.highMm > VENT_MM).map((line) => ({ line, again: { ...line, up: !line.up, depth: FREE } }));
  for (const up of [true, false]) measure(gauge, rays, other.flatMap(({ again }) => (again.up === up ? [again] : [])), up ? d : back);
  for (const { line, again } of other) line.depth = { lowMm: Math.min(line.depth.lowMm, again.depth.lowMm), highMm: Math.min(line.depth.highMm, again.depth.highMm) };
  return lines.map((l) => l.depth);
}

/** The same one way only: how deep the line from each patch's middle along `d` (unit) runs below the surface. */
export function depthsAlong(body: Body, rays: RayCaster, patches: readonly LookedAt[], d: Vec3): TrapDepth[] {
  const gauge = gaugeOf(body), lines = linesFrom(body, gauge, rays, patches, () => true);
  measure(gauge, rays, lines, d);
  return lines.map((l) => l.depth);
}

function gaugeOf(body: Body): SolidDepth {
  let gauge = gauges.get(body);
  if (!gauge) gauges.set(body, (gauge = new SolidDepth(body)));
  return gauge;
}

function linesFrom(body: Body, { deviationMm }: SolidDepth, { errorMm }: RayCaster, patches: readonly LookedAt[], up: (patch: LookedAt) => boolean): Line[] {
  const mostMm = 2 * deviationMm + 4 * errorMm;
  return patches.map((p) => ({ start: surfacePoint(body, p, mostMm), up: up(p), depth: FREE }));
}

const FREE: TrapDepth = { lowMm: 0, highMm: 0 };

function measure(gauge: SolidDepth, rays: RayCaster, lines: readonly Line[], d: Vec3): void {
  if (lines.length === 0) return;
  const origins = Float64Array.from(lines.flatMap((l) => l.start)), hits = rays.allHits(origins, Float64Array.from(d));
  const stops: number[] = [], owner: number[] = [];
  lines.forEach((_, i) => {
    for (const [a, b] of insideOf(hits, i ? hits.ends[i - 1] : 0, hits.ends[i])) for (let s = 0; s < STOPS; s++) {
      const t = a + ((b - a) * (s + 0.5)) / STOPS;
      stops.push(origins[i * 3] + t * d[0], origins[i * 3 + 1] + t * d[1], origins[i * 3 + 2] + t * d[2]);
      owner.push(i);
    }
  });
  const points = Float64Array.from(stops), { distances } = rays.closest(points), unsure = 2 * gauge.deviationMm + rays.errorMm;
  const raise = (i: number, low: number, high: number): void => { const { lowMm, highMm } = lines[i].depth; lines[i].depth = { lowMm: Math.max(lowMm, low), highMm: Math.max(highMm, high) }; };
  owner.forEach((i, p) => { if (distances[p] - unsure > VENT_MM) raise(i, distances[p] - unsure, distances[p] + unsure); });
  const open = owner.flatMap((i, p) => (lines[i].depth.lowMm > VENT_MM ? [] : [p]));
  const exact = gauge.at(Float64Array.from(open.flatMap((p) => [points[p * 3], points[p * 3 + 1], points[p * 3 + 2]])), Float64Array.from(open, (p) => distances[p]), rays);
  open.forEach((p, k) => raise(owner[p], exact.depthMm[k] - exact.errorMm[k], exact.depthMm[k] + exact.errorMm[k]));
}

/** Stretches of a line inside the facets, from its start to where it leaves them for good. */
function* insideOf({ distances, facings }: { readonly distances: Float64Array; readonly facings: Int32Array }, first: number, end: number): Generator<readonly [number, number]> {
  for (let h = first; h < end; h++) {
    const from = h > first ? distances[h - 1] : 0, entered = h > first ? facings[h - 1] <= 0 : true;
    if (entered && facings[h] >= 0 && distances[h] - from > 1e-9) yield [from, distances[h]];
  }
}

const point = new Float64Array(SURFACE_POINT);

/** A patch's middle on the exact surface, on the facet where the parameters miss it by more than `mostMm`. */
function surfacePoint({ faces, facets }: Body, { facet, w: own }: Patch, mostMm: number): Vec3 {
  const w = own.length === 0 ? WHOLE : own, share = [0, 1, 2].map((k) => (w[k] + w[3 + k] + w[6 + k]) / 3), { surface } = faces[facets.faceOf[facet]];
  const blend = (row: Float64Array, size: number, c: number): number => share.reduce((sum, s, k) => sum + s * row[facets.indices[facet * 3 + k] * size + c], 0);
  const middle = middleOf(facets, blend);
  if (surface.kind === "plane" || surface.kind === "other" || facets.uvs.length === 0) return middle;
  evaluateSurface(surface, blend(facets.uvs, 2, 0), blend(facets.uvs, 2, 1), point);
  return norm(point[0] - middle[0], point[1] - middle[1], point[2] - middle[2]) <= mostMm ? [point[0], point[1], point[2]] : middle;
}

const middleOf = ({ positions }: Facets, blend: (row: Float64Array, size: number, c: number) => number): Vec3 => [blend(positions, 3, 0), blend(positions, 3, 1), blend(positions, 3, 2)];
