import { dot, uniteBoxes } from "../geometry.ts";
import type { Body } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { ClosedMesh } from "../step/mesh-solid.ts";
import type { Vec3 } from "../units.ts";
import type { BlockBuilt, MoldDesign } from "./design.ts";
import type { PullFrame } from "./frame.ts";
import { facetMesh, facetSolid, type FacetKernel, type FacetSolid } from "./facet-kernel.ts";
import { assignPieces, makeBlanks, meshInPartFrame, weldedFacets } from "./facet-mold.ts";
import { layOut, type MoldLayout } from "./lay-out.ts";
import { facetBox } from "./make-facet-mold.ts";
import type { MoldKernels } from "./mold-kernels.ts";
import { grow, oversizedFacets, type Growth } from "./oversized-facets.ts";
import { resolveDesign } from "./resolve-design.ts";

/** A mold in triangles without proofs: to look at while a parameter moves, never to cut steel from. */
export interface PreviewedMold {
  readonly pull: Vec3;
  /** Parting height along the pull through the part origin, sintered part. */
  readonly partingMm: number;
  readonly block: BlockBuilt;
  readonly pieces: readonly { readonly role: "core" | "cavity"; readonly mesh: ClosedMesh; readonly volumeMm3: number }[];
  readonly oversizedMm3: number;
  /** How far the part's facets may lie from those it was read with, for speed; sintered part. */
  readonly toleranceMm: number;
}

/** That tolerance over the diagonal of the part's box: well below a pixel of a screen that shows the block. */
const COARSER = 5e-4;
const SINTERED: Growth = { osf: [1, 1, 1], originMm: [0, 0, 0] };

/** Corners nearer to the parting plane than this share of the part are put on it: rounding would leave a film of steel over the cavity. */
const ON_PLANE = 1e-6;

/** The bodies' facets at sintered size, no more of them than a preview needs. Part frame. */
interface SinteredFacets extends Pick<ClosedMesh, "positions" | "indices"> {
  readonly volumeMm3: number;
  readonly toleranceMm: number;
  readonly sizeMm: number;
}

/**
 * What does not change from one preview of a part to the next: its facets at sintered size, and the blanks of the last
 * block as long as their sizes stay. Dispose it with the part.
 */
export class PreviewMemory {
  readonly #parts = new Map<string, SinteredFacets>();
  #blanks: { readonly key: string; readonly upper: FacetSolid; readonly lower: FacetSolid } | undefined;

  /** The bodies' facets; undefined when they are not manifold. */
  part(kernel: FacetKernel, bodies: readonly Body[]): SinteredFacets | undefined {
    const key = bodies.map(({ id }) => id).join(), known = this.#parts.get(key);
    if (known) return known;
    const { positions, indices } = weldedFacets(oversizedFacets(bodies, SINTERED)), whole = facetSolid(kernel, positions, indices);
    if (!whole) return undefined;
    const sizeMm = diagonalOf(bodies), toleranceMm = COARSER * sizeMm, coarser = whole.simplify(toleranceMm);
    const made = { ...facetMesh(coarser, toleranceMm), volumeMm3: whole.volume(), toleranceMm, sizeMm };
    coarser.delete();
    whole.delete();
    this.#parts.set(key, made);
    return made;
  }

