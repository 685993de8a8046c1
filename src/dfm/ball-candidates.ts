import type { Body } from "../part/part.ts";
import { hasClosedForm } from "./closest-on-surface.ts";
import { found, foundUv, nearestOnTriangle } from "./nearest-on-triangle.ts";

const STARTS = 3;

/** Triangles and starts of one face near one ball. */
export interface Candidate {
  face: number;
  closed: boolean;
  /** Nearest triangles, as starts of the search. */
  triangles: number[];
  starts: Float64Array;
  startUvs: Float64Array;
  distances: Float64Array;
  count: number;
}

/** The faces near one ball, each with its nearest triangles. Room is used again from ball to ball. */
export class BallCandidates {
  readonly groups: Candidate[] = [];
  /** How many of `groups` belong to the ball at hand. */
  count = 0;
  readonly #body: Body;
  readonly #slot: Int32Array;
  readonly #stamp: Int32Array;
  #tick = 0;

  constructor(body: Body) {
    this.#body = body;
    this.#slot = new Int32Array(body.faces.length);
    this.#stamp = new Int32Array(body.faces.length);
  }

  /** Sorts the near triangles by face, keeping the nearest of each as starts. */
  collect(triangles: Int32Array, first: number, end: number, centre: Float64Array, at: number): void {
    const { faceOf, positions, indices, uvs } = this.#body.facets;
    this.#tick++;
    this.count = 0;
    for (let i = first; i < end; i++) {
      const t = triangles[i], face = faceOf[t];
      if (this.#stamp[face] !== this.#tick) {
        this.#stamp[face] = this.#tick;
        this.#slot[face] = this.count;
        this.#new(face);
      }
      const group = this.groups[this.#slot[face]];
      group.triangles.push(t);
      if (this.#body.faces[face].surface.kind === "plane" || (group.closed && group.count > 0)) continue;
      const d = nearestOnTriangle(positions, uvs, indices, t, centre, at);
      keepStart(group, d);
    }
  }

  #new(face: number): void {
    let group = this.groups[this.count];
    if (!group) this.groups.push((group = { face, closed: false, triangles: [], starts: new Float64Array(STARTS * 3), startUvs: new Float64Array(STARTS * 2), distances: new Float64Array(STARTS), count: 0 }));
    group.face = face;
    group.closed = hasClosedForm(this.#body.faces[face].surface);
    group.triangles.length = 0;
    group.count = 0;
    group.distances.fill(0);
    this.count++;
  }
}

function keepStart(group: Candidate, distance: number): void {
  let at = group.count;
  while (at > 0 && group.distances[at - 1] > distance) at--;
  if (at >= STARTS) return;
  const last = Math.min(group.count, STARTS - 1);
  for (let i = last; i > at; i--) {
    group.distances[i] = group.distances[i - 1];
    group.starts.copyWithin(i * 3, (i - 1) * 3, i * 3);
    group.startUvs.copyWithin(i * 2, (i - 1) * 2, i * 2);
  }
  group.distances[at] = distance;
  group.starts.set(found, at * 3);
  group.startUvs.set(foundUv, at * 2);
  group.count = Math.min(STARTS, group.count + 1);
}
