import type { Curve, NurbsCurve } from "../../part/curve.ts";
import type { Frame, NurbsSurface, Surface } from "../../part/surface.ts";
import type { Vec3 } from "../../units.ts";

/**
 * The kernel's own text form of a meshed shape ("CASCADE Topology", versions 1–3), as tables. One call brings
 * surfaces, curves, topology and triangles over at once: object by object through the bindings the same takes
 * several calls for each node.
 */
export interface BrepTables {
  /** Placements, row-major 3×4; index 0 is unused (identity). */
  readonly locations: readonly Float64Array[];
  readonly curves: readonly Curve[];
  readonly surfaces: readonly Surface[];
  readonly triangulations: readonly Triangulation[];
  readonly polygons: readonly PolygonOnTriangulation[];
  readonly shapes: readonly BrepShape[];
  readonly root: ShapeRef;
}

/** Triangles of one face, in the face's own frame. */
export interface Triangulation {
  /** `[n*3]` mm. */
  readonly nodes: Float64Array;
  /** `[n*2]`. */
  readonly uvs: Float64Array;
  /** `[t*3]` zero-based. */
  readonly triangles: Uint32Array;
  readonly deflectionMm: number;
}

/** Nodes of one triangulation along an edge, zero-based, in the edge's own sense. */
export interface PolygonOnTriangulation {
  readonly nodes: Uint32Array;
  /** Their parameters on the edge's curve; empty when the kernel kept none. */
  readonly parameters: Float64Array;
}

/** A use of a shape: index into `shapes`, orientation and location index. */
export interface ShapeRef {
  readonly shape: number;
  readonly reversed: boolean;
  /** Internal or external: inside a face without bounding it. */
  readonly loose: boolean;
  readonly location: number;
}

/** Where an edge lies on a face's triangulation; two polygons on a seam. */
export interface EdgeOnFace {
  readonly triangulation: number;
  /** Placement of the face as seen from the edge: one edge may bound one face at several places. */
  readonly location: number;
  readonly polygons: readonly number[];
}

/** One topological shape. */
export type BrepShape =
  | { readonly kind: "vertex"; readonly toleranceMm: number; readonly point: Vec3; readonly children: readonly ShapeRef[] }
  | {
      readonly kind: "edge";
      readonly toleranceMm: number;
      readonly degenerated: boolean;
      readonly curve: number;
      readonly curveLocation: number;
      readonly range: readonly [number, number];
      readonly onFaces: readonly EdgeOnFace[];
      readonly children: readonly ShapeRef[];
    }
  | { readonly kind: "face"; readonly toleranceMm: number; readonly surface: number; readonly location: number; readonly triangulation: number; readonly children: readonly ShapeRef[] }
  | { readonly kind: "wire" | "shell" | "solid" | "compsolid" | "compound"; readonly children: readonly ShapeRef[] };

/** Reads the kernel's text. Throws on text the kernel would not write. */
export function parseBrepText(text: string): BrepTables {
  const r = new Reader(text);
  r.seek("Locations");
  const locations = readLocations(r);
  r.expect("Curve2ds");
  for (let i = r.int(); i > 0; i--) skipCurve2d(r);
  r.expect("Curves");
  const curves = table(r, readCurve);
  r.expect("Polygon3D");
  for (let i = r.int(); i > 0; i--) skipPolygon3d(r);
  r.expect("PolygonOnTriangulations");
  const polygons = table(r, readPolygon);
  r.expect("Surfaces");
  const surfaces = table(r, readSurface);
  r.expect("Triangulations");
  const triangulations = table(r, readTriangulation);
  r.expect("TShapes");
  const count = r.int();
  const shapes: BrepShape[] = [];
  for (let i = 0; i < count; i++) shapes.push(readShape(r, count));
  return { locations, curves, surfaces, polygons, triangulations, shapes, root: readRef(r, r.word(), count) };
}

function table<T>(r: Reader, read: (r: Reader) => T): T[] {
  const count = r.int(), rows: T[] = [];
  for (let i = 0; i < count; i++) rows.push(read(r));
  return rows;
}

/** Cursor over white-space separated words. */
class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  seek(word: string): void {
    const found = this.text.indexOf(`\n${word} `);
    if (found < 0) throw new Error(`kernel text has no ${word}`);
    this.at = found + word.length + 1;
  }
  word(): string {
    const { text } = this;
    let a = this.at;
    while (text.charCodeAt(a) <= 32) a++;
    let b = a;
    while (text.charCodeAt(b) > 32) b++;
    this.at = b;
    if (a === b) throw new Error("kernel text ends early");
    return text.slice(a, b);
  }
  peek(): string {
    const at = this.at, word = this.word();
    this.at = at;
    return word;
  }
  expect(word: string): void {
    const found = this.word();
    if (found !== word) throw new Error(`kernel text: expected ${word}, found ${found}`);
  }
  num(): number {
    const word = this.word(), value = Number(word);
    if (Number.isNaN(value) && !/nan/i.test(word)) throw new Error(`kernel text: expected a number, found ${word}`);
    return value;
  }
  int(): number {
    return this.num();
  }
  nums(n: number): Float64Array {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = this.num();
    return out;
  }
  vec(): Vec3 {
    return [this.num(), this.num(), this.num()];
  }
}

