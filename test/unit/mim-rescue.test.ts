import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rescueAdvice, type Rescue, type RescueRequest } from "../../src/mim/rescue.ts";
import { loadingFromOsf, osfFromLoading } from "../../src/mim/shrinkage.ts";

const METAL = 7.85;
const BINDER = 1.33;

function advise(request: RescueRequest): Rescue {
  const result = rescueAdvice(request);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** A sintered part of `volumeCm3` on the drawing from a feedstock of that loading, sintered to that density. */
function partOf(solidsLoading: number, relativeDensity: number, cutFor: number, volumeCm3 = 1): RescueRequest {
  const osf = osfFromLoading(solidsLoading, { relativeDensity, metalLoss: 0, moldShrink: 0 });
  const densityGcm3 = METAL * relativeDensity;
  return { osf: cutFor, massG: volumeCm3 * (cutFor / osf) ** 3 * densityGcm3, densityGcm3, volumeCm3, theoreticalDensityGcm3: METAL };
}

describe("rescue from mass and density", () => {
  const needed = loadingFromOsf(1.165, { relativeDensity: 0.98, metalLoss: 0, moldShrink: 0 });

  test("parts as they should be: leave it alone", () => {
    const found = advise({ ...partOf(needed, 0.98, 1.165), targetRelativeDensity: 0.98 });
    expect(Math.abs(found.sizeErrorPercent)).toBeLessThan(1e-9);
    expect(found.advice.join(" ")).toContain("leave feedstock and furnace alone");
  });

  test("too large only because not dense: the furnace first, the feedstock stays", () => {
    const found = advise({ ...partOf(needed, 0.95, 1.165), targetRelativeDensity: 0.98 });
    expect(found.sizeErrorPercent).toBeGreaterThan(1);
    expect(found.byLoadingPercent).toBeCloseTo(0, 9);
    expect(found.byDensityPercent).toBeCloseTo(found.sizeErrorPercent, 9);
    expect(found.densityForSize).toBeCloseTo(0.98, 9);
    expect(found.advice.join(" ")).toContain("sinter hotter or longer first");
    expect(found.advice.join(" ")).toContain("do not change the feedstock");
  });

  test("too small because the loading is low (the article's printed dose): add powder, and the furnace cannot help", () => {
    const found = advise({ ...partOf(0.628714, 1, 1.165), batch: { massG: 16501.119, binderDensityGcm3: BINDER } });
    expect(found.sizeErrorPercent).toBeCloseTo(-0.197, 3);
    expect(found.addPowderG).toBeGreaterThan(0);
    expect(found.addBinderG).toBe(0);
    // 1501.119 g of binder want 15 000 · 1501.119 / 1477.27 g of powder.
    expect(found.addPowderG!).toBeCloseTo((15000 * 1501.119) / 1477.2739 - 15000, -1);
  });

  test("too large because the loading is high: add binder; the furnace would need over 100 %", () => {
    const found = advise({ ...partOf(0.645, 1, 1.165), batch: { massG: 5000, binderDensityGcm3: BINDER } });
    expect(found.addBinderG).toBeGreaterThan(0);
    expect(found.densityForSize).toBeGreaterThan(1);
    expect(found.advice.join(" ")).toContain("more than full density");
  });

  test("what is added brings the batch to the loading the cavity needs", () => {
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(between(0.5, 0.68), between(0.95, 1), between(1.14, 1.25), between(100, 1e5), (phi, density, cutFor, massG) => {
        const found = advise({ ...partOf(phi, density, cutFor), batch: { massG, binderDensityGcm3: BINDER } });
        expect(found.shownLoading).toBeCloseTo(phi, 10);
        const volume = massG / (phi * METAL + (1 - phi) * BINDER);
        const powder = volume * phi + found.addPowderG! / METAL;
        const all = volume + found.addPowderG! / METAL + found.addBinderG! / BINDER;
        expect(powder / all).toBeCloseTo(found.neededLoading, 10);
        expect(osfFromLoading(powder / all, { relativeDensity: density, metalLoss: 0, moldShrink: 0 })).toBeCloseTo(cutFor, 10);
        expect(Math.min(found.addPowderG!, found.addBinderG!)).toBe(0);
        expect(Math.max(found.addPowderG!, found.addBinderG!)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test.each([
    [{ densityGcm3: 7.9 }, "above the pore-free"],
    [{ densityGcm3: 3 }, "under half"],
    [{ massG: 0 }, "mass must be above 0"],
    [{ volumeCm3: 1000 }, "no feedstock's"],
    [{ targetRelativeDensity: 98 }, "above 50 and at most 100"],
  ])("%j is refused", (change, hint) => {
    const result = rescueAdvice({ ...partOf(needed, 0.98, 1.165), ...change });
    expect(result.ok ? "" : result.problem.message).toContain(hint);
  });
});
