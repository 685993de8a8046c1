import type { PullAlternative } from "../dfm/context.ts";
import type { Finding } from "../dfm/finding.ts";
import type { ResolvedMaterial } from "../mim/osf.ts";
import type { Profile } from "../mim/profile.ts";
import type { MoldDesign } from "../mold/design.ts";
import type { MoldProofs } from "../mold/proofs.ts";
import type { DeclaredMeasure } from "../part/part.ts";
import type { Problem } from "../result.ts";
import type { Box, Vec3 } from "../units.ts";

/** The schema's name; it changes when a field changes its meaning or goes. */
export const REPORT_SCHEMA = "oversize.report/1";

/** The stable report of one part. Lengths in mm, sintered part frame. */
export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly tool: { readonly name: "oversize"; readonly version: string };
  readonly part: ReportPart;
  readonly material?: ResolvedMaterial;
  readonly profile?: Pick<Profile, "id" | "limits">;
  readonly pull?: ReportPull;
  readonly findings: readonly Finding[];
  /** Walls of every body that has any; absent where none were measured. */
  readonly walls?: readonly ReportWalls[];
  readonly molds: readonly ReportMold[];
  readonly problems: readonly Problem[];
  /** Settings as resolved and where each came from. */
  readonly settings?: Readonly<Record<string, { readonly value: unknown; readonly from: string }>>;
  readonly timingsMs: Readonly<Record<string, number>>;
}

/** The pull direction that the first body was checked along. */
export interface ReportPull {
  readonly direction: Vec3;
  readonly chosenBy: "user" | "auto";
  /** Every direction that was examined with what speaks against it, best first; a direction that was asked for comes first. */
  readonly alternatives?: readonly PullAlternative[];
}

/** How thick one body's walls are, by area, sintered: opposed walls over the whole surface; tapers of edges are left out. */
export interface ReportWalls {
  readonly body: string;
  readonly medianMm: number;
  readonly meanMm: number;
  /** Area measured. */
  readonly areaMm2: number;
  /** `[bins + 1]` borders of the bins and `[bins]` area in each. */
  readonly histogram: { readonly bordersMm: readonly number[]; readonly areaMm2: readonly number[] };
}

/** The material as resolved. */
export type ReportMaterial = ResolvedMaterial;

/** The part as read. */
export interface ReportPart {
  readonly file: string;
  readonly sha256: string;
  readonly name: string;
  readonly schema: string;
  readonly unit: string;
  readonly reader: "exact" | "facets";
  readonly solids: number;
  readonly faces: number;
  readonly facets: number;
  readonly bboxMm: Box;
  readonly volumeMm3: number;
  readonly areaMm2: number;
  /** Absent when the material's density is not known. */
  readonly massG?: number;
  readonly valid: boolean;
  readonly bodies: readonly ReportBody[];
  readonly setAside: { readonly sheets: number; readonly wires: number; readonly annotations: number };
  /** What the file itself says of its products beside what was measured; absent when it says nothing. */
  readonly declared?: readonly DeclaredMeasure[];
}

/** One body of the part. */
export interface ReportBody {
  readonly id: string;
  readonly name: string;
  readonly instances: number;
  readonly faces: number;
  readonly volumeMm3: number;
  readonly areaMm2: number;
  readonly bboxMm: Box;
}

/** One mold, its proofs and its files. */
export interface ReportMold {
  /** Body ids in this mold. */
  readonly bodies: readonly string[];
  readonly realisation: "exact" | "facets";
  readonly design: MoldDesign;
  readonly pull: { readonly direction: Vec3; readonly chosenBy: "user" | "auto" };
  readonly partingMm: number;
  readonly proofs: MoldProofs;
  readonly files: readonly ReportFile[];
}

export type { MoldProofs, Proof } from "../mold/proofs.ts";

/** A written file. */
export interface ReportFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly sha256: string;
}
