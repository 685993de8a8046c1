import type { OpenCascadeInstance, TopoDS_Edge, TopoDS_Shape, TopoDS_Wire } from "replicad-opencascadejs";

/** A corner of a profile in a plane: x, y and the radius to round it with. */
export type Corner = readonly [x: number, y: number, radiusMm?: number];

type P3 = readonly [number, number, number];

/**
 * A few verbs over the exact kernel to build sample and test solids. Lengths in mm. Shapes live until the process
 * ends: this is for scripts and tests only.
 */
export class SolidKit {
  constructor(readonly oc: OpenCascadeInstance) {}

  /** A box from corner to corner. */
  box(a: P3, b: P3): TopoDS_Shape {
    return new this.oc.BRepPrimAPI_MakeBox(this.point(a), this.point(b)).Shape();
  }

  /** A cylinder from `base` along `axis`. */
  cylinder(base: P3, axis: P3, radius: number, height: number): TopoDS_Shape {
    const frame = new this.oc.gp_Ax2(this.point(base), new this.oc.gp_Dir(...axis));
    return new this.oc.BRepPrimAPI_MakeCylinder(frame, radius, height).Shape();
  }

  /** A sphere. */
  sphere(centre: P3, radius: number): TopoDS_Shape {
    return new this.oc.BRepPrimAPI_MakeSphere(this.point(centre), radius).Shape();
  }

  /** A closed wire in the plane z, corners rounded where they carry a radius. */
  profile(corners: readonly Corner[], z = 0): TopoDS_Wire {
    const wire = new this.oc.BRepBuilderAPI_MakeWire();
    const n = corners.length, rounded = corners.map((c, i) => roundCorner(corners[(i + n - 1) % n], c, corners[(i + 1) % n]));
    rounded.forEach((r, i) => {
      const next = rounded[(i + 1) % n];
      if (r.mid) wire.Add(this.arc([...r.from, z], [...r.mid, z], [...r.to, z]));
      if (Math.hypot(next.from[0] - r.to[0], next.from[1] - r.to[1]) > 1e-9) wire.Add(this.line([...r.to, z], [...next.from, z]));
    });
    return wire.Wire();
  }

  /** A circle as a wire in the plane z. */
  circle(x: number, y: number, radius: number, z = 0): TopoDS_Wire {
    const circle = new this.oc.gp_Circ(new this.oc.gp_Ax2(this.point([x, y, z]), new this.oc.gp_Dir(0, 0, 1)), radius);
    return new this.oc.BRepBuilderAPI_MakeWire(new this.oc.BRepBuilderAPI_MakeEdge(circle).Edge()).Wire();
  }

  /** A closed smooth curve through points, as a wire. */
  spline(points: readonly P3[]): TopoDS_Wire {
    const array = new this.oc.NCollection_Array1_gp_Pnt(1, points.length);
    points.forEach((p, i) => array.SetValue(i + 1, this.point(p)));
    const curve = new this.oc.GeomAPI_Interpolate(new this.oc.NCollection_HArray1_gp_Pnt(array), true, 1e-6);
    curve.Perform();
    return new this.oc.BRepBuilderAPI_MakeWire(new this.oc.BRepBuilderAPI_MakeEdge(curve.Curve()).Edge()).Wire();
  }

  /** A wire pushed along a vector. */
  extrude(wire: TopoDS_Wire, along: P3): TopoDS_Shape {
    const face = new this.oc.BRepBuilderAPI_MakeFace(wire, true).Face();
    return new this.oc.BRepPrimAPI_MakePrism(face, new this.oc.gp_Vec(...along)).Shape();
  }

  /** A face bounded by a wire turned about an axis. */
  revolve(wire: TopoDS_Wire, base: P3, axis: P3, angleDeg = 360): TopoDS_Shape {
    const face = new this.oc.BRepBuilderAPI_MakeFace(wire, true).Face();
    const ax = new this.oc.gp_Ax1(this.point(base), new this.oc.gp_Dir(...axis));
    return (angleDeg === 360 ? new this.oc.BRepPrimAPI_MakeRevol(face, ax, false) : new this.oc.BRepPrimAPI_MakeRevol(face, ax, (angleDeg * Math.PI) / 180, false)).Shape();
  }

  /** A solid through wires; `ruled` keeps straight sides. */
  loft(wires: readonly TopoDS_Wire[], ruled = true): TopoDS_Shape {
    const loft = new this.oc.BRepOffsetAPI_ThruSections(true, ruled, 1e-6);
    for (const wire of wires) loft.AddWire(wire);
    loft.Build(new this.oc.Message_ProgressRange());
    return loft.Shape();
  }

  /** a ∪ b ∪ … */
  fuse(first: TopoDS_Shape, ...others: readonly TopoDS_Shape[]): TopoDS_Shape {
    const joined = others.reduce((a, b) => new this.oc.BRepAlgoAPI_Fuse(a, b, new this.oc.Message_ProgressRange()).Shape(), first);
    const unify = new this.oc.ShapeUpgrade_UnifySameDomain(joined, true, true, false);
    unify.Build();
    return unify.Shape();
  }

