import { dot, uniteBoxes } from "../geometry.ts";
import { boxOfPoints, closedVolume } from "../part/mesh-measures.ts";
import type { Body } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { ClosedMesh } from "../step/mesh-solid.ts";
import type { Vec3 } from "../units.ts";
import type { BlockBuilt, MoldDesign } from "./design.ts";
import type { PullFrame } from "./frame.ts";
import { facetMesh, facetSolid, type FacetKernel, type FacetSolid } from "./facet-kernel.ts";
import { assignPieces, inPartFrame, makeBlanks, weldedFacets } from "./facet-mold.ts";
import { layOut, type MoldLayout } from "./lay-out.ts";
import { facetBox } from "./make-facet-mold.ts";
import type { MoldKernels } from "./mold-kernels.ts";
import { grow, oversizedFacets, type Growth } from "./oversized-facets.ts";
import { hollowCell, setCell, type Cell, type Sheet } from "./preview-cell.ts";
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
 * What does not change from one preview of a part to the next: its facets at sintered size, the steel just around it as
 * long as pull and parting plane stay, and the blanks of the last block as long as their sizes stay. Dispose it with the part.
 */
export class PreviewMemory {
  readonly #parts = new Map<string, SinteredFacets>();
  /** The last cell of each choice of bodies. */
  readonly #cells = new Map<string, { readonly key: string; readonly cell: Cell | undefined }>();
  #blanks: { readonly key: string; readonly upper: FacetSolid; readonly lower: FacetSolid } | undefined;

  /** The bodies' facets; undefined when they are not manifold. */
  part(kernel: FacetKernel, bodies: readonly Body[]): SinteredFacets | undefined {
    const key = idsOf(bodies), known = this.#parts.get(key);
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

  /** The cell about placed facets. */
  cell(kernel: FacetKernel, bodies: readonly Body[], { positions, key }: PlacedFacets, indices: Uint32Array): Cell | undefined {
    const ids = idsOf(bodies), known = this.#cells.get(ids);
    if (known?.key === key) return known.cell;
    const cell = hollowCell(kernel, positions(), indices);
    this.#cells.set(ids, { key, cell });
    return cell;
  }

  /** Blanks of a block whose parting plane is z = 0. */
  blanks(kernel: FacetKernel, layout: MoldLayout): { readonly upper: FacetSolid; readonly lower: FacetSolid } {
    const { frame: _, ...sizes } = layout;
    const key = rounded(sizes);
    if (this.#blanks?.key === key) return this.#blanks;
    const live = new Set<FacetSolid>(), { upper, lower } = makeBlanks(kernel, layout, (solid) => { live.add(solid); return solid; });
    // Booleans wait until they are asked for; their operands must live so long.
    upper.numTri();
    lower.numTri();
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
  if (!sintered) return notClosed;
  // Everything is built about a corner of the block on the parting plane, where blanks of equal sizes are equal.
  const [low] = layout.value.box, corner: Vec3 = [low[0], low[1], layout.value.partingMm], moved = movedLayout(layout.value, corner);
  const blanks = memory.blanks(kernel, moved), placed = placeFacets(sintered, growth, frame, corner);
  const cell = memory.cell(kernel, bodies, placed, sintered.indices);
  const cells = cell && { core: setCell(kernel, blanks.lower, cell.core, cell.box, placed), cavity: setCell(kernel, blanks.upper, cell.cavity, cell.box, placed) };
  const halves = cells?.core && cells.cavity ? { core: cells.core, cavity: cells.cavity } : cutWhole(kernel, blanks, placed, sintered.indices, moved);
  if (!halves) return notClosed;
  const piece = (role: "core" | "cavity") => {
    const { positions, indices } = halves[role], { volumeMm3 } = closedVolume(positions, indices);
    return { role, mesh: inPartFrame({ positions, indices, deviationMm: facets.deviationMm }, frame, corner), volumeMm3 };
  };
  const [ox, oy, oz] = growth.osf;
  return ok({
    pull: frame.z, partingMm: sinteredPartingMm, block: { ...frame, box: layout.value.box },
    pieces: [piece("core"), piece("cavity")], oversizedMm3: sintered.volumeMm3 * ox * oy * oz, toleranceMm: sintered.toleranceMm,
  });
}

const notClosed = fail("MOLD_PROOF", "The part's facets are not a closed manifold.");

/** Halves cut from whole blanks, where the cell does not fit its window. */
function cutWhole(kernel: FacetKernel, { upper, lower }: { readonly upper: FacetSolid; readonly lower: FacetSolid }, placed: PlacedFacets, indices: Uint32Array, layout: MoldLayout): { core: Sheet; cavity: Sheet } | undefined {
  const { scale, moveMm } = placed, part = facetSolid(kernel, placed.positions().map((x, i) => x * scale + moveMm[i % 3]), indices);
  if (!part) return undefined;
  const live = new Set<FacetSolid>([part]), use = (solid: FacetSolid): FacetSolid => { live.add(solid); return solid; };
  try {
    const { core, cavity } = assignPieces(kernel, use(lower.subtract(part)), use(upper.subtract(part)), layout, use);
    return { core: facetMesh(core, 0), cavity: facetMesh(cavity, 0) };
  } finally {
    for (const solid of live) solid.delete();
  }
}

const idsOf = (bodies: readonly Body[]): string => bodies.map(({ id }) => id).join();
const rounded = (value: unknown): string => JSON.stringify(value, (_, x: unknown) => (typeof x === "number" ? Math.round(x * 1e7) : x));

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

/** Facets seen from their lowest corner on the parting plane, in the block's directions, with only the ratios of the factors applied. */
interface PlacedFacets {
  /** Made when asked for. */
  readonly positions: () => Float64Array;
  /** What they depend on. */
  readonly key: string;
  /** To the grown part, seen from the block's corner. */
  readonly scale: number;
  readonly moveMm: Vec3;
}

/** @param corner of the block on the parting plane, block's frame */
function placeFacets({ positions: p, sizeMm }: SinteredFacets, { osf, originMm }: Growth, { x, y, z }: PullFrame, corner: Vec3): PlacedFacets {
  const [scale] = osf, near = ON_PLANE * sizeMm, ratios: Growth = { osf: [1, osf[1] / scale, osf[2] / scale], originMm: [0, 0, 0] };
  const still = grow({ osf, originMm }, [0, 0, 0]), origin: Vec3 = [dot(still, x), dot(still, y), dot(still, z)], heightMm = (corner[2] - origin[2]) / scale;
  const turned = new Float64Array(p.length);
  for (let i = 0; i < p.length; i += 3) {
    const at = grow(ratios, [p[i], p[i + 1], p[i + 2]]), height = dot(at, z) - heightMm;
    turned[i] = dot(at, x); turned[i + 1] = dot(at, y); turned[i + 2] = Math.abs(height) < near ? 0 : height;
  }
  const [low] = boxOfPoints(turned), from: Vec3 = [low[0], low[1], 0];
  return {
    key: rounded([ratios.osf, z, heightMm]), scale, moveMm: [scale * low[0] + origin[0] - corner[0], scale * low[1] + origin[1] - corner[1], 0],
    positions: () => turned.map((value, i) => value - from[i % 3]),
  };
}
