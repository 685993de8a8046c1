import { matchFindings, type FindingRecord } from "./compare.ts";
import type { Comment, Decision, Pin, Review, ReviewSettings, Viewpoint } from "./review-file.ts";

/** Something a person does to a review. */
export type ReviewAction =
  | { readonly do: "decide"; readonly fingerprint: string; readonly decision: Decision }
  | { readonly do: "reopen"; readonly fingerprint: string }
  | { readonly do: "comment"; readonly comment: Comment }
  | { readonly do: "uncomment"; readonly id: string }
  | { readonly do: "pin"; readonly pin: Pin }
  | { readonly do: "unpin"; readonly id: string }
  | { readonly do: "save-view"; readonly viewpoint: Viewpoint }
  | { readonly do: "drop-view"; readonly id: string }
  | { readonly do: "settings"; readonly settings: Partial<ReviewSettings> };

/** The review after an action; the same object when nothing changes. */
export function applyAction(review: Review, action: ReviewAction): Review {
  switch (action.do) {
    case "decide": return { ...review, decisions: { ...review.decisions, [action.fingerprint]: action.decision } };
    case "reopen": {
      if (!(action.fingerprint in review.decisions)) return review;
      const { [action.fingerprint]: _, ...decisions } = review.decisions;
      return { ...review, decisions };
    }
    case "comment": return { ...review, comments: [...review.comments, action.comment] };
    case "uncomment": return { ...review, comments: without(review.comments, action.id) };
    case "pin": return { ...review, pins: [...review.pins, action.pin] };
    case "unpin": return { ...review, pins: without(review.pins, action.id) };
    case "save-view": return { ...review, viewpoints: [...without(review.viewpoints, action.viewpoint.id), action.viewpoint] };
    case "drop-view": return { ...review, viewpoints: without(review.viewpoints, action.id) };
    case "settings": {
      const settings = { ...review.settings, ...action.settings };
      return JSON.stringify(settings) === JSON.stringify(review.settings) ? review : { ...review, settings };
    }
  }
}

const without = <T extends { readonly id: string }>(list: readonly T[], id: string): readonly T[] => (list.some((item) => item.id === id) ? list.filter((item) => item.id !== id) : list);

/**
 * A review of an earlier revision, carried to the present one: decisions and comments follow their findings, and
 * decisions are marked as carried; what belongs to findings that are gone is left out of the decisions. Pins keep
 * their place and wait to be looked at. On the same file (equal SHA-256) nothing is marked.
 */
export function carryOver(earlier: Review, part: Review["part"], findings: readonly FindingRecord[]): Review {
  const same = earlier.part.sha256 === part.sha256;
  const newKey = new Map(matchFindings(earlier.findings, findings).map(({ before, after }) => [before.fingerprint, after.fingerprint]));
  const keyOf = (old: string): string | undefined => newKey.get(old) ?? (same ? old : undefined);
  const decisions: Record<string, Decision> = {};
  for (const [old, decision] of Object.entries(earlier.decisions)) {
    const key = keyOf(old);
    if (key !== undefined) decisions[key] = same ? decision : { ...decision, carried: true };
  }
  const comments = earlier.comments.map(({ fingerprint, ...comment }) => {
    const key = fingerprint === undefined ? undefined : keyOf(fingerprint);
    return key === undefined ? comment : { ...comment, fingerprint: key };
  });
  return { ...earlier, part, decisions, comments, findings };
}
