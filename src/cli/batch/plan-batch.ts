import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { ok, fail, type Result } from "../../result.ts";
import type { Job } from "../job.ts";
import { resolveOsf, type OsfRequest } from "../../mim/osf.ts";
import { profileText } from "../load-profile.ts";
import { designOptions, materialRequest, type PartOptions } from "../part-options.ts";
import { settingsOf } from "../settings.ts";
import type { BatchItem, ShownSettings } from "./batch-item.ts";
import { outputOf, type PlacedInput } from "./assign-outputs.ts";
import { readSidecar, type OwnSettings, type SettingsTable } from "./part-settings.ts";

/** What all items of a batch share. */
export interface PlanOptions {
  readonly options: PartOptions;
  readonly outDir: string;
  readonly check: boolean;
  readonly mold: boolean;
  readonly table?: SettingsTable;
}

/**
 * One item for each input, with its own settings over those of the run: table over sidecar over flag, environment,
 * file and default. Settings of the run that are wrong are an error; those of one sidecar fail that file alone.
 */
export function planBatch(command: Command, inputs: readonly PlacedInput[], plan: PlanOptions): Result<BatchItem[]> {
  const resolveOnce = memoized(), shared = settingsOf(command);
  const base = resolveOnce(plan.options);
  if (!base.ok) return base;
  const items: BatchItem[] = [];
  for (const input of inputs) {
    const sidecar = readSidecar(command, input);
    const own: OwnSettings = { ...(sidecar.ok ? sidecar.value : {}), ...plan.table?.of(input) };
    const options = overlay(plan.options, own);
    const resolved = resolveOnce(options);
    if (!resolved.ok && Object.values(own).every((s) => s.from === "table")) return fail(resolved.problem.code, `${input.relative}: ${resolved.problem.message}`, resolved.problem.suggestion);
    const problem = !sidecar.ok ? sidecar.problem : !resolved.ok ? resolved.problem : undefined;
    items.push(makeItem(input, options, resolved.ok ? resolved.value : base.value, { plan, settings: { ...shared, ...own }, problem }));
  }
  const [first] = items;
  if (plan.mold && items.every((item) => !item.job.material && !item.problem)) return fail("MATERIAL_UNKNOWN", `Molds need one, and ${first.file} has none.`, "Give --material, --osf, a table with a column material, or --no-mold.");
  return ok(items);
}

interface Resolved { readonly material?: OsfRequest; readonly profile: string }

function makeItem(input: PlacedInput, options: PartOptions, { material, profile }: Resolved, more: { plan: PlanOptions; settings: ShownSettings; problem?: BatchItem["problem"] }): BatchItem {
  const { plan, settings, problem } = more, output = outputOf(input);
  const job: Job = {
    input: input.path, outDir: resolve(join(plan.outDir, dirname(output))), stem: input.stem, check: plan.check, mold: plan.mold,
    material, profile, pull: options.pull, unit: options.unit, bodies: options.body, design: designOptions(options), formats: options.format ?? [],
    writeReport: true, thumbnail: true, deflectionMm: options.deflection, maxBytes: options.maxBytes, maxFacets: options.maxFacets, settings,
  };
  return { file: input.relative, output, job, timeoutMs: options.timeout * 1000, ...(problem && { problem }) };
}

function overlay(options: PartOptions, own: OwnSettings): PartOptions {
  const values = Object.fromEntries(Object.entries(own).map(([name, { value }]) => [name, value]));
  // A file's own material comes without the run's factor and lot: those belong to another alloy.
  const lot = options.feedstock?.includes("#") ? { feedstock: undefined } : {};
  const foreign = own.material && !own.osf && !own.feedstock ? { osf: undefined, density: undefined, ...lot } : {};
  return { ...options, ...foreign, ...values };
}

/** Ten thousand files share a few materials and profiles: each is read once. */
function memoized(): (options: PartOptions) => Result<Resolved> {
  const known = new Map<string, Result<Resolved>>();
  return (options) => {
    const { material, osf, feedstock, density, profile } = options;
    const key = JSON.stringify([material, osf, feedstock, density, profile]);
    const found = known.get(key) ?? resolveShared(options);
    known.set(key, found);
    return found;
  };
}

function resolveShared(options: PartOptions): Result<Resolved> {
  const material = materialRequest(options);
  if (!material.ok) return material;
  const osf = material.value && resolveOsf(material.value);
  // A factor that is not known stops molds, file by file; checks go without.
  if (osf && !osf.ok && osf.problem.code !== "OSF_UNKNOWN") return osf;
  const profile = profileText(options.profile);
  return profile.ok ? ok({ material: material.value, profile: profile.value }) : profile;
}

/** Which of `count` shards an input belongs to, 1 to `count`; it stays there when other inputs come or go. */
export function shardOf(file: string, count: number): number {
  return (createHash("sha256").update(file).digest().readUInt32BE(0) % count) + 1;
}
