import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { Engine } from "../../src/engine.ts";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import { kernelSource } from "../kernels.ts";

// Asked for its version it may crash; found is enough.
const installed = spawnSync("freecadcmd", ["--version"]).error === undefined;
if (!installed) console.warn("Native FreeCAD read-back skipped: no freecadcmd on this machine.");

const samples = fileURLToPath(new URL("../../samples/", import.meta.url));
const engine = Engine.create(kernelSource);
const work = mkdtempSync(join(tmpdir(), "oversize-freecad-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Volumes of the solids that native FreeCAD finds in STEP files, and whether it finds them valid. */
function nativeVolumes(paths: readonly string[]): { volumes: number[]; valid: boolean }[] {
  const script = join(work, "measure.py"), out = join(work, "measured.json");
  writeFileSync(script, `import json, Part
found = []
for path in ${JSON.stringify(paths)}:
    shape = Part.Shape(); shape.read(path)
    found.append({"volumes": sorted(s.Volume for s in shape.Solids), "valid": all(s.isValid() for s in shape.Solids)})
json.dump(found, open(${JSON.stringify(out)}, "w"))
`);
  execFileSync("freecadcmd", [script], { stdio: "ignore", timeout: 120_000 });
  return JSON.parse(readFileSync(out, "utf8")) as { volumes: number[]; valid: boolean }[];
}

describe.skipIf(!installed)("what we write opens in native FreeCAD", () => {
  it.each(["bracket", "pawl", "trigger", "hinge-knuckle"])("%s", async (name) => {
    const opened = await engine.open({ name: `${name}.step`, bytes: readFileSync(`${samples}${name}.step`) });
    if (!opened.ok) throw new Error(opened.problem.message);
    using open = opened.value;
    const molds = await engine.mold(open, { ...MOLD_DEFAULTS, osf: [1.165, 1.165, 1.165] });
    if (!molds.ok) throw new Error(molds.problem.message);
    const [mold] = molds.value;
    expect(mold.realisation).toBe("exact");
    const files = await engine.exportMold(mold, ["step"]);
    if (!files.ok) throw new Error(files.problem.message);
    const paths = files.value.map((f) => { const path = join(work, `${name}.${f.suffix}`); writeFileSync(path, f.bytes); return path; });
    const native = nativeVolumes(paths), expected = open.part.bodies[0].mass.volumeMm3 * 1.165 ** 3;
    expect(native.every((f) => f.valid)).toBe(true);
    const at = (suffix: string): number[] => native[files.value.findIndex((f) => f.suffix === suffix)].volumes;
    expect(at("mold.step")).toHaveLength(3);
    // Native volumes come from fixed Gauss points, good to about 1e-4 on freeform faces.
    const oversized = at("oversized.step")[0];
    expect(Math.abs(oversized / expected - 1)).toBeLessThan(2e-4);
    const whole = at("mold.step").reduce((a, b) => a + b, 0), apart = oversized + at("core.step")[0] + at("cavity.step")[0];
    expect(Math.abs(whole / apart - 1)).toBeLessThan(1e-9);
    for (const m of molds.value) m[Symbol.dispose]();
  });
});
