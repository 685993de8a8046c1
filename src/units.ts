/**
 * Units the project speaks: lengths in millimetres, masses in grams, angles in degrees at every boundary.
 * Radians are branded because they only live inside kernels; a plain number at a boundary carries its unit
 * in its name (`wallMm`, `draftDeg`, `massG`).
 */

declare const brand: unique symbol;

/** An angle in radians; made by {@link radians} and read back by {@link degrees}. */
export type Radians = number & { readonly [brand]: "rad" };

/** Degrees to radians. */
export const radians = (deg: number): Radians => ((deg * Math.PI) / 180) as Radians;

/** Radians to degrees. */
export const degrees = (rad: Radians | number): number => (rad * 180) / Math.PI;

/** A point or direction, `[x, y, z]`, mm or unit length, part frame. */
export type Vec3 = readonly [x: number, y: number, z: number];

/** An axis-aligned box `[min, max]`, mm, part frame. */
export type Box = readonly [min: Vec3, max: Vec3];

/** Length units a designer may declare for a file that declares none, in millimetres each. */
export const LENGTH_UNITS = { mm: 1, cm: 10, m: 1000, um: 0.001, in: 25.4, ft: 304.8 } as const;

/** A unit name accepted by `--unit`. */
export type LengthUnitName = keyof typeof LENGTH_UNITS;
