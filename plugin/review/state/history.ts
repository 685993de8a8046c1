/** A value with its past and future. Values are never changed in place. */
export interface History<T> {
  readonly now: T;
  readonly past: readonly T[];
  readonly future: readonly T[];
}

/** Steps kept. */
const DEPTH = 200;

/** A history that begins with a value. */
export const begin = <T>(now: T): History<T> => ({ now, past: [], future: [] });

/** The next step; what was undone is forgotten. The same value is no step. */
export const step = <T>(history: History<T>, next: T): History<T> =>
  next === history.now ? history : { now: next, past: [...history.past, history.now].slice(-DEPTH), future: [] };

/** Replaces the present without a step: a slider under way. */
export const replace = <T>(history: History<T>, next: T): History<T> => ({ ...history, now: next });

/** One step back, or the same history at its beginning. */
export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  return last === undefined ? history : { now: last, past: history.past.slice(0, -1), future: [history.now, ...history.future] };
}

/** One step forward again, or the same history at its end. */
export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  return next === undefined ? history : { now: next, past: [...history.past, history.now], future };
}
