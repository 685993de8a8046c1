/** `OVERSIZE_FULL=1`: the long forms of the slow tests, which together take longer than ten minutes on two cores. */
export const FULL = process.env.OVERSIZE_FULL === "1";

/** Says what the short form leaves out. */
export function saysShort(what: string): void {
  if (!FULL) console.warn(`${what} OVERSIZE_FULL=1 runs it whole.`);
}