function readLocations(r: Reader): Float64Array[] {
  const count = r.int(), all: Float64Array[] = [Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)];
  for (let i = 0; i < count; i++) {
    if (r.int() === 1) { all.push(r.nums(12)); continue; }
    let product = all[0];
    for (let index = r.int(); index !== 0; index = r.int()) {
      const power = r.int(), factor = power < 0 ? invert(all[index]) : all[index];
      for (let k = Math.abs(power); k > 0; k--) product = compose(factor, product);
    }
    all.push(product);
  }
  return all;
}

/** a ∘ b for row-major 3×4 placements. */
export function compose(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(12);
  for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) {
    out[i * 4 + j] = a[i * 4] * b[j] + a[i * 4 + 1] * b[4 + j] + a[i * 4 + 2] * b[8 + j] + (j === 3 ? a[i * 4 + 3] : 0);
  }
  return out;
}

/** Inverse of a rigid placement. */
function invert(a: Float64Array): Float64Array {
  const out = new Float64Array(12);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) out[i * 4 + j] = a[j * 4 + i];
    out[i * 4 + 3] = -(a[i] * a[3] + a[4 + i] * a[7] + a[8 + i] * a[11]);
  }
  return out;
}

function skipCurve2d(r: Reader): void {
  switch (r.int()) {
    case 1: r.nums(4); return;
    case 2: r.nums(7); return;
    case 3: r.nums(8); return;
    case 4: r.nums(7); return;
    case 5: r.nums(8); return;
    case 6: { const rational = r.int(), degree = r.int(); r.nums((degree + 1) * (rational ? 3 : 2)); return; }
    case 7: {
      const rational = r.int(); r.int(); r.int();
      const poles = r.int(), knots = r.int();
      r.nums(poles * (rational ? 3 : 2) + knots * 2);
      return;
    }
    case 8: r.nums(2); skipCurve2d(r); return;
    case 9: r.nums(1); skipCurve2d(r); return;
    default: throw new Error("kernel text: unknown 2D curve");
  }
}

function skipPolygon3d(r: Reader): void {
  const nodes = r.int(), parameters = r.int();
  r.num();
  r.nums(nodes * (parameters ? 4 : 3));
}

/** Axis placement as written: origin, z, x, y. */
function readFrame(r: Reader): Frame {
  const origin = r.vec(), z = r.vec(), x = r.vec(), y = r.vec();
  return { origin, x, y, z };
}

const UNBOUNDED = [-Infinity, Infinity] as const;