  /** a − b − … */
  cut(first: TopoDS_Shape, ...others: readonly TopoDS_Shape[]): TopoDS_Shape {
    return others.reduce((a, b) => new this.oc.BRepAlgoAPI_Cut(a, b, new this.oc.Message_ProgressRange()).Shape(), first);
  }

  /** a ∩ b */
  common(a: TopoDS_Shape, b: TopoDS_Shape): TopoDS_Shape {
    return new this.oc.BRepAlgoAPI_Common(a, b, new this.oc.Message_ProgressRange()).Shape();
  }

  /** Rounds the edges whose middle satisfies `pick`; throws when none does. */
  fillet(shape: TopoDS_Shape, radius: number, pick: (mid: P3, from: P3, to: P3) => boolean): TopoDS_Shape {
    const fillet = new this.oc.BRepFilletAPI_MakeFillet(shape);
    let found = 0;
    for (const edge of this.edges(shape)) if (pick(...this.ends(edge))) { fillet.Add(radius, edge); found++; }
    if (found === 0) throw new Error("no edge to round");
    fillet.Build(new this.oc.Message_ProgressRange());
    return fillet.Shape();
  }

  /** Each edge once. */
  edges(shape: TopoDS_Shape): TopoDS_Edge[] {
    const edges: TopoDS_Edge[] = [];
    for (const explorer = new this.oc.TopExp_Explorer(shape, "TopAbs_EDGE", "TopAbs_SHAPE"); explorer.More(); explorer.Next()) {
      const edge = this.oc.TopoDS.Edge(explorer.Current());
      if (!edges.some((e) => e.IsSame(edge))) edges.push(edge);
    }
    return edges;
  }

  /** The only solid of a shape; throws when there is not exactly one. */
  solid(shape: TopoDS_Shape): TopoDS_Shape {
    const solids: TopoDS_Shape[] = [];
    for (const explorer = new this.oc.TopExp_Explorer(shape, "TopAbs_SOLID", "TopAbs_SHAPE"); explorer.More(); explorer.Next()) solids.push(this.oc.TopoDS.Solid(explorer.Current()));
    if (solids.length !== 1) throw new Error(`expected one solid, found ${solids.length}`);
    return solids[0];
  }

  /** STEP text of a shape with a product name; dates and writer names are fixed so that a rebuild gives the same bytes. */
  step(shape: TopoDS_Shape, name: string): string {
    const { oc } = this;
    const writer = new oc.STEPControl_Writer();
    oc.Interface_Static.SetCVal("write.step.product.name", name);
    oc.Interface_Static.SetCVal("write.step.unit", "MM");
    writer.Transfer(shape, "STEPControl_AsIs", true, new oc.Message_ProgressRange());
    writer.Write("/out.step");
    const text = new TextDecoder().decode(oc.FS.readFile("/out.step"));
    oc.FS.unlink("/out.step");
    return text.replace(/FILE_NAME\([\s\S]*?\);/, `FILE_NAME('${name}','2026-01-01T00:00:00',('Oversize'),('Oversize'),'OCCT','Oversize samples','');`);
  }

  private ends(edge: TopoDS_Edge): [P3, P3, P3] {
    const curve = new this.oc.BRepAdaptor_Curve(edge), first = curve.FirstParameter(), last = curve.LastParameter();
    const at = (t: number): P3 => { const p = curve.Value(t); return [p.X(), p.Y(), p.Z()]; };
    return [at((first + last) / 2), at(first), at(last)];
  }

  private point(p: P3) {
    return new this.oc.gp_Pnt(p[0], p[1], p[2]);
  }

  private line(a: P3, b: P3): TopoDS_Edge {
    return new this.oc.BRepBuilderAPI_MakeEdge(this.point(a), this.point(b)).Edge();
  }

  private arc(a: P3, mid: P3, b: P3): TopoDS_Edge {
    return new this.oc.BRepBuilderAPI_MakeEdge(new this.oc.GC_MakeArcOfCircle(this.point(a), this.point(mid), this.point(b)).Value()).Edge();
  }
}

/** Tangent points and middle of the arc that rounds corner b. */
function roundCorner(a: Corner, b: Corner, c: Corner): { from: [number, number]; mid?: [number, number]; to: [number, number] } {
  const r = b[2] ?? 0;
  if (r === 0) return { from: [b[0], b[1]], to: [b[0], b[1]] };
  const ux = a[0] - b[0], uy = a[1] - b[1], vx = c[0] - b[0], vy = c[1] - b[1];
  const lu = Math.hypot(ux, uy), lv = Math.hypot(vx, vy);
  const half = Math.acos((ux * vx + uy * vy) / (lu * lv)) / 2, back = r / Math.tan(half);
  const bx = ux / lu + vx / lv, by = uy / lu + vy / lv, lb = Math.hypot(bx, by), reach = r / Math.sin(half) - r;
  return {
    from: [b[0] + (ux / lu) * back, b[1] + (uy / lu) * back],
    mid: [b[0] + (bx / lb) * reach, b[1] + (by / lb) * reach],
    to: [b[0] + (vx / lv) * back, b[1] + (vy / lv) * back],
  };
}
