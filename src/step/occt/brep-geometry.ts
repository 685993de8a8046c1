import type { Curve, NurbsCurve } from "../../part/curve.ts";
import type { Frame, NurbsSurface, Surface } from "../../part/surface.ts";
import type { Vec3 } from "../../units.ts";
import type { BrepReader } from "./brep-reader.ts";
import { offsetSurface } from "./offset-surface.ts";

/** Axis placement as written: origin, z, x, y. */
function readFrame(r: BrepReader): Frame {
  const origin = r.vec(), z = r.vec(), x = r.vec(), y = r.vec();
  return { origin, x, y, z };
}

const UNBOUNDED = [-Infinity, Infinity] as const;

export function readCurve(r: BrepReader): Curve {
  const range = UNBOUNDED;
  switch (r.int()) {
    case 1: return { kind: "line", origin: r.vec(), direction: r.vec(), range };
    case 2: return { kind: "circle", frame: readFrame(r), radiusMm: r.num(), range };
    case 3: return { kind: "ellipse", frame: readFrame(r), majorMm: r.num(), minorMm: r.num(), range };
    case 4: return { kind: "parabola", frame: readFrame(r), focalMm: r.num(), range };
    case 5: return { kind: "hyperbola", frame: readFrame(r), majorMm: r.num(), minorMm: r.num(), range };
    case 6: return readBezierCurve(r);
    case 7: return readBsplineCurve(r);
    case 8: { const trim = [r.num(), r.num()] as const; return { ...readCurve(r), range: trim }; }
    case 9: r.nums(4); readCurve(r); return { kind: "other", name: "offset curve", range };
    default: throw new Error("kernel text: unknown curve");
  }
}

/** A curve in the parameters of a surface, as a curve (u, v, 0). */
export function readCurve2d(r: BrepReader): Curve {
  const range = UNBOUNDED;
  switch (r.int()) {
    case 1: return { kind: "line", origin: flat(r), direction: flat(r), range };
    case 2: return { kind: "circle", frame: readFrame2d(r), radiusMm: r.num(), range };
    case 3: return { kind: "ellipse", frame: readFrame2d(r), majorMm: r.num(), minorMm: r.num(), range };
    case 4: return { kind: "parabola", frame: readFrame2d(r), focalMm: r.num(), range };
    case 5: return { kind: "hyperbola", frame: readFrame2d(r), majorMm: r.num(), minorMm: r.num(), range };
    case 6: return readBezierCurve(r, 2);
    case 7: return readBsplineCurve(r, 2);
    case 8: { const trim = [r.num(), r.num()] as const; return { ...readCurve2d(r), range: trim }; }
    case 9: r.num(); readCurve2d(r); return { kind: "other", name: "offset curve", range };
    default: throw new Error("kernel text: unknown 2D curve");
  }
}

const flat = (r: BrepReader): Vec3 => [r.num(), r.num(), 0];

/** Axes in the plane as written: origin, x, y. */
function readFrame2d(r: BrepReader): Frame {
  const origin = flat(r), x = flat(r), y = flat(r);
  return { origin, x, y, z: [0, 0, 1] };
}

function readBezierCurve(r: BrepReader, dimensions = 3): NurbsCurve {
  const rational = r.int() !== 0, degree = r.int();
  const { poles, weights } = readPoles(r, degree + 1, rational, dimensions);
  return { kind: "nurbs", degree, knots: bezierKnots(degree), poles, weights, period: 0, range: [0, 1] };
}

function readBsplineCurve(r: BrepReader, dimensions = 3): NurbsCurve {
  const rational = r.int() !== 0, periodic = r.int() !== 0, degree = r.int(), count = r.int(), knotCount = r.int();
  const net = readPoles(r, count, rational, dimensions);
  const values = r.nums(knotCount * 2);
  const flat = flatKnots(values, degree, periodic);
  const total = flat.length - degree - 1;
  return {
    kind: "nurbs", degree, knots: flat,
    poles: wrap(net.poles, 3, count, total), weights: wrap(net.weights, 1, count, total),
    period: periodic ? values[knotCount * 2 - 2] - values[0] : 0, range: [flat[degree], flat[total]],
  };
}

/** Poles of 2 dimensions get a third, 0. */
function readPoles(r: BrepReader, count: number, rational: boolean, dimensions = 3): { poles: Float64Array; weights: Float64Array } {
  const poles = new Float64Array(count * 3), weights = new Float64Array(rational ? count : 0);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < dimensions; k++) poles[i * 3 + k] = r.num();
    if (rational) weights[i] = r.num();
  }
  return { poles, weights };
}

function bezierKnots(degree: number): Float64Array {
  const flat = new Float64Array(2 * (degree + 1));
  flat.fill(1, degree + 1);
  return flat;
}

