import type { Stage } from "../progress.ts";
import type { Job, JobOutcome } from "./job.ts";

/** Second argument of a child that is to work for a short time only. */
export const QUICK = "quick";

/** Parent to child. */
export interface ChildRequest {
  readonly id: number;
  readonly job: Job;
}

/** Child to parent: `ready` once, then `progress` and one `done` for each request. */
export type ChildMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly id: number; readonly stage: Stage; readonly fraction?: number }
  | { readonly kind: "done"; readonly id: number; readonly outcome: JobOutcome };
