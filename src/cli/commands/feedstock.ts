import { existsSync } from "node:fs";
import { InvalidArgumentError, Option, type Command } from "commander";
import { readBinder, resolveBinder, type Binder } from "../../mim/binder.ts";
import { toCsv } from "../../mim/csv.ts";
import { resolveOsf, type ResolvedMaterial } from "../../mim/osf.ts";
import { ARTICLE_PRINTED, comparePrinted, isArticleExample, PRINTED_QUANTITIES, type Printed, type PrintedComparison } from "../../mim/printed-values.ts";
import { computeRecipe, osfOfBatch, splitBinder, type Batch, type Charge, type Recipe, type RecipeRequest } from "../../mim/recipe.ts";
import type { Densification } from "../../mim/shrinkage.ts";
import { SOURCES } from "../../mim/sources.ts";
import { fail, ok, type Problem, type Result } from "../../result.ts";
import type { Vec3 } from "../../units.ts";
import { EXIT } from "../exit-codes.ts";
import { loadFeedstock, type LoadedFeedstock } from "../load-feedstock.ts";
import { number, osfOption, positive } from "../part-options.ts";
import { readText } from "../read-text.ts";
import { textTable } from "../table.ts";
import { showProblem } from "../terminal.ts";

interface Options {
  readonly material?: string;
  readonly mass?: number;
  readonly metal?: Charge[];
  readonly osf?: Vec3;
  readonly density?: number;
  readonly feedstock?: string;
  readonly binder: string;
  readonly sinteredDensity: number;
  readonly metalLoss: number;
  readonly moldShrink: number;
  readonly dosed?: string;
  readonly printed?: Printed[];
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** Registers `feedstock`: the recipe of a batch, and the OSF of one as it was dosed. */
export function register(program: Command): void {
  program
    .command("feedstock")
    .description("weigh out a feedstock: binder, constituent by constituent, for a mass of powder and an OSF; or what OSF a batch has as dosed")
    .option("--material <id>", "alloy, as listed by `oversize materials`")
    .option("--mass <g>", "mass of its powder", positive)
    .option("--metal <name:g:g/cm3>", "one of several powders; repeat it", metal)
    .option("--osf <factor>", "oversize factor, one or x,y,z; the material's when not given", osfOption)
    .option("--density <g/cm3>", "pore-free density of the powder; the material's when not given", positive)
    .option("--feedstock <file[#id]>", "take OSF and density from this feedstock")
    .option("--binder <id|file|recipe>", "pom-7, a JSON file, or name:parts:density,…", "pom-7")
    .option("--sintered-density <%>", "of theoretical", number, 100)
    .option("--metal-loss <%>", "of the metal's mass, in the furnace", number, 0)
    .option("--mold-shrink <%>", "linear, from cavity to green part", number, 0)
    .option("--dosed <g|name:g,…>", "the binder as it was weighed in: report the batch's real OSF")
    .option("--printed <quantity=value>", `compare with a printed value; repeat it (${PRINTED_QUANTITIES.join(", ")}, massG:NAME)`, printed)
    .addOption(new Option("--json", "JSON").conflicts("csv"))
    .option("--csv", "CSV")
    .addHelpText("after", "\nExamples:\n  oversize feedstock --material 17-4PH --mass 15000 --osf 1.165\n  oversize feedstock --material 17-4PH --mass 15000 --osf 1.165 --dosed 1501.119\n  oversize feedstock --metal Fe:500:7.874 --metal Ni:500:8.908 --osf 1.163 --binder PW:65:0.9,PP:30:0.91,SA:5:0.94 --csv")
    .action((options: Options) => {
      const answer = compute(options);
      if (!answer.ok) return refuse(answer.problem);
      for (const problem of answer.warnings) showProblem(problem);
      process.stdout.write(options.json ? asJson(answer.value) : options.csv ? asCsv(answer.value) : asText(answer.value));
    });
}

function refuse(problem: Problem): void {
  showProblem(problem);
  process.exitCode = EXIT.usage;
}

interface Answer {
  readonly request: RecipeRequest;
  readonly source: string;
  readonly recipe: Recipe;
  readonly dosed?: Batch;
  readonly comparisons: readonly PrintedComparison[];
}

function compute(options: Options): Result<Answer> {
  const chosen = chooseRequest(options);
  if (!chosen.ok) return chosen;
  const { request, source } = chosen.value;
  const recipe = computeRecipe(request);
  if (!recipe.ok) return recipe;
  const dosed = options.dosed === undefined ? undefined : doseOf(options.dosed, request);
  if (dosed && !dosed.ok) return dosed;
  const wanted = [...(isArticleExample(request) ? ARTICLE_PRINTED : []), ...(options.printed ?? [])];
  const comparisons: PrintedComparison[] = [];
  for (const value of wanted) {
    const compared = comparePrinted(recipe.value, value);
    if (!compared) return fail("RECIPE_INVALID", `There is no quantity "${value.quantity}" to compare with.`, `Use ${PRINTED_QUANTITIES.join(", ")}, massG:NAME or volumePer100gCm3:NAME.`);
    comparisons.push(compared);
  }
  return ok({ request, source, recipe: recipe.value, dosed: dosed?.value, comparisons }, chosen.warnings);
}

function chooseRequest(options: Options): Result<{ request: RecipeRequest; source: string }> {
  const binder = chooseBinder(options.binder);
  if (!binder.ok) return binder;
  const state: Densification = { relativeDensity: options.sinteredDensity / 100, metalLoss: options.metalLoss / 100, moldShrink: options.moldShrink / 100 };
  const lot = options.feedstock === undefined ? ok<LoadedFeedstock>({ materials: [] }) : loadFeedstock(options.feedstock, options.material);
  if (!lot.ok) return lot;
  const resolved = resolveOsf({ material: options.material, ...lot.value, osf: options.osf, densityGcm3: options.density, today: new Date().toISOString().slice(0, 10) });
  if (!resolved.ok) return resolved;
  const metals = chooseMetals(options, resolved.value);
  if (!metals.ok) return metals;
  // A recipe is where the alloy's default is a design choice: it makes the lot.
  const warnings = resolved.warnings.filter(({ code }) => code !== "OSF_DEFAULT");
  return ok({ request: { metals: metals.value, osf: resolved.value.osf, binder: binder.value, state }, source: resolved.value.source }, warnings);
}

function chooseMetals({ metal: given, mass }: Options, { id, densityGcm3 }: ResolvedMaterial): Result<Charge[]> {
  if (given) return mass === undefined ? ok(given) : fail("USAGE", "--mass goes with --material; --metal carries its own mass.");
  if (mass === undefined) return fail("USAGE", "The powder's mass is missing.", "Give --mass in grams, or --metal name:grams:density.");
  if (densityGcm3 === undefined) return fail("RECIPE_INVALID", `No source gives the density of ${id}.`, "Give the powder's pore-free density with --density, in g/cm³.");
  return ok([{ name: id, massG: mass, densityGcm3 }]);
}

function chooseBinder(given: string): Result<Binder> {
  if (!existsSync(given)) return resolveBinder(given);
  const text = readText(given);
  return text.ok ? readBinder(text.value) : text;
}

/** A total in grams is split as the recipe says; `POM:1321,PP:37.5` is taken as weighed. */
function doseOf(dosed: string, { metals, osf, binder, state }: RecipeRequest): Result<Batch> {
  if (!dosed.includes(":")) return osfOfBatch(metals, splitBinder(binder, Number(dosed)), osf, state);
  const charges: Charge[] = [];
  for (const part of dosed.split(",")) {
    const [name, mass] = part.split(":").map((field) => field.trim());
    const known = binder.constituents.find((c) => c.name.toLowerCase() === name.toLowerCase());
    if (!known) return fail("RECIPE_INVALID", `The binder has no "${name}".`, `It has ${binder.constituents.map((c) => c.name).join(", ")}.`);
    charges.push({ name: known.name, massG: Number(mass), densityGcm3: known.densityGcm3 });
  }
  const left = binder.constituents.filter((c) => !charges.some((d) => d.name === c.name));
  if (left.length) return fail("RECIPE_INVALID", `What was weighed in lacks ${left.map((c) => c.name).join(", ")}.`, "Name every constituent.");
  return osfOfBatch(metals, charges, osf, state);
}

const asJson = ({ recipe, dosed, comparisons, source, request }: Answer): string =>
  `${JSON.stringify({ schema: "oversize.recipe/1", source, binder: { id: request.binder.id, source: request.binder.source }, state: request.state, recipe, ...(dosed && { dosed }), ...(comparisons.length && { printed: comparisons }) }, null, 2)}\n`;

const fixed = (value: number, digits: number): string => value.toFixed(digits);
const exact = (value: number, digits: number): number => Number(value.toFixed(digits));

function asCsv({ recipe }: Answer): string {
  const line = (group: string) => (c: Recipe["constituents"][number]) => [group, c.name, exact(c.weightShare * 100, 4), c.densityGcm3, exact(c.volumePer100gCm3, 4), exact(c.massG, 3), exact(c.volumeCm3, 3)];
  const { metalMassG, metalDensityGcm3, metalVolumeCm3, binderMassG, binderDensityGcm3, binderVolumePer100gCm3, binderVolumeCm3, feedstockMassG, feedstockDensityGcm3 } = recipe;
  return toCsv(
    ["group", "name", "weight_percent_of_group", "density_gcm3", "cm3_in_100g", "mass_g", "volume_cm3"],
    [
      ...recipe.metals.map(line("metal")),
      ...recipe.constituents.map(line("binder")),
      ["total", "metal", exact(recipe.metalWeightShare * 100, 4), exact(metalDensityGcm3, 4), exact(100 / metalDensityGcm3, 4), exact(metalMassG, 3), exact(metalVolumeCm3, 3)],
      ["total", "binder", exact(recipe.binderWeightShare * 100, 4), exact(binderDensityGcm3, 4), exact(binderVolumePer100gCm3, 4), exact(binderMassG, 3), exact(binderVolumeCm3, 3)],
      ["total", "feedstock", 100, exact(feedstockDensityGcm3, 4), exact(100 / feedstockDensityGcm3, 4), exact(feedstockMassG, 3), exact(metalVolumeCm3 + binderVolumeCm3, 3)],
    ],
  );
}

function asText({ recipe, dosed, comparisons, source, request }: Answer): string {
  const row = (c: Recipe["constituents"][number]): string[] => [c.name, fixed(c.weightShare * 100, 2), fixed(c.densityGcm3, 3), fixed(c.volumePer100gCm3, 3), fixed(c.massG, 1), fixed(c.volumeCm3, 2)];
  const table = textTable(
    ["", "% of group", "g/cm³", "cm³ in 100 g", "mass g", "volume cm³"],
    [
      ...recipe.metals.map(row),
      ...recipe.constituents.map(row),
      ["metal", fixed(recipe.metalWeightShare * 100, 2), fixed(recipe.metalDensityGcm3, 3), fixed(100 / recipe.metalDensityGcm3, 3), fixed(recipe.metalMassG, 1), fixed(recipe.metalVolumeCm3, 2)],
      ["binder", fixed(recipe.binderWeightShare * 100, 2), fixed(recipe.binderDensityGcm3, 3), fixed(recipe.binderVolumePer100gCm3, 3), fixed(recipe.binderMassG, 1), fixed(recipe.binderVolumeCm3, 2)],
      ["feedstock", "100.00", fixed(recipe.feedstockDensityGcm3, 3), fixed(100 / recipe.feedstockDensityGcm3, 3), fixed(recipe.feedstockMassG, 1), fixed(recipe.metalVolumeCm3 + recipe.binderVolumeCm3, 2)],
    ],
  );
  const ratio = (a: number, b: number): string => `${fixed(a * 100, 2)} : ${fixed(b * 100, 2)}`;
  const head = [
    `OSF ${[request.osf].flat().every((f, _, all) => f === all[0]) ? [request.osf].flat()[0] : [request.osf].flat().join(", ")} (${source})`,
    `metal : binder  ${ratio(recipe.solidsLoading, recipe.binderFraction)} by volume, ${ratio(recipe.metalWeightShare, recipe.binderWeightShare)} by weight`,
    `binder: ${request.binder.title} (${request.binder.source})`,
  ].join("\n");
  return [`${head}\n`, table, dosed ? dosedText(dosed) : "", comparisons.length ? comparisonText(comparisons, isArticleExample(request)) : ""].filter(Boolean).join("\n");
}

function dosedText({ recipe, osf, shrinkage, sizeErrorPercent }: Batch): string {
  const error = sizeErrorPercent ?? 0;
  const size = Math.abs(error) < 5e-4 ? "on size" : `${fixed(Math.abs(error), 3)} % ${error < 0 ? "undersize" : "oversize"}`;
  return `As dosed: ${fixed(recipe.binderMassG, 3)} g of binder, ${fixed(recipe.solidsLoading * 100, 2)} vol % of powder, OSF ${fixed(osf, 4)}, shrinkage ${fixed(shrinkage * 100, 2)} %.\nParts from a cavity for the OSF above come out ${size}.\n`;
}

function comparisonText(comparisons: readonly PrintedComparison[], isArticle: boolean): string {
  const differing = comparisons.filter((c) => !c.agrees);
  if (differing.length === 0) return `All ${comparisons.length} printed values agree with the recomputed ones.\n`;
  const rows = differing.map((c) => [c.quantity, c.printed, fixed(c.recomputed, Math.max(3, c.printed.split(".")[1]?.length ?? 0)), `${c.differencePercent > 0 ? "+" : ""}${fixed(c.differencePercent, 2)}`]);
  const where = isArticle ? `This is the worked example of ${SOURCES.pim.title}.\n` : "";
  return `${where}${differing.length} of ${comparisons.length} printed values differ from the recomputed ones\n${textTable(["quantity", "printed", "recomputed", "printed is off by %"], rows)}`;
}

function metal(text: string, before: Charge[] = []): Charge[] {
  const [name, mass, density, ...rest] = text.split(":");
  if (!name || density === undefined || rest.length) throw new InvalidArgumentError("Give name:grams:density, for instance Fe:500:7.874.");
  return [...before, { name, massG: positive(mass), densityGcm3: positive(density) }];
}

function printed(text: string, before: Printed[] = []): Printed[] {
  const at = text.lastIndexOf("=");
  const value = text.slice(at + 1).trim();
  if (at < 1 || !/^\d+(\.\d+)?$/.test(value)) throw new InvalidArgumentError("Give quantity=value, for instance binderMassG=1501.119.");
  return [...before, { quantity: text.slice(0, at).trim(), printed: value }];
}
