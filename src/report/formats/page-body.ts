import type { Body } from "../../part/part.ts";
import type { Box, Vec3 } from "../../units.ts";
import type { ScaleLimits } from "../maps/scale.ts";
import type { SurfaceMap } from "../maps/surface-maps.ts";

/** One body to draw in a report. Lengths in mm, part frame. */
export interface PageBody {
  readonly id: string;
  readonly name: string;
  /** What positions are relative to. */
  readonly originMm: Vec3;
  /** `[v*3]` xyz relative to `originMm`. Vertices are per face. */
  readonly positions: Float32Array | Float64Array;
  /** `[v*3]` outward unit normals. */
  readonly normals: Float32Array | Float64Array;
  /** `[t*3]` vertex indices. */
  readonly indices: Uint32Array;
  /** `[t]` face of each triangle; triangles of one face are contiguous. */
  readonly faceOf: Uint32Array;
  /** `[s*6]` both ends of each edge to draw, relative to `originMm`. */
  readonly edges?: Float32Array;
  /** `[s]` edge index of each of them. */
  readonly edgeOf?: Uint32Array;
  readonly maps?: readonly PageMap[];
}

/** A measured map and the limits its colours are banded at. */
export type PageMap = Pick<SurfaceMap, "kind" | "values" | "patches" | "method"> & { readonly limits: ScaleLimits };

/** A body of a part as it is drawn: relative to the middle of its box, with its sharp edges. */
export function pageBody(body: Body, maps: readonly PageMap[] = []): PageBody {
  const originMm = middle(body.mass.boxMm);
  const { positions, normals, indices, faceOf } = body.facets;
  const segments: number[] = [], edgeOf: number[] = [];
  for (const { convexity, points, index } of body.edges) {
    if (convexity === "seam" || convexity === "smooth") continue;
    for (let i = 3; i < points.length; i += 3) {
      for (let k = -3; k < 3; k++) segments.push(points[i + k] - originMm[(k + 3) % 3]);
      edgeOf.push(index);
    }
  }
  return {
    id: body.id, name: body.name, originMm, normals, indices, faceOf, maps, edges: new Float32Array(segments), edgeOf: new Uint32Array(edgeOf),
    positions: Float32Array.from(positions, (x, i) => x - originMm[i % 3]),
  };
}

const middle = ([low, high]: Box): Vec3 => [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
