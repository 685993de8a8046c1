import { fail, ok, type Result } from "../result.ts";
import { checkOsf } from "./check-osf.ts";
import { FULL_DENSITY, loadingFromOsf, meanOsf, osfFromLoading, osfFromShrinkage, relativeDensityFromOsf, shrinkageFromOsf, type Densification, type Osf } from "./shrinkage.ts";

/** What is known. One of OSF, shrinkage and loading; or loading with one of the others, which gives the density. */
export interface ConvertRequest {
  readonly osf?: Osf;
  /** Linear shrinkage, fraction. */
  readonly shrinkage?: number;
  /** Volume fraction of powder. */
  readonly solidsLoading?: number;
  readonly state?: Partial<Densification>;
}

/** All of them, consistent with each other. */
export interface Converted extends Densification {
  /** Mean factor. */
  readonly osf: number;
  readonly shrinkage: number;
  readonly solidsLoading: number;
}

/** Fills in the rest. OSF_INVALID or RECIPE_INVALID says which value cannot be or what is missing. */
export function convertShrinkage({ osf, shrinkage, solidsLoading, state = {} }: ConvertRequest): Result<Converted> {
  if (osf !== undefined && shrinkage !== undefined) return fail("RECIPE_INVALID", "OSF and shrinkage are the same thing; give one.");
  if (shrinkage !== undefined && !(shrinkage >= 0 && shrinkage < 1 / 3 + 1e-12)) return fail("RECIPE_INVALID", `A linear shrinkage of ${shrinkage * 100} % is outside 0 to 33.3 %.`);
  if (solidsLoading !== undefined && !(solidsLoading > 0.2 && solidsLoading < 1)) return fail("RECIPE_INVALID", `A solids loading of ${solidsLoading * 100} vol % is outside 20 to 100 %.`);
  const full = { ...FULL_DENSITY, ...state };
  const given = shrinkage === undefined ? osf : osfFromShrinkage(shrinkage);
  if (given === undefined && solidsLoading === undefined) return fail("RECIPE_INVALID", "One of OSF, shrinkage and loading is needed.");
  const factor = checkOsf(given ?? osfFromLoading(solidsLoading!, full));
  if (!factor.ok) return factor;
  const mean = given === undefined ? osfFromLoading(solidsLoading!, full) : meanOsf(given);
  if (given === undefined || solidsLoading === undefined) return ok({ ...full, osf: mean, shrinkage: shrinkageFromOsf(mean), solidsLoading: solidsLoading ?? loadingFromOsf(mean, full) });
  if (state.relativeDensity !== undefined) return fail("RECIPE_INVALID", "OSF, loading and sintered density are given: one of them follows from the others.");
  const relativeDensity = relativeDensityFromOsf(mean, solidsLoading, full);
  if (!(relativeDensity > 0.5 && relativeDensity <= 1)) return fail("RECIPE_INVALID", `OSF ${mean.toFixed(4)} and a loading of ${(solidsLoading * 100).toFixed(2)} vol % would mean a sintered density of ${(relativeDensity * 100).toFixed(2)} %.`);
  return ok({ ...full, relativeDensity, osf: mean, shrinkage: shrinkageFromOsf(mean), solidsLoading });
}
