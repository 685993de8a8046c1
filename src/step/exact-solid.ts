import type { TopoDS_Shape } from "replicad-opencascadejs";

/** One solid held by the exact kernel. Other rooms pass it around and never look inside; it must be disposed. */
export class ExactSolid implements Disposable {
  #shape: TopoDS_Shape | undefined;

  /** @internal Made in `step/` only. */
  constructor(shape: TopoDS_Shape) {
    this.#shape = shape;
  }

  /** @internal The kernel's handle, for `step/` only. Throws after disposal. */
  get shape(): TopoDS_Shape {
    if (!this.#shape) throw new Error("the solid has been disposed");
    return this.#shape;
  }

  [Symbol.dispose](): void {
    this.#shape?.delete();
    this.#shape = undefined;
  }
}
