import type { Rgb } from "../part/part.ts";
import { ok, type Result } from "../result.ts";
import { meshSolid, type ClosedMesh } from "../step/mesh-solid.ts";
import { writeStep } from "../step/write-step.ts";
import { gatherPieces } from "./make-exact-mold.ts";
import type { MoldKernels } from "./mold-kernels.ts";
import type { Mold, MoldPiece, MoldRole } from "./mold.ts";

/** The files a mold is written as: all of it, and each role by itself. */
export const MOLD_FILES = ["mold", "core", "cavity", "oversized"] as const;
export type MoldFile = (typeof MOLD_FILES)[number];

/** How finely mold bodies are meshed for STL, 3MF, GLB and the screen. */
export interface MoldMeshOptions {
  /** Absolute; by default what the part was meshed with. */
  readonly deflectionMm?: number;
  readonly angleDeg?: number;
}

/** A mesh with what other systems show beside it. */
export interface NamedMesh extends ClosedMesh {
  readonly name: string;
  readonly role: MoldRole;
  readonly color: Rgb;
}

/** STEP bytes of the assembly and of each role. Empty on a facet mold: there is no STEP for it. */
export async function moldSteps(kernels: MoldKernels, mold: Mold): Promise<Result<readonly { readonly file: MoldFile; readonly bytes: Uint8Array }[]>> {
  if (!mold.step) return ok([]);
  const kernel = await kernels.step.occt();
  const files: { file: MoldFile; bytes: Uint8Array }[] = [{ file: "mold", bytes: mold.step }];
  for (const role of ["core", "cavity", "oversized"] as const) {
    const pieces = mold.pieces.filter((p) => p.role === role);
    using all = gatherPieces(kernel, pieces);
    const single = pieces.length === 1 ? pieces[0].name : `${role} parts`;
    const written = writeStep(kernel, `${mold.name} ${role}`, [{ name: single, color: pieces[0].color, solid: all }]);
    if (!written.ok) return written;
    files.push({ file: role, bytes: written.value });
  }
  return ok(files);
}

/** Closed triangles of every body of a mold. */
export async function moldMeshes(kernels: MoldKernels, mold: Mold, options: MoldMeshOptions = {}): Promise<Result<readonly NamedMesh[]>> {
  const meshes: NamedMesh[] = [];
  for (const piece of mold.pieces) {
    const mesh = piece.mesh ? ok(piece.mesh) : await meshPiece(kernels, mold, piece, options);
    if (!mesh.ok) return mesh;
    meshes.push({ ...mesh.value, name: piece.name, role: piece.role, color: piece.color });
  }
  return ok(meshes);
}

async function meshPiece(kernels: MoldKernels, { block: { box: [low, high] } }: Mold, { solid }: MoldPiece, options: MoldMeshOptions): Promise<Result<ClosedMesh>> {
  if (!solid) throw new Error("a piece has a solid or a mesh");
  const diagonal = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  const deflectionMm = options.deflectionMm ?? Math.min(0.1, Math.max(0.002, diagonal / 2000));
  return meshSolid(await kernels.step.occt(), solid, deflectionMm, options.angleDeg ?? 15);
}
