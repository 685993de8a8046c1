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
  const encoded = path.split("/").map(encodeSegment).join("/");
  return /^[^/]*:/.test(encoded) ? `./${encoded}` : encoded;
}

/** Names may hold halves of surrogate pairs, which have no encoding. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"));

/** Text that XML 1.0 and HTML take as text, in content and in quoted attributes. */
export function escapeMarkup(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}
