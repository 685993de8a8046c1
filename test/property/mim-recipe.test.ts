import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeRecipe, mixtureDensity, osfOfBatch } from "../../src/mim/recipe.ts";
import { meanOsf } from "../../src/mim/shrinkage.ts";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const metals = fc.array(fc.record({ name: fc.string({ minLength: 1 }), massG: between(0.1, 1e6), densityGcm3: between(1.7, 20) }), { minLength: 1, maxLength: 5 });
const constituents = fc.array(fc.record({ name: fc.string({ minLength: 1 }), parts: between(0.1, 100), densityGcm3: between(0.7, 2) }), { minLength: 1, maxLength: 9 });
const state = fc.record({ relativeDensity: between(0.9, 1), metalLoss: between(0, 0.05), moldShrink: between(0, 0.01) });
const factor = between(1.08, 1.4);
const osf = fc.oneof(factor, fc.tuple(factor, factor, factor));
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

describe("any recipe", () => {
  test("masses, volumes and fractions sum; densities are mass over volume; the batch has the OSF it was made for", () => {
    fc.assert(
      fc.property(metals, constituents, osf, state, (metal, parts, factors, s) => {
        const result = computeRecipe({ metals: metal, osf: factors, binder: { id: "b", title: "b", source: "s", constituents: parts }, state: s });
        if (!result.ok) throw new Error(result.problem.message);
        const r = result.value;
        expect(close(total(r.constituents.map((c) => c.massG)), r.binderMassG)).toBe(true);
        expect(close(total(r.metals.map((c) => c.massG)), r.metalMassG)).toBe(true);
        expect(close(r.metalMassG + r.binderMassG, r.feedstockMassG)).toBe(true);
        expect(close(r.solidsLoading + r.binderFraction, 1)).toBe(true);
        expect(close(r.metalWeightShare + r.binderWeightShare, 1)).toBe(true);
        expect(close(total(r.constituents.map((c) => c.weightShare)), 1)).toBe(true);
        expect(close(total(r.constituents.map((c) => c.volumePer100gCm3)), r.binderVolumePer100gCm3)).toBe(true);
        expect(close(r.binderDensityGcm3, mixtureDensity(parts))).toBe(true);
        expect(close(r.feedstockDensityGcm3 * (r.metalVolumeCm3 + r.binderVolumeCm3), r.feedstockMassG)).toBe(true);
        const batch = osfOfBatch(metal, r.constituents, factors, s);
        if (!batch.ok) throw new Error(batch.problem.message);
        expect(close(batch.value.osf, meanOsf(factors))).toBe(true);
        expect(Math.abs(batch.value.sizeErrorPercent!)).toBeLessThan(1e-9);
      }),
    );
  });
});
