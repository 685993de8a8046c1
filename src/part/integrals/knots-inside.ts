/** Different knots strictly inside a range, ascending, repeated by the period (0: none). */
export function knotsInside(knots: Float64Array, period: number, [low, high]: readonly [number, number]): Float64Array {
  const found = new Set<number>(), near = 1e-12 * (high - low);
  for (const knot of knots) {
    if (period === 0) found.add(knot);
    else for (let k = Math.ceil((low - knot) / period); knot + k * period < high; k++) found.add(knot + k * period);
  }
  return Float64Array.from([...found].filter((t) => t > low + near && t < high - near)).sort().filter((t, i, all) => i === 0 || t - all[i - 1] > near);
}
