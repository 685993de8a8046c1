import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { ExactKernel } from "./exact-kernel.ts";
import type { ExactSolid } from "./exact-solid.ts";
import { ShapeIndex } from "./occt/shape-index.ts";

/** What edges that lie off their faces leave undefined. */
export interface EdgeDoubt {
  /** Volume of tubes round all edges and balls round all vertices, each as thick as its tolerance: outside of them the boundary is known. */
  readonly tubesMm3: number;
  /** Area of strips along the edges, each as wide as its tolerance: by so much a face differs with the curve it is trimmed along. Tight edges count as exact. */
  readonly stripsMm2: number;
}

/** Edges with a tolerance up to this fit: the kernel's own confusion distance, 1e-7 mm, on an oversized part. */
const TIGHT_MM = 1.5e-7;

/** Adds up the doubt at every edge and vertex of some solids, each once. */
export function edgeDoubt(kernel: ExactKernel, solids: readonly ExactSolid[]): EdgeDoubt {
  let tubesMm3 = 0, stripsMm2 = 0;
  forEachOnce(kernel, solids, "TopAbs_EDGE", (shape) => {
    using edge = kernel.TopoDS.Edge(shape);
    if (kernel.BRep_Tool.Degenerated(edge)) return;
    using props = new kernel.GProp_GProps();
    kernel.BRepGProp.LinearProperties(edge, props, false, false);
    const tolerance = kernel.BRep_Tool.Tolerance(edge), length = props.Mass();
    tubesMm3 += Math.PI * tolerance * tolerance * length;
    if (tolerance > TIGHT_MM) stripsMm2 += tolerance * length;
  });
  forEachOnce(kernel, solids, "TopAbs_VERTEX", (shape) => {
    using vertex = kernel.TopoDS.Vertex(shape);
    tubesMm3 += (4 / 3) * Math.PI * kernel.BRep_Tool.Tolerance(vertex) ** 3;
  });
  return { tubesMm3, stripsMm2 };
}

function forEachOnce(kernel: ExactKernel, solids: readonly ExactSolid[], kind: "TopAbs_EDGE" | "TopAbs_VERTEX", visit: (shape: TopoDS_Shape) => void): void {
  using seen = new ShapeIndex(kernel);
  for (const { shape } of solids) {
    using explorer = new kernel.TopExp_Explorer(shape, kind, "TopAbs_SHAPE");
    for (; explorer.More(); explorer.Next()) {
      using current = explorer.Current();
      const before = seen.size;
      if (seen.add(current) === before) visit(current);
    }
  }
}
