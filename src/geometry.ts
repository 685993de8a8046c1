import type { Box, Vec3 } from "./units.ts";

/** a · b. */
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** a × b. */
export const cross = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** Length of (x, y, z). `Math.hypot` guards against overflow that lengths in mm never reach, and takes eight times as long. */
export const norm = (x: number, y: number, z = 0): number => Math.sqrt(x * x + y * y + z * z);

/** The smallest box around two. */
export const uniteBoxes = (a: Box, b: Box): Box => [
  [Math.min(a[0][0], b[0][0]), Math.min(a[0][1], b[0][1]), Math.min(a[0][2], b[0][2])],
  [Math.max(a[1][0], b[1][0]), Math.max(a[1][1], b[1][1]), Math.max(a[1][2], b[1][2])],
];
