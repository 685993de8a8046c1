import type { Engine, ExportFormat, OpenPart } from "../engine.ts";
import { MOLD_DEFAULTS, type MoldDesign } from "../mold/design.ts";
import type { Mold } from "../mold/mold.ts";
import { describeMold } from "../report/describe-mold.ts";
import type { ReportMold } from "../report/report.ts";
import type { Work } from "../progress.ts";
import { ok, type Problem, type Result } from "../result.ts";
import type { Vec3 } from "../units.ts";
import type { Job } from "./job.ts";
import type { OutputFile } from "./write-files.ts";

/** What molding a part gave: molds as the report shows them (their files still to be written) and the files. */
export interface MoldedPart {
  readonly molds: readonly { readonly report: Omit<ReportMold, "files">; readonly outputs: readonly OutputFile[] }[];
  readonly problems: readonly Problem[];
}

/** Makes and exports every mold of a part. STEP comes always; other formats on request, and STL for a facet mold, which has no STEP. */
export async function moldPart(engine: Engine, open: OpenPart, job: Job, osf: Vec3, work: Work, pulls?: ReadonlyMap<string, Vec3>): Promise<Result<MoldedPart>> {
  const design: MoldDesign = { ...MOLD_DEFAULTS, ...job.design, ...(job.pull && { pull: job.pull }), osf };
  const made = await engine.mold(open, design, work, pulls);
  if (!made.ok) return made;
  const molds: MoldedPart["molds"][number][] = [];
  try {
    for (const mold of made.value) {
      work.onProgress?.("writing");
      const files = await engine.exportMold(mold, formatsFor(mold, job.formats));
      if (!files.ok) return files;
      const stem = open.part.bodies.length > 1 && mold.bodies.length === 1 ? `${job.stem}.${mold.bodies[0]}` : job.stem;
      molds.push({ report: describeMold(mold), outputs: files.value.map((f) => ({ path: `${stem}.${f.suffix}`, format: f.format, bytes: f.bytes })) });
    }
  } finally {
    for (const mold of made.value) mold[Symbol.dispose]();
  }
  return ok({ molds, problems: made.warnings });
}

const formatsFor = (mold: Mold, asked: readonly ExportFormat[]): ExportFormat[] => [...new Set<ExportFormat>(["step", ...asked, ...(mold.realisation === "facets" ? ["stl" as const] : [])])];
