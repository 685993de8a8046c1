import type { TopoDS_Shape, TopoDS_Edge, TopoDS_Wire, TopoDS_Face } from "replicad-opencascadejs";
import type { Body, Part } from "../../src/part/part.ts";
import { loadOcct, type Occt } from "../../src/step/occt/load-occt.ts";
import { readBody } from "../../src/step/occt/read-solids.ts";
import type { Vec3 } from "../../src/units.ts";
import { kernelSource } from "../kernels.ts";

/** A corner-to-corner piece of a planar outline, `[x, y]` mm. */
export type Piece =
  | readonly ["line", to: Vec2]
  /** Through a point. */
  | readonly ["arc", through: Vec2, to: Vec2]
  /** Rational B-spline of degree 2: a middle pole with its weight. */
  | readonly ["conic", pole: Vec2, weight: number, to: Vec2];
export type Vec2 = readonly [x: number, y: number];

/** How a shape is meshed; the reader's own defaults when absent. */
export interface MeshAs { readonly deflectionMm?: number; readonly angleDeg?: number }

let shared: Promise<ShapeKernel> | undefined;

/** The exact kernel as a toolbox for test shapes: one per test process. Shapes live as long as the process. */
export const shapeKernel = (): Promise<ShapeKernel> => (shared ??= loadOcct(kernelSource).then((oc) => new ShapeKernel(oc)));

/** Builds solids through the exact kernel and reads them as the product does. Lengths in mm, angles in degrees. */
export class ShapeKernel {
  constructor(readonly oc: Occt) {}

  point(p: Vec3) { return new this.oc.gp_Pnt(p[0], p[1], p[2]); }
  axis(origin: Vec3, z: Vec3, x?: Vec3) {
    const direction = new this.oc.gp_Dir(z[0], z[1], z[2]);
    return x ? new this.oc.gp_Ax2(this.point(origin), direction, new this.oc.gp_Dir(x[0], x[1], x[2])) : new this.oc.gp_Ax2(this.point(origin), direction);
  }

  box(low: Vec3, high: Vec3): TopoDS_Shape { return new this.oc.BRepPrimAPI_MakeBox(this.point(low), this.point(high)).Shape(); }
  cylinder(origin: Vec3, axis: Vec3, radius: number, height: number): TopoDS_Shape { return new this.oc.BRepPrimAPI_MakeCylinder(this.axis(origin, axis), radius, height).Shape(); }
  sphere(centre: Vec3, radius: number): TopoDS_Shape { return new this.oc.BRepPrimAPI_MakeSphere(this.point(centre), radius).Shape(); }
  torus(origin: Vec3, axis: Vec3, major: number, minor: number): TopoDS_Shape { return new this.oc.BRepPrimAPI_MakeTorus(this.axis(origin, axis), major, minor).Shape(); }
  cut(a: TopoDS_Shape, ...tools: TopoDS_Shape[]): TopoDS_Shape { return tools.reduce((s, t) => new this.oc.BRepAlgoAPI_Cut(s, t, new this.oc.Message_ProgressRange()).Shape(), a); }
  fuse(a: TopoDS_Shape, ...more: TopoDS_Shape[]): TopoDS_Shape { return more.reduce((s, t) => new this.oc.BRepAlgoAPI_Fuse(s, t, new this.oc.Message_ProgressRange()).Shape(), a); }
  common(a: TopoDS_Shape, b: TopoDS_Shape): TopoDS_Shape { return new this.oc.BRepAlgoAPI_Common(a, b, new this.oc.Message_ProgressRange()).Shape(); }

  move(shape: TopoDS_Shape, by: Vec3): TopoDS_Shape {
    const t = new this.oc.gp_Trsf();
    t.SetTranslation(new this.oc.gp_Vec(by[0], by[1], by[2]));
    return new this.oc.BRepBuilderAPI_Transform(shape, t, true, false).Shape();
  }
  turn(shape: TopoDS_Shape, origin: Vec3, axis: Vec3, deg: number): TopoDS_Shape {
    const t = new this.oc.gp_Trsf();
    t.SetRotation(new this.oc.gp_Ax1(this.point(origin), new this.oc.gp_Dir(axis[0], axis[1], axis[2])), (deg * Math.PI) / 180);
    return new this.oc.BRepBuilderAPI_Transform(shape, t, true, false).Shape();
  }
  scale(shape: TopoDS_Shape, factor: number): TopoDS_Shape {
    const t = new this.oc.gp_Trsf();
    t.SetScale(this.point([0, 0, 0]), factor);
    return new this.oc.BRepBuilderAPI_Transform(shape, t, true, false).Shape();
  }

