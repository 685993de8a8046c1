/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** Findings at or above `--fail-on`. */
  findings: 1,
  usage: 2,
  /** Some files failed. */
  failed: 3,
  internal: 4,
  interrupted: 130,
} as const;
