import { norm } from "../geometry.ts";
import type { Facets } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { meshTopology } from "./mesh-topology.ts";
import { framePerpendicular } from "./vec3.ts";

/** How a facet stands to a direction by the exact normals of its corners. */
export const UP = 1, DOWN = 2, ALONG = 3, MIXED = 4;

/** Below this |n · d| a normal counts as perpendicular to the direction: 0.00006°, 0.1 µm over 100 mm. */
export const PARALLEL_SINE = 1e-6;

/** A mesh along a direction: coordinates in the plane across it, heights along it, classes. */
export interface Projected {
  readonly direction: Vec3;
  /** The unit vectors x and y are measured along. */
  readonly across: readonly [x: Vec3, y: Vec3];
  /** `[v]` mm each: across (x, y) and along (z). */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** `[v]` n · d of the exact normals. */
  readonly sine: Float64Array;
  /** `[t]` {@link UP}, {@link DOWN}, {@link ALONG} or {@link MIXED}. */
  readonly kind: Uint8Array;
}

/** A mesh seen along a direction, with its contour edges. */
export interface Seen extends Projected {
  readonly contours: Contours;
  /** Sum over the contour edges of length across the direction times the distance of the facets from the surface, mm². */
  readonly contourErrorMm2: number;
}

/** Convex contour edges in a grid across the direction: the only lines whose shadows bound what is hidden. */
export interface Contours {
  readonly x0: number;
  readonly y0: number;
  readonly cell: number;
  readonly nx: number;
  readonly ny: number;
  /** `[cells+1]` into `list`. */
  readonly starts: Uint32Array;
  readonly list: Uint32Array;
  /** `[s*7]` x, y of both ends, least and greatest height, and the distance of the facets from the surface there, mm. */
  readonly segments: Float64Array;
}

/**
 * Projects a mesh and classifies its facets.
 * @param direction unit
 */
export function projectAlong(facets: Facets, direction: Vec3): Projected {
  const count = facets.positions.length / 3, [ex, ey] = framePerpendicular(direction);
  const x = new Float64Array(count), y = new Float64Array(count), z = new Float64Array(count), sine = new Float64Array(count);
  const { positions: p, normals: n } = facets;
  for (let i = 0; i < count; i++) {
    const a = p[i * 3], b = p[i * 3 + 1], c = p[i * 3 + 2];
    x[i] = a * ex[0] + b * ex[1] + c * ex[2];
    y[i] = a * ey[0] + b * ey[1] + c * ey[2];
    z[i] = a * direction[0] + b * direction[1] + c * direction[2];
    sine[i] = n[i * 3] * direction[0] + n[i * 3 + 1] * direction[1] + n[i * 3 + 2] * direction[2];
  }
  return { direction, across: [ex, ey], x, y, z, sine, kind: kindsOf(facets, sine, PARALLEL_SINE) };
}

/** {@link projectAlong} with the contours. */
export function seenAlong(facets: Facets, direction: Vec3, baseMm: number): Seen {
  const projected = projectAlong(facets, direction), { segments, error } = contourSegments(facets, direction, projected, baseMm);
  return { ...projected, contours: gridOf(segments), contourErrorMm2: error };
}

/**
 * `[t]` class of each facet.
 * @param sine `[v]` n · d
 * @param parallelSine |n · d| up to this counts as none
 */
export function kindsOf({ faceOf, indices }: Facets, sine: Float64Array, parallelSine: number): Uint8Array {
  const kind = new Uint8Array(faceOf.length);
  for (let t = 0; t < kind.length; t++) kind[t] = kindOf(sine[indices[t * 3]], sine[indices[t * 3 + 1]], sine[indices[t * 3 + 2]], parallelSine);
  return kind;
}

/** Class of three n · d. */
export function kindOf(a: number, b: number, c: number, parallelSine = PARALLEL_SINE): number {
  const low = Math.min(a, b, c), high = Math.max(a, b, c);
  if (high <= parallelSine) return low >= -parallelSine ? ALONG : DOWN;
  return low >= -parallelSine ? UP : MIXED;
}

