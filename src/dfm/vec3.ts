import { cross, norm } from "../geometry.ts";
import type { Vec3 } from "../units.ts";

/** a + s·b. */
export const along = (a: Vec3, b: Vec3, s: number): Vec3 => [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];

/** a − b. */
export const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** −a. */
export const opposite = (a: Vec3): Vec3 => [-a[0], -a[1], -a[2]];

/** Length of a. */
export const lengthOf = (a: Vec3): number => norm(a[0], a[1], a[2]);

/** a at unit length. Throws on a vector without length (a bug of the caller). */
export function unit(a: Vec3): Vec3 {
  const length = lengthOf(a);
  if (!(length > 1e-150) || !isFinite(length)) throw new Error(`a direction without length: ${a.join()}`);
  return [a[0] / length, a[1] / length, a[2] / length];
}

/** Two unit vectors that make a right-handed frame with unit `z`. */
export function framePerpendicular(z: Vec3): readonly [x: Vec3, y: Vec3] {
  const k = Math.abs(z[0]) < 0.6 ? 0 : Math.abs(z[1]) < 0.6 ? 1 : 2;
  const x = unit(cross([k === 0 ? 1 : 0, k === 1 ? 1 : 0, k === 2 ? 1 : 0], z));
  return [x, cross(z, x)];
}

/** The three numbers at `3·i` of a packed array. */
export const pointAt = (packed: Float64Array, i: number): Vec3 => [packed[i * 3], packed[i * 3 + 1], packed[i * 3 + 2]];
