import { Option, type Command } from "commander";
import { countFindings } from "../report/batch/batch-row.ts";
import type { Report } from "../report/report.ts";

/** What `--fail-on` takes: exit code 1 for findings at or above it. */
export const FAIL_ON = { never: [], blocking: ["blocking"], undecided: ["blocking", "undecided"], advisory: ["blocking", "undecided", "advisory"] } as const;

/** A level of `--fail-on`. */
export type FailOn = keyof typeof FAIL_ON;

/** Adds `--fail-on`. */
export const addFailOn = (command: Command): Command =>
  command.addOption(new Option("--fail-on <level>", "exit code 1 for findings at or above this").choices(Object.keys(FAIL_ON)).default("never"));

/** True when a report holds a finding at or above the level. */
export function failsOn(report: Report, level: FailOn): boolean {
  const counts = countFindings(report.findings);
  return FAIL_ON[level].some((kind) => counts[kind] > 0);
}
