import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { ExactKernel } from "./exact-kernel.ts";
import type { ExactSolid } from "./exact-solid.ts";
import { forEachShape } from "./occt/each-shape.ts";
import { ShapeIndex } from "./occt/shape-index.ts";

/**
 * Volume that edges lying off their faces leave in doubt, mm³: tubes round all edges and balls round all vertices of some
 * solids, each counted once and as thick as its tolerance. Outside of them the boundary is known.
 */
export function edgeTubesMm3(kernel: ExactKernel, solids: readonly ExactSolid[]): number {
  let tubesMm3 = 0;
  forEachOnce(kernel, solids, "TopAbs_EDGE", (shape) => {
    using edge = kernel.TopoDS.Edge(shape);
    if (kernel.BRep_Tool.Degenerated(edge)) return;
    using props = new kernel.GProp_GProps();
    kernel.BRepGProp.LinearProperties(edge, props, false, false);
    tubesMm3 += Math.PI * kernel.BRep_Tool.Tolerance(edge) ** 2 * props.Mass();
  });
  forEachOnce(kernel, solids, "TopAbs_VERTEX", (shape) => {
    using vertex = kernel.TopoDS.Vertex(shape);
    tubesMm3 += (4 / 3) * Math.PI * kernel.BRep_Tool.Tolerance(vertex) ** 3;
  });
  return tubesMm3;
}

function forEachOnce(kernel: ExactKernel, solids: readonly ExactSolid[], kind: "TopAbs_EDGE" | "TopAbs_VERTEX", visit: (shape: TopoDS_Shape) => void): void {
  using seen = new ShapeIndex(kernel);
  for (const { shape } of solids) forEachShape(kernel, shape, kind, (current) => {
    const before = seen.size;
    if (seen.add(current) === before) visit(current);
  });
}
