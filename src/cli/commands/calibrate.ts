import { Option, type Command } from "commander";
import { resolveBinder } from "../../mim/binder.ts";
import { calibrate, type AxisCalibration, type CalibratedDimension, type Calibration } from "../../mim/calibrate.ts";
import { plotCalibration } from "../../mim/calibration-plot.ts";
import { toCsv } from "../../mim/csv.ts";
import { findMaterial } from "../../mim/materials.ts";
import { mixtureDensity } from "../../mim/recipe.ts";
import { rescueAdvice, type Rescue } from "../../mim/rescue.ts";
import { profileToleranceMm } from "../../mim/tolerance.ts";
import { readTrialCsv } from "../../mim/trial.ts";
import { fail, ok, type Problem, type Result } from "../../result.ts";
import type { Vec3 } from "../../units.ts";
import { EXIT } from "../exit-codes.ts";
import { loadProfile } from "../load-profile.ts";
import { osfOption, positive } from "../part-options.ts";
import { readText } from "../read-text.ts";
import { textTable } from "../table.ts";
import { printable, showProblem } from "../terminal.ts";
import { writeAtomic } from "../write-files.ts";

interface Options {
  readonly osf?: Vec3;
  readonly profile: string;
  readonly confidence: number;
  readonly weights: "equal" | "tolerance";
  readonly keepOutliers?: boolean;
  readonly plot?: string;
  readonly mass?: number;
  readonly density?: number;
  readonly volume?: number;
  readonly material?: string;
  readonly theoreticalDensity?: number;
  readonly targetDensity?: number;
  readonly batch?: number;
  readonly binder: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

const EXAMPLES = `
Examples:
  printf 'dimension,axis,target,measured\\nlength,x,40,40.13\\nwidth,x,25,25.08\\nslot,x,12,12.04\\nboss,x,6,6.02\\n' | oversize calibrate - --osf 1.165
  oversize calibrate --osf 1.165 --material 17-4PH --mass 12.60 --density 7.60 --volume 1.640 --target-density 98 --batch 5000

The file is CSV: dimension,axis,target,measured and, if wanted, cavity,tolerance; lengths in mm, axis x, y, z or empty,
one row per dimension and part.`;

/** Registers `calibrate`: the OSF from trial parts, or from their mass and density. */
export function register(program: Command): void {
  program
    .command("calibrate")
    .argument("[trial]", "CSV of measured trial parts, - for standard input")
    .description("find the true OSF from measured trial parts, with its interval, offsets and outliers; or what to do with a feedstock, from mass and density")
    .option("--osf <factor>", "what the cavity was cut for, one or x,y,z", osfOption)
    .option("--profile <id|file>", "rule profile whose tolerance counts where the file gives none", "align")
    .option("--confidence <%>", "level of all intervals", positive, 95)
    .addOption(new Option("--weights <kind>", "equal, or by tolerance where scatter grows with size").choices(["equal", "tolerance"]).default("equal"))
    .option("--keep-outliers", "leave flagged outliers in the fit")
    .option("--plot <file.svg>", "write a plot")
    .option("--mass <g>", "mass of a sintered part", positive)
    .option("--density <g/cm3>", "its measured density", positive)
    .option("--volume <cm3>", "its volume on the drawing", positive)
    .option("--material <id>", "alloy, for its pore-free density")
    .option("--theoretical-density <g/cm3>", "pore-free density", positive)
    .option("--target-density <%>", "sintered density to be reached, % of theoretical", positive)
    .option("--batch <g>", "feedstock left to be mended", positive)
    .option("--binder <id|recipe>", "its binder, pom-7 or name:parts:density,…", "pom-7")
    .addOption(new Option("--json", "JSON").conflicts("csv"))
    .option("--csv", "CSV, one row per dimension")
    .addHelpText("after", EXAMPLES)
    .action(async (trial: string | undefined, options: Options) => {
      const answer = trial === undefined ? rescue(options) : await fromTrial(trial, options);
      if (!answer.ok) return refuse(answer.problem);
      for (const problem of answer.warnings) showProblem(problem);
      process.stdout.write(answer.value);
    });
}

function refuse(problem: Problem): void {
  showProblem(problem);
  process.exitCode = problem.code === "OUTPUT_FAILED" ? EXIT.failed : EXIT.usage;
}

async function fromTrial(path: string, options: Options): Promise<Result<string>> {
  const text = readText(path);
  if (!text.ok) return text;
  const rows = readTrialCsv(text.value);
  if (!rows.ok) return rows;
  const profile = loadProfile(options.profile);
  if (!profile.ok) return profile;
  const { osf, confidence, weights, keepOutliers } = options;
  const result = calibrate(rows.value, { osf, confidence: confidence / 100, weights, keepOutliers, toleranceMm: (size) => profileToleranceMm(size, profile.value) });
  if (!result.ok) return result;
  if (options.plot !== undefined) {
    try {
      await writeAtomic(options.plot, plotCalibration(result.value));
    } catch (error) {
      return fail("OUTPUT_FAILED", `${options.plot}: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  const shown = options.json ? asJson("oversize.calibration/1", result.value) : options.csv ? asCsv(result.value) : asText(result.value);
  return ok(shown, result.warnings);
}

function rescue(options: Options): Result<string> {
  const { mass, density, volume, osf, batch, targetDensity } = options;
  if (mass === undefined || density === undefined || volume === undefined || osf === undefined) {
    return fail("USAGE", "Neither a trial file nor mass, density and volume were given.", "Give a CSV of measured parts, or --osf, --mass, --density and --volume.");
  }
  const theoretical = theoreticalDensity(options);
  if (!theoretical.ok) return theoretical;
  const binder = resolveBinder(options.binder);
  if (!binder.ok) return binder;
  const found = rescueAdvice({
    osf,
    massG: mass,
    densityGcm3: density,
    volumeCm3: volume,
    theoreticalDensityGcm3: theoretical.value,
    targetRelativeDensity: targetDensity === undefined ? undefined : targetDensity / 100,
    batch: batch === undefined ? undefined : { massG: batch, binderDensityGcm3: mixtureDensity(binder.value.constituents) },
  });
  if (!found.ok) return found;
  return ok(options.json ? asJson("oversize.rescue/1", found.value) : options.csv ? rescueCsv(found.value) : rescueText(found.value));
}

function theoreticalDensity({ material, theoreticalDensity: given }: Options): Result<number> {
  if (given !== undefined) return ok(given);
  const found = material === undefined ? undefined : findMaterial(material);
  if (material !== undefined && !found) return fail("MATERIAL_UNKNOWN", `"${material}".`);
  const known = found?.theoreticalDensityGcm3?.value;
  return known === undefined ? fail("USAGE", found ? `No source gives the pore-free density of ${found.id}.` : "The pore-free density is missing.", "Give --theoretical-density, or --material.") : ok(known);
}

const asJson = (schema: string, value: object): string => `${JSON.stringify({ schema, ...value }, null, 2)}\n`;
const axisName = (axis: AxisCalibration["axis"]): string => (axis === "any" ? "all" : axis);
const exact = (value: number, digits: number): number => Number(value.toFixed(digits));
const signed = (value: number, digits = 3): string => `${exact(value, digits) > 0 ? "+" : ""}${exact(value, digits).toFixed(digits)}`;

function asText({ axes, dimensions, confidence, correctedOsf, uniform, method }: Calibration): string {
  const range = ({ low, high }: { low?: number; high?: number }): string => (low === undefined || high === undefined ? "–" : `${low.toFixed(4)}–${high.toFixed(4)}`);
  const axisTable = textTable(
    ["axis", "dims", "present OSF", "corrected OSF", `${exact(confidence * 100, 2)} % interval`, "basis", "offset mm", "interval", "p", "outliers"],
    axes.map((a) => {
      const offset = a.line?.interceptMm;
      return [
        axisName(a.axis),
        a.dimensions,
        a.presentOsf.toFixed(4),
        a.correctedOsf.value.toFixed(4),
        range(a.correctedOsf),
        a.basis,
        offset ? `${signed(offset.value)}${offset.flagged ? " !" : ""}` : "–",
        offset ? `${signed(offset.low)} to ${signed(offset.high)}` : "–",
        offset ? (offset.p < 0.001 ? "<0.001" : offset.p.toFixed(3)) : "–",
        a.outliers.join(", ") || "none",
      ];
    }),
  );
  const dimensionTable = textTable(
    ["dimension", "axis", "target", "measured", "error", "± tol", "now", "own OSF", "residual", "re-cut by", "new cavity", "then error", "verdict"],
    dimensions.map((d) => [
      d.dimension + (d.outlier ? " (outlier)" : ""),
      axisName(d.axis),
      String(d.targetMm),
      d.measuredMm.toFixed(3),
      signed(d.errorMm),
      d.toleranceMm?.toFixed(3) ?? "–",
      d.verdictNow,
      d.ownOsf.toFixed(4),
      signed(d.residualMm),
      signed(d.recutMm),
      d.newCavityMm.toFixed(3),
      `${signed(d.predictedErrorMm)}${d.predictedPlusMinusMm === undefined ? "" : ` ±${d.predictedPlusMinusMm.toFixed(3)}`}`,
      d.verdict,
    ]),
  );
  const unmeasured = axes.some((a) => a.axis === "any") ? [] : ["x", "y", "z"].filter((axis) => !axes.some((a) => a.axis === axis));
  const kept = unmeasured.length ? ` (${unmeasured.join(", ")} not measured: as given)` : "";
  const use = correctedOsf === undefined ? "" : `\nUse --osf ${correctedOsf}${kept}\n`;
  const one = uniform ? `One factor for the measured axes: ${uniform.osf.value.toFixed(4)} (${range(uniform.osf)}); the axes ${uniform.agrees ? "do not differ measurably" : "differ"}, p = ${uniform.p.toFixed(3)}\n` : "";
  return `${axisTable}\n${dimensionTable}${use}${one}\nLengths in mm. ${method}.\n`;
}

const CSV_COLUMNS = ["dimension", "axis", "target_mm", "cavity_mm", "measured_mm", "repeats", "own_osf", "error_mm", "tolerance_mm", "verdict_now", "residual_mm", "outlier", "new_cavity_mm", "recut_mm", "predicted_error_mm", "predicted_plus_minus_mm", "verdict"];

function asCsv({ dimensions }: Calibration): string {
  const mm = (value: number | undefined): number | null => (value === undefined ? null : exact(value, 4));
  const row = (d: CalibratedDimension) => [d.dimension, d.axis, d.targetMm, mm(d.cavityMm), mm(d.measuredMm), d.repeats, exact(d.ownOsf, 5), mm(d.errorMm), mm(d.toleranceMm), d.verdictNow, mm(d.residualMm), String(d.outlier), mm(d.newCavityMm), mm(d.recutMm), mm(d.predictedErrorMm), mm(d.predictedPlusMinusMm), d.verdict];
  return toCsv(CSV_COLUMNS, dimensions.map(row));
}

function rescueText(found: Rescue): string {
  const rows: [string, string][] = [
    ["size error", `${signed(found.sizeErrorPercent)} %`],
    ["OSF shown by the parts", found.shownOsf.toFixed(4)],
    ["sintered density", `${(found.relativeDensity * 100).toFixed(2)} %, to be ${(found.targetRelativeDensity * 100).toFixed(2)} %`],
    ["solids loading", `${(found.shownLoading * 100).toFixed(2)} vol %, needed ${(found.neededLoading * 100).toFixed(2)} vol %`],
    ["by density, by loading", `${signed(found.byDensityPercent)} %, ${signed(found.byLoadingPercent)} %`],
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(24)}${value}`).join("\n")}\n\n${found.advice.map((line) => `${printable(line)}\n`).join("")}`;
}

const rescueCsv = ({ advice, ...numbers }: Rescue): string => toCsv(["quantity", "value"], [...Object.entries(numbers).map(([name, value]) => [name, exact(value, 6)]), ["advice", advice.join(" ")]]);
