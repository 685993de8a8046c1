import { compose, type BrepShape, type BrepTables, type ShapeRef } from "./brep-text.ts";

export type FaceShape = Extract<BrepShape, { kind: "face" }>;
export type EdgeShape = Extract<BrepShape, { kind: "edge" }>;

/** A face where it stands in the shape; the same face at the same place has the same key. */
export interface FaceUse {
  readonly key: string;
  readonly shape: FaceShape;
  readonly place: Float64Array;
  readonly reversed: boolean;
  readonly edges: readonly EdgeUse[];
}

/** An edge as a face uses it; `reversed` counts every turn on the way from the shape. */
export interface EdgeUse {
  readonly key: string;
  readonly shape: EdgeShape;
  readonly place: Float64Array;
  readonly reversed: boolean;
}

/** Every use of a face in the shape, in the kernel's order, and the number of shells. */
export function collectFaces(tables: BrepTables): { faces: FaceUse[]; shells: number } {
  const faces: FaceUse[] = [];
  let shells = 0;
  const visit = (ref: ShapeRef, place: Float64Array, reversed: boolean): void => {
    const shape = tables.shapes[ref.shape];
    const here = ref.location ? compose(place, tables.locations[ref.location]) : place;
    const turned = reversed !== ref.reversed;
    if (shape.kind === "shell") shells++;
    if (shape.kind === "face") {
      faces.push({ key: keyOf(ref.shape, here), shape, place: here, reversed: turned, edges: collectEdges(tables, shape, here, turned) });
      return;
    }
    if (shape.kind === "wire" || shape.kind === "edge" || shape.kind === "vertex") return;
    for (const child of shape.children) visit(child, here, turned);
  };
  visit(tables.root, tables.locations[0], false);
  return { faces, shells };
}

function collectEdges(tables: BrepTables, face: FaceShape, place: Float64Array, reversed: boolean): EdgeUse[] {
  const edges: EdgeUse[] = [];
  for (const wire of face.children) {
    const loop = tables.shapes[wire.shape];
    if (loop.kind !== "wire") continue;
    const wirePlace = wire.location ? compose(place, tables.locations[wire.location]) : place;
    for (const ref of loop.children) {
      const shape = tables.shapes[ref.shape];
      if (shape.kind !== "edge" || ref.loose) continue;
      const here = ref.location ? compose(wirePlace, tables.locations[ref.location]) : wirePlace;
      edges.push({ key: keyOf(ref.shape, here), shape, place: here, reversed: (reversed !== wire.reversed) !== ref.reversed });
    }
  }
  return edges;
}

/** Equal places give equal keys: a place composed with its inverse comes back as the identity up to rounding. */
function keyOf(shape: number, place: Float64Array): string {
  return `${shape}@${Array.from(place, (n) => Math.round(n * 1e9) || 0).join()}`;
}

/** An edge used again at another place has a record for each; the one meant brings the edge's place to the face's. */
export function nearestPlace<R extends { readonly location: number }>(tables: BrepTables, records: readonly R[], edge: Float64Array, face: Float64Array): R {
  const off = records.map((r) => compose(edge, tables.locations[r.location]).reduce((worst, x, i) => Math.max(worst, Math.abs(x - face[i])), 0));
  return records[off.indexOf(Math.min(...off))];
}
