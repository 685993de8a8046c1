import * as z from "zod";
import { fail, ok, type Result } from "../result.ts";
import { checkOsf, checkOsfAgainstShrinkage } from "./check-osf.ts";
import { findMaterial, MATERIAL_GROUPS, type Material } from "./materials.ts";
import { volumeFactor } from "./shrinkage.ts";
import type { Sourced } from "./sources.ts";
import { explainIssues, isoDate, parseJson } from "./user-json.ts";

const positive = z.number().positive();
const osf = z.union([positive, z.tuple([positive, positive, positive])]).describe("cavity / sintered length: one factor, or [x, y, z]");
const text = z.string().trim().min(1).max(200);

const feedstock = z
  .strictObject({
    id: text.describe("the name used in FILE#ID"),
    vendor: text,
    grade: text,
    lot: text.describe("the OSF belongs to this lot"),
    material: text.describe("id of a material, as in `oversize materials`, or of one in this file"),
    osf,
    osfPlusMinus: z.number().nonnegative().max(0.1).optional().describe("half width of the OSF's 95 % interval"),
    shrinkagePercent: z.number().gt(0).lt(34).optional().describe("linear shrinkage as printed by the vendor; must agree with osf"),
    solidsLoadingPercent: z.number().gt(20).lt(80).optional().describe("volume % of powder"),
    theoreticalDensityGcm3: positive.max(25).optional(),
    sinteredDensityPercent: z.number().gt(50).max(100).optional().describe("% of theoretical"),
    date: isoDate.describe("when the OSF was measured or certified"),
    source: text.optional().describe("certificate, trial or data sheet the values come from"),
  })
  .describe("One lot of feedstock");

const customMaterial = z
  .strictObject({
    id: text,
    name: text,
    group: z.enum(MATERIAL_GROUPS),
    osf: positive.optional(),
    theoreticalDensityGcm3: positive.max(25).optional(),
    sinteredDensityPercent: z.strictObject({ min: z.number().gt(50).max(100), max: z.number().gt(50).max(100) }).optional(),
    source: text,
    date: isoDate,
  })
  .describe("A material of your own");

/** Schema of a user's feedstock file, `oversize.feedstocks/1`. */
export const feedstockFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal("oversize.feedstocks/1"),
    feedstocks: z.array(feedstock),
    materials: z.array(customMaterial).default([]),
  })
  .describe("Feedstock lots and materials of your own for Oversize");

/** One lot of feedstock: what the OSF really belongs to. */
export type Feedstock = z.infer<typeof feedstock>;

/** A read feedstock file. */
export interface FeedstockFile {
  readonly feedstocks: readonly Feedstock[];
  readonly materials: readonly Material[];
}

/** JSON Schema of the feedstock file, for editors. */
export const feedstockJsonSchema = (): object => z.toJSONSchema(feedstockFileSchema, { io: "input" });

/** Reads and validates a feedstock file. CONFIG_INVALID names the field; OSF_INVALID a factor that cannot be. */
export function readFeedstockFile(source: string): Result<FeedstockFile> {
  const json = parseJson(source, "feedstock file");
  if (!json.ok) return json;
  const read = feedstockFileSchema.safeParse(json.value);
  if (!read.success) return fail("CONFIG_INVALID", `Feedstock file: ${explainIssues(read.error)}`);
  const materials = read.data.materials.map(toMaterial);
  const seen = new Set<string>();
  for (const lot of read.data.feedstocks) {
    if (seen.has(lot.id)) return fail("CONFIG_INVALID", `Feedstock file: the id "${lot.id}" is used twice.`);
    seen.add(lot.id);
    const checked = checkLot(lot, materials);
    if (!checked.ok) return checked;
  }
  for (const material of materials) {
    const checked = material.osf ? checkOsf(material.osf.value) : ok(undefined);
    if (!checked.ok) return fail("OSF_INVALID", `Material "${material.id}": ${checked.problem.message}`);
  }
  return ok({ feedstocks: read.data.feedstocks, materials });
}

/**
 * The lot to use: the one of that id, else the only one of that material, else the only one. FEEDSTOCK_CHOICE lists
 * what there is.
 */
export function chooseFeedstock(file: FeedstockFile, wanted: { id?: string; material?: string } = {}): Result<Feedstock> {
  const listed = file.feedstocks.map((lot) => `${lot.id} (${lot.material}, lot ${lot.lot})`).join(", ") || "none";
  if (wanted.id !== undefined) {
    const lot = file.feedstocks.find(({ id }) => id === wanted.id);
    return lot ? ok(lot) : fail("FEEDSTOCK_CHOICE", `There is no "${wanted.id}". In the file: ${listed}.`);
  }
  const material = wanted.material === undefined ? undefined : (findMaterial(wanted.material, file.materials)?.id ?? wanted.material);
  const fitting = material === undefined ? file.feedstocks : file.feedstocks.filter((lot) => (findMaterial(lot.material, file.materials)?.id ?? lot.material) === material);
  if (fitting.length === 1) return ok(fitting[0]);
  const why = material === undefined ? `It holds ${fitting.length}` : `It holds ${fitting.length} for ${material}`;
  return fail("FEEDSTOCK_CHOICE", `${why}. In the file: ${listed}.`);
}

function checkLot(lot: Feedstock, materials: readonly Material[]): Result<unknown> {
  const named = (result: Result<unknown>): Result<unknown> =>
    result.ok ? result : fail(result.problem.code, `Feedstock "${lot.id}": ${result.problem.message}`, result.problem.suggestion);
  if (!findMaterial(lot.material, materials)) return named(fail("MATERIAL_UNKNOWN", `"${lot.material}".`, "Use an id of oversize materials, or describe the material under materials in the same file."));
  const range = named(checkOsf(lot.osf));
  const density = lot.solidsLoadingPercent === undefined ? 1 : (volumeFactor(lot.osf) * lot.solidsLoadingPercent) / 100;
  // A few percent below full density are pores; above it, mold shrink and metal loss explain no more than this.
  if (range.ok && !(density > 0.85 && density < 1.03)) return named(fail("OSF_INVALID", `OSF and solids loading disagree: together they mean a sintered density of ${(density * 100).toFixed(1)} %.`));
  if (!range.ok || lot.shrinkagePercent === undefined || typeof lot.osf !== "number") return range;
  return named(checkOsfAgainstShrinkage(lot.osf, lot.shrinkagePercent / 100));
}

function toMaterial(given: z.infer<typeof customMaterial>): Material {
  const { source, date } = given;
  const from = <T>(value: T | undefined): Sourced<T> | undefined => (value === undefined ? undefined : { value, source, date });
  return {
    id: given.id,
    name: given.name,
    group: given.group,
    kind: "custom",
    aliases: [],
    osf: from(given.osf),
    theoreticalDensityGcm3: from(given.theoreticalDensityGcm3),
    sinteredDensityPercent: from(given.sinteredDensityPercent),
  };
}
