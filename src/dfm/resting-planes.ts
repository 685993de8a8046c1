import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { dot } from "../geometry.ts";
import { framePerpendicular, pointAt } from "./vec3.ts";

/** Flat faces in one plane on which a body can stand. */
export interface RestingPlane {
  readonly faces: readonly number[];
  /** Outward, down when the body stands on it; unit. */
  readonly normal: Vec3;
  /** normal · p of the plane, mm. */
  readonly offsetMm: number;
  readonly areaMm2: number;
  /** From the foot of the centroid to the nearest side of the footprint's hull, mm; negative outside: it tips over. */
  readonly marginMm: number;
}

/** Faces this close to one plane rest together, mm and cosine. */
const COPLANAR_MM = 0.001;
const PARALLEL = 1 - 1e-10;
/** Areas this near to each other, relative, are equal: the face that comes first in the file then decides, however the part lies. */
const SAME_AREA = 1e-6;

/** Every plane that has the whole body on one side and flat faces in it; the largest stable one first. */
export function restingPlanes(body: Body): RestingPlane[] {
  const { faces, facets, mass } = body, groups: { normal: Vec3; offsetMm: number; faces: number[]; areaMm2: number }[] = [];
  for (const face of faces) {
    if (face.surface.kind !== "plane" || face.facets.count === 0) continue;
    const first = facets.indices[face.facets.start * 3], normal = pointAt(facets.normals, first), offsetMm = dot(normal, pointAt(facets.positions, first));
    const group = groups.find((g) => dot(g.normal, normal) > PARALLEL && Math.abs(g.offsetMm - offsetMm) < COPLANAR_MM);
    if (group) { group.faces.push(face.index); group.areaMm2 += face.areaMm2; } else groups.push({ normal, offsetMm, faces: [face.index], areaMm2: face.areaMm2 });
  }
  return groups.filter((g) => carriesAll(body, g.normal, g.offsetMm)).map((g) => ({ ...g, marginMm: margin(body, g.faces, g.normal, mass.centroidMm) }))
    .sort((a, b) => Number(b.marginMm > 0) - Number(a.marginMm > 0) || (Math.abs(b.areaMm2 - a.areaMm2) > SAME_AREA * a.areaMm2 ? b.areaMm2 - a.areaMm2 : a.faces[0] - b.faces[0]));
}

function carriesAll({ facets: { positions: p } }: Body, n: Vec3, offset: number): boolean {
  for (let i = 0; i < p.length; i += 3) if (p[i] * n[0] + p[i + 1] * n[1] + p[i + 2] * n[2] > offset + COPLANAR_MM) return false;
  return true;
}

function margin({ faces, facets }: Body, own: readonly number[], n: Vec3, centroid: Vec3): number {
  const [x, y] = framePerpendicular(n), points: [number, number][] = [];
  for (const f of own) for (let i = faces[f].facets.start * 3; i < (faces[f].facets.start + faces[f].facets.count) * 3; i++) { const p = pointAt(facets.positions, facets.indices[i]); points.push([dot(p, x), dot(p, y)]); }
  const hull = convexHull(points), cx = dot(centroid, x), cy = dot(centroid, y);
  let least = Infinity;
  hull.forEach(([ax, ay], i) => {
    const [bx, by] = hull[(i + 1) % hull.length], length = Math.hypot(bx - ax, by - ay);
    if (length > 0) least = Math.min(least, ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / length);
  });
  return hull.length < 3 ? -Infinity : least;
}

/** Counter-clockwise hull (Andrew's monotone chain). */
function convexHull(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (run: readonly (readonly [number, number])[]): (readonly [number, number])[] => {
    const out: (readonly [number, number])[] = [];
    for (const p of run) {
      for (let n = out.length; n >= 2; n--) {
        const [a, b] = [out[n - 2], out[n - 1]];
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        out.pop();
      }
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
