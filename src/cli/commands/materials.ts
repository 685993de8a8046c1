import { InvalidArgumentError, Option, type Command } from "commander";
import { binderJsonSchema } from "../../mim/binder.ts";
import { convertShrinkage, type ConvertRequest } from "../../mim/convert.ts";
import { toCsv, type Cell } from "../../mim/csv.ts";
import { feedstockJsonSchema, readFeedstockFile, type Feedstock } from "../../mim/feedstock-file.ts";
import { findMaterial, MATERIALS, type Material } from "../../mim/materials.ts";
import { LIMITS, type LimitName } from "../../mim/profile.ts";
import { profileJsonSchema } from "../../mim/profile-file.ts";
import { loadingFromOsf, shrinkageFromOsf } from "../../mim/shrinkage.ts";
import { holdableTolerances, toleranceMm } from "../../mim/tolerance.ts";
import { sizeSpread, stateAtLoading } from "../../mim/uncertainty.ts";
import { fail, ok, type Problem, type Result } from "../../result.ts";
import { EXIT } from "../exit-codes.ts";
import { loadProfile } from "../load-profile.ts";
import { number, positive } from "../part-options.ts";
import { readText } from "../read-text.ts";
import { textTable } from "../table.ts";
import { printable, showProblem } from "../terminal.ts";

interface Options {
  readonly group?: string;
  readonly known?: boolean;
  readonly feedstock?: string;
  readonly size?: number;
  readonly convert?: ConvertRequest;
  readonly profile?: string;
  readonly schema?: keyof typeof SCHEMAS;
  readonly json?: boolean;
  readonly csv?: boolean;
}

const SCHEMAS = { feedstocks: feedstockJsonSchema, profile: profileJsonSchema, binder: binderJsonSchema };

/** ± that `--size` shows the effect of: half a point of loading, one point of density. */
const SPREAD = { solidsLoading: 0.005, relativeDensity: 0.01 };

/** Registers `materials`: what is known of every alloy, and who says so. */
export function register(program: Command): void {
  program
    .command("materials")
    .argument("[filter...]", "ids, aliases or words to look for")
    .description("list alloys with OSF, loading and density, each with its source; what no source gives is empty")
    .option("--group <words>", "only this group, for instance stainless")
    .option("--known", "only those with a sourced OSF")
    .option("--feedstock <file>", "add the materials and lots of a feedstock file")
    .option("--size <mm>", "what a dimension of this size can hold, and what spreads it", positive)
    .option("--convert <quantity=%>", "osf=1.165, shrinkage=14.16 or loading=63.2 into the others; density=98, loss=0.2 and mold-shrink=0.3 beside it; repeat it", convertOption)
    .option("--profile <id|file>", "show a rule profile: every limit and who says so")
    .addOption(new Option("--schema <file>", "print the JSON Schema of a user file").choices(Object.keys(SCHEMAS)))
    .addOption(new Option("--json", "JSON").conflicts("csv"))
    .option("--csv", "CSV")
    .addHelpText("after", "\nExamples:\n  oversize materials\n  oversize materials 17-4PH --size 10\n  oversize materials --group stainless --known --json\n  oversize materials --convert shrinkage=14.16\n  oversize materials --profile mima")
    .action((filter: string[], options: Options) => {
      const text = answer(filter, options);
      if (text.ok) process.stdout.write(text.value);
      else refuse(text.problem);
    });
}

function refuse(problem: Problem): void {
  showProblem(problem);
  process.exitCode = EXIT.usage;
}

function answer(filter: readonly string[], options: Options): Result<string> {
  if (options.schema) return ok(json(SCHEMAS[options.schema]()));
  if (options.convert) return converted(options.convert, options.json === true);
  if (options.profile !== undefined) return profileLimits(options.profile, options.json === true);
  const own = options.feedstock === undefined ? ok({ feedstocks: [] as readonly Feedstock[], materials: [] as readonly Material[] }) : readOwn(options.feedstock);
  if (!own.ok) return own;
  const { materials, feedstocks } = own.value;
  const listed = [...materials, ...MATERIALS.filter(({ id }) => !materials.some((m) => m.id === id))].filter((m) => selects(m, filter, options, materials));
  if (listed.length === 0) return fail("MATERIAL_UNKNOWN", `Nothing fits ${[...filter, options.group ?? "", options.known ? "with a sourced OSF" : ""].filter(Boolean).join(" ")}.`);
  const lots = feedstocks.filter((lot) => listed.some((m) => m.id === findMaterial(lot.material, materials)?.id));
  const size = options.size === undefined ? undefined : listed.map((m) => ({ id: m.id, ...sizeFacts(m, options.size!) }));
  if (options.json) return ok(json({ materials: listed.map(plain), ...(options.feedstock && { feedstocks: lots }), ...(size && { size }) }));
  if (options.csv) return ok(toCsv(CSV_COLUMNS, listed.map(csvRow)));
  return ok([materialsTable(listed), lots.length ? lotsTable(lots) : "", options.size === undefined ? "" : sizeText(listed, options.size)].filter(Boolean).join("\n"));
}

