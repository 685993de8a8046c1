import Papa from "papaparse";
import type { BatchFormat } from "./batch-format.ts";
import { fileOf, type BatchRow } from "./batch-row.ts";

const COLUMNS: readonly (readonly [name: string, of: (row: BatchRow) => string | number | undefined])[] = [
  ["file", (r) => r.file],
  ["status", (r) => r.status],
  ["code", (r) => r.problem?.code],
  ["message", (r) => r.problem?.message],
  ["blocking", (r) => r.findings?.blocking],
  ["undecided", (r) => r.findings?.undecided],
  ["advisory", (r) => r.findings?.advisory],
  ["passed", (r) => r.findings?.passed],
  ["not evaluated", (r) => r.findings?.notEvaluated],
  ["finding codes", (r) => r.codes.join(" ")],
  ["bodies", (r) => r.part?.solids],
  ["faces", (r) => r.part?.faces],
  ["x mm", (r) => r.part?.sizeMm[0]],
  ["y mm", (r) => r.part?.sizeMm[1]],
  ["z mm", (r) => r.part?.sizeMm[2]],
  ["volume mm3", (r) => r.part?.volumeMm3],
  ["mass g", (r) => r.part?.massG],
  ["reader", (r) => r.part?.reader],
  ["material", (r) => r.material?.id],
  ["osf", (r) => r.material && [...new Set(r.material.osf)].join(" ")],
  ["exact molds", (r) => (r.problem ? undefined : r.molds.exact)],
  ["facet molds", (r) => (r.problem ? undefined : r.molds.facets)],
  ["warnings", (r) => r.warnings.join(" ")],
  ["seconds", (r) => r.durationMs / 1000],
  ["sha256", (r) => r.sha256],
  ["report", (r) => fileOf(r, ".report.html") ?? fileOf(r, ".report.json")],
];

/** One line for each input. Cells a spreadsheet would run as formulas get a leading apostrophe. */
export const BATCH_CSV: BatchFormat = {
  head: () => `\ufeff${line(COLUMNS.map(([name]) => name))}`,
  entry: (row) => line(COLUMNS.map(([, of]) => of(row))),
  tail: () => "",
};

/** Line breaks inside a cell are kept by quoting, but other control characters only do harm. */
function line(cells: readonly (string | number | undefined)[]): string {
  const clean = cells.map((cell) => (typeof cell === "string" ? cell.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd") : cell));
  return `${Papa.unparse([clean], { escapeFormulae: true, newline: "\r\n" })}\r\n`;
}
