import { FINDING_KINDS, type Finding } from "../../dfm/finding.ts";
import { PROBLEMS } from "../../result.ts";
import { uriOf, type BatchFormat } from "./batch-format.ts";
import type { BatchRow } from "./batch-row.ts";

const KINDS = { pass: "pass", fail: "fail", undecided: "review", "not-evaluated": "notApplicable" } as const;

/**
 * SARIF 2.1.0: one result for each finding (kind pass, fail, review for undecided, notApplicable for not evaluated)
 * and one for each input that failed. The geometry a line of text cannot hold is in `properties`.
 */
export const BATCH_SARIF: BatchFormat = {
  head: ({ version }) => {
    const driver = { name: "oversize", version, rules: RULES };
    return `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":${JSON.stringify(driver)}},"columnKind":"utf16CodeUnits","results":[\n`;
  },
  // Commas come first: the last entry is not known when it is written.
  entry: (row, report, index) => {
    const artifact = { location: { physicalLocation: { artifactLocation: { uri: uriOf(row.file) } } } };
    const results = row.problem ? [failure(row, artifact.location)] : (report?.findings ?? []).map((f) => result(f, artifact.location));
    const whole = results.length > 0 ? results : [{ ruleId: UNCHECKED, kind: "informational", level: "none", message: { text: "Read; nothing was evaluated." }, locations: [artifact.location] }];
    return whole.map((r, i) => `${index + i > 0 ? "," : ""}${JSON.stringify(r)}\n`).join("");
  },
  tail: ({ rows, missing }) => {
    const invocation = {
      executionSuccessful: missing === 0 && rows.every((r) => !r.problem),
      toolExecutionNotifications: rows.flatMap((r) => (r.problem ? [{ level: "error", descriptor: { id: r.problem.code }, message: { text: r.problem.message }, locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(r.file) } } }] }] : [])),
    };
    return `],"invocations":[${JSON.stringify(invocation)}]}]}\n`;
  },
};

const UNCHECKED = "UNCHECKED";

const RULES = [
  ...Object.entries(FINDING_KINDS).map(([id, kind]) => ({
    id, name: kind.title, shortDescription: { text: kind.title }, fullDescription: { text: `${kind.definition} ${kind.formula}.` },
    help: { text: kind.advice }, defaultConfiguration: { level: kind.severity === "blocking" ? "error" : "warning" },
  })),
  ...Object.entries(PROBLEMS).map(([id, [message, advice]]) => ({ id, shortDescription: { text: message }, help: { text: advice }, defaultConfiguration: { level: "error" } })),
  { id: UNCHECKED, shortDescription: { text: "The part was read and nothing was evaluated." }, help: { text: "Check it with oversize check." }, defaultConfiguration: { level: "none" } },
];

type Location = { physicalLocation: { artifactLocation: { uri: string } } };

function result(f: Finding, location: Location): object {
  const level = f.verdict === "fail" ? (f.severity === "blocking" ? "error" : "warning") : "none";
  return {
    ruleId: f.code, kind: KINDS[f.verdict], level, message: { text: f.message },
    locations: [{ ...location, logicalLocations: [{ name: `body ${f.body}`, kind: "object" }] }],
    properties: { id: f.id, measured: f.measured, limit: f.limit, faces: f.faces, points: f.points, method: f.method },
  };
}

const failure = ({ problem }: BatchRow, location: Location): object =>
  ({ ruleId: problem?.code, kind: "fail", level: "error", message: { text: `${problem?.message} ${problem?.suggestion}` }, locations: [location] });
