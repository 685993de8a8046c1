import { wellFormed } from "../formats/escape.ts";
import type { Report } from "../report.ts";
import type { BatchRow } from "./batch-row.ts";

/**
 * A summary of a batch written piece by piece: ten thousand parts do not fit memory at once. `head`, then one
 * `entry` for each row, then `tail`. The part's own report is there when it has one.
 */
export interface BatchFormat {
  readonly head: (batch: BatchInfo) => string;
  readonly entry: (row: BatchRow, report: Report | undefined, index: number) => string;
  readonly tail: (batch: BatchInfo) => string;
}

/** What a summary says of the whole. */
export interface BatchInfo {
  readonly version: string;
  readonly rows: readonly BatchRow[];
  /** Inputs without a result: the run was interrupted. */
  readonly missing: number;
  readonly skipped: number;
}

/** A relative path as a URI reference: every segment percent-encoded, never taken for a scheme. */
export function uriOf(path: string): string {
  const encoded = path.split("/").map((segment) => encodeURIComponent(wellFormed(segment))).join("/");
  return /^[^/]*:/.test(encoded) ? `./${encoded}` : encoded;
}
