import type { Vec3 } from "../units.ts";

/** What a check concluded. `undecided`: the interval straddles the limit; `not-evaluated`: nothing was measured, or there is no limit to hold it against. */
export type Verdict = "pass" | "fail" | "undecided" | "not-evaluated";

/** `blocking`: the mold or the part will fail; `advisory`: worth a look. */
export type Severity = "blocking" | "advisory";

/** Units a measured value may have. */
export type MeasureUnit = "mm" | "deg" | "mm2" | "mm3" | "g" | "ratio" | "count" | "kN";

/** A measured value with the interval that surely holds the truth. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly unit: MeasureUnit;
}

/** The limit a value is held against; a value equal to it passes. */
export interface Limit {
  readonly min?: number;
  readonly max?: number;
  readonly unit: MeasureUnit;
  /** Where the limit comes from: profile and source. */
  readonly source?: string;
}

/** One statement of a check about one place (or the whole) of one body. Lengths in mm, sintered part frame. */
export interface Finding {
  /** Stable within one report: `CODE-1`, `CODE-2`, … in descending weight. */
  readonly id: string;
  readonly code: FindingCode;
  readonly body: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly measured?: Measured;
  readonly limit?: Limit;
  /** Face indices of the body. */
  readonly faces: readonly number[];
  /** Edge indices of the body, where the finding is about edges. */
  readonly edges?: readonly number[];
  /** Where it is; both contact points for a wall. */
  readonly points: readonly Vec3[];
  readonly areaMm2?: number;
  /** Direction the finding speaks of: a side action's travel, say. */
  readonly direction?: Vec3;
  /** How it was measured. */
  readonly method: string;
  /** What is wrong and what to change, in a designer's words. */
  readonly message: string;
}

/** What each code means; the catalogue page is generated from this. */
export interface FindingKind {
  readonly title: string;
  readonly definition: string;
  readonly formula: string;
  readonly severity: Severity;
  readonly advice: string;
}

