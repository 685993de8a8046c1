import { describe, expect, it } from "vitest";
import type { FindingCode } from "../../src/dfm/finding.ts";
import { checkSlender } from "../../src/dfm/check-slender.ts";
import { overhangs } from "../../src/dfm/overhangs.ts";
import { restingPlanes } from "../../src/dfm/resting-planes.ts";
import type { Vec3 } from "../../src/units.ts";
import type { MeshAs, ShapeKernel } from "../shapes/kernel.ts";
import { bodyOf, checked, plainContext } from "../shapes/pull-context.ts";
import { blindHoles, cup, sideHole } from "../shapes/pull-shapes.ts";

type Make = Parameters<typeof checked>[0];
const Z: Vec3 = [0, 0, 1], pi = Math.PI;
const MESHES: readonly MeshAs[] = [{}, { deflectionMm: 0.005, angleDeg: 4 }, { deflectionMm: 0.1, angleDeg: 30 }];
const findings = async (code: FindingCode, make: Make, input: Parameters<typeof checked>[1] = {}, mesh: MeshAs = {}) => (await checked(make, { pull: Z, ...input }, mesh)).findings.filter((f) => f.code === code);

describe("mass and size", () => {
  const cube: Make = (k) => k.box([0, 0, 0], [10, 10, 10]);
  it.each([[2, "pass"], [1.9999, "fail"], [100, "pass"], [100.01, "fail"], [50, "pass"]] as const)("1 cm³ at %f g/cm³: %s", async (densityGcm3, verdict) => {
    const [f, ...more] = await findings("MASS_RANGE", cube, { densityGcm3 });
    expect(more).toEqual([]);
    expect(f.verdict).toBe(verdict);
    expect(f.measured!.value).toBeCloseTo(densityGcm3, 9);
  });
  it("without a density there is no verdict", async () => expect((await findings("MASS_RANGE", cube)).map((f) => f.verdict)).toEqual(["not-evaluated"]));
  it("size is judged only where the profile has a limit", async () => {
    expect((await findings("SIZE_RANGE", cube)).map((f) => f.verdict)).toEqual(["not-evaluated"]);
    expect((await findings("SIZE_RANGE", cube, { profileId: "app" })).map((f) => [f.verdict, f.measured!.value])).toEqual([["pass", 10]]);
    expect((await findings("SIZE_RANGE", (k) => k.box([0, 0, 0], [10, 10, 151]), { profileId: "app" })).map((f) => f.verdict)).toEqual(["fail"]);
    expect((await findings("SIZE_RANGE", (k) => k.box([0, 0, 0], [10, 10, 150]), { profileId: "app" })).map((f) => f.verdict)).toEqual(["pass"]);
  });
});

describe("holes", () => {
  it("diameter, depth and axis of a side hole", async () => {
    for (const mesh of MESHES) {
      const [d] = await findings("HOLE_DIAMETER", (k) => sideHole(k, 4, 5), { profileId: "app" }, mesh), [depth] = await findings("HOLE_DEPTH", (k) => sideHole(k, 4, 5), {}, mesh), [axis] = await findings("HOLE_AXIS", (k) => sideHole(k, 4, 5), {}, mesh);
      expect([d.verdict, d.measured!.value.toFixed(6)]).toEqual(["pass", "4.000000"]);
      expect([depth.verdict, depth.measured!.value.toFixed(6), depth.message.includes("through")]).toEqual(["not-evaluated", "1.250000", true]);
      expect([axis.verdict, axis.measured!.value.toFixed(6)]).toEqual(["fail", "90.000000"]);
    }
  });
  it("a hole smaller than the profile takes fails", async () => {
    expect((await findings("HOLE_DIAMETER", (k) => sideHole(k, 0.1, 1), { profileId: "app" })).map((f) => f.verdict)).toEqual(["pass"]);
    expect((await findings("HOLE_DIAMETER", (k) => sideHole(k, 0.099, 1), { profileId: "app" })).map((f) => f.verdict)).toEqual(["fail"]);
    expect((await findings("HOLE_DIAMETER", (k) => sideHole(k, 0.099, 1))).map((f) => f.verdict)).toEqual(["not-evaluated"]);
  });
  it("blind holes are blind; those along the pull pass", async () => {
    const make: Make = (k) => blindHoles(k, [[0, 0, 1]]);
    expect((await findings("HOLE_DEPTH", make))[0].message).toContain("blind");
    expect((await findings("HOLE_AXIS", make)).map((f) => f.verdict)).toEqual(["pass"]);
    expect((await findings("HOLE_AXIS", (k) => blindHoles(k, [[1, 0, 0], [-1, 0, 0], [0, 1, 0]]))).map((f) => [f.verdict, f.faces.length])).toEqual([["fail", 2], ["fail", 1]]);
  });
  it("a pin, a slot and a fillet are no holes", async () => {
    for (const make of [((k) => k.cylinder([0, 0, 0], Z, 3, 9)) as Make, ((k) => k.fillet(k.box([0, 0, 0], [9, 9, 9]), 1, () => true)) as Make]) {
      expect((await findings("HOLE_DIAMETER", make)).map((f) => f.verdict)).toEqual(["not-evaluated"]);
    }
  });
});

