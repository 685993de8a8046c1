import { describe, expect, test } from "vitest";
import { BINDERS, resolveBinder } from "../../src/mim/binder.ts";
import { findMaterial } from "../../src/mim/materials.ts";
import { ARTICLE_PRINTED, comparePrinted, isArticleExample } from "../../src/mim/printed-values.ts";
import { computeRecipe, feedstockDensity, loadingFromWeight, mixtureDensity, osfOfBatch, splitBinder, weightFromLoading, type Recipe } from "../../src/mim/recipe.ts";
import { loadingFromOsf, osfFromLoading } from "../../src/mim/shrinkage.ts";
import type { Result } from "../../src/result.ts";

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

const powder = { name: "17-4PH", massG: 15_000, densityGcm3: 7.85 };
const pom7 = BINDERS[0];
const article = { metals: [powder], osf: 1.165, binder: pom7 };
const recipe = value(computeRecipe(article));
const massOf = (name: string) => (r: Recipe) => r.constituents.find((c) => c.name === name)!.massG;
const per100 = (name: string) => (r: Recipe) => r.constituents.find((c) => c.name === name)!.volumePer100gCm3;

/** What the article gets when it goes on with the rounded 63.2 : 36.8. */
const roundedBinderVolume = (15_000 / 7.85 / 63.2) * 36.8;

