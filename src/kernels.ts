/**
 * The WebAssembly kernels are resources of the platform: Node reads them from the package's own folder, a
 * page fetches them, a zipped plug-in carries them inline. Rooms ask for bytes by name and never for a path.
 */

/** The separate, replaceable kernel files. */
export type KernelName = "occt" | "occt-import" | "manifold" | "spatial";

/** File name of each kernel inside a `kernels/` folder. */
export const KERNEL_FILES: Record<KernelName, string> = {
  occt: "occt.wasm",
  "occt-import": "occt-import.wasm",
  manifold: "manifold.wasm",
  spatial: "spatial.wasm",
};

/** Where kernel bytes come from. Rejects when a file is missing. */
export type KernelSource = (name: KernelName) => Promise<ArrayBuffer>;
