import type { Manifold, ManifoldToplevel } from "manifold-3d/manifold.js";
import { forEmscripten, type KernelSource } from "../kernels.ts";
import type { ClosedMesh } from "../step/mesh-solid.ts";

/** The facet kernel: guaranteed-manifold booleans. */
export type FacetKernel = ManifoldToplevel;
export type FacetSolid = Manifold;

/** Instantiates the facet kernel. */
export async function loadFacetKernel(source: KernelSource): Promise<FacetKernel> {
  const { default: init } = await import("manifold-3d/manifold.js");
  const config = { locateFile: () => "manifold.wasm", ...forEmscripten(await source("manifold")) };
  const kernel = await init(config);
  kernel.setup();
  return kernel;
}

/**
 * A facet solid from a closed mesh, or undefined when the mesh is not manifold. The kernel's interface takes
 * 32-bit coordinates, so positions move by up to 6e-8 of their size. The caller deletes it.
 */
export function facetSolid(kernel: FacetKernel, positions: Float64Array, indices: Uint32Array): FacetSolid | undefined {
  const mesh = new kernel.Mesh({ numProp: 3, vertProperties: Float32Array.from(positions), triVerts: Uint32Array.from(indices) });
  try {
    const solid = kernel.Manifold.ofMesh(mesh);
    if (solid.status() === "NoError" && !solid.isEmpty()) return solid;
    solid.delete();
  } catch { /* the kernel throws on meshes that are not manifold */ }
  return undefined;
}

/** The triangles of a facet solid. */
export function facetMesh(solid: FacetSolid, deviationMm: number): ClosedMesh {
  const mesh = solid.getMesh();
  const stride = mesh.numProp, count = mesh.vertProperties.length / stride;
  const to = new Uint32Array(count), positions = new Float64Array(count * 3), indices = new Uint32Array(mesh.triVerts.length);
  for (let v = 0; v < count; v++) {
    to[v] = v;
    for (let k = 0; k < 3; k++) positions[v * 3 + k] = mesh.vertProperties[v * stride + k];
  }
  mesh.mergeFromVert?.forEach((v, i) => { to[v] = mesh.mergeToVert[i]; });
  for (let i = 0; i < indices.length; i++) indices[i] = to[mesh.triVerts[i]];
  return { positions, indices, deviationMm };
}
