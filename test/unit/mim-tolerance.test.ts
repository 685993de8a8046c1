import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROFILES } from "../../src/mim/profile.ts";
import { osfFromLoading, osfFromShrinkage } from "../../src/mim/shrinkage.ts";
import { holdableTolerances, profileToleranceMm, TOLERANCE_TABLES, toleranceMm } from "../../src/mim/tolerance.ts";
import { sizeSpread, stateAtLoading } from "../../src/mim/uncertainty.ts";

const table = (id: string) => TOLERANCE_TABLES.find((t) => t.id === id)!;

describe("tolerances", () => {
  test.each([
    [1, 0.075],
    [24.9, 0.075],
    [25, 0.075],
    [25.1, 0.0753],
    [100, 0.3],
  ])("±0.3 %% with the 0.075 mm floor: %d mm holds ±%d mm; the floor governs below 25 mm", (size, expected) => {
    expect(toleranceMm(size)).toBeCloseTo(expected, 12);
    expect(profileToleranceMm(size, PROFILES[0])).toBeCloseTo(expected, 12);
  });

  test.each([
    ["metalgoods", [[2.9, 0.05], [3, 0.06], [6, 0.075], [15, 0.15], [30, 0.25], [60, 0.3], [100, 0.5]]],
    ["alfa", [[5, 0.05], [6, 0.08], [12, 0.12], [20, 0.19], [35, 0.26], [60, 0.3]]],
    ["metrocast", [[1, 0.03], [2, 0.059], [5, 0.068], [9, 0.08], [17, 0.104], [29, 0.14], [49, 0.2], [79, 0.29], [119, 0.41]]],
    ["finemim", [[2, 0.03], [5, 0.05], [10, 0.08], [20, 0.15], [45, 0.25]]],
  ] as const)("%s as published", (id, rows) => {
    for (const [size, expected] of rows) expect(toleranceMm(size, table(id)), `${size} mm`).toBeCloseTo(expected, 12);
  });

  test("outside a table nothing is made up; its last end belongs to it", () => {
    expect(toleranceMm(61, table("finemim"))).toBeUndefined();
    expect(toleranceMm(60, table("finemim"))).toBe(0.25);
    expect(toleranceMm(0)).toBeUndefined();
    expect(toleranceMm(Number.NaN)).toBeUndefined();
    expect(holdableTolerances(130).find((t) => t.table === "metrocast")).toMatchObject({ plusMinusMm: null, acrossPartingMm: null });
  });

  test("every table has a source, and its rows touch without gaps", () => {
    for (const { rows, source, id } of TOLERANCE_TABLES) {
      expect(source.length, id).toBeGreaterThan(5);
      rows.forEach((row, i) => expect(row.fromMm, id).toBe(i === 0 ? 0 : rows[i - 1].toMm));
    }
  });

  test("across the parting line 0.05 to 0.15 mm are added", () => {
    expect(holdableTolerances(10)[0].acrossPartingMm).toEqual([0.075 + 0.05, 0.075 + 0.15]);
  });

  test("a profile without a tolerance gives none", () => {
    expect(profileToleranceMm(10, PROFILES.find((p) => p.id === "sintex")!)).toBeUndefined();
  });
});

describe("spread of a dimension", () => {
  const state = { relativeDensity: 0.975, metalLoss: 0, moldShrink: 0 };

  test("half a point of loading moves 10 mm by 0.026 mm, one point of density by 0.034 mm: a third and nearly half of the tolerance", () => {
    const spread = sizeSpread(10, 0.075, { solidsLoading: 0.6324, ...state }, { solidsLoading: 0.005, relativeDensity: 0.01 });
    const [loading, density] = spread.contributions;
    expect(loading.percent).toBeCloseTo(0.26, 2);
    expect(density.percent).toBeCloseTo(0.34, 2);
    expect(loading.highMm).toBeGreaterThan(0);
    expect(density.highMm).toBeLessThan(0);
    expect(spread.combinedMm).toBeCloseTo(Math.hypot(0.0264, 0.0344), 3);
    expect(spread.worstMm).toBeCloseTo(0.0264 + 0.0344, 3);
    expect(density.shareOfTolerance).toBeCloseTo(0.459, 2);
  });

  test("density over 100 % is not counted", () => {
    const [density] = sizeSpread(10, 0.075, stateAtLoading(0.6324), { relativeDensity: 0.01 }).contributions;
    expect(density.highMm).toBe(0);
    expect(density.lowMm).toBeGreaterThan(0);
  });

  test("mold shrink and metal loss make parts smaller", () => {
    const spread = sizeSpread(10, 0.075, { solidsLoading: 0.63, ...state, metalLoss: 0.005, moldShrink: 0.004 }, { metalLoss: 0.005, moldShrink: 0.001 });
    for (const { highMm, lowMm } of spread.contributions) {
      expect(highMm).toBeLessThan(0);
      expect(lowMm).toBeGreaterThan(0);
    }
    expect(spread.contributions[1].percent).toBeCloseTo(0.1, 2);
  });

  test("small spreads are the derivative: dL/L = dφ/3φ", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.45, max: 0.7, noNaN: true }), fc.double({ min: 1, max: 100, noNaN: true }), (solidsLoading, size) => {
        const [c] = sizeSpread(size, 1, stateAtLoading(solidsLoading), { solidsLoading: 1e-6 }).contributions;
        expect(c.highMm / size).toBeCloseTo(1e-6 / (3 * solidsLoading), 10);
      }),
    );
  });

  test("the guide's own slip: a shrinkage of 15–20 % is a part 17.6–25 % larger", () => {
    expect(((osfFromShrinkage(0.15) - 1) * 100).toFixed(1)).toBe("17.6");
    expect(((osfFromShrinkage(0.2) - 1) * 100).toFixed(0)).toBe("25");
    expect(osfFromLoading(0.6)).toBeCloseTo(1.1856, 4);
  });
});
