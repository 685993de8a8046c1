import { describe, expect, it } from "vitest";
import { partingLine } from "../../src/dfm/parting-line.ts";
import { rankPulls } from "../../src/dfm/rank-pulls.ts";
import { sideActions } from "../../src/dfm/side-actions.ts";
import { trapped } from "../../src/dfm/trapped.ts";
import type { Vec3 } from "../../src/units.ts";
import type { MeshAs } from "../shapes/kernel.ts";
import { bodyOf, checked } from "../shapes/pull-context.ts";
import { blindHoles, coneFrustum, crossingHoles, cup, draftedBox, hollowSphere, ringGroove, ruledWall, sideHole, throughHole } from "../shapes/pull-shapes.ts";

type Make = Parameters<typeof bodyOf>[0];
const Z: Vec3 = [0, 0, 1], pi = Math.PI;
const MESHES: readonly MeshAs[] = [{}, { deflectionMm: 0.005, angleDeg: 4 }, { deflectionMm: 0.1, angleDeg: 30 }];

describe("side actions", () => {
  const rows: readonly [name: string, make: Make, directions: readonly Vec3[], travelMm: number][] = [
    ["blind holes +x +y +z", (k) => blindHoles(k, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]), [[1, 0, 0], [0, 1, 0]], 6],
    ["blind holes ±x", (k) => blindHoles(k, [[1, 0, 0], [-1, 0, 0]]), [[1, 0, 0], [-1, 0, 0]], 6],
    ["through hole", (k) => throughHole(k), [[1, 0, 0]], 20],
    ["two through holes that cross", (k) => crossingHoles(k), [[1, 0, 0], [0, 1, 0]], 20],
    ["side hole through a wall", (k) => sideHole(k, 4, 5), [[0, 1, 0]], 5],
    ["blind hole that slants 20° down into a wall, its bottom 8 from the mouth's middle", (k) => k.cut(k.box([-20, -10, -10], [0, 10, 10]), k.cylinder([-8 * Math.cos(pi / 9), 0, -8 * Math.sin(pi / 9)], [Math.cos(pi / 9), 0, Math.sin(pi / 9)], 2, 20)), [[Math.cos(pi / 9), 0, Math.sin(pi / 9)]], 8 + 2 * Math.tan(pi / 9)],
  ];
  it.each(rows)("%s", async (_name, make, directions, travelMm) => {
    for (const mesh of MESHES) {
      const { body, bvh } = await bodyOf(make, mesh), { actions, left } = sideActions(body, bvh, trapped(body, bvh, Z));
      expect(actions).toHaveLength(directions.length);
      expect(left.areaMm2).toBe(0);
      for (const a of actions) {
        expect(directions.some((d) => Math.abs(d[0] * a.direction[0] + d[1] * a.direction[1] + d[2] * a.direction[2]) > 1 - 1e-9)).toBe(true);
        expect(a.travelMm.low).toBeLessThanOrEqual(travelMm + 1e-6);
        expect(a.travelMm.high).toBeGreaterThanOrEqual(travelMm - 1e-6);
        expect(Math.abs(a.travelMm.value - travelMm)).toBeLessThan(0.02 * travelMm);
      }
    }
  });

  it("an external ring groove takes two slides, an internal one none that would help", async () => {
    const external = await bodyOf((k) => k.cut(k.cylinder([0, 0, 0], Z, 10, 20), k.cut(k.cylinder([0, 0, 8], Z, 11, 4), k.cylinder([0, 0, 7], Z, 8, 6))));
    const found = sideActions(external.body, external.bvh, trapped(external.body, external.bvh, Z));
    expect(found.actions).toHaveLength(2);
    expect(found.left.areaMm2).toBeLessThan(0.001 * external.body.mass.areaMm2);
    const internal = await bodyOf((k) => ringGroove(k, 5, 1, 3)), hidden = trapped(internal.body, internal.bvh, Z);
    const none = sideActions(internal.body, internal.bvh, hidden);
    expect(none.actions).toHaveLength(0);
    expect(none.left.areaMm2).toBeCloseTo(hidden.areaMm2.value, 6);
  });
});