const CONVERTED = { osf: "osf", shrinkage: "shrinkage", loading: "solidsLoading", density: "relativeDensity", loss: "metalLoss", "mold-shrink": "moldShrink" } as const;

function convertOption(text: string, before: ConvertRequest = {}): ConvertRequest {
  const [name, written, ...rest] = text.split("=");
  if (!Object.hasOwn(CONVERTED, name) || written === undefined || rest.length) throw new InvalidArgumentError(`Give quantity=value with one of ${Object.keys(CONVERTED).join(", ")}.`);
  const quantity = CONVERTED[name as keyof typeof CONVERTED];
  const value = number(written.replace(/%$/, "")) / (quantity === "osf" ? 1 : 100);
  const whole = quantity === "osf" || quantity === "shrinkage" || quantity === "solidsLoading";
  return whole ? { ...before, [quantity]: value } : { ...before, state: { ...before.state, [quantity]: value } };
}

function converted(request: ConvertRequest, asJson: boolean): Result<string> {
  const found = convertShrinkage(request);
  if (!found.ok) return found;
  const { osf, shrinkage, solidsLoading, relativeDensity, metalLoss, moldShrink } = found.value;
  if (asJson) return ok(json({ osf, shrinkagePercent: shrinkage * 100, solidsLoadingPercent: solidsLoading * 100, sinteredDensityPercent: relativeDensity * 100, metalLossPercent: metalLoss * 100, moldShrinkPercent: moldShrink * 100 }));
  const percent = (value: number): string => (value * 100).toFixed(3);
  return ok(textTable(["OSF", "shrinkage %", "loading vol %", "sintered density %", "metal loss %", "mold shrink %"], [[osf.toFixed(5), percent(shrinkage), percent(solidsLoading), percent(relativeDensity), percent(metalLoss), percent(moldShrink)]]));
}

function profileLimits(given: string, asJson: boolean): Result<string> {
  const profile = loadProfile(given);
  if (!profile.ok) return profile;
  if (asJson) return ok(json(profile.value));
  const rows = Object.entries(profile.value.limits).map(([name, l]) => [name, l.min?.toString() ?? "", l.max?.toString() ?? "", l.preferred ? `${l.preferred.min ?? ""}–${l.preferred.max ?? ""}` : "", l.unit, LIMITS[name as LimitName].meaning, l.source]);
  return ok(`${printable(profile.value.title)}\n${textTable(["limit", "min", "max", "preferred", "unit", "of", "source"], rows)}`);
}

function readOwn(path: string): Result<{ feedstocks: readonly Feedstock[]; materials: readonly Material[] }> {
  const text = readText(path);
  return text.ok ? readFeedstockFile(text.value) : text;
}

function selects(material: Material, filter: readonly string[], { group, known }: Options, own: readonly Material[]): boolean {
  if (known && !material.osf) return false;
  if (group !== undefined && !material.group.toLowerCase().includes(group.toLowerCase())) return false;
  const text = [material.id, material.name, ...material.aliases, material.group, material.use ?? ""].join(" ").toLowerCase();
  return filter.length === 0 || filter.some((word) => findMaterial(word, own)?.id === material.id || (!findMaterial(word, own) && text.includes(word.toLowerCase())));
}

/** A material with what follows from its OSF. */
function plain(material: Material): object {
  const osf = material.osf?.value;
  if (osf === undefined) return material;
  return { ...material, derived: { shrinkagePercent: shrinkageFromOsf(osf) * 100, solidsLoadingPercent: loadingFromOsf(osf) * 100, method: "S = 1 − 1/OSF; loading = 1/OSF³ at full density" } };
}

