import { uniteBoxes } from "../geometry.ts";
import { checkOsf } from "../mim/check-osf.ts";
import type { Body } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Vec3 } from "../units.ts";
import { chooseParting, heightTolerance, type ChooseParting } from "./choose-parting.ts";
import type { MoldDesign } from "./design.ts";
import { dot } from "../geometry.ts";
import { pullFrame, unit, type PullFrame } from "./frame.ts";
import { grow, oversizedFacets, shrink, type Growth, type OversizedFacets } from "./oversized-facets.ts";
import type { PullFree } from "./proofs.ts";
import { extentAlong, trappedArea } from "./trapped-area.ts";

/** A design with everything chosen. */
export interface ResolvedDesign {
  readonly growth: Growth;
  readonly facets: OversizedFacets;
  readonly frame: PullFrame;
  readonly chosenBy: "user" | "auto";
  /** Along the pull, mold coordinates. */
  readonly partingMm: number;
  /** The same plane on the sintered part. */
  readonly sinteredPartingMm: number;
}

/** Trapped area below this fraction of the surface is the noise of its facets. */
const TRAPPED_NOISE = 1e-6;

/** Settles scaling origin, pull direction and parting height. */
export function resolveDesign(bodies: readonly Body[], design: MoldDesign, choose: ChooseParting = chooseParting): Result<ResolvedDesign> {
  const osf = checkOsf(design.osf);
  if (!osf.ok) return osf;
  const growth: Growth = { osf: osf.value, originMm: scaleOrigin(bodies, design.scaleOrigin) };
  const facets = oversizedFacets(bodies, growth);
  const pull = design.pull === "auto" ? undefined : unit(design.pull);
  if (design.pull !== "auto" && !pull) return fail("DESIGN_INVALID", "The pull direction has no length.");
  if (design.partingMm !== "auto" && !Number.isFinite(design.partingMm)) return fail("DESIGN_INVALID", "The parting height is not a number.");
  if (design.partingMm !== "auto" && !pull) return fail("DESIGN_INVALID", "A parting height needs a pull direction.", "Give --pull with --parting.");
  const given = design.partingMm === "auto" || !pull ? undefined : dot(grow(growth, [pull[0] * design.partingMm, pull[1] * design.partingMm, pull[2] * design.partingMm]), pull);
  const { direction, partingMm } = choose(bodies, facets, growth, { pull, partingMm: given });
  return ok({
    growth, facets, frame: pullFrame(direction), chosenBy: pull ? "user" : "auto", partingMm,
    sinteredPartingMm: design.partingMm === "auto" ? sinteredHeight(growth, direction, partingMm) : design.partingMm,
  });
}

/** The height t for which the grown point t·d lies on the plane: d·(o + S(t·d − o)) = h. */
function sinteredHeight({ osf, originMm: o }: Growth, d: Vec3, h: number): number {
  const stretched = osf[0] * d[0] * d[0] + osf[1] * d[1] * d[1] + osf[2] * d[2] * d[2];
  return (h - dot(o, d) + osf[0] * o[0] * d[0] + osf[1] * o[1] * d[1] + osf[2] * o[2] * d[2]) / stretched;
}

function scaleOrigin(bodies: readonly Body[], from: MoldDesign["scaleOrigin"]): Vec3 {
  if (from === "part-origin") return [0, 0, 0];
  if (from === "box-centre") {
    const [low, high] = bodies.map((b) => b.mass.boxMm).reduce(uniteBoxes);
    return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
  }
  const volume = bodies.reduce((sum, b) => sum + b.mass.volumeMm3, 0);
  return [0, 1, 2].map((k) => bodies.reduce((sum, b) => sum + b.mass.volumeMm3 * b.mass.centroidMm[k], 0) / volume) as [number, number, number];
}

/** What the halves cannot pass on their way out. */
export function provePullFree({ facets, frame, partingMm, growth }: ResolvedDesign, areaMm2: number): PullFree {
  const trapped = trappedArea(facets, frame.z, partingMm, heightTolerance(...extentAlong(facets, frame.z)));
  const holds = trapped.areaMm2 <= TRAPPED_NOISE * areaMm2;
  const faces = holds ? [] : [...trapped.faces].filter(([, f]) => f.areaMm2 > TRAPPED_NOISE * areaMm2).sort(([a], [b]) => a - b);
  return { holds, trappedMm2: holds ? 0 : trapped.areaMm2, faces: faces.map(([face]) => face), points: faces.map(([, f]) => shrink(growth, f.point)) };
}
