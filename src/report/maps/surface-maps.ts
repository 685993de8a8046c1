import type { BodyCheck } from "../../dfm/check.ts";
import type { FacetPatches } from "../../dfm/context.ts";
import { draftMap as draftValues } from "../../dfm/draft-map.ts";
import type { FineWalls } from "../../dfm/fine-walls.ts";
import { NOT_MEASURED, type WallMap } from "../../dfm/wall-map.ts";
import type { Body } from "../../part/part.ts";
import type { Vec3 } from "../../units.ts";

/** Which map. */
export type MapKind = "thickness" | "draft" | "radius" | "undercut";

/** A measured value at every vertex of a body. Plain data. */
export interface SurfaceMap {
  readonly kind: MapKind;
  readonly body: string;
  /** `[v]` mm or degrees; NaN where nothing was measured. Undercut: 0, what is trapped is in `patches`. */
  readonly values: Float32Array;
  /** `[v*3]` where the opposite wall was met, relative to the middle of the body's box; NaN where there is none. */
  readonly partners?: Float32Array;
  /** Pieces of facets whose value is 1. */
  readonly patches?: FacetPatches;
  /** The values on pieces of facets, for a view: finer than vertices where facets are large. */
  readonly fine?: FineWalls;
  readonly unit: "mm" | "deg" | "class";
  /** How it was measured, for the legend. */
  readonly method: string;
  /** A first estimate; a refined map of the same kind follows. */
  readonly coarse: boolean;
}

/** The maps that a finished check gives of a body, in the order in which they are offered. */
export function checkMaps(body: Body, { walls, pull }: Pick<BodyCheck, "walls" | "pull">): SurfaceMap[] {
  return [...(walls ? [thicknessMap(body, walls, false)] : []), ...(pull ? [draftMap(body, pull.direction)] : []), radiusMap(body), ...(pull ? [undercutMap(body, pull.hiddenPatches)] : [])];
}

/** Draft at every vertex against a pull direction: asin of the exact outward normal along it, degrees; +90 faces the cavity half. */
export function draftMap(body: Body, pull: Vec3): SurfaceMap {
  return { kind: "draft", body: body.id, values: draftValues(body.facets, pull), unit: "deg", coarse: false, method: "asin(n·d) with the exact surface normal" };
}

/**
 * Radius of every vertex's face where it is a cylinder, sphere or torus (its minor radius); NaN on others.
 * Whether a cylinder is a fillet or a wall is for the findings to say: this shows the surface's radius.
 */
export function radiusMap(body: Body): SurfaceMap {
  const { indices, positions } = body.facets, values = new Float32Array(positions.length / 3).fill(NaN);
  for (const { surface, facets: { start, count } } of body.faces) {
    const radius = surface.kind === "cylinder" || surface.kind === "sphere" ? surface.radiusMm : surface.kind === "torus" ? surface.minorMm : undefined;
    if (radius !== undefined) for (let i = start * 3; i < (start + count) * 3; i++) values[indices[i]] = radius;
  }
  return { kind: "radius", body: body.id, values, unit: "mm", coarse: false, method: "exact radius of cylinder, sphere and torus faces; others not measured" };
}

/** A ball this small at a vertex is the taper of an edge, not a wall, mm. */
const TAPER_MM = 1e-3;

/** Wall thickness as measured by inscribed balls, with the opposite contact at each vertex. */
export function thicknessMap(body: Body, map: WallMap, coarse: boolean): SurfaceMap {
  const [low, high] = body.mass.boxMm, origin = [0, 1, 2].map((k) => (low[k] + high[k]) / 2);
  const values = map.thicknessMm.map((t) => (t === NOT_MEASURED || t < TAPER_MM ? NaN : t));
  const partners = map.partners.map((x, i) => (Number.isNaN(values[Math.floor(i / 3)]) ? NaN : x - origin[i % 3]));
  return { kind: "thickness", body: body.id, values, partners,  unit: "mm", coarse, method: coarse ? "largest inscribed ball, coarse samples" : "largest inscribed ball touching the point" };
}

/** What neither half reaches, split where silhouettes and shadows run. */
function undercutMap({ id, facets }: Body, patches: FacetPatches): SurfaceMap {
  return { kind: "undercut", body: id, values: new Float32Array(facets.positions.length / 3), patches, unit: "class", coarse: false, method: "surface that neither half reaches along the pull, split at silhouettes and shadows" };
}
