import type { ClosedMesh } from "../step/mesh-solid.ts";
import { facetMesh, facetSolid, type FacetKernel, type FacetSolid } from "./facet-kernel.ts";
import { toFacetRods, toFacetSolid, toolingSolids } from "./facet-tooling.ts";
import type { PullFrame } from "./frame.ts";
import type { MoldLayout } from "./lay-out.ts";
import type { OversizedFacets } from "./oversized-facets.ts";
import type { Vec3 } from "../units.ts";

/** Volumes of a mold in triangles, mm³. */
export interface FacetVolumes {
  readonly coreMm3: number;
  readonly cavityMm3: number;
  readonly partMm3: number;
  readonly clearanceMm3: number;
  readonly blockMm3: number;
}

/** A mold in triangles, part frame, with the volumes that prove it. */
export interface FacetMold extends FacetVolumes {
  readonly core: ClosedMesh;
  readonly cavity: ClosedMesh;
  readonly part: ClosedMesh;
  readonly overlapMm3: number;
}

/** Core and cavity by booleans on the welded facets of the oversized part, as volumes: the check on the exact mold. Undefined when the facets are not manifold. */
export const facetVolumes = (kernel: FacetKernel, facets: OversizedFacets, layout: MoldLayout): FacetVolumes | undefined =>
  withHalves(kernel, facets, layout, ({ volumes }) => volumes);

/** The same as meshes, with the volume they share: the fallback for the exact mold. */
export const facetMold = (kernel: FacetKernel, facets: OversizedFacets, layout: MoldLayout): FacetMold | undefined =>
  withHalves(kernel, facets, layout, ({ part, core, cavity, volumes, use }) => {
    const overlapMm3 = [[core, cavity], [core, part], [cavity, part]].reduce((sum, [a, b]) => sum + use(a.intersect(b)).volume(), 0);
    const mesh = (solid: FacetSolid): ClosedMesh => meshInPartFrame(solid, facets.deviationMm, layout.frame);
    return { ...volumes, core: mesh(core), cavity: mesh(cavity), part: mesh(part), overlapMm3 };
  });

interface FacetHalves {
  readonly part: FacetSolid;
  readonly core: FacetSolid;
  readonly cavity: FacetSolid;
  readonly volumes: FacetVolumes;
  readonly use: Use;
}

function withHalves<R>(kernel: FacetKernel, facets: OversizedFacets, layout: MoldLayout, take: (halves: FacetHalves) => R): R | undefined {
  const live: FacetSolid[] = [];
  const use = (solid: FacetSolid): FacetSolid => { live.push(solid); return solid; };
  try {
    const { positions, indices } = weldedFacets(facets), part = facetSolid(kernel, inFrame(positions, layout.frame), indices);
    if (!part) return undefined;
    live.push(part);
    const blanks = makeBlanks(kernel, layout, use), clearanceMm3 = gapVolume(blanks, use);
    const cavityCut = use(blanks.upper.subtract(part)), coreCut = use(blanks.lower.subtract(part));
    const { core, cavity } = assignPieces(kernel, coreCut, cavityCut, layout, use);
    return take({ part, core, cavity, use, volumes: { coreMm3: core.volume(), cavityMm3: cavity.volume(), partMm3: part.volume(), clearanceMm3, blockMm3: blanks.blockMm3 } });
  } finally {
    for (const solid of new Set(live)) solid.delete();
  }
}

/** Keeps a solid to be freed at the end. */
type Use = (solid: FacetSolid) => FacetSolid;

/** The halves of the block before the part is cut from them, and what makes the gaps between them. */
export interface Blanks {
  readonly upper: FacetSolid;
  readonly lower: FacetSolid;
  readonly pins: readonly FacetSolid[];
  readonly gaps: readonly FacetSolid[];
  readonly blockMm3: number;
}

/** Makes the halves with pins, bores and relief. */
export function makeBlanks(kernel: FacetKernel, layout: MoldLayout, use: Use): Blanks {
  const tooling = toolingSolids(layout);
  const above = use(toFacetSolid(kernel, tooling.upper)), below = use(toFacetSolid(kernel, tooling.lower));
  const blockMm3 = above.volume() + below.volume();
  const pins = toFacetRods(kernel, tooling.pins).map(use), bores = toFacetRods(kernel, tooling.bores).map(use);
  const recess = tooling.relief && use(use(toFacetSolid(kernel, tooling.relief.slab)).subtract(use(toFacetSolid(kernel, tooling.relief.land))));
  const upper = use(kernel.Manifold.difference([above, ...bores]));
  const lower = use(kernel.Manifold.union([recess ? use(below.subtract(recess)) : below, ...pins]));
  return { upper, lower, blockMm3, pins, gaps: [...bores, ...(recess ? [recess] : [])] };
}

