import { cross, dot } from "../geometry.ts";
import type { Body, Edge } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { boxDistance } from "./edge-boxes.ts";
import { lengthOf, minus, pointAt } from "./vec3.ts";

/** Nearer to the border than this is on it, mm. */
const ON_BORDER_MM = 1e-9;

/** Tells on which side of a face's exact border a point of its surface lies, where facets cut the border's arcs short. */
export class FaceBorder {
  readonly #body: Body;
  readonly #boxes: Float64Array;
  /** Edge and face → 1 where the face lies along tangent × normal, −1 on the other side, 0 not known. */
  readonly #senses = new Map<string, number>();

  /** @param boxes of the edges, `[edges*6]` */
  constructor(body: Body, boxes: Float64Array) {
    this.#body = body;
    this.#boxes = boxes;
  }

  /**
   * 1 on the face, −1 beyond its border, 0 where the border is further than `reachMm` or cannot be told.
   * @param p on the face's surface or near it
   * @param n the face's outward normal there
   */
  side(face: number, p: ArrayLike<number>, n: Vec3, reachMm: number): 1 | 0 | -1 {
    let least = Infinity, clearest = 0;
    for (const e of this.#body.faces[face].edges) {
      const edge = this.#body.edges[e];
      if (edge.faces[0] === edge.faces[1] || boxDistance(this.#boxes, e * 6, p) > Math.min(reachMm, least)) continue;
      const d = closestOnEdge(edge, p, foot);
      if (d > reachMm || d > least + ON_BORDER_MM) continue;
      const cosine = this.#inward(face, edge, p, n);
      // At a corner both edges are as near: the one that the point lies across tells.
      if (d < least - ON_BORDER_MM || Math.abs(cosine) > Math.abs(clearest)) clearest = cosine;
      least = Math.min(least, d);
    }
    if (least === Infinity) return 0;
    if (least < ON_BORDER_MM) return 1;
    return Math.abs(clearest) < 1e-3 ? 0 : clearest > 0 ? 1 : -1;
  }

  /** Whether the border of a face keeps at least this far from p, mm. */
  isClear(face: number, p: ArrayLike<number>, byMm: number): boolean {
    return this.#body.faces[face].edges.every((e) => boxDistance(this.#boxes, e * 6, p) >= byMm || closestOnEdge(this.#body.edges[e], p, foot) >= byMm);
  }

  /** Cosine between p as seen from the foot and the way into the face. */
  #inward(face: number, edge: Edge, p: ArrayLike<number>, n: Vec3): number {
    const w: Vec3 = [p[0] - foot[0], p[1] - foot[1], p[2] - foot[2]], into = cross(tangentNear(edge, foot), n);
    return (this.#senseOf(face, edge) * dot(w, into)) / (lengthOf(w) * lengthOf(into) || 1);
  }

  #senseOf(face: number, edge: Edge): number {
    const key = `${face},${edge.index}`;
    let sense = this.#senses.get(key);
    if (sense === undefined) this.#senses.set(key, (sense = findSense(this.#body, face, edge)));
    return sense;
  }
}

const foot = new Float64Array(3);

function tangentNear({ points }: Edge, p: ArrayLike<number>): Vec3 {
  let best = 0, least = Infinity;
  for (let i = 0; i < points.length / 3; i++) {
    const x = points[i * 3] - p[0], y = points[i * 3 + 1] - p[1], z = points[i * 3 + 2] - p[2], d = x * x + y * y + z * z;
    if (d < least) { least = d; best = i; }
  }
  return minus(pointAt(points, Math.min(points.length / 3 - 1, best + 1)), pointAt(points, Math.max(0, best - 1)));
}

/** From a facet of the face that has a piece of the edge as its side. */
function findSense({ faces, facets }: Body, face: number, { points }: Edge): number {
  const { positions, normals, indices } = facets, { start, count } = faces[face].facets, nodes = new Map<string, number>();
  for (let i = 0; i < points.length / 3; i++) nodes.set(pointAt(points, i).join(), i);
  for (let t = start; t < start + count; t++) {
    const corner = [0, 1, 2].map((k) => indices[t * 3 + k]), at = corner.map((v) => nodes.get(pointAt(positions, v).join()));
    for (let k = 0; k < 3; k++) {
      const i = at[k], j = at[(k + 1) % 3], third = (k + 2) % 3;
      if (i === undefined || j === undefined || Math.abs(i - j) !== 1) continue;
      const a = pointAt(points, Math.min(i, j)), into = cross(minus(pointAt(points, Math.max(i, j)), a), pointAt(normals, corner[k]));
      const side = dot(minus(pointAt(positions, corner[third]), a), into);
      if (side !== 0) return side > 0 ? 1 : -1;
    }
  }
  return 0;
}
