import { fail, ok, type Result } from "../../result.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

/**
 * Everything the roots lead to. Iterative: a chain of 20 000 references must not use the call stack.
 * Fails with `STEP_REFERENCE` on a reference to nothing or a cycle among them.
 *
 * @returns `[n]` 1 for each instance reached.
 */
export function reach(p: Part21, roots: Iterable<number>): Result<Uint8Array> {
  const state = new Uint8Array(p.count); // 0 new, 1 on the path, 2 done
  const path: number[] = [], at: number[] = [];
  for (const root of roots) {
    if (state[root]) continue;
    path.push(root); at.push(p.first[root]); state[root] = 1;
    while (path.length) {
      const top = path.length - 1, instance = path[top];
      let t = at[top];
      const end = p.end[instance];
      while (t < end && p.kind[t] !== T.REF) t++;
      if (t === end) {
        state[instance] = 2;
        path.pop(); at.pop();
        continue;
      }
      at[top] = t + 1;
      const next = p.val[t];
      if (next < 0) return fail("STEP_REFERENCE", `${p.name(instance)} needs ${p.refText(p.pos[t])}, which does not exist.`);
      if (state[next] === 1) return fail("STEP_REFERENCE", `${p.name(next)} leads back to itself through ${p.name(instance)}.`);
      if (state[next]) continue;
      path.push(next); at.push(p.first[next]); state[next] = 1;
    }
  }
  return ok(state);
}

/** References to nothing in instances that were not reached. */
export function danglingElsewhere(p: Part21, reached: Uint8Array): number {
  let dangling = 0;
  for (let i = 0; i < p.count; i++) {
    if (reached[i]) continue;
    for (let t = p.first[i]; t < p.end[i]; t++) if (p.kind[t] === T.REF && p.val[t] < 0) dangling++;
  }
  return dangling;
}
