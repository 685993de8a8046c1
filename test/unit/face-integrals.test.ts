import type { TopoDS_Shape } from "replicad-opencascadejs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Curve } from "../../src/part/curve.ts";
import { integrateFace, type FaceSide } from "../../src/part/integrals/integrate-face.ts";
import type { NurbsSurface, Surface } from "../../src/part/surface.ts";
import { massOfCones } from "../../src/part/integrals/mass-of-cones.ts";
import type { BrepTables } from "../../src/step/occt/brep-text.ts";
import { volumeOfEdgeStrips } from "../../src/step/occt/edge-strips.ts";
import { integrateBrep, sumOfFaces } from "../../src/step/occt/integrate-brep.ts";
import { measureTables, tablesOf } from "../../src/step/occt/measure-solid.ts";
import type { Vec3 } from "../../src/units.ts";
import { shapeKernel, type ShapeKernel } from "../shapes/kernel.ts";

let shapes: ShapeKernel;
beforeAll(async () => { shapes = await shapeKernel(); });

/** What a shape measures in closed form; the axis of its inertia is z. */
interface Closed {
  readonly name: string;
  readonly make: (k: ShapeKernel) => TopoDS_Shape;
  readonly volumeMm3: number;
  readonly areaMm2: number;
  readonly centroidMm?: Vec3;
  /** About z through the centroid, and about x. */
  readonly inertiaMm5?: readonly [z: number, x: number];
  /** How well the kernel's own curve of a cut fits; 1e-12 where there is none. */
  readonly cutTo?: number;
}

const { PI } = Math, HALF_TURN = Math.SQRT1_2;
const CLOSED: readonly Closed[] = [
  { name: "box", make: (k) => k.box([0, 0, 0], [2, 3, 4]), volumeMm3: 24, areaMm2: 52, centroidMm: [1, 1.5, 2], inertiaMm5: [2 * 13, 2 * 25] },
  { name: "sphere", make: (k) => k.sphere([0, 0, 0], 3), volumeMm3: 36 * PI, areaMm2: 36 * PI, centroidMm: [0, 0, 0], inertiaMm5: [0.4 * 36 * PI * 9, 0.4 * 36 * PI * 9] },
  { name: "torus", make: (k) => k.torus([0, 0, 0], [0, 0, 1], 5, 2), volumeMm3: 40 * PI ** 2, areaMm2: 40 * PI ** 2, centroidMm: [0, 0, 0], inertiaMm5: [40 * PI ** 2 * 28, 40 * PI ** 2 * 15] },
  { name: "cylinder", make: (k) => k.cylinder([0, 0, 0], [0, 0, 1], 2, 7), volumeMm3: 28 * PI, areaMm2: 36 * PI, centroidMm: [0, 0, 3.5], inertiaMm5: [28 * PI * 2, (28 * PI * 61) / 12] },
  { name: "cone frustum", make: (k) => k.revolve([0, 0], [["line", [4, 0]], ["line", [2, 3]], ["line", [0, 3]], ["line", [0, 0]]]), volumeMm3: 28 * PI, areaMm2: PI * (20 + 6 * Math.sqrt(13)), centroidMm: [0, 0, 33 / 28] },
  {
    name: "cylinder cut at 30°", make: (k) => k.cut(k.cylinder([0, 0, 0], [0, 0, 1], 2, 20), k.turn(k.box([-40, -40, 10], [40, 40, 60]), [0, 0, 10], [1, 0, 0], 30)),
    volumeMm3: 40 * PI, areaMm2: PI * (40 + 4 + 4 / Math.cos(PI / 6)), cutTo: 1e-9,
  },
  { name: "extruded rational spline", make: (k) => k.prism([3, 0], [["conic", [3, 3], HALF_TURN, [0, 3]], ["line", [0, 0]], ["line", [3, 0]]], 5), volumeMm3: 11.25 * PI, areaMm2: 4.5 * PI + 7.5 * PI + 30, centroidMm: [4 / PI, 4 / PI, 2.5] },
  { name: "turned rational spline", make: (k) => k.revolve([3, 0], [["conic", [3, 3], HALF_TURN, [0, 3]], ["line", [0, 0]], ["line", [3, 0]]]), volumeMm3: 18 * PI, areaMm2: 27 * PI, centroidMm: [0, 0, 9 / 8] },
];

