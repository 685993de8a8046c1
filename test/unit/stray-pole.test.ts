import { describe, expect, it } from "vitest";
import { findStrayPole } from "../../src/part/stray-pole.ts";
import type { NurbsSurface } from "../../src/part/surface.ts";

/** A bicubic net over a grid; `height` gives z. */
function net(countU: number, countV: number, height: (x: number, y: number) => number): NurbsSurface {
  const poles = Float64Array.from({ length: countU * countV * 3 }, (_, k) => {
    const x = Math.floor(k / 3 / countV), y = Math.floor(k / 3) % countV;
    return [x, y, height(x, y)][k % 3];
  });
  const knots = (count: number): Float64Array => Float64Array.from({ length: count + 4 }, (_, i) => Math.min(Math.max(i - 3, 0), count - 3));
  return { kind: "nurbs", degreeU: 3, degreeV: 3, countU, countV, knotsU: knots(countU), knotsV: knots(countV), poles, weights: new Float64Array(), periodU: 0, periodV: 0 };
}

const moved = (surface: NurbsSurface, u: number, v: number, axis: number, byMm: number): NurbsSurface => {
  const poles = surface.poles.slice();
  poles[(u * surface.countV + v) * 3 + axis] += byMm;
  return { ...surface, poles };
};

describe("a pole that stands out", () => {
  const swept = net(9, 4, (x) => Math.sin(x) * 3), saddle = net(8, 8, (x, y) => 0.05 * x * x - 0.02 * y * y * y), ripple = net(9, 9, (x, y) => Math.sin(x * 1.7) * Math.cos(y * 2.1));

  it("is named with how far it is off: swept, smooth and level nets", () => {
    for (const [surface, u, v, axis, byMm] of [[swept, 4, 1, 2, 0.01], [swept, 2, 3, 0, -0.4], [saddle, 3, 5, 2, 0.3], [saddle, 6, 2, 1, 0.002], [ripple, 4, 4, 0, 0.05]] as const) {
      const found = findStrayPole(moved(surface, u, v, axis, byMm));
      expect([found?.u, found?.v]).toEqual([u, v]);
      expect(found?.offByMm).toBeCloseTo(Math.abs(byMm), 2);
    }
  });

  it("is not seen in nets that are regular, rippled, or too small to tell", () => {
    for (const surface of [swept, saddle, ripple, moved(net(3, 3, (x) => x), 1, 1, 2, 0.5), moved(saddle, 3, 3, 2, 1e-6)]) expect(findStrayPole(surface)).toBeUndefined();
  });
});
