/**
 * What to do with a feedstock whose parts come out too large or too small, from mass and density. Two things change
 * the size of a part from a cavity that is cut: how dense it sinters, and the solids loading. Density is read off the
 * parts; what it does not explain is loading, and is mended by binder or powder.
 */
import { fail, ok, type Result } from "../result.ts";
import { loadingFromOsf, meanOsf, relativeDensityFromOsf, type Osf } from "./shrinkage.ts";

/** Measurements of sintered parts, and the batch that may be mended. */
export interface RescueRequest {
  /** What the cavity was cut for. */
  readonly osf: Osf;
  /** Mass of a sintered part, g. */
  readonly massG: number;
  /** Its density (Archimedes), g/cm³. */
  readonly densityGcm3: number;
  /** Volume of the part on the drawing, cm³. */
  readonly volumeCm3: number;
  /** Pore-free density, g/cm³. */
  readonly theoreticalDensityGcm3: number;
  /** Relative density to be reached, 0 to 1; the one measured when left out. */
  readonly targetRelativeDensity?: number;
  /** Feedstock left to be mended, g, and its binder's density, g/cm³. */
  readonly batch?: { readonly massG: number; readonly binderDensityGcm3: number };
}

/** What was found and what to do. */
export interface Rescue {
  /** Mean linear size of the part against the drawing, %; negative is too small. */
  readonly sizeErrorPercent: number;
  /** OSF these parts show. */
  readonly shownOsf: number;
  readonly relativeDensity: number;
  readonly targetRelativeDensity: number;
  /** Part of the size error that goes away when the target density is reached, %. */
  readonly byDensityPercent: number;
  /** What remains and belongs to the loading, %. */
  readonly byLoadingPercent: number;
  /** Loading the parts show, and the one the cavity needs, as fractions. */
  readonly shownLoading: number;
  readonly neededLoading: number;
  /** Relative density that alone would bring the size right; over 1 it cannot be done in the furnace. */
  readonly densityForSize: number;
  /** To add to the batch, g; only one of them is above zero. */
  readonly addBinderG?: number;
  readonly addPowderG?: number;
  readonly advice: readonly string[];
}

/** Size errors below this are within what weighing and Archimedes can tell, %. */
const NEGLIGIBLE_PERCENT = 0.05;

/** RECIPE_INVALID names the value at fault. */
export function rescueAdvice(request: RescueRequest): Result<Rescue> {
  const { massG, densityGcm3, volumeCm3, theoreticalDensityGcm3, batch } = request;
  const wrong = wrongValue(request);
  if (wrong) return fail("RECIPE_INVALID", wrong);
  const relativeDensity = densityGcm3 / theoreticalDensityGcm3;
  const targetRelativeDensity = request.targetRelativeDensity ?? relativeDensity;
  const size = Math.cbrt(massG / densityGcm3 / volumeCm3);
  const shownOsf = meanOsf(request.osf) / size;
  const shownLoading = loadingFromOsf(shownOsf, { relativeDensity, metalLoss: 0, moldShrink: 0 });
  const neededLoading = loadingFromOsf(request.osf, { relativeDensity: targetRelativeDensity, metalLoss: 0, moldShrink: 0 });
  if (!(shownLoading > 0.2 && shownLoading < 1)) return fail("RECIPE_INVALID", `Mass, density and volume mean a solids loading of ${(shownLoading * 100).toFixed(1)} %, which is no feedstock's.`, "Check that mass, density and volume belong to the same part and that the units are g, g/cm³ and cm³.");
  const sizeAtTarget = size * Math.cbrt(relativeDensity / targetRelativeDensity);
  const found = {
    sizeErrorPercent: (size - 1) * 100,
    shownOsf,
    relativeDensity,
    targetRelativeDensity,
    byDensityPercent: (size - sizeAtTarget) * 100,
    byLoadingPercent: (sizeAtTarget - 1) * 100,
    shownLoading,
    neededLoading,
    densityForSize: relativeDensityFromOsf(request.osf, shownLoading),
    ...(batch && additions(batch, shownLoading, neededLoading, theoreticalDensityGcm3)),
  };
  return ok({ ...found, advice: advise(found) });
}

