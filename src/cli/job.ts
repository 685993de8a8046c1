import type { LengthUnitName, Vec3 } from "../units.ts";
import type { Problem } from "../result.ts";
import type { Report } from "../report/report.ts";
import type { MoldDesign } from "../mold/design.ts";
import type { OsfRequest } from "../mim/osf.ts";
import type { ExportFormat } from "../export/formats.ts";

/** Everything a child process needs to take one file down the one path. Plain data. */
export interface Job {
  /** Path of the input. */
  readonly input: string;
  /** Folder for results. */
  readonly outDir: string;
  /** File name stem of every result. */
  readonly stem: string;
  readonly check: boolean;
  readonly mold: boolean;
  /** Material and factor; the mold needs it. */
  readonly material?: OsfRequest;
  /** Profile id, or the text of a user's profile file. */
  readonly profile: string | object;
  readonly pull?: Vec3;
  readonly unit?: LengthUnitName;
  readonly bodies?: readonly string[];
  readonly design: Partial<Omit<MoldDesign, "osf">>;
  readonly formats: readonly ExportFormat[];
  /** Write `NAME.report.json` and `NAME.report.html`. */
  readonly writeReport: boolean;
  /** Write `NAME.png`, a small picture of the part. */
  readonly thumbnail?: boolean;
  readonly deflectionMm?: number;
  readonly maxBytes: number;
  readonly maxFacets: number;
  /** Settings as resolved, for the report. */
  readonly settings?: Report["settings"];
}

/** What became of a job. A failed job has no report; its problem says why. */
export type JobOutcome =
  | { readonly ok: true; readonly report: Report; readonly files: readonly string[] }
  | { readonly ok: false; readonly problem: Problem; readonly files: readonly string[] };
