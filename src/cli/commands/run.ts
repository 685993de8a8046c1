import { resolve } from "node:path";
import type { Command } from "commander";
import { resolveOsf } from "../../mim/osf.ts";
import { fail, ok, type Problem, type Result } from "../../result.ts";
import { EngineChild } from "../engine-child.ts";
import { EXIT } from "../exit-codes.ts";
import { addFailOn, failsOn } from "../fail-on.ts";
import type { Job, JobOutcome } from "../job.ts";
import { profileText } from "../load-profile.ts";
import { addMoldOptions, addOutputOptions, addReadOptions, designOptions, materialRequest, type PartOptions } from "../part-options.ts";
import { settingsOf, withSettings } from "../settings.ts";
import { summarise } from "../summary.ts";
import { progressLine, showProblem } from "../terminal.ts";
import { safeStem } from "../write-files.ts";

type Steps = Pick<Job, "check" | "mold">;

/** Registers `run`, `check` and `mold`: the one path, whole or in part. */
export function register(program: Command): void {
  const run = program.command("run").argument("<part...>", "STEP files").description("check a part, make its mold, write report and files: the main job");
  withSettings(addFailOn(addOutputOptions(addMoldOptions(addReadOptions(run)))))
    .addHelpText("after", "\nExample:\n  oversize run samples/bracket.step --material 17-4PH --out out")
    .action((parts: string[], options: PartOptions, command: Command) => go(command, parts, options, { check: true, mold: true }));

  const check = program.command("check").argument("<part...>", "STEP files").description("check a part against the rules of MIM");
  withSettings(addFailOn(addOutputOptions(addReadOptions(check))))
    .addHelpText("after", "\nExample:\n  oversize check samples/bracket.step --material 17-4PH")
    .action((parts: string[], options: PartOptions, command: Command) => go(command, parts, options, { check: true, mold: false }));

  const mold = program.command("mold").argument("<part...>", "STEP files").description("make the mold of a part without checking it");
  withSettings(addFailOn(addOutputOptions(addMoldOptions(addReadOptions(mold)))))
    .addHelpText("after", "\nExample:\n  oversize mold samples/bracket.step --osf 1.165 --pull 0,0,1 --out out")
    .action((parts: string[], options: PartOptions, command: Command) => go(command, parts, options, { check: false, mold: true }));
}

async function go(command: Command, parts: readonly string[], options: PartOptions, steps: Steps): Promise<void> {
  const jobs = planJobs(parts, options, { ...steps, settings: settingsOf(command) });
  if (!jobs.ok) {
    showProblem(jobs.problem);
    process.exitCode = EXIT.usage;
    return;
  }
  const child = new EngineChild(), stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const failures: Problem[] = [];
  let found = false;
  for (const job of jobs.value) {
    const outcome = await runOne(child, job, options, stop.signal);
    if (outcome.ok) {
      found ||= failsOn(outcome.report, options.failOn ?? "never");
      failures.push(...outcome.report.problems.filter((p) => p.severity === "error"));
    } else failures.push(outcome.problem);
    if (stop.signal.aborted) break;
  }
  child.kill();
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  process.exitCode = stop.signal.aborted ? EXIT.interrupted : exitCode(failures, found);
}

const USAGE_CODES = new Set(["USAGE", "MATERIAL_UNKNOWN", "OSF_UNKNOWN", "OSF_INVALID", "FEEDSTOCK_CHOICE", "PROFILE_UNKNOWN", "RECIPE_INVALID", "CONFIG_INVALID", "BODY_CHOICE", "DESIGN_INVALID"]);

function exitCode(failures: readonly Problem[], found: boolean): number {
  if (failures.length === 0) return found ? EXIT.findings : EXIT.ok;
  if (failures.every((f) => USAGE_CODES.has(f.code))) return EXIT.usage;
  return failures.every((f) => f.code === "CRASH") ? EXIT.internal : EXIT.failed;
}

async function runOne(child: EngineChild, job: Job, options: PartOptions, signal: AbortSignal): Promise<JobOutcome> {
  const line = progressLine(options.quiet === true);
  const outcome = await child.run(job, { timeoutMs: options.timeout * 1000, onProgress: line.show, signal });
  line.clear();
  if (!outcome.ok) showProblem(outcome.problem, job.input);
  else if (options.json) process.stdout.write(`${JSON.stringify(outcome.report)}\n`);
  else process.stdout.write(summarise(outcome.report, outcome.files, job.outDir));
  return outcome;
}

/** One job for each part; nothing is started when one of them cannot be. */
function planJobs(parts: readonly string[], options: PartOptions, steps: Steps & Pick<Job, "settings">): Result<Job[]> {
  const material = materialRequest(options);
  if (!material.ok) return material;
  if (steps.mold && material.value) {
    // Asked here so that a factor nobody knows is said before a kernel is started.
    const factor = resolveOsf(material.value);
    if (!factor.ok) return factor;
  }
  const profile = profileText(options.profile);
  if (!profile.ok) return profile;
  const stems = new Map<string, string>();
  const jobs: Job[] = [];
  for (const input of parts) {
    const stem = safeStem(input), other = stems.get(stem.toLowerCase());
    if (other !== undefined) return fail("OUTPUT_CONFLICT", `${other} and ${input}.`);
    stems.set(stem.toLowerCase(), input);
    jobs.push({
      ...steps, input: resolve(input), outDir: resolve(options.out ?? "out"), stem, material: material.value, profile: profile.value,
      pull: options.pull, unit: options.unit, bodies: options.body, design: designOptions(options), formats: options.format ?? [],
      writeReport: steps.mold || options.out !== undefined, deflectionMm: options.deflection,
      maxBytes: options.maxBytes, maxFacets: options.maxFacets,
    });
  }
  return ok(jobs);
}
