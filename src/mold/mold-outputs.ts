import type { Rgb } from "../part/part.ts";
import { ok, type Result } from "../result.ts";
import { meshSolid, type ClosedMesh } from "../step/mesh-solid.ts";
import type { MoldKernels } from "./mold-kernels.ts";
import type { Mold, MoldPiece, MoldRole } from "./mold.ts";

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
