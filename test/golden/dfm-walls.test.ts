import { beforeAll, describe, expect, it } from "vitest";
import type { TopoDS_Shape } from "replicad-opencascadejs";
import { checkShape, findingsOf, measureAll } from "../dfm-run.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";
import * as shapes from "../shapes/wall-shapes.ts";
import type { Body } from "../../src/part/part.ts";

let k: ShapeKernel;
beforeAll(async () => { k = await shapeKernel(); });

/** True thickness at a surface point, or undefined where another part of the shape decides. */
type Truth = (p: readonly number[], face: Body["faces"][number]) => number | undefined;

/** Every sample: within max(5 µm, 0.5 %), and the interval holds the truth. Returns how many had a truth and the extremes seen. */
async function compare(shape: TopoDS_Shape, truth: Truth, count = 1500) {
  const body = k.body(shape), { samples, balls } = await measureAll(body, count);
  let compared = 0, least = Infinity, most = 0;
  for (let i = 0; i < samples.count; i++) {
    const want = truth([...samples.points.subarray(i * 3, i * 3 + 3)], body.faces[samples.faces[i]]), got = 2 * balls.radiusMm[i];
    most = Math.max(most, got);
    if (want === undefined) continue;
    compared++;
    least = Math.min(least, got);
    const at = `sample ${i} at ${samples.points.subarray(i * 3, i * 3 + 3).join(", ")}`;
    expect(Math.abs(got - want), at).toBeLessThanOrEqual(Math.max(0.005, 0.005 * want));
    expect(want, at).toBeGreaterThanOrEqual(2 * balls.lowMm[i] - 1e-12);
    expect(want, at).toBeLessThanOrEqual(2 * balls.highMm[i] + 1e-12);
    expect(2 * (balls.highMm[i] - balls.lowMm[i]), at).toBeLessThan(Math.max(0.005, 0.005 * want));
  }
  expect(compared).toBeGreaterThan(200);
  return { compared, least, most };
}

describe("thickness against closed forms", () => {
  it("slab t: min(t, 2s)", async () => {
    await compare(shapes.slab(k, 2), ([x, y, z]) => (Math.abs(z) < 1e-9 || Math.abs(z - 2) < 1e-9 ? Math.min(2, 2 * (10 - Math.max(Math.abs(x), Math.abs(y)))) : undefined));
  });

  it.each([8, 20, 35])("wedge %d°: 2 s tan(φ/2)", async (phi) => void await compare(shapes.wedge(k, phi), ([x, y, z], face) => {
    const tan = Math.tan((phi * Math.PI) / 180), s = Math.hypot(x, z), thickness = 2 * s * Math.tan((phi * Math.PI) / 360);
    const onSide = face.surface.kind === "plane" && (Math.abs(z) < 1e-9 || Math.abs(z - x * tan) < 1e-9);
    return onSide && x < 6 && thickness < 2 * (10 - Math.abs(y)) ? thickness : undefined;
  }));

  it("pin 2R", async () => void await compare(shapes.pin(k, 2, 30), ([, , z], face) => (face.surface.kind === "cylinder" && z > 2 && z < 28 ? 4 : undefined)));
  it("sphere 2R", async () => void await compare(k.sphere([1, 2, 3], 5), () => 10));
  it("tube R − r from both sides", async () => void await compare(shapes.tube(k, 6, 4, 12), ([, , z], face) => (face.surface.kind === "cylinder" && z > 1 && z < 11 ? 2 : undefined)));
  it("ring torus 2r", async () => void await compare(k.torus([0, 0, 0], [0, 0, 1], 8, 2), () => 4));

  it("eccentric tube: 2(q − r), minimum R − r − e", async () => {
    const [R, r, e] = [6, 4, 1];
    const { least } = await compare(shapes.tube(k, R, r, 12, e), ([x, y, z], face) => {
      if (face.surface.kind !== "cylinder" || Math.abs(Math.hypot(x + e, y) - r) > 1e-9 || z < 1.5 || z > 10.5) return undefined;
      const cos = -(x + e) / r;
      return 2 * (((R + r) ** 2 - e * e) / (2 * (R + r + e * cos)) - r);
    }, 4000);
    expect(least).toBeGreaterThanOrEqual(R - r - e);
    const found = findingsOf(await checkShape(k, shapes.tube(k, R, r, 12, e)), "WALL_THIN")[0];
    expect(found.verdict).toBe("pass");
    expect(found.measured?.value).toBeCloseTo(1, 5);
  });
});