/** Binder or powder that takes a batch from one loading to another. */
function additions(batch: { massG: number; binderDensityGcm3: number }, shown: number, needed: number, metalDensityGcm3: number): { addBinderG: number; addPowderG: number } {
  const volume = batch.massG / (shown * metalDensityGcm3 + (1 - shown) * batch.binderDensityGcm3);
  const metal = volume * shown;
  if (shown >= needed) return { addBinderG: (metal / needed - volume) * batch.binderDensityGcm3, addPowderG: 0 };
  return { addBinderG: 0, addPowderG: ((needed * volume - metal) / (1 - needed)) * metalDensityGcm3 };
}

function advise(found: Omit<Rescue, "advice">): string[] {
  const { sizeErrorPercent, byDensityPercent, byLoadingPercent, relativeDensity, targetRelativeDensity, densityForSize } = found;
  const large = sizeErrorPercent > 0;
  if (Math.abs(sizeErrorPercent) < NEGLIGIBLE_PERCENT) return ["The parts have the size the cavity was cut for; leave feedstock and furnace alone."];
  const lines = [`Parts are ${Math.abs(sizeErrorPercent).toFixed(2)} % too ${large ? "large: they shrink too little" : "small: they shrink too much"}.`];
  if (Math.abs(byDensityPercent) >= NEGLIGIBLE_PERCENT) {
    const how = targetRelativeDensity > relativeDensity ? "sinter hotter or longer" : "sinter less";
    lines.push(`Density ${percent(relativeDensity)} % instead of ${percent(targetRelativeDensity)} % accounts for ${signed(byDensityPercent)} %: ${how} first.`);
  }
  if (Math.abs(byLoadingPercent) < NEGLIGIBLE_PERCENT) return [...lines, "Nothing is left for the loading: do not change the feedstock."];
  lines.push(`The loading accounts for ${signed(byLoadingPercent)} %: it is ${percent(found.shownLoading)} vol %, the cavity needs ${percent(found.neededLoading)} vol %.`);
  if (found.addBinderG) lines.push(`Add ${found.addBinderG.toFixed(1)} g of binder to the batch, compound again, and mold a trial.`);
  if (found.addPowderG) lines.push(`Add ${found.addPowderG.toFixed(1)} g of powder to the batch, compound again, and mold a trial.`);
  if (found.addBinderG === undefined) lines.push(`Blend with a lot of ${byLoadingPercent > 0 ? "lower" : "higher"} loading, or compound ${byLoadingPercent > 0 ? "binder" : "powder"} in.`);
  if (densityForSize > 1) lines.push("The furnace alone cannot bring the size right: it would need more than full density.");
  return lines;
}

function wrongValue({ massG, densityGcm3, volumeCm3, theoreticalDensityGcm3, targetRelativeDensity, batch }: RescueRequest): string | undefined {
  for (const [name, value] of Object.entries({ mass: massG, density: densityGcm3, volume: volumeCm3, "theoretical density": theoreticalDensityGcm3, batch: batch?.massG ?? 1, "binder density": batch?.binderDensityGcm3 ?? 1 })) {
    if (!(value > 0 && Number.isFinite(value))) return `The ${name} must be above 0, not ${value}.`;
  }
  if (densityGcm3 > theoreticalDensityGcm3) return `A density of ${densityGcm3} g/cm³ is above the pore-free ${theoreticalDensityGcm3} g/cm³.`;
  if (densityGcm3 < 0.5 * theoreticalDensityGcm3) return `A density of ${densityGcm3} g/cm³ is under half of the pore-free ${theoreticalDensityGcm3} g/cm³; give g/cm³ of a sintered part.`;
  if (targetRelativeDensity !== undefined && !(targetRelativeDensity > 0.5 && targetRelativeDensity <= 1)) return "The density to be reached must be above 50 and at most 100 %.";
  return undefined;
}

const percent = (fraction: number): string => (fraction * 100).toFixed(2);
const signed = (value: number): string => `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
