import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROBLEMS } from "../../src/result.ts";
import { gateStep } from "../../src/step/p21/gate-step.ts";
import { corpusFiles } from "../corpus.ts";
import { mutate } from "../mutate.ts";

const samples = fileURLToPath(new URL("../../samples", import.meta.url));
const SMALL = 60_000;
const good = [
  ...readdirSync(samples).filter((name) => name.endsWith(".step")).map((name) => `${samples}/${name}`),
  ...corpusFiles().map(({ path }) => path),
].map((path) => readFileSync(path)).filter((bytes) => bytes.length < SMALL && gateStep(bytes).ok).slice(0, 12);

describe("2 000 mutations at the gate (seed 20260)", () => {
  it("has good files to damage", () => {
    expect(good.length).toBeGreaterThan(0);
  });

  it("end in a coded problem or in text the gate passes again, unchanged", { timeout: 240_000 }, () => {
    const codes = new Map<string, number>();
    fc.assert(
      fc.property(fc.noBias(fc.nat(good.length - 1)), fc.noBias(fc.nat()), (which, seed) => {
        const { bytes } = mutate(good[which], seed);
        const result = gateStep(bytes);
        const code = result.ok ? "passed" : result.problem.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
        if (!result.ok) {
          expect(PROBLEMS[result.problem.code]).toBeDefined();
          return;
        }
        expect(result.value.solids.length).toBeGreaterThan(0);
        const again = gateStep(result.value.bytes);
        expect(again.ok).toBe(true);
        if (again.ok) {
          expect(again.value.solids.map(({ faces, shells }) => [faces, shells])).toEqual(result.value.solids.map(({ faces, shells }) => [faces, shells]));
          expect(Buffer.compare(again.value.bytes, result.value.bytes)).toBe(0);
        }
      }),
      { numRuns: 2000, seed: 20260 },
    );
    // The damage is real: most of it is caught, by more than one check.
    expect(codes.get("passed") ?? 0).toBeLessThan(1200);
    expect(codes.size).toBeGreaterThan(5);
    console.log([...codes].sort((a, b) => b[1] - a[1]).map(([code, n]) => `${code} ${n}`).join("  "));
  });
});
