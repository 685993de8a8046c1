import { fail, ok, type Result } from "../../src/result.ts";
import { hostConverter, shapeTypes } from "./host.ts";
import type { HostApp, HostCore, HostDocument, HostMatrix, HostNode, HostShapeNode } from "./host-types.ts";

/** The body to work on. */
export interface SelectedBody {
  readonly document: HostDocument;
  readonly node: HostShapeNode;
  /** The body in its own frame, as STEP. */
  readonly step: Uint8Array;
  /** Safe file name. */
  readonly name: string;
}

const isShapeNode = (node: HostNode): node is HostShapeNode => "shape" in node && "worldTransform" in node;

/**
 * The one solid that is selected, read through STEP. BODY_CHOICE: nothing or several selected, or a compound of
 * several solids; NO_SOLID: a sheet or wire; MAPPED_TRANSFORM: the body is placed with a scale or mirrored.
 */
export function selectedBody(core: HostCore, app: HostApp): Result<SelectedBody> {
  const document = app.activeView?.document, converter = hostConverter(app);
  if (!document) return fail("BODY_CHOICE", "No document is open.", "Open or make a part, then select its body.");
  if (!converter) return fail("KERNEL_MISSING", "This build of Chili3D has no STEP converter that Oversize knows.", "Use Chili3D 0.7 or newer.");
  const nodes = document.selection.getSelectedNodes();
  if (nodes.length === 0) return fail("BODY_CHOICE", "Nothing is selected.", "Select one solid body in the view or the tree.");
  const bodies = nodes.filter(isShapeNode);
  if (bodies.length === 0) return fail("NO_SOLID", `"${nodes[0].name}" is not a body.`, "Select one solid body, not a folder, mesh or drawing.");
  if (bodies.length > 1) return fail("BODY_CHOICE", `${bodies.length} bodies are selected.`, "Select one; a mold is made for one body at a time.");
  const [node] = bodies;
  if (!node.shape.isOk) return fail("INVALID_SOLID", `"${node.name}" has no shape: ${node.shape.error}.`);
  const shape = node.shape.value, { solid } = shapeTypes(core);
  const solids = shape.shapeType === solid ? [shape] : shape.findSubShapes(solid);
  if (solids.length === 0) return fail("NO_SOLID", `"${node.name}" is a sheet or wire.`, "Close it to a solid (sew or thicken), then select that.");
  if (solids.length > 1) return fail("BODY_CHOICE", `"${node.name}" holds ${solids.length} solids.`, "Explode it and select one of them.");
  if (!isRigid(node.worldTransform())) return fail("MAPPED_TRANSFORM", `"${node.name}" is placed with a scale or mirrored.`, "Apply the scale to the body itself, then select it again.");
  const step = converter.convertToSTEP(solids[0]);
  if (!step.isOk) return fail("INVALID_SOLID", `Chili3D could not write "${node.name}" as STEP: ${step.error}.`);
  return ok({ document, node, step: new TextEncoder().encode(step.value), name: `${fileStem(node.name)}.step` });
}

/** Whether a placement moves and turns only. The host keeps it in single precision. */
export function isRigid(matrix: HostMatrix): boolean {
  const m = matrix.toArray(), near = (value: number, to: number): boolean => Math.abs(value - to) < 1e-4;
  const dot = (a: number, b: number): number => m[a] * m[b] + m[a + 1] * m[b + 1] + m[a + 2] * m[b + 2];
  const determinant = m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) + m[2] * (m[4] * m[9] - m[5] * m[8]);
  return [0, 4, 8].every((column) => near(dot(column, column), 1)) && near(dot(0, 4), 0) && near(dot(0, 8), 0) && near(dot(4, 8), 0) && near(determinant, 1);
}

/** A node's name without what file systems refuse. */
export const fileStem = (name: string): string => name.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, "_").replace(/^\.+/, "_").trim().slice(0, 80) || "part";
