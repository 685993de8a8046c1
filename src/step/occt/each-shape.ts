import type { TopAbs_ShapeEnum, TopoDS_Shape } from "replicad-opencascadejs";
import type { Occt } from "./load-occt.ts";

/** Visits every use of a vertex, edge, face or solid in a shape, in the kernel's order. The handle is freed after each visit. */
export function forEachShape(oc: Occt, shape: TopoDS_Shape, kind: TopAbs_ShapeEnum, visit: (shape: TopoDS_Shape) => void): void {
  using explorer = new oc.TopExp_Explorer(shape, kind, "TopAbs_SHAPE");
  for (; explorer.More(); explorer.Next()) {
    using current = explorer.Current();
    visit(current);
  }
  using nothing = new oc.TopoDS_Shape();
  explorer.Init(nothing, kind, "TopAbs_SHAPE"); // deleting it alone keeps the shape for good
}
