import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readSidecar, readTable } from "../../src/cli/batch/part-settings.ts";
import { addMoldOptions, addReadOptions, count } from "../../src/cli/part-options.ts";
import { settingsOf, withSettings } from "../../src/cli/settings.ts";
import { configSchema, PART_SETTING_NAMES } from "../../src/cli/settings-schema.ts";
import { plant, temporaryFolder } from "../batch-run.ts";

const home = process.cwd();
afterEach(() => { vi.unstubAllEnvs(); process.chdir(home); });

/** A command as `batch` makes it, parsed. */
async function parsed(args: string[], folder: string): Promise<Command> {
  process.chdir(folder);
  const command = withSettings(addMoldOptions(addReadOptions(new Command("batch")))).option("--jobs <n>", "", count).option("--no-mold").option("--out <dir>", "", "out");
  command.exitOverride().configureOutput({ writeErr: () => {} }).action(() => {});
  await command.parseAsync(args, { from: "user" });
  return command;
}

describe("settings", () => {
  it("come from flag, environment, file and default, in this order", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "oversize.config.json": JSON.stringify({ material: "316L", osf: 1.2, margin: 20, pins: 2, jobs: 3, blockSize: [50, 60, 70], format: ["stl", "glb"], mold: false }) });
    vi.stubEnv("OVERSIZE_OSF", "1.17");
    vi.stubEnv("OVERSIZE_MAX_FACETS", "5000");
    vi.stubEnv("OVERSIZE_MARGIN", "25");
    const command = await parsed(["--margin", "30"], folder.path);
    expect(settingsOf(command)).toMatchObject({
      margin: { value: 30, from: "flag" }, osf: { value: [1.17, 1.17, 1.17], from: "environment" }, maxFacets: { value: 5000, from: "environment" },
      material: { value: "316L", from: "oversize.config.json" }, pins: { value: 2, from: "oversize.config.json" }, profile: { value: "align", from: "default" },
      blockSize: { value: [50, 60, 70], from: "oversize.config.json" }, format: { value: ["stl", "glb"], from: "oversize.config.json" },
    });
    expect(command.opts()).toMatchObject({ jobs: 3, mold: false });
  });

  it("of runs are not echoed into the report", async () => {
    using folder = temporaryFolder();
    expect(Object.keys(settingsOf(await parsed(["--jobs", "2"], folder.path)))).toEqual(expect.not.arrayContaining(["jobs", "out", "config"]));
  });

  it("in a file that are wrong are an error naming the field", async () => {
    using folder = temporaryFolder();
    for (const [config, field] of [['{"materiall":"316L"}', /materiall/], ['{"osf":"x"}', /osf/], ['{"margin":"wide"}', /margin/], ['{"jobs":0}', /jobs/], ["{", /oversize\.config\.json/], ['{"pins":3}', /pins/]] as const) {
      plant(folder.path, { "oversize.config.json": config });
      await expect(parsed([], folder.path)).rejects.toThrow(field);
    }
    await expect(parsed(["--config", "gone.json"], folder.path)).rejects.toThrow(/gone\.json/);
  });

  it("in the environment that are wrong are an error naming the variable", async () => {
    using folder = temporaryFolder();
    vi.stubEnv("OVERSIZE_PULL", "sideways");
    await expect(parsed([], folder.path)).rejects.toThrow(/OVERSIZE_PULL/);
  });

  it("name paths from where their file is", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "conf/c.json": '{"profile":"own.json","feedstock":"lots.json#A","out":"results"}', "conf/own.json": "{}", "conf/lots.json": "{}" });
    const command = await parsed(["--config", "conf/c.json"], folder.path);
    expect(command.opts()).toMatchObject({ profile: join(process.cwd(), "conf/own.json"), feedstock: join(process.cwd(), "conf/lots.json#A"), out: join(process.cwd(), "conf/results") });
  });

  it("have a JSON Schema, and every setting of a part is a flag", async () => {
    using folder = temporaryFolder();
    const validate = new Ajv2020().compile(configSchema());
    expect(validate({ material: "316L", osf: [1.1, 1.2, 1.3], pins: 4 })).toBe(true);
    expect(validate({ material: 7 })).toBe(false);
    const flags = (await parsed([], folder.path)).options.map((o) => o.attributeName());
    expect(PART_SETTING_NAMES.filter((name) => !flags.includes(name))).toEqual([]);
  });
});

