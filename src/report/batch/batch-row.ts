import type { Finding } from "../../dfm/finding.ts";
import type { Vec3 } from "../../units.ts";
import type { Report } from "../report.ts";

/** What became of an input, worst first. `unchecked`: read (and molded), but nothing was evaluated. */
export const ROW_STATUSES = ["failed", "blocking", "undecided", "advisory", "unchecked", "passed"] as const;

/** What became of an input. */
export type RowStatus = (typeof ROW_STATUSES)[number];

/** The one recorded result of one input of a batch. Paths are relative to the batch's output folder, with `/`. */
export interface BatchRow {
  /** The input, relative to what was given. */
  readonly file: string;
  /** Folder and stem of its results. */
  readonly output: string;
  /** SHA-256 of the input; absent when it could not be read. */
  readonly sha256?: string;
  /** SHA-256 of file hash, settings and version. */
  readonly key: string;
  readonly status: RowStatus;
  /** Why it failed. */
  readonly problem?: { readonly code: string; readonly message: string; readonly suggestion: string };
  /** Codes of what was noticed on the way. */
  readonly warnings: readonly string[];
  readonly part?: RowPart;
  readonly material?: { readonly id: string; readonly osf: Vec3 };
  readonly findings?: FindingCounts;
  /** Codes of findings that failed or are undecided, each once, in order of weight. */
  readonly codes: readonly string[];
  readonly molds: { readonly exact: number; readonly facets: number };
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly durationMs: number;
  readonly attempts: number;
}

/** The part in a batch's summary. */
export interface RowPart {
  readonly reader: "exact" | "facets";
  readonly solids: number;
  readonly faces: number;
  readonly sizeMm: Vec3;
  readonly volumeMm3: number;
  readonly massG?: number;
}

/** How many findings of each kind. */
export interface FindingCounts {
  readonly blocking: number;
  readonly advisory: number;
  readonly undecided: number;
  readonly passed: number;
  readonly notEvaluated: number;
}

/** Counts findings by what they ask of the reader. */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const count = (test: (f: Finding) => boolean): number => findings.filter(test).length;
  return {
    blocking: count((f) => f.verdict === "fail" && f.severity === "blocking"),
    advisory: count((f) => f.verdict === "fail" && f.severity === "advisory"),
    undecided: count((f) => f.verdict === "undecided"),
    passed: count((f) => f.verdict === "pass"),
    notEvaluated: count((f) => f.verdict === "not-evaluated"),
  };
}

/** The parts of a row that a report gives. */
export function summariseReport(report: Report): Pick<BatchRow, "status" | "problem" | "part" | "material" | "findings" | "codes" | "molds" | "warnings"> {
  const { part, material, findings } = report;
  const counts = countFindings(findings), [low, high] = part.bboxMm;
  const exact = report.molds.filter((m) => m.realisation === "exact").length;
  // A body whose mold failed is a failure of the input, whatever else came out of it.
  const problem = report.problems.find((p) => p.severity === "error");
  return {
    status: problem ? "failed" : statusOf(counts),
    ...(problem && { problem: { code: problem.code, message: problem.message, suggestion: problem.suggestion } }),
    part: {
      reader: part.reader, solids: part.solids, faces: part.faces, volumeMm3: part.volumeMm3,
      sizeMm: [high[0] - low[0], high[1] - low[1], high[2] - low[2]],
      ...(part.massG !== undefined && { massG: part.massG }),
    },
    ...(material && { material: { id: material.id, osf: material.osf } }),
    findings: counts,
    codes: [...new Set(findings.filter((f) => f.verdict === "fail" || f.verdict === "undecided").map((f) => f.code))],
    molds: { exact, facets: report.molds.length - exact },
    warnings: [...new Set(report.problems.filter((p) => p.severity === "warning").map((p) => p.code))],
  };
}

function statusOf(counts: FindingCounts): RowStatus {
  if (counts.blocking > 0) return "blocking";
  if (counts.undecided > 0) return "undecided";
  if (counts.advisory > 0) return "advisory";
  return counts.passed > 0 ? "passed" : "unchecked";
}

/** Worst first, then by name. */
export function compareRows(a: BatchRow, b: BatchRow): number {
  const worse = ROW_STATUSES.indexOf(a.status) - ROW_STATUSES.indexOf(b.status);
  return worse || weight(b) - weight(a) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
}

const weight = ({ findings }: BatchRow): number => (findings ? findings.blocking * 1e6 + findings.undecided * 1e3 + findings.advisory : 0);

/** A row's file of that ending, for instance `.report.html`. */
export const fileOf = (row: BatchRow, ending: string): string | undefined => row.files.find((f) => f.path.endsWith(ending))?.path;
