import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { BatchFormat, BatchInfo } from "../../report/batch/batch-format.ts";
import { BATCH_CSV } from "../../report/batch/batch-csv.ts";
import { BATCH_HTML } from "../../report/batch/batch-html.ts";
import { BATCH_JUNIT } from "../../report/batch/batch-junit.ts";
import { BATCH_SARIF } from "../../report/batch/batch-sarif.ts";
import { compareRows, fileOf, type BatchRow } from "../../report/batch/batch-row.ts";
import type { Report } from "../../report/report.ts";
import { fail, ok, type Result } from "../../result.ts";

const BATCH_JSONL: BatchFormat = { head: () => "", entry: (row) => `${JSON.stringify(row)}\n`, tail: () => "" };

const FORMATS: readonly (readonly [ending: string, format: BatchFormat, order: "name" | "worst"])[] = [
  [".jsonl", BATCH_JSONL, "name"],
  [".csv", BATCH_CSV, "name"],
  [".junit.xml", BATCH_JUNIT, "name"],
  [".sarif", BATCH_SARIF, "name"],
  [".html", BATCH_HTML, "worst"],
];

/** Writes every summary of a batch as `NAME.jsonl`, `.csv`, `.junit.xml`, `.sarif` and `.html`; says which. */
export async function writeSummaries(outDir: string, name: string, batch: BatchInfo): Promise<Result<string[]>> {
  const byName = [...batch.rows].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.output < b.output ? -1 : 1));
  const written: string[] = [];
  try {
    await mkdir(outDir, { recursive: true });
    for (const [ending, format, order] of FORMATS) {
      const rows = order === "name" ? byName : [...byName].sort(compareRows);
      await writePieces(join(outDir, `${name}${ending}`), pieces(outDir, format, { ...batch, rows }));
      written.push(`${name}${ending}`);
    }
  } catch (error) {
    return fail("OUTPUT_FAILED", (error as Error).message);
  }
  return ok(written);
}

async function* pieces(outDir: string, format: BatchFormat, batch: BatchInfo): AsyncGenerator<string> {
  yield format.head(batch);
  const needsReport = format === BATCH_JUNIT || format === BATCH_SARIF;
  for (const [i, row] of batch.rows.entries()) yield format.entry(row, needsReport ? await readReport(outDir, row) : undefined, i);
  yield format.tail(batch);
}

async function readReport(outDir: string, row: BatchRow): Promise<Report | undefined> {
  const path = fileOf(row, ".report.json");
  return path === undefined ? undefined : (JSON.parse(await readFile(join(outDir, path), "utf8")) as Report);
}

/** By temporary file and rename, as everything else. */
async function writePieces(path: string, source: AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await pipeline(source, createWriteStream(temporary));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
