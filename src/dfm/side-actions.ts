import { VENT_MM } from "../mim/vent.ts";
import type { Body, Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import type { Bounds } from "./context.ts";
import { facetRegions } from "./facet-regions.ts";
import { PARALLEL_SINE } from "./contours.ts";
import { escapes, type RayCaster, type SeenBody } from "./probe.ts";
import { depthsAlong, type LookedAt } from "./trap-depth.ts";
import { slideTravel } from "./slide-travel.ts";
import type { Trapped } from "./trapped.ts";
import { cross, dot } from "../geometry.ts";
import { framePerpendicular, opposite, pointAt, unit } from "./vec3.ts";

/** Hidden surface that one sliding core can form. */
export interface SideAction {
  /** Unit; the core is drawn out along it. */
  readonly direction: Vec3;
  /** How far the core moves until it is clear of the hidden surface, mm. */
  readonly travelMm: Bounds;
  readonly areaMm2: number;
  /** Faces, largest hidden area first, and a point on each. */
  readonly faces: readonly number[];
  readonly points: readonly Vec3[];
  /** Connected hidden areas it serves. */
  readonly regions: number;
}

/** Hidden surface no straight slide can free. */
export interface Unreachable {
  readonly areaMm2: number;
  readonly faces: readonly number[];
  readonly points: readonly Vec3[];
}

/** Hidden surface shared out to slides, and what is left. */
export interface SideActions {
  readonly actions: readonly SideAction[];
  readonly left: Unreachable;
}

interface Sample extends LookedAt { readonly region: number; readonly areaMm2: number; readonly start: Vec3 }

/** A region counts as free along a direction when all but this fraction of it is. */
const REST = 0.005;
/** A region that no one direction frees is split among at most this many slides, each freeing at least a twentieth of it. */
const SPLIT = 6;
const LEAST_SHARE = 0.05;
const MOST_SAMPLES = 3000;

/**
 * Shares hidden surface out to as few slides as greedy covering finds: first whole connected regions by common free
 * direction, then regions that must be split. Directions tried: axes, plane normals and mean normals of the hidden
 * faces, and eight directions across the pull. Between equals the direction across the pull wins, then the shorter travel.
 */
export function sideActions(body: Body, rays: RayCaster, hidden: Trapped): SideActions {
  const samples = takeSamples(body.facets, hidden);
  if (samples.length === 0) return { actions: [], left: { areaMm2: 0, faces: [], points: [] } };
  const directions = slideDirections(body, hidden, samples);
  const regions = samples.reduce((most, s) => Math.max(most, s.region), 0) + 1, regionArea = areaByRegion(samples, regions, () => true);
  const starts = Float64Array.from(samples.flatMap((s) => s.start)), regionOf = Int32Array.from(samples, (s) => s.region), ways = directions.map((d) => new Way(body.facets, rays, samples, starts, regionOf, d));
  const owner = new Int32Array(samples.length).fill(-1), chosen: number[] = [];
  /** The way that gains most; between equals the one across the pull, then the shorter travel over what it would take. */
  const pick = (gain: (i: number) => number, takes: (i: number, sample: number) => boolean): number => {
    const travel = (i: number): number => travelAlong(body.facets, samples.filter((_, n) => takes(i, n)), directions[i]);
    const better = (i: number, j: number): boolean => {
      const a = Math.abs(dot(directions[i], hidden.direction)), b = Math.abs(dot(directions[j], hidden.direction));
      return Math.abs(a - b) > 1e-6 ? a < b : travel(i) < travel(j) - 1e-6;
    };
    let best = -1, bestGain = 0;
    for (let i = 0; i < directions.length; i++) {
      const g = gain(i);
      if (g > 0 && (best < 0 || g > bestGain * (1 + 1e-6) || (g > bestGain * (1 - 1e-6) && better(i, best)))) { best = i; bestGain = Math.max(bestGain, g); }
    }
    return best;
  };
  const done = new Uint8Array(regions), wholly = ways.map((way) => whollyFree(way, samples, regionArea));
  for (;;) {
    const i = pick((d) => { let sum = 0; for (let r = 0; r < regions; r++) if (!done[r] && wholly[d][r]) sum += regionArea[r]; return sum; }, (d, n) => !done[samples[n].region] && wholly[d][samples[n].region] === 1);
    if (i < 0) break;
    chosen.push(i);
    for (let r = 0; r < regions; r++) if (wholly[i][r]) done[r] = 1;
    samples.forEach((s, n) => { if (owner[n] < 0 && wholly[i][s.region]) owner[n] = i; });
  }
  const left = done.map((isDone) => 1 - isDone);
  for (const i of chosen) ways[i].freeIn(left).forEach((isFree, n) => { if (isFree && owner[n] < 0 && left[samples[n].region]) owner[n] = i; });
  // What facets stop and exact surfaces do not.
  const takeShallow = (i: number): void => {
    const held = samples.flatMap((s, n) => (owner[n] < 0 && looksAlong(s.normal, directions[i]) ? [n] : []));
    depthsAlong(body, rays, held.map((n) => samples[n]), directions[i]).forEach(({ highMm }, j) => { if (highMm <= VENT_MM) owner[held[j]] = i; });
  };
  const rest = samples.reduce((a, s, n) => (owner[n] < 0 ? a + s.areaMm2 : a), 0);
  for (const i of chosen) takeShallow(i);
  for (let k = 0; k < SPLIT; k++) {
    const open = samples.flatMap((_, n) => (owner[n] < 0 ? [n] : []));
    if (open.length === 0) break;
    const gainOf = (d: number): number => { const free = ways[d].freeIn(left); let sum = 0; for (const n of open) if (free[n]) sum += samples[n].areaMm2; return sum; };
    const i = pick((d) => { const g = gainOf(d); return g >= LEAST_SHARE * rest ? g : 0; }, (d, n) => owner[n] < 0 && ways[d].freeIn(left)[n] === 1);
    if (i < 0) break;
    chosen.push(i);
    ways[i].freeIn(left).forEach((isFree, n) => { if (isFree && owner[n] < 0) owner[n] = i; });
    takeShallow(i);
  }
  const region = regionsOf(body.facets, hidden), shared = new Set(samples.flatMap((s, n) => (done[s.region] ? [] : [`${s.facet} ${owner[n]}`])));
  const actions = [...new Set(chosen)].map((i) => {
    const own = samples.filter((_, n) => owner[n] === i), served = new Set(own.flatMap((s) => (done[s.region] ? [s.region] : [])));
    const travelMm = slideTravel(body, hidden, (t) => served.has(region[t]) || shared.has(`${t} ${i}`), directions[i]);
    return { direction: directions[i], travelMm, regions: new Set(own.map((s) => s.region)).size, ...summary(body.facets, own) };
  }).filter((a) => a.areaMm2 > 0).sort((a, b) => b.areaMm2 - a.areaMm2);
  return { actions, left: summary(body.facets, samples.filter((_, n) => owner[n] < 0)) };
}

const regionsOf = (facets: Facets, { facetAreaMm2 }: Trapped): Int32Array => facetRegions(facets, (t) => facetAreaMm2[t] > 0);

/** One sample a facet, in regions connected over the mesh; thinned evenly when there are very many. */
function takeSamples(facets: Facets, hidden: Trapped): Sample[] {
  const region = regionsOf(facets, hidden), largest = new Map<number, Trapped["pieces"][number]>();
  for (const p of hidden.pieces) if (!(largest.get(p.facet)?.areaMm2! >= p.areaMm2)) largest.set(p.facet, p);
  const all = [...largest].map(([facet, p]) => ({ facet, w: p.w, region: region[facet], areaMm2: hidden.facetAreaMm2[facet], start: p.start, normal: p.normal }));
  const step = Math.ceil(all.length / MOST_SAMPLES);
  if (step <= 1) return all;
  const seen = new Set<number>();
  return all.filter((s, i) => { const first = !seen.has(s.region); seen.add(s.region); return first || i % step === 0; }).map((s) => ({ ...s, areaMm2: s.areaMm2 * step }));
}

function slideDirections({ faces, facets }: SeenBody, hidden: Trapped, samples: readonly Sample[]): Vec3[] {
  const out: Vec3[] = [];
  const add = (v: Vec3): void => {
    if (Math.hypot(v[0], v[1], v[2]) < 1e-9) return;
    const d = unit(v);
    if (Math.abs(dot(d, hidden.direction)) < 1 - 1e-9 && !out.some((o) => dot(o, d) > 1 - 1e-10)) out.push(d);
  };
  for (const { face } of hidden.faces.slice(0, 60)) {
    const { surface, reversed } = faces[face];
    switch (surface.kind) {
      case "cylinder": case "cone": case "torus": add(surface.frame.z); add(opposite(surface.frame.z)); break;
      case "revolution": add(surface.axis); add(opposite(surface.axis)); break;
      case "extrusion": add(surface.direction); add(opposite(surface.direction)); break;
      case "plane": { const n = pointAt(facets.normals, facets.indices[faces[face].facets.start * 3]); add(n); add(opposite(n)); break; }
      default: void reversed;
    }
  }
  const mean = new Map<number, Vec3>();
  for (const { region, areaMm2: a, normal: n } of samples) { const m = mean.get(region) ?? [0, 0, 0]; mean.set(region, [m[0] + a * n[0], m[1] + a * n[1], m[2] + a * n[2]]); }
  for (const m of mean.values()) { add(m); add(cross(hidden.direction, cross(m, hidden.direction))); }
  const [x, y] = framePerpendicular(hidden.direction);
  for (let i = 0; i < 8; i++) { const c = Math.cos((i * Math.PI) / 4), s = Math.sin((i * Math.PI) / 4); add([c * x[0] + s * y[0], c * x[1] + s * y[1], c * x[2] + s * y[2]]); }
  return out.slice(0, 80);
}

const looksAlong = (normal: Vec3, d: Vec3): boolean => dot(normal, d) >= -PARALLEL_SINE;

/** One direction, and which samples come free along it: looked at region by region, as far as is asked. */
class Way {
  readonly #facets: Facets;
  readonly #rays: RayCaster;
  readonly #starts: Float64Array;
  readonly #regionOf: Int32Array;
  readonly #direction: Vec3;
  /** `[samples]` 1 where it looks along the direction and has not been looked at. */
  readonly #open: Uint8Array;
  readonly #free: Uint8Array;

  constructor(facets: Facets, rays: RayCaster, samples: readonly Sample[], starts: Float64Array, regionOf: Int32Array, direction: Vec3) {
    this.#facets = facets;
    this.#rays = rays;
    this.#starts = starts;
    this.#regionOf = regionOf;
    this.#direction = direction;
    this.#open = Uint8Array.from(samples, (s) => (looksAlong(s.normal, direction) ? 1 : 0));
    this.#free = new Uint8Array(samples.length);
  }

  /** Whether a sample looks along the direction; only before anything is asked. */
  mayFree(sample: number): boolean { return this.#open[sample] === 1; }

  /**
   * `[samples]` 1 where one comes free; those of other regions count as far as they are known.
   * @param regions `[regions]` 1 for those asked about
   */
  freeIn(regions: Uint8Array): Uint8Array {
    const list: number[] = [];
    for (let n = 0; n < this.#open.length; n++) if (this.#open[n] && regions[this.#regionOf[n]]) { list.push(n); this.#open[n] = 0; }
    if (list.length === 0) return this.#free;
    const starts = new Float64Array(list.length * 3);
    list.forEach((n, i) => { for (let k = 0; k < 3; k++) starts[i * 3 + k] = this.#starts[n * 3 + k]; });
    escapes(this.#facets, this.#rays, starts, new Uint8Array(list.length).fill(1), this.#direction, 4 * this.#rays.errorMm).forEach((isFree, i) => { this.#free[list[i]] = isFree; });
    return this.#free;
  }
}

function areaByRegion(samples: readonly Sample[], regions: number, counts: (sample: number) => boolean): Float64Array {
  const area = new Float64Array(regions);
  samples.forEach((s, n) => { if (counts(n)) area[s.region] += s.areaMm2; });
  return area;
}

/** `[regions]` 1 where a way frees all but {@link REST}. Where enough looks away from it no ray need be cast. */
function whollyFree(way: Way, samples: readonly Sample[], area: Float64Array): Uint8Array {
  const enough = (free: Float64Array): Uint8Array => Uint8Array.from(area, (a, r) => (free[r] >= (1 - REST) * a ? 1 : 0));
  const free = way.freeIn(enough(areaByRegion(samples, area.length, (n) => way.mayFree(n))));
  return enough(areaByRegion(samples, area.length, (n) => free[n] === 1));
}

function travelAlong({ positions, indices }: Facets, samples: readonly Sample[], d: Vec3): number {
  let low = Infinity, high = -Infinity;
  for (const { facet } of samples) for (let k = 0; k < 3; k++) {
    const i = indices[facet * 3 + k] * 3, h = positions[i] * d[0] + positions[i + 1] * d[1] + positions[i + 2] * d[2];
    low = Math.min(low, h); high = Math.max(high, h);
  }
  return Math.max(0, high - low);
}

function summary({ faceOf }: Facets, samples: readonly Sample[]): Unreachable {
  const byFace = new Map<number, { area: number; best: Sample }>();
  for (const s of samples) {
    const entry = byFace.get(faceOf[s.facet]);
    if (!entry) byFace.set(faceOf[s.facet], { area: s.areaMm2, best: s });
    else { entry.area += s.areaMm2; if (s.areaMm2 > entry.best.areaMm2) entry.best = s; }
  }
  const faces = [...byFace].sort(([a, x], [b, y]) => y.area - x.area || a - b);
  return { areaMm2: samples.reduce((a, s) => a + s.areaMm2, 0), faces: faces.map(([f]) => f), points: faces.map(([, { best }]) => best.start) };
}
