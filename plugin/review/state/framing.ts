import { uniteBoxes } from "../../../src/geometry.ts";
import type { Box, Vec3 } from "../../../src/units.ts";

/** Where a camera must be to show a box. */
export interface Framing {
  readonly target: Vec3;
  /** From camera to target, mm. */
  readonly distanceMm: number;
  /** Height an orthographic camera must see, mm. */
  readonly heightMm: number;
}

/** Room left around the framed box. */
const MARGIN = 1.06;

/**
 * Frames a box: its bounding sphere fits the smaller of the view's two angles. `minimumMm` keeps a point or a
 * small edge from filling the view.
 */
export function frameBox([low, high]: Box, fovDeg: number, aspect: number, minimumMm = 0): Framing {
  const target: Vec3 = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
  const radius = Math.max(Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2, minimumMm / 2, 1e-6) * MARGIN;
  const halfVertical = (fovDeg * Math.PI) / 360;
  const half = Math.min(halfVertical, Math.atan(Math.tan(halfVertical) * aspect));
  return { target, distanceMm: radius / Math.sin(half), heightMm: (2 * radius) / Math.min(1, aspect) };
}

/** The smallest box around boxes, or undefined without any. */
export function unionBoxes(boxes: readonly Box[]): Box | undefined {
  return boxes.length === 0 ? undefined : boxes.reduce(uniteBoxes);
}