function materialsTable(materials: readonly Material[]): string {
  const notes: string[] = [];
  const note = (fact: { source: string; date: string } | undefined): string => {
    if (!fact) return "";
    const text = `${fact.source}, ${fact.date}`;
    if (!notes.includes(text)) notes.push(text);
    return `[${notes.indexOf(text) + 1}]`;
  };
  const rows = materials.map((m) => {
    const osf = m.osf?.value;
    const range = m.sinteredDensityPercent?.value;
    return [
      m.id,
      m.group,
      osf?.toString() ?? m.osfCandidates?.value.join(" or ") ?? "–",
      osf === undefined ? "–" : (shrinkageFromOsf(osf) * 100).toFixed(2),
      osf === undefined ? "–" : (loadingFromOsf(osf) * 100).toFixed(2),
      m.theoreticalDensityGcm3?.value.toString() ?? "–",
      range ? `${range.min ?? ""}–${range.max ?? ""}` : "–",
      [...new Set([note(m.osf ?? m.osfCandidates), note(m.theoreticalDensityGcm3), note(m.sinteredDensityPercent)])].filter(Boolean).join(""),
    ];
  });
  const table = textTable(["id", "group", "OSF", "shrinkage %", "loading %", "density g/cm³", "sintered %", "sources"], rows);
  const foot = notes.map((text, i) => `[${i + 1}] ${printable(text)}\n`).join("");
  return `${table}\n${foot}– no source: give it with --osf, --density or --feedstock. An alloy's OSF is a default; the true one belongs to the feedstock lot.\n`;
}

function lotsTable(lots: readonly Feedstock[]): string {
  return textTable(["lot id", "material", "vendor", "grade", "lot", "OSF", "±", "date"], lots.map((l) => [l.id, l.material, l.vendor, l.grade, l.lot, [l.osf].flat().join(" / "), l.osfPlusMinus?.toString() ?? "", l.date]));
}

function sizeFacts(material: Material, sizeMm: number): { toleranceMm: number; spread?: ReturnType<typeof sizeSpread>; tolerances: ReturnType<typeof holdableTolerances> } {
  const tolerance = toleranceMm(sizeMm)!;
  const osf = material.osf?.value;
  // One point of density either way needs a state that is not already full: the middle of the guide's range.
  const range = material.sinteredDensityPercent?.value;
  const relativeDensity = range?.min !== undefined && range.max !== undefined ? (range.min + range.max) / 200 : 0.98;
  const state = osf === undefined ? undefined : stateAtLoading(loadingFromOsf(osf, { relativeDensity, metalLoss: 0, moldShrink: 0 }), { relativeDensity, metalLoss: 0, moldShrink: 0 });
  return { toleranceMm: tolerance, ...(state && { spread: sizeSpread(sizeMm, tolerance, state, SPREAD) }), tolerances: holdableTolerances(sizeMm) };
}

const NAMES = { solidsLoading: "solids loading ±0.5 vol %", relativeDensity: "sintered density ±1 point", metalLoss: "metal loss", moldShrink: "mold shrink" };

function sizeText(materials: readonly Material[], sizeMm: number): string {
  const tolerances = textTable(
    ["table", "± mm", "± mm across the parting line", "source"],
    holdableTolerances(sizeMm).map((t) => [t.table, t.plusMinusMm?.toFixed(3) ?? "–", t.acrossPartingMm?.map((v) => v.toFixed(3)).join("–") ?? "–", t.source]),
  );
  const rows = materials.flatMap((m) => {
    const { spread, toleranceMm: tolerance } = sizeFacts(m, sizeMm);
    if (!spread) return [];
    const each = spread.contributions.map((c) => [m.id, NAMES[c.quantity], ((c.percent * sizeMm) / 100).toFixed(4), c.percent.toFixed(3), (c.shareOfTolerance * 100).toFixed(0)]);
    return [...each, [m.id, "both, independent", spread.combinedMm.toFixed(4), ((100 * spread.combinedMm) / sizeMm).toFixed(3), ((100 * spread.combinedMm) / tolerance).toFixed(0)]];
  });
  const spread = rows.length ? `\nWhat moves a dimension of ${sizeMm} mm\n${textTable(["material", "by", "± mm", "± %", "% of ±0.3 %, floor 0.075 mm"], rows)}` : "";
  return `A dimension of ${sizeMm} mm can hold\n${tolerances}${spread}`;
}

const CSV_COLUMNS = ["id", "name", "group", "kind", "osf", "osf_source", "osf_date", "shrinkage_percent", "loading_percent", "density_gcm3", "density_source", "sintered_min_percent", "sintered_max_percent"];

function csvRow(m: Material): Cell[] {
  const osf = m.osf?.value;
  const fixed = (value: number, digits: number): number => Number(value.toFixed(digits));
  return [
    m.id,
    m.name,
    m.group,
    m.kind,
    osf ?? null,
    m.osf?.source ?? null,
    m.osf?.date ?? null,
    osf === undefined ? null : fixed(shrinkageFromOsf(osf) * 100, 4),
    osf === undefined ? null : fixed(loadingFromOsf(osf) * 100, 4),
    m.theoreticalDensityGcm3?.value ?? null,
    m.theoreticalDensityGcm3?.source ?? null,
    m.sinteredDensityPercent?.value.min ?? null,
    m.sinteredDensityPercent?.value.max ?? null,
  ];
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
