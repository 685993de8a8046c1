import { uniteBoxes } from "../geometry.ts";
import type { Finding } from "../dfm/finding.ts";
import type { ResolvedMaterial } from "../mim/osf.ts";
import type { Profile } from "../mim/profile.ts";
import type { Body, Part } from "../part/part.ts";
import type { Problem } from "../result.ts";
import { REPORT_SCHEMA, type Report, type ReportMold, type ReportPart, type ReportPull, type ReportWalls } from "./report.ts";

/** What a report is made of. */
export interface ReportInput {
  readonly version: string;
  readonly part: Part;
  readonly material?: ResolvedMaterial;
  readonly profile?: Profile;
  readonly pull?: ReportPull;
  readonly findings?: readonly Finding[];
  readonly walls?: readonly ReportWalls[];
  readonly molds?: readonly ReportMold[];
  readonly problems: readonly Problem[];
  readonly settings?: Report["settings"];
  readonly timingsMs: Readonly<Record<string, number>>;
}

/** Puts the pieces of one part's run into the stable report. */
export function buildReport(input: ReportInput): Report {
  const { part, material, profile } = input;
  return {
    schema: REPORT_SCHEMA,
    tool: { name: "oversize", version: input.version },
    part: describePart(part, material),
    ...(material && { material }),
    ...(profile && { profile: { id: profile.id, limits: profile.limits } }),
    ...(input.pull && { pull: input.pull }),
    findings: input.findings ?? [],
    ...(input.walls && input.walls.length > 0 && { walls: input.walls }),
    molds: input.molds ?? [],
    problems: input.problems,
    ...(input.settings && { settings: input.settings }),
    timingsMs: input.timingsMs,
  };
}

function describePart(part: Part, material: ResolvedMaterial | undefined): ReportPart {
  const placed = (of: (b: Body) => number): number => part.bodies.reduce((sum, b) => sum + of(b), 0);
  const volumeMm3 = placed((b) => b.mass.volumeMm3);
  const massG = material ? sinteredMass(volumeMm3, material) : undefined;
  return {
    file: part.file.name, sha256: part.file.sha256, name: part.name, schema: part.file.schema, unit: part.file.unit.name,
    reader: part.reader, solids: part.bodies.length, faces: placed((b) => b.faces.length), facets: placed((b) => b.facets.faceOf.length),
    bboxMm: part.bodies.map((b) => b.mass.boxMm).reduce(uniteBoxes), volumeMm3, areaMm2: placed((b) => b.mass.areaMm2),
    ...(massG !== undefined && { massG }), valid: true,
    bodies: part.bodies.map((b) => ({
      id: b.id, name: b.name, instances: b.instances, faces: b.faces.length,
      volumeMm3: b.mass.volumeMm3, areaMm2: b.mass.areaMm2, bboxMm: b.mass.boxMm,
    })),
    setAside: part.setAside,
    ...(part.declared && { declared: part.declared }),
  };
}

/** Density at the middle of the sourced sintered range, g/cm³; pore-free where no source names a range. */
export function sinteredDensity({ densityGcm3, sinteredDensityPercent: range }: ResolvedMaterial): number | undefined {
  if (densityGcm3 === undefined) return undefined;
  return densityGcm3 * (range ? ((range.min ?? range.max ?? 100) + (range.max ?? range.min ?? 100)) / 200 : 1);
}

/** Mass of a volume at {@link sinteredDensity}, g; undefined where no density is known. */
export function sinteredMass(volumeMm3: number, material: ResolvedMaterial): number | undefined {
  const density = sinteredDensity(material);
  return density === undefined ? undefined : (volumeMm3 / 1000) * density;
}
