import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, it } from "vitest";
import { distanceToSurface } from "../../src/part/distance-to-surface.ts";
import type { Body, Face } from "../../src/part/part.ts";
import { readShapes } from "../../src/step/occt/read-solids.ts";
import { corpusFiles } from "../corpus.ts";
import { FULL, saysShort } from "../full.ts";
import { shapeKernel, type MeshAs, type ShapeKernel } from "../shapes/kernel.ts";
import { wedge } from "../shapes/wall-shapes.ts";

/** Places across each facet, along one side. */
const ACROSS = 8;
/** Facets looked at of one face of a corpus file. */
const FACETS = FULL ? Infinity : 40;
const MESHES: readonly MeshAs[] = [{}, { deflectionMm: 0.2, angleDeg: 30 }, { deflectionMm: 0.01, angleDeg: 8 }];

/** Greatest distance from places all over a face's facets to its surface, mm. */
function farthest({ facets: { positions: p, uvs, indices } }: Body, { surface, facets: { start, count } }: Face, facets: number): number {
  let most = 0;
  const blend = (row: Float64Array, size: number, t: number, w: readonly number[], k: number): number => w.reduce((sum, x, c) => sum + x * row[indices[t * 3 + c] * size + k], 0);
  for (let t = start; t < start + count; t += Math.max(1, Math.floor(count / facets))) for (let a = 0; a <= ACROSS; a++) for (let b = 0; a + b <= ACROSS; b++) {
    const w = [a / ACROSS, b / ACROSS, 1 - (a + b) / ACROSS];
    most = Math.max(most, distanceToSurface(surface, blend(p, 3, t, w, 0), blend(p, 3, t, w, 1), blend(p, 3, t, w, 2), blend(uvs, 2, t, w, 0), blend(uvs, 2, t, w, 1)));
  }
  return most;
}

function holds(body: Body, facets = Infinity): { kinds: Set<string>; short: string[]; loosest: number } {
  const kinds = new Set<string>(), short: string[] = [];
  let loosest = 1;
  for (const face of body.faces) {
    if (face.surface.kind === "other") continue;
    const stated = body.facets.deviationMm[face.index], found = farthest(body, face, facets);
    kinds.add(face.surface.kind);
    if (found > stated * (1 + 1e-9) + 1e-8) short.push(`face ${face.index}, ${face.surface.kind}: ${found} > ${stated}`);
    if (found > 1e-6) loosest = Math.max(loosest, stated / found);
  }
  return { kinds, short, loosest };
}

const shapes: readonly [kind: string, make: (k: ShapeKernel) => ReturnType<ShapeKernel["box"]>][] = [
  ["plane", (k) => wedge(k, 20)],
  ["cylinder", (k) => k.cylinder([0, 0, 0], [0, 1, 1], 5, 10)],
  ["cone", (k) => k.revolve([2, 0], [["line", [7, 0]], ["line", [5, 9]], ["line", [2, 9]], ["line", [2, 0]]])],
  ["sphere", (k) => k.sphere([1, 2, 3], 5)],
  ["torus", (k) => k.torus([0, 0, 0], [0, 0, 1], 8, 7)],
  ["extrusion", (k) => k.prism([0, 0], [["conic", [6, 4], 0.4, [9, 0]], ["line", [0, 0]]], 5)],
  ["revolution", (k) => k.revolve([2, 0], [["conic", [9, 4], 0.4, [3, 8]], ["line", [2, 8]], ["line", [2, 0]]])],
  ["nurbs", (k) => k.fillet(k.box([0, 0, 0], [10, 10, 10]), [1, 3], ([x, y]) => x > 9 && y > 9)],
];
it.each(shapes)("no place of a %s's facets is farther from it than is said, and hardly less is said", async (kind, make) => {
  const k = await shapeKernel();
  for (const mesh of MESHES) {
    const { kinds, short, loosest } = holds(k.body(make(k), mesh));
    expect(kinds).toContain(kind);
    expect(short).toEqual([]);
    expect(loosest).toBeLessThan(1.15);
  }
});

const NAMES = ["tie_rod.step", "M6-1x12-countersunk-screw.step"], files = corpusFiles().filter(({ path }) => FULL || NAMES.includes(basename(path)));
saysShort("Facets of two corpus files only are held against their surfaces.");
it.skipIf(files.length === 0).each(files.map(({ path }) => [basename(path), path] as const))("nor of the facets of %s", async (_name, path) => {
  const k = await shapeKernel(), read = readShapes(k.oc, readFileSync(path));
  if (!read.ok) return;
  for (const { shape } of read.value.solids.slice(0, 1)) expect(holds(k.body(shape), FACETS).short).toEqual([]);
}, 120_000);
