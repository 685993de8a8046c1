/** Triangles of a face: the first and how many. */
export interface FaceRun {
  readonly start: number;
  readonly count: number;
}

/** The five classes of a draft map, seen along the pull. */
export type DraftClass = "positive" | "negative" | "below limit" | "vertical" | "crossover";

/** Draft range of one face, degrees. */
export interface DraftRange {
  readonly low: number;
  readonly high: number;
}

/** Range of a map's values over one face. NaN for a face without triangles. */
export function faceRange(face: FaceRun, indices: ArrayLike<number>, values: Float32Array): DraftRange {
  let low = Infinity, high = -Infinity;
  for (let i = face.start * 3; i < (face.start + face.count) * 3; i++) {
    const value = values[indices[i]];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: NaN, high: NaN };
}

/**
 * Class of a face. `crossover`: it turns from one half to the other by more than the limit on both sides, so the
 * parting line must cross it or it must be split.
 */
export function draftClass({ low, high }: DraftRange, limitDeg: number, verticalDeg: number): DraftClass {
  if (low < -limitDeg && high > limitDeg) return "crossover";
  if (low >= limitDeg) return "positive";
  if (high <= -limitDeg) return "negative";
  return Math.max(Math.abs(low), Math.abs(high)) <= verticalDeg ? "vertical" : "below limit";
}

/** `[v]` 1 at vertices of crossover faces, else 0. */
export function crossoverFlags(faces: readonly FaceRun[], indices: ArrayLike<number>, values: Float32Array, limitDeg: number, verticalDeg: number): Float32Array {
  const flags = new Float32Array(values.length);
  for (const face of faces) {
    if (draftClass(faceRange(face, indices, values), limitDeg, verticalDeg) !== "crossover") continue;
    for (let i = face.start * 3; i < (face.start + face.count) * 3; i++) flags[indices[i]] = 1;
  }
  return flags;
}
