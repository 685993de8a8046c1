import { fail, ok, type Result } from "../result.ts";
import { LIMITS, type LimitName } from "./limits.ts";
import { readProfileFile, type ProfileFile } from "./profile-file.ts";
import { SOURCES, type Range, type SourceId } from "./sources.ts";
import { parseJson } from "./user-json.ts";

export { LIMITS, LIMIT_NAMES, type LimitName } from "./limits.ts";

/**
 * One limit. A value equal to it passes. `min`/`max` are what the source allows, `preferred` what it recommends
 * inside that; a source may give only one of the two.
 */
export interface Limit {
  readonly min?: number;
  readonly max?: number;
  readonly preferred?: Range;
  readonly unit: string;
  readonly source: string;
}

/** A named set of limits. A limit that is not there has no source in this profile: measure, but give no verdict. */
export interface Profile {
  readonly id: string;
  readonly title: string;
  readonly limits: Readonly<Partial<Record<LimitName, Limit>>>;
}

type Numbers = Omit<Limit, "unit" | "source">;

/** Builds a shipped profile: every limit of it from the one source. */
function shipped(id: SourceId, given: Partial<Record<LimitName, Numbers & { note?: string }>>): Profile {
  const { title, date } = SOURCES[id];
  const base = date === "undated" ? title : `${title}, ${date}`;
  const limits: Partial<Record<LimitName, Limit>> = {};
  for (const [name, value] of Object.entries(given) as [LimitName, Numbers & { note?: string }][]) {
    const { note, ...numbers } = value;
    limits[name] = { ...numbers, unit: LIMITS[name].unit, source: note ? `${base}: ${note}` : base };
  }
  return { id, title, limits };
}

/** The profile used when none is named. */
export const DEFAULT_PROFILE = "align";

/** The shipped profiles, each holding only what its source says. */
export const PROFILES: readonly Profile[] = [
  shipped("align", {
    wall: { min: 0.5, max: 6, note: "thin walls down to 0.5 mm; ideally 0.5–6 mm" },
    draft: { min: 0.5, note: "draft angles of 0.5° or greater" },
    internalRadius: { min: 0.25, note: "radii of at least 0.25 mm" },
    externalRadius: { min: 0.25, note: "radii of at least 0.25 mm" },
    mass: { min: 2, max: 100, note: "2 g to 100 g" },
    tolerance: { min: 0.3, note: "±0.3 %" },
    toleranceFloor: { min: 0.075, note: "minimum of ±0.075 mm" },
    density: { min: 96, max: 99 },
    roughness: { min: 1, max: 2 },
    shrinkage: { min: 15, max: 20, note: "15–20 % in all dimensions; the OSF of the feedstock decides" },
    injectionPressure: { min: 50, max: 200 },
    injectionTemperature: { min: 150, max: 180 },
    sinterTemperature: { min: 1200, max: 1400 },
    annualVolume: { min: 10_000, preferred: { min: 100_000 } },
    toolingCost: { min: 15_000, max: 50_000 },
    toolingTime: { min: 6, max: 10 },
  }),
  shipped("mima", {
    wall: { preferred: { min: 1.3, max: 6.3 } },
    draft: { min: 0.5, preferred: { min: 0.5, max: 2 }, note: "0.5–2°, rising with depth" },
    internalRadius: { preferred: { min: 0.4, max: 0.8 } },
    externalRadius: { preferred: { min: 0.4, max: 0.8 } },
  }),
  shipped("optimim", { wall: { preferred: { min: 1, max: 3 }, note: "optimum 1.0–3.0 mm; some parts need no draft" } }),
  shipped("sintex", { wall: { min: 0.2, max: 6 }, mass: { min: 0.1, max: 250 } }),
  shipped("app", { wall: { min: 0.1, max: 12.5 }, holeDiameter: { min: 0.1 }, size: { min: 2, max: 150 }, mass: { min: 0.03, max: 300 } }),
  shipped("brm", {
    draft: { min: 0.5, note: "outer walls" },
    coreDraft: { min: 0.75, preferred: { min: 0.75, max: 1 } },
    deepRibDraft: { min: 1, preferred: { min: 1, max: 2 } },
    partingTolerance: { min: 0.05, max: 0.15 },
    partingFlash: { min: 0.03, max: 0.15 },
    slideTooling: { min: 20, max: 30 },
  }),
  shipped("smith", { ventDepth: { max: 0.015 }, ventWidth: { max: 12, note: "opposite the gate" } }),
];