const off = (a: number, b: number): number => Math.abs(a / b - 1);
const measured = (oc: ShapeKernel["oc"], shape: TopoDS_Shape): ReturnType<typeof measureTables> => measureTables(oc, shape, tablesOf(oc, shape));

/** Volume within the faces, and within the faces and the edges they share. */
function volumes(tables: BrepTables): [cones: number, closed: number] {
  const integrals = integrateBrep(tables), conesMm3 = massOfCones(sumOfFaces(integrals.faces), integrals.referenceMm).volumeMm3;
  return [conesMm3, conesMm3 + volumeOfEdgeStrips(integrals, conesMm3)];
}

describe("integrals over exact faces", () => {
  it.each(CLOSED)("$name agrees with its closed form", ({ make, volumeMm3, areaMm2, centroidMm, inertiaMm5, cutTo = 1e-12 }) => {
    const shape = make(shapes), { moments, areasMm2 } = measured(shapes.oc, shape);
    expect(off(moments.volumeMm3, volumeMm3)).toBeLessThan(cutTo);
    expect(off(areasMm2.reduce((a, b) => a + b), areaMm2)).toBeLessThan(cutTo);
    if (centroidMm) expect(Math.hypot(...centroidMm.map((c, k) => c - moments.centroidMm[k]))).toBeLessThan(1e-11);
    if (inertiaMm5) { expect(off(moments.inertiaMm5[8], inertiaMm5[0])).toBeLessThan(1e-12); expect(off(moments.inertiaMm5[0], inertiaMm5[1])).toBeLessThan(1e-12); }
  });

  it.each(CLOSED)("$name keeps its digits turned and far away", ({ make, volumeMm3, areaMm2 }) => {
    const away = shapes.move(shapes.turn(make(shapes), [0, 0, 0], [1, 2, 3], 77), [1e4, -2e4, 5e3]), { moments, areasMm2 } = measured(shapes.oc, away);
    expect(off(moments.volumeMm3, volumeMm3)).toBeLessThan(1e-9);
    expect(off(areasMm2.reduce((a, b) => a + b), areaMm2)).toBeLessThan(1e-9);
  });

  it("closes the shell along its edges, wherever faces are trimmed", () => {
    for (const { make, volumeMm3, cutTo = 1e-12 } of CLOSED) expect(off(volumes(tablesOf(shapes.oc, make(shapes)))[1], volumeMm3)).toBeLessThan(cutTo);
    // The side of a cylinder (radius 2, height 7) trimmed 0.001 mm above its upper edge, on either surface that has such a curve.
    const tables = tablesOf(shapes.oc, shapes.cylinder([0, 0, 0], [0, 0, 1], 2, 7)), aboveMm = 1e-3;
    const curves2d = tables.curves2d.map((c): Curve => (c.kind === "line" && c.origin[1] === 7 && c.direction[1] === 0 ? { ...c, origin: [c.origin[0], 7 + aboveMm, 0] } : c));
    const [conesMm3, closedMm3] = volumes({ ...tables, curves2d });
    expect(conesMm3 - 28 * PI).toBeCloseTo((2 * 4 * PI * aboveMm) / 3, 6);
    expect(off(closedMm3, 28 * PI)).toBeLessThan(1e-12);
  });

  it("closes the shell at its vertices, where edges stop short of them", () => {
    const tables = tablesOf(shapes.oc, shapes.box([0, 0, 0], [2, 3, 4])), shorter = ([from, to]: readonly [number, number]): [number, number] => [from + 0.01, to - 0.02];
    const short = tables.shapes.map((s) => (s.kind === "edge" ? { ...s, range: shorter(s.range), onSurfaces: s.onSurfaces.map((on) => ({ ...on, range: shorter(on.range) })) } : s));
    const [conesMm3, closedMm3] = volumes({ ...tables, shapes: short });
    expect(off(conesMm3, 24)).toBeGreaterThan(1e-5);
    expect(off(closedMm3, 24)).toBeLessThan(1e-12);
  });

  it("counts a face that two bodies share once for each side", () => {
    const { oc } = shapes, solid = shapes.sphere([7, 0, 0], 3), both = new oc.TopoDS_Compound(), builder = new oc.TopoDS_Builder();
    builder.MakeCompound(both);
    builder.Add(both, solid);
    builder.Add(both, solid.Reversed());
    const { moments, areasMm2 } = measured(oc, both);
    expect(moments.volumeMm3).toBe(0);
    expect(areasMm2).toHaveLength(2);
  });

  it("states errors that hold the truth", () => {
    for (const { make, areaMm2, volumeMm3, name } of CLOSED.filter((c) => c.cutTo === undefined)) {
      const { faces } = integrateBrep(tablesOf(shapes.oc, make(shapes)));
      let area = 0, volume = 0, areaError = 1e-14 * areaMm2, volumeError = 1e-14 * volumeMm3;
      for (const face of faces) { area += face!.integrals[0]; volume += face!.integrals[1]; areaError += face!.errors[0]; volumeError += face!.errors[1]; }
      expect(Math.abs(area - areaMm2), name).toBeLessThanOrEqual(areaError);
      expect(Math.abs(volume - volumeMm3), name).toBeLessThanOrEqual(volumeError);
      expect(areaError / areaMm2, name).toBeLessThan(1e-9);
      expect(volumeError / volumeMm3, name).toBeLessThan(1e-9);
    }
  });
});