/** Every finding code. */
export const FINDING_KINDS = {
  WALL_THIN: {
    title: "Wall too thin", severity: "blocking",
    definition: "The largest ball that fits inside the part and touches this place is smaller than the profile allows.",
    formula: "D = 2r of the maximal inscribed ball at a surface point, away from the taper of convex edges",
    advice: "Thicken the wall here or move the opposite face.",
  },
  WALL_THICK: {
    title: "Wall too thick", severity: "blocking",
    definition: "The largest ball that fits inside the part at this place is larger than the profile allows.",
    formula: "D = 2r of the maximal inscribed ball at a surface point",
    advice: "Core the section out; thick sections debind slowly and sink.",
  },
  WALL_TRANSITION: {
    title: "Abrupt change of section", severity: "advisory",
    definition: "Neighbouring sections differ in thickness within a short distance.",
    formula: "ratio D1/D2 of the steepest pair found and gradient |D1 − D2| / distance; no pair has more than the thickest section over the thinnest wall",
    advice: "Taper or blend between the sections.",
  },
  FEATHER_EDGE: {
    title: "Feather edge", severity: "blocking",
    definition: "Two faces meet at an angle so sharp that the wall runs out to nothing.",
    formula: "interior dihedral angle φ along the edge; D(s) = 2 s tan(φ/2)",
    advice: "Blunt the edge with a flat or a radius.",
  },
  DRAFT_LOW: {
    title: "Too little draft", severity: "blocking",
    definition: "A side wall is closer to the pull direction than the profile allows, over more than a trifling height.",
    formula: "draft = asin(n · d), counted only where the band's height along the pull exceeds the tolerance",
    advice: "Tilt the face away from the parting plane.",
  },
  UNDERCUT: {
    title: "Undercut", severity: "blocking",
    definition: "Surface that neither mold half can reach along the pull direction, connected pieces of it that are trapped deeper than 0.015 mm somewhere: into a gap no deeper than a vent (0.015 mm) feedstock does not flow, so shallower slivers are none.",
    formula: "area hidden along +d and along −d; trapped depth at p = the lesser, over +d and −d, of the greatest depth below the surface on the straight line from p",
    advice: "Change the pull direction, open the feature, or plan a side action.",
  },
  SIDE_ACTION: {
    title: "Side action needed", severity: "advisory",
    definition: "A group of undercut faces that one sliding core can form.",
    formula: "connected hidden areas with a common free direction; travel = their extent along that direction",
    advice: "Accept the slide's cost or turn the feature into the pull direction.",
  },
  PARTING_STEP: {
    title: "Stepped parting line", severity: "advisory",
    definition: "The parting line leaves its plane. It is every line on the outline of the part's shadow where the surface turns from one half to the other, parted as flat as parallel walls allow; what slides form is left out.",
    formula: "spread of the parting line along the pull direction; the interval also holds the line that takes walls within 0.0017° of the pull for parallel, and what segments cut short",
    advice: "Flatten the parting line or accept a stepped parting face.",
  },
  RADIUS_SMALL: {
    title: "Radius too small", severity: "blocking",
    definition: "A fillet or round is tighter than the profile allows.",
    formula: "exact radius of the surface; on freeform blends the bounded largest curvature",
    advice: "Enlarge the radius.",
  },
  EDGE_SHARP: {
    title: "Sharp edge", severity: "blocking",
    definition: "Two faces meet without a radius; convex edges on the computed parting line are exempt.",
    formula: "turn between outward normals sampled along the whole edge",
    advice: "Add a fillet or round.",
  },
  MASS_RANGE: {
    title: "Mass outside the range", severity: "blocking",
    definition: "The sintered part is lighter or heavier than the process handles.",
    formula: "volume × sintered density",
    advice: "Ask the molder, split the part or choose another process.",
  },
  SIZE_RANGE: {
    title: "Size outside the range", severity: "advisory",
    definition: "The part's longest side is outside what the process handles.",
    formula: "longest side of the tight box",
    advice: "Ask the molder or choose another process.",
  },
  HOLE_DIAMETER: {
    title: "Hole too small", severity: "blocking",
    definition: "A hole's core pin would be thinner than the profile allows.",
    formula: "2r of the hole's cylinder",
    advice: "Enlarge the hole or drill it after sintering.",
  },
  HOLE_DEPTH: {
    title: "Deep hole", severity: "advisory",
    definition: "A hole is deep for its diameter: its core pin bends.",
    formula: "depth / diameter",
    advice: "Shorten the hole, make it through (pin held at both ends) or widen it.",
  },
  HOLE_AXIS: {
    title: "Hole across the pull", severity: "advisory",
    definition: "A hole's axis is not along the pull direction and needs a slide.",
    formula: "angle between the hole's axis and the pull direction",
    advice: "Turn the hole into the pull direction or accept a slide.",
  },
  SINTER_SUPPORT: {
    title: "Poor support for sintering", severity: "advisory",
    definition: "No flat face or set of coplanar pads carries the part stably in the furnace.",
    formula: "largest coplanar resting area, centroid inside its convex hull",
    advice: "Add a flat face or coplanar pads, or plan a setter.",
  },
  SINTER_SPAN: {
    title: "Unsupported span", severity: "advisory",
    definition: "A connected underside above the resting face, less than 45° from level, that walls carry only at its border: it may sag in the furnace.",
    formula: "reach = greatest level distance from a place of the underside to the nearest line where a wall goes down, at an edge or where the surface passes 45°: a cantilever's length, half a bridge's span; the message adds an estimate of the section above",
    advice: "Shorten or thicken the overhang, or plan a setter.",
  },
  SLENDER: {
    title: "Slender rib or pin", severity: "advisory",
    definition: "A rib or pin is long for its thickness and may chip when green.",
    formula: "length / thickness: of a round bar free at one end; of two parallel flat faces, a quarter of one opposite the other, height over their roots / distance between them",
    advice: "Shorten or thicken it, or add a gusset.",
  },
  STEEL_THIN: {
    title: "Thin steel in the mold", severity: "advisory",
    definition: "Steel of the mold that stands between two walls of the cavity, or fills a bore as its core, is thin.",
    formula: "D = 2r of the maximal ball outside the oversized part between opposed faces, or filling a bore; slits that run to nothing at an edge are left out",
    advice: "Widen the groove or the gap between the features.",
  },
  PROJECTED_AREA: {
    title: "Projected area", severity: "advisory",
    definition: "Area of the oversized part seen along the pull direction, which sets the clamp force.",
    formula: "projected area × cavity pressure",
    advice: "Use it to choose the press.",
  },
} as const satisfies Record<string, FindingKind>;

/** A stable finding code. */
export type FindingCode = keyof typeof FINDING_KINDS;