describe("parting line", () => {
  const spread = async (make: Make, mesh: MeshAs = {}, d: Vec3 = Z) => {
    const { body, bvh } = await bodyOf(make, mesh);
    return { body, ...partingLine(body, trapped(body, bvh, d)) };
  };
  const closed = (loop: Float64Array): boolean => [0, 1, 2].every((i) => loop[i] === loop[loop.length - 3 + i]);

  it("a sphere parts at its equator, a lying cylinder at its middle", async () => {
    for (const mesh of MESHES) for (const make of [((k) => k.sphere([0, 0, 2], 7)) as Make, ((k) => k.cylinder([0, 0, 2], [1, 0, 0], 5, 10)) as Make]) {
      const found = await spread(make, mesh);
      expect(found.loops).toHaveLength(1);
      expect(closed(found.loops[0])).toBe(true);
      expect(found.spreadMm).toBeLessThan(1e-9);
      expect(found.heightsMm[0]).toBeCloseTo(2, 9);
    }
  });

  it("box, cone and cup part flat at sharp edges that are then exempt", async () => {
    for (const [make, height, edges] of [[(k) => k.box([0, 0, 0], [3, 4, 5]), undefined, 4], [(k) => coneFrustum(k, 10, 2, 5), 0, 1], [(k) => cup(k, 8, 1.5, 12, 1), 12, 1], [(k) => draftedBox(k, 10, 1, 15), 0, 4]] as const satisfies readonly (readonly [Make, number | undefined, number])[]) {
      const found = await spread(make);
      expect(found.spreadMm).toBeLessThan(1e-9);
      expect(found.edges.size).toBe(edges);
      for (const e of found.edges) expect(found.body.edges[e].convexity).toBe("convex");
      if (height !== undefined) expect(found.heightsMm[0]).toBeCloseTo(height, 9);
    }
  });

  it("a tube needs a second loop to close its bore", async () => {
    const found = await spread((k) => k.cut(k.cylinder([0, 0, 0], Z, 8, 10), k.cylinder([0, 0, -1], Z, 4, 12)));
    expect(found.loops).toHaveLength(2);
    expect(found.spreadMm).toBeLessThan(1e-9);
  });

  it("a roof-shaped block steps by its height", async () => {
    const found = await spread((k) => k.turn(k.box([-5, -5, -5], [5, 5, 5]), [0, 0, 0], [1, 0, 0], 30));
    expect(found.spreadMm).toBeGreaterThan(1);
    for (const loop of found.loops) expect(closed(loop)).toBe(true);
  });

  it("side holes do not show in it", async () => {
    const found = await spread((k) => blindHoles(k, [[1, 0, 0], [0, 1, 0]]));
    expect(found.loops).toHaveLength(1);
    expect(found.spreadMm).toBeLessThan(1e-9);
  });

  it("the sign change of the ruled wall is where the tangent of the draft is 0", async () => {
    for (const mesh of MESHES) {
      const found = await spread((k) => ruledWall(k), mesh), x = (30 * Math.tan(Math.PI / 180)) / (Math.tan(Math.PI / 180) + Math.tan(Math.PI / 90));
      const onWall = found.loops.flatMap((l) => Array.from({ length: l.length / 3 }, (_, i) => [l[i * 3], l[i * 3 + 1], l[i * 3 + 2]])).filter(([px, py, pz]) => Math.abs(py) < 1 && pz > 0.01 && pz < 9.99 && px > 1 && px < 29);
      expect(onWall.length).toBeGreaterThan(0);
      for (const p of onWall) expect(Math.abs(p[0] - x)).toBeLessThan(1e-3);
    }
  });
});

