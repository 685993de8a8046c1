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

/** Drafts nearer to a limit than this count as equal to it, and so as enough, degrees: a map's values are in single precision. */
export const SAME_DRAFT_DEG = 1e-4;

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
  if (low >= limitDeg - SAME_DRAFT_DEG) return "positive";
  if (high <= SAME_DRAFT_DEG - limitDeg) return "negative";
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