/** Knots with multiplicities to flat knots; a periodic vector is unwrapped by `degree` knots on both sides. */
function flatKnots(pairs: Float64Array, degree: number, periodic: boolean): Float64Array {
  const one: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) for (let m = pairs[i + 1]; m > 0; m--) one.push(pairs[i]);
  if (!periodic) return Float64Array.from(one);
  const first = pairs[0], last = pairs[pairs.length - 2], period = last - first, ends = pairs[1];
  const cycle = one.slice(0, one.length - pairs[pairs.length - 1]);
  const flat: number[] = [];
  const start = -(degree + 1 - ends), stop = cycle.length + degree + 1;
  for (let i = start; i < stop; i++) {
    const turn = Math.floor(i / cycle.length);
    flat.push(cycle[i - turn * cycle.length] + turn * period);
  }
  return Float64Array.from(flat);
}

/** Repeats the poles of a periodic curve so that there is one for each basis function of the unwrapped knots. */
function wrap(values: Float64Array, stride: number, count: number, total: number): Float64Array {
  if (values.length === 0 || total === count) return values;
  const out = new Float64Array(total * stride);
  for (let i = 0; i < total; i++) for (let k = 0; k < stride; k++) out[i * stride + k] = values[(i % count) * stride + k];
  return out;
}

export function readSurface(r: BrepReader): Surface {
  switch (r.int()) {
    case 1: return { kind: "plane", frame: readFrame(r) };
    case 2: return { kind: "cylinder", frame: readFrame(r), radiusMm: r.num() };
    case 3: return { kind: "cone", frame: readFrame(r), radiusMm: r.num(), halfAngleRad: r.num() };
    case 4: return { kind: "sphere", frame: readFrame(r), radiusMm: r.num() };
    case 5: return { kind: "torus", frame: readFrame(r), majorMm: r.num(), minorMm: r.num() };
    case 6: { const direction = r.vec(); return { kind: "extrusion", direction, curve: readCurve(r) }; }
    case 7: { const origin = r.vec(), axis = r.vec(); return { kind: "revolution", origin, axis, curve: readCurve(r) }; }
    case 8: return readBezierSurface(r);
    case 9: return readBsplineSurface(r);
    case 10: r.nums(4); return readSurface(r);
    case 11: { const distanceMm = r.num(), base = readSurface(r); return offsetSurface(base, distanceMm) ?? { kind: "other", name: "offset surface" }; }
    default: throw new Error("kernel text: unknown surface");
  }
}

function readBezierSurface(r: BrepReader): NurbsSurface {
  const rationalU = r.int() !== 0, rationalV = r.int() !== 0, degreeU = r.int(), degreeV = r.int();
  const { poles, weights } = readPoles(r, (degreeU + 1) * (degreeV + 1), rationalU || rationalV);
  return {
    kind: "nurbs", degreeU, degreeV, countU: degreeU + 1, countV: degreeV + 1,
    knotsU: bezierKnots(degreeU), knotsV: bezierKnots(degreeV), poles, weights, periodU: 0, periodV: 0,
  };
}

function readBsplineSurface(r: BrepReader): NurbsSurface {
  const rationalU = r.int() !== 0, rationalV = r.int() !== 0, periodicU = r.int() !== 0, periodicV = r.int() !== 0;
  const degreeU = r.int(), degreeV = r.int(), nu = r.int(), nv = r.int(), ku = r.int(), kv = r.int();
  const net = readPoles(r, nu * nv, rationalU || rationalV);
  const pairsU = r.nums(ku * 2), pairsV = r.nums(kv * 2);
  const knotsU = flatKnots(pairsU, degreeU, periodicU), knotsV = flatKnots(pairsV, degreeV, periodicV);
  const countU = knotsU.length - degreeU - 1, countV = knotsV.length - degreeV - 1;
  return {
    kind: "nurbs", degreeU, degreeV, countU, countV, knotsU, knotsV,
    poles: wrapNet(net.poles, 3, nu, nv, countU, countV), weights: wrapNet(net.weights, 1, nu, nv, countU, countV),
    periodU: periodicU ? pairsU[ku * 2 - 2] - pairsU[0] : 0, periodV: periodicV ? pairsV[kv * 2 - 2] - pairsV[0] : 0,
  };
}

function wrapNet(values: Float64Array, stride: number, nu: number, nv: number, countU: number, countV: number): Float64Array {
  if (values.length === 0 || (nu === countU && nv === countV)) return values;
  const out = new Float64Array(countU * countV * stride);
  for (let i = 0; i < countU; i++) for (let j = 0; j < countV; j++) for (let k = 0; k < stride; k++) {
    out[(i * countV + j) * stride + k] = values[((i % nu) * nv + (j % nv)) * stride + k];
  }
  return out;
}
