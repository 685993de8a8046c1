import { FINDING_KINDS, type Finding, type FindingCode, type FindingKind, type Verdict } from "../../dfm/finding.ts";
import { limitText, measuredText } from "../format-value.ts";
import type { Report } from "../report.ts";
import type { Decisions, FindingDecision } from "../standing.ts";
import { wellFormed } from "./escape.ts";

const KINDS = { pass: "pass", fail: "fail", undecided: "review", "not-evaluated": "notApplicable" } as const satisfies Record<Verdict, string>;
const CODES = Object.keys(FINDING_KINDS) as FindingCode[];
const CATALOGUE: Record<FindingCode, FindingKind> = FINDING_KINDS;

/**
 * The report as SARIF 2.1.0. A broken limit is `fail`, an undecided one `review`, one not evaluated
 * `notApplicable`. Faces are logical locations (`body/1/face/12`); decisions are suppressions.
 */
export function reportSarif(report: Report, decisions: Decisions = {}): string {
  const { part, tool } = report;
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: { driver: { name: tool.name, semanticVersion: tool.version, version: tool.version, rules: CODES.map(ruleOf) } },
      artifacts: [{ location: { uri: uriOf(part.file) }, roles: ["analysisTarget"], hashes: { "sha-256": part.sha256 } }],
      invocations: [{
        executionSuccessful: true,
        toolExecutionNotifications: report.problems.map(({ code, severity, message, suggestion }) => ({
          descriptor: { id: code }, level: severity, message: { text: `${message} ${suggestion}` },
        })),
      }],
      columnKind: "utf16CodeUnits",
      results: report.findings.map((finding) => resultOf(report, finding, decisions[finding.id])),
      properties: { schema: report.schema, material: report.material?.id, osf: report.material?.osf, profile: report.profile?.id, pull: report.pull },
    }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(code: FindingCode): object {
  const { title, definition, formula, advice, severity } = CATALOGUE[code];
  return {
    id: code, name: title, shortDescription: { text: title }, fullDescription: { text: definition },
    help: { text: `${definition} Measured as: ${formula}. ${advice}` }, defaultConfiguration: { level: levelOf(severity) },
  };
}

function resultOf({ part }: Report, finding: Finding, decision: FindingDecision | undefined): object {
  const { code, verdict, severity, measured, limit, faces, body } = finding;
  const values = [measured && `measured ${measuredText(measured)}`, limit && `limit ${limitText(limit)}`].filter(Boolean).join(", ");
  return {
    ruleId: code, ruleIndex: CODES.indexOf(code), kind: KINDS[verdict],
    // A level other than none is only allowed for what failed.
    level: verdict === "fail" ? levelOf(severity) : "none",
    message: { text: values ? `${finding.message} (${values})` : finding.message },
    locations: [{
      physicalLocation: { artifactLocation: { uri: uriOf(part.file), index: 0 } },
      logicalLocations: faces.length > 0
        ? faces.map((face) => ({ name: `face ${face}`, fullyQualifiedName: `body/${body}/face/${face}`, kind: "element" }))
        : [{ name: `body ${body}`, fullyQualifiedName: `body/${body}`, kind: "element" }],
    }],
    partialFingerprints: { "findingId/v1": `${part.sha256}:${finding.id}` },
    ...(decision && decision.state !== "fixed" && { suppressions: [{ kind: "external", status: "accepted", justification: [decision.state, decision.reason, decision.name, decision.date].filter(Boolean).join("; ") }] }),
    properties: {
      id: finding.id, verdict, severity, measured, limit, pointsMm: finding.points, areaMm2: finding.areaMm2,
      direction: finding.direction, edges: finding.edges, method: finding.method,
    },
  };
}

const levelOf = (severity: Finding["severity"]): string => (severity === "blocking" ? "error" : "warning");

/** A file's name as a relative URI reference: a colon in it must not read as a scheme. */
const uriOf = (file: string): string => encodeURIComponent(wellFormed(file));
