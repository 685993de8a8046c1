import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { dot } from "../geometry.ts";
import { unit } from "./frame.ts";
import { grow, type Growth, type OversizedFacets } from "./oversized-facets.ts";
import { extentAlong, sweptHeight, trappedArea, type Height } from "./trapped-area.ts";

/** What a chooser gives: where the cavity goes and where the halves part, mold coordinates. */
export interface Parting {
  readonly direction: Vec3;
  readonly partingMm: number;
}

/** Chooses the pull, the parting height, or both; a given value is kept. */
export type ChooseParting = (bodies: readonly Body[], facets: OversizedFacets, growth: Growth, given: { readonly pull?: Vec3; readonly partingMm?: number }) => Parting;

/** Directions closer than this are one. */
const SAME = Math.cos((1 * Math.PI) / 180);
/** Directions tried beside the part's own axes. */
const TRIED = 8;

/**
 * The direction and height that trap the least area, tried over the part's axes, its largest planes and its
 * largest cylinders. Among equals the shallower mold wins, then z before x before y.
 */
export const chooseParting: ChooseParting = (bodies, facets, growth, given) => {
  const directions = given.pull ? [given.pull] : candidates(bodies);
  let best: (Parting & { area: number; depth: number }) | undefined;
  for (const direction of directions) {
    const [low, high] = extentAlong(facets, direction);
    const tolerance = heightTolerance(low, high);
    const found = given.partingMm === undefined ? bestHeight(facets, direction, tolerance, directions.length === 1 ? ENDS : ENDS_EACH) : { partingMm: given.partingMm, areaMm2: 0 };
    const entry = { direction, partingMm: found.partingMm, area: found.areaMm2, depth: high - low };
    if (!best || entry.area < best.area * 0.999 - 1e-9 || (entry.area <= best.area * 1.001 + 1e-9 && entry.depth < best.depth * 0.999)) best = entry;
  }
  if (!best) throw new Error("there is always a direction to try");
  const { direction, partingMm } = best;
  return { direction, partingMm: given.partingMm === undefined ? onAxis(bodies, facets, growth, direction, partingMm) : partingMm };
};

/** So many heights are tried where the sweep's own traps something: the rim of a cup, which opens above it. */
const ENDS = 32, ENDS_EACH = 8;

/** The best of the height that a sweep finds and of those at which much of what leans ends. */
function bestHeight(facets: OversizedFacets, direction: Vec3, toleranceMm: number, most: number): Height {
  const { partingMm, ends } = sweptHeight(facets, direction, toleranceMm);
  let best: Height = { partingMm, areaMm2: trappedArea(facets, direction, partingMm, toleranceMm).areaMm2 };
  for (const at of ends.slice(0, most)) {
    if (best.areaMm2 === 0) break;
    const { areaMm2 } = trappedArea(facets, direction, at, toleranceMm);
    if (areaMm2 < best.areaMm2 * 0.999) best = { partingMm: at, areaMm2 };
  }
  return best;
}

/** Heights nearer than this fraction of the extent are within the facets' noise of each other. */
const NOISE = 2e-3;

/**
 * The exact height of an axis or centre near the height that the facets gave, where that traps no more: a plane a
 * hair off a cylinder's axis cuts slivers that the exact kernel chokes on.
 */
function onAxis(bodies: readonly Body[], facets: OversizedFacets, growth: Growth, d: Vec3, partingMm: number): number {
  const [low, high] = extentAlong(facets, d), tolerance = heightTolerance(low, high), reach = NOISE * (high - low);
  let best = partingMm, bestOff = reach;
  for (const { faces } of bodies) for (const { surface } of faces) {
    if (surface.kind !== "cylinder" && surface.kind !== "cone" && surface.kind !== "sphere" && surface.kind !== "torus") continue;
    if ((surface.kind === "cylinder" || surface.kind === "cone") && Math.abs(dot(surface.frame.z, d)) > 1e-9) continue;
    const height = dot(grow(growth, surface.frame.origin), d), off = Math.abs(height - partingMm);
    if (off < bestOff) { best = height; bestOff = off; }
  }
  if (best === partingMm) return best;
  const noise = 1e-6 * (high - low) ** 2;
  return trappedArea(facets, d, best, tolerance).areaMm2 <= trappedArea(facets, d, partingMm, tolerance).areaMm2 + noise ? best : partingMm;
}

/** Heights closer than this are one: a flat face on the parting plane belongs to either half. */
export const heightTolerance = (low: number, high: number): number => 1e-6 + 1e-7 * (high - low);

function candidates(bodies: readonly Body[]): Vec3[] {
  const found: { d: Vec3; area: number }[] = [];
  const add = (v: Vec3, area: number): void => {
    const d = unit(v);
    if (!d) return;
    const same = found.find((f) => Math.abs(dot(f.d, d)) > SAME);
    if (same) same.area += area; else found.push({ d: upward(d), area });
  };
  for (const axis of [[0, 0, 1], [1, 0, 0], [0, 1, 0]] as const) add(axis, Infinity);
  for (const { faces } of bodies) for (const { surface, areaMm2 } of faces) {
    if (surface.kind === "plane" || surface.kind === "cylinder" || surface.kind === "cone") add(surface.frame.z, areaMm2);
    if (surface.kind === "extrusion") add(surface.direction, areaMm2);
  }
  return found.sort((a, b) => b.area - a.area).slice(0, 3 + TRIED).map((f) => f.d);
}

/** Of two opposite directions the one whose largest component is positive. */
function upward(d: Vec3): Vec3 {
  const k = [0, 1, 2].reduce((m, i) => (Math.abs(d[i]) > Math.abs(d[m]) + 1e-9 ? i : m), 0);
  return d[k] < 0 ? [0 - d[0], 0 - d[1], 0 - d[2]] : d;
}
