/** Wall thickness over one body, for display and statistics. Lengths in mm, part frame, sintered size. */
export interface WallMap {
  /** `[v]` thickness at each of `Facets.positions`; {@link NOT_MEASURED} where there is none. Never NaN. */
  readonly thicknessMm: Float32Array;
  /** `[v*3]` the other contact of the ball at each vertex; the vertex itself where not measured. */
  readonly partners: Float32Array;
  readonly statistics: WallStatistics;
}

/** Marks a vertex without a thickness: on a sharp convex edge no ball fits. */
export const NOT_MEASURED = -1;

/** Area-weighted statistics, edge tapers left out. */
export interface WallStatistics {
  readonly minMm: number;
  readonly maxMm: number;
  readonly meanMm: number;
  readonly medianMm: number;
  /** Area measured, mm². */
  readonly areaMm2: number;
  readonly samples: number;
  /** `[bins + 1]` bin borders, mm, and `[bins]` area in each, mm². */
  readonly histogram: { readonly bordersMm: Float64Array; readonly areaMm2: Float64Array };
}
