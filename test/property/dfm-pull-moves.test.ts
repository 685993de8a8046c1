import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FindingDraft } from "../../src/dfm/context.ts";
import { unit } from "../../src/dfm/vec3.ts";
import type { Vec3 } from "../../src/units.ts";
import { shapeKernel, type MeshAs } from "../shapes/kernel.ts";
import { bodyOf, pullAndDraft } from "../shapes/pull-context.ts";
import { blindHoles, coneFrustum, cup, draftedBox, hollowSphere, ringGroove, sideHole } from "../shapes/pull-shapes.ts";

type Make = Parameters<typeof bodyOf>[0];
const Z: Vec3 = [0, 0, 1];
const MESHES: readonly MeshAs[] = [{ deflectionMm: 0.08, angleDeg: 30 }, {}, { deflectionMm: 0.004, angleDeg: 5 }];
const SHAPES: readonly [name: string, make: Make][] = [
  ["side hole", (k) => sideHole(k, 4, 5)], ["ring groove", (k) => ringGroove(k, 5, 1, 3)], ["hollow sphere", (k) => hollowSphere(k, 10, 1, 30)],
  ["blind holes", (k) => blindHoles(k, [[1, 0, 0], [0, 1, 0], [0, 0, 1]])], ["cup", (k) => cup(k, 8, 1.5, 12, 1)],
  ["shallow cup", (k) => cup(k, 8, 1.5, 12, 0.3)], ["drafted box", (k) => draftedBox(k, 10, 0.5, 12)], ["steep cone", (k) => coneFrustum(k, 10, 0.2, 12)],
];

/** What must not change: codes, verdicts, faces. */
const gist = (findings: readonly FindingDraft[]): string[] => findings.map((f) => `${f.code} ${f.verdict} ${f.severity} ${[...f.faces].sort((a, b) => a - b).join()}`).sort();
const valueOf = (findings: readonly FindingDraft[], code: string): number | undefined => findings.find((f) => f.code === code)?.measured?.value;

describe("findings of pull and draft do not depend on how the part lies, is meshed or is scaled", () => {
  it.each(SHAPES)("%s: finer and coarser meshes", async (_name, make) => {
    const found = await Promise.all(MESHES.map(async (mesh) => { const { body, bvh } = await bodyOf(make, mesh); return (await pullAndDraft(body, bvh, Z)).findings; }));
    for (const f of found) expect(gist(f)).toEqual(gist(found[0]));
    for (const a of found) for (const b of found) for (const code of ["DRAFT_LOW", "UNDERCUT", "PARTING_STEP"]) {
      const x = a.find((f) => f.code === code)?.measured, y = b.find((f) => f.code === code)?.measured;
      expect(x === undefined).toBe(y === undefined);
      if (x && y) expect(x.low).toBeLessThanOrEqual(y.high * (1 + 1e-9) + 1e-9);
    }
  });

  it.each(SHAPES)("%s: turned and moved", async (_name, make) => {
    const k = await shapeKernel(), still = await bodyOf(make), wanted = await pullAndDraft(still.body, still.bvh, Z);
    const component = fc.double({ min: -1, max: 1, noNaN: true });
    await fc.assert(fc.asyncProperty(fc.tuple(component, component, component).filter((v) => Math.hypot(...v) > 0.1), fc.double({ min: 1, max: 179, noNaN: true }), fc.tuple(component, component, component), async (axis, deg, by) => {
      const a = unit(axis), t = (deg * Math.PI) / 180, c = Math.cos(t), s = Math.sin(t), d: Vec3 = [a[1] * s + a[0] * a[2] * (1 - c), -a[0] * s + a[1] * a[2] * (1 - c), c + a[2] * a[2] * (1 - c)];
      const { body, bvh } = await bodyOf(() => k.move(k.turn(make(k), [0, 0, 0], a, deg), [by[0] * 50, by[1] * 50, by[2] * 50]));
      const moved = await pullAndDraft(body, bvh, d);
      expect(gist(moved.findings)).toEqual(gist(wanted.findings));
      const draft = valueOf(wanted.findings, "DRAFT_LOW"), area = valueOf(wanted.findings, "UNDERCUT");
      if (draft !== undefined) expect(Math.abs(valueOf(moved.findings, "DRAFT_LOW")! - draft)).toBeLessThan(1e-6);
      if (area !== undefined) expect(Math.abs(valueOf(moved.findings, "UNDERCUT")! - area)).toBeLessThanOrEqual(0.01 * area);
      bvh.dispose();
    }), { numRuns: 4, seed: 20 });
  });

  it.each(SHAPES)("%s: scaled by an oversize factor and by a unit", async (name, make) => {
    const k = await shapeKernel(), still = await bodyOf(make), wanted = await pullAndDraft(still.body, still.bvh, Z);
    // A sphere's band of little draft grows with it and is a trifle no longer at ten times a real part's size.
    for (const factor of name === "hollow sphere" ? [1.165, 0.5] : [1.165, 25.4]) {
      const { body, bvh } = await bodyOf(() => k.scale(make(k), factor)), grown = await pullAndDraft(body, bvh, Z);
      expect(gist(grown.findings)).toEqual(gist(wanted.findings));
      const draft = valueOf(wanted.findings, "DRAFT_LOW"), area = valueOf(wanted.findings, "UNDERCUT");
      if (draft !== undefined) expect(Math.abs(valueOf(grown.findings, "DRAFT_LOW")! - draft)).toBeLessThan(1e-6);
      if (area !== undefined) expect(Math.abs(valueOf(grown.findings, "UNDERCUT")! - area * factor ** 2)).toBeLessThanOrEqual(0.01 * area * factor ** 2);
    }
  });
});
