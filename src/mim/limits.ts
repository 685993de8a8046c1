/** Everything a rule profile can limit: its unit, what is measured, and what it is called in messages. */
export const LIMITS = {
  wall: { unit: "mm", meaning: "wall thickness of the sintered part" },
  wallTransition: { unit: "ratio", meaning: "thickness ratio of neighbouring sections" },
  draft: { unit: "deg", meaning: "draft of walls along the pull" },
  coreDraft: { unit: "deg", meaning: "draft on the core side" },
  deepRibDraft: { unit: "deg", meaning: "draft of deep ribs" },
  internalRadius: { unit: "mm", meaning: "radius of concave edges" },
  externalRadius: { unit: "mm", meaning: "radius of convex edges off the parting line" },
  holeDiameter: { unit: "mm", meaning: "diameter of holes" },
  holeDepthRatio: { unit: "ratio", meaning: "depth over diameter of holes" },
  size: { unit: "mm", meaning: "longest side of the part" },
  mass: { unit: "g", meaning: "mass of the sintered part" },
  tolerance: { unit: "%", meaning: "± tolerance, percent of the dimension" },
  toleranceFloor: { unit: "mm", meaning: "smallest ± tolerance" },
  partingTolerance: { unit: "mm", meaning: "what is added to the ± tolerance across the parting line" },
  partingFlash: { unit: "mm", meaning: "flash at the parting line" },
  slideTooling: { unit: "%", meaning: "tooling cost added by a slide" },
  density: { unit: "%", meaning: "sintered density, percent of theoretical" },
  roughness: { unit: "µm Ra", meaning: "surface as sintered" },
  shrinkage: { unit: "%", meaning: "linear shrinkage" },
  injectionPressure: { unit: "MPa", meaning: "injection pressure" },
  injectionTemperature: { unit: "°C", meaning: "feedstock temperature at injection" },
  sinterTemperature: { unit: "°C", meaning: "sintering temperature" },
  ventDepth: { unit: "mm", meaning: "depth of mold vents" },
  ventWidth: { unit: "mm", meaning: "width of mold vents" },
  annualVolume: { unit: "parts/year", meaning: "yearly quantity" },
  toolingCost: { unit: "USD", meaning: "cost of the mold" },
  toolingTime: { unit: "weeks", meaning: "time to make the mold" },
} as const satisfies Record<string, { unit: string; meaning: string }>;

/** Name of a limit. */
export type LimitName = keyof typeof LIMITS;

/** Names of all limits. */
export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];