/** Air left between the halves: bores and relief without the pins in them. */
const gapVolume = ({ gaps, pins }: Blanks, use: Use): number => gaps.reduce((sum, gap) => sum + pins.reduce((s, p) => use(s.subtract(p)), gap).volume(), 0);

/** As in the exact mold: steel cut off from its half but open towards the other goes with the other. */
export function assignPieces(kernel: FacetKernel, coreCut: FacetSolid, cavityCut: FacetSolid, layout: Pick<MoldLayout, "box" | "partingMm">, use: Use): { core: FacetSolid; cavity: FacetSolid } {
  const lower = coreCut.decompose().map(use), upper = cavityCut.decompose().map(use);
  const fromLower = lower.length > 1 ? lower.filter((p) => isIsland(p, layout, "lower")) : [], fromUpper = upper.length > 1 ? upper.filter((p) => isIsland(p, layout, "upper")) : [];
  if (fromLower.length + fromUpper.length === 0) return { core: coreCut, cavity: cavityCut };
  const join = (solids: FacetSolid[]): FacetSolid => use(kernel.Manifold.union(solids));
  return {
    core: join([...lower.filter((p) => !fromLower.includes(p)), ...fromUpper]),
    cavity: join([...upper.filter((p) => !fromUpper.includes(p)), ...fromLower]),
  };
}

function isIsland(piece: FacetSolid, { box: [low, high], partingMm }: Pick<MoldLayout, "box" | "partingMm">, half: "upper" | "lower"): boolean {
  const { min, max } = piece.boundingBox(), near = 1e-6 * (high[0] - low[0]) + 1e-5;
  const touchesSide = [0, 1].some((k) => min[k] < low[k] + near || max[k] > high[k] - near);
  const touchesEnd = half === "upper" ? max[2] > high[2] - near : min[2] < low[2] + near;
  const touchesParting = half === "upper" ? min[2] < partingMm + near : max[2] > partingMm - near;
  return touchesParting && !touchesSide && !touchesEnd;
}

/** The facets over welded vertices, without those that welding closes. */
export function weldedFacets({ positions: p, weld, weldedCount, indices }: OversizedFacets): { positions: Float64Array; indices: Uint32Array } {
  const positions = new Float64Array(weldedCount * 3), kept = new Uint32Array(indices.length);
  for (let v = 0; v < weld.length; v++) for (let k = 0; k < 3; k++) positions[weld[v] * 3 + k] = p[v * 3 + k];
  let at = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const a = weld[indices[t]], b = weld[indices[t + 1]], c = weld[indices[t + 2]];
    if (a === b || b === c || c === a) continue;
    kept[at++] = a; kept[at++] = b; kept[at++] = c;
  }
  return { positions, indices: kept.slice(0, at) };
}

function inFrame(p: Float64Array, { x, y, z }: PullFrame): Float64Array {
  const out = new Float64Array(p.length);
  for (let i = 0; i < p.length; i += 3) {
    out[i] = p[i] * x[0] + p[i + 1] * x[1] + p[i + 2] * x[2];
    out[i + 1] = p[i] * y[0] + p[i + 1] * y[1] + p[i + 2] * y[2];
    out[i + 2] = p[i] * z[0] + p[i + 1] * z[1] + p[i + 2] * z[2];
  }
  return out;
}

/** A solid of the block's frame as triangles in the part's. */
function meshInPartFrame(solid: FacetSolid, deviationMm: number, frame: PullFrame): ClosedMesh {
  return inPartFrame(facetMesh(solid, deviationMm), frame);
}

/** Triangles of the block's frame in the part's. @param from what their coordinates are counted from, block's frame; added in place */
export function inPartFrame(mesh: ClosedMesh, { x, y, z }: PullFrame, from: Vec3 = [0, 0, 0]): ClosedMesh {
  const p = mesh.positions;
  for (let i = 0; i < p.length; i += 3) { p[i] += from[0]; p[i + 1] += from[1]; p[i + 2] += from[2]; }
  const back = { x: [x[0], y[0], z[0]], y: [x[1], y[1], z[1]], z: [x[2], y[2], z[2]] } as const;
  return { ...mesh, positions: inFrame(p, { origin: [0, 0, 0], ...back }) };
}
