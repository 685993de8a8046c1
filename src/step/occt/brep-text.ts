import type { Curve } from "../../part/curve.ts";
import type { Surface } from "../../part/surface.ts";
import type { Vec3 } from "../../units.ts";
import { readCurve, readCurve2d, readSurface } from "./brep-geometry.ts";
import { BrepReader } from "./brep-reader.ts";

/**
 * The kernel's own text form of a meshed shape ("CASCADE Topology", versions 1–3), as tables. One call brings
 * surfaces, curves, topology and triangles over at once: object by object through the bindings the same takes
 * several calls for each node.
 */
export interface BrepTables {
  /** Placements, row-major 3×4; index 0 is unused (identity). */
  readonly locations: readonly Float64Array[];
  /** Curves in the parameters of a surface: (u, v, 0). */
  readonly curves2d: readonly Curve[];
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

/** An edge in the parameters of a surface. */
export interface EdgeOnSurface {
  readonly surface: number;
  /** Placement of the surface as seen from the edge. */
  readonly location: number;
  /** Index of the 2D curve; on a seam, where the edge runs backwards in the face, `reversedCurve`. */
  readonly curve: number;
  readonly reversedCurve: number;
  readonly range: readonly [number, number];
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
      readonly onSurfaces: readonly EdgeOnSurface[];
      readonly children: readonly ShapeRef[];
    }
  | { readonly kind: "face"; readonly toleranceMm: number; readonly surface: number; readonly location: number; readonly triangulation: number; readonly children: readonly ShapeRef[] }
  | { readonly kind: "wire" | "shell" | "solid" | "compsolid" | "compound"; readonly children: readonly ShapeRef[] };

/** Reads the kernel's text. Throws on text the kernel would not write. */
export function parseBrepText(text: string): BrepTables {
  const r = new BrepReader(text);
  r.seek("Locations");
  const locations = readLocations(r);
  r.expect("Curve2ds");
  const curves2d = table(r, readCurve2d);
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
  return { locations, curves2d, curves, surfaces, polygons, triangulations, shapes, root: readRef(r, r.word(), count) };
}

function table<T>(r: BrepReader, read: (r: BrepReader) => T): T[] {
  const count = r.int(), rows: T[] = [];
  for (let i = 0; i < count; i++) rows.push(read(r));
  return rows;
}

function readLocations(r: BrepReader): Float64Array[] {
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

function skipPolygon3d(r: BrepReader): void {
  const nodes = r.int(), parameters = r.int();
  r.num();
  r.nums(nodes * (parameters ? 4 : 3));
}

function readPolygon(r: BrepReader): PolygonOnTriangulation {
  const count = r.int(), nodes = new Uint32Array(count);
  for (let i = 0; i < count; i++) nodes[i] = r.int() - 1;
  r.expect("p");
  r.num();
  return { nodes, parameters: r.nums(r.int() ? count : 0) };
}

function readTriangulation(r: BrepReader): Triangulation {
  const nodeCount = r.int(), triangleCount = r.int(), hasUv = r.int() !== 0;
  const hasNormals = r.int() !== 0;
  const deflectionMm = r.num();
  const nodes = r.nums(nodeCount * 3), uvs = hasUv ? r.nums(nodeCount * 2) : new Float64Array(0);
  const triangles = new Uint32Array(triangleCount * 3);
  for (let i = 0; i < triangles.length; i++) triangles[i] = r.int() - 1;
  if (hasNormals) r.nums(nodeCount * 3);
  return { nodes, uvs, triangles, deflectionMm };
}

function readShape(r: BrepReader, count: number): BrepShape {
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

function readVertex(r: BrepReader, count: number): BrepShape {
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

function readEdge(r: BrepReader, count: number): BrepShape {
  const toleranceMm = r.num();
  r.int(); r.int();
  const degenerated = r.int() !== 0;
  let curve = 0, curveLocation = 0, range: [number, number] = [0, 0];
  const onFaces: EdgeOnFace[] = [], onSurfaces: EdgeOnSurface[] = [];
  for (let kind = r.int(); kind !== 0; kind = r.int()) {
    if (kind === 1) { curve = r.int(); curveLocation = r.int(); range = [r.num(), r.num()]; }
    else if (kind === 2) { const on = r.int() - 1; onSurfaces.push({ curve: on, reversedCurve: on, ...readPlaceOnSurface(r) }); }
    // The continuity stands right behind the number of the second curve: "12C0".
    else if (kind === 3) { const on = r.int() - 1; onSurfaces.push({ curve: on, reversedCurve: Number.parseInt(r.word(), 10) - 1, ...readPlaceOnSurface(r) }); }
    else if (kind === 4) { r.word(); r.nums(4); }
    else if (kind === 5) { r.nums(2); }
    else if (kind === 6) { const p = r.int(), triangulation = r.int(); onFaces.push({ triangulation, location: r.int(), polygons: [p - 1] }); }
    else if (kind === 7) { const p = r.int(), q = r.int(), triangulation = r.int(); onFaces.push({ triangulation, location: r.int(), polygons: [p - 1, q - 1] }); }
    else throw new Error(`kernel text: unknown edge record ${kind}`);
  }
  return { kind: "edge", toleranceMm, degenerated, curve: curve - 1, curveLocation, range, onFaces, onSurfaces, children: readChildren(r, count) };
}

function readPlaceOnSurface(r: BrepReader): Pick<EdgeOnSurface, "surface" | "location" | "range"> {
  return { surface: r.int() - 1, location: r.int(), range: [r.num(), r.num()] };
}

function readFace(r: BrepReader, count: number): BrepShape {
  r.int();
  const toleranceMm = r.num(), surface = r.int() - 1, location = r.int();
  let triangulation = -1;
  if (r.peek() === "2") { r.word(); triangulation = r.int() - 1; }
  return { kind: "face", toleranceMm, surface, location, triangulation, children: readChildren(r, count) };
}

function readChildren(r: BrepReader, count: number): ShapeRef[] {
  if (!/^[01]{7}$/.test(r.word())) throw new Error("kernel text: expected the flags of a shape");
  const children: ShapeRef[] = [];
  for (let word = r.word(); word !== "*"; word = r.word()) children.push(readRef(r, word, count));
  return children;
}

function readRef(r: BrepReader, word: string, count: number): ShapeRef {
  return { shape: count - Number(word.slice(1)), reversed: word[0] === "-", loose: word[0] === "i" || word[0] === "e", location: r.int() };
}
