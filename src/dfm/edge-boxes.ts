import type { Body } from "../part/part.ts";

/** Boxes of the edges, `[e*6]` min and max, grown by how far an arc may bulge beyond its points. */
export function edgeBoxes(body: Body, deviationMm: number): Float64Array {
  const boxes = new Float64Array(body.edges.length * 6);
  body.edges.forEach((edge, e) => {
    for (let k = 0; k < 3; k++) {
      let low = Infinity, high = -Infinity;
      for (let i = k; i < edge.points.length; i += 3) { low = Math.min(low, edge.points[i]); high = Math.max(high, edge.points[i]); }
      const grow = edge.curve.kind === "line" ? 1e-9 : 2 * deviationMm + 1e-3 * (high - low) + 1e-9;
      boxes[e * 6 + k] = low - grow;
      boxes[e * 6 + 3 + k] = high + grow;
    }
  });
  return boxes;
}

/** Distance of c from a box, mm; 0 inside. */
export function boxDistance(boxes: Float64Array, at: number, c: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    const d = Math.max(boxes[at + k] - c[k], c[k] - boxes[at + 3 + k], 0);
    sum += d * d;
  }
  return Math.sqrt(sum);
}
