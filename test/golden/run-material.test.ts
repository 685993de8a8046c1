import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cli = join(root, "dist/cli/oversize.js");
const built = existsSync(cli);
if (!built) console.log("skipped: dist/ is not built (npm run build)");

const out = mkdtempSync(join(tmpdir(), "oversize-run-"));
const run = (...args: string[]): { code: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "run", "samples/bracket.step", "--out", out, "--json", ...args], { cwd: root, encoding: "utf8" });
  return { code: status, stdout, stderr };
};

describe.skipIf(!built)("oversize run and the material", () => {
  test.each(["420", "4140"])("%s has no single sourced OSF: it stops and says what to supply", (id) => {
    const { code, stdout, stderr } = run("--material", id);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("OSF_UNKNOWN");
    expect(stderr).toContain(id);
    expect(stderr).toMatch(/--osf 1\.\d+/);
    expect(stderr).toContain("--feedstock");
  });

  test("with a feedstock file it uses the feedstock, and the report says so", () => {
    const { stdout } = run("--material", "420", "--feedstock", "samples/data/feedstocks.json");
    const { material, problems } = JSON.parse(stdout) as Report;
    expect(material).toMatchObject({ id: "420", osf: [1.178, 1.178, 1.178], densityGcm3: 7.7 });
    expect(material?.source).toContain("feedstock Example Feedstocks 420 POM, lot 2026-007, 2026-08-20");
    expect(problems.map((p) => p.code)).not.toContain("OSF_DEFAULT");
  });

  test("a lot is chosen by FILE#ID; 1 + S is refused before anything is read", () => {
    expect(run("--feedstock", "samples/data/feedstocks.json#nobody").stderr).toContain("example-17-4");
    const { code, stderr } = run("--material", "17-4PH", "--osf", "1.1416");
    expect(code).toBe(2);
    expect(stderr).toContain("1 + S");
  });
});
