import type { Finding } from "../../dfm/finding.ts";
import { escapeXml as esc } from "../formats/escape.ts";
import type { BatchFormat } from "./batch-format.ts";
import type { BatchRow } from "./batch-row.ts";

/**
 * One test case for each input: `error` when it failed, `failure` for findings that block, `skipped` when nothing
 * was evaluated. Shape as Jenkins and GitLab read it.
 */
export const BATCH_JUNIT: BatchFormat = {
  head: ({ rows }) => {
    const count = (status: BatchRow["status"]): number => rows.filter((r) => r.status === status).length;
    const totals = `tests="${rows.length}" failures="${count("blocking")}" errors="${count("failed")}"`;
    const time = (rows.reduce((sum, r) => sum + r.durationMs, 0) / 1000).toFixed(3);
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="oversize" ${totals} time="${time}">\n<testsuite name="oversize batch" ${totals} skipped="${count("unchecked")}" time="${time}">\n`;
  },
  entry: (row, report) => {
    const slash = row.file.lastIndexOf("/"), folder = slash < 0 ? "." : row.file.slice(0, slash);
    const open = `<testcase classname="${esc(folder)}" name="${esc(row.file.slice(slash + 1))}" time="${(row.durationMs / 1000).toFixed(3)}"`;
    const body = caseBody(row, report?.findings ?? []);
    return body ? `${open}>${body}</testcase>\n` : `${open}/>\n`;
  },
  tail: () => "</testsuite>\n</testsuites>\n",
};

function caseBody(row: BatchRow, findings: readonly Finding[]): string {
  if (row.problem) return `<error type="${esc(row.problem.code)}" message="${esc(row.problem.message)}">${esc(row.problem.suggestion)}</error>`;
  if (row.status === "unchecked") return '<skipped message="Nothing was evaluated."/>';
  const says = (of: readonly Finding[]): string => of.map((f) => `${f.code} (body ${f.body}): ${f.message}`).join("\n");
  const blocking = findings.filter((f) => f.verdict === "fail" && f.severity === "blocking");
  const others = findings.filter((f) => (f.verdict === "fail" && f.severity === "advisory") || f.verdict === "undecided");
  const failure = blocking.length === 0 ? "" : `<failure type="${esc(blocking[0].code)}" message="${esc(`${blocking.length} blocking: ${row.codes.join(", ")}`)}">${esc(says(blocking))}</failure>`;
  return failure + (others.length === 0 ? "" : `<system-out>${esc(says(others))}</system-out>`);
}
