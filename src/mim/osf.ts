import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import type { Vec3 } from "../units.ts";
import { checkOsf } from "./check-osf.ts";
import type { Feedstock } from "./feedstock-file.ts";
import { findMaterial, MATERIALS, type Material } from "./materials.ts";
import type { Range } from "./sources.ts";
import { loadingFromOsf, meanOsf, osfVector, shrinkageFromOsf, type Osf } from "./shrinkage.ts";

export { checkOsf, checkOsfAgainstShrinkage, OSF_RANGE, parseOsf } from "./check-osf.ts";

/** What to resolve: the most specific factor wins, user over feedstock over alloy default. */
export interface OsfRequest {
  /** Id or alias of a material; may be left out when a feedstock or a factor is given. */
  readonly material?: string;
  readonly feedstock?: Feedstock;
  /** The user's own factor, uniform or `[x, y, z]`. */
  readonly osf?: Osf;
  /** The user's own pore-free density, g/cm³. */
  readonly densityGcm3?: number;
  /** Materials of the user's own, which come before the shipped ones. */
  readonly materials?: readonly Material[];
  /** `YYYY-MM-DD`; with it a feedstock older than a year is warned of. */
  readonly today?: string;
}

/** A material ready for the mold: the `material` block of the report, and what mass and tolerance need beside it. */
export interface ResolvedMaterial {
  readonly id: string;
  /** Cavity / sintered length, per axis of the part frame. */
  readonly osf: Vec3;
  /** Linear shrinkage, %, per axis. */
  readonly shrinkagePercent: Vec3;
  /** Volume % of powder: the feedstock's own, else what this OSF means at full density. */
  readonly solidsLoadingPercent: number;
  /** Pore-free density, g/cm³; absent when no source gives it and the user did not: mass is then not evaluated. */
  readonly densityGcm3?: number;
  /** Where the OSF comes from, and the density where that is another source. */
  readonly source: string;
  /** Sintered density, % of theoretical, where a source gives it. */
  readonly sinteredDensityPercent?: Range;
  /** Half width of the OSF's 95 % interval, where the feedstock gives it. */
  readonly osfPlusMinus?: number;
  /** The lot the OSF belongs to. */
  readonly feedstock?: Pick<Feedstock, "id" | "vendor" | "grade" | "lot" | "date">;
}

/**
 * Finds the OSF and the density to use. MATERIAL_UNKNOWN: no such material. OSF_UNKNOWN: no source gives its
 * factor, or the source gives several; the message says what to supply. OSF_INVALID: see {@link checkOsf}.
 * Warns (OSF_DEFAULT) when only the alloy's default is known.
 */
export function resolveOsf(request: OsfRequest): Result<ResolvedMaterial> {
  const material = chooseMaterial(request);
  if (!material.ok) return material;
  const factor = chooseFactor(request, material.value);
  if (!factor.ok) return factor;
  const { osf, source } = factor.value;
  const { feedstock } = request;
  const density = chooseDensity(request, material.value);
  if (!density.ok) return density;
  const stale = feedstock && request.today ? staleness(feedstock.date, request.today) : [];
  const resolved: ResolvedMaterial = {
    id: material.value.id,
    osf,
    shrinkagePercent: [shrinkageFromOsf(osf[0]) * 100, shrinkageFromOsf(osf[1]) * 100, shrinkageFromOsf(osf[2]) * 100],
    solidsLoadingPercent: (request.osf === undefined ? feedstock?.solidsLoadingPercent : undefined) ?? loadingFromOsf(osf) * 100,
    ...(density.value.value !== undefined && { densityGcm3: density.value.value }),
    source: [source, density.value.source].filter(Boolean).join("; "),
    ...sinteredDensity(feedstock, material.value),
    ...(feedstock?.osfPlusMinus !== undefined && request.osf === undefined && { osfPlusMinus: feedstock.osfPlusMinus }),
    ...(feedstock && { feedstock: { id: feedstock.id, vendor: feedstock.vendor, grade: feedstock.grade, lot: feedstock.lot, date: feedstock.date } }),
  };
  return ok(resolved, [...factor.warnings, ...stale]);
}

/** Stands for a material that was not named, when the factor was. */
const UNNAMED: Material = { id: "unnamed", name: "material not named", group: "Specialty alloys", kind: "custom", aliases: [] };

