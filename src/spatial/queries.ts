/** What is asked of a tree and what it answers; plain data. */

/** One number for all queries, or one for each. */
export type PerQuery = number | ArrayLike<number>;

/** `[n*3]` xyz, mm, part frame. */
export type Points = Float64Array | Float32Array;

/** Limits of rays. */
export interface RayOptions {
  /** Hits nearer than this are not seen, mm; 0 by default. On a surface give more than `Bvh.errorMm`. */
  readonly minDistancesMm?: PerQuery;
  /** Hits beyond this are not seen, mm; unlimited by default. */
  readonly maxDistancesMm?: PerQuery;
  /** `[n]` a face that is not seen, −1 for none. */
  readonly excludeFaces?: Int32Array;
}

/** Nearest hits: `distances` `[n]` mm, +∞ for a miss; `triangles` `[n]`, −1 for a miss. */
export interface RayHits {
  readonly distances: Float64Array;
  readonly triangles: Int32Array;
}

/** Hits of ray `i` are `ends[i-1]` (0 for the first) to `ends[i]`, nearest first. */
export interface AllHits {
  readonly ends: Uint32Array;
  readonly distances: Float64Array;
  readonly triangles: Int32Array;
  /** +1 where the ray leaves through the triangle, −1 where it enters, 0 where it runs in its plane. */
  readonly facings: Int32Array;
}

/** Limits of closest points. */
export interface ClosestOptions {
  readonly maxDistancesMm?: PerQuery;
  readonly excludeFaces?: Int32Array;
}

/** `distances` `[n]` mm, +∞ when nothing is near enough; `points` `[n*3]`, NaN then; `triangles` `[n]`, −1 then. */
export interface ClosestPoints {
  readonly distances: Float64Array;
  readonly points: Float64Array;
  readonly triangles: Int32Array;
}

/** Limits of inscribed balls. */
export interface BallOptions {
  /** Largest radius looked at, mm: the own face's focal radius, half the largest wall of interest. Never more than the diagonal of the part's box. */
  readonly startRadiiMm?: PerQuery;
  /**
   * Slack ε, mm: at least the distance h of the facets from the true surface, better twice that. Nothing less deep
   * below the sample is seen. Raised to `Bvh.errorMm` when smaller.
   */
  readonly epsilonMm: PerQuery;
  /** `[n]` a face that is not seen, −1 for none: on a solid of revolution the sample's own. */
  readonly excludeFaces?: Int32Array;
  /** `inside` (default): centre along −normal, the wall. `outside`: along +normal, the gap or the steel. */
  readonly side?: "inside" | "outside";
}

/**
 * Largest balls touching the samples. With facets within h ≤ ε of the true surface the true radius is at most
 * `upperMm`, and a ball of radius `clearMm − h` about the same centre provably fits.
 */
export interface Balls {
  /** `[n]` ball through sample and contact: the best estimate, mm. */
  readonly radiiMm: Float64Array;
  /** `[n]` the largest radius whose ball, made smaller by ε, holds no facet, mm. */
  readonly upperMm: Float64Array;
  /** `[n]` `upperMm − ε − errorMm`, at least 0: this ball certainly holds no facet, mm. */
  readonly clearMm: Float64Array;
  /** `[n*3]` where the ball touches; NaN when only its starting radius stopped it. */
  readonly contacts: Float64Array;
  /** `[n]` the triangle touched; −1 when only the starting radius stopped the ball. */
  readonly triangles: Int32Array;
}

/** Triangles near point `i` are `triangles[ends[i-1]]` (from 0 for the first) to `ends[i]`, each once, in no order. */
export interface NearTriangles {
  readonly ends: Uint32Array;
  readonly triangles: Int32Array;
}

/** A tree as plain data, to be posted to a worker. */
export interface BvhData {
  readonly version: 2;
  readonly vertexCount: number;
  readonly triangleCount: number;
  readonly root: number;
  /** Nodes from the root down to the deepest leaf. */
  readonly levels: number;
  /** Centre and half sides of the part's box, mm. */
  readonly box: readonly number[];
  /** Vertices, indices, faces and tree, as they lie in the kernel's memory. */
  readonly bytes: ArrayBuffer;
}