describe("sintering support", () => {
  it("a box stands on its largest side, a cup on its base, a sphere on nothing", async () => {
    const [box] = await findings("SINTER_SUPPORT", (k) => k.box([0, 0, 0], [3, 4, 5]));
    expect([box.verdict, box.measured!.value.toFixed(6)]).toEqual(["pass", "20.000000"]);
    const [bowl] = await findings("SINTER_SUPPORT", (k) => cup(k, 8, 1.5, 12, 1));
    expect(bowl.verdict).toBe("pass");
    expect(bowl.measured!.value).toBeCloseTo(pi * 64, 6);
    expect((await findings("SINTER_SUPPORT", (k) => k.sphere([0, 0, 0], 5))).map((f) => f.verdict)).toEqual(["fail"]);
  });
  it("coplanar pads carry together; a foot beside the centroid does not", async () => {
    const [bridge] = await findings("SINTER_SUPPORT", (k) => k.fuse(k.box([0, 0, 0], [6, 20, 3]), k.box([14, 0, 0], [20, 20, 3]), k.fuse(k.box([0, 0, 3], [20, 20, 5]), k.sphere([10, 10, 5], 3))));
    expect([bridge.verdict, bridge.faces.length, bridge.measured!.value.toFixed(6)]).toEqual(["pass", 2, "240.000000"]);
    const [tipping] = await findings("SINTER_SUPPORT", (k) => k.fuse(k.sphere([0, 0, 5], 5), k.cylinder([4, 0, 0], Z, 0.5, 5)));
    expect([tipping.verdict, tipping.faces.length]).toEqual(["fail", 1]);
  });
});

describe("unsupported spans", () => {
  const rows: readonly [name: string, make: Make, reachMm: number][] = [
    ["cantilever plate", (k) => k.fuse(k.box([0, 0, 0], [20, 20, 10]), k.box([20, 0, 8], [29, 20, 10]), k.box([9, 9, 10], [11, 11, 30])), 9],
    ["bridge", (k) => k.fuse(k.box([0, 0, 0], [4, 30, 3]), k.box([20, 0, 0], [24, 30, 3]), k.fuse(k.box([0, 0, 3], [24, 30, 5]), k.sphere([12, 15, 5], 1.5))), 8],
    ["T", (k) => k.fuse(k.box([-3, -15, 0], [3, 15, 12]), k.box([-10, -15, 12], [10, 15, 14]), k.sphere([0, 0, 14], 2)), 7],
    ["mushroom", (k) => k.fuse(k.cylinder([0, 0, 0], Z, 4, 10), k.cylinder([0, 0, 10], Z, 11, 3), k.sphere([0, 0, 13], 3)), 7],
    ["mushroom with a hollow round, carried where that passes 45°", (k) => k.fillet(k.fuse(k.cylinder([0, 0, 0], Z, 4, 10), k.cylinder([0, 0, 10], Z, 11, 3), k.sphere([0, 0, 13], 3)), 2, ([x, y, z]) => Math.hypot(x, y) < 4.5 && z > 9 && z < 10.5), 5 + Math.SQRT2],
    ["bell with a dome, carried where that passes 45°", (k) => k.fuse(k.cut(k.cylinder([0, 0, 0], Z, 12, 12), k.cylinder([0, 0, -1], Z, 6, 3), k.sphere([0, 0, 2], 6)), k.sphere([0, 0, 12], 3)), 6 * Math.SQRT1_2],
  ];
  it.each(rows)("%s", async (name, make, reachMm) => {
    for (const mesh of MESHES) for (const turn of [0, 35]) {
      const { body, bvh } = await bodyOf((k) => k.turn(make(k), [1, 2, 3], [1, 0.3, 0.2], turn), mesh), found = overhangs(body, bvh, restingPlanes(body)[0]);
      expect(found.length).toBe(name === "T" ? 2 : 1);
      const { low, high } = found[0].reachMm;
      expect(low).toBeLessThanOrEqual(reachMm * (1 + 1e-9));
      expect(high).toBeGreaterThanOrEqual(reachMm * (1 - 1e-9));
      expect(high - low).toBeLessThan(0.01 * reachMm);
    }
  });
  it("are measured without a verdict; chamfers of 45° stand", async () => {
    const [arm] = await findings("SINTER_SPAN", rows[0][1]);
    expect([arm.verdict, arm.measured!.value.toFixed(6), arm.measured!.unit]).toEqual(["not-evaluated", "9.000000", "mm"]);
    expect(arm.message).toContain("about 2.00 mm of section");
    const [none] = await findings("SINTER_SPAN", (k) => k.prism([-3, 0], [["line", [3, 0]], ["line", [3, 5]], ["line", [9, 11]], ["line", [9, 14]], ["line", [-3, 14]], ["line", [-3, 0]]], 8));
    expect(none.measured).toBeUndefined();
  });
});

