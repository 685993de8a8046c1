import { beforeAll, describe, expect, it } from "vitest";
import { crossCheck } from "../../src/mold/cross-check.ts";
import { MOLD_DEFAULTS, type MoldDesign } from "../../src/mold/design.ts";
import { cutHalves, type ExactHalves } from "../../src/mold/exact-mold.ts";
import { facetVolumes } from "../../src/mold/facet-mold.ts";
import { layOut, type MoldLayout } from "../../src/mold/lay-out.ts";
import { openMoldKernels, type MoldKernels } from "../../src/mold/mold-kernels.ts";
import { PIECE_COLORS, type MoldPiece } from "../../src/mold/mold.ts";
import type { Proof } from "../../src/mold/proofs.ts";
import { proveApart } from "../../src/mold/prove-apart.ts";
import { proveClosure } from "../../src/mold/prove-exact.ts";
import { resolveDesign, type ResolvedDesign } from "../../src/mold/resolve-design.ts";
import type { Body } from "../../src/part/part.ts";
import { ExactSolid } from "../../src/step/exact-solid.ts";
import { solidVolumeMm3 } from "../../src/step/inspect-solid.ts";
import { openStepKernels } from "../../src/step/step-kernels.ts";
import type { Vec3 } from "../../src/units.ts";
import { kernelSource } from "../kernels.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";

type Shape = Parameters<ShapeKernel["body"]>[0];
type Volumes = Readonly<Record<"core" | "cavity", number>>;

const OSF = 1.165;
const design: MoldDesign = { ...MOLD_DEFAULTS, osf: [OSF, OSF, OSF], pull: [0, 0, 1], block: { kind: "margin", sideMm: 15, topMm: 15, bottomMm: 15, roundToMm: 0 } };

let shapes: ShapeKernel, kernels: MoldKernels, body: Body, part: ExactSolid, resolved: ResolvedDesign, layout: MoldLayout, halves: ExactHalves;

/** A rounded block with a boss and a hole: planes, cylinders, spheres, halves that differ. */
beforeAll(async () => {
  shapes = await shapeKernel();
  kernels = openMoldKernels({ ...openStepKernels(kernelSource), occt: async () => shapes.oc });
  const rounded = shapes.fillet(shapes.box([-10, -6, 0], [10, 6, 8]), 2, () => true);
  const shape = shapes.cut(shapes.fuse(rounded, shapes.cylinder([4, 0, 4], [0, 0, 1], 3, 8)), shapes.cylinder([-5, 0, -1], [0, 0, 1], 1.5, 12));
  body = { ...shapes.body(shape), id: "1" };
  part = new ExactSolid(shapes.scale(only(shape), OSF));
  const chosen = resolveDesign([body], { ...design, partingMm: 4 });
  if (!chosen.ok) throw new Error(chosen.problem.message);
  resolved = chosen.value;
  const [low, high] = body.mass.boxMm, grown = ([x, y, z]: Vec3): Vec3 => [x * OSF, y * OSF, z * OSF];
  const placed = layOut(design, resolved.frame, [grown(low), grown(high)], resolved.partingMm);
  if (!placed.ok) throw new Error(placed.problem.message);
  layout = placed.value;
  const cut = cutHalves(shapes.oc, [part], layout, 0);
  if (!cut.ok) throw new Error(cut.problem.message);
  halves = cut.value;
});

function only(shape: Shape): Shape {
  using explorer = new shapes.oc.TopExp_Explorer(shape, "TopAbs_SOLID", "TopAbs_SHAPE");
  return explorer.Current();
}

const volumes = (of: Pick<ExactHalves, "core" | "cavity"> = halves): Volumes => ({ core: solidVolumeMm3(shapes.oc, of.core), cavity: solidVolumeMm3(shapes.oc, of.cavity) });

async function checked(exact: Volumes): Promise<Proof> {
  const pieces = (["core", "cavity"] as const).map((role): MoldPiece => ({ role, name: role, color: PIECE_COLORS[role], volumeMm3: exact[role] }));
  const proof = crossCheck(facetVolumes(await kernels.facets(), resolved.facets, layout), pieces, resolved, [body], layout);
  if (!proof) throw new Error("the facets bear witness");
  return proof;
}

describe("the facet mold as witness", () => {
  it("agrees with the exact one to a millionth, hundreds of times closer than its facets deviate", async () => {
    const proof = await checked(volumes());
    expect(proof.holds).toBe(true);
    expect(Math.abs(proof.measured - 1)).toBeLessThan(1e-6);
    expect(proof.tolerance).toBeLessThan(1e-4);
  });

  it("tells what is wrong by a little", async () => {
    const { core, cavity } = volumes(), { pins } = layout;
    const pin = Math.PI * pins[0].radiusMm ** 2 * pins[0].lengthMm, edge = (1 - Math.PI / 4) * (2 * OSF) ** 2 * 16 * OSF;
    const through = Math.PI * (1.5 * OSF) ** 2 * 4 * OSF;
    const wrong: Readonly<Record<string, Volumes>> = {
      "a pin is missing": { core: core - pin, cavity }, "a bore is missing": { core, cavity: cavity + pin },
      "a rounding along one edge is lost": { core: core - edge, cavity }, "a hole's pin is on the wrong half": { core: core - through, cavity: cavity + through },
      "the halves are exchanged": { core: cavity, cavity: core },
    };
    for (const [name, exact] of Object.entries(wrong)) expect((await checked(exact)).holds, name).toBe(false);
  });
});

describe("core, cavity and part do not overlap", () => {
  const apart = (of: ExactHalves): Proof => proveApart(shapes.oc, [part], solidVolumeMm3(shapes.oc, part), of, proveClosure(shapes.oc, [part], of, layout).closure);
  const moved = (solid: ExactSolid, by: readonly [number, number, number]): ExactSolid => new ExactSolid(shapes.move(solid.shape, by));

  it("by faces that are shared: the bound is far below a cubic micrometre", () => {
    const proof = apart(halves);
    expect(proof.holds).toBe(true);
    expect(proof.measured).toBeLessThan(1e-9);
  });

  it("sees a half that is a hundredth of a millimetre off", () => {
    for (const by of [[0.01, 0, 0], [0, 0.01, 0], [0, 0, 0.01]] as const) {
      expect(apart({ ...halves, core: moved(halves.core, by) }).holds).toBe(false);
      expect(proveClosure(shapes.oc, [part], { ...halves, core: moved(halves.core, by) }, layout).moments.holds).toBe(false);
    }
  });

  it("sees steel left in the cavity, and a half that is there twice", () => {
    const filled = new ExactSolid(shapes.fuse(halves.core.shape, shapes.box([8 * OSF, -1, 5 * OSF], [10 * OSF + 1, 1, 5.01 * OSF])));
    expect(apart({ ...halves, core: filled }).holds).toBe(false);
    expect(apart({ ...halves, cavity: halves.core }).holds).toBe(false);
  });
});
