import type { ExportFormat } from "../../src/export/formats.ts";
import { resolveOsf } from "../../src/mim/osf.ts";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import { ok, type Result } from "../../src/result.ts";
import type { Vec3 } from "../../src/units.ts";
import type { CallWork, OversizeClient } from "../../worker/client.ts";
import type { OutputFile } from "../../worker/protocol.ts";
import type { SelectedBody } from "./selected-body.ts";

/** The engine as the commands use it. */
export type Engine = Pick<OversizeClient, "newHandle" | "open" | "check" | "mold" | "export" | "report" | "close">;

/** What the user molds with. */
export interface MoldSettings {
  readonly material: string;
  /** The user's own factor; absent: the material's. */
  readonly osf?: Vec3;
  readonly profile: string;
  /** What files are written as. */
  readonly formats: readonly ExportFormat[];
  readonly report: boolean;
}

/** A report to make beside the mold. */
export interface ReportWanted {
  readonly version: string;
  /** Source of the page's viewer. */
  readonly viewer: string;
}

/** A mold as files. */
export interface MoldFiles {
  readonly osf: Vec3;
  readonly files: readonly OutputFile[];
}

/** Makes a body's mold with its proofs and writes it as files, with the report where one is wanted. */
export async function makeMold(engine: Engine, body: SelectedBody, settings: MoldSettings, work: CallWork, report?: ReportWanted): Promise<Result<MoldFiles>> {
  const material = resolveOsf({ material: settings.material, osf: settings.osf });
  if (!material.ok) return material;
  const handle = engine.newHandle(), { osf } = material.value;
  try {
    const opened = await engine.open(handle, { name: body.name, bytes: body.step }, {}, work);
    if (!opened.ok) return opened;
    // The report tells what was found before the mold was made.
    const checked = report && (await engine.check(handle, { material: settings.material, osf: settings.osf, profile: settings.profile, pull: "auto" }, work));
    if (checked && !checked.ok) return checked;
    const made = await engine.mold(handle, { ...MOLD_DEFAULTS, osf }, work);
    if (!made.ok) return made;
    const files = await engine.export(handle, settings.formats, work);
    if (!files.ok) return files;
    const page = report && (await engine.report(handle, { format: "html", ...report, decisions: {}, comments: {}, author: "oversize", date: new Date().toISOString() }, work));
    if (page && !page.ok) return page;
    return ok({ osf, files: page ? [...files.value, page.value] : files.value }, [...material.warnings, ...made.value.problems]);
  } finally {
    await engine.close(handle);
  }
}
