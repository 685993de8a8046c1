import { FULL_DENSITY, osfFromLoading, type Densification } from "./shrinkage.ts";

/** What the sintered size depends on, as fractions. */
export interface ShrinkageState extends Densification {
  readonly solidsLoading: number;
}

/** ± of each, as fractions (0.005 is half a percentage point); one that is left out is taken as exact. */
export type StateSpread = Partial<Readonly<Record<keyof ShrinkageState, number>>>;

/** What one quantity's ± does to a dimension. */
export interface Contribution {
  readonly quantity: keyof ShrinkageState;
  readonly plusMinus: number;
  /** Change of the sintered size when the quantity is lower, and when it is higher, mm. */
  readonly lowMm: number;
  readonly highMm: number;
  /** The larger of the two, as a percentage of the size. */
  readonly percent: number;
  /** The larger of the two over the tolerance. */
  readonly shareOfTolerance: number;
}

/** Spread of one sintered dimension. */
export interface SizeSpread {
  readonly sizeMm: number;
  readonly toleranceMm: number;
  readonly contributions: readonly Contribution[];
  /** Independent contributions: root of the sum of squares, mm. */
  readonly combinedMm: number;
  /** All against the tool: their sum, mm. */
  readonly worstMm: number;
}

/**
 * What ± of loading, sintered density, metal loss and mold shrink do to a dimension out of a cavity that was cut
 * right. Each is moved to both ends in the exact formula (size ∝ (φ(1−m)/ρ_rel)^⅓ (1−s_mold)), not linearised;
 * ends beyond what is physical (density over 100 %) are clipped.
 */
export function sizeSpread(sizeMm: number, toleranceMm: number, state: ShrinkageState, spread: StateSpread): SizeSpread {
  const contributions = (Object.keys(spread) as (keyof ShrinkageState)[]).flatMap((quantity) => {
    const plusMinus = spread[quantity] ?? 0;
    if (!(plusMinus > 0)) return [];
    const change = (value: number): number => sizeMm * (osfOf(state) / osfOf({ ...state, [quantity]: clip(value) }) - 1);
    const [lowMm, highMm] = [change(state[quantity] - plusMinus), change(state[quantity] + plusMinus)];
    const most = Math.max(Math.abs(lowMm), Math.abs(highMm));
    return [{ quantity, plusMinus, lowMm, highMm, percent: (most / sizeMm) * 100, shareOfTolerance: most / toleranceMm }];
  });
  const each = contributions.map((c) => Math.max(Math.abs(c.lowMm), Math.abs(c.highMm)));
  return { sizeMm, toleranceMm, contributions, combinedMm: Math.hypot(...each), worstMm: each.reduce((a, b) => a + b, 0) };
}

/** The article's state at a solids loading. */
export const stateAtLoading = (solidsLoading: number, state: Densification = FULL_DENSITY): ShrinkageState => ({ solidsLoading, ...state });

const osfOf = ({ solidsLoading, ...state }: ShrinkageState): number => osfFromLoading(solidsLoading, state);
const clip = (value: number): number => Math.min(1, Math.max(0, value));
