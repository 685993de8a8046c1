import type { Curve } from "../curve.ts";
import { evaluateCurve } from "../evaluate-curve.ts";

/** A parameter range. */
export type Span = readonly [low: number, high: number];

const SAMPLES = 8;
const c = new Float64Array(9);

/** Range of both parameters that curves (u, v, 0) stay in: by their poles where they have some, else by a few points of them. */
export function parameterBox(curves: readonly Curve[]): { u: Span; v: Span } {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  const take = (u: number, v: number): void => {
    low[0] = Math.min(low[0], u); low[1] = Math.min(low[1], v);
    high[0] = Math.max(high[0], u); high[1] = Math.max(high[1], v);
  };
  for (const curve of curves) {
    if (curve.kind === "nurbs") { for (let i = 0; i < curve.poles.length; i += 3) take(curve.poles[i], curve.poles[i + 1]); continue; }
    const [a, b] = curve.range;
    for (let i = 0; i <= SAMPLES; i++) {
      evaluateCurve(curve, a + ((b - a) * i) / SAMPLES, c);
      take(c[0], c[1]);
    }
  }
  return { u: [low[0], high[0]], v: [low[1], high[1]] };
}
