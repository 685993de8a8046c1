import { beforeAll, describe, expect, it } from "vitest";
import { edgeBoxes } from "../../src/dfm/edge-boxes.ts";
import { EdgeTurn } from "../../src/dfm/edge-turn.ts";
import { CONTACT } from "../../src/dfm/exact-balls.ts";
import { FaceBorder } from "../../src/dfm/face-border.ts";
import type { Body } from "../../src/part/part.ts";
import { measureAt } from "../dfm-run.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";
import { countersunkPlate, pin, wedge } from "../shapes/wall-shapes.ts";

let k: ShapeKernel;
beforeAll(async () => { k = await shapeKernel(); });

/** Plate with a border circle of radius 5.5 in its top, meshed so coarsely that chords run 0.08 inside it. */
const plate = (): Body => k.body(countersunkPlate(k, 3, 4, 30, 1.5), { deflectionMm: 0.3, angleDeg: 40 });
const RIM = 5.5;

/** The plane at z = 3 and parameters of a point of it at a distance from the axis. */
function topAt(body: Body, rho: number, angle: number): { face: number; uv: [number, number]; p: [number, number, number] } {
  for (const { index, surface } of body.faces) {
    if (surface.kind !== "plane" || Math.abs(surface.frame.origin[2] - 3) > 1e-9) continue;
    const { origin: o, x, y } = surface.frame, p: [number, number, number] = [rho * Math.cos(angle), rho * Math.sin(angle), 3];
    const along = (axis: readonly number[]): number => axis.reduce((sum, a, i) => sum + a * (p[i] - o[i]), 0);
    return { face: index, uv: [along(x), along(y)], p };
  }
  throw new Error("no top");
}

describe("borders of faces where chords cut their arcs", () => {
  it("a point is told from one beyond, on either side of the arc", () => {
    const body = plate(), border = new FaceBorder(body, edgeBoxes(body, 0.3));
    for (let i = 0; i < 40; i++) for (const [off, side] of [[0.03, 1], [0.001, 1], [-0.001, -1], [-0.03, -1], [0.4, 0]] as const) {
      const { face, p } = topAt(body, RIM + off, i * 0.157);
      expect(border.side(face, p, [0, 0, 1], 0.2)).toBe(side);
    }
  });

  it("a sample beyond its border, which facets still cover, is found out: it touches its neighbour from behind", async () => {
    const body = plate(), { face } = topAt(body, RIM, 0), angles = Array.from({ length: 24 }, (_, i) => i * 0.26);
    const beyond = await measureAt(body, face, angles.map((a) => topAt(body, RIM - 0.02, a).uv)), within = await measureAt(body, face, angles.map((a) => topAt(body, RIM + 0.02, a).uv));
    // Left to itself such a ball would be a wall of 2·0.02·tan 30°·cos 30°/(1 + cos 30°) between faces that close at 30°.
    expect([...beyond.balls.contacts]).toEqual(angles.map(() => CONTACT.behind));
    expect([...beyond.balls.lowMm]).toEqual(angles.map(() => 0));
    expect([...within.balls.contacts]).not.toContain(CONTACT.behind);
  });
});

describe("turn along an edge from the exact surfaces", () => {
  it.each([[20, 160], [90, 90], [150, 30]] as const)("wedge of %d°", (phi, turn) => {
    const body = k.body(phi < 90 ? wedge(k, phi) : k.polygon([[0, 0], [5, 0], [5 * Math.cos((phi * Math.PI) / 180), 5 * Math.sin((phi * Math.PI) / 180)]], 4));
    const edges = body.edges.filter((e) => e.turnDeg.some((t) => Math.abs(t - turn) < 1e-6));
    expect(edges.length).toBeGreaterThan(0);
    for (const e of edges) expect(new EdgeTurn(body, e).at(e.points.slice(0, 3))).toBeCloseTo(turn, 9);
  });
  it("a pin's rims are convex, the rims of a bore too", () => {
    for (const body of [k.body(pin(k, 2, 5)), plate()]) for (const e of body.edges) {
      if (e.convexity === "seam") continue;
      const turn = new EdgeTurn(body, e).at(e.points.slice(3, 6));
      expect(turn).toBeGreaterThan(0);
      expect(turn).toBeCloseTo(e.turnDeg[1], 6);
    }
  });
});