describe("settings of a single file", () => {
  const inputs = (folder: string) => ["a.step", "x/a.step", "x/b.step", "=cmd.step"].map((relative) => ({ path: join(folder, "in", relative), relative }));

  it("come from a table, by path or by a name that only one has", async () => {
    using folder = temporaryFolder();
    const command = await parsed([], folder.path), [a, xa, xb, cmd] = inputs(folder.path);
    plant(folder.path, { "t.csv": '\ufefffile;Material;osf;block-size;Qty\r\n"in/a.step";316L;1.2;"10,20,30";5\r\nb.step;;1.3;;\r\nx/a.step;17-4PH;;;1\r\nnobody.step;316L;;;\r\n' });
    const table = readTable(command, join(folder.path, "t.csv"), [a, xa, xb, cmd]);
    if (!table.ok) throw new Error(table.problem.message);
    expect(table.value.of(a)).toEqual({ material: { value: "316L", from: "table" }, osf: { value: [1.2, 1.2, 1.2], from: "table" }, blockSize: { value: [10, 20, 30], from: "table" } });
    expect(table.value.of(xb)).toEqual({ osf: { value: [1.3, 1.3, 1.3], from: "table" } });
    expect(table.value.of(xa)).toEqual({ material: { value: "17-4PH", from: "table" } });
    expect(table.value.of(cmd)).toEqual({});
    expect([table.value.unused, table.value.ignored]).toEqual([["nobody.step"], ["Qty"]]);
  });

  it("in a table that are wrong are an error naming the row", async () => {
    using folder = temporaryFolder();
    const command = await parsed([], folder.path), all = inputs(folder.path), path = join(folder.path, "t.csv");
    for (const [csv, complaint] of [["file,osf\nb.step,big", /row 2 \(b\.step\).*osf/], ["name,osf\nb.step,1.2", /column "file"/], ["file,osf\nb.step,1.2\nx/b.step,1.3", /has a row already/]] as const) {
      plant(folder.path, { "t.csv": csv });
      const table = readTable(command, path, all);
      expect(table.ok ? "" : `${table.problem.code} ${table.problem.message}`).toMatch(complaint);
    }
    const { path: _path, ...twin } = all[2];
    plant(folder.path, { "t.csv": "file,osf\nb.step,1.2" });
    expect(readTable(command, path, [...all, { ...twin, relative: "y/b.step", path: join(folder.path, "in/y/b.step") }])).toMatchObject({ ok: false, problem: { code: "CONFIG_INVALID" } });
  });

  it("come from a sidecar, and a wrong one fails its own file", async () => {
    using folder = temporaryFolder();
    const command = await parsed([], folder.path), [a, xa, xb] = inputs(folder.path);
    plant(folder.path, { "in/a.oversize.json": '{"material":"420","pull":[0,1,0]}', "in/x/a.step.oversize.json": '{"matrial":"420"}', "in/x/b.oversize.json": "{" });
    expect(readSidecar(command, a)).toEqual({ ok: true, warnings: [], value: { material: { value: "420", from: "sidecar" }, pull: { value: [0, 1, 0], from: "sidecar" } } });
    expect(readSidecar(command, xa)).toMatchObject({ ok: false, problem: { code: "CONFIG_INVALID" } });
    expect(readSidecar(command, xb)).toMatchObject({ ok: false, problem: { code: "CONFIG_INVALID" } });
  });
});
