import { expect, it } from "vitest";
import { SURFACE_POINT, evaluateSurface, evaluateTangents } from "../../src/part/evaluate-surface.ts";
import type { NurbsSurface } from "../../src/part/surface.ts";

/** A bent net, 5 × 6 poles of degree 2 × 3 with inner knots. */
function net(rational: boolean, periodU: number): NurbsSurface {
  const countU = 5, countV = 6, poles = new Float64Array(countU * countV * 3), weights = new Float64Array(rational ? countU * countV : 0);
  for (let i = 0; i < countU * countV; i++) {
    const u = Math.floor(i / countV), v = i % countV;
    poles.set([u + Math.sin(v), v + 0.3 * Math.cos(2 * u), Math.sin(u * v)], i * 3);
    if (rational) weights[i] = 1 + 0.5 * Math.sin(i);
  }
  return { kind: "nurbs", degreeU: 2, degreeV: 3, countU, countV, knotsU: Float64Array.of(0, 0, 0, 1, 1.5, 3, 3, 3), knotsV: Float64Array.of(0, 0, 0, 0, 1, 1, 2, 2, 2, 2), poles, weights, periodU, periodV: 0 };
}

it.each([net(false, 0), net(true, 0), net(true, 3)])("point and first derivatives are those of the full evaluation", (surface) => {
  const full = new Float64Array(SURFACE_POINT), short = new Float64Array(SURFACE_POINT);
  for (const u of [-0.5, 0, 0.4, 1, 2.9, 3, 4.25]) for (const v of [0, 0.7, 1, 1.99, 2, 5]) {
    evaluateSurface(surface, u, v, full);
    evaluateTangents(surface, u, v, short);
    for (let k = 0; k < 9; k++) expect(Math.abs(short[k] - full[k])).toBeLessThan(1e-12 * (1 + Math.abs(full[k])));
  }
});