/** A quarter of a cylinder of radius 2 and height 5 about z, as a rational spline. */
const QUARTER: NurbsSurface = {
  kind: "nurbs", degreeU: 2, degreeV: 1, countU: 3, countV: 2, knotsU: Float64Array.of(0, 0, 0, 1, 1, 1), knotsV: Float64Array.of(0, 0, 1, 1),
  poles: Float64Array.of(2, 0, 0, 2, 0, 5, 2, 2, 0, 2, 2, 5, 0, 2, 0, 0, 2, 5), weights: Float64Array.of(1, 1, HALF_TURN, HALF_TURN, 1, 1), periodU: 0, periodV: 0,
};

const FLAT: Surface = { kind: "plane", frame: { origin: [0, 0, 0], x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] } };

function outline(corners: readonly (readonly [u: number, v: number])[]): FaceSide[] {
  return corners.map(([u, v], i) => {
    const [a, b] = corners[(i + 1) % corners.length];
    const curve: Curve = { kind: "line", origin: [u, v, 0], direction: [a - u, b - v, 0], range: [0, 1] };
    return { curve, reversed: false };
  });
}

function integrals(sides: readonly FaceSide[], reference: Vec3): Float64Array {
  const face = integrateFace(QUARTER, sides, reference)!;
  face.refine(new Float64Array(11).fill(1e-11));
  return face.measured.integrals;
}