describe("extremes found by the check", () => {
  const extreme = async (shape: TopoDS_Shape, code: "WALL_THIN" | "WALL_THICK") => findingsOf(await checkShape(k, shape), code)[0];
  const hold = (finding: Awaited<ReturnType<typeof extreme>>, want: number) => {
    const { value, low, high } = finding.measured!;
    expect(Math.abs(value - want)).toBeLessThanOrEqual(Math.max(0.005, 0.005 * want));
    return { value, low, high };
  };

  it("square bar with a hole: corner 2(a√2 − r)/(1 + √2), wall a − r", async () => {
    const shape = shapes.boxWithHole(k, 50, 15, 400);
    hold(await extreme(shape, "WALL_THICK"), (2 * (50 * Math.SQRT2 - 15)) / (1 + Math.SQRT2));
    hold(await extreme(shape, "WALL_THIN"), 35);
  });
  it("sharp L corner: 1.1716 t", async () => {
    hold(await extreme(shapes.lCorner(k, 2), "WALL_THICK"), 2 * (4 - 2 * Math.SQRT2));
    hold(await extreme(shapes.lCorner(k, 2), "WALL_THIN"), 2);
  });
  it.each([[2, 1.2, 0], [2, 1.2, 0.4], [1.5, 1, 0.25]])("rib: plate %d, rib %d, root fillet %d", async (t, w, f) => {
    const rho = ((w / 2 + f) ** 2 + (t + f) ** 2 - f ** 2) / (2 * (t + 2 * f));
    hold(await extreme(shapes.rib(k, t, w, f), "WALL_THICK"), f === 0 ? t + (w * w) / (4 * t) : 2 * rho);
    hold(await extreme(shapes.rib(k, t, w, f), "WALL_THIN"), w);
  });
  it("perforated web: pitch − d", async () => {
    const finding = await extreme(shapes.perforatedWeb(k, 3.4, 2.8, 3), "WALL_THIN");
    hold(finding, 0.6);
    expect(finding.verdict).toBe("pass");
  });
  it("the interval of every one of them is narrow", async () => {
    const finding = await extreme(shapes.perforatedWeb(k, 3.4, 2.8, 3), "WALL_THIN");
    expect(finding.measured!.low).toBeLessThanOrEqual(0.6);
    expect(finding.measured!.high).toBeGreaterThanOrEqual(0.6 - 1e-9);
    expect(finding.measured!.high - finding.measured!.low).toBeLessThan(1e-6);
  });
});

