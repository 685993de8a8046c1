import { fail, ok, type Problem, type Result } from "../../result.ts";
import type { Part21 } from "./part21.ts";
import { triple } from "./frames.ts";
import { T } from "./tokens.ts";

/** A solid as the text tells it; every number is an instance index. */
export interface SolidTopology {
  readonly instance: number;
  /** Outer shell first, then voids. */
  readonly shells: readonly ShellTopology[];
}

export interface ShellTopology {
  readonly instance: number;
  readonly faces: readonly FaceTopology[];
}

export interface FaceTopology {
  readonly instance: number;
  readonly surface: number;
  /** The face's normal is the surface's. */
  readonly sameSense: boolean;
  readonly loops: readonly LoopTopology[];
}

export interface LoopTopology {
  /** EDGE_CURVE of each oriented edge, in the loop's order, and whether the boundary runs along it (orientation of edge and bound together). */
  readonly edges: readonly number[];
  readonly along: readonly boolean[];
  /** Orientation of the bound; the traversal runs through `edges` backwards when false. */
  readonly forward: boolean;
  /** Points of a POLY_LOOP; empty otherwise. */
  readonly points: readonly number[];
}

export const SOLID_WORDS = ["MANIFOLD_SOLID_BREP", "BREP_WITH_VOIDS", "FACETED_BREP"] as const;

const CURVES = new Set([
  "LINE", "CIRCLE", "ELLIPSE", "HYPERBOLA", "PARABOLA", "POLYLINE", "TRIMMED_CURVE", "COMPOSITE_CURVE", "B_SPLINE_CURVE", "B_SPLINE_CURVE_WITH_KNOTS",
  "QUASI_UNIFORM_CURVE", "UNIFORM_CURVE", "BEZIER_CURVE", "RATIONAL_B_SPLINE_CURVE", "SURFACE_CURVE", "SEAM_CURVE", "INTERSECTION_CURVE",
  "BOUNDED_SURFACE_CURVE", "BOUNDED_CURVE", "OFFSET_CURVE_3D", "CURVE_REPLICA", "PCURVE", "BOUNDED_PCURVE", "CLOTHOID", "CURVE",
]);
const SURFACES = new Set([
  "PLANE", "CYLINDRICAL_SURFACE", "CONICAL_SURFACE", "SPHERICAL_SURFACE", "TOROIDAL_SURFACE", "DEGENERATE_TOROIDAL_SURFACE",
  "SURFACE_OF_LINEAR_EXTRUSION", "SURFACE_OF_REVOLUTION", "B_SPLINE_SURFACE", "B_SPLINE_SURFACE_WITH_KNOTS", "QUASI_UNIFORM_SURFACE", "UNIFORM_SURFACE",
  "BEZIER_SURFACE", "RATIONAL_B_SPLINE_SURFACE", "RECTANGULAR_TRIMMED_SURFACE", "CURVE_BOUNDED_SURFACE", "RECTANGULAR_COMPOSITE_SURFACE",
  "OFFSET_SURFACE", "ORIENTED_SURFACE", "SURFACE_REPLICA", "BOUNDED_SURFACE", "SURFACE",
]);

class Broken extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/**
 * Follows a solid through shells, faces, bounds, loops, edges and vertices, and checks that each reference leads
 * to the kind of instance that belongs there. Fails with `STEP_REFERENCE`, or `NO_GEOMETRY` for a shell without faces.
 */
export function readTopology(p: Part21, solid: number): Result<SolidTopology> {
  try {
    return ok(new Walker(p).solid(solid));
  } catch (error) {
    if (error instanceof Broken) return { ok: false, problem: error.problem };
    throw error;
  }
}

class Walker {
  private readonly w: Record<string, number> = Object.create(null);
  private readonly checkedEdges = new Set<number>();

  private readonly curves: readonly boolean[];
  private readonly surfaces: readonly boolean[];

  constructor(private readonly p: Part21) {
    this.curves = p.flags((name) => CURVES.has(name));
    this.surfaces = p.flags((name) => SURFACES.has(name));
  }

