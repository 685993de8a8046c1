import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { beforeAll, describe, expect, test } from "vitest";
import { bundleCli, type Cli, type CliRun } from "../cli.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await bundleCli();
});

const folder = mkdtempSync(join(tmpdir(), "oversize-mim-"));
const lot = { id: "acme-42", vendor: "Acme", grade: "A", lot: "42", material: "17-4PH", osf: 1.1672, osfPlusMinus: 0.001, date: "2026-01-10" };
const feedstocks = join(folder, "feedstocks.json");
writeFileSync(feedstocks, JSON.stringify({ schema: "oversize.feedstocks/1", feedstocks: [lot, { ...lot, id: "acme-43", lot: "43", osf: 1.168 }, { ...lot, id: "k", material: "Kovar", osf: 1.18 }] }));

const good = (run: CliRun): string => {
  expect(run.stderr).toBe("");
  expect(run.code).toBe(0);
  return run.stdout;
};
const examplesOf = (help: string): string[] => help.split("\n").map((line) => line.trim()).filter((line) => /(^|\| )oversize /.test(line) && !line.startsWith("Usage"));

describe("help", () => {
  test.each(["materials", "feedstock", "calibrate"])("every example of `oversize %s --help` works when pasted", (command) => {
    const help = cli.run([command, "--help"]);
    expect(help.code).toBe(0);
    const examples = examplesOf(help.stdout);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const run = cli.shell(example);
      expect(run.stderr, example).toBe("");
      expect(run.code, example).toBe(0);
      expect(run.stdout.length, example).toBeGreaterThan(100);
    }
  });
});

describe("output that nobody reads to its end", () => {
  test.each(["oversize --help", "oversize materials --json"])("%s", (line) => {
    // `true` is gone before the first line is written.
    const { code, stderr } = cli.shell(`${line} | true`);
    expect([code, stderr]).toEqual([0, ""]);
  });
});

describe("the samples", () => {
  test("feedstocks, profile and trial can be used as they are", () => {
    expect(good(cli.run(["materials", "house-steel", "--feedstock", "samples/data/feedstocks.json"]))).toContain("1.204");
    expect(good(cli.run(["feedstock", "--feedstock", "samples/data/feedstocks.json#example-420", "--mass", "1000"]))).toContain("lot 2026-007");
    const { code, stdout, stderr } = cli.run(["calibrate", "samples/data/trial.csv", "--profile", "samples/data/profile.json", "--json"]);
    expect(code).toBe(0);
    expect(stderr).toContain("CALIBRATION_OFFSET");
    const { axes } = JSON.parse(stdout) as { axes: { axis: string; line: { interceptMm: { flagged: boolean } } }[] };
    expect(axes.map((a) => a.line.interceptMm.flagged)).toEqual([false, false, true]);
  });
});