describe("slender features", () => {
  const plate = (k: ShapeKernel) => k.box([-10, -10, -3], [10, 10, 0]);
  const rows: readonly [name: string, make: Make, ratio: number][] = [
    ["a rib on a plate", (k) => k.fuse(plate(k), k.box([-10, -0.5, 0], [10, 0.5, 6])), 6],
    ["a rib with rounded ends of its top", (k) => k.fillet(k.fuse(plate(k), k.box([-8, -0.5, 0], [8, 0.5, 6])), 2, ([x, , z]) => Math.abs(Math.abs(x) - 8) < 1e-6 && Math.abs(z - 6) < 1e-6), 6],
    ["a rib with hollow rounds at its foot", (k) => k.fillet(k.fuse(plate(k), k.box([-10, -0.5, 0], [10, 0.5, 6])), 0.75, ([, y, z]) => Math.abs(Math.abs(y) - 0.5) < 1e-6 && Math.abs(z) < 1e-6), 5.25],
    ["a pin on a plate", (k) => k.fuse(plate(k), k.cylinder([0, 0, -1], Z, 1, 9)), 4],
  ];
  it.each(rows)("%s", async (_name, make, ratio) => {
    for (const mesh of MESHES) for (const turn of [0, 35]) {
      const { body, bvh } = await bodyOf((k) => k.turn(make(k), [1, 2, 3], [1, 0.3, 0.2], turn), mesh), [found, ...more] = checkSlender(plainContext(body, bvh));
      expect([found.verdict, more.length]).toEqual(["not-evaluated", 0]);
      expect(found.measured!.low).toBeLessThanOrEqual(ratio);
      expect(found.measured!.high).toBeGreaterThanOrEqual(ratio);
      expect(Math.abs(found.measured!.value / ratio - 1)).toBeLessThan(1e-6);
    }
  });
  it("a block has none", async () => expect((await findings("SLENDER", (k) => k.box([0, 0, 0], [3, 4, 5]))).map((f) => f.measured)).toEqual([undefined]));
});

describe("projected area", () => {
  const rows: readonly [name: string, make: Make, truth: number][] = [
    ["box", (k) => k.box([0, 0, 0], [3, 4, 5]), 12],
    ["sphere", (k) => k.sphere([0, 0, 0], 7), 49 * pi],
    ["lying cylinder", (k) => k.cylinder([0, 0, 0], [1, 0, 0], 5, 10), 100],
    ["tube", (k) => k.cut(k.cylinder([0, 0, 0], Z, 8, 10), k.cylinder([0, 0, -1], Z, 4, 12)), 48 * pi],
    ["cup", (k) => cup(k, 8, 1.5, 12, 1), pi * (8 + 12 * Math.tan(pi / 180)) ** 2],
  ];
  it.each(rows)("%s", async (_name, make, truth) => {
    for (const mesh of MESHES) {
      const [f] = await findings("PROJECTED_AREA", make, { osf: [1.165, 1.165, 1.2] }, mesh), want = truth * 1.165 ** 2;
      expect(Math.abs(f.measured!.value / want - 1)).toBeLessThan(0.03);
      expect(f.measured!.low).toBeLessThanOrEqual(want * (1 + 1e-9));
      expect(f.measured!.high).toBeGreaterThanOrEqual(want * (1 - 1e-9));
      expect(f.message).toContain("50 to 200 MPa");
    }
  });
});
