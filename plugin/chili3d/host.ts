import type { HostApp, HostConverter, HostCore, HostFolder, HostNode } from "./host-types.ts";

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

/** A node, or where it is a folder or group, every node in it that is none. */
export const nodesWithin = (node: HostNode): HostNode[] => ("firstChild" in node ? childrenOf(node as HostFolder).flatMap(nodesWithin) : [node]);

/** A folder's nodes, in order. */
export function childrenOf(folder: HostFolder): HostNode[] {
  const out: HostNode[] = [];
  for (let child = folder.firstChild; child; child = child.nextSibling) out.push(child);
  return out;
}