  solid(instance: number): SolidTopology {
    const { p } = this;
    const outerOpen = this.open(instance, "MANIFOLD_SOLID_BREP", "BREP_WITH_VOIDS", "FACETED_BREP");
    const voidsOpen = p.part(instance, this.word("BREP_WITH_VOIDS"));
    const shells = [this.shell(this.firstRef(instance, outerOpen), instance)];
    if (voidsOpen >= 0) {
      const list = this.lastList(instance, voidsOpen);
      for (const shell of this.listed(instance, list)) shells.push(this.shell(shell, instance));
    }
    return { instance, shells };
  }

  private shell(instance: number, from: number): ShellTopology {
    const { p } = this;
    let shell = instance;
    const oriented = p.part(shell, this.word("ORIENTED_CLOSED_SHELL"));
    if (oriented >= 0) shell = this.ref(shell, oriented, 2);
    const open = this.open(shell, "CLOSED_SHELL");
    if (open < 0) throw this.wrong(from, shell, "a closed shell");
    const list = this.lastList(shell, open);
    const faces = this.listed(shell, list).map((face) => this.face(face, shell));
    if (!faces.length) throw new Broken(fail("NO_GEOMETRY", `${p.name(shell)} has no faces.`).problem);
    return { instance: shell, faces };
  }

  private face(instance: number, from: number): FaceTopology {
    const { p } = this;
    const wrapped = p.part(instance, this.word("ORIENTED_FACE"));
    if (wrapped >= 0) {
      const inner = this.face(this.ref(instance, wrapped, 2), instance);
      return this.flag(instance, wrapped, 3) ? inner : { ...inner, sameSense: !inner.sameSense, loops: inner.loops.map(turned) };
    }
    const open = this.open(instance, "ADVANCED_FACE", "FACE_SURFACE");
    if (open < 0 || p.size(open) < 4) throw this.wrong(from, instance, "a face");
    const surface = this.ref(instance, open, 2);
    if (!this.p.among(surface, this.surfaces)) throw this.wrong(instance, surface, "a surface");
    const list = p.arg(open, 1);
    if (list < 0 || p.kind[list] !== T.OPEN) throw this.wrong(instance, -1, "a list of bounds");
    return { instance, surface, sameSense: this.flag(instance, open, 3), loops: this.listed(instance, list).map((bound) => this.bound(bound, instance)) };
  }

  private bound(instance: number, from: number): LoopTopology {
    const { p } = this;
    const open = this.open(instance, "FACE_BOUND", "FACE_OUTER_BOUND");
    if (open < 0) throw this.wrong(from, instance, "a face bound");
    const loop = this.ref(instance, open, 1);
    const forward = this.flag(instance, open, 2);
    const edgesOpen = p.part(loop, this.word("EDGE_LOOP"));
    if (edgesOpen >= 0) return this.edgeLoop(loop, edgesOpen, forward);
    const vertexOpen = p.part(loop, this.word("VERTEX_LOOP"));
    if (vertexOpen >= 0) {
      this.vertex(this.ref(loop, vertexOpen, 1), loop);
      return { edges: [], along: [], forward, points: [] };
    }
    const polyOpen = p.part(loop, this.word("POLY_LOOP"));
    if (polyOpen < 0) throw this.wrong(instance, loop, "a loop");
    const points = this.listed(loop, this.lastList(loop, polyOpen));
    if (points.length < 3) throw this.wrong(loop, -1, "three points or more");
    for (const point of points) if (this.open(point, "CARTESIAN_POINT") < 0) throw this.wrong(loop, point, "a point");
    return { edges: [], along: [], forward, points: forward ? points : [...points].reverse() };
  }

  private edgeLoop(loop: number, open: number, forward: boolean): LoopTopology {
    const { p } = this;
    const edges: number[] = [], along: boolean[] = [];
    for (const oriented of this.listed(loop, this.lastList(loop, open))) {
      const orientedOpen = p.part(oriented, this.word("ORIENTED_EDGE"));
      if (orientedOpen < 0) throw this.wrong(loop, oriented, "an oriented edge");
      const edge = this.ref(oriented, orientedOpen, 3);
      this.edge(edge, oriented);
      edges.push(edge);
      along.push(this.flag(oriented, orientedOpen, 4) === forward);
    }
    if (!edges.length) throw this.wrong(loop, -1, "edges");
    return { edges, along, forward, points: [] };
  }