describe("the worked example of PIM International 16(2), printed and recomputed", () => {
  // quantity, printed in the article, recomputed to the digits given, how it is recomputed, whether the printed one is a misprint or rounding slip
  const cube = 10 / 1.165;
  test.each<[string, string, string, number, boolean]>([
    ["x_s = 10/1.165", "8.5837", "8.58369", cube, false],
    ["x_s³", "632.4462", "632.4442", cube ** 3, true],
    ["powder volume of 1000", "632.4464", "632.4442", 1000 * loadingFromOsf(1.165), true],
    ["binder volume of 1000", "367.5538", "367.5558", 1000 * (1 - loadingFromOsf(1.165)), true],
    ["powder, vol %", "63.2", "63.24", recipe.solidsLoading * 100, false],
    ["binder, vol %", "36.8", "36.76", recipe.binderFraction * 100, false],
    ["V_metal, cm³", "1910.828", "1910.828", recipe.metalVolumeCm3, false],
    ["V_binder from the rounded ratio, cm³", "1112.634", "1112.634", roundedBinderVolume, false],
    ["V_binder exact, cm³", "1112.634", "1110.510", recipe.binderVolumeCm3, true],
    ["POM in 100 g of binder, cm³, where it is summed", "2.857", "62.857", per100("POM")(recipe), true],
    ["PP in 100 g, cm³", "2.5", "2.5", per100("PP")(recipe), false],
    ["HDPE in 100 g, cm³", "2.5", "2.5", per100("HDPE")(recipe), false],
    ["EVA in 100 g, cm³", "1", "1", per100("EVA")(recipe), false],
    ["PW in 100 g, cm³", "1.053", "1.053", per100("PW")(recipe), false],
    ["SA in 100 g, cm³", "4.211", "4.211", per100("SA")(recipe), false],
    ["1010 in 100 g, cm³", "1.053", "1.053", per100("1010")(recipe), false],
    ["binder in 100 g, cm³, first print", "74.12", "75.173", recipe.binderVolumePer100gCm3, true],
    ["binder in 100 g, cm³, second print", "74.174", "75.173", recipe.binderVolumePer100gCm3, true],
    ["ρ_binder, g/cm³", "1.349", "1.330", recipe.binderDensityGcm3, true],
    ["binder mass from the rounded ratio, g", "1501.119", "1480.10", roundedBinderVolume * recipe.binderDensityGcm3, true],
    ["binder mass exact, g", "1501.119", "1477.27", recipe.binderMassG, true],
    ["metal, wt %", "90.9", "91.03", recipe.metalWeightShare * 100, true],
    ["binder, wt %", "9.1", "8.97", recipe.binderWeightShare * 100, true],
    ["POM, g", "1321", "1300.0", massOf("POM")(recipe), true],
    ["PP, g", "37.5", "36.9", massOf("PP")(recipe), true],
    ["HDPE, g", "37.5", "36.9", massOf("HDPE")(recipe), true],
    ["EVA, g", "15", "14.8", massOf("EVA")(recipe), false],
    ["PW, g", "15", "14.8", massOf("PW")(recipe), false],
    ["1010, g", "15", "14.8", massOf("1010")(recipe), false],
    ["SA, g", "60", "59.1", massOf("SA")(recipe), true],
  ])("%s: printed %s, recomputed %s", (_, printed, recomputed, exact, misprint) => {
    const decimals = (text: string): number => text.split(".")[1]?.length ?? 0;
    expect(exact.toFixed(decimals(recomputed))).toBe(recomputed);
    expect(exact.toFixed(decimals(printed)) !== printed).toBe(misprint);
  });

  test("the metal's density and mass are the article's", () => {
    expect(findMaterial("17-4PH")?.theoreticalDensityGcm3?.value).toBe(7.85);
    expect(15 * 1000).toBe(powder.massG);
  });

  test("the constituents' masses are the whole times the share; the article divides by it", () => {
    for (const { name, parts } of pom7.constituents) expect(massOf(name)(recipe)).toBeCloseTo((recipe.binderMassG * parts) / 100, 9);
    expect(1501.119 / (88 / 100)).toBeGreaterThan(1501.119);
    expect((1501.119 * 88) / 100).toBeCloseTo(1321, 0);
  });

  test("the sum the article prints is neither of its own terms' sums", () => {
    expect(2.857 + 2.5 + 2.5 + 1 + 1.053 + 4.211 + 1.053).toBeCloseTo(15.174, 3);
    expect(100 / 74.174).toBeCloseTo(1.348, 3);
    expect((100 / 74.174).toFixed(3)).not.toBe("1.349");
  });

  test("dosed as printed: φ 62.87 %, OSF 1.1673, parts 0.197 % undersize", () => {
    const batch = value(osfOfBatch([powder], splitBinder(pom7, 1501.119), 1.165));
    expect((batch.recipe.solidsLoading * 100).toFixed(2)).toBe("62.87");
    expect(batch.osf.toFixed(4)).toBe("1.1673");
    expect(batch.sizeErrorPercent!.toFixed(3)).toBe("-0.197");
    expect(Math.abs(batch.sizeErrorPercent!) / 0.3).toBeCloseTo(2 / 3, 1);
  });

  test("the tool itself reports which printed values differ", () => {
    expect(isArticleExample(article)).toBe(true);
    const differing = ARTICLE_PRINTED.map((p) => comparePrinted(recipe, p)!).filter((c) => !c.agrees);
    expect(differing.map((c) => `${c.quantity} ${c.printed}`)).toEqual([
      "binderVolumeCm3 1112.634",
      "volumePer100gCm3:POM 2.857",
      "binderVolumePer100gCm3 74.12",
      "binderVolumePer100gCm3 74.174",
      "binderDensityGcm3 1.349",
      "binderMassG 1501.119",
      "metalWeightPercent 90.9",
      "binderWeightPercent 9.1",
      "massG:POM 1321",
      "massG:PP 37.5",
      "massG:HDPE 37.5",
      "massG:SA 60",
    ]);
    expect(comparePrinted(recipe, { quantity: "binderMassG", printed: "1477.27" })?.agrees).toBe(true);
    expect(comparePrinted(recipe, { quantity: "constructor", printed: "1" })).toBeUndefined();
  });
});

