/** Checks of what callers hand to the tree. What fails here is a bug of the caller, so it throws. */
import type { PerQuery, Points } from "./queries.ts";

/** Throws when a number is NaN or infinite. */
export function assertFinite(numbers: Points, name: string): void {
  // x·0 is 0 for every finite x and NaN for the others: one addition a number, no branch.
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i] * 0;
  if (sum !== 0) throw new Error(`${name}: a number is not finite`);
}

/** Throws when positions, indices and faces do not make a mesh. */
export function assertMesh(positions: Points, indices: Uint32Array, faces: ArrayLike<number> | undefined): void {
  assertFinite(positions, "positions");
  if (positions.length % 3 || indices.length % 3) throw new Error("mesh: positions and indices come in threes");
  const vertexCount = positions.length / 3;
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] >= vertexCount) throw new Error(`mesh: index ${indices[i]} of ${vertexCount} vertices`);
  }
  if (!faces) return;
  if (faces.length !== indices.length / 3) throw new Error("mesh: one face for each triangle");
  for (let i = 0; i < faces.length; i++) {
    if (!(faces[i] >= 0 && faces[i] <= 0x7fffffff)) throw new Error(`mesh: face ${faces[i]}`);
  }
}

/** Throws when a direction is missing, not finite or zero. */
export function assertDirections(directions: Points, n: number): void {
  if (directions.length !== n * 3) throw new Error("directions: one for each query");
  for (let i = 0; i < directions.length; i += 3) {
    const x = directions[i], y = directions[i + 1], z = directions[i + 2], length2 = x * x + y * y + z * z; // NaN fails below
    if (!(length2 > 1e-200 && length2 < 1e200)) throw new Error(`directions: number ${i / 3} has no length`);
  }
}

/** Throws when a limit is negative, NaN or missing. */
export function assertScalars(values: PerQuery | undefined, n: number, name: string): void {
  if (values === undefined) return;
  if (typeof values === "number") {
    if (!(values >= 0)) throw new Error(`${name}: ${values}`);
    return;
  }
  if (values.length !== n) throw new Error(`${name}: one for each query`);
  for (let i = 0; i < n; i++) if (!(values[i] >= 0)) throw new Error(`${name}: ${values[i]}`);
}

/** Throws when there is not one face for each query. */
export function assertFaces(faces: Int32Array | undefined, n: number): void {
  if (faces && faces.length !== n) throw new Error("excludeFaces: one for each query");
}

/** Centre and half sides of the vertices that triangles use, `[cx, cy, cz, hx, hy, hz]` mm; zeros for no triangle. */
export function boxOf(positions: Points, indices: Uint32Array): readonly number[] {
  if (indices.length === 0) return [0, 0, 0, 0, 0, 0];
  const lo = [Infinity, Infinity, Infinity], hi = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < indices.length; i++) {
    for (let k = 0; k < 3; k++) {
      const x = positions[indices[i] * 3 + k];
      if (x < lo[k]) lo[k] = x;
      if (x > hi[k]) hi[k] = x;
    }
  }
  const centre = lo.map((l, k) => l + (hi[k] - l) / 2);
  return [...centre, ...hi.map((h, k) => Math.max(h - centre[k], centre[k] - lo[k]))];
}
