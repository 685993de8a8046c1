import { describe, expect, it } from "vitest";
import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../../src/part/evaluate-surface.ts";
import type { NurbsSurface, Surface } from "../../src/part/surface.ts";
import { offsetSurface } from "../../src/step/occt/offset-surface.ts";
import type { Vec3 } from "../../src/units.ts";
import { checkShape, findingsOf } from "../dfm-run.ts";
import { shapeKernel } from "../shapes/kernel.ts";

const k = await shapeKernel();
const at = new Float64Array(SURFACE_POINT), to = new Float64Array(SURFACE_POINT), n = new Float64Array(3);

/** How far S(u, v) + d·n is from the offset at the same parameters, at most. */
function off(base: Surface, d: number, u: readonly [number, number], v: readonly [number, number]): number {
  const made = offsetSurface(base, d)!;
  let most = 0;
  for (let i = 0; i <= 23; i++) for (let j = 0; j <= 19; j++) {
    const a = u[0] + ((u[1] - u[0]) * i) / 23, b = v[0] + ((v[1] - v[0]) * j) / 19;
    evaluateSurface(base, a, b, at);
    surfaceNormal(at, false, n);
    evaluateSurface(made, a, b, to);
    most = Math.max(most, Math.hypot(...[0, 1, 2].map((c) => at[c] + d * n[c] - to[c])));
  }
  return most;
}

/** Parabola z = x²/4 over −4 … 4, straight along y over 10: poles of degree 2 × 1. */
const poles: readonly (readonly Vec3[])[] = [[[-4, 0, 4], [-4, 10, 4]], [[0, 0, -4], [0, 10, -4]], [[4, 0, 4], [4, 10, 4]]];
const trough: NurbsSurface = { kind: "nurbs", degreeU: 2, degreeV: 1, countU: 3, countV: 2, knotsU: Float64Array.of(0, 0, 0, 1, 1, 1), knotsV: Float64Array.of(0, 0, 1, 1), poles: Float64Array.from(poles.flat(2)), weights: new Float64Array(0), periodU: 0, periodV: 0 };

describe("offset surfaces", () => {
  const right = { origin: [1, 2, 3], x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] } as const, left = { ...right, y: [0, -1, 0] } as const;
  it.each([right, left])("of elementary surfaces are elementary", (frame) => {
    for (const d of [0.7, -0.7]) for (const surface of [
      { kind: "plane", frame }, { kind: "cylinder", frame, radiusMm: 3 }, { kind: "cone", frame, radiusMm: 5, halfAngleRad: 0.3 }, { kind: "sphere", frame, radiusMm: 3 }, { kind: "torus", frame, majorMm: 8, minorMm: 2 },
    ] as const) {
      expect(offsetSurface(surface, d)!.kind).toBe(surface.kind);
      expect(off(surface, d, [0.1, 6], [-1.2, 1.2])).toBeLessThan(1e-12);
    }
    expect(offsetSurface({ kind: "cylinder", frame: right, radiusMm: 3 }, -3)).toBeUndefined();
  });

  it("of a B-spline surface is within 1e-7 mm of it", () => {
    for (const d of [0.8, -0.8]) expect(off(trough, d, [0, 1], [0, 1])).toBeLessThan(1e-7);
  });

  // A wall of constant thickness t over a trough: V = L·(t·S ± t²/2·Δθ), S the parabola's length, Δθ what it turns by.
  it("a wall between a surface and its offset has its volume and its thickness", async () => {
    const t = 0.8, slope = 2, length = 2 * (slope * Math.sqrt(1 + slope * slope) + Math.asinh(slope)), turn = 2 * Math.atan(slope);
    const maker = new k.oc.BRepOffsetAPI_MakeThickSolid();
    maker.MakeThickSolidBySimple(k.bsplineFace(poles, [[1, 1], [1, 1], [1, 1]]), t);
    const shape = maker.Shape(), body = k.body(shape), truth = [1, -1].map((sign) => 10 * (t * length + sign * (t * t / 2) * turn));
    expect(body.faces.map((f) => f.surface.kind)).not.toContain("other");
    expect(Math.min(...truth.map((v) => Math.abs(body.mass.volumeMm3 / v - 1)))).toBeLessThan(1e-7);
    const { measured, verdict } = findingsOf(await checkShape(k, shape), "WALL_THIN")[0];
    expect(verdict).toBe("pass");
    expect(measured!.value).toBeCloseTo(t, 5);
  });
});
