import type { KernelSupply } from "../../worker/protocol.ts";

/** The plug-in's own files, wherever it was loaded from. */
export interface PluginFiles {
  /** URL a module worker can be started from. */
  worker(): Promise<string>;
  /** Kernels for one worker; asked again for the next. */
  kernels(): Promise<KernelSupply>;
  /** The review panel's bundle, loaded when it is first opened. */
  review(): Promise<{ readonly ReviewPanel: CustomElementConstructor }>;
  /** URL of the viewer that a report page carries inside it. */
  viewer(): Promise<string>;
}

/** The folder form: files beside the main module. */
export function folderFiles(main: string): PluginFiles {
  const at = (path: string): string => new URL(path, main).href;
  return {
    worker: async () => (new URL(main).origin === location.origin ? at("worker.js") : scriptUrl(`import ${JSON.stringify(at("worker.js"))};`)),
    kernels: async () => ({ kind: "url", base: at("kernels/") }),
    review: () => import(/* @vite-ignore */ at("review.js")),
    viewer: async () => at("report-viewer.js"),
  };
}

/** The zip form: the host can read only the main module, so the files travel inside it as base64 of gzip. */
export function inlinedFiles(files: Readonly<Record<string, string>>): PluginFiles {
  const urls = new Map<string, string>();
  const urlOf = async (name: string): Promise<string> => {
    const known = urls.get(name) ?? scriptUrl(new TextDecoder().decode(await inflate(files[name])));
    urls.set(name, known);
    return known;
  };
  return {
    worker: () => urlOf("worker.js"),
    kernels: async () => {
      const names = ["occt", "occt-import", "manifold", "spatial"] as const;
      const bytes = await Promise.all(names.map((name) => inflate(files[`kernels/${name}.wasm`])));
      return { kind: "bytes", files: Object.fromEntries(names.map((name, i) => [name, bytes[i]])) };
    },
    review: async () => import(/* @vite-ignore */ await urlOf("review.js")),
    viewer: () => urlOf("report-viewer.js"),
  };
}

/** A browser does not start a worker from another origin; a script of this origin that imports it does. */
const scriptUrl = (source: string): string => URL.createObjectURL(new Blob([source], { type: "text/javascript" }));

/** Base64 of gzip back into bytes. */
export async function inflate(base64: string | undefined): Promise<ArrayBuffer> {
  if (base64 === undefined) throw new Error("a file is missing in the plug-in's package");
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