describe("recipes", () => {
  test("several metals: density and volume by the rule of mixtures", () => {
    const mixed = value(computeRecipe({ metals: [{ name: "Fe", massG: 500, densityGcm3: 7.874 }, { name: "Ni", massG: 500, densityGcm3: 8.908 }], osf: 1.163, binder: pom7 }));
    expect(mixed.metalDensityGcm3).toBeCloseTo(8.359, 3);
    expect(mixed.metals.map((m) => m.weightShare)).toEqual([0.5, 0.5]);
    expect(mixed.solidsLoading).toBeCloseTo(1 / 1.163 ** 3, 12);
  });

  test.each([
    ["W-Ni-Fe", [["W", 93, 19.3], ["Ni", 4.9, 8.908], ["Fe", 2.1, 7.874]]],
    ["Fe-50Ni", [["Fe", 50, 7.874], ["Ni", 50, 8.908]]],
    ["Kovar", [["Fe", 54, 7.874], ["Ni", 29, 8.908], ["Co", 17, 8.9]]],
  ] as const)("the computed density of %s is the mixture of its elements", (id, elements) => {
    const density = mixtureDensity(elements.map(([, parts, densityGcm3]) => ({ parts, densityGcm3 })));
    expect(density).toBeCloseTo(findMaterial(id)!.theoreticalDensityGcm3!.value, 1);
    expect(density.toFixed(2)).toBe(findMaterial(id)!.theoreticalDensityGcm3!.value.toFixed(2));
  });

  test("60 vol % of steel is about 90 wt %, as the guide says", () => {
    expect(weightFromLoading(0.6, 7.85, recipe.binderDensityGcm3)).toBeCloseTo(0.9, 2);
  });

  test("sintered below full density, with metal loss and mold shrink, the recipe needs more binder for the same OSF", () => {
    const state = { relativeDensity: 0.98, metalLoss: 0.002, moldShrink: 0.003 };
    const dense = value(computeRecipe({ ...article, state }));
    expect(osfFromLoading(dense.solidsLoading, state)).toBeCloseTo(1.165, 12);
    expect(dense.solidsLoading).toBeLessThan(recipe.solidsLoading);
  });

  test.each([
    ["no metal", { ...article, metals: [] }, "There is no metal"],
    ["negative mass", { ...article, metals: [{ ...powder, massG: -1 }] }, "mass above 0"],
    ["NaN density", { ...article, metals: [{ ...powder, densityGcm3: Number.NaN }] }, "density"],
    ["density in kg/m³", { ...article, metals: [{ ...powder, densityGcm3: 7850 }] }, "density"],
    ["OSF as percent", { ...article, osf: 16.5 }, "percentage"],
    ["OSF 1: no room for binder", { ...article, osf: 1 }, "no room"],
    ["density over 100 %", { ...article, state: { relativeDensity: 1.01, metalLoss: 0, moldShrink: 0 } }, "at most 100"],
  ])("%s is refused", (_, request, hint) => {
    const result = computeRecipe(request);
    expect(result.ok ? "" : result.problem.message).toContain(hint);
  });

  test("binders: preset, written out, file, and what is wrong with one", () => {
    expect(value(resolveBinder("pom-7")).constituents).toHaveLength(7);
    expect(value(resolveBinder("PW:65:0.9, PP:30:0.91,SA:5:0.94")).constituents[2]).toEqual({ name: "SA", parts: 5, densityGcm3: 0.94 });
    const file = JSON.stringify({ schema: "oversize.binder/1", id: "wax", source: "ours", constituents: [{ name: "PW", parts: 1, densityGcm3: 0.9 }] });
    expect(value(resolveBinder(file)).title).toBe("wax");
    for (const bad of ["pom-8", "PW:65", "PW:-1:0.9", "PW:65:900", "PW:65:0.9:1", '{"schema":"oversize.binder/1"}']) expect(resolveBinder(bad).ok, bad).toBe(false);
  });

  test("volume and weight fractions are each other's inverse", () => {
    const w = weightFromLoading(0.6324, 7.85, 1.33);
    expect(loadingFromWeight(w, 7.85, 1.33)).toBeCloseTo(0.6324, 12);
    expect(feedstockDensity(recipe.solidsLoading, 7.85, recipe.binderDensityGcm3)).toBeCloseTo(recipe.feedstockDensityGcm3, 12);
  });
});
