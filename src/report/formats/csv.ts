import Papa from "papaparse";
import { FINDING_KINDS } from "../../dfm/finding.ts";
import type { Report } from "../report.ts";
import type { Decisions } from "../standing.ts";

/**
 * What a spreadsheet may take for a formula, after any white space and in full-width form too; such text gets a
 * leading apostrophe. Numbers stay numbers.
 */
const FORMULA = /^\s*[=+\-@|%\t\r\n\u0000＝＋－＠]/;

const COLUMNS = [
  "file", "sha256", "body", "id", "code", "title", "verdict", "severity", "value", "low", "high", "unit", "limitMin", "limitMax",
  "limitSource", "faces", "xMm", "yMm", "zMm", "areaMm2", "state", "decidedBy", "decidedOn", "reason", "message", "method",
] as const;

/** Findings as CSV (RFC 4180, UTF-8): one row each, numbers unrounded, point in mm in the part frame. */
export function reportCsv(report: Report, decisions: Decisions = {}): string {
  const rows = report.findings.map((finding): Record<(typeof COLUMNS)[number], string | number | undefined> => {
    const { measured, limit } = finding, [at] = finding.points, decision = decisions[finding.id];
    return {
      file: report.part.file, sha256: report.part.sha256, body: finding.body, id: finding.id, code: finding.code,
      title: FINDING_KINDS[finding.code].title, verdict: finding.verdict, severity: finding.severity,
      value: measured?.value, low: measured?.low, high: measured?.high, unit: measured?.unit ?? limit?.unit,
      limitMin: limit?.min, limitMax: limit?.max, limitSource: limit?.source, faces: finding.faces.join(" "),
      xMm: at?.[0], yMm: at?.[1], zMm: at?.[2], areaMm2: finding.areaMm2,
      state: decision?.state ?? "open", decidedBy: decision?.name, decidedOn: decision?.date, reason: decision?.reason,
      message: finding.message, method: finding.method,
    };
  });
  return `${Papa.unparse({ fields: [...COLUMNS], data: rows }, { escapeFormulae: FORMULA, newline: "\r\n" })}\r\n`;
}