function contourSegments(facets: Facets, d: Vec3, { x, y, z, kind }: Pick<Seen, "x" | "y" | "z" | "kind">, baseMm: number): { segments: Float64Array; error: number } {
  const { ends, sides, normals, rise } = meshTopology(facets), { faceOf, deviationMm } = facets;
  const side = (t: number): number => {
    if (kind[t] !== MIXED) return kind[t];
    const s = normals[t * 3] * d[0] + normals[t * 3 + 1] * d[1] + normals[t * 3 + 2] * d[2];
    return s > PARALLEL_SINE ? UP : s < -PARALLEL_SINE ? DOWN : ALONG;
  };
  const out: number[] = [];
  let error = 0;
  for (let e = 0; e < rise.length; e++) {
    if (rise[e] > 1e-9) continue;
    const s = sides[e * 2], t = sides[e * 2 + 1];
    if (side(s) === side(t)) continue;
    const i = ends[e * 2], j = ends[e * 2 + 1], off = Math.max(deviationMm[faceOf[s]], deviationMm[faceOf[t]]);
    out.push(x[i], y[i], x[j], y[j], Math.min(z[i], z[j]), Math.max(z[i], z[j]), off + baseMm);
    error += off * norm(x[i] - x[j], y[i] - y[j]);
  }
  return { segments: Float64Array.from(out), error };
}

function gridOf(segments: Float64Array): Contours {
  const count = segments.length / 7;
  let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
  for (let s = 0; s < segments.length; s += 7) {
    x0 = Math.min(x0, segments[s], segments[s + 2]); x1 = Math.max(x1, segments[s], segments[s + 2]);
    y0 = Math.min(y0, segments[s + 1], segments[s + 3]); y1 = Math.max(y1, segments[s + 1], segments[s + 3]);
  }
  if (count === 0) return { x0: 0, y0: 0, cell: 1, nx: 1, ny: 1, starts: new Uint32Array(2), list: new Uint32Array(0), segments };
  const side = Math.max(x1 - x0, y1 - y0, 1e-9), cells = Math.min(256, Math.max(4, Math.ceil(Math.sqrt(count) * 1.5)));
  const cell = side / cells, nx = Math.floor((x1 - x0) / cell) + 1, ny = Math.floor((y1 - y0) / cell) + 1;
  const starts = new Uint32Array(nx * ny + 1);
  const visit = (put: (cellIndex: number, s: number) => void): void => {
    for (let s = 0; s < count; s++) cellsOf(segments, s * 7, x0, y0, cell, nx, ny, (c) => put(c, s));
  };
  visit((c) => starts[c + 1]++);
  for (let c = 0; c < nx * ny; c++) starts[c + 1] += starts[c];
  const list = new Uint32Array(starts[nx * ny]), next = starts.slice();
  visit((c, s) => { list[next[c]++] = s; });
  return { x0, y0, cell, nx, ny, starts, list, segments };
}

/** Cells a segment runs through: column by column, the rows it spans there. */
function cellsOf(g: Float64Array, at: number, x0: number, y0: number, cell: number, nx: number, ny: number, put: (c: number) => void): void {
  const swap = g[at] > g[at + 2], ax = g[at + (swap ? 2 : 0)], ay = g[at + (swap ? 3 : 1)], bx = g[at + (swap ? 0 : 2)], by = g[at + (swap ? 1 : 3)];
  const first = Math.floor((ax - x0) / cell), last = Math.min(nx - 1, Math.floor((bx - x0) / cell));
  for (let i = first; i <= last; i++) {
    const left = Math.max(ax, x0 + i * cell), right = Math.min(bx, x0 + (i + 1) * cell), w = bx - ax;
    const ya = w > 0 ? ay + ((by - ay) * (left - ax)) / w : ay, yb = w > 0 ? ay + ((by - ay) * (right - ax)) / w : by;
    const low = Math.max(0, Math.floor((Math.min(ya, yb) - y0) / cell - 1e-6)), high = Math.min(ny - 1, Math.floor((Math.max(ya, yb) - y0) / cell + 1e-6));
    for (let j = low; j <= high; j++) put(j * nx + i);
  }
}
