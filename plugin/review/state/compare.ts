import type { Finding, Measured, Verdict } from "../../../src/dfm/finding.ts";
import type { BodySummary } from "../../../worker/protocol.ts";
import { anchorOf, fingerprints, type Anchor } from "./fingerprint.ts";

/** A finding as a review file keeps it, to be met again in the next revision. */
export interface FindingRecord {
  readonly fingerprint: string;
  readonly anchor: Anchor;
  readonly verdict: Verdict;
  readonly measured?: Measured;
  readonly message: string;
}

/** Records of the findings of one part, in their order. */
export function recordFindings(findings: readonly Finding[], bodies: readonly BodySummary[]): FindingRecord[] {
  const keys = fingerprints(findings, bodies);
  return findings.map((finding, i) => {
    const body = bodies.find(({ id }) => id === finding.body) ?? bodies[0];
    const { verdict, measured, message } = finding;
    return { fingerprint: keys[i], anchor: anchorOf(finding, body), verdict, message, ...(measured && { measured }) };
  });
}

/** What became of the findings from one revision to the next. */
export interface Comparison {
  readonly added: readonly FindingRecord[];
  readonly gone: readonly FindingRecord[];
  readonly changed: readonly Pair[];
  readonly same: readonly Pair[];
}

/** A finding in both revisions. */
export interface Pair {
  readonly before: FindingRecord;
  readonly after: FindingRecord;
}

/** Two places closer than this fraction of the body's diagonal may be the same feature after a change. */
const NEAR = 0.03;

/**
 * Matches the findings of two revisions: first by equal fingerprint, then each remaining pair of the same code by
 * nearness (and equal surfaces first), nearest pairs taken first.
 */
export function compareFindings(before: readonly FindingRecord[], after: readonly FindingRecord[]): Comparison {
  const pairs = matchFindings(before, after);
  const known = new Set(pairs.map((pair) => pair.before)), met = new Set(pairs.map((pair) => pair.after));
  return {
    added: after.filter((record) => !met.has(record)),
    gone: before.filter((record) => !known.has(record)),
    changed: pairs.filter((pair) => differs(pair)),
    same: pairs.filter((pair) => !differs(pair)),
  };
}

/** How many of the findings that have a place must be met again for two files without a name in common to be one part. */
const ENOUGH = 1 / 3;

/** Whether findings with a place of one file are met again in the other, so that both may be one part. */
export function isSamePart(before: readonly FindingRecord[], after: readonly FindingRecord[]): boolean {
  const placed = before.filter(({ anchor }) => anchor.at).length, met = matchFindings(before, after).filter((pair) => pair.before.anchor.at).length;
  return met > 0 && met >= placed * ENOUGH;
}

/** Pairs of records that speak of the same thing. Each record is in one pair at most. */
export function matchFindings(before: readonly FindingRecord[], after: readonly FindingRecord[]): Pair[] {
  const pairs: Pair[] = [];
  const byKey = new Map(after.map((record) => [record.fingerprint, record]));
  const left = before.filter((record) => {
    const same = byKey.get(record.fingerprint);
    if (!same) return true;
    byKey.delete(record.fingerprint);
    pairs.push({ before: record, after: same });
    return false;
  });
  const rest = [...byKey.values()];
  const candidates = left.flatMap((b) => rest.map((a) => ({ before: b, after: a, cost: distance(b.anchor, a.anchor) }))).filter(({ cost }) => cost < NEAR);
  candidates.sort((x, y) => x.cost - y.cost);
  const used = new Set<FindingRecord>();
  for (const { before: b, after: a } of candidates) {
    if (used.has(b) || used.has(a)) continue;
    used.add(b).add(a);
    pairs.push({ before: b, after: a });
  }
  return pairs;
}

/** Distance of two anchors as a fraction of the larger body, Infinity for different things. */
function distance(a: Anchor, b: Anchor): number {
  if (a.code !== b.code || a.body !== b.body) return Infinity;
  if (!a.at || !b.at) return a.at === b.at ? 0 : Infinity;
  const apart = Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1], a.at[2] - b.at[2]) / Math.max(a.sizeMm, b.sizeMm, 1e-9);
  return apart + (a.surfaces.join() === b.surfaces.join() ? 0 : NEAR / 4);
}

/** True when the verdict differs, or the measured intervals do not meet. */
function differs({ before, after }: Pair): boolean {
  if (before.verdict !== after.verdict) return true;
  const a = before.measured, b = after.measured;
  if (!a || !b) return Boolean(a) !== Boolean(b);
  const slack = 1e-9 * Math.max(1, Math.abs(a.value));
  return a.low > b.high + slack || b.low > a.high + slack;
}
