import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Report } from "../../report/report.ts";
import { fail, ok, type Problem, type Result } from "../../result.ts";
import type { Job } from "../job.ts";
import { VERSION } from "../version.ts";

/** One input ready to be worked on. Plain data: it is also what a queue carries. */
export interface BatchItem {
  /** The input, relative to what was given. */
  readonly file: string;
  /** Folder and stem of its results, below the output folder. */
  readonly output: string;
  readonly job: Job;
  readonly timeoutMs: number;
  /** Set when its own settings are wrong: it fails without being opened. */
  readonly problem?: Problem;
}

/**
 * SHA-256 over file, settings and version: what decides whether a result is still the one that would come out.
 * Paths are left out (the same work elsewhere is the same work), today's date, and limits, so that raising one and
 * asking for `--retry-failed` does only the failed ones again.
 */
export function itemKey(item: BatchItem, sha256: string | undefined): string {
  const { input: _input, outDir: _outDir, settings: _settings, maxBytes: _maxBytes, material, ...rest } = item.job;
  const { today: _today, ...request } = material ?? {};
  const identity = { version: VERSION, sha256: sha256 ?? "unreadable", problem: item.problem, material: material && request, ...rest };
  return createHash("sha256").update(canonical(identity)).digest("hex");
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v);
}

/** SHA-256 of a file, read as a stream. FILE_UNREADABLE says why not. */
export async function hashFile(path: string): Promise<Result<string>> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return fail("FILE_UNREADABLE", code === "ENOENT" ? "There is no such file." : code === "EISDIR" ? "It is a folder." : `${message}.`);
  }
  return ok(hash.digest("hex"));
}

/** Settings as the report shows them. */
export type ShownSettings = NonNullable<Report["settings"]>;
