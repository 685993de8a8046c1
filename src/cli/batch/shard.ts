import { fail, ok, type Result } from "../../result.ts";

/** One share of a batch: shard `index` of `count`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * The shard asked for: `--shard i/n`, else that of a Kubernetes Indexed Job, whose pods have JOB_COMPLETION_INDEX
 * (from 0) and are to be given JOB_COMPLETION_COUNT (the Job's `completions`). Undefined: everything.
 */
export function chooseShard(given: string | undefined, env: Readonly<Record<string, string | undefined>>): Result<Shard | undefined> {
  if (given !== undefined) {
    const [, index, count] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
    return index === undefined ? fail("USAGE", `--shard ${given}.`, "Write i/n, for instance 1/4 to 4/4.") : checked(Number(index), Number(count), `--shard ${given}`);
  }
  const { JOB_COMPLETION_INDEX: index, JOB_COMPLETION_COUNT: count } = env;
  if (index === undefined || index === "") return ok(undefined);
  if (count === undefined || count === "") return fail("USAGE", "JOB_COMPLETION_INDEX is set, JOB_COMPLETION_COUNT is not.", "Set JOB_COMPLETION_COUNT to the Job's completions, or give --shard.");
  return checked(Number(index) + 1, Number(count), `JOB_COMPLETION_INDEX ${index} of JOB_COMPLETION_COUNT ${count}`);
}

function checked(index: number, count: number, from: string): Result<Shard> {
  return Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count ? ok({ index, count }) : fail("USAGE", `${from}: there is no such share.`, "Shares count from 1 to n.");
}
