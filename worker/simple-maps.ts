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
