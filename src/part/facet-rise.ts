/** A flat triangle and the curved surface over it. */
export interface FacetRise {
  readonly areaMm2: number;
  /** Volume between them; positive where the surface lies outside the triangle. */
  readonly riseMm3: number;
  /** Size of the next term of the series. */
  readonly doubtMm3: number;
}

/**
 * Volume between a triangle and the surface its corners lie on, from the surface's outward unit normals n there: over the
 * middle of a side it stands (n₂−n₁)·(p₂−p₁)/8 high, and the mean of the three is its mean height. The next term is
 * smaller by the square of the turn θ between the normals (on a circle by 0.075 θ²).
 * @param positions,normals `[v*3]` @param i,j,k corners
 */
export function facetRise(positions: Float64Array, normals: Float64Array, i: number, j: number, k: number): FacetRise {
  const a = side(positions, normals, i, j), b = side(positions, normals, j, k), c = side(positions, normals, k, i);
  const areaMm2 = areaOf(positions, i, j, k), riseMm3 = (areaMm2 * (a.rise + b.rise + c.rise)) / 3;
  return { areaMm2, riseMm3, doubtMm3: Math.abs(riseMm3) * Math.max(a.turn2, b.turn2, c.turn2) };
}

function side(p: Float64Array, n: Float64Array, i: number, j: number): { rise: number; turn2: number } {
  let rise = 0, turn2 = 0;
  for (let k = 0; k < 3; k++) {
    const turn = n[j * 3 + k] - n[i * 3 + k];
    rise += (turn * (p[j * 3 + k] - p[i * 3 + k])) / 8;
    turn2 += turn * turn;
  }
  return { rise, turn2 };
}

function areaOf(p: Float64Array, i: number, j: number, k: number): number {
  const ux = p[j * 3] - p[i * 3], uy = p[j * 3 + 1] - p[i * 3 + 1], uz = p[j * 3 + 2] - p[i * 3 + 2];
  const vx = p[k * 3] - p[i * 3], vy = p[k * 3 + 1] - p[i * 3 + 1], vz = p[k * 3 + 2] - p[i * 3 + 2];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
