import type { HostApp, HostConverter, HostCore } from "./host-types.ts";

/** The host's core; a plug-in that runs anywhere else cannot work. */
export function hostCore(): HostCore {
  const core = globalThis.Chili3dCore;
  if (!core) throw new Error("Oversize needs Chili3D: globalThis.Chili3dCore is missing");
  return core;
}

/** The host's converter, wherever this build keeps it. */
export function hostConverter(app: HostApp): HostConverter | undefined {
  const factory = app.shapeFactory ?? app.shapeProvider?.factory;
  return factory?.converter ?? app.shapeProvider?.converter;
}

/** Shape types of the host, as bits. */
export const shapeTypes = (core: HostCore): { readonly solid: number; readonly face: number } => core.ShapeTypes ?? { solid: 0b100, face: 0b10000 };

/** Says something to the user in the host's own way. The text is an argument, so the host never takes it for a key. */
export const say = (core: HostCore, text: string): void => core.PubSub.default.pub("showToast", "oversize.say", text);