  /** A closed outline through a plane: x and y of the pieces are mapped by `place`. */
  wire(start: Vec2, pieces: readonly Piece[], place: (p: Vec2) => Vec3): TopoDS_Wire {
    const maker = new this.oc.BRepBuilderAPI_MakeWire();
    let from = start;
    for (const piece of pieces) {
      maker.Add(this.edge(from, piece, place));
      from = piece[piece.length - 1] as Vec2;
    }
    return maker.Wire();
  }

  private edge(from: Vec2, piece: Piece, place: (p: Vec2) => Vec3): TopoDS_Edge {
    const { oc } = this, a = this.point(place(from));
    if (piece[0] === "line") return new oc.BRepBuilderAPI_MakeEdge(a, this.point(place(piece[1]))).Edge();
    if (piece[0] === "arc") return new oc.BRepBuilderAPI_MakeEdge(new oc.GC_MakeArcOfCircle(a, this.point(place(piece[1])), this.point(place(piece[2]))).Value()).Edge();
    const poles = new oc.NCollection_Array1_gp_Pnt(1, 3), weights = new oc.NCollection_Array1_double(1, 3), knots = new oc.NCollection_Array1_double(1, 2), mults = new oc.NCollection_Array1_int(1, 2);
    [from, piece[1], piece[3]].forEach((p, i) => { poles.SetValue(i + 1, this.point(place(p))); weights.SetValue(i + 1, i === 1 ? piece[2] : 1); });
    [0, 1].forEach((t, i) => { knots.SetValue(i + 1, t); mults.SetValue(i + 1, 3); });
    return new oc.BRepBuilderAPI_MakeEdge(new oc.Geom_BSplineCurve(poles, weights, knots, mults, 2, false, true)).Edge();
  }

  /** The outline in the xy plane pulled up along z. */
  prism(start: Vec2, pieces: readonly Piece[], height: number): TopoDS_Shape {
    const face = new this.oc.BRepBuilderAPI_MakeFace(this.wire(start, pieces, ([x, y]) => [x, y, 0]), true).Face();
    return new this.oc.BRepPrimAPI_MakePrism(face, new this.oc.gp_Vec(0, 0, height), true, true).Shape();
  }
  /** The polygon in the xy plane pulled up along z. */
  polygon(points: readonly Vec2[], height: number): TopoDS_Shape {
    return this.prism(points[0], [...points.slice(1), points[0]].map((p) => ["line", p] as const), height);
  }
  /** The outline in the xz plane, x ≥ 0, turned about z. */
  revolve(start: Vec2, pieces: readonly Piece[], deg = 360): TopoDS_Shape {
    const face = new this.oc.BRepBuilderAPI_MakeFace(this.wire(start, pieces, ([x, z]) => [x, 0, z]), true).Face();
    const axis = new this.oc.gp_Ax1(this.point([0, 0, 0]), new this.oc.gp_Dir(0, 0, 1));
    return (deg === 360 ? new this.oc.BRepPrimAPI_MakeRevol(face, axis, false) : new this.oc.BRepPrimAPI_MakeRevol(face, axis, (deg * Math.PI) / 180, false)).Shape();
  }

  /** Rounds the edges whose middle `choose` accepts; two radii make a fillet that varies evenly along the edge. */
  fillet(shape: TopoDS_Shape, radius: number | readonly [number, number], choose: (middle: Vec3) => boolean): TopoDS_Shape {
    const maker = new this.oc.BRepFilletAPI_MakeFillet(shape);
    for (const edge of this.edges(shape)) {
      if (!choose(this.middle(edge))) continue;
      if (typeof radius === "number") maker.Add(radius, edge); else maker.Add(radius[0], radius[1], edge);
    }
    maker.Build(new this.oc.Message_ProgressRange());
    return maker.Shape();
  }

