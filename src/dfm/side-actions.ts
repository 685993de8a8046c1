import { VENT_MM } from "../mim/vent.ts";
import type { Body, Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { facetRegions } from "./facet-regions.ts";
import { PARALLEL_SINE } from "./contours.ts";
import { escapes, type RayCaster, type SeenBody } from "./probe.ts";
import { depthsAlong, type LookedAt } from "./trap-depth.ts";
import type { Trapped } from "./trapped.ts";
import { cross, dot } from "../geometry.ts";
import { framePerpendicular, opposite, pointAt, unit } from "./vec3.ts";

/** Hidden surface that one sliding core can form. */
export interface SideAction {
  /** Unit; the core is drawn out along it. */
  readonly direction: Vec3;
  /** How far the core moves until it is clear of the hidden surface, mm. */
  readonly travelMm: number;
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
  const starts = Float64Array.from(samples.flatMap((s) => s.start)), normals = Float64Array.from(samples.flatMap((s) => s.normal));
  const free = directions.map((d) => freeAlong(body.facets, rays, starts, normals, d));
  const regions = Math.max(...samples.map((s) => s.region)) + 1, regionArea = new Float64Array(regions);
  for (const s of samples) regionArea[s.region] += s.areaMm2;
  const owner = new Int32Array(samples.length).fill(-1), chosen: number[] = [];
  const travels = new Map<number, number>(), travel = (i: number): number => {
    let mm = travels.get(i);
    if (mm === undefined) travels.set(i, (mm = travelAlong(body.facets, samples.filter((_, s) => free[i][s] === 1), directions[i])));
    return mm;
  };
  const better = (i: number, j: number): boolean => {
    const a = Math.abs(dot(directions[i], hidden.direction)), b = Math.abs(dot(directions[j], hidden.direction));
    return Math.abs(a - b) > 1e-6 ? a < b : travel(i) < travel(j) - 1e-6;
  };
  const pick = (gain: (i: number) => number): number => {
    let best = -1, bestGain = 0;
    for (let i = 0; i < directions.length; i++) {
      const g = gain(i);
      if (g > 0 && (best < 0 || g > bestGain * (1 + 1e-6) || (g > bestGain * (1 - 1e-6) && better(i, best)))) { best = i; bestGain = Math.max(bestGain, g); }
    }
    return best;
  };
  const done = new Uint8Array(regions), wholly = directions.map((_, i) => whollyFree(samples, free[i], regionArea));
  for (;;) {
    const i = pick((d) => { let sum = 0; for (let r = 0; r < regions; r++) if (!done[r] && wholly[d][r]) sum += regionArea[r]; return sum; });
    if (i < 0) break;
    chosen.push(i);
    for (let r = 0; r < regions; r++) if (wholly[i][r]) done[r] = 1;
    samples.forEach((s, n) => { if (owner[n] < 0 && wholly[i][s.region]) owner[n] = i; });
  }
  for (const i of chosen) samples.forEach((s, n) => { if (owner[n] < 0 && !done[s.region] && free[i][n]) owner[n] = i; });
  // What facets stop and exact surfaces do not.
  const takeShallow = (i: number): void => {
    const held = samples.flatMap((s, n) => (owner[n] < 0 && looksAlong(s.normal, directions[i]) ? [n] : []));
    depthsAlong(body, rays, held.map((n) => samples[n]), directions[i]).forEach(({ highMm }, j) => { if (highMm <= VENT_MM) owner[held[j]] = i; });
  };
  const rest = samples.reduce((a, s, n) => (owner[n] < 0 ? a + s.areaMm2 : a), 0);
  for (const i of chosen) takeShallow(i);
  for (let k = 0; k < SPLIT; k++) {
    const open = samples.flatMap((_, n) => (owner[n] < 0 ? [n] : [])), gainOf = (d: number): number => { let sum = 0; for (const n of open) if (free[d][n]) sum += samples[n].areaMm2; return sum; };
    const i = pick((d) => { const g = gainOf(d); return g >= LEAST_SHARE * rest ? g : 0; });
    if (i < 0) break;
    chosen.push(i);
    samples.forEach((_, n) => { if (owner[n] < 0 && free[i][n]) owner[n] = i; });
    takeShallow(i);
  }
  const actions = [...new Set(chosen)].map((i) => {
    const own = samples.filter((_, n) => owner[n] === i);
    return { direction: directions[i], travelMm: travelAlong(body.facets, own, directions[i]), regions: new Set(own.map((s) => s.region)).size, ...summary(body.facets, own) };
  }).filter((a) => a.areaMm2 > 0).sort((a, b) => b.areaMm2 - a.areaMm2);
  return { actions, left: summary(body.facets, samples.filter((_, n) => owner[n] < 0)) };
}

/** One sample a facet, in regions connected over the mesh; thinned evenly when there are very many. */
function takeSamples(facets: Facets, hidden: Trapped): Sample[] {
  const region = facetRegions(facets, (t) => hidden.facetAreaMm2[t] > 0), largest = new Map<number, Trapped["pieces"][number]>();
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

/** `[samples]` 1 where one comes free along d. */
function freeAlong(facets: Facets, rays: RayCaster, starts: Float64Array, normals: Float64Array, d: Vec3): Uint8Array {
  const asked = new Uint8Array(normals.length / 3);
  for (let i = 0; i < asked.length; i++) asked[i] = looksAlong(pointAt(normals, i), d) ? 1 : 0;
  return escapes(facets, rays, starts, asked, d, 4 * rays.errorMm);
}

const looksAlong = (normal: Vec3, d: Vec3): boolean => dot(normal, d) >= -PARALLEL_SINE;

function whollyFree(samples: readonly Sample[], free: Uint8Array, area: Float64Array): Uint8Array {
  const open = new Float64Array(area.length);
  samples.forEach((s, n) => { if (free[n]) open[s.region] += s.areaMm2; });
  return Uint8Array.from(area, (a, r) => (open[r] >= (1 - REST) * a ? 1 : 0));
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
