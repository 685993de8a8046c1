import { Group, Vector2, type Plane } from "three";
import { LineMaterial } from "three/examples/jsm/lines/LineMaterial.js";
import { LineSegments2 } from "three/examples/jsm/lines/LineSegments2.js";
import { LineSegmentsGeometry } from "three/examples/jsm/lines/LineSegmentsGeometry.js";
import type { BodyObject } from "./viewer.ts";

/** Width of a lit edge, CSS px. */
const WIDTH_PX = 4;

/** Chosen edges drawn as wide lines in the accent colour. */
export class EdgeLights {
  readonly object = new Group();
  #lines: LineSegments2 | undefined;

  set(lit: { part: BodyObject; edges: readonly number[]; color: string } | undefined, planes: Plane[]): void {
    this.clear();
    if (!lit) return;
    const { part, edges, color } = lit, { edgePositions } = part.buffers;
    const pieces = edges.flatMap((index) => part.buffers.edges[index] ?? []).map((edge) => edgePositions.subarray(edge.start * 6, (edge.start + edge.count) * 6));
    const positions = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) { positions.set(piece, at); at += piece.length; }
    if (positions.length === 0) return;
    const geometry = new LineSegmentsGeometry().setPositions(positions);
    const material = new LineMaterial({ color, linewidth: WIDTH_PX, clippingPlanes: planes, clipping: planes.length > 0, depthTest: true, polygonOffset: true, polygonOffsetFactor: -2, polygonOffsetUnits: -2 });
    this.#lines = new LineSegments2(geometry, material);
    this.#lines.frustumCulled = false;
    this.object.position.set(...part.offset);
    this.object.add(this.#lines);
  }

  resize(width: number, height: number): void {
    this.#lines?.material.resolution.copy(new Vector2(width, height));
  }

  clear(): void {
    if (!this.#lines) return;
    this.#lines.geometry.dispose();
    this.#lines.material.dispose();
    this.#lines.removeFromParent();
    this.#lines = undefined;
  }
}