describe("thin walls: no false and no missed fails", () => {
  it.each([
    ["slab 0.5", () => shapes.slab(k, 0.5), "pass", 0.5],
    ["slab 0.5 turned in space", () => k.turn(k.turn(shapes.slab(k, 0.5), [1, 2, 3], [1, 1, 1], 33), [0, 0, 0], [0.3, -1, 0.2], 77), "pass", 0.5],
    ["box with 0.5 walls", () => shapes.openBox(k, 10, 0.5), "pass", 0.5],
    ["tube with a 0.5 wall", () => shapes.tube(k, 6, 5.5, 12), "pass", 0.5],
    ["slab 0.4999", () => shapes.slab(k, 0.4999), "fail", 0.4999],
    ["box with 0.49 walls", () => shapes.openBox(k, 10, 0.49), "fail", 0.49],
    ["tube with a 0.4 wall", () => shapes.tube(k, 6, 5.6, 12), "fail", 0.4],
    ["eccentric tube down to 0.4", () => shapes.tube(k, 6, 4, 12, 1.6), "fail", 0.4],
    ["pin of 0.4", () => shapes.pin(k, 0.2, 10), "fail", 0.4],
    ["pin of 4", () => shapes.pin(k, 2, 10), "pass", 4],
    ["web of 0.4", () => shapes.perforatedWeb(k, 3.2, 2.8, 3), "fail", 0.4],
    ["ball of 10", () => k.sphere([0, 0, 0], 5), "pass", 10],
    ["drill point 0.45 above the floor", () => shapes.drilledPlate(k, 8, 10, 2, 59, 0.45), "fail", 0.45],
    ["drill point 0.5 above the floor, turned in space", () => k.turn(shapes.drilledPlate(k, 8, 10, 2, 59, 0.5), [1, 2, 3], [1, 1, 1], 33), "pass", 0.5],
    ["needle's point 0.4 above a wide floor", () => shapes.drilledPlate(k, 20, 2, 0.1, 45, 0.4), "fail", 0.4],
    ["windows corner to corner", () => shapes.windowsCornerToCorner(k, 0.3, 4), "fail", 0.3 * Math.SQRT2],
    ["windows corner to corner, turned in space", () => k.turn(shapes.windowsCornerToCorner(k, 0.4, 4), [1, 2, 3], [1, 1, 1], 33), "pass", 0.4 * Math.SQRT2],
    ["a pocket's corner that opens beside a round", () => shapes.pocketBesideRound(k, 0.19), "pass", 1.19],
    ["a window's corner before another's side", () => shapes.cornerToSide(k, 0.45, 4), "fail", 0.45],
  ] as const)("%s", async (_name, shape, verdict, value) => {
    const found = findingsOf(await checkShape(k, shape()), "WALL_THIN");
    expect(found.map((f) => f.verdict)).toEqual(found.map(() => verdict));
    expect(found[0].measured?.value).toBeCloseTo(value, 6);
    expect(found[0].points).toHaveLength(2);
    const [p, q] = found[0].points;
    expect(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])).toBeLessThanOrEqual(value + 1e-6);
  });

  it.each([
    ["cross-drilled shaft", () => shapes.crossDrilledShaft(k, 5, 1.5, 20)],
    ["block with rounds of 0.1", () => shapes.roundedBlock(k, 5, 0.1)],
    ["block", () => k.box([0, 0, 0], [5, 5, 5])],
    ["sharp wedge of 60°, which is an edge and no wall", () => shapes.wedge(k, 60, 3)],
  ] as const)("edge zones only: %s", async (_name, shape) => {
    expect(findingsOf(await checkShape(k, shape()), "WALL_THIN").map((f) => f.verdict)).toEqual(["pass"]);
  });

  // D and the closing angle of roundedRim: the wall ends where it closes at half of the angle with which its faces meet.
  it.each([[0.4, "fail"], [0.8, "pass"]] as const)("a wall of %d that runs out under a round is measured to where the taper of its edge begins", async (wall, verdict) => {
    const c = 2 - wall, d = (h: number): number => (4 - c * c - h * h) / (2 + c), half = Math.atan2(Math.sqrt(4 - c * c), c) / 2;
    let [low, high] = [0, 2];
    for (let i = 0; i < 60; i++) { const h = (low + high) / 2; if (Math.atan2(h, c + d(h) / 2) < half) low = h; else high = h; }
    const found = findingsOf(await checkShape(k, shapes.roundedRim(k, wall)), "WALL_THIN");
    expect(found.map((f) => f.verdict)).toEqual([verdict]);
    expect(Math.abs(found[0].measured!.value / d(low) - 1)).toBeLessThan(0.005);
  });

  it("a three-sided rod so slender that its corners are all there is fails", async () => {
    const rod = k.polygon([[0, 0], [0.5, 0], [0.25, 0.5 * Math.sin(Math.PI / 3)]], 5);
    const found = findingsOf(await checkShape(k, rod), "WALL_THIN");
    expect(found[0].verdict).toBe("fail");
    expect(found[0].measured!.value).toBeLessThanOrEqual(0.5 / Math.sqrt(3) + 1e-9);
  });

  it("two thin webs apart from one another are two findings; both sides of one are one", async () => {
    expect(findingsOf(await checkShape(k, shapes.perforatedWeb(k, 3.2, 2.8, 3, 4)), "WALL_THIN")).toHaveLength(3);
    expect(findingsOf(await checkShape(k, shapes.slab(k, 0.3)), "WALL_THIN")).toHaveLength(1);
  });
});