describe("oversize materials", () => {
  test("JSON is data with sources; filters narrow it", () => {
    const all = JSON.parse(good(cli.run(["materials", "--json"]))) as { materials: { id: string; osf?: { source: string } }[] };
    expect(all.materials.length).toBeGreaterThanOrEqual(18);
    const known = JSON.parse(good(cli.run(["materials", "--known", "--group", "stainless", "--json"]))) as typeof all;
    expect(known.materials.map((m) => m.id)).toEqual(["316L", "17-4PH", "3XX"]);
    expect(known.materials[0].osf?.source).toContain("PIM International");
    const one = JSON.parse(good(cli.run(["materials", "titanium", "--json"]))) as typeof all;
    expect(one.materials.map((m) => m.id)).toEqual(["Ti-6Al-4V"]);
  });

  test("a dimension's tolerances and spread: half a point of loading 0.27 %, a point of density 0.34 %", () => {
    const { size } = JSON.parse(good(cli.run(["materials", "17-4PH", "--size", "10", "--json"]))) as { size: { toleranceMm: number; spread: { contributions: { percent: number }[] } }[] };
    expect(size[0].toleranceMm).toBe(0.075);
    expect(size[0].spread.contributions[0].percent).toBeCloseTo(0.27, 2);
    expect(size[0].spread.contributions[1].percent).toBeCloseTo(0.34, 2);
  });

  test("CSV has a row per alloy; the schemas are JSON Schemas; lots of a file are listed", () => {
    const csv = Papa.parse<Record<string, string>>(good(cli.run(["materials", "--csv"])), { header: true, skipEmptyLines: true });
    expect(csv.errors).toEqual([]);
    expect(csv.data.find((row) => row.id === "420")?.osf).toBe("");
    for (const file of ["feedstocks", "profile", "binder"]) expect(JSON.parse(good(cli.run(["materials", "--schema", file])))).toHaveProperty("properties");
    expect(good(cli.run(["materials", "Kovar", "--feedstock", feedstocks]))).toContain("Acme");
  });

  test("conversions and profiles", () => {
    const converted = JSON.parse(good(cli.run(["materials", "--convert", "loading=62.872", "--json"]))) as { osf: number };
    expect(converted.osf).toBeCloseTo(1.1673, 4);
    expect(good(cli.run(["materials", "--convert", "osf=1.165", "--convert", "density=98%"]))).toContain("61.980");
    expect(cli.run(["materials", "--convert", "osf=16.5"]).stderr).toContain("percentage");
    const shown = JSON.parse(good(cli.run(["materials", "--profile", "samples/data/profile.json", "--json"]))) as { limits: Record<string, { min?: number; max?: number }> };
    expect(shown.limits.wall).toMatchObject({ min: 0.8, max: 6 });
    expect(shown.limits.annualVolume).toBeUndefined();
    expect(cli.run(["materials", "--profile", "nobody"]).stderr).toContain("PROFILE_UNKNOWN");
    expect(cli.run(["materials", "--profile", "samples/data/trial.csv"]).stderr).toContain("CONFIG_INVALID");
  });

  test("nothing found and bad options are usage errors, and stdout stays empty", () => {
    for (const args of [["materials", "unobtainium"], ["materials", "--size", "-1"], ["materials", "--json", "--csv"], ["materials", "--feedstock", "no-such.json"]]) {
      const { code, stdout, stderr } = cli.run(args);
      expect(code, args.join(" ")).toBe(2);
      expect(stdout).toBe("");
      expect(stderr.length).toBeGreaterThan(10);
    }
  });
});

