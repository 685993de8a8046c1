import { FINDING_KINDS, type Finding } from "../../dfm/finding.ts";
import { limitText, listText, measuredText } from "../format-value.ts";
import type { Report } from "../report.ts";
import type { Decisions } from "../standing.ts";
import { escapeXml } from "./escape.ts";

/**
 * Findings as JUnit XML. A broken limit is a failure (its type is the severity), an undecided one an error, what
 * was not evaluated is skipped; accepted and waived findings are skipped with the reason.
 */
export function reportJunit(report: Report, decisions: Decisions = {}): string {
  const cases = report.findings.map((finding) => caseOf(report, finding, decisions[finding.id]?.state));
  const count = (tag: string): number => cases.filter((text) => text.includes(`<${tag}`)).length;
  const totals = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  const seconds = (Object.values(report.timingsMs).reduce((sum, ms) => sum + ms, 0) / 1000).toFixed(3);
  const problems = report.problems.map((p) => `${p.code}: ${p.message}`).join("\n");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="oversize" ${totals} time="${seconds}">`,
    `  <testsuite name="${escapeXml(report.part.file)}" ${totals} time="${seconds}">`,
    `    <properties><property name="sha256" value="${escapeXml(report.part.sha256)}"/><property name="profile" value="${escapeXml(report.profile?.id ?? "none")}"/></properties>`,
    ...cases,
    ...(problems ? [`    <system-err>${escapeXml(problems)}</system-err>`] : []),
    "  </testsuite>", "</testsuites>", "",
  ].join("\n");
}

function caseOf({ part }: Report, finding: Finding, state: string | undefined): string {
  const name = `${finding.id} ${FINDING_KINDS[finding.code].title}`;
  const open = `    <testcase classname="${escapeXml(`${part.file}.${finding.body}`)}" name="${escapeXml(name)}"`;
  const inside = outcome(finding, state);
  return inside ? `${open}>${inside}</testcase>` : `${open}/>`;
}

function outcome(finding: Finding, state: string | undefined): string {
  const { verdict, severity, message } = finding;
  if (verdict === "pass") return "";
  if (verdict === "not-evaluated") return `<skipped message="${escapeXml(`not evaluated: ${message}`)}"/>`;
  if (state) return `<skipped message="${escapeXml(`${state}: ${message}`)}"/>`;
  const tag = verdict === "fail" ? "failure" : "error";
  return `<${tag} type="${severity}" message="${escapeXml(message)}">${escapeXml(detail(finding))}</${tag}>`;
}

function detail({ measured, limit, faces, points, method }: Finding): string {
  return [
    measured && `measured ${measuredText(measured)}`,
    limit && `limit ${limitText(limit)}${limit.source ? ` (${limit.source})` : ""}`,
    faces.length > 0 && `faces ${listText(faces)}`,
    points.length > 0 && `at ${points.map((p) => p.map((x) => x.toFixed(3)).join(", ")).join(" and ")} mm`,
    `method: ${method}`,
  ].filter((line) => typeof line === "string").join("\n");
}
