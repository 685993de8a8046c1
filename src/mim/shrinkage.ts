/**
 * The sintering shrinkage of a MIM part, both ways round. Fractions, not percentages, throughout; lengths do not
 * appear. Sources: PIM International vol. 16 no. 2 (June 2022), equations 3 and 4, for `OSF = cavity / sintered`
 * and the volume balance at full density; the general balance adds relative density, metal loss and mold shrink:
 *
 *     OSFx·OSFy·OSFz = ρ_rel / (φ (1 − m)) / (1 − s_mold)³
 *
 * with φ the volume fraction of powder, ρ_rel sintered over theoretical density, m the metal's mass loss and
 * s_mold the linear shrink from the cavity to the cold green part. The article sets ρ_rel = 1 and m = s_mold = 0.
 */
import type { Vec3 } from "../units.ts";

/** What happens between cavity and sintered part beside the loss of the binder. */
export interface Densification {
  /** Sintered over theoretical density, 0 to 1. */
  readonly relativeDensity: number;
  /** Share of the metal's mass lost by evaporation and reaction, 0 to 1. */
  readonly metalLoss: number;
  /** Linear shrink from the cavity to the cold green part, 0 to 1. */
  readonly moldShrink: number;
}

/** The article's assumptions: pore-free, no metal lost, green part as large as the cavity. */
export const FULL_DENSITY: Densification = { relativeDensity: 1, metalLoss: 0, moldShrink: 0 };

/** One factor for all axes, or one per axis. */
export type Osf = number | Vec3;

/** The factor as `[x, y, z]`. */
export const osfVector = (osf: Osf): Vec3 => (typeof osf === "number" ? [osf, osf, osf] : osf);

/** Cavity volume over sintered volume: OSFx·OSFy·OSFz. */
export function volumeFactor(osf: Osf): number {
  const [x, y, z] = osfVector(osf);
  return x * y * z;
}

/** The one factor that gives the same volume: the geometric mean of the axes. */
export const meanOsf = (osf: Osf): number => (typeof osf === "number" ? osf : Math.cbrt(volumeFactor(osf)));

/** OSF = 1 / (1 − S), S the linear shrinkage from cavity to sintered part. Never 1 + S. */
export const osfFromShrinkage = (shrinkage: number): number => 1 / (1 - shrinkage);

/** S = 1 − 1/OSF. */
export const shrinkageFromOsf = (osf: number): number => (osf - 1) / osf;

/** Solids loading φ of the feedstock that has this OSF. */
export const loadingFromOsf = (osf: Osf, state: Densification = FULL_DENSITY): number => balance(state) / volumeFactor(osf);

/** Mean OSF of a feedstock of solids loading φ. */
export const osfFromLoading = (loading: number, state: Densification = FULL_DENSITY): number => Math.cbrt(balance(state) / loading);

/**
 * OSF per axis of a feedstock of solids loading φ that shrinks unequally. `ratios` are the axes' factors relative
 * to each other (`[1, 1, 1.005]`: half a percent more in z); the result obeys the product law.
 */
export function osfPerAxis(loading: number, ratios: Vec3, state: Densification = FULL_DENSITY): Vec3 {
  const mean = osfFromLoading(loading, state) / meanOsf(ratios);
  return [mean * ratios[0], mean * ratios[1], mean * ratios[2]];
}

/** Relative sintered density that makes this loading and this OSF agree. */
export const relativeDensityFromOsf = (osf: Osf, loading: number, state: Omit<Densification, "relativeDensity"> = FULL_DENSITY): number =>
  (volumeFactor(osf) * loading) / balance({ ...state, relativeDensity: 1 });

/** Metal loss that makes this loading and this OSF agree. */
export const metalLossFromOsf = (osf: Osf, loading: number, state: Omit<Densification, "metalLoss"> = FULL_DENSITY): number =>
  1 - balance({ ...state, metalLoss: 0 }) / (volumeFactor(osf) * loading);

/** Mold shrink that makes this loading and this OSF agree. */
export const moldShrinkFromOsf = (osf: Osf, loading: number, state: Omit<Densification, "moldShrink"> = FULL_DENSITY): number =>
  1 - Math.cbrt(balance({ ...state, moldShrink: 0 }) / (volumeFactor(osf) * loading));

/** Draft on the cavity wall, as a tangent, from the part's: uniform scaling leaves it alone. */
export const scaledDraftTangent = (tangent: number, lateralOsf: number, pullOsf: number): number => (tangent * lateralOsf) / pullOsf;

/** φ · OSFx·OSFy·OSFz of a feedstock in this state. */
const balance = ({ relativeDensity, metalLoss, moldShrink }: Densification): number =>
  relativeDensity / ((1 - metalLoss) * (1 - moldShrink) ** 3);
