import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine.ts";
import { badFiles } from "../corpus.ts";
import { kernelSource } from "../kernels.ts";
import { BAD_INPUTS } from "./bad-inputs.ts";

const files = badFiles();
const engine = Engine.create(kernelSource);

describe.skipIf(files.length === 0)("bad inputs through the whole reader", () => {
  for (const { file, path } of files) {
    const table = BAD_INPUTS[file];
    if (!table || !existsSync(path) || statSync(path).isDirectory()) continue;
    it(`${file.slice(0, 40)}: ${table.expect.join(" or ")}`, async () => {
      const result = await engine.open({ name: basename(path), bytes: readFileSync(path) });
      if (!result.ok) {
        expect(table.expect, result.problem.message).toContain("reject");
        expect(table.rejects ?? [], result.problem.message).toContain(result.problem.code);
        if (table.says) expect(result.problem.message).toMatch(table.says);
        expect(result.problem.suggestion).not.toBe("");
        return;
      }
      using read = result.value;
      const { bodies } = read.part, warned = read.warnings.map((w) => w.code);
      const outcome = warned.some((code) => table.warnings?.includes(code)) ? "warn" : "accept";
      expect(table.expect, `${outcome}: ${warned.join(" ")}`).toContain(outcome);
      expect(bodies.length).toBe(table.solids);
      const volume = bodies.reduce((sum, b) => sum + b.mass.volumeMm3, 0);
      if (table.volumeMm3 !== undefined) expect(Math.abs(volume / table.volumeMm3 - 1)).toBeLessThan(1e-9);
      for (const { mass } of bodies) table.sizeMm?.forEach((size, k) => expect(Math.abs(mass.boxMm[1][k] - mass.boxMm[0][k] - size) / size).toBeLessThan(1e-9));
      if (table.name !== undefined) expect(bodies[0].name).toBe(table.name);
    });
  }
});
