import { fail, ok, type Result } from "../result.ts";
import type { Binder } from "./binder.ts";
import { checkOsf } from "./check-osf.ts";
import { FULL_DENSITY, loadingFromOsf, meanOsf, osfFromLoading, shrinkageFromOsf, type Densification, type Osf } from "./shrinkage.ts";

/** Some grams of a substance. */
export interface Charge {
  readonly name: string;
  readonly massG: number;
  readonly densityGcm3: number;
}

/** What a recipe is computed from. */
export interface RecipeRequest {
  /** One powder, or several that are mixed. */
  readonly metals: readonly Charge[];
  readonly osf: Osf;
  readonly binder: Binder;
  /** Sintered density, metal loss and mold shrink; the article's full density when left out. */
  readonly state?: Densification;
}

/** A line of the recipe. */
export interface RecipeLine extends Charge {
  readonly volumeCm3: number;
  /** Share of all metal, or of all binder, by weight, 0 to 1. */
  readonly weightShare: number;
  /** Volume that this constituent has in 100 g of its group, cm³. */
  readonly volumePer100gCm3: number;
}

/** A feedstock batch. Nothing is rounded. */
export interface Recipe {
  readonly osf: Osf;
  /** Volume fraction of powder φ and of binder; they sum to 1. */
  readonly solidsLoading: number;
  readonly binderFraction: number;
  /** Share of metal and of binder by weight; they sum to 1. */
  readonly metalWeightShare: number;
  readonly binderWeightShare: number;
  readonly metalMassG: number;
  readonly metalDensityGcm3: number;
  readonly metalVolumeCm3: number;
  readonly binderMassG: number;
  readonly binderDensityGcm3: number;
  readonly binderVolumeCm3: number;
  readonly binderVolumePer100gCm3: number;
  readonly feedstockMassG: number;
  readonly feedstockDensityGcm3: number;
  readonly metals: readonly RecipeLine[];
  readonly constituents: readonly RecipeLine[];
}

/** Density of a mixture without pores, 1/Σ(wᵢ/ρᵢ); `parts` are weights on any scale. */
export function mixtureDensity(parts: readonly { readonly parts: number; readonly densityGcm3: number }[]): number {
  const weight = sum(parts.map((p) => p.parts));
  return weight / sum(parts.map((p) => p.parts / p.densityGcm3));
}

/** Volume fraction of powder from its weight fraction: φ = (w/ρm) / (w/ρm + (1−w)/ρb). */
export function loadingFromWeight(metalWeightShare: number, metalDensityGcm3: number, binderDensityGcm3: number): number {
  const metal = metalWeightShare / metalDensityGcm3;
  return metal / (metal + (1 - metalWeightShare) / binderDensityGcm3);
}

/** Weight fraction of powder from its volume fraction. */
export function weightFromLoading(solidsLoading: number, metalDensityGcm3: number, binderDensityGcm3: number): number {
  const metal = solidsLoading * metalDensityGcm3;
  return metal / (metal + (1 - solidsLoading) * binderDensityGcm3);
}

/** ρ_feedstock = φ ρm + (1−φ) ρb. */
export const feedstockDensity = (solidsLoading: number, metalDensityGcm3: number, binderDensityGcm3: number): number =>
  solidsLoading * metalDensityGcm3 + (1 - solidsLoading) * binderDensityGcm3;

/**
 * The binder that a mass of powder needs to have an OSF, constituent by constituent. After PIM International vol. 16
 * no. 2 (June 2022), without its intermediate rounding. RECIPE_INVALID or OSF_INVALID names the value at fault.
 */
export function computeRecipe({ metals, osf, binder, state = FULL_DENSITY }: RecipeRequest): Result<Recipe> {
  const factor = checkOsf(osf);
  if (!factor.ok) return factor;
  const wrong = wrongCharges("metal", metals) ?? wrongState(state);
  if (wrong) return fail("RECIPE_INVALID", wrong);
  const solidsLoading = loadingFromOsf(osf, state);
  if (!(solidsLoading < 1)) return fail("RECIPE_INVALID", `With this OSF and sintered density the powder would fill ${(solidsLoading * 100).toFixed(2)} % of the volume: no room is left for a binder.`);
  const parts = sum(binder.constituents.map((c) => c.parts));
  const metalVolumeCm3 = sum(metals.map(volume));
  const binderVolumeCm3 = (metalVolumeCm3 * (1 - solidsLoading)) / solidsLoading;
  const binderMassG = binderVolumeCm3 * mixtureDensity(binder.constituents);
  const constituents = binder.constituents.map(({ name, densityGcm3, parts: p }) => ({ name, densityGcm3, massG: (binderMassG * p) / parts }));
  return ok(describe(osf, metals, constituents));
}