describe("one face of a B-spline surface", () => {
  it("whole", () => {
    const found = integrals(outline([[0, 0], [1, 0], [1, 1], [0, 1]]), [0, 0, 0]);
    expect(off(found[0], 5 * PI)).toBeLessThan(1e-12);
    expect(off(found[1], (10 * PI) / 3)).toBeLessThan(1e-12);
    expect(off(found[2], 10)).toBeLessThan(1e-12);
    expect(off(found[3], 10)).toBeLessThan(1e-12);
    expect(off(found[4], 6.25 * PI)).toBeLessThan(1e-12);
  });

  it("with a hole and a slanted side: the pieces add up", () => {
    const sum = (...parts: (readonly FaceSide[])[]): number[] => parts.map((sides) => integrals(sides, [1, 1, 1])).reduce<number[]>((s, i) => s.map((x, k) => x + i[k]), new Array<number>(11).fill(0));
    const hole = outline([[0.3, 0.2], [0.6, 0.3], [0.5, 0.7]]), around = hole.map((side) => ({ ...side, reversed: true }));
    const whole = sum(outline([[0, 0], [1, 0], [1, 1], [0, 1]])), pieces = sum([...outline([[0, 0], [1, 0], [1, 1], [0, 1]]), ...around], hole);
    const halves = sum(outline([[0, 0], [0.9, 0], [0.1, 1], [0, 1]]), outline([[0.9, 0], [1, 0], [1, 1], [0.1, 1]]));
    whole.forEach((value, k) => {
      expect(Math.abs(pieces[k] - value)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
      expect(Math.abs(halves[k] - value)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
    });
  });

  it("with sides that do not quite meet: the pieces add up, wherever they lie", () => {
    // Both halves end their common side a little short of the outer ones, as the kernel's do within an edge's tolerance.
    const short = 1e-3, middle = outline([[0.5, short], [0.5, 1 - short]])[0], back = { ...middle, reversed: true };
    const [bottom, right, top, left] = outline([[0, 0], [1, 0], [1, 1], [0, 1]]);
    const part = ({ curve, reversed }: FaceSide, range: readonly [number, number]): FaceSide => ({ curve: { ...curve, range }, reversed });
    const [from, to] = bottom.curve.range, half = (from + to) / 2;
    const first = integrals([part(bottom, [from, half]), middle, part(top, [half, to]), left], [1, 1, 1]);
    const second = integrals([part(bottom, [half, to]), right, part(top, [from, half]), back], [1, 1, 1]);
    const whole = integrals([bottom, right, top, left], [1, 1, 1]);
    whole.forEach((value, k) => expect(Math.abs(first[k] + second[k] - value)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value))));
  });

  it("trimmed beyond its knots: its polynomials hold there too", () => {
    expect(off(integrals(outline([[0, 0], [1, 0], [1, 1.1], [0, 1.1]]), [0, 0, 0])[0], 5.5 * PI)).toBeLessThan(1e-12);
    const u = 1.1, weight = 2 * u * (1 - u) * HALF_TURN, turn = Math.atan2(weight + u * u, (1 - u) ** 2 + weight);
    expect(off(integrals(outline([[0, 0], [u, 0], [u, 1], [0, 1]]), [0, 0, 0])[0], 10 * turn)).toBeLessThan(1e-12);
  });

  it("without any width, on a plane", () => {
    const [side] = outline([[0.1, 0.3], [5, 7]]);
    const toAndFro = [side, { ...side, reversed: true }];
    expect(integrateFace(FLAT, toAndFro, [1, 1, 1])!.measured.integrals.every((value) => Math.abs(value) < 1e-12)).toBe(true);
    expect(integrateFace(QUARTER, toAndFro, [1, 1, 1])).toBeUndefined();
  });

  it("refuses what goes round the wrong way, or has no formula", () => {
    expect(integrateFace(FLAT, outline([[0, 0], [0, 1], [1, 1], [1, 0]]), [0, 0, 0])).toBeUndefined();
    const whole = outline([[0, 0], [1, 0], [1, 1], [0, 1]]);
    expect(integrateFace(QUARTER, whole.map((side) => ({ ...side, reversed: true })), [0, 0, 0])).toBeUndefined();
    expect(integrateFace({ kind: "other", name: "offset surface" }, whole, [0, 0, 0])).toBeUndefined();
    expect(integrateFace(QUARTER, [], [0, 0, 0])).toBeUndefined();
  });
});