describe("pull direction", () => {
  const rows: readonly [name: string, make: Make, best: Vec3][] = [
    ["cup", (k) => cup(k, 8, 1.5, 12, 1), Z],
    ["cup, lying", (k) => k.turn(cup(k, 8, 1.5, 12, 1), [0, 0, 0], [1, 0, 0], 90), [0, 1, 0]],
    ["cone", (k) => coneFrustum(k, 10, 1, 15), Z],
    ["drafted box leaning 20°", (k) => k.turn(draftedBox(k, 10, 1, 15), [0, 0, 0], [1, 0, 0], 20), [0, -Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)]],
    ["slab without draft leaning 25°, which the drawing's z would open askew", (k) => k.turn(k.box([-10, -10, 0], [10, 10, 6]), [1, 2, 3], [1, 0, 0], 25), [0, -Math.sin((25 * Math.PI) / 180), Math.cos((25 * Math.PI) / 180)]],
    ["plate with a hole", (k) => sideHole(k, 4, 5), [0, 1, 0]],
    ["ring groove", (k) => ringGroove(k, 5, 1, 3), Z],
    ["hollow sphere", (k) => hollowSphere(k, 10, 1, 60), Z],
  ];
  it.each(rows)("%s", async (_name, make, best) => {
    for (const mesh of MESHES) {
      const { body, bvh } = await bodyOf(make, mesh), ranked = rankPulls(body, bvh);
      expect(Math.abs(ranked[0].direction[0] * best[0] + ranked[0].direction[1] * best[1] + ranked[0].direction[2] * best[2])).toBeGreaterThan(1 - 1e-9);
    }
  });

  it("the user's direction wins and the others are listed", async () => {
    const { body, bvh } = await bodyOf((k) => cup(k, 8, 1.5, 12, 1)), ranked = rankPulls(body, bvh, { direction: [2, 0, 0] });
    expect(ranked[0].direction).toEqual([1, 0, 0]);
    expect(ranked[0].trappedMm2).toBeGreaterThan(0);
    expect(ranked.length).toBeGreaterThan(1);
  });
});

describe("findings of the pull stage", () => {
  it("cube with blind holes: undercut advisory, two side actions, flat parting line", async () => {
    const { findings } = await checked((k) => blindHoles(k, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]), { pull: Z });
    const of = (code: string) => findings.filter((f) => f.code === code);
    expect(of("UNDERCUT").map((f) => [f.verdict, f.severity])).toEqual([["fail", "advisory"]]);
    expect(of("SIDE_ACTION")).toHaveLength(2);
    expect(of("PARTING_STEP")[0].verdict).toBe("pass");
  });
  it("drafted box passes, half a degree exactly too; vertical box fails", async () => {
    for (const [delta, as] of [[0.5, "planes"], [0.5, "splines"], [1, "planes"]] as const) expect((await checked((k) => draftedBox(k, 10, delta, 12, as), { pull: Z })).findings.filter((f) => f.code === "DRAFT_LOW").map((f) => f.verdict)).toEqual(["pass"]);
    for (const delta of [0.499, 0.1, 0]) {
      const found = (await checked((k) => draftedBox(k, 10, delta, 12), { pull: Z })).findings.filter((f) => f.code === "DRAFT_LOW");
      expect(found.map((f) => [f.verdict, f.severity, f.faces.length])).toEqual([["fail", "blocking", 4]]);
      expect(Math.abs(found[0].measured!.value - delta)).toBeLessThan(1e-6);
    }
  });
  it("a sphere as large as a football is told where it has too little draft", async () => {
    const [f] = (await checked((k) => k.sphere([0, 0, 0], 110), { pull: Z })).findings.filter((x) => x.code === "DRAFT_LOW");
    expect([f.verdict, f.measured!.value]).toEqual(["fail", 0]);
    expect(Math.abs(f.points[0][2])).toBeLessThan(1);
  });
  it("spheres and lying cylinders are no false alarm", async () => {
    for (const make of [((k) => k.sphere([0, 0, 0], 7)) as Make, ((k) => k.torus([0, 0, 0], Z, 10, 3)) as Make]) {
      expect((await checked(make, { pull: Z })).findings.filter((f) => f.code === "DRAFT_LOW").map((f) => f.verdict)).toEqual(["pass"]);
    }
    const lying = (await checked((k) => k.cylinder([0, 0, 0], [1, 0, 0], 5, 10), { pull: Z })).findings.filter((f) => f.code === "DRAFT_LOW");
    expect(lying.every((f) => f.faces.length === 1)).toBe(true);
    expect(lying.map((f) => f.verdict)).toEqual(["fail", "fail"]);
  });
});
