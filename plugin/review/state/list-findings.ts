import { FINDING_KINDS, type Finding } from "../../../src/dfm/finding.ts";
import { standing as standingOf, type Standing } from "../../../src/report/standing.ts";
import type { FindingRecord } from "./compare.ts";
import type { DecidedState, Decision } from "./review-file.ts";

export { standing as standingOf, STANDING_MARKS as STANDING_MARK, type Standing } from "../../../src/report/standing.ts";

/** Which findings are listed. `attention`: what breaks a limit, or may, and nobody has decided yet. */
export interface FindingFilter {
  readonly text: string;
  readonly show: "all" | "attention" | "blocking" | "advisory" | "passed" | "not-evaluated" | "decided";
}

/** Order of the list. `weight`: as the report ranks them. */
export interface FindingSort {
  readonly by: "weight" | "rule" | "value" | "state";
  readonly descending: boolean;
}

/** One line of the list. */
export interface FindingRow {
  readonly finding: Finding;
  readonly fingerprint: string;
  readonly decision?: Decision;
  readonly standing: Standing;
}

const RANK: Record<Standing, number> = { blocking: 0, advisory: 1, "not-evaluated": 2, passed: 3 };
const STATE_RANK: Record<DecidedState | "open", number> = { open: 0, waived: 1, accepted: 2, fixed: 3 };

/** Findings that pass the filter, in the asked order. */
export function listFindings(findings: readonly Finding[], records: readonly FindingRecord[], decisions: Readonly<Record<string, Decision>>, filter: FindingFilter, sort: FindingSort): FindingRow[] {
  const rows = findings.map((finding, i): FindingRow => {
    const fingerprint = records[i]?.fingerprint ?? finding.id, decision = decisions[fingerprint];
    return { finding, fingerprint, standing: standingOf(finding), ...(decision && { decision }) };
  });
  const kept = rows.filter((row) => shows(row, filter));
  const order = orders[sort.by], sign = sort.descending ? -1 : 1;
  return kept.map((row, i) => ({ row, i })).sort((a, b) => sign * order(a.row, b.row) || a.i - b.i).map(({ row }) => row);
}

const orders: Record<FindingSort["by"], (a: FindingRow, b: FindingRow) => number> = {
  weight: (a, b) => RANK[a.standing] - RANK[b.standing],
  rule: (a, b) => FINDING_KINDS[a.finding.code].title.localeCompare(FINDING_KINDS[b.finding.code].title),
  value: (a, b) => (a.finding.measured?.value ?? Infinity) - (b.finding.measured?.value ?? Infinity),
  state: (a, b) => STATE_RANK[a.decision?.state ?? "open"] - STATE_RANK[b.decision?.state ?? "open"],
};

function shows({ finding, standing, decision }: FindingRow, { text, show }: FindingFilter): boolean {
  if (show === "attention" && (decision || standing === "passed" || standing === "not-evaluated")) return false;
  if (show === "decided" && !decision) return false;
  if ((show === "blocking" || show === "advisory" || show === "passed" || show === "not-evaluated") && standing !== show) return false;
  const wanted = text.trim().toLowerCase();
  return wanted === "" || `${finding.code} ${FINDING_KINDS[finding.code].title} ${finding.message} face ${finding.faces.join(" ")}`.toLowerCase().includes(wanted);
}

/** How many findings stand how. */
export function countStandings(findings: readonly Finding[]): Record<Standing, number> {
  const counts: Record<Standing, number> = { blocking: 0, advisory: 0, passed: 0, "not-evaluated": 0 };
  for (const finding of findings) counts[standingOf(finding)]++;
  return counts;
}
