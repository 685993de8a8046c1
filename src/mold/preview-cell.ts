import { boxOfPoints } from "../part/mesh-measures.ts";
import type { Box, Vec3 } from "../units.ts";
import { facetMesh, facetSolid, type FacetKernel, type FacetSolid } from "./facet-kernel.ts";
import { assignPieces } from "./facet-mold.ts";

/** Triangles over shared corners. */
export interface Sheet {
  readonly positions: Float64Array;
  readonly indices: Uint32Array;
}

/**
 * The steel just around a part: both halves of a box about it, without the box's own walls. It changes with pull,
 * parting plane and the ratio of the factors only, so that a mold of any block and factor is this, grown and set into
 * a window of the block's halves.
 */
export interface Cell {
  readonly box: Box;
  readonly core: Sheet;
  readonly cavity: Sheet;
}

/** Steel between the part and the cell's walls before growth, mm. Grown it stays below the least steel of a block. */
const AROUND_MM = 0.3;
/** Corners of walls are found within this share of the cell. */
const NEAR = 1e-6;

/**
 * Hollows a cell about a part's facets; the parting plane is z = 0. Undefined when the facets are not manifold or the
 * sheets do not end in the window's four corners.
 */
export function hollowCell(kernel: FacetKernel, positions: Float64Array, indices: Uint32Array): Cell | undefined {
  const [low, high] = boxOfPoints(positions), live = new Set<FacetSolid>(), use = (solid: FacetSolid): FacetSolid => { live.add(solid); return solid; };
  const box: Box = [[low[0] - AROUND_MM, low[1] - AROUND_MM, Math.min(low[2], 0) - AROUND_MM], [high[0] + AROUND_MM, high[1] + AROUND_MM, Math.max(high[2], 0) + AROUND_MM]];
  const part = facetSolid(kernel, positions, indices);
  if (!part) return undefined;
  try {
    use(part);
    const lower = use(boxSolid(kernel, box[0], [box[1][0], box[1][1], 0])), upper = use(boxSolid(kernel, [box[0][0], box[0][1], 0], box[1]));
    const { core, cavity } = assignPieces(kernel, use(lower.subtract(part)), use(upper.subtract(part)), { box, partingMm: 0 }, use);
    const sheets = { box, core: withoutWalls(core, box), cavity: withoutWalls(cavity, box) };
    return cornersOf(sheets.core, box) && cornersOf(sheets.cavity, box) ? sheets : undefined;
  } finally {
    for (const solid of live) solid.delete();
  }
}

/** Where a cell stands in a block: its points times `scale`, and then moved. */
export interface CellPlace {
  readonly scale: number;
  readonly moveMm: Vec3;
}

/** Sets one half of a cell into a half of the block that has no hollow yet. Undefined when the window does not fit the sheet. */
export function setCell(kernel: FacetKernel, blank: FacetSolid, sheet: Sheet, cell: Box, { scale, moveMm }: CellPlace): Sheet | undefined {
  const place = (p: Vec3): Vec3 => [p[0] * scale + moveMm[0], p[1] * scale + moveMm[1], p[2] * scale + moveMm[2]];
  const box: Box = [place(cell[0]), place(cell[1])], cutter = boxSolid(kernel, ...box), cut = blank.subtract(cutter);
  const frame = withoutWalls(cut, box), inner = cornersOf(sheet, cell), outer = cornersOf(frame, box);
  cutter.delete();
  cut.delete();
  if (!inner || !outer) return undefined;
  const offset = frame.positions.length / 3, positions = new Float64Array(frame.positions.length + sheet.positions.length), indices = new Uint32Array(frame.indices.length + sheet.indices.length);
  positions.set(frame.positions);
  for (let i = 0; i < sheet.positions.length; i++) positions[offset * 3 + i] = sheet.positions[i] * scale + moveMm[i % 3];
  const join = new Map(inner.map((v, i) => [v, outer[i]]));
  indices.set(frame.indices);
  sheet.indices.forEach((v, i) => { indices[frame.indices.length + i] = join.get(v) ?? v + offset; });
  return { positions, indices };
}

function boxSolid(kernel: FacetKernel, [a, b, c]: Vec3, [d, e, f]: Vec3): FacetSolid {
  const unit = kernel.Manifold.cube([d - a, e - b, f - c]), moved = unit.translate([a, b, c]);
  unit.delete();
  return moved;
}

/** A solid's triangles but those that lie in the walls of a box. */
function withoutWalls(solid: FacetSolid, box: Box): Sheet {
  const { positions, indices } = facetMesh(solid, 0), walls = wallsOf(positions, box), to = new Int32Array(walls.length).fill(-1);
  const kept: number[] = [], points: number[] = [];
  for (let t = 0; t < indices.length; t += 3) {
    if (walls[indices[t]] & walls[indices[t + 1]] & walls[indices[t + 2]]) continue;
    for (let k = 0; k < 3; k++) {
      const v = indices[t + k];
      if (to[v] < 0) { to[v] = points.length / 3; points.push(positions[v * 3], positions[v * 3 + 1], positions[v * 3 + 2]); }
      kept.push(to[v]);
    }
  }
  return { positions: Float64Array.from(points), indices: Uint32Array.from(kept) };
}

/** The four corners in which a sheet ends, in a fixed order; undefined when it touches the walls elsewhere. */
function cornersOf({ positions }: Sheet, box: Box): readonly number[] | undefined {
  const walls = wallsOf(positions, box), at = [...walls.keys()].filter((v) => walls[v] !== 0).sort((a, b) => walls[a] - walls[b]);
  return at.length === 4 && at.every((v, i) => walls[v] === CORNERS[i]) ? at : undefined;
}

/** Bits of low x, high x, low y, high y, in ascending order of their sums. */
const CORNERS = [1 + 4, 2 + 4, 1 + 8, 2 + 8];

/** Which walls of a box each point lies in: a bit each of low and high x, y and z. */
function wallsOf(p: Float64Array, [low, high]: Box): Uint8Array {
  const out = new Uint8Array(p.length / 3), near = NEAR * Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  for (let v = 0; v < out.length; v++) {
    let bits = 0;
    for (let k = 0; k < 3; k++) {
      const x = p[v * 3 + k];
      if (x < low[k] - near || x > high[k] + near) { bits = 0; break; }
      if (x < low[k] + near) bits |= 1 << (2 * k);
      else if (x > high[k] - near) bits |= 2 << (2 * k);
    }
    out[v] = bits;
  }
  return out;
}
