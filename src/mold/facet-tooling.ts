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
  readonly pins: readonly Rod[];
  readonly bores: readonly Rod[];
  /** Slab under the parting plane, and the land that stays. */
  readonly relief?: { readonly slab: Geom3; readonly land: Geom3 };
}

/** A round rod along z; rods of one size share their solid, which stands about the z axis. */
export interface Rod {
  readonly solid: Geom3;
  readonly at: readonly [xMm: number, yMm: number];
}

/** The tooling solids in JSCAD, without booleans. */
export function toolingSolids({ box: [low, high], partingMm: h, pins, relief }: MoldLayout): Tooling {
  const sink = relief?.depthMm ?? 0;
  const sizes = new Map<string, Geom3>();
  const rod = (x: number, y: number, radius: number, from: number, to: number): Rod => {
    const size = [radius, from, to].join(), solid = sizes.get(size) ?? cylinderOf({ center: [0, 0, (from + to) / 2], radius, height: to - from, segments: SEGMENTS });
    sizes.set(size, solid);
    return { solid, at: [x, y] };
  };
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

/** Rods in the facet kernel; the caller deletes them. */
export function toFacetRods(kernel: FacetKernel, rods: readonly Rod[]): readonly FacetSolid[] {
  const made = new Map([...new Set(rods.map(({ solid }) => solid))].map((solid) => [solid, toFacetSolid(kernel, solid)] as const));
  const out = rods.flatMap(({ solid, at: [x, y] }) => made.get(solid)?.translate([x, y, 0]) ?? []);
  for (const solid of made.values()) solid.delete();
  return out;
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
