import type { FacetPatches } from "../../dfm/context.ts";
import type { FineWalls } from "../../dfm/fine-walls.ts";

/** Facets with their vertices, as they are drawn. */
export interface DrawnFacets {
  /** `[v*3]`, mm. */
  readonly positions: Float32Array;
  /** `[v*3]` unit normals. */
  readonly normals: Float32Array;
  /** `[t*3]`. */
  readonly indices: Uint32Array | Uint16Array;
}

/** Triangles of patches as a soup: `[p*9]` positions and normals of their corners. */
export function patchTriangles({ positions, normals, indices }: DrawnFacets, { facets, corners }: FacetPatches): { positions: Float32Array; normals: Float32Array } {
  const out = { positions: new Float32Array(facets.length * 9), normals: new Float32Array(facets.length * 9) };
  for (let p = 0; p < facets.length; p++) {
    const a = indices[facets[p] * 3] * 3, b = indices[facets[p] * 3 + 1] * 3, c = indices[facets[p] * 3 + 2] * 3;
    for (let corner = 0; corner < 3; corner++) {
      const at = p * 9 + corner * 3, u = corners[at], v = corners[at + 1], w = corners[at + 2];
      for (let k = 0; k < 3; k++) {
        out.positions[at + k] = u * positions[a + k] + v * positions[b + k] + w * positions[c + k];
        out.normals[at + k] = u * normals[a + k] + v * normals[b + k] + w * normals[c + k];
      }
    }
  }
  return out;
}

/** Whether a point of a facet, by its barycentric weights, lies on one of the patches. */
export const onPatch = (patches: FacetPatches, facet: number, weights: readonly [number, number, number]): boolean => patchAt(patches, facet, weights) !== undefined;

/** The patch on which a point of a facet lies, by its barycentric weights, and the point's weights in it. */
export function patchAt({ facets, corners }: FacetPatches, facet: number, [u, v, w]: readonly [number, number, number]): { readonly patch: number; readonly weights: readonly [number, number, number] } | undefined {
  for (let p = facets.indexOf(facet); p >= 0; p = facets.indexOf(facet, p + 1)) {
    const c = corners.subarray(p * 9, p * 9 + 9);
    // The signs of the three determinants that put the point in the place of one corner.
    const side = (i: number, j: number): number => u * (c[i + 1] * c[j + 2] - c[i + 2] * c[j + 1]) - v * (c[i] * c[j + 2] - c[i + 2] * c[j]) + w * (c[i] * c[j + 1] - c[i + 1] * c[j]);
    const [a, b, d] = [side(3, 6), side(6, 0), side(0, 3)], sum = a + b + d;
    if ((a >= 0 && b >= 0 && d >= 0) || (a <= 0 && b <= 0 && d <= 0)) return { patch: p, weights: sum === 0 ? [1, 0, 0] : [a / sum, b / sum, d / sum] };
  }
  return undefined;
}

/** The wall at a point of a facet, by its barycentric weights, as the view's shader finds it, mm; NaN where there is none, undefined where no piece lies. */
export function fineWallAt(fine: FineWalls, facet: number, point: readonly [number, number, number]): number | undefined {
  const on = patchAt(fine, facet, point);
  if (!on) return undefined;
  const known = on.weights.map((weight, k) => weight * (1 - fine.blanks[on.patch * 3 + k])), all = known[0] + known[1] + known[2];
  return all < 0.5 ? NaN : known.reduce((sum, share, k) => sum + share * fine.values[on.patch * 3 + k], 0) / all;
}
