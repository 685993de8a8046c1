import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { Body } from "../../src/part/part.ts";
import { buildBvh, type Bvh } from "../../src/spatial/bvh.ts";
import { loadSpatial } from "../../src/spatial/load-spatial.ts";
import { kernelSource } from "../kernels.ts";
import { shapeKernel, type MeshAs, type ShapeKernel } from "./kernel.ts";

const spatial = loadSpatial(kernelSource);

/** A test shape as the checks see it. */
export async function bodyOf(make: (k: ShapeKernel) => TopoDS_Shape, mesh: MeshAs = {}): Promise<{ body: Body; bvh: Bvh }> {
  const k = await shapeKernel(), body = k.body(make(k), mesh);
  return { body, bvh: buildBvh(await spatial, body.facets.positions, body.facets.indices, body.facets.faceOf) };
}
