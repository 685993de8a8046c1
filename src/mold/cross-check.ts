import { dot } from "../geometry.ts";
import { facetRise } from "../part/facet-rise.ts";
import type { Body } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import type { FacetVolumes } from "./facet-mold.ts";
import { ROD_LACKS } from "./facet-tooling.ts";
import type { MoldLayout, PinAt } from "./lay-out.ts";
import type { Growth, OversizedFacets } from "./oversized-facets.ts";
import type { MoldPiece } from "./mold.ts";
import { heightTolerance } from "./choose-parting.ts";
import { enclosedSteel } from "./trapped-area.ts";
import { prove, worstOf, type Proof } from "./proofs.ts";
import type { ResolvedDesign } from "./resolve-design.ts";

/** Coordinates of the facet kernel are 32-bit: they move by this share of their size. */
const ROUNDING = 2 ** -23;

/**
 * The worse of core and cavity against the facet mold, as a ratio of volumes. What the facet mold cannot have is put right
 * first: the polygons of pins and bores by closed form, and the curvature the part's facets cut off, by the exact
 * normals at their corners. The tolerance is what is then left open: see {@link facetDoubt}.
 * Undefined where the facets do not close: they bear no witness.
 */
export function crossCheck(made: FacetVolumes | undefined, pieces: readonly MoldPiece[], { facets, growth }: Pick<ResolvedDesign, "facets" | "growth">, bodies: readonly Body[], layout: MoldLayout): Proof | undefined {
  if (!made || Math.abs((made.coreMm3 + made.cavityMm3 + made.partMm3 + made.clearanceMm3) / made.blockMm3 - 1) > 1e-6) return undefined;
  const doubt = facetDoubt(facets, bodies, growth, layout), tooling = polygonLoss(layout);
  const half = (role: "core" | "cavity", facetMm3: number): Proof => {
    const exactMm3 = pieces.reduce((sum, p) => sum + (p.role === role ? p.volumeMm3 : 0), 0);
    return prove((facetMm3 - doubt.cutOffMm3[role]) / exactMm3, 1, doubt.boundMm3[role] / exactMm3);
  };
  return worstOf([half("core", made.coreMm3 + tooling.pinsMm3), half("cavity", made.cavityMm3 - tooling.boresMm3)]);
}

/** By how much polygons fall short of round pins and bores, mm³. */
function polygonLoss({ pins, relief }: MoldLayout): { readonly pinsMm3: number; readonly boresMm3: number } {
  const rods = (of: (pin: PinAt) => number): number => pins.reduce((sum, pin) => sum + Math.PI * ROD_LACKS * of(pin), 0);
  return { pinsMm3: rods((p) => p.radiusMm ** 2 * (p.lengthMm + (relief?.depthMm ?? 0))), boresMm3: rods((p) => p.boreRadiusMm ** 2 * p.boreLengthMm) };
}

interface ByHalf { core: number; cavity: number }

/** Volume between the facets and the exact part, beside each half. */
interface FacetDoubt {
  /** Part that the facets leave out (negative: have too much), by the normals at their corners. */
  readonly cutOffMm3: Readonly<ByHalf>;
  /** How far that may be off. */
  readonly boundMm3: Readonly<ByHalf>;
}

/**
 * A triangle that the parting plane cuts may have its rise on either side; what bounds an enclosed piece of steel
 * belongs to the other half ({@link enclosedSteel}); a corner on an edge may lie off the face by
 * the edge's tolerance; every coordinate is rounded.
 */
function facetDoubt(facets: OversizedFacets, bodies: readonly Body[], growth: Growth, { frame, box: [low, high], partingMm }: MoldLayout): FacetDoubt {
  const rounding = ROUNDING * Math.max(...low.map(Math.abs), ...high.map(Math.abs)), [a, b, c] = [0, 1, 2].map((k) => high[k] - low[k]);
  const faces = rounding * 2 * (a * b + b * c + c * a);
  const cutOffMm3 = { core: 0, cavity: 0 }, boundMm3 = { core: faces, cavity: faces }, near = heightTolerance(low[2], high[2]);
  const enclosed = { above: enclosedSteel(facets, frame.z, partingMm, near, 1), below: enclosedSteel(facets, frame.z, partingMm, near, -1) };
  const loose = bodies.flatMap((body) => body.faces.map(({ edges }) => Math.max(...growth.osf) * edges.reduce((most, e) => Math.max(most, body.edges[e].toleranceMm), 0)));
  for (let t = 0; t < facets.faceOf.length; t++) {
    const corners = [0, 1, 2].map((k) => facets.indices[t * 3 + k]), [i, j, k] = corners;
    const { areaMm2, riseMm3, doubtMm3 } = facetRise(facets.positions, facets.normals, i, j, k);
    const above = shareAbove(corners.map((v) => dot(at(facets.positions, v), frame.z) - partingMm)), cut = above > 0 && above < 1;
    const over = enclosed.above[t] ? "core" : "cavity", under = enclosed.below[t] ? "cavity" : "core";
    cutOffMm3[over] += above * riseMm3;
    cutOffMm3[under] += (1 - above) * riseMm3;
    const open = (cut ? Math.abs(riseMm3) : doubtMm3) + (loose[facets.faceOf[t]] + rounding) * areaMm2;
    if (above > 0) boundMm3[over] += open;
    if (above < 1) boundMm3[under] += open;
  }
  return { cutOffMm3, boundMm3 };
}

const at = (p: Float64Array, v: number): Vec3 => [p[v * 3], p[v * 3 + 1], p[v * 3 + 2]];

/** Share of a triangle's area with a positive height, from the heights of its corners. */
function shareAbove(heights: readonly number[]): number {
  const [low, middle, high] = [...heights].sort((a, b) => a - b);
  if (low >= 0) return 1;
  if (high <= 0) return 0;
  return middle >= 0 ? 1 - (low * low) / ((middle - low) * (high - low)) : (high * high) / ((high - low) * (high - middle));
}
