/** What long work reports and how it is stopped between stages; a running kernel call is stopped by ending its process or worker. */
export interface Work {
  /** Called with the stage's name and the fraction done in it, 0 to 1, or undefined where it cannot be known. */
  readonly onProgress?: (stage: Stage, fraction?: number) => void;
  readonly signal?: AbortSignal;
}

/** Stages of the one path, in order. */
export const STAGES = ["loading", "reading", "validating", "measuring", "meshing", "checking", "molding", "proving", "writing"] as const;

/** A stage of the one path. */
export type Stage = (typeof STAGES)[number];
