import { describe, expect, it } from "vitest";
import { trapped } from "../../src/dfm/trapped.ts";
import type { Vec3 } from "../../src/units.ts";
import type { MeshAs } from "../shapes/kernel.ts";
import { bodyOf } from "../shapes/pull-context.ts";
import { blindHoles, coneFrustum, cup, draftedBox, hollowSphere, ringGroove, sideHole, throughHole } from "../shapes/pull-shapes.ts";

type Make = Parameters<typeof bodyOf>[0];
const Z: Vec3 = [0, 0, 1], pi = Math.PI;
const MESHES: readonly MeshAs[] = [{}, { deflectionMm: 0.005, angleDeg: 4 }, { deflectionMm: 0.1, angleDeg: 30 }];

const hollow = (R: number, theta: number): number => 4 * pi * R * R * Math.cos((theta * pi) / 180);
const groove = (r: number, g: number, b: number): number => 2 * pi * ((r + g) ** 2 - r * r) + 2 * pi * (r + g) * b;
const blind = pi * 4 * 6 + pi * 4;

const ROWS: readonly [name: string, make: Make, truth: number][] = [
  ["side hole Ø4 through 5 mm", (k) => sideHole(k, 4, 5), pi * 4 * 5],
  ["ring groove 5/1/3", (k) => ringGroove(k, 5, 1, 3), groove(5, 1, 3)],
  ["ring groove 5/0.05/0.4", (k) => ringGroove(k, 5, 0.05, 0.4), groove(5, 0.05, 0.4)],
  ["hollow sphere R10 30°", (k) => hollowSphere(k, 10, 1, 30), hollow(10, 30)],
  ["hollow sphere R10 60°", (k) => hollowSphere(k, 10, 1, 60), hollow(10, 60)],
  ["cup", (k) => cup(k, 8, 1.5, 12, 1), 0],
  ["cup without draft", (k) => cup(k, 8, 1.5, 12, 0), 0],
  ["cone", (k) => coneFrustum(k, 10, 1, 15), 0],
  ["drafted box", (k) => draftedBox(k, 10, 1, 15), 0],
  ["box", (k) => k.box([0, 0, 0], [10, 20, 30]), 0],
  ["cylinder", (k) => k.cylinder([0, 0, 0], [0, 0, 1], 5, 10), 0],
  ["lying cylinder", (k) => k.cylinder([0, 0, 0], [1, 0, 0], 5, 10), 0],
  ["sphere", (k) => k.sphere([0, 0, 0], 7), 0],
  ["torus", (k) => k.torus([0, 0, 0], [0, 0, 1], 10, 3), 0],
  ["cube, blind holes x y z", (k) => blindHoles(k, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]), 2 * blind],
  ["cube, blind holes ±x", (k) => blindHoles(k, [[1, 0, 0], [-1, 0, 0]]), 2 * blind],
  ["cube, through hole", (k) => throughHole(k), pi * 4 * 20],
];

describe("trapped area", () => {
  it.each(ROWS)("%s", async (_name, make, truth) => {
    for (const mesh of MESHES) {
      const { body, bvh } = await bodyOf(make, mesh);
      const { areaMm2 } = trapped(body, bvh, Z);
      expect.soft(Math.abs(areaMm2.value - truth)).toBeLessThanOrEqual(0.01 * truth);
      expect.soft(areaMm2.low).toBeLessThanOrEqual(truth * (1 + 1e-9) + 1e-9);
      expect.soft(areaMm2.high).toBeGreaterThanOrEqual(truth * (1 - 1e-9));
    }
  });
});
