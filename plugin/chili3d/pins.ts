import type { Vec3 } from "../../src/units.ts";
import type { HostCore, HostDocument, HostMatrix, HostNode, HostShapeNode, HostView } from "./host-types.ts";

/** A label and the point of the body it belongs to, mm, the body's frame. */
export interface Pin {
  readonly text: string;
  readonly at: Vec3;
}

/** The labels of one body's check, in a view. */
export class Pins {
  #labels: { dispose(): void }[] = [];
  constructor(private readonly view: HostView, readonly node: HostShapeNode, private readonly pins: readonly Pin[]) {}

  show(): void {
    this.hide();
    const placement = this.node.worldTransform();
    this.#labels = this.pins.map(({ text, at }) => this.view.htmlText(text, placed(at, placement), { hideDelete: true }));
    this.view.update();
  }

  hide(): void {
    for (const label of this.#labels.splice(0)) label.dispose();
    this.view.update();
  }
}

/** The pins each body has now. */
const current = new WeakMap<HostShapeNode, Pins>();
const followed = new WeakSet<HostShapeNode>();

/** Puts a body's new pins in the place of its earlier ones, as a part of the open transaction: undo brings those back. */
export function placePins(core: HostCore, document: HostDocument, node: HostShapeNode, next: Pins | undefined): void {
  const earlier = current.get(node);
  const swap = (from: Pins | undefined, to: Pins | undefined): void => {
    from?.hide();
    to?.show();
    if (to) current.set(node, to); else current.delete(node);
  };
  swap(earlier, next);
  core.Transaction.add(document, { name: "Oversize: pins", undo: () => swap(next, earlier), redo: () => swap(earlier, next), dispose: () => {} });
  follow(document, node);
}

/** Pins go when their body is deleted or hidden, and come back with it. A body that was moved is no longer where they point. */
function follow(document: HostDocument, node: HostShapeNode): void {
  if (followed.has(node)) return;
  followed.add(node);
  const there = (): boolean => rootOf(node) === document.modelManager.rootNode && node.visible && node.parentVisible;
  let was = there();
  const look = (): void => {
    const is = there();
    if (is !== was) current.get(node)?.[is ? "show" : "hide"]();
    was = is;
  };
  document.modelManager.addNodeObserver(look);
  node.onPropertyChanged((property) => {
    if (property === "transform") current.get(node)?.hide();
    else if (/visible$/i.test(property)) look();
  });
}

function rootOf(node: HostNode): HostNode {
  let at = node;
  while (at.parent) at = at.parent;
  return at;
}

/** A point of the body where the host shows it. */
function placed([x, y, z]: Vec3, matrix: HostMatrix): { x: number; y: number; z: number } {
  const m = matrix.toArray();
  return { x: m[0] * x + m[4] * y + m[8] * z + m[12], y: m[1] * x + m[5] * y + m[9] * z + m[13], z: m[2] * x + m[6] * y + m[10] * z + m[14] };
}
