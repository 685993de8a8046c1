import type { Engine, ExportFormat, Mold, MoldDesign, OpenPart, PreviewMemory } from "../src/engine.ts";
import type { MoldRole } from "../src/mold/mold.ts";
import { describeMold } from "../src/report/describe-mold.ts";
import { ok, type Result } from "../src/result.ts";
import type { Box, Vec3 } from "../src/units.ts";
import { pieceBuffers } from "./piece-buffers.ts";
import type { MoldMade, MoldPreview, OutputFile, PieceBuffers, ProgressListener } from "./protocol.ts";

/** What a moving slider need not make again. */
export interface MoldMemory {
  /** The parting chosen for a pull and growth. */
  readonly partings: Map<string, { readonly pull: Vec3; readonly partingMm: number }>;
  readonly solids: PreviewMemory;
}

/** The quick mold of one body, or of all together. */
export async function previewPart(engine: Engine, { part }: OpenPart, design: MoldDesign, body: string | undefined, { partings, solids }: MoldMemory): Promise<Result<MoldPreview>> {
  const began = performance.now();
  const bodies = design.bodies === "together" ? part.bodies : [part.bodies.find(({ id }) => id === body) ?? part.bodies[0]];
  const key = JSON.stringify([bodies.map(({ id }) => id), design.pull, design.osf.map((f) => (f / design.osf[0]).toFixed(9))]);
  const known = design.partingMm === "auto" ? partings.get(key) : undefined;
  const made = await engine.previewMold(bodies, known ? { ...design, ...known } : design, solids);
  if (!made.ok) return made;
  const { pull, partingMm, block, pieces, oversizedMm3 } = made.value;
  if (design.partingMm === "auto") partings.set(key, { pull, partingMm });
  const originMm = middleOf(bodies[0].mass.boxMm);
  return ok({
    bodies: bodies.map(({ id }) => id), originMm, pull, partingMm, blockMm: sizeOf(block.box),
    pieces: pieces.map(({ role, mesh, volumeMm3 }) => pieceBuffers(role, mesh, originMm, volumeMm3)), oversizedMm3,
    previewMs: performance.now() - began,
  });
}

/** Makes and proves the molds, with what draws them. The molds are the caller's to dispose. */
export async function moldPart(engine: Engine, open: OpenPart, design: MoldDesign, onProgress?: ProgressListener): Promise<Result<{ made: MoldMade; molds: readonly Mold[] }>> {
  const began = performance.now();
  const molds = await engine.mold(open, design, { onProgress });
  if (!molds.ok) return molds;
  const previews: MoldPreview[] = [];
  for (const mold of molds.value) {
    const meshes = await engine.moldMeshes(mold);
    if (!meshes.ok) return meshes;
    const originMm = middleOf(open.part.bodies.find(({ id }) => id === mold.bodies[0])?.mass.boxMm ?? open.part.bodies[0].mass.boxMm);
    previews.push({
      bodies: mold.bodies, originMm, pull: mold.pull.direction, partingMm: mold.partingMm, blockMm: sizeOf(mold.block.box),
      pieces: meshes.value.flatMap((mesh) => (mesh.role === "oversized" ? [] : [pieceBuffers(mesh.role, mesh, originMm, volumeOf(mold, mesh.role))])),
      oversizedMm3: volumeOf(mold, "oversized"),
      previewMs: performance.now() - began,
    });
  }
  const made: MoldMade = { molds: molds.value.map((mold) => ({ ...describeMold(mold), files: [] })), previews, problems: molds.warnings, moldMs: performance.now() - began };
  return ok({ made, molds: molds.value }, molds.warnings);
}

/**
 * Files of molds, or of those that a body is in; several molds carry their bodies' ids in their names. A facet mold has
 * no STEP and comes as STL.
 */
export async function exportMolds(engine: Engine, molds: readonly Mold[], stem: string, formats: readonly ExportFormat[], body?: string): Promise<Result<readonly OutputFile[]>> {
  const files: OutputFile[] = [];
  for (const mold of molds.filter(({ bodies }) => body === undefined || bodies.includes(body))) {
    const wanted = mold.realisation === "facets" ? [...new Set<ExportFormat>([...formats.filter((f) => f !== "step"), "stl"])] : formats;
    const made = await engine.exportMold(mold, wanted);
    if (!made.ok) return made;
    const name = molds.length > 1 ? `${stem}.${mold.bodies.join("-")}` : stem;
    files.push(...made.value.map(({ suffix, format, bytes }) => ({ path: `${name}.${suffix}`, format, bytes })));
  }
  return ok(files);
}

/** Buffers of a preview that can be moved to another thread. */
export const previewTransferables = (pieces: readonly PieceBuffers[]): ArrayBuffer[] => pieces.flatMap(({ positions, normals, outline }) => [positions, normals, outline].map((a) => a.buffer as ArrayBuffer));

const volumeOf = ({ pieces }: Mold, role: MoldRole): number => pieces.find((piece) => piece.role === role)?.volumeMm3 ?? 0;
const middleOf = ([a, b]: Box): Vec3 => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
const sizeOf = ([a, b]: Box): Vec3 => [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
