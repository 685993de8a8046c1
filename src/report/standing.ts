import type { Finding } from "../dfm/finding.ts";
import type { Report } from "./report.ts";

/** How a finding stands. Undecided stands with what it may be. */
export type Standing = "blocking" | "advisory" | "passed" | "not-evaluated";

/** A mark for each standing, so that it is never told by hue alone. */
export const STANDING_MARKS: Record<Standing, string> = { blocking: "■", advisory: "▲", passed: "✓", "not-evaluated": "–" };

/** How a finding stands by its verdict and severity. */
export function standing({ verdict, severity }: Pick<Finding, "verdict" | "severity">): Standing {
  if (verdict === "pass") return "passed";
  return verdict === "not-evaluated" ? "not-evaluated" : severity;
}

/** What a person decided about a finding. */
export interface FindingDecision {
  readonly state: "accepted" | "waived" | "fixed";
  readonly reason?: string;
  readonly name?: string;
  /** ISO 8601. */
  readonly date?: string;
}

/** Decisions by `Finding.id`; a finding without one is open. */
export type Decisions = Readonly<Record<string, FindingDecision>>;

/** The report in one sentence, with how many findings stand how. */
export interface ReportVerdict {
  readonly kind: "blocked" | "open" | "clear";
  readonly text: string;
  readonly counts: Readonly<Record<Standing, number>>;
}

/**
 * The verdict on a part. `blocked`: a blocking limit is broken and nobody accepted or waived it. `open`: something
 * is undecided or was not evaluated, so nobody may call the part clear. `clear`: everything was measured and holds.
 */
export function judgeReport(report: Pick<Report, "findings">, decisions: Decisions = {}): ReportVerdict {
  const counts: Record<Standing, number> = { blocking: 0, advisory: 0, passed: 0, "not-evaluated": 0 };
  let broken = 0, unsure = 0;
  for (const finding of report.findings) {
    counts[standing(finding)]++;
    const settled = decisions[finding.id] !== undefined;
    if (finding.verdict === "fail" && finding.severity === "blocking" && !settled) broken++;
    if (finding.verdict === "not-evaluated" || (finding.verdict === "undecided" && !settled)) unsure++;
  }
  if (report.findings.length === 0) return { kind: "open", text: "Not checked", counts };
  if (broken > 0) return { kind: "blocked", text: `${broken} blocking ${broken === 1 ? "finding" : "findings"}`, counts };
  if (unsure > 0) return { kind: "open", text: `No open blocking finding, ${unsure} not decided`, counts };
  return { kind: "clear", text: "No open blocking finding", counts };
}
