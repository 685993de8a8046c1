/**
 * Principal curvatures of an evaluated surface point, 1/mm, against the outward normal: positive where the
 * material is convex (a pin of radius r has 1/r), negative where it is hollow (a bore has −1/r).
 * Eigenvalues of −II·I⁻¹ (do Carmo 1976, 3-3).
 * @param point `[18]` as filled by evaluateSurface
 * @param normal outward unit normal, xyz from `at`
 * @param out `[2]` smaller, larger
 * @returns false where the parametrisation is singular
 */
export function principalCurvatures(point: Float64Array, normal: ArrayLike<number>, at: number, out: Float64Array): boolean {
  const nx = normal[at], ny = normal[at + 1], nz = normal[at + 2];
  const E = dot(point, 3, point, 3), F = dot(point, 3, point, 6), G = dot(point, 6, point, 6);
  const L = -(point[9] * nx + point[10] * ny + point[11] * nz);
  const M = -(point[12] * nx + point[13] * ny + point[14] * nz);
  const N = -(point[15] * nx + point[16] * ny + point[17] * nz);
  const det = E * G - F * F;
  if (!(det > 1e-20 * E * G)) return false;
  const mean = (E * N - 2 * F * M + G * L) / (2 * det), gauss = (L * N - M * M) / det;
  const root = Math.sqrt(Math.max(0, mean * mean - gauss));
  // The larger in size without cancellation, the other from the product where that is the safer way.
  const big = mean >= 0 ? mean + root : mean - root;
  const small = Math.abs(big) > 0 ? gauss / big : 0;
  out[0] = Math.min(big, small);
  out[1] = Math.max(big, small);
  return true;
}

const dot = (a: Float64Array, i: number, b: Float64Array, j: number): number => a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2];
