import type { ExportFormat } from "./export/formats.ts";
import { write3mf } from "./export/write-3mf.ts";
import { writeGlb } from "./export/write-glb.ts";
import { writeStl } from "./export/write-stl.ts";
import type { MoldKernels } from "./mold/mold-kernels.ts";
import { moldMeshes, type NamedMesh } from "./mold/mold-outputs.ts";
import { MOLD_FILES, type Mold, type MoldFile } from "./mold/mold.ts";
import { ok, type Result } from "./result.ts";

/** A file to be written beside the others of its part. */
export interface ExportedFile {
  /** What follows the stem: `core.step`. */
  readonly suffix: string;
  readonly format: ExportFormat;
  readonly bytes: Uint8Array;
}

const WRITERS: Readonly<Record<Exclude<ExportFormat, "step">, (title: string, meshes: readonly NamedMesh[]) => Uint8Array>> = {
  stl: (_, meshes) => writeStl(meshes), "3mf": write3mf, glb: writeGlb,
};

/** All files of a mold in the given formats: the assembly and core, cavity and oversized part by themselves. A facet mold has no STEP. */
export async function exportMold(kernels: MoldKernels, mold: Mold, formats: readonly ExportFormat[]): Promise<Result<readonly ExportedFile[]>> {
  const files: ExportedFile[] = [];
  if (formats.includes("step")) files.push(...(mold.steps ?? []).map(({ file, bytes }) => ({ suffix: `${file}.step`, format: "step" as const, bytes })));
  const others = formats.filter((f): f is Exclude<ExportFormat, "step"> => f !== "step");
  if (others.length === 0) return ok(files);
  const meshes = await moldMeshes(kernels, mold);
  if (!meshes.ok) return meshes;
  for (const format of others) for (const file of MOLD_FILES) {
    files.push({ suffix: `${file}.${format}`, format, bytes: WRITERS[format](`${mold.name} ${file}`, of(meshes.value, file)) });
  }
  return ok(files);
}

const of = (meshes: readonly NamedMesh[], file: MoldFile): readonly NamedMesh[] => (file === "mold" ? meshes : meshes.filter((m) => m.role === file));
