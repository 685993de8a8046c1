import type { KernelSource } from "../kernels.ts";

/** What the compiled kernel exports; addresses are byte offsets into `memory` (see kernel/layout.ts). */
export interface SpatialExports {
  readonly memory: WebAssembly.Memory;
  readonly io: WebAssembly.Global;
  readonly vertices: WebAssembly.Global;
  readonly indices: WebAssembly.Global;
  readonly faces: WebAssembly.Global;
  readonly arena: WebAssembly.Global;
  readonly arenaEnd: WebAssembly.Global;
  readonly root: WebAssembly.Global;
  readonly levels: WebAssembly.Global;
  readonly BATCH: WebAssembly.Global;
  readonly ERROR_PER_REACH: WebAssembly.Global;
  layOut(vertexCount: number, triangleCount: number): number;
  setBox(cx: number, cy: number, cz: number, hx: number, hy: number, hz: number): void;
  build(): void;
  adopt(root: number, levels: number, bytes: number): number;
  reserve(end: number): number;
  rays(n: number, origins: number, directions: number, mins: number, maxs: number, exclude: number, out: number, triangles: number): void;
  /** 1 when a ray was refused since this was last asked: its start is not finite or its direction has no length. */
  tookRefused(): number;
  anyHits(n: number, origins: number, directions: number, mins: number, maxs: number, exclude: number, triangles: number): void;
  allHits(n: number, origins: number, directions: number, mins: number, maxs: number, exclude: number, ends: number, hits: number, capacity: number): number;
  closest(n: number, points: number, limits: number, exclude: number, out: number, triangles: number): void;
  within(n: number, points: number, radii: number, exclude: number, ends: number, out: number, capacity: number): number;
  balls(n: number, rays: number, starts: number, slacks: number, exclude: number, out: number, triangles: number): void;
}

/** The compiled kernel. Its `code` may be posted to workers, which make trees of their own from it. */
export interface SpatialModule {
  readonly code: WebAssembly.Module;
  /** A fresh instance with a memory of its own: one tree each, freed with it. */
  instantiate(): SpatialExports;
}

/** Compiles the spatial kernel, from its bytes or from where kernels come from; code compiled elsewhere is taken as it is. */
export async function loadSpatial(kernel: ArrayBuffer | WebAssembly.Module | KernelSource): Promise<SpatialModule> {
  const code = await compile(kernel);
  return { code, instantiate: () => new WebAssembly.Instance(code, {}).exports as object as SpatialExports };
}

async function compile(kernel: ArrayBuffer | WebAssembly.Module | KernelSource): Promise<WebAssembly.Module> {
  const code = typeof kernel === "function" ? await kernel("spatial") : kernel;
  return code instanceof WebAssembly.Module ? code : WebAssembly.compile(code);
}
