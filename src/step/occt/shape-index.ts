import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { Occt } from "./load-occt.ts";

const BUCKETS = 2 ** 31 - 1;

/** Numbers shapes; those that differ only in their sense have one number. Holds a handle of each; dispose it to free them. */
export class ShapeIndex implements Disposable {
  readonly #shapes: TopoDS_Shape[] = [];
  readonly #buckets = new Map<number, number[]>();

  constructor(private readonly oc: Occt) {}

  get size(): number { return this.#shapes.length; }

  at(index: number): TopoDS_Shape { return this.#shapes[index]; }

  /** The shape's number, or undefined when it has none. */
  find(shape: TopoDS_Shape): number | undefined {
    return this.#buckets.get(this.oc.ReplicadShapeHasher.HashCode(shape, BUCKETS))?.find((i) => this.#shapes[i].IsSame(shape));
  }

  /** The shape's number, a new one when it had none. The given handle stays the caller's. */
  add(shape: TopoDS_Shape): number {
    const known = this.find(shape);
    if (known !== undefined) return known;
    const key = this.oc.ReplicadShapeHasher.HashCode(shape, BUCKETS), bucket = this.#buckets.get(key);
    if (bucket) bucket.push(this.size); else this.#buckets.set(key, [this.size]);
    return this.#shapes.push(shape.Oriented(shape.Orientation())) - 1;
  }

  [Symbol.dispose](): void {
    for (const shape of this.#shapes.splice(0)) shape.delete();
    this.#buckets.clear();
  }
}
