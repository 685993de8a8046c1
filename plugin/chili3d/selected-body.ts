import { fail, ok, type Result } from "../../src/result.ts";
import { hostConverter, nodesWithin, shapeTypes } from "./host.ts";
import type { HostApp, HostCore, HostDocument, HostMatrix, HostNode, HostShapeNode, HostView } from "./host-types.ts";
import type { TextKey } from "./texts.ts";
import { translate } from "./translate.ts";

/** The body to work on. */
export interface SelectedBody {
  readonly document: HostDocument;
  readonly view: HostView;
  readonly node: HostShapeNode;
  /** The body in its own frame, as STEP: the same bytes whenever it is asked for. */
  readonly step: Uint8Array;
  /** Safe file name. */
  readonly name: string;
}

const isShapeNode = (node: HostNode): node is HostShapeNode => "shape" in node && "worldTransform" in node;

/**
 * The one solid that is selected, or that is alone in a selected group, read through STEP. SELECTION: anything else;
 * HOST_API: a host without a converter; INVALID_SOLID: a body it has no shape of or cannot write.
 */
export function selectedBody(core: HostCore, app: HostApp): Result<SelectedBody> {
  const view = app.activeView, converter = hostConverter(app);
  const text = (key: TextKey, ...values: string[]): string => translate(core, key, ...values);
  if (!view) return fail("SELECTION", text("oversize.select.noDocument"), text("oversize.select.openOne"));
  if (!converter) return fail("HOST_API", text("oversize.host.converter"));
  const { document } = view, nodes = document.selection.getSelectedNodes();
  if (nodes.length === 0) return fail("SELECTION", text("oversize.select.nothing"));
  const bodies = [...new Set(nodes.flatMap((node) => nodesWithin(node)).filter(isShapeNode))];
  if (bodies.length === 0) return fail("SELECTION", text("oversize.select.notBody", nodes[0].name), text("oversize.select.solid"));
  if (bodies.length > 1) return fail("SELECTION", text("oversize.select.several", String(bodies.length)), text("oversize.select.one"));
  const [node] = bodies;
  if (!node.shape.isOk) return fail("INVALID_SOLID", text("oversize.select.noShape", node.name, node.shape.error));
  const shape = node.shape.value, { solid } = shapeTypes(core);
  const solids = shape.shapeType === solid ? [shape] : shape.findSubShapes(solid);
  if (solids.length === 0) return fail("SELECTION", text("oversize.select.sheet", node.name), text("oversize.select.close"));
  if (solids.length > 1) return fail("SELECTION", text("oversize.select.holds", node.name, String(solids.length)), text("oversize.select.explode"));
  if (!isRigid(node.worldTransform())) return fail("SELECTION", text("oversize.select.scaled", node.name), text("oversize.select.apply"));
  const step = converter.convertToSTEP(solids[0]);
  if (!step.isOk) return fail("INVALID_SOLID", text("oversize.select.unwritten", node.name, step.error));
  return ok({ document, view, node, step: new TextEncoder().encode(settled(step.value)), name: `${fileStem(node.name)}.step` });
}

/**
 * The host's STEP without what differs from one writing to the next: its date and a running number in a product name
 * that says nothing. A review is bound to the bytes, and the part is called by its node.
 */
const settled = (step: string): string =>
  step.replace(/(FILE_NAME\s*\(\s*'[^']*',\s*)'[^']*'/, "$1'1970-01-01T00:00:00'").replace(/(PRODUCT\s*\(\s*)'Open CASCADE STEP translator [^']*',\s*'[^']*'/g, "$1'',''");

/** Whether a placement moves and turns only. The host keeps it in single precision. */
export function isRigid(matrix: HostMatrix): boolean {
  const m = matrix.toArray(), near = (value: number, to: number): boolean => Math.abs(value - to) < 1e-4;
  const dot = (a: number, b: number): number => m[a] * m[b] + m[a + 1] * m[b + 1] + m[a + 2] * m[b + 2];
  const determinant = m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) + m[2] * (m[4] * m[9] - m[5] * m[8]);
  return [0, 4, 8].every((column) => near(dot(column, column), 1)) && near(dot(0, 4), 0) && near(dot(0, 8), 0) && near(dot(4, 8), 0) && near(determinant, 1);
}

/** A node's name without what file systems refuse. */
export const fileStem = (name: string): string => name.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, "_").replace(/^\.+/, "_").trim().slice(0, 80) || "part";
