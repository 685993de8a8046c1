import { describe, expect, test } from "vitest";
import { fitLine, interceptTest, predictionHalfWidth, slopeInterval, worstOutlier } from "../../src/mim/fit-line.ts";
import { fTailP, tQuantile, twoSidedP } from "../../src/mim/distributions.ts";

const relative = (a: number, b: number): number => Math.abs(a / b - 1);

describe("Student's t", () => {
  // Computed with @stdlib/stats-base-dists-t 0.2 (a port of Boost).
  test.each([
    [0.05, 1, 12.706204736174705],
    [0.05, 2, 4.302652729749464],
    [0.05, 3, 3.182446305283709],
    [0.05, 10, 2.2281388519862744],
    [0.05, 100, 1.983971518523552],
    [0.05, 1000000, 1.959966356814107],
    [0.01, 4, 4.604094871349994],
    [0.001, 6, 5.9588161788187595],
    [0.0001, 3, 28.000130010948972],
    [0.000001, 2, 999.9992499998438],
    [1e-8, 12, 13.80547750537472],
    [0.9, 5, 0.13217517523168726],
    [0.5, 7, 0.7111417780817858],
  ])("quantile of %d with %d degrees of freedom", (alpha, df, expected) => {
    expect(relative(tQuantile(alpha, df), expected)).toBeLessThan(1e-10);
    expect(relative(twoSidedP(expected, df), alpha)).toBeLessThan(1e-9);
  });

  test.each([
    [0.5, 3, 0.651447964848151],
    [2, 5, 0.10193947882985833],
    [12, 8, 0.000002143866747688769],
    [40, 4, 0.0000023340163226012694],
    [0.001, 9, 0.9992239303259733],
    [6, 200, 9.11512034881035e-9],
  ])("tail beyond %d with %d degrees of freedom", (t, df, expected) => {
    expect(relative(twoSidedP(t, df), expected)).toBeLessThan(1e-10);
    expect(twoSidedP(-t, df)).toBe(twoSidedP(t, df));
  });

  test("closed forms: df 1 is the arctangent, df 2 is algebraic", () => {
    for (const t of [0.1, 1, 3, 30]) {
      expect(relative(twoSidedP(t, 1), 1 - (2 / Math.PI) * Math.atan(t))).toBeLessThan(1e-10);
      expect(relative(twoSidedP(t, 2), 1 - t / Math.sqrt(2 + t * t))).toBeLessThan(1e-10);
    }
  });

  test("nonsense gives NaN, infinity gives 0", () => {
    expect(tQuantile(0, 3)).toBeNaN();
    expect(tQuantile(0.05, 0)).toBeNaN();
    expect(twoSidedP(Number.NaN, 3)).toBeNaN();
    expect(twoSidedP(Infinity, 3)).toBe(0);
  });
});

describe("Fisher's F", () => {
  test("with one degree of freedom it is t², with two it is algebraic", () => {
    for (const t of [0.2, 1, 2.5, 9]) {
      expect(relative(fTailP(t * t, 1, 7), twoSidedP(t, 7))).toBeLessThan(1e-12);
      expect(relative(fTailP(t, 2, 6), (1 + (2 * t) / 6) ** -3)).toBeLessThan(1e-10);
    }
    expect(fTailP(0, 2, 3)).toBe(1);
    expect(fTailP(Infinity, 2, 3)).toBe(0);
  });
});

describe("least squares", () => {
  // Norris, NIST Statistical Reference Datasets, linear regression (certified values).
  const norrisX = [0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5, 11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5];
  const norrisY = [0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2];

  test("NIST Norris: slope, intercept, their standard errors and the scatter to nine digits", () => {
    const fit = fitLine(norrisX, norrisY, "intercept")!;
    expect(relative(fit.slope, 1.00211681802045)).toBeLessThan(1e-9);
    expect(relative(fit.intercept, -0.262323073774029)).toBeLessThan(1e-9);
    expect(relative(fit.slopeSe, 0.429796848199937e-3)).toBeLessThan(1e-9);
    expect(relative(fit.interceptSe, 0.232818234301152)).toBeLessThan(1e-9);
    expect(relative(fit.scatter, 0.884796396144373)).toBeLessThan(1e-9);
    expect(fit.df).toBe(34);
  });

  // NoInt1, NIST Statistical Reference Datasets (through the origin).
  test("NIST NoInt1: through the origin", () => {
    const x = [60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70];
    const fit = fitLine(x, [130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140], "origin")!;
    expect(relative(fit.slope, 2.07438016528926)).toBeLessThan(1e-12);
    expect(relative(fit.slopeSe, 0.165289256198347e-1)).toBeLessThan(1e-12);
    expect(relative(fit.scatter, 3.56753034006338)).toBeLessThan(1e-12);
  });

  test("a whole-number weight is that many equal points, for the line itself", () => {
    const once = fitLine([1, 2, 3, 5], [1.1, 1.9, 3.2, 4.8], "intercept", [1, 2, 1, 3])!;
    const many = fitLine([1, 2, 2, 3, 5, 5, 5], [1.1, 1.9, 1.9, 3.2, 4.8, 4.8, 4.8], "intercept")!;
    expect(once.slope).toBeCloseTo(many.slope, 12);
    expect(once.intercept).toBeCloseTo(many.intercept, 12);
  });

  test("the studentised residual is the one against the fit without the point", () => {
    const x = [1, 2, 3, 4, 5, 6];
    const y = [1.1, 1.9, 3.2, 3.7, 5.4, 5.9];
    const full = fitLine(x, y, "intercept")!;
    const without = fitLine(x.filter((_, i) => i !== 4), y.filter((_, i) => i !== 4), "intercept")!;
    const gap = y[4] - (without.slope * x[4] + without.intercept);
    expect(full.studentised[4]).toBeCloseTo(gap / Math.hypot(without.scatter, without.lineSe(x[4])), 10);
  });

  test("no freedom or no spread gives no fit", () => {
    expect(fitLine([1, 2], [1, 2], "intercept")).toBeUndefined();
    expect(fitLine([1], [1], "origin")).toBeUndefined();
    expect(fitLine([5, 5, 5], [1, 2, 3], "intercept")).toBeUndefined();
  });

  test("perfect points: no outlier, no intercept, intervals of no width", () => {
    const x = [5, 10, 20, 40];
    const fit = fitLine(x, x.map((v) => v / 1.25), "intercept")!;
    expect(worstOutlier(fit, 0.01, 1e-4)).toBe(-1);
    expect(interceptTest(fit, 0.95).high).toBeLessThan(1e-12);
    expect(slopeInterval(fit, 0.95).high - 0.8).toBeLessThan(1e-12);
    expect(predictionHalfWidth(fit, 30, 0.95)).toBeLessThan(1e-12);
  });
});
