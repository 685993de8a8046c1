/**
 * What is integrated over a face, about a reference point: index 0 the area, mm²; then, of the cone from the
 * reference point over the face (the divergence theorem), 1 the volume, mm³, 2–4 its first moments x, y, z, mm⁴, 5–10 its
 * second moments xx, yy, zz, xy, yz, zx, mm⁵. Cones of a closed surface add up to its inside.
 */
export type FaceIntegrals = Float64Array;

/** Number of integrals. */
export const INTEGRALS = 11;

/**
 * Adds `weight` times the integrands at a point of the surface.
 * @param x,y,z point from the reference point, mm @param a,b,c ∂S/∂u × ∂S/∂v
 */
export function addIntegrands(x: number, y: number, z: number, a: number, b: number, c: number, weight: number, sums: Float64Array): void {
  const q = (x * a + y * b + z * c) * weight, q4 = q / 4, q5 = q / 5;
  sums[0] += Math.sqrt(a * a + b * b + c * c) * weight;
  sums[1] += q / 3;
  sums[2] += x * q4; sums[3] += y * q4; sums[4] += z * q4;
  sums[5] += x * x * q5; sums[6] += y * y * q5; sums[7] += z * z * q5;
  sums[8] += x * y * q5; sums[9] += y * z * q5; sums[10] += z * x * q5;
}
