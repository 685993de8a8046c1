import type { Recipe, RecipeRequest } from "./recipe.ts";

/** A recipe quantity that can be compared with one printed somewhere, and how to read it off the recipe. */
const QUANTITIES = {
  metalVolumeCm3: (r: Recipe) => r.metalVolumeCm3,
  solidsLoadingPercent: (r: Recipe) => r.solidsLoading * 100,
  binderFractionPercent: (r: Recipe) => r.binderFraction * 100,
  binderVolumeCm3: (r: Recipe) => r.binderVolumeCm3,
  binderVolumePer100gCm3: (r: Recipe) => r.binderVolumePer100gCm3,
  binderDensityGcm3: (r: Recipe) => r.binderDensityGcm3,
  binderMassG: (r: Recipe) => r.binderMassG,
  metalWeightPercent: (r: Recipe) => r.metalWeightShare * 100,
  binderWeightPercent: (r: Recipe) => r.binderWeightShare * 100,
  feedstockDensityGcm3: (r: Recipe) => r.feedstockDensityGcm3,
} as const;

/** Name of a quantity that can be compared. */
export type PrintedQuantity = keyof typeof QUANTITIES;

/** Names of all of them; the constituents' masses are `massG:POM` and their volumes in 100 g `volumePer100gCm3:POM`. */
export const PRINTED_QUANTITIES = Object.keys(QUANTITIES) as readonly PrintedQuantity[];

/** A printed value, as text, because its digits say how exact it claims to be. */
export interface Printed {
  readonly quantity: string;
  readonly printed: string;
}

/** A printed value beside the recomputed one. */
export interface PrintedComparison extends Printed {
  readonly recomputed: number;
  /** Equal to all digits printed. */
  readonly agrees: boolean;
  readonly differencePercent: number;
}

/** The values printed in the worked example of PIM International vol. 16 no. 2 (June 2022). */
export const ARTICLE_PRINTED: readonly Printed[] = [
  { quantity: "metalVolumeCm3", printed: "1910.828" },
  { quantity: "solidsLoadingPercent", printed: "63.2" },
  { quantity: "binderFractionPercent", printed: "36.8" },
  { quantity: "binderVolumeCm3", printed: "1112.634" },
  { quantity: "volumePer100gCm3:POM", printed: "2.857" },
  { quantity: "binderVolumePer100gCm3", printed: "74.12" },
  { quantity: "binderVolumePer100gCm3", printed: "74.174" },
  { quantity: "binderDensityGcm3", printed: "1.349" },
  { quantity: "binderMassG", printed: "1501.119" },
  { quantity: "metalWeightPercent", printed: "90.9" },
  { quantity: "binderWeightPercent", printed: "9.1" },
  { quantity: "massG:POM", printed: "1321" },
  { quantity: "massG:PP", printed: "37.5" },
  { quantity: "massG:HDPE", printed: "37.5" },
  { quantity: "massG:EVA", printed: "15" },
  { quantity: "massG:PW", printed: "15" },
  { quantity: "massG:SA", printed: "60" },
  { quantity: "massG:1010", printed: "15" },
];

/** Whether this is the article's worked example: 15 000 g of density 7.85 at OSF 1.165 with its binder. */
export function isArticleExample({ metals, osf, binder }: RecipeRequest): boolean {
  const [metal] = metals;
  return metals.length === 1 && metal.massG === 15_000 && metal.densityGcm3 === 7.85 && [osf].flat().every((factor) => factor === 1.165) && binder.id === "pom-7";
}

/** Compares printed values with the recipe; a quantity that is not known comes back undefined. */
export function comparePrinted(recipe: Recipe, { quantity, printed }: Printed): PrintedComparison | undefined {
  const recomputed = quantityOf(recipe, quantity);
  if (recomputed === undefined) return undefined;
  const decimals = printed.split(".")[1]?.length ?? 0;
  const agrees = Math.abs(recomputed - Number(printed)) <= 0.5 * 10 ** -decimals * (1 + 1e-9);
  return { quantity, printed, recomputed, agrees, differencePercent: (Number(printed) / recomputed - 1) * 100 };
}

function quantityOf(recipe: Recipe, quantity: string): number | undefined {
  const read = Object.hasOwn(QUANTITIES, quantity) ? QUANTITIES[quantity as PrintedQuantity] : undefined;
  if (read) return read(recipe);
  const [kind, name] = quantity.split(":");
  const constituent = recipe.constituents.find((c) => c.name === name);
  if (kind === "massG") return constituent?.massG;
  return kind === "volumePer100gCm3" ? constituent?.volumePer100gCm3 : undefined;
}
