import Papa from "papaparse";

/** A CSV cell. Numbers stay numbers; texts that a spreadsheet would run as a formula are made harmless. */
export type Cell = string | number | null;

/** What a spreadsheet may take for a formula, behind white space too and over several lines. */
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** Comma-separated text with CRLF ends (RFC 4180). */
export function toCsv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${Papa.unparse({ fields: [...columns], data: rows.map((row) => [...row]) }, { escapeFormulae: FORMULA, newline: "\r\n" })}\r\n`;
}