  private edge(edge: number, from: number): void {
    if (this.checkedEdges.has(edge)) return;
    this.checkedEdges.add(edge);
    const { p } = this;
    const open = p.part(edge, this.word("EDGE_CURVE"));
    if (open < 0) throw this.wrong(from, edge, "an edge curve");
    this.vertex(this.ref(edge, open, 1), edge);
    this.vertex(this.ref(edge, open, 2), edge);
    const curve = this.ref(edge, open, 3);
    if (!this.p.among(curve, this.curves)) throw this.wrong(edge, curve, "a curve");
    this.flag(edge, open, 4);
  }

  private vertex(vertex: number, from: number): void {
    const open = this.p.part(vertex, this.word("VERTEX_POINT"));
    if (open < 0) throw this.wrong(from, vertex, "a vertex");
    const point = this.firstRef(vertex, open);
    if (this.p.word[point] === this.word("CARTESIAN_POINT")) {
      if (!triple(this.p, point)) throw this.wrong(vertex, point, "a point in space");
    } else if (this.open(point, "DEGENERATE_PCURVE", "POINT_ON_CURVE", "POINT_ON_SURFACE", "POINT_REPLICA") < 0) throw this.wrong(vertex, point, "a point");
  }

  private word(name: string): number {
    return (this.w[name] ??= this.p.find(name));
  }

  private open(instance: number, ...names: string[]): number {
    for (const name of names) {
      const open = this.p.part(instance, this.word(name));
      if (open >= 0) return open;
    }
    return -1;
  }

  private ref(instance: number, open: number, i: number): number {
    const found = this.p.ref(open, i);
    if (found < 0) throw this.missing(instance, open, i);
    return found;
  }

  private firstRef(instance: number, open: number): number {
    const { p } = this;
    for (let t = open + 1; t < p.val[open]; t = p.after(t)) {
      if (p.kind[t] === T.REF) return p.val[t] >= 0 ? p.val[t] : this.dangle(instance, t);
    }
    throw this.wrong(instance, -1, "a reference");
  }

  private lastList(instance: number, open: number): number {
    const { p } = this;
    let list = -1;
    for (let t = open + 1; t < p.val[open]; t = p.after(t)) if (p.kind[t] === T.OPEN) list = t;
    if (list < 0) throw this.wrong(instance, -1, "a list");
    return list;
  }

  /** References in a list; anything else in it is an error. */
  private listed(instance: number, list: number): number[] {
    const { p } = this;
    const found: number[] = [];
    for (let t = list + 1; t < p.val[list]; t = p.after(t)) {
      if (p.kind[t] !== T.REF) throw this.wrong(instance, -1, "references only");
      found.push(p.val[t] >= 0 ? p.val[t] : this.dangle(instance, t));
    }
    return found;
  }

  private flag(instance: number, open: number, i: number): boolean {
    const value = this.p.enumeration(open, i);
    if (value !== "T" && value !== "F") throw this.wrong(instance, -1, ".T. or .F.");
    return value === "T";
  }

  private dangle(instance: number, t: number): never {
    throw new Broken(fail("STEP_REFERENCE", `${this.p.name(instance)} needs ${this.p.refText(this.p.pos[t])}, which does not exist.`).problem);
  }

  private missing(instance: number, open: number, i: number): Broken {
    const t = this.p.arg(open, i);
    if (t >= 0 && this.p.kind[t] === T.REF) this.dangle(instance, t);
    return this.wrong(instance, -1, "a reference");
  }

  private wrong(from: number, to: number, wanted: string): Broken {
    const got = to < 0 ? "lacks" : `refers to ${this.p.name(to)} instead of`;
    return new Broken(fail("STEP_REFERENCE", `${this.p.name(from)} ${got} ${wanted}.`).problem);
  }
}

const turned = (loop: LoopTopology): LoopTopology => ({
  ...loop,
  forward: !loop.forward,
  along: loop.along.map((a) => !a),
  points: [...loop.points].reverse(),
});