describe("feather edges", () => {
  it.each([[8, "fail"], [20, "fail"], [35, "fail"], [41, "pass"]] as const)("wedge of %d°", async (phi, verdict) => {
    const out = await checkShape(k, shapes.wedge(k, phi)), feather = findingsOf(out, "FEATHER_EDGE")[0];
    expect(feather.verdict).toBe(verdict);
    expect(feather.measured?.value).toBeCloseTo(phi, 6);
    expect(findingsOf(out, "WALL_THIN").map((f) => f.verdict)).toEqual(["pass"]);
  });
});

describe("the thickest section is bounded everywhere", () => {
  it.each([
    ["cube of 10", () => k.box([0, 0, 0], [10, 10, 10]), 10],
    ["slab of 2", () => shapes.slab(k, 2), 2],
    ["square bar with a hole", () => shapes.boxWithHole(k, 50, 15, 400), (2 * (50 * Math.SQRT2 - 15)) / (1 + Math.SQRT2)],
    ["sharp L corner", () => shapes.lCorner(k, 2), 2 * (4 - 2 * Math.SQRT2)],
    ["rib on a plate", () => shapes.rib(k, 2, 1.2, 0), 2.18],
    ["ball", () => k.sphere([0, 0, 0], 5), 10],
    ["tube", () => shapes.tube(k, 6, 4, 12), 2],
  ] as const)("%s", async (_name, shape, truth) => {
    for (const mesh of [{}, { deflectionMm: 0.05, angleDeg: 30 }]) {
      const { measured, verdict } = findingsOf(await checkShape(k, shape(), { budget: { coarseSamples: 600, wallRefinements: 2500 } }, mesh), "WALL_THICK")[0], { low, high } = measured!;
      expect(low).toBeLessThanOrEqual(truth * (1 + 1e-9));
      expect(high).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
      expect(high / low).toBeLessThan(1.3);
      expect(verdict).toBe(truth > 6 ? "fail" : "pass");
    }
  });

  it.each([0, 33])("a plate of just the limit passes, turned in space by %f°", async (deg) => {
    const { verdict } = findingsOf(await checkShape(k, k.turn(shapes.slab(k, 6, 20), [1, 2, 3], [1, 1, 1], deg), { budget: { coarseSamples: 600, wallRefinements: 4000 } }), "WALL_THICK")[0];
    expect(verdict).toBe("pass");
  });

  it("a large case of thin walls is nowhere thicker than the limit", async () => {
    const shell = k.turn(k.cut(k.box([0, 0, 0], [320, 240, 130]), k.box([3, 3, 3], [317, 237, 131])), [0, 0, 0], [1, 2, 3], 35);
    const { verdict } = findingsOf(await checkShape(k, shell, { budget: { coarseSamples: 600, wallRefinements: 6000 } }), "WALL_THICK")[0];
    expect(verdict).toBe("pass");
  });
  it("a budget too small for a verdict says so", async () => {
    const { measured, verdict } = findingsOf(await checkShape(k, shapes.tube(k, 20, 14.2, 40), { budget: { coarseSamples: 300, wallRefinements: 40 } }), "WALL_THICK")[0];
    expect(measured!.low).toBeLessThanOrEqual(5.8 + 1e-9);
    expect(measured!.high).toBeGreaterThan(6);
    expect(verdict).toBe("undecided");
  });
});

