import type { Mold, OpenPart } from "../src/engine.ts";
import { describeMold } from "../src/report/describe-mold.ts";
import { buildReport } from "../src/report/build-report.ts";
import { reportBcf } from "../src/report/formats/bcf.ts";
import { reportCsv } from "../src/report/formats/csv.ts";
import { reportHtml } from "../src/report/formats/html.ts";
import { partBodies } from "../src/report/formats/part-bodies.ts";
import { reportSarif } from "../src/report/formats/sarif.ts";
import type { Report } from "../src/report/report.ts";
import type { CheckRun } from "./check-part.ts";
import type { OutputFile, ReportFormat, ReportRequest } from "./protocol.ts";

/** What was done to a part. */
export interface Reported {
  readonly open: OpenPart;
  readonly run: CheckRun;
  readonly molds: readonly Mold[];
  readonly readMs: number;
}

const SUFFIX: Record<ReportFormat, string> = { html: "report.html", json: "report.json", csv: "findings.csv", sarif: "sarif", bcf: "bcf" };

/** The report of a part as a file of the asked format. */
export function writeReport(reported: Reported, stem: string, request: ReportRequest): OutputFile {
  const { open, run, molds, readMs } = reported, { checked, material, profile } = run;
  const report = buildReport({
    version: request.version, part: open.part, material, profile, pull: checked.pull, findings: checked.findings, walls: checked.walls, molds: molds.map((mold) => ({ ...describeMold(mold), files: [] })),
    problems: [...open.warnings, ...checked.problems], timingsMs: { read: Math.round(readMs), check: Math.round(checked.checkMs) },
  });
  const content = write(report, reported, request);
  return { path: `${stem}.${SUFFIX[request.format]}`, format: request.format, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content };
}

function write(report: Report, { open, run }: Reported, { format, viewer, decisions, comments, author, date }: ReportRequest): string | Uint8Array {
  switch (format) {
    case "html": return reportHtml(report, { decisions, ...(viewer !== undefined && { viewer, bodies: partBodies(open.part, run.output.bodies, run.profile) }) });
    case "json": return `${JSON.stringify(report, null, 2)}\n`;
    case "csv": return reportCsv(report, decisions);
    case "sarif": return reportSarif(report, decisions);
    case "bcf": return reportBcf(report, { date, author, decisions, comments });
  }
}
