import toPolygons from "@jscad/modeling/src/geometries/geom3/toPolygons.js";
import cuboidOf from "@jscad/modeling/src/primitives/cuboid.js";
import cylinderOf from "@jscad/modeling/src/primitives/cylinder.js";
import type { Box } from "../units.ts";
import { facetSolid, type FacetKernel, type FacetSolid } from "./facet-kernel.ts";
import type { MoldLayout } from "./lay-out.ts";

type Geom3 = ReturnType<typeof cuboidOf>;

/** Sides of a pin's polygon. */
const SEGMENTS = 64;

/** What a rod's polygon lacks of the round rod's volume, relative. */
export const ROD_LACKS = 1 - Math.sin((2 * Math.PI) / SEGMENTS) / ((2 * Math.PI) / SEGMENTS);

/** The tooling solids of a mold, parametric, in the block's frame. */
export interface Tooling {
  readonly upper: Geom3;
  readonly lower: Geom3;
  readonly pins: readonly Geom3[];
  readonly bores: readonly Geom3[];
  /** Slab under the parting plane, and the land that stays. */
  readonly relief?: { readonly slab: Geom3; readonly land: Geom3 };
}

/** The tooling solids in JSCAD, without booleans. */
export function toolingSolids({ box: [low, high], partingMm: h, pins, relief }: MoldLayout): Tooling {
  const sink = relief?.depthMm ?? 0;
  const rod = (x: number, y: number, radius: number, from: number, to: number): Geom3 =>
    cylinderOf({ center: [x, y, (from + to) / 2], radius, height: to - from, segments: SEGMENTS });
  return {
    upper: cuboid([[low[0], low[1], h], high]),
    lower: cuboid([low, [high[0], high[1], h]]),
    pins: pins.map((p) => rod(p.xMm, p.yMm, p.radiusMm, h - sink - Math.min(p.radiusMm, (h - sink - low[2]) / 2), h + p.lengthMm)),
    bores: pins.map((p) => rod(p.xMm, p.yMm, p.boreRadiusMm, h, h + p.boreLengthMm)),
    ...(relief && { relief: { slab: cuboid([[low[0], low[1], h - sink], [high[0], high[1], h]]), land: cuboid([[...relief.land[0], h - 2 * sink], [...relief.land[1], h + sink]]) } }),
  };
}

function cuboid([low, high]: Box): Geom3 {
  return cuboidOf({ center: [0, 1, 2].map((k) => (low[k] + high[k]) / 2) as [number, number, number], size: [0, 1, 2].map((k) => high[k] - low[k]) as [number, number, number] });
}

/** A JSCAD solid in the facet kernel; the caller deletes it. */
export function toFacetSolid(kernel: FacetKernel, geometry: Geom3): FacetSolid {
  const positions: number[] = [], indices: number[] = [], known = new Map<string, number>();
  for (const { vertices } of toPolygons(geometry)) {
    const ring = vertices.map((v) => {
      const key = v.map((n) => Math.round(n * 1e7)).join();
      let index = known.get(key);
      if (index === undefined) { known.set(key, (index = known.size)); positions.push(v[0], v[1], v[2]); }
      return index;
    });
    for (let i = 1; i + 1 < ring.length; i++) indices.push(ring[0], ring[i], ring[i + 1]);
  }
  const solid = facetSolid(kernel, Float64Array.from(positions), Uint32Array.from(indices));
  if (!solid) throw new Error("a tooling solid is not manifold");
  return solid;
}