describe("holes", () => {
  it("a hole across a shaft is as deep as the shaft is thick, whatever the mesh", async () => {
    const drill = k.turn(k.cylinder([-10, 0, 10], [1, 0, 0], 1.5, 20), [0, 0, 10], [1, 0, 0], 13), shape = k.cut(k.cylinder([0, 0, 0], [0, 0, 1], 5, 20), drill);
    for (const mesh of [{ deflectionMm: 0.1, angleDeg: 30 }, {}]) {
      const { low, high } = findingsOf(await checkShape(k, shape, { budget: { coarseSamples: 300, wallRefinements: 300 } }, mesh), "HOLE_DEPTH")[0].measured!;
      expect(low).toBeLessThanOrEqual(10 / 3);
      expect(high).toBeGreaterThanOrEqual(10 / 3);
      expect(high - low).toBeLessThan(1e-4);
    }
  });
});

describe("turn of edges", () => {
  // Normals of shaft and hole at height y over the middle: cos turn = −y²/(R r), the least at y = r. The hole is turned about
  // its axis, so that no point of the mesh lies there.
  it.each([[5, 1.5], [5, 4.9]] as const)("shaft %d with a hole %d across it turns by up to 90° + asin(r/R)", async (R, r) => {
    const drill = k.turn(k.cylinder([-2 * R, 0, 10], [1, 0, 0], r, 4 * R), [0, 0, 10], [1, 0, 0], 13), shape = k.cut(k.cylinder([0, 0, 0], [0, 0, 1], R, 20), drill);
    const truth = 90 + (Math.asin(r / R) * 180) / Math.PI;
    for (const mesh of [{ deflectionMm: 0.1, angleDeg: 30 }, {}, { deflectionMm: 0.002, angleDeg: 7 }]) {
      const out = await checkShape(k, shape, { budget: { coarseSamples: 300, wallRefinements: 300 } }, mesh);
      const sharp = findingsOf(out, "EDGE_SHARP").find((f) => f.measured!.value > 91)!.measured!, feather = findingsOf(out, "FEATHER_EDGE")[0];
      for (const [m, want] of [[sharp, truth], [feather.measured!, 180 - truth]] as const) {
        expect(m.low).toBeLessThanOrEqual(want);
        expect(m.high).toBeGreaterThanOrEqual(want);
        expect(m.high - m.low).toBeLessThan(0.001);
      }
      expect(feather.verdict).toBe(truth > 140 ? "fail" : "pass");
    }
  });

  it("faces that lie on one another where they meet are neither a sharp nor a safe edge for sure", async () => {
    const crescent = k.prism([0, 0], [["arc", [5, 5], [10, 0]], ["line", [8, 0]], ["arc", [4, 4], [0, 0]]], 3), feather = findingsOf(await checkShape(k, crescent), "FEATHER_EDGE")[0];
    expect(feather.verdict).toBe("undecided");
    expect(feather.measured).toMatchObject({ low: 0, high: 360 });
  });
});

describe("sections", () => {
  it("a sharp step has its ratio, a long taper nearly none", async () => {
    const sharp = findingsOf(await checkShape(k, shapes.steppedPlate(k, 1, 3, 0)), "WALL_TRANSITION")[0], gentle = findingsOf(await checkShape(k, shapes.steppedPlate(k, 1, 3, 20)), "WALL_TRANSITION")[0];
    expect(sharp.verdict).toBe("not-evaluated");
    expect(sharp.measured?.value).toBeCloseTo(3, 2);
    expect(gentle.measured!.value).toBeLessThan(1.3);
  });
  it("a profile with a ratio gives a verdict", async () => {
    const { profileOf } = await import("../dfm-run.ts");
    const profile = profileOf({ schema: "oversize.profile/1", id: "own", extends: "align", limits: { wallTransition: { max: 2 } } });
    expect(findingsOf(await checkShape(k, shapes.steppedPlate(k, 1, 3, 0), { profile }), "WALL_TRANSITION")[0].verdict).toBe("fail");
    expect(findingsOf(await checkShape(k, shapes.steppedPlate(k, 1, 3, 20), { profile }), "WALL_TRANSITION")[0].verdict).toBe("pass");
  });
});