describe("oversize feedstock", () => {
  const article = ["feedstock", "--material", "17-4PH", "--mass", "15000", "--osf", "1.165"];

  test("the article's batch in JSON, unrounded, with its printed values compared", () => {
    const answer = JSON.parse(good(cli.run([...article, "--density", "7.85", "--binder", "pom-7", "--json"]))) as { recipe: { binderMassG: number; constituents: { name: string; massG: number }[] }; printed: { agrees: boolean }[] };
    expect(answer.recipe.binderMassG).toBeCloseTo(1477.2739, 3);
    expect(answer.recipe.constituents.reduce((sum, c) => sum + c.massG, 0)).toBeCloseTo(answer.recipe.binderMassG, 9);
    expect(answer.printed.filter((p) => !p.agrees)).toHaveLength(12);
  });

  test("dosed as printed, in total and constituent by constituent, it says OSF 1.1673 and 0.197 % undersize", () => {
    expect(good(cli.run([...article, "--dosed", "1501.119"]))).toContain("62.87 vol % of powder, OSF 1.1673, shrinkage 14.33 %.\nParts from a cavity for the OSF above come out 0.197 % undersize.");
    expect(good(cli.run([...article, "--dosed", "POM:1321,PP:37.5,HDPE:37.5,EVA:15,PW:15,SA:60,1010:15"]))).toMatch(/OSF 1\.1673.*\n.*0\.19\d % undersize/);
  });

  test("a feedstock file gives the factor, and the answer says which lot", () => {
    const text = good(cli.run(["feedstock", "--material", "17-4PH", "--mass", "1000", "--feedstock", `${feedstocks}#acme-43`]));
    expect(text).toContain("OSF 1.168 (OSF ±0.001: feedstock Acme A, lot 43, 2026-01-10");
    const both = cli.run(["feedstock", "--material", "17-4PH", "--mass", "1000", "--feedstock", feedstocks]);
    expect(both.code).toBe(2);
    expect(both.stderr).toContain("acme-42");
  });

  test("an alloy without a sourced OSF stops and says what to supply", () => {
    const { code, stdout, stderr } = cli.run(["feedstock", "--material", "420", "--mass", "100"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("OSF_UNKNOWN");
    expect(stderr).toContain("--osf");
    expect(cli.run(["feedstock", "--material", "420", "--mass", "100", "--osf", "1.18"]).stderr).toContain("--density");
  });

  test("one's own printed values; unknown quantities are named", () => {
    expect(good(cli.run(["feedstock", "--material", "316L", "--mass", "1000", "--osf", "1.165", "--printed", "solidsLoadingPercent=63.24"]))).toContain("agree with the recomputed");
    expect(cli.run([...article, "--printed", "colour=3"]).stderr).toContain("binderMassG");
  });

  test.each([["--osf", "16.5", "1.1976"], ["--osf", "1.1416", "1 + S"], ["--mass", "0", "above 0"], ["--mass", "abc", "Not a number"], ["--binder", "pom-8", "pom-7"], ["--sintered-density", "0.98", "sintered density"], ["--metal", "Fe:1", "name:grams:density"]])("%s %s is a usage error", (option, given, hint) => {
    const { code, stdout, stderr } = cli.run([...article, option, given]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(hint);
  });

  test("CSV cannot carry a formula", () => {
    const csv = good(cli.run(["feedstock", "--metal", '=HYPERLINK("x"):100:7.8', "--osf", "1.165", "--binder", "@SUM(1):1:0.9", "--csv"]));
    const { data } = Papa.parse<string[]>(csv);
    expect(data.map((row) => row[1]).filter((name) => /^[=@]/.test(name ?? ""))).toEqual([]);
    expect(data[1][1]).toBe("'=HYPERLINK(\"x\")");
  });
});

describe("oversize calibrate", () => {
  const trial = "dimension,axis,target,measured\n=1+1,x,40,40.13\n<b>&,x,25,25.08\nslot,x,12,12.04\nboss,x,6,6.02\nx5,x,50,50.165\n";

  test("text, JSON, CSV and plot of one trial", () => {
    const plot = join(folder, "plots", "trial.svg");
    expect(good(cli.run(["calibrate", "-", "--osf", "1.165", "--plot", plot], trial))).toContain("Use --osf 1.1612,1.1650,1.1650 (y, z not measured: as given)");
    const svg = readFileSync(plot, "utf8");
    expect(svg).toContain("&lt;b&gt;&amp;");
    expect(svg).not.toContain("<b>");
    expect(svg).not.toContain("NaN");
    const answer = JSON.parse(good(cli.run(["calibrate", "-", "--osf", "1.165", "--json"], trial))) as { axes: { correctedOsf: { value: number; low: number; high: number } }[]; dimensions: unknown[] };
    expect(answer.axes[0].correctedOsf.low).toBeLessThan(answer.axes[0].correctedOsf.value);
    expect(answer.dimensions).toHaveLength(5);
    const csv = Papa.parse<string[]>(good(cli.run(["calibrate", "-", "--osf", "1.165", "--csv"], trial)), { skipEmptyLines: true });
    expect(csv.data[1][0]).toBe("'=1+1");
    expect(csv.data).toHaveLength(6);
  });

  test("an offset is told on stderr, and the result still comes", () => {
    const rows = [5, 10, 20, 30, 40].map((size, i) => `d${i},x,${size},${size + 0.15 + (i % 2 ? 0.001 : -0.001)}`).join("\n");
    const { code, stdout, stderr } = cli.run(["calibrate", "-", "--osf", "1.165", "--json"], `dimension,axis,target,measured\n${rows}\n`);
    expect(code).toBe(0);
    expect(stderr).toContain("+0.150 mm");
    expect(stderr).toContain("flash");
    expect(JSON.parse(stdout)).toHaveProperty("axes");
  });

  test("a profile of one's own gives the tolerance", () => {
    const profile = join(folder, "profile.json");
    writeFileSync(profile, JSON.stringify({ schema: "oversize.profile/1", id: "tight", limits: { tolerance: { min: 0.1 } } }));
    const answer = JSON.parse(good(cli.run(["calibrate", "-", "--osf", "1.165", "--profile", profile, "--json"], trial))) as { dimensions: { toleranceMm: number }[] };
    expect(answer.dimensions[0].toleranceMm).toBeCloseTo(0.04, 12);
  });

  test.each([[["calibrate"], ""], [["calibrate", "no-such.csv"], ""], [["calibrate", "-"], trial], [["calibrate", "-", "--osf", "1.165"], "a,b\n1,2\n"], [["calibrate", "-", "--osf", "1.165", "--confidence", "100"], trial], [["calibrate", "-", "--osf", "1.165", "--profile", "nobody"], trial]])("%j with %j is a usage error", (args, stdin) => {
    const { code, stdout, stderr } = cli.run(args, stdin);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^(error|warning) [A-Z_]+/);
  });

  test("a plot that cannot be written is a failure, not a success", () => {
    expect(cli.run(["calibrate", "-", "--osf", "1.165", "--plot", join(feedstocks, "x.svg")], trial).code).toBe(3);
  });
});
