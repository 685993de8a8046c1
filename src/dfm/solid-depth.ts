import { worstDeviationMm } from "../part/mesh-measures.ts";
import { norm } from "../geometry.ts";
import type { Body } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import { BallCandidates } from "./ball-candidates.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { closestOnSurface } from "./closest-on-surface.ts";
import { boxDistance, edgeBoxes } from "./edge-boxes.ts";
import { FaceBorder } from "./face-border.ts";
import { FaceTrim } from "./face-trim.ts";
import { outwardNormal } from "./normal-on-surface.ts";

/** What the depth of points asks of a tree. */
export type NearCaster = Pick<Bvh, "closest" | "within" | "errorMm">;

/** Depths below the surface, `[n]` mm: negative outside; the truth lies within `errorMm` of each. */
export interface Depths {
  readonly depthMm: Float64Array;
  readonly errorMm: Float64Array;
}

/** Rounding of coordinates and of converged minima, as a fraction of the part's size. */
const ROUNDING = 1e-11;

/** Measures how deep points near or inside a body lie below its exact surfaces, whatever its facets. */
export class SolidDepth {
  /** Largest distance of any facet from its surface, mm. */
  readonly deviationMm: number;
  readonly #body: Body;
  readonly #boxes: Float64Array;
  readonly #near: BallCandidates;
  readonly #trim: FaceTrim;
  /** `[faces]` edges that can be the nearest thing to a point inside: all but convex ones and seams. */
  readonly #edges: readonly (readonly number[])[];

  constructor(body: Body) {
    const [low, high] = body.mass.boxMm, sizeMm = norm(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
    this.#body = body;
    this.deviationMm = worstDeviationMm(body.facets);
    this.#boxes = edgeBoxes(body, this.deviationMm);
    this.#near = new BallCandidates(body);
    this.#trim = new FaceTrim(body, new FaceBorder(body, this.#boxes), ROUNDING * sizeMm);
    this.#edges = body.faces.map((face) => face.edges.filter((e) => body.edges[e].convexity !== "convex" && body.edges[e].convexity !== "seam"));
  }

  /**
   * @param points `[n*3]` mm, inside the facets or no further from them than they are from the surface
   * @param facetMm `[n]` their distances from the facets
   */
  at(points: Float64Array, facetMm: Float64Array, rays: NearCaster): Depths {
    const n = facetMm.length, slack = 2 * this.deviationMm + 4 * rays.errorMm, near = rays.within(points, facetMm.map((d) => d + slack));
    const depthMm = new Float64Array(n), errorMm = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      this.#near.collect(near.triangles, i ? near.ends[i - 1] : 0, near.ends[i], points, i * 3);
      const exact = this.#nearest(points.subarray(i * 3, i * 3 + 3), facetMm[i] + slack);
      depthMm[i] = exact ?? facetMm[i];
      errorMm[i] = exact === undefined ? slack : 0;
    }
    return { depthMm, errorMm };
  }

  /** Depth below the nearest face or edge; undefined where a face has no surface or nothing was found. */
  #nearest(q: Float64Array, reachMm: number): number | undefined {
    let least = Infinity, outside = false;
    for (let g = 0; g < this.#near.count; g++) {
      const group = this.#near.groups[g], face = this.#body.faces[group.face];
      if (face.surface.kind === "other") return undefined;
      for (let s = 0; s < (group.closed ? 1 : group.count); s++) {
        const uv = group.startUvs.subarray(s * 2, s * 2 + 2);
        if (!closestOnSurface(face, q, group.starts.subarray(s * 3, s * 3 + 3), uv, foot)) continue;
        const x = q[0] - foot[0], y = q[1] - foot[1], z = q[2] - foot[2], d = norm(x, y, z);
        if (d >= least) continue;
        const n = outwardNormal(face, [foot[0], foot[1], foot[2]], uv);
        if (!n) continue;
        for (let k = 0; k < 3; k++) towards[k] = foot[k] - n[k];
        if (this.#trim.place(group.face, group.triangles, foot, towards) === "off") continue;
        least = d; outside = x * n[0] + y * n[1] + z * n[2] > 0;
      }
      for (const e of this.#edges[group.face]) {
        if (boxDistance(this.#boxes, e * 6, q) >= Math.min(least, reachMm)) continue;
        const d = closestOnEdge(this.#body.edges[e], q, foot);
        if (d < least) { least = d; outside = false; }
      }
    }
    return least < Infinity ? (outside ? -least : least) : undefined;
  }
}

const foot = new Float64Array(3), towards = new Float64Array(3);
