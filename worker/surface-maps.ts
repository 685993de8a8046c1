import type { Finding } from "../src/dfm/finding.ts";
import { NOT_MEASURED, type WallMap } from "../src/dfm/wall-map.ts";
import type { Body } from "../src/part/part.ts";
import { degrees, type Vec3 } from "../src/units.ts";
import type { SurfaceMap } from "./protocol.ts";

/** Draft at every vertex: asin of the exact outward normal along the pull direction, degrees; +90 faces the cavity half. */
export function draftMap(body: Body, pull: Vec3): SurfaceMap {
  const { normals } = body.facets, values = new Float32Array(normals.length / 3);
  for (let v = 0; v < values.length; v++) {
    const along = normals[v * 3] * pull[0] + normals[v * 3 + 1] * pull[1] + normals[v * 3 + 2] * pull[2];
    values[v] = degrees(Math.asin(Math.max(-1, Math.min(1, along))));
  }
  return { kind: "draft", body: body.id, values, unit: "deg", coarse: false, method: "asin(n·d) with the exact surface normal" };
}

/**
 * Radius of every vertex's face where it is a cylinder, sphere or torus (its minor radius); NaN on others.
 * Whether a cylinder is a fillet or a wall is for the findings to say: this shows the surface's radius.
 */
export function radiusMap(body: Body): SurfaceMap {
  const { faceOf, indices, positions } = body.facets, values = new Float32Array(positions.length / 3).fill(NaN);
  const radii = body.faces.map(({ surface }) => {
    if (surface.kind === "cylinder" || surface.kind === "sphere") return surface.radiusMm;
    return surface.kind === "torus" ? surface.minorMm : NaN;
  });
  for (let t = 0; t < faceOf.length; t++) {
    for (let k = 0; k < 3; k++) values[indices[t * 3 + k]] = radii[faceOf[t]];
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
  return { kind: "thickness", body: body.id, values, partners, unit: "mm", coarse, method: coarse ? "largest inscribed ball, coarse samples" : "largest inscribed ball touching the point" };
}

/** Faces that the undercut findings name: 1 trapped, 0 reachable. */
export function undercutMap(body: Body, undercuts: readonly Finding[]): SurfaceMap {
  const { faceOf, indices, positions } = body.facets, values = new Float32Array(positions.length / 3);
  const trapped = new Set(undercuts.filter((f) => f.verdict === "fail" || f.verdict === "undecided").flatMap((f) => f.faces));
  for (let t = 0; t < faceOf.length; t++) {
    if (trapped.has(faceOf[t])) for (let k = 0; k < 3; k++) values[indices[t * 3 + k]] = 1;
  }
  return { kind: "undercut", body: body.id, values, unit: "class", coarse: false, method: "faces with area that neither half reaches along the pull" };
}
