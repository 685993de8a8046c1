import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  loadingFromOsf,
  meanOsf,
  metalLossFromOsf,
  moldShrinkFromOsf,
  osfFromLoading,
  osfFromShrinkage,
  osfPerAxis,
  relativeDensityFromOsf,
  scaledDraftTangent,
  shrinkageFromOsf,
  volumeFactor,
  type Densification,
} from "../../src/mim/shrinkage.ts";
import type { Vec3 } from "../../src/units.ts";

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const factor = between(1, 1.5);
const loading = between(0.3, 0.8);
const state: fc.Arbitrary<Densification> = fc.record({ relativeDensity: between(0.9, 1), metalLoss: between(0, 0.05), moldShrink: between(0, 0.02) });
const relative = (a: number, b: number): number => Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-300);

describe("OSF, shrinkage and loading", () => {
  test("OSF to shrinkage and back, 1e-12", () => {
    fc.assert(fc.property(factor, (osf) => relative(osfFromShrinkage(shrinkageFromOsf(osf)), osf) < 1e-12));
  });

  test("shrinkage to OSF and back, 1e-12", () => {
    fc.assert(fc.property(between(0, 1 / 3), (shrinkage) => Math.abs(shrinkageFromOsf(osfFromShrinkage(shrinkage)) - shrinkage) < 1e-12));
  });

  test("OSF to loading and back, 1e-12, whatever the density, metal loss and mold shrink", () => {
    fc.assert(fc.property(factor, state, (osf, s) => relative(osfFromLoading(loadingFromOsf(osf, s), s), osf) < 1e-12));
    fc.assert(fc.property(loading, state, (phi, s) => relative(loadingFromOsf(osfFromLoading(phi, s), s), phi) < 1e-12));
  });

  test("shrinkage to loading to OSF to shrinkage, 1e-12", () => {
    fc.assert(
      fc.property(between(0.01, 1 / 3), (shrinkage) => Math.abs(shrinkageFromOsf(osfFromLoading(loadingFromOsf(osfFromShrinkage(shrinkage)))) - shrinkage) < 1e-12),
    );
  });

  test("each of relative density, metal loss and mold shrink is found again from the others, 1e-12", () => {
    fc.assert(
      fc.property(loading, state, (phi, s) => {
        const osf = osfFromLoading(phi, s);
        expect(Math.abs(relativeDensityFromOsf(osf, phi, s) - s.relativeDensity)).toBeLessThan(1e-12);
        expect(Math.abs(metalLossFromOsf(osf, phi, s) - s.metalLoss)).toBeLessThan(1e-12);
        expect(Math.abs(moldShrinkFromOsf(osf, phi, s) - s.moldShrink)).toBeLessThan(1e-12);
      }),
    );
  });

  test("per axis: OSFx·OSFy·OSFz = ρ_rel/φ, and the ratios are kept", () => {
    const ratios = fc.tuple(between(0.97, 1.03), between(0.97, 1.03), between(0.97, 1.03));
    fc.assert(
      fc.property(between(0.4, 0.8), between(0.9, 1), ratios, (phi, relativeDensity, r) => {
        const osf = osfPerAxis(phi, r, { relativeDensity, metalLoss: 0, moldShrink: 0 });
        expect(relative(osf[0] * osf[1] * osf[2], relativeDensity / phi)).toBeLessThan(1e-12);
        expect(relative(osf[2] / osf[0], r[2] / r[0])).toBeLessThan(1e-12);
        expect(relative(volumeFactor(osf), meanOsf(osf) ** 3)).toBeLessThan(1e-12);
      }),
    );
  });

  test("a physical cube: cavity, green part and sintered part carry the same metal", () => {
    fc.assert(
      fc.property(loading, state, between(1, 100), (phi, s, cavityMm) => {
        const sinteredMm = cavityMm / osfFromLoading(phi, s);
        const metalIn = (cavityMm * (1 - s.moldShrink)) ** 3 * phi * (1 - s.metalLoss);
        expect(relative(metalIn, sinteredMm ** 3 * s.relativeDensity)).toBeLessThan(1e-12);
      }),
    );
  });

  test("draft does not move under a uniform factor", () => {
    fc.assert(fc.property(factor, between(0, 1), (osf, tangent) => relative(scaledDraftTangent(tangent, osf, osf), tangent) < 1e-12 || tangent === 0));
    const osf: Vec3 = [1.165, 1.165, 1.171];
    expect(scaledDraftTangent(1, osf[0], osf[2])).toBeCloseTo(1.165 / 1.171, 12);
  });
});