function readCurve(r: Reader): Curve {
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

function readBezierCurve(r: Reader): NurbsCurve {
  const rational = r.int() !== 0, degree = r.int();
  const { poles, weights } = readPoles(r, degree + 1, rational);
  return { kind: "nurbs", degree, knots: bezierKnots(degree), poles, weights, period: 0, range: [0, 1] };
}

function readBsplineCurve(r: Reader): NurbsCurve {
  const rational = r.int() !== 0, periodic = r.int() !== 0, degree = r.int(), count = r.int(), knotCount = r.int();
  const net = readPoles(r, count, rational);
  const values = r.nums(knotCount * 2);
  const flat = flatKnots(values, degree, periodic);
  const total = flat.length - degree - 1;
  return {
    kind: "nurbs", degree, knots: flat,
    poles: wrap(net.poles, 3, count, total), weights: wrap(net.weights, 1, count, total),
    period: periodic ? values[knotCount * 2 - 2] - values[0] : 0, range: [flat[degree], flat[total]],
  };
}

function readPoles(r: Reader, count: number, rational: boolean): { poles: Float64Array; weights: Float64Array } {
  const poles = new Float64Array(count * 3), weights = new Float64Array(rational ? count : 0);
  for (let i = 0; i < count; i++) {
    poles[i * 3] = r.num(); poles[i * 3 + 1] = r.num(); poles[i * 3 + 2] = r.num();
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

function readSurface(r: Reader): Surface {
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
    case 11: r.num(); readSurface(r); return { kind: "other", name: "offset surface" };
    default: throw new Error("kernel text: unknown surface");
  }
}

function readBezierSurface(r: Reader): NurbsSurface {
  const rationalU = r.int() !== 0, rationalV = r.int() !== 0, degreeU = r.int(), degreeV = r.int();
  const { poles, weights } = readPoles(r, (degreeU + 1) * (degreeV + 1), rationalU || rationalV);
  return {
    kind: "nurbs", degreeU, degreeV, countU: degreeU + 1, countV: degreeV + 1,
    knotsU: bezierKnots(degreeU), knotsV: bezierKnots(degreeV), poles, weights, periodU: 0, periodV: 0,
  };
}

function readBsplineSurface(r: Reader): NurbsSurface {
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

function readPolygon(r: Reader): PolygonOnTriangulation {
  const count = r.int(), nodes = new Uint32Array(count);
  for (let i = 0; i < count; i++) nodes[i] = r.int() - 1;
  r.expect("p");
  r.num();
  return { nodes, parameters: r.nums(r.int() ? count : 0) };
}

function readTriangulation(r: Reader): Triangulation {
  const nodeCount = r.int(), triangleCount = r.int(), hasUv = r.int() !== 0;
  const hasNormals = r.int() !== 0;
  const deflectionMm = r.num();
  const nodes = r.nums(nodeCount * 3), uvs = hasUv ? r.nums(nodeCount * 2) : new Float64Array(0);
  const triangles = new Uint32Array(triangleCount * 3);
  for (let i = 0; i < triangles.length; i++) triangles[i] = r.int() - 1;
  if (hasNormals) r.nums(nodeCount * 3);
  return { nodes, uvs, triangles, deflectionMm };
}

function readShape(r: Reader, count: number): BrepShape {
  const kind = r.word();
  switch (kind) {
    case "Ve": return readVertex(r, count);
    case "Ed": return readEdge(r, count);
    case "Fa": return readFace(r, count);
    case "Wi": return { kind: "wire", children: readChildren(r, count) };
    case "Sh": return { kind: "shell", children: readChildren(r, count) };
    case "So": return { kind: "solid", children: readChildren(r, count) };
    case "CS": return { kind: "compsolid", children: readChildren(r, count) };
    case "Co": return { kind: "compound", children: readChildren(r, count) };
    default: throw new Error(`kernel text: unknown shape ${kind}`);
  }
}

function readVertex(r: Reader, count: number): BrepShape {
  const toleranceMm = r.num(), point = r.vec();
  for (;;) {
    r.num();
    const kind = r.int();
    if (kind === 0) break;
    if (kind === 1) r.int(); else { r.num(); r.int(); }
    r.int();
  }
  return { kind: "vertex", toleranceMm, point, children: readChildren(r, count) };
}

function readEdge(r: Reader, count: number): BrepShape {
  const toleranceMm = r.num();
  r.int(); r.int();
  const degenerated = r.int() !== 0;
  let curve = 0, curveLocation = 0, range: [number, number] = [0, 0];
  const onFaces: EdgeOnFace[] = [];
  for (let kind = r.int(); kind !== 0; kind = r.int()) {
    if (kind === 1) { curve = r.int(); curveLocation = r.int(); range = [r.num(), r.num()]; }
    else if (kind === 2) { r.int(); r.int(); r.int(); r.nums(2); }
    else if (kind === 3) { r.int(); r.word(); r.int(); r.int(); r.nums(2); }
    else if (kind === 4) { r.word(); r.nums(4); }
    else if (kind === 5) { r.nums(2); }
    else if (kind === 6) { const p = r.int(), triangulation = r.int(); onFaces.push({ triangulation, location: r.int(), polygons: [p - 1] }); }
    else if (kind === 7) { const p = r.int(), q = r.int(), triangulation = r.int(); onFaces.push({ triangulation, location: r.int(), polygons: [p - 1, q - 1] }); }
    else throw new Error(`kernel text: unknown edge record ${kind}`);
  }
  return { kind: "edge", toleranceMm, degenerated, curve: curve - 1, curveLocation, range, onFaces, children: readChildren(r, count) };
}

function readFace(r: Reader, count: number): BrepShape {
  r.int();
  const toleranceMm = r.num(), surface = r.int() - 1, location = r.int();
  let triangulation = -1;
  if (r.peek() === "2") { r.word(); triangulation = r.int() - 1; }
  return { kind: "face", toleranceMm, surface, location, triangulation, children: readChildren(r, count) };
}

function readChildren(r: Reader, count: number): ShapeRef[] {
  if (!/^[01]{7}$/.test(r.word())) throw new Error("kernel text: expected the flags of a shape");
  const children: ShapeRef[] = [];
  for (let word = r.word(); word !== "*"; word = r.word()) children.push(readRef(r, word, count));
  return children;
}

function readRef(r: Reader, word: string, count: number): ShapeRef {
  return { shape: count - Number(word.slice(1)), reversed: word[0] === "-", loose: word[0] === "i" || word[0] === "e", location: r.int() };
}
