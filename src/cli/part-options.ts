import { InvalidArgumentError, Option, type Command } from "commander";
import { EXPORT_FORMATS, type ExportFormat } from "../export/formats.ts";
import type { OsfRequest } from "../mim/osf.ts";
import { parseOsf } from "../mim/osf.ts";
import { MOLD_DEFAULTS, type MoldDesign } from "../mold/design.ts";
import type { FailOn } from "./fail-on.ts";
import { ok, type Result } from "../result.ts";
import { LENGTH_UNITS, type LengthUnitName, type Vec3 } from "../units.ts";
import { loadFeedstock } from "./load-feedstock.ts";

/** Options of every command that takes parts. */
export interface PartOptions {
  readonly material?: string;
  readonly osf?: Vec3;
  readonly feedstock?: string;
  readonly density?: number;
  readonly pull?: Vec3;
  readonly profile: string;
  readonly unit?: LengthUnitName;
  readonly body?: string[];
  readonly format?: ExportFormat[];
  readonly together?: boolean;
  readonly origin?: MoldDesign["scaleOrigin"];
  readonly margin?: number;
  readonly blockSize?: Vec3;
  readonly round?: number;
  readonly parting?: number;
  readonly pins?: 0 | 2 | 4;
  readonly clearance?: number;
  readonly deflection?: number;
  readonly maxBytes: number;
  readonly maxFacets: number;
  readonly timeout: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly failOn?: FailOn;
}

/** Adds the options that choose how a part is read and checked. */
export function addReadOptions(command: Command): Command {
  return command
    .option("--material <id>", "alloy, as listed by `oversize materials`")
    .option("--osf <factor>", "oversize factor, one or x,y,z (1.165 or 1.165,1.165,1.171)", osfOption)
    .option("--feedstock <file[#id]>", "feedstock file, and which lot; its factor overrides the alloy's")
    .option("--density <g/cm3>", "pore-free density of the alloy", positive)
    .option("--pull <x,y,z>", "pull direction; chosen when not given", direction)
    .option("--profile <id|file>", "rule profile, or a JSON file of your own", "align")
    .addOption(new Option("--unit <unit>", "length unit when the file declares none").choices(Object.keys(LENGTH_UNITS)))
    .option("--body <id...>", "bodies to take, by number; all by default")
    .option("--deflection <mm>", "distance of facets from the surface", positive)
    .option("--max-bytes <n>", "largest file to open", count, 256 * 1024 * 1024)
    .option("--max-facets <n>", "most facets to mesh", count, 2_000_000)
    .option("--timeout <seconds>", "time limit of one file", positive, 600);
}

/** Adds the options that shape the mold. */
export function addMoldOptions(command: Command): Command {
  return command
    .addOption(new Option("--origin <point>", "what stays in place while the part grows").choices(["part-origin", "centroid", "box-centre"]))
    .option("--margin <mm>", "steel around the part", positive)
    .option("--block-size <x,y,z>", "explicit block size, mm, z along the pull", vector)
    .option("--round <mm>", "step the block's size is rounded up to", nonNegative)
    .option("--parting <mm>", "height of the parting plane along the pull; chosen when not given", number)
    .addOption(new Option("--pins <n>", "alignment pins").choices(["0", "2", "4"]).argParser((v) => oneOf(v, ["0", "2", "4"])))
    .option("--clearance <mm>", "gap at the parting face outside the land", nonNegative)
    .option("--together", "all bodies in one mold instead of one each")
    .option("--format <format...>", `further formats: ${EXPORT_FORMATS.join(", ")}`, formats);
}

/** Adds where results go. */
export function addOutputOptions(command: Command): Command {
  return command
    .option("--out <dir>", "folder for results")
    .option("--json", "the report on stdout, nothing else")
    .option("--quiet", "no progress");
}

/** Material and factor as asked for; undefined when neither was. */
export function materialRequest(options: PartOptions): Result<OsfRequest | undefined> {
  const { material, osf: factor, density } = options;
  if (options.feedstock) {
    const own = loadFeedstock(options.feedstock, material);
    return own.ok ? ok({ material, ...own.value, osf: factor, densityGcm3: density, today: today() }, own.warnings) : own;
  }
  if (material === undefined && factor === undefined) return ok(undefined);
  return ok({ material, osf: factor, densityGcm3: density, today: today() });
}

const today = (): string => new Date().toISOString().slice(0, 10);

/** The mold design asked for, without the factor. */
export function designOptions(options: PartOptions): Partial<Omit<MoldDesign, "osf">> {
  const roundToMm = options.round ?? MOLD_DEFAULTS.block.roundToMm;
  const margin = options.margin;
  return {
    ...(options.origin && { scaleOrigin: options.origin }),
    ...(options.blockSize ? { block: { kind: "size" as const, sizeMm: options.blockSize, roundToMm } }
      : margin !== undefined || options.round !== undefined
        ? { block: { kind: "margin" as const, sideMm: margin ?? 15, topMm: margin ?? 15, bottomMm: margin ?? 15, roundToMm } } : {}),
    ...(options.parting !== undefined && { partingMm: options.parting }),
    ...(options.pins !== undefined && { pins: { ...MOLD_DEFAULTS.pins, count: options.pins } }),
    ...(options.clearance !== undefined && { clearanceMm: options.clearance }),
    ...(options.together && { bodies: "together" as const }),
    ...(options.pull && { pull: options.pull }),
  };
}

/** An oversize factor, or a usage error that says what was probably meant. */
export function osfOption(text: string): Vec3 {
  const parsed = parseOsf(text);
  if (!parsed.ok) throw new InvalidArgumentError(`${parsed.problem.message} ${parsed.problem.suggestion}`);
  return parsed.value;
}

/** A finite number, or a usage error. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Not a number.");
  return value;
}

/** A number above zero, or a usage error. */
export function positive(text: string): number {
  const value = number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It must be above 0.");
  return value;
}

function nonNegative(text: string): number {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError("It must not be negative.");
  return value;
}

/** A whole number above zero, or a usage error. */
export function count(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("It must be a whole number.");
  return value;
}

function vector(text: string): Vec3 {
  const parts = text.split(",").map(number);
  if (parts.length !== 3) throw new InvalidArgumentError("Three numbers separated by commas are needed, for instance 0,0,1.");
  return [parts[0], parts[1], parts[2]];
}

function direction(text: string): Vec3 {
  const named: Record<string, Vec3> = { "+x": [1, 0, 0], "-x": [-1, 0, 0], "+y": [0, 1, 0], "-y": [0, -1, 0], "+z": [0, 0, 1], "-z": [0, 0, -1] };
  const found = Object.hasOwn(named, text) ? named[text] : vector(text);
  if (Math.hypot(...found) === 0) throw new InvalidArgumentError("A direction of length 0.");
  return found;
}

function oneOf(text: string, allowed: readonly string[]): number {
  if (!allowed.includes(text)) throw new InvalidArgumentError(`Allowed: ${allowed.join(", ")}.`);
  return Number(text);
}

function formats(text: string, before: ExportFormat[] = []): ExportFormat[] {
  const found = EXPORT_FORMATS.find((f) => f === text);
  if (!found) throw new InvalidArgumentError(`Allowed: ${EXPORT_FORMATS.join(", ")}.`);
  return [...before, found];
}
