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

/** A kernel as bytes, or compiled elsewhere. */
export type KernelCode = ArrayBuffer | WebAssembly.Module;

/** Where kernels come from. Rejects when a file is missing. */
export type KernelSource = (name: KernelName) => Promise<KernelCode>;

/** A kernel as Emscripten's loaders take it. */
export function forEmscripten(kernel: KernelCode): { wasmBinary: ArrayBuffer } | { instantiateWasm: InstantiateWasm } {
  if (!(kernel instanceof WebAssembly.Module)) return { wasmBinary: kernel };
  return { instantiateWasm: (imports, done) => {
    const instance = new WebAssembly.Instance(kernel, imports);
    done(instance, kernel);
    return instance.exports; // older loaders take what is returned, newer ones what was handed over
  } };
}

type InstantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance, code: WebAssembly.Module) => void) => WebAssembly.Exports;
