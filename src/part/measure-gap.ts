import type { Curve } from "./curve.ts";
import { distanceToSurface } from "./distance-to-surface.ts";
import { evaluateCurve } from "./evaluate-curve.ts";
import type { Surface } from "./surface.ts";

/** Nearer than this an edge lies on its face, mm. */
const ON_MM = 1e-7;

const c = new Float64Array(9);

/** An edge as it was meshed: `n` nodes along it with their parameters on the curve. */
export interface EdgeNodes {
  readonly curve: Curve;
  /** `[n]`, empty where they are not known. */
  readonly parameters: Float64Array;
  /** `[n*3]` mm. */
  readonly points: Float64Array;
}

/**
 * Largest distance found between an edge and the exact surface of a face it bounds, mm: at its nodes (of which the
 * first and last are the vertices) and half-way between them. 0 on a surface of kind `other`.
 * @param uvs `[n*2]` parameters of the nodes on the surface: where to start looking
 */
export function measureGap({ curve, parameters, points }: EdgeNodes, surface: Surface, uvs: Float64Array): number {
  if (surface.kind === "other") return 0;
  const between = curve.kind !== "other" && parameters.length === points.length / 3;
  let worst = 0;
  for (let i = 0; i < points.length / 3; i++) {
    const u = uvs[i * 2], v = uvs[i * 2 + 1];
    worst = Math.max(worst, distanceToSurface(surface, points[i * 3], points[i * 3 + 1], points[i * 3 + 2], u, v, ON_MM));
    if (!between || i === 0) continue;
    evaluateCurve(curve, (parameters[i - 1] + parameters[i]) / 2, c);
    worst = Math.max(worst, distanceToSurface(surface, c[0], c[1], c[2], (uvs[i * 2 - 2] + u) / 2, (uvs[i * 2 - 1] + v) / 2, ON_MM));
  }
  return worst;
}