  /** Each edge once. */
  edges(shape: TopoDS_Shape): TopoDS_Edge[] {
    const out: TopoDS_Edge[] = [];
    for (const e = new this.oc.TopExp_Explorer(shape, "TopAbs_EDGE", "TopAbs_SHAPE"); e.More(); e.Next()) {
      const edge = this.oc.TopoDS.Edge(e.Current());
      if (!out.some((o) => o.IsSame(edge))) out.push(edge);
    }
    return out;
  }
  middle(edge: TopoDS_Edge): Vec3 {
    const curve = new this.oc.BRepAdaptor_Curve(edge), p = curve.Value((curve.FirstParameter() + curve.LastParameter()) / 2);
    return [p.X(), p.Y(), p.Z()];
  }

  /** A bilinear or curved B-spline face of degree `du` × `dv` over its natural range; `poles[i][j]`. */
  bsplineFace(poles: readonly (readonly Vec3[])[], weights: readonly (readonly number[])[]): TopoDS_Face {
    const { oc } = this, nu = poles.length, nv = poles[0].length;
    const p = new oc.NCollection_Array2_gp_Pnt(1, nu, 1, nv), w = new oc.NCollection_Array2_double(1, nu, 1, nv);
    poles.forEach((row, i) => row.forEach((pole, j) => { p.SetValue(i + 1, j + 1, this.point(pole)); w.SetValue(i + 1, j + 1, weights[i][j]); }));
    const ends = (order: number) => {
      const knots = new oc.NCollection_Array1_double(1, 2), mults = new oc.NCollection_Array1_int(1, 2);
      [0, 1].forEach((t, i) => { knots.SetValue(i + 1, t); mults.SetValue(i + 1, order); });
      return { knots, mults };
    };
    const u = ends(nu), v = ends(nv);
    const surface = new oc.Geom_BSplineSurface(p, w, u.knots, v.knots, u.mults, v.mults, nu - 1, nv - 1, false, false);
    return new oc.BRepBuilderAPI_MakeFace(surface, 1e-7).Face();
  }
  planarFace(points: readonly Vec3[]): TopoDS_Face {
    const maker = new this.oc.BRepBuilderAPI_MakeWire();
    points.forEach((p, i) => maker.Add(new this.oc.BRepBuilderAPI_MakeEdge(this.point(p), this.point(points[(i + 1) % points.length])).Edge()));
    return new this.oc.BRepBuilderAPI_MakeFace(maker.Wire(), true).Face();
  }
  /** A planar face bounded by an outline that may hold curves. */
  outlineFace(start: Vec2, pieces: readonly Piece[], place: (p: Vec2) => Vec3): TopoDS_Face {
    return new this.oc.BRepBuilderAPI_MakeFace(this.wire(start, pieces, place), true).Face();
  }
  /** A solid from faces that meet edge to edge. */
  sew(faces: readonly TopoDS_Face[]): TopoDS_Shape {
    const sewing = new this.oc.BRepBuilderAPI_Sewing(1e-6);
    for (const face of faces) sewing.Add(face);
    sewing.Perform();
    return new this.oc.BRepBuilderAPI_MakeSolid(this.oc.TopoDS.Shell(sewing.SewedShape())).Shape();
  }

  /** The one solid of a shape as the product reads it. */
  body(shape: TopoDS_Shape, mesh: MeshAs = {}): Body {
    const explorer = new this.oc.TopExp_Explorer(shape, "TopAbs_SOLID", "TopAbs_SHAPE");
    if (!explorer.More()) throw new Error("the shape has no solid");
    this.oc.BRepTools.Clean(shape, true);
    const read = readBody(this.oc, this.oc.TopoDS.Solid(explorer.Current()), { id: "1", name: "shape", instances: 1 }, { angleDeg: 15, maxFacets: 2_000_000, ...mesh }, {});
    if (!read.ok) throw new Error(`${read.problem.code}: ${read.problem.message}`);
    return read.value.body;
  }
  part(shape: TopoDS_Shape, mesh: MeshAs = {}): Part { return partOf(this.body(shape, mesh)); }
}

/** A part around one body. */
export const partOf = (body: Body, reader: Part["reader"] = "exact"): Part => ({
  name: "shape", reader, bodies: [body], setAside: { sheets: 0, wires: 0, annotations: 0 },
  file: { name: "shape.step", sha256: "", bytes: 0, schema: "AP214", unit: { name: "mm", mm: 1 } },
});
