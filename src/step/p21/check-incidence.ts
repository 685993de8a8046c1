import { fail, ok, type Result } from "../../result.ts";
import { elementaryCurve, surfaceDistance, type ElementaryCurve } from "./elementary.ts";
import { cross, dot } from "../../geometry.ts";
import { frameOf, length, sub, triple, type V } from "./frames.ts";
import type { Part21 } from "./part21.ts";
import type { FaceTopology, LoopTopology, SolidTopology } from "./topology.ts";

/** Largest share of a solid's size by which an edge may miss its face; 44 files from 20 systems stay below 1e-5. */
export const OFF_RELATIVE = 5e-4;
/** … and largest distance, mm, whatever the size. */
export const OFF_LARGEST_MM = 0.05;
/** … and the smallest worth refusing, mm; a hundredth of the size where that is less. */
export const OFF_SMALLEST_MM = 0.002;
/** From here on a distance is worth a word, mm: lines and arcs, and curves that approximate. */
export const OFF_NOTED_MM = { exact: 0.0005, approximate: 0.02 } as const;

/** What the vertices and edges of a solid say about it. */
export interface Incidence {
  /** Box of the vertices, file units; undefined for a solid without vertices. Curved faces may reach beyond it. */
  readonly box: readonly [min: V, max: V] | undefined;
  /** Planar faces whose boundary runs counter-clockwise, and clockwise, about their outward normal; clockwise ones are inside out. */
  readonly outward: number;
  readonly inward: number;
  /** Largest distance found between an edge and its face or a vertex and its edge, file units: of lines and arcs, and of B-splines. */
  readonly largestOff: { readonly exact: number; readonly approximate: number };
}

interface EdgeGeometry { start: V; end: V; sameSense: boolean; curve: ElementaryCurve | undefined; samples: readonly V[] }

/**
 * Measures how far vertices lie from their edges and edges from their faces, for lines, circles, ellipses and B-splines on
 * planes, cylinders, cones, spheres and tori. A kernel widens its tolerance instead and calls the result valid:
 * a cylinder 0.3 mm off its edges, or a point that was not a number, pass as sound solids.
 * Fails with `TOLERANCE_SCALE`, or `INVALID_SOLID` when an edge runs against its own curve or the
 * wrong way round.
 *
 * @param mm Millimetres in the file's unit. @param angleRad Radians in its angle unit.
 */
export function checkIncidence(p: Part21, solid: SolidTopology, mm: number, angleRad: number): Result<Incidence> {
  const edges = readEdges(p, solid);
  const box = boxOf(edges);
  const size = box ? length(sub(box[1], box[0])) : 0;
  const allowed = Math.max(Math.min(size * OFF_RELATIVE, OFF_LARGEST_MM / mm), Math.min(OFF_SMALLEST_MM / mm, size * 0.01));
  const largestOff = { exact: 0, approximate: 0 };
  let outward = 0, inward = 0;
  const worst = { off: allowed, what: "" };
  const note = (off: number, curve: ElementaryCurve | undefined, what: () => string): void => {
    const kind = curve?.exact === false ? "approximate" : "exact";
    if (off > largestOff[kind]) largestOff[kind] = off;
    if (off > worst.off || Number.isNaN(off)) { worst.off = off; worst.what = what(); }
  };
  for (const [edge, { start, end, sameSense, curve }] of edges) {
    if (!curve) continue;
    if (length(sub(end, start)) > size * 1e-6 && !curve.runs(start, end, sameSense)) return fail("INVALID_SOLID", `${p.name(edge)} runs against its curve.`);
    note(Math.max(curve.distance(start), curve.distance(end)), curve, () => `the ends of ${p.name(edge)} miss its curve`);
  }
  for (const shell of solid.shells) {
    for (const face of shell.faces) {
      const distance = surfaceDistance(p, face.surface, angleRad);
      if (!distance) continue;
      for (const loop of face.loops) {
        for (const edge of loop.edges) {
          const geometry = edges.get(edge);
          if (!geometry) continue;
          let off = Math.max(distance(geometry.start), distance(geometry.end));
          for (const q of geometry.samples) off = Math.max(off, distance(q));
          note(off, geometry.curve, () => `${p.name(edge)} misses ${p.name(face.surface)}`);
        }
      }
      const turn = planarTurn(p, face, edges, size);
      if (Number.isNaN(turn)) return fail("INVALID_SOLID", `The holes of ${p.name(face.instance)} run the way of its outline.`);
      if (windingBroken(p, face, edges)) return fail("INVALID_SOLID", `The boundary of ${p.name(face.instance)} does not close round its axis.`);
      if (turn > 0) outward++;
      else if (turn < 0) inward++;
    }
  }
  if (worst.what) return fail("TOLERANCE_SCALE", `By ${(worst.off * mm).toPrecision(3)} mm ${worst.what}.`);
  return ok({ box, outward, inward, largestOff });
}

