import { dot, norm } from "../geometry.ts";
import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import type { FaceBorder } from "./face-border.ts";
import { lineMeets, nearestOnTriangle } from "./nearest-on-triangle.ts";
import { opposite, pointAt } from "./vec3.ts";

/** Tells what of an untrimmed surface belongs to its face: by the exact border near it, by the face's triangles elsewhere. */
export class FaceTrim {
  readonly #body: Body;
  readonly #border: FaceBorder;
  readonly #roundingMm: number;
  /** `[faces]` how far the border of a face may run beside its triangles, mm. */
  readonly #sag: Float64Array;

  /** @param roundingMm distances below this are none */
  constructor(body: Body, border: FaceBorder, roundingMm: number) {
    this.#body = body;
    this.#border = border;
    this.#roundingMm = roundingMm;
    this.#sag = Float64Array.from(body.faces, (face) => 1.5 * Math.max(0, ...face.edges.flatMap((e) => body.edges[e].faces.map((f) => body.facets.deviationMm[f]))));
  }

  /**
   * Whether a point of a face's surface lies on the face: along the surface's normal it meets one of its triangles.
   * @param triangles those of the face that are near
   * @param towards a point on the surface's normal at q
   */
  place(face: number, triangles: readonly number[], q: Float64Array, towards: Float64Array): "on" | "doubtful" | "off" {
    const { positions: p, uvs, indices } = this.#body.facets, h = this.#body.facets.deviationMm[face];
    const x = q[0] - towards[0], y = q[1] - towards[1], z = q[2] - towards[2], length = norm(x, y, z);
    // From a point on the surface itself the way to it has no direction.
    const n: Vec3 = length > this.#roundingMm || triangles.length === 0 ? [x / length, y / length, z / length] : pointAt(this.#body.facets.normals, indices[triangles[0] * 3]);
    const reach = 2 * h + 100 * this.#roundingMm, band = this.#sag[face];
    let on = false, least = Infinity, nearest = -1;
    for (const t of triangles) {
      if ((on = lineMeets(p, indices, t, q, n[0], n[1], n[2], reach))) { nearest = t; break; }
      const d = band > 0 ? nearestOnTriangle(p, uvs, indices, t, q, 0) : Infinity;
      if (d < least) { least = d; nearest = t; }
    }
    if (band === 0 || (!on && least > band)) return on ? "on" : "off";
    const outward = dot(n, pointAt(this.#body.facets.normals, indices[nearest * 3])) > 0 ? n : opposite(n);
    const side = this.#border.side(face, q, outward, 2 * band);
    return side > 0 ? "on" : side < 0 ? "off" : on ? "on" : "doubtful";
  }
}