/**
 * The profile of that id, or the one a user describes (JSON text or a parsed object, `oversize.profile/1`).
 * `extends` names a shipped profile or one of `others`, whose limits it takes over; a bound that is named
 * replaces the inherited one, a limit set to `null` is dropped. PROFILE_UNKNOWN lists what there is; CONFIG_INVALID names the field.
 */
export function resolveProfile(idOrJson: string | object = DEFAULT_PROFILE, others: readonly ProfileFile[] = []): Result<Profile> {
  if (typeof idOrJson === "string" && !idOrJson.trimStart().startsWith("{")) return namedProfile(idOrJson.trim(), others, []);
  const json = typeof idOrJson === "string" ? parseJson(idOrJson, "profile") : ok<unknown>(idOrJson);
  if (!json.ok) return json;
  const file = readProfileFile(json.value);
  return file.ok ? extendProfile(file.value, others, []) : file;
}

function namedProfile(id: string, others: readonly ProfileFile[], chain: readonly string[]): Result<Profile> {
  const own = others.find((file) => file.id === id);
  if (own) return extendProfile(own, others, chain);
  const profile = PROFILES.find((shippedOne) => shippedOne.id === id);
  const listed = [...PROFILES, ...others].map((p) => p.id).join(", ");
  return profile ? ok(profile) : fail("PROFILE_UNKNOWN", `"${id}". There are: ${listed}.`);
}

function extendProfile(file: ProfileFile, others: readonly ProfileFile[], chain: readonly string[]): Result<Profile> {
  if (chain.includes(file.id)) return fail("CONFIG_INVALID", `Profiles extend each other in a circle: ${[...chain, file.id].join(" → ")}.`);
  const base = file.extends === undefined ? ok<Profile | undefined>(undefined) : namedProfile(file.extends, others, [...chain, file.id]);
  if (!base.ok) return base;
  const limits: Partial<Record<LimitName, Limit>> = { ...base.value?.limits };
  for (const [name, given] of Object.entries(file.limits) as [LimitName, ProfileFile["limits"][LimitName]][]) {
    if (given === undefined) continue;
    if (given === null) delete limits[name];
    else limits[name] = overlay(name, given, limits[name], given.source ?? file.source ?? `profile ${file.id}`);
    const wrong = limits[name] && contradiction(limits[name]);
    if (wrong) return fail("CONFIG_INVALID", `Profile: limits.${name}: ${wrong}, counting what ${file.extends} gives.`);
  }
  return ok({ id: file.id, title: file.title ?? file.id, limits });
}

/** What the user gives over what is inherited; a bound the user does not name stays, with its source. */
function overlay(name: LimitName, given: Numbers, inherited: Limit | undefined, source: string): Limit {
  const { min, max, preferred } = given;
  const keeps = inherited && ((min === undefined && inherited.min !== undefined) || (max === undefined && inherited.max !== undefined) || (!preferred && inherited.preferred));
  return {
    ...inherited,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(preferred && { preferred }),
    unit: LIMITS[name].unit,
    source: keeps ? `${source}; the rest: ${inherited.source}` : source,
  };
}

function contradiction({ min, max, preferred }: Limit): string | undefined {
  if (min !== undefined && max !== undefined && min > max) return `min ${min} is above max ${max}`;
  if (preferred?.min !== undefined && max !== undefined && preferred.min > max) return `preferred min ${preferred.min} is above max ${max}`;
  if (preferred?.max !== undefined && min !== undefined && preferred.max < min) return `preferred max ${preferred.max} is below min ${min}`;
  return undefined;
}
