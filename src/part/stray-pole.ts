import type { NurbsSurface } from "./surface.ts";

/** A pole that stands out from a net which would be regular without it. */
export interface StrayPole {
  readonly u: number;
  readonly v: number;
  /** How far it would have to move to agree with the rest of its net, mm. */
  readonly offByMm: number;
}

/** Differences along u and v that are small in a regular net: rows of one height, swept rows, smooth rows. */
const ORDERS: readonly (readonly [u: number, v: number])[] = [[1, 0], [0, 1], [1, 1], [2, 0], [0, 2], [2, 1], [1, 2], [2, 2], [4, 0], [0, 4]];
/** Fewer differences than this say nothing about a pattern. */
const MIN_DIFFERENCES = 8;
/**
 * One pole is blamed when all but this share of the net's irregularity goes away with it. On 324 nets of real parts that
 * blames none, and finds half of the poles that a tenth to a whole millimetre was added to; five times as much blames six.
 */
const LEFT = 0.02;
/** Fitted surfaces scatter by less than this. */
const NOISE_MM = 1e-4;

/**
 * Looks for one pole whose move makes a regular net irregular, the trace of a digit that changed on the way. For each
 * coordinate and order of differences D it takes the pole p and the shift s that leave the least of |D(net + s·p)|²,
 * which is a projection on the stencil of p. Undefined when no single pole explains nearly all of it.
 */
export function findStrayPole(surface: NurbsSurface): StrayPole | undefined {
  const found = ORDERS.flatMap((order) => [0, 1, 2].map((axis) => strayIn(surface, axis, order))).filter((s) => s !== undefined);
  return found.sort((a, b) => b.offByMm - a.offByMm)[0];
}

function strayIn(surface: NurbsSurface, axis: number, [ou, ov]: readonly [number, number]): StrayPole | undefined {
  const { countU, countV, poles } = surface, rows = countU - ou, columns = countV - ov;
  if (rows < 1 || columns < 1 || rows * columns < MIN_DIFFERENCES) return undefined;
  const bu = binomials(ou), bv = binomials(ov), differences = new Float64Array(rows * columns);
  let all = 0;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
    let d = 0;
    for (let a = 0; a <= ou; a++) for (let b = 0; b <= ov; b++) d += bu[a] * bv[b] * poles[((i + a) * countV + j + b) * 3 + axis];
    differences[i * columns + j] = d;
    all += d * d;
  }
  if (all < NOISE_MM * NOISE_MM) return undefined;
  let best: StrayPole | undefined, least = LEFT * all;
  for (let u = 0; u < countU; u++) for (let v = 0; v < countV; v++) {
    let along = 0, norm = 0, touched = 0;
    // The differences that see this pole: rows u − a, columns v − b.
    for (let a = Math.max(0, u - rows + 1); a <= Math.min(ou, u); a++) for (let b = Math.max(0, v - columns + 1); b <= Math.min(ov, v); b++) {
      const c = bu[a] * bv[b];
      along += c * differences[(u - a) * columns + v - b];
      norm += c * c;
      touched++;
    }
    // A corner that only one difference sees explains that one always.
    if (touched < 2) continue;
    const left = all - along * along / norm, offByMm = Math.abs(along / norm);
    if (left < least && offByMm > NOISE_MM) [best, least] = [{ u, v, offByMm }, left];
  }
  return best;
}

/** Coefficients of a difference: 1; -1 1; 1 -2 1; … */
function binomials(order: number): number[] {
  let row = [1];
  for (let n = 0; n < order; n++) row = [...row.map((c) => -c), 0].map((c, i) => c + (i > 0 ? row[i - 1] : 0));
  return row;
}