/** A batch as it was weighed, with the OSF that it really has. */
export interface Batch {
  readonly recipe: Recipe;
  /** Mean OSF of this batch. */
  readonly osf: number;
  readonly shrinkage: number;
  /** Size of parts from a cavity cut for `intendedOsf`, in percent off target; negative is undersize. */
  readonly sizeErrorPercent?: number;
}

/**
 * The reverse: what OSF a batch really has from what was put in it. `intendedOsf` is what the cavity was cut for.
 */
export function osfOfBatch(metals: readonly Charge[], binder: readonly Charge[], intendedOsf?: Osf, state: Densification = FULL_DENSITY): Result<Batch> {
  const wrong = wrongCharges("metal", metals) ?? wrongCharges("binder constituent", binder) ?? wrongState(state);
  if (wrong) return fail("RECIPE_INVALID", wrong);
  const metal = sum(metals.map(volume));
  const osf = osfFromLoading(metal / (metal + sum(binder.map(volume))), state);
  const sizeErrorPercent = intendedOsf === undefined ? undefined : (meanOsf(intendedOsf) / osf - 1) * 100;
  return ok({ recipe: describe(osf, metals, binder), osf, shrinkage: shrinkageFromOsf(osf), sizeErrorPercent });
}

/** Splits a total of binder over the constituents of its recipe. */
export function splitBinder(binder: Binder, binderMassG: number): Charge[] {
  const parts = sum(binder.constituents.map((c) => c.parts));
  return binder.constituents.map(({ name, densityGcm3, parts: p }) => ({ name, densityGcm3, massG: (binderMassG * p) / parts }));
}

function describe(osf: Osf, metals: readonly Charge[], binder: readonly Charge[]): Recipe {
  const metalMassG = sum(metals.map((m) => m.massG));
  const binderMassG = sum(binder.map((b) => b.massG));
  const metalVolumeCm3 = sum(metals.map(volume));
  const binderVolumeCm3 = sum(binder.map(volume));
  const feedstockMassG = metalMassG + binderMassG;
  const feedstockVolume = metalVolumeCm3 + binderVolumeCm3;
  return {
    osf,
    solidsLoading: metalVolumeCm3 / feedstockVolume,
    binderFraction: binderVolumeCm3 / feedstockVolume,
    metalWeightShare: metalMassG / feedstockMassG,
    binderWeightShare: binderMassG / feedstockMassG,
    metalMassG,
    metalDensityGcm3: metalMassG / metalVolumeCm3,
    metalVolumeCm3,
    binderMassG,
    binderDensityGcm3: binderMassG / binderVolumeCm3,
    binderVolumeCm3,
    binderVolumePer100gCm3: (100 * binderVolumeCm3) / binderMassG,
    feedstockMassG,
    feedstockDensityGcm3: feedstockMassG / feedstockVolume,
    metals: metals.map((m) => line(m, metalMassG)),
    constituents: binder.map((b) => line(b, binderMassG)),
  };
}

const line = (charge: Charge, groupMassG: number): RecipeLine => {
  const weightShare = charge.massG / groupMassG;
  return { ...charge, volumeCm3: volume(charge), weightShare, volumePer100gCm3: (100 * weightShare) / charge.densityGcm3 };
};

function wrongCharges(what: string, charges: readonly Charge[]): string | undefined {
  if (charges.length === 0) return `There is no ${what}.`;
  const bad = charges.find(({ massG, densityGcm3 }) => !(massG > 0 && Number.isFinite(massG) && densityGcm3 > 0.3 && densityGcm3 < 25));
  return bad && `The ${what} "${bad.name}" needs a mass above 0 g and a density of 0.3 to 25 g/cm³, not ${bad.massG} g and ${bad.densityGcm3} g/cm³.`;
}

function wrongState({ relativeDensity, metalLoss, moldShrink }: Densification): string | undefined {
  if (!(relativeDensity > 0.5 && relativeDensity <= 1)) return `The sintered density must be above 50 and at most 100 % of theoretical, not ${relativeDensity * 100} %.`;
  if (!(metalLoss >= 0 && metalLoss < 0.2)) return `The metal loss must be 0 to 20 %, not ${metalLoss * 100} %.`;
  if (!(moldShrink >= 0 && moldShrink < 0.05)) return `The mold shrink must be 0 to 5 %, not ${moldShrink * 100} %.`;
  return undefined;
}

const volume = ({ massG, densityGcm3 }: Charge): number => massG / densityGcm3;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
