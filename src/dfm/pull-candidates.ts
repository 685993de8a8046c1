import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { cross, dot } from "../geometry.ts";
import { pointAt, unit } from "./vec3.ts";

/** A direction worth trying, and how much of the part speaks for it. */
export interface PullCandidate {
  readonly direction: Vec3;
  readonly weight: number;
}

/** Directions closer than this count as one, cosine (0.06°); the earlier and heavier one stays. */
const SAME = 1 - 5e-7;
const GRID = 24;
const MOST = 64;

/**
 * Directions from which a mold may open: plane normals and axes by the area behind them, axes of circular edges,
 * normals of pairs of straight edges, the frame's axes and an even grid over the half sphere. ±d is one candidate,
 * given with its largest component positive.
 */
export function pullCandidates(body: Body): PullCandidate[] {
  const found: { direction: Vec3; weight: number }[] = [];
  const add = (v: Vec3, weight: number): void => {
    if (!(Math.hypot(v[0], v[1], v[2]) > 1e-9)) return;
    const d = canonical(unit(v)), same = found.find((f) => Math.abs(dot(f.direction, d)) > SAME);
    if (same) same.weight += weight; else found.push({ direction: d, weight });
  };
  for (const axis of [[0, 0, 1], [0, 1, 0], [1, 0, 0]] as const) add(axis, 0);
  for (const { surface, areaMm2, facets } of body.faces) {
    switch (surface.kind) {
      case "plane": if (facets.count > 0) add(pointAt(body.facets.normals, body.facets.indices[facets.start * 3]), areaMm2); break;
      case "cylinder": case "cone": case "torus": add(surface.frame.z, areaMm2); break;
      case "revolution": add(surface.axis, areaMm2); break;
      case "extrusion": add(surface.direction, areaMm2); break;
      default: break;
    }
  }
  let last: Vec3 | undefined;
  for (const { curve, lengthMm } of [...body.edges].sort((a, b) => b.lengthMm - a.lengthMm).slice(0, 60)) {
    if (curve.kind === "circle" || curve.kind === "ellipse") add(curve.frame.z, 0.01 * lengthMm);
    if (curve.kind !== "line") continue;
    if (last) add(cross(last, curve.direction), 0.001 * lengthMm);
    last = curve.direction;
  }
  // How a part lies in its drawing tells something only where nothing of the part does.
  if (found.every(({ weight }) => weight === 0)) for (const axis of found) axis.weight = 1;
  const best = found.sort((a, b) => b.weight - a.weight).slice(0, MOST - GRID);
  return [...best, ...halfSphere(GRID).filter((d) => !best.some((b) => Math.abs(dot(b.direction, d)) > SAME)).map((direction) => ({ direction, weight: 0 }))];
}

/** The one of ±d whose largest component is positive; between equal ones z counts before y before x. */
export function canonical(d: Vec3): Vec3 {
  const clean: Vec3 = [tidy(d[0]), tidy(d[1]), tidy(d[2])];
  let k = 2;
  for (const i of [1, 0]) if (Math.abs(clean[i]) > Math.abs(clean[k]) + 1e-9) k = i;
  return clean[k] < 0 ? [-clean[0], -clean[1], -clean[2]] : clean;
}

const tidy = (c: number): number => (Math.abs(c) < 1e-15 ? 0 : c);

/** Evenly spread directions of the upper half sphere (a Fibonacci lattice). */
function halfSphere(n: number): Vec3[] {
  return Array.from({ length: n }, (_, i) => {
    const z = (i + 0.5) / n, r = Math.sqrt(1 - z * z), t = i * Math.PI * (3 - Math.sqrt(5));
    return canonical([r * Math.cos(t), r * Math.sin(t), z]);
  });
}
