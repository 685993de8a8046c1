import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Place } from "./wall-samples.ts";
import type { Verdict } from "./finding.ts";
import { ZONE } from "./edge-zone.ts";
import { judge } from "./judge.ts";

/** One place: samples that touch along the surface or through the wall. */
export interface Region {
  readonly worst: Place;
  readonly verdict: Verdict;
  readonly faces: number[];
  /** Surface below the limit, both sides of the wall. */
  readonly areaMm2: number;
}

/** Joins samples on neighbouring triangles and on both sides of one wall; worst place first. */
export function groupRegions(body: Body, bvh: Bvh, list: readonly Place[], limit: { min?: number; max?: number }): Region[] {
  const { facets } = body, parent = new Int32Array(facets.weldedCount).map((_, i) => i);
  const find = (i: number): number => { while (parent[i] !== i) i = parent[i] = parent[parent[i]]; return i; };
  const join = (a: number, b: number): void => { parent[find(a)] = find(b); };
  const corner = (t: number, k: number): number => facets.weld[facets.indices[t * 3 + k]];
  const whole = (t: number): void => { join(corner(t, 0), corner(t, 1)); join(corner(t, 1), corner(t, 2)); };
  const across = bvh.closest(Float64Array.from(list.flatMap(({ walls, i }) => [0, 1, 2].map((k) => walls.balls.partners[i * 3 + k])))).triangles;
  list.forEach(({ walls, i }, j) => {
    const t = walls.samples.triangles[i];
    whole(t);
    if (walls.balls.partnerFaces[i] < 0) return;
    whole(across[j]);
    join(corner(t, 0), corner(across[j], 0));
  });
  const groups = new Map<number, Place[]>();
  for (const sample of list) {
    const root = find(corner(sample.walls.samples.triangles[sample.i], 0));
    const group = groups.get(root);
    if (group) group.push(sample); else groups.set(root, [sample]);
  }
  return [...groups.values()].map((group) => regionOf(group, limit)).sort((a, b) => a.worst.measured.value - b.worst.measured.value);
}

/**
 * A region speaks through its thinnest wall. Where it has none (a rod so slender that its corners are all there is)
 * through the largest ball in it: even that one is too small.
 */
function regionOf(group: readonly Place[], limit: { min?: number; max?: number }): Region {
  let areaMm2 = 0;
  const faces = new Set<number>();
  for (const { walls, i } of group) {
    areaMm2 += walls.samples.areasMm2[i];
    faces.add(walls.samples.faces[i]);
    if (walls.balls.partnerFaces[i] >= 0) faces.add(walls.balls.partnerFaces[i]);
  }
  const failing = group.filter((s) => judge(s.measured, limit) === "fail"), pool = failing.length > 0 ? failing : group;
  const opposed = pool.filter((s) => s.walls.zones[s.i] === ZONE.wall);
  const sense = opposed.length > 0 ? 1 : -1;
  const worst = (opposed.length > 0 ? opposed : pool).reduce((a, b) => (sense * (b.measured.value - a.measured.value) < 0 ? b : a));
  return { worst, verdict: judge(worst.measured, limit), faces: [...faces].sort((a, b) => a - b), areaMm2 };
}