function chooseMaterial({ material, feedstock, materials, osf }: OsfRequest): Result<Material> {
  const id = material ?? feedstock?.material;
  if (id === undefined) return osf === undefined ? fail("MATERIAL_UNKNOWN", "None was given.", "Name one with --material, give a feedstock file with --feedstock, or the factor itself with --osf.") : ok(UNNAMED);
  const found = findMaterial(id, materials);
  if (!found) return fail("MATERIAL_UNKNOWN", `"${id}".`, `Choose one of ${[...(materials ?? []), ...MATERIALS].map((m) => m.id).join(", ")}, or describe your own in a feedstock file.`);
  if (feedstock && findMaterial(feedstock.material, materials)?.id !== found.id) {
    return fail("FEEDSTOCK_CHOICE", `Feedstock "${feedstock.id}" is ${feedstock.material}, not ${found.id}.`);
  }
  return ok(found);
}

function chooseFactor({ osf, feedstock }: OsfRequest, material: Material): Result<{ osf: Vec3; source: string }> {
  if (osf !== undefined) {
    // A lot's own factor is the better expectation than the alloy's.
    const checked = checkOsf(osf, feedstock ? meanOsf(feedstock.osf) : material.osf?.value);
    if (!checked.ok) return checked;
    return ok({ osf: checked.value, source: "OSF given by the user" }, [...checked.warnings, ...disagreement(checked.value, feedstock)]);
  }
  if (feedstock) {
    const checked = checkOsf(feedstock.osf);
    if (!checked.ok) return checked;
    return ok({ osf: checked.value, source: feedstockSource(feedstock) });
  }
  if (!material.osf) return unknownOsf(material);
  const { value, source, date } = material.osf;
  const confirmed = material.kind === "custom" ? [] : [warning("OSF_DEFAULT", `${value} for ${material.id} is from ${source}.`)];
  return ok({ osf: osfVector(value), source: `OSF: ${source}, ${date} (alloy default, no feedstock lot given)` }, confirmed);
}

function unknownOsf({ id, osfCandidates }: Material): Result<never> {
  if (!osfCandidates) return fail("OSF_UNKNOWN", `No source gives one for ${id}.`, `Give your feedstock's factor, for instance --osf 1.2, or its file with --feedstock. Ask the feedstock vendor for the oversize factor of your ${id} lot.`);
  const { value, source } = osfCandidates;
  return fail("OSF_UNKNOWN", `For ${id} there is no single one, but ${value.join(" and ")} (${source.replace(/ \(.*\)$/, "")} gives both for the class).`, `Give your feedstock's factor, for instance ${value.map((v) => `--osf ${v}`).join(" or ")}, or its file with --feedstock.`);
}

function chooseDensity({ densityGcm3, feedstock }: OsfRequest, material: Material): Result<{ value?: number; source: string }> {
  if (densityGcm3 !== undefined) {
    if (!(densityGcm3 > 0.5 && densityGcm3 < 25)) return fail("RECIPE_INVALID", `A density of ${densityGcm3} g/cm³ is no metal's.`, "Give g/cm³: 7.85, not 7850.");
    return ok({ value: densityGcm3, source: "density given by the user" });
  }
  if (feedstock?.theoreticalDensityGcm3 !== undefined) return ok({ value: feedstock.theoreticalDensityGcm3, source: "density of the feedstock" });
  const known = material.theoreticalDensityGcm3;
  return ok(known ? { value: known.value, source: `density: ${known.source}` } : { source: "density unknown" });
}

function sinteredDensity(feedstock: Feedstock | undefined, material: Material): { sinteredDensityPercent?: Range } {
  const own = feedstock?.sinteredDensityPercent;
  if (own !== undefined) return { sinteredDensityPercent: { min: own, max: own } };
  return material.sinteredDensityPercent ? { sinteredDensityPercent: material.sinteredDensityPercent.value } : {};
}

function feedstockSource({ vendor, grade, lot, date, osfPlusMinus, source }: Feedstock): string {
  const spread = osfPlusMinus === undefined ? "" : ` ±${osfPlusMinus}`;
  return `OSF${spread}: feedstock ${vendor} ${grade}, lot ${lot}, ${date}${source ? ` (${source})` : ""}`;
}

function disagreement(osf: Vec3, feedstock: Feedstock | undefined): Problem[] {
  if (!feedstock) return [];
  const own = osfVector(feedstock.osf);
  const allowed = feedstock.osfPlusMinus ?? 0;
  if (osf.every((factor, axis) => Math.abs(factor - own[axis]) <= allowed + 1e-9)) return [];
  return [warning("OSF_SUSPICIOUS", `${osf.join(", ")} was given, feedstock "${feedstock.id}" says ${own.join(", ")}; the given one is used.`)];
}

/** Age after which a lot's values are warned of. Our choice: no source gives a shelf life. */
const STALE_DAYS = 365;

function staleness(date: string, today: string): Problem[] {
  const days = Math.floor((Date.parse(today) - Date.parse(date)) / 86_400_000);
  return days > STALE_DAYS ? [warning("FEEDSTOCK_STALE", `They are of ${date}, ${days} days ago.`)] : [];
}
