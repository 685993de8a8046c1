import type { Body, Edge } from "../part/part.ts";
import { cross, dot } from "../geometry.ts";
import { degrees, type Vec3 } from "../units.ts";
import { closestOnSurface } from "./closest-on-surface.ts";
import { ANALYTIC_KINDS, outwardNormal } from "./normal-on-surface.ts";
import { lengthOf, minus, pointAt } from "./vec3.ts";

/** Signed turn between the outward normals of an edge's two faces at any of its points, from the exact surfaces. */
export class EdgeTurn {
  readonly #body: Pick<Body, "faces" | "facets">;
  readonly #edge: Edge;
  /** `[2][n*2]` parameters of the edge's points on each face; only on freeform faces. */
  readonly #uvs: readonly (Float64Array | undefined)[];
  /** 1 or −1: which way round the cross product of the normals lies along a convex edge. */
  readonly #sense: number;

  constructor(body: Pick<Body, "faces" | "facets">, edge: Edge) {
    this.#body = body;
    this.#edge = edge;
    this.#uvs = edge.faces.map((f) => (ANALYTIC_KINDS.has(body.faces[f].surface.kind) ? undefined : parametersOf(body, edge, f)));
    this.#sense = this.#findSense();
  }

  /** Degrees: positive convex, negative concave, NaN where a face has no normal. */
  at(p: ArrayLike<number>): number {
    const i = this.#nodeNear(p), normals = this.#normals(p, i);
    return normals ? this.#signed(normals[0], normals[1], i) : NaN;
  }

  #signed(a: Vec3, b: Vec3, i: number): number {
    const c = cross(a, b), turn = degrees(Math.atan2(lengthOf(c), dot(a, b)));
    return dot(c, this.#tangent(i)) * this.#sense < 0 ? -turn : turn;
  }

  #normals(p: ArrayLike<number>, i: number): [Vec3, Vec3] | undefined {
    const [a, b] = this.#edge.faces.map((f, side) => this.#normal(f, this.#uvs[side], p, i));
    return a && b && [a, b];
  }

  #normal(f: number, uvs: Float64Array | undefined, p: ArrayLike<number>, i: number): Vec3 | undefined {
    const face = this.#body.faces[f];
    if (!uvs) return outwardNormal(face, [p[0], p[1], p[2]], NONE);
    uv[0] = uvs[i * 2]; uv[1] = uvs[i * 2 + 1];
    return closestOnSurface(face, p, p, uv, foot) ? outwardNormal(face, [foot[0], foot[1], foot[2]], uv) : undefined;
  }

  /** From the point that turns the most: there the sign is surest. */
  #findSense(): number {
    const { turnDeg, points } = this.#edge;
    let most = 0;
    turnDeg.forEach((t, i) => { if (Math.sin((Math.abs(t) * Math.PI) / 180) > Math.sin((Math.abs(turnDeg[most]) * Math.PI) / 180)) most = i; });
    const normals = turnDeg.length > 0 ? this.#normals(pointAt(points, most), most) : undefined;
    return normals && dot(cross(normals[0], normals[1]), this.#tangent(most)) < 0 !== turnDeg[most] < 0 ? -1 : 1;
  }

  #tangent(i: number): Vec3 {
    const { points } = this.#edge, last = points.length / 3 - 1;
    return minus(pointAt(points, Math.min(last, i + 1)), pointAt(points, Math.max(0, i - 1)));
  }

  #nodeNear(p: ArrayLike<number>): number {
    const { points } = this.#edge;
    let best = 0, least = Infinity;
    for (let i = 0; i < points.length / 3; i++) {
      const x = points[i * 3] - p[0], y = points[i * 3 + 1] - p[1], z = points[i * 3 + 2] - p[2], d = x * x + y * y + z * z;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }
}

const NONE = new Float64Array(2), uv = new Float64Array(2), foot = new Float64Array(3);

const known = new WeakMap<object, Map<number, ReadonlyMap<string, number>>>();

/** Vertices of a face's facets by their coordinates. Made once for each mesh and face. */
function verticesOf({ faces, facets }: Pick<Body, "faces" | "facets">, f: number): ReadonlyMap<string, number> {
  let byFace = known.get(facets);
  if (!byFace) known.set(facets, (byFace = new Map()));
  const made = byFace.get(f);
  if (made) return made;
  const { start, count } = faces[f].facets, vertices = new Map<string, number>();
  for (let k = start * 3; k < (start + count) * 3; k++) vertices.set(pointAt(facets.positions, facets.indices[k]).join(), facets.indices[k]);
  byFace.set(f, vertices);
  return vertices;
}

/** Parameters that a face's facets have at the points of an edge; those of the nearest vertex where the kernel put a node apart. */
function parametersOf(body: Pick<Body, "faces" | "facets">, { points }: Edge, f: number): Float64Array {
  const { positions, uvs } = body.facets, vertices = verticesOf(body, f), out = new Float64Array((points.length / 3) * 2);
  for (let i = 0; i < points.length / 3; i++) {
    const p = pointAt(points, i), v = vertices.get(p.join()) ?? nearestOf(vertices.values(), positions, p);
    out[i * 2] = uvs[v * 2]; out[i * 2 + 1] = uvs[v * 2 + 1];
  }
  return out;
}

function nearestOf(vertices: Iterable<number>, positions: Float64Array, p: Vec3): number {
  let best = -1, least = Infinity;
  for (const v of vertices) {
    const d = lengthOf(minus(pointAt(positions, v), p));
    if (d < least) { least = d; best = v; }
  }
  return best;
}