  /** Blanks of a block whose parting plane is z = 0. */
  blanks(kernel: FacetKernel, layout: MoldLayout): { readonly upper: FacetSolid; readonly lower: FacetSolid } {
    const { frame: _, ...sizes } = layout;
    const key = JSON.stringify(sizes, (_, value: unknown) => (typeof value === "number" ? Math.round(value * 1e7) : value));
    if (this.#blanks?.key === key) return this.#blanks;
    const live = new Set<FacetSolid>(), { upper, lower } = makeBlanks(kernel, layout, (solid) => { live.add(solid); return solid; });
    for (const solid of live) if (solid !== upper && solid !== lower) solid.delete();
    this[Symbol.dispose]();
    this.#blanks = { key, upper, lower };
    return this.#blanks;
  }

  /** Frees the kernel's memory; what is needed again is made again. */
  [Symbol.dispose](): void {
    this.#blanks?.upper.delete();
    this.#blanks?.lower.delete();
    this.#blanks = undefined;
  }
}

/** The mold of some bodies from their facets. DESIGN_INVALID as for the mold itself. */
export async function previewMold(kernels: MoldKernels, bodies: readonly Body[], design: MoldDesign, memory: PreviewMemory): Promise<Result<PreviewedMold>> {
  const resolved = resolveDesign(bodies, design);
  if (!resolved.ok) return resolved;
  const { facets, frame, partingMm, sinteredPartingMm, growth } = resolved.value;
  const layout = layOut(design, frame, facetBox(facets, frame), partingMm);
  if (!layout.ok) return layout;
  const kernel = await kernels.facets(), sintered = memory.part(kernel, bodies);
  // Everything is built about a corner of the block on the parting plane, where blanks of equal sizes are equal.
  const [low] = layout.value.box, corner: Vec3 = [low[0], low[1], layout.value.partingMm], moved = movedLayout(layout.value, corner);
  const part = sintered && facetSolid(kernel, grownFacets(sintered, growth, frame, corner), sintered.indices);
  if (!part) return fail("MOLD_PROOF", "The part's facets are not a closed manifold.");
  const live = new Set<FacetSolid>([part]), use = (solid: FacetSolid): FacetSolid => { live.add(solid); return solid; };
  try {
    const { upper, lower } = memory.blanks(kernel, moved);
    const { core, cavity } = assignPieces(kernel, use(lower.subtract(part)), use(upper.subtract(part)), moved, use);
    const piece = (role: "core" | "cavity", solid: FacetSolid) => ({ role, mesh: meshInPartFrame(solid, facets.deviationMm, frame, corner), volumeMm3: solid.volume() });
    const [ox, oy, oz] = growth.osf;
    return ok({
      pull: frame.z, partingMm: sinteredPartingMm, block: { ...frame, box: layout.value.box },
      pieces: [piece("core", core), piece("cavity", cavity)], oversizedMm3: sintered.volumeMm3 * ox * oy * oz, toleranceMm: sintered.toleranceMm,
    });
  } finally {
    for (const solid of live) solid.delete();
  }
}

function diagonalOf(bodies: readonly Body[]): number {
  const [low, high] = bodies.map(({ mass }) => mass.boxMm).reduce(uniteBoxes);
  return Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
}

/** The layout seen from a point of the block's frame. */
function movedLayout({ frame, box: [low, high], partingMm, pins, relief }: MoldLayout, [x, y, z]: Vec3): MoldLayout {
  return {
    frame, box: [[low[0] - x, low[1] - y, low[2] - z], [high[0] - x, high[1] - y, high[2] - z]], partingMm: partingMm - z,
    pins: pins.map((pin) => ({ ...pin, xMm: pin.xMm - x, yMm: pin.yMm - y })),
    ...(relief && { relief: { depthMm: relief.depthMm, land: [[relief.land[0][0] - x, relief.land[0][1] - y], [relief.land[1][0] - x, relief.land[1][1] - y]] as const } }),
  };
}

/** Corners of the grown part in the block's frame, seen from a point of it on the parting plane. */
function grownFacets({ positions: p, sizeMm }: SinteredFacets, growth: Growth, { x, y, z }: PullFrame, corner: Vec3): Float64Array {
  const out = new Float64Array(p.length), near = ON_PLANE * sizeMm;
  for (let i = 0; i < p.length; i += 3) {
    const at = grow(growth, [p[i], p[i + 1], p[i + 2]]), height = dot(at, z) - corner[2];
    out[i] = dot(at, x) - corner[0]; out[i + 1] = dot(at, y) - corner[1]; out[i + 2] = Math.abs(height) < near ? 0 : height;
  }
  return out;
}
