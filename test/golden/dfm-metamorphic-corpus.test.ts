import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { CheckOutput } from "../../src/dfm/check.ts";
import type { Part } from "../../src/part/part.ts";
import type { Vec3 } from "../../src/units.ts";
import { readShapes } from "../../src/step/occt/read-solids.ts";
import { corpusFiles } from "../corpus.ts";
import { checkShape, runCheck } from "../dfm-run.ts";
import { FULL, saysShort } from "../full.ts";
import { AGAIN, differences, type Again } from "../metamorphic.ts";
import { shapeKernel, type MeshAs, type ShapeKernel } from "../shapes/kernel.ts";

/** From 14 kB to 1.5 MB: prismatic, turned, freeform, gears, walls down to 0.05 mm. The first three are the short form. */
const PARTS = [
  "hex-nut.step", "Art4Optodisk.step", "GripperFinger.step",
  "TC-DOCK-PIN-V6 1.1.step", "cycloidal-gear.step", "ANC101.stp", "nist_ctc_01_asme1_ap203.stp", "Trigger_SO101.step", "tie_rod.step",
  "M6-1x12-countersunk-screw.step", "Moving_Jaw_SO101.step", "TC-MOD0.5-20T-SERVO-GEAR 1.5.step",
];
const SHORT_PARTS = 3, SHORT_AGAIN = ["×4 coarser", "turned and moved"];
const BUDGET = { coarseSamples: 1500, wallRefinements: 2500, faceSubdivisions: 1024 };

const files = PARTS.flatMap((name) => corpusFiles().filter(({ path }) => basename(path) === name)).slice(0, FULL ? PARTS.length : SHORT_PARTS);
const again = AGAIN.filter(({ name }) => FULL || SHORT_AGAIN.includes(name));
saysShort(`${PARTS.length - SHORT_PARTS} of ${PARTS.length} corpus parts, a finer mesh, another unit and the oversize factor are left out.`);

describe.skipIf(files.length === 0)("all checks of real parts, however they are meshed, lie, are declared and grow", () => {
  const table: string[] = [];
  afterAll(() => console.log(["part | again | what differs", ...table].join("\n")));

  it.each(files.map(({ path }) => [basename(path), path] as const))("%s", async (name, path) => {
    const k = await shapeKernel(), read = readShapes(k.oc, readFileSync(path));
    if (!read.ok) throw new Error(read.problem.message);
    const { shape } = read.value.solids[0], [low, high] = k.body(shape).mass.boxMm;
    const own = { deflectionMm: Math.min(0.1, Math.max(0.002, Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 1000)), angleDeg: 15 };
    const base = await checkShape(k, shape, { budget: BUDGET, pull: "auto", densityGcm3: 7.8 }, own), pull = base.bodies[0].pull?.direction ?? [0, 0, 1];
    for (const a of again) {
      const found = await look(k, shape, a, own, base, pull);
      table.push(`${name} | ${a.name} | ${found.join("; ") || "nothing"}`);
      expect.soft(found, a.name).toEqual([]);
    }
  }, 600_000);
});

async function look(k: ShapeKernel, shape: TopoDS_Shape, a: Again, own: Required<MeshAs>, base: CheckOutput, pull: Vec3): Promise<string[]> {
  let part: Part;
  try { part = k.part(a.shape(k, shape), a.mesh(own)); } catch (thrown) { return [`not meshed: ${String(thrown)}`]; }
  return differences(base, await runCheck(part, { budget: BUDGET, pull: a.turn(pull), densityGcm3: 7.8 }), a);
}
