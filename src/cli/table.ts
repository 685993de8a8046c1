import { printable } from "./terminal.ts";

/** A plain text table: numbers to the right, text to the left, two spaces between columns. */
export function textTable(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? String(cell) : printable(cell).replace(/[\t\n]/g, " "))));
  const right = columns.map((_, c) => cells.every((row) => /^[±+−-]?[\d.,–/ ]*$/.test(row[c] ?? "")));
  const widths = columns.map((name, c) => Math.max(width(name), ...cells.map((row) => width(row[c] ?? ""))));
  const line = (row: readonly string[]): string => row.map((cell, c) => pad(cell, widths[c], right[c])).join("  ").trimEnd();
  return `${[line(columns), widths.map((w) => "─".repeat(w)).join("  "), ...cells.map(line)].join("\n")}\n`;
}

const width = (text: string): number => [...text].length;
const pad = (text: string, to: number, right: boolean): string => {
  const space = " ".repeat(Math.max(0, to - width(text)));
  return right ? space + text : text + space;
};
