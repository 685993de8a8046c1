import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gateStep, type GatedStep } from "../../src/step/p21/gate-step.ts";
import type { Problem, Result } from "../../src/result.ts";
import { badFiles } from "../corpus.ts";
import { BAD_INPUTS, type BadInput } from "./bad-inputs.ts";

const files = badFiles();

/** What the gate did, in the table's words. */
function outcome(result: Result<GatedStep>, table: BadInput): "accept" | "warn" | "reject" {
  if (!result.ok) return "reject";
  return result.warnings.some(({ code }) => table.warnings?.includes(code)) ? "warn" : "accept";
}

describe.skipIf(files.length === 0)("bad inputs at the gate", () => {
  it("the table covers the manifest, entry by entry", () => {
    expect(Object.keys(BAD_INPUTS).sort()).toEqual(files.map(({ file }) => file).sort());
    expect(files.length).toBe(100);
  });

  for (const { file, path } of files) {
    const table = BAD_INPUTS[file];
    if (!table || !existsSync(path) || statSync(path).isDirectory()) continue;
    it(`${file.slice(0, 40)}: ${table.expect.join(" or ")}`, () => {
      const result = gateStep(readFileSync(path));
      expect(table.expect as readonly string[], describeResult(result)).toContain(outcome(result, table));
      if (!result.ok) {
        expect(table.rejects ?? [], result.problem.message).toContain(result.problem.code);
        if (table.says) expect(result.problem.message).toMatch(table.says);
        return;
      }
      expect(result.value.solids.length).toBe(table.solids);
      expect(result.value.solids.every((solid) => solid.faces === 8 && solid.shells === 1)).toBe(true);
      for (const solid of result.value.solids) {
        const [min, max] = solid.boxMm ?? [[NaN, NaN, NaN], [NaN, NaN, NaN]];
        table.sizeMm?.forEach((size, i) => expect(Math.abs(max[i] - min[i] - size) / size).toBeLessThan(1e-9));
      }
      if (table.name !== undefined) expect(result.value.solids[0].name).toBe(table.name);
    });
  }
});

const describeResult = (result: Result<GatedStep>): string =>
  result.ok ? `accepted ${result.warnings.map((w: Problem) => w.code).join(" ")}` : `${result.problem.code} ${result.problem.message}`;