function readEdges(p: Part21, solid: SolidTopology): Map<number, EdgeGeometry> {
  const edges = new Map<number, EdgeGeometry>();
  const word = p.find("EDGE_CURVE"), vertexWord = p.find("VERTEX_POINT");
  const vertex = (instance: number): V | undefined => {
    const open = instance < 0 ? -1 : p.part(instance, vertexWord);
    return open < 0 ? undefined : triple(p, p.ref(open, p.size(open) - 1));
  };
  for (const shell of solid.shells) for (const face of shell.faces) for (const loop of face.loops) {
    for (const edge of loop.edges) {
      if (edges.has(edge)) continue;
      const open = p.part(edge, word);
      const start = vertex(p.ref(open, 1)), end = vertex(p.ref(open, 2));
      if (!start || !end) continue;
      const sameSense = p.enumeration(open, 4) === "T";
      const curve = elementaryCurve(p, p.ref(open, 3));
      edges.set(edge, { start, end, sameSense, curve, samples: curve ? curve.between(start, end, sameSense) : [] });
    }
  }
  return edges;
}

function boxOf(edges: ReadonlyMap<number, EdgeGeometry>): readonly [V, V] | undefined {
  const min: [number, number, number] = [Infinity, Infinity, Infinity], max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (const { start, end, samples } of edges.values()) {
    for (const q of [start, end, ...samples]) {
      for (let i = 0; i < 3; i++) {
        if (q[i] < min[i]) min[i] = q[i];
        if (q[i] > max[i]) max[i] = q[i];
      }
    }
  }
  return edges.size ? [min, max] : undefined;
}

/**
 * Which way a planar face looks: + when its boundary runs counter-clockwise about its outward normal, - when it is turned
 * over, 0 when that cannot be told (no plane, an edge whose curve is not evaluated, a sliver); NaN when its
 * loops contradict each other: holes run against the outer loop.
 */
function planarTurn(p: Part21, face: FaceTopology, edges: ReadonlyMap<number, EdgeGeometry>, size: number): number {
  if (!isType(p, face.surface, "PLANE")) return 0;
  const frame = frameOf(p, p.ref(p.first[face.surface] + 1, 1));
  if (!frame) return 0;
  const areas: number[] = [];
  for (const loop of face.loops) {
    let area = 0, perimeter = 0;
    if (!walk(loop, edges, (a, b) => {
      area += dot(cross(sub(a, frame.o), sub(b, frame.o)), frame.z) / 2;
      perimeter += length(sub(b, a));
    })) return 0;
    // Slivers do not say which way they run.
    areas.push(Math.abs(area) < 2e-3 * perimeter * perimeter || Math.abs(area) < 1e-8 * size * size ? 0 : area);
  }
  const outer = areas.reduce((largest, area) => (Math.abs(area) > Math.abs(largest) ? area : largest), 0);
  if (areas.some((area) => area !== outer && area * outer > 0)) return NaN;
  return Math.sign(outer) * (face.sameSense ? 1 : -1);
}

/**
 * A face on a cylinder, cone or torus goes round the axis as often one way as the other; a cone's tip or a sphere's pole
 * may take the place of one turn. An arc taken the wrong way round breaks this.
 */
function windingBroken(p: Part21, face: FaceTopology, edges: ReadonlyMap<number, EdgeGeometry>): boolean {
  const cone = isType(p, face.surface, "CONICAL_SURFACE");
  const tip = cone && (face.loops.some((loop) => loop.edges.length === 0) || (face.loops.length === 1 && face.loops[0].edges.length <= 2));
  const mayEnd = tip || isType(p, face.surface, "SPHERICAL_SURFACE");
  if (!mayEnd && !cone && !isType(p, face.surface, "CYLINDRICAL_SURFACE") && !isType(p, face.surface, "TOROIDAL_SURFACE")) return false;
  const frame = frameOf(p, p.ref(p.first[face.surface] + 1, 1));
  if (!frame) return false;
  let turned = 0, onAxis = false;
  const size = Math.abs(p.num(p.first[face.surface] + 1, 2)) || 1;
  for (const loop of face.loops) {
    const whole = walk(loop, edges, (a, b) => {
      const u = sub(a, frame.o), v = sub(b, frame.o);
      const ux = dot(u, frame.x), uy = dot(u, frame.y), vx = dot(v, frame.x), vy = dot(v, frame.y);
      if (Math.hypot(ux, uy) < 1e-6 * size || Math.hypot(vx, vy) < 1e-6 * size) onAxis = true;
      turned += Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy);
    });
    if (!whole) return false;
  }
  return !onAxis && Math.abs(turned) > (mayEnd ? 3 : 1) * Math.PI;
}

/** Steps along a loop in the direction of its bound; false when an edge's curve is not evaluated. */
function walk(loop: LoopTopology, edges: ReadonlyMap<number, EdgeGeometry>, step: (a: V, b: V) => void): boolean {
  for (let i = 0; i < loop.edges.length; i++) {
    const geometry = edges.get(loop.edges[i]);
    if (!geometry?.curve) return false;
    const points = [geometry.start, ...geometry.samples, geometry.end];
    if (!loop.along[i]) points.reverse();
    for (let k = 1; k < points.length; k++) step(points[k - 1], points[k]);
  }
  return true;
}

const isType = (p: Part21, instance: number, name: string): boolean => p.word[instance] >= 0 && p.words.names[p.word[instance]] === name;
