import type { ClosedMesh } from "../step/mesh-solid.ts";
import { facetMesh, facetSolid, type FacetKernel, type FacetSolid } from "./facet-kernel.ts";
import { toFacetSolid, toolingSolids } from "./facet-tooling.ts";
import type { PullFrame } from "./frame.ts";
import type { MoldLayout } from "./lay-out.ts";
import type { OversizedFacets } from "./oversized-facets.ts";

/** A mold in triangles, part frame, with the volumes that prove it, mm³. */
export interface FacetMold {
  readonly core: ClosedMesh;
  readonly cavity: ClosedMesh;
  readonly part: ClosedMesh;
  readonly coreMm3: number;
  readonly cavityMm3: number;
  readonly partMm3: number;
  readonly clearanceMm3: number;
  readonly blockMm3: number;
  readonly overlapMm3: number;
}

/**
 * Core and cavity by booleans on the welded facets of the oversized part: the live preview while a parameter
 * moves, the check on the exact mold and the fallback for it. Undefined when the facets are not manifold.
 * @param measureOverlap without it `overlapMm3` is NaN, which no proof accepts: for a preview
 */
export function facetMold(kernel: FacetKernel, facets: OversizedFacets, layout: MoldLayout, measureOverlap = true): FacetMold | undefined {
  const live: FacetSolid[] = [];
  const use = (solid: FacetSolid): FacetSolid => { live.push(solid); return solid; };
  try {
    const welded = weldedInFrame(facets, layout.frame);
    const part = facetSolid(kernel, welded.positions, welded.indices);
    if (!part) return undefined;
    live.push(part);
    const blanks = makeBlanks(kernel, layout, use);
    const cavityCut = use(blanks.upper.subtract(part)), coreCut = use(blanks.lower.subtract(part));
    const { core, cavity } = assignPieces(kernel, coreCut, cavityCut, layout, use);
    const shared = !measureOverlap ? NaN : [[core, cavity], [core, part], [cavity, part]].reduce((sum, [a, b]) => sum + use(a.intersect(b)).volume(), 0);
    const mesh = (solid: FacetSolid): ClosedMesh => inPartFrame(facetMesh(solid, facets.deviationMm), layout.frame);
    return {
      core: mesh(core), cavity: mesh(cavity), part: mesh(part), coreMm3: core.volume(), cavityMm3: cavity.volume(), partMm3: part.volume(),
      clearanceMm3: blanks.clearanceMm3, blockMm3: blanks.blockMm3, overlapMm3: shared,
    };
  } finally {
    for (const solid of new Set(live)) solid.delete();
  }
}

type Use = (solid: FacetSolid) => FacetSolid;

function makeBlanks(kernel: FacetKernel, layout: MoldLayout, use: Use): { upper: FacetSolid; lower: FacetSolid; clearanceMm3: number; blockMm3: number } {
  const tooling = toolingSolids(layout);
  const above = use(toFacetSolid(kernel, tooling.upper)), below = use(toFacetSolid(kernel, tooling.lower));
  const blockMm3 = above.volume() + below.volume();
  const pins = tooling.pins.map((p) => use(toFacetSolid(kernel, p))), bores = tooling.bores.map((b) => use(toFacetSolid(kernel, b)));
  const recess = tooling.relief && use(use(toFacetSolid(kernel, tooling.relief.slab)).subtract(use(toFacetSolid(kernel, tooling.relief.land))));
  const upper = bores.reduce((s, b) => use(s.subtract(b)), above);
  const lowered = recess ? use(below.subtract(recess)) : below;
  const lower = pins.reduce((s, p) => use(s.add(p)), lowered);
  const gaps = [...bores, ...(recess ? [recess] : [])].map((gap) => pins.reduce((s, p) => use(s.subtract(p)), gap));
  return { upper, lower, blockMm3, clearanceMm3: gaps.reduce((sum, g) => sum + g.volume(), 0) };
}

/** As in the exact mold: steel cut off from its half but open towards the other goes with the other. */
function assignPieces(kernel: FacetKernel, coreCut: FacetSolid, cavityCut: FacetSolid, layout: MoldLayout, use: Use): { core: FacetSolid; cavity: FacetSolid } {
  const lower = coreCut.decompose().map(use), upper = cavityCut.decompose().map(use);
  const fromLower = lower.length > 1 ? lower.filter((p) => isIsland(p, layout, "lower")) : [], fromUpper = upper.length > 1 ? upper.filter((p) => isIsland(p, layout, "upper")) : [];
  if (fromLower.length + fromUpper.length === 0) return { core: coreCut, cavity: cavityCut };
  const join = (solids: FacetSolid[]): FacetSolid => use(kernel.Manifold.union(solids));
  return {
    core: join([...lower.filter((p) => !fromLower.includes(p)), ...fromUpper]),
    cavity: join([...upper.filter((p) => !fromUpper.includes(p)), ...fromLower]),
  };
}

function isIsland(piece: FacetSolid, { box: [low, high], partingMm }: MoldLayout, half: "upper" | "lower"): boolean {
  const { min, max } = piece.boundingBox(), near = 1e-6 * (high[0] - low[0]) + 1e-5;
  const touchesSide = [0, 1].some((k) => min[k] < low[k] + near || max[k] > high[k] - near);
  const touchesEnd = half === "upper" ? max[2] > high[2] - near : min[2] < low[2] + near;
  const touchesParting = half === "upper" ? min[2] < partingMm + near : max[2] > partingMm - near;
  return touchesParting && !touchesSide && !touchesEnd;
}

function weldedInFrame({ positions: p, weld, weldedCount, indices }: OversizedFacets, { x, y, z }: PullFrame): { positions: Float64Array; indices: Uint32Array } {
  const positions = new Float64Array(weldedCount * 3);
  weld.forEach((w, v) => [x, y, z].forEach((axis, k) => { positions[w * 3 + k] = p[v * 3] * axis[0] + p[v * 3 + 1] * axis[1] + p[v * 3 + 2] * axis[2]; }));
  const kept: number[] = [];
  for (let t = 0; t < indices.length; t += 3) {
    const a = weld[indices[t]], b = weld[indices[t + 1]], c = weld[indices[t + 2]];
    if (a !== b && b !== c && c !== a) kept.push(a, b, c);
  }
  return { positions, indices: Uint32Array.from(kept) };
}

function inPartFrame(mesh: ClosedMesh, { x, y, z }: PullFrame): ClosedMesh {
  const p = mesh.positions, positions = new Float64Array(p.length);
  for (let i = 0; i < p.length; i += 3) for (let k = 0; k < 3; k++) positions[i + k] = p[i] * x[k] + p[i + 1] * y[k] + p[i + 2] * z[k];
  return { ...mesh, positions };
}

/** Volume, mm³, that meshes share pairwise; undefined when one of them is not manifold. */
export function sharedVolume(kernel: FacetKernel, meshes: readonly { readonly positions: Float64Array; readonly indices: Uint32Array }[]): number | undefined {
  if (meshes.length < 2) return undefined;
  const solids = meshes.map((m) => facetSolid(kernel, m.positions, m.indices));
  try {
    let sum = 0;
    for (let i = 0; i < solids.length; i++) for (let j = i + 1; j < solids.length; j++) {
      const a = solids[i], b = solids[j];
      if (!a || !b) return undefined;
      const common = a.intersect(b);
      sum += common.volume();
      common.delete();
    }
    return sum;
  } finally {
    for (const solid of solids) solid?.delete();
  }
}
