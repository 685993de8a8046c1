import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ReportFile } from "../report/report.ts";
import { fail, ok, type Result } from "../result.ts";

/** A result to be written: its name inside the output folder, its format and bytes. */
export interface OutputFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: Uint8Array | string;
}

/** Writes by temporary file and rename, so that a reader never sees half a file. Creates folders as needed. */
export async function writeAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes files into `dir` and says what was written. OUTPUT_FAILED names the file that could not be. */
export async function writeOutputs(dir: string, files: readonly OutputFile[]): Promise<Result<ReportFile[]>> {
  const written: ReportFile[] = [];
  for (const { path, format, bytes } of files) {
    const data = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    try {
      await writeAtomic(join(dir, path), data);
    } catch (error) {
      return fail("OUTPUT_FAILED", `${path}: ${(error as Error).message}.`);
    }
    written.push({ path, format, bytes: data.length, sha256: createHash("sha256").update(data).digest("hex") });
  }
  return ok(written);
}

/**
 * A file name stem that is safe in any folder, made from the input's own file name, never from names inside the
 * file: separators, control characters and characters Windows forbids become `_`.
 */
export function safeStem(fileName: string): string {
  const base = fileName.split(/[\\/]/).pop() ?? "";
  const stem = base.replace(/\.(step|stp|p21|stpz|iges|igs|brep|brp)$/i, "").replace(/\.(step|stp|p21)\.(gz|zip)$/i, "");
  const safe = stem.replace(/[\u0000-\u001f<>:"|?*\u007f]/g, "_").replace(/^\.+|[. ]+$/g, "_");
  return shorten(safe) || "part";
}

/** Keeps room for suffixes within the 255 bytes most file systems allow. */
function shorten(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= 200) return name;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  return `${bytes.subarray(0, 190).toString("utf8").replace(/\ufffd+$/, "")}~${hash}`;
}
