import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { Command } from "commander";
import Papa from "papaparse";
import { fail, ok, type Result } from "../../result.ts";
import { readText } from "../read-text.ts";
import { fromFolder, parseSetting } from "../settings.ts";
import { PART_SETTING_NAMES, PART_SETTINGS, schemaComplaint } from "../settings-schema.ts";
import type { BatchInput } from "./collect-inputs.ts";

/** Settings of one file, parsed, with where each came from. */
export type OwnSettings = Readonly<Record<string, { readonly value: unknown; readonly from: "table" | "sidecar" }>>;

/** A table of settings for each file. */
export interface SettingsTable {
  readonly of: (input: BatchInput) => OwnSettings;
  /** `file` cells that name no input. */
  readonly unused: readonly string[];
  /** Columns that are no settings. */
  readonly ignored: readonly string[];
}

/**
 * Reads a CSV with a `file` column (path from the table's folder, path among the inputs, or a bare name that only
 * one input has) and a column for each setting (`material`, `osf`, `block-size`, …). An empty cell says nothing.
 * CONFIG_INVALID names the row.
 */
export function readTable(command: Command, path: string, inputs: readonly BatchInput[]): Result<SettingsTable> {
  const text = readText(path);
  if (!text.ok) return text;
  const { data, meta } = Papa.parse<Record<string, string>>(text.value.replace(/^\ufeff/, ""), { header: true, skipEmptyLines: "greedy", transformHeader: (h) => h.trim() });
  const columns = meta.fields ?? [], fileColumn = columns.find((c) => /^(file|part|path)$/i.test(c));
  if (fileColumn === undefined) return fail("CONFIG_INVALID", `${path}: there is no column "file".`);
  const names = new Map(columns.map((c) => [c, settingName(c)]));
  const find = inputFinder(inputs, dirname(resolve(path)));
  const rows = new Map<BatchInput, OwnSettings>(), unused: string[] = [];
  for (const [i, row] of data.entries()) {
    const file = (row[fileColumn] ?? "").trim(), matches = find(file), where = `${path}, row ${i + 2} (${file})`;
    if (matches.length > 1) return fail("CONFIG_INVALID", `${where}: ${matches.length} inputs have this name, for instance ${matches[0].relative} and ${matches[1].relative}.`, "Give the path.");
    if (matches.length === 0) { unused.push(file); continue; }
    if (rows.has(matches[0])) return fail("CONFIG_INVALID", `${where}: ${matches[0].relative} has a row already.`);
    const own: Record<string, OwnSettings[string]> = {};
    for (const [column, name] of names) {
      const cell = (row[column] ?? "").trim();
      if (name === undefined || cell === "") continue;
      const parsed = parseSetting(command, name, fromFolder(name, cell, dirname(resolve(path))));
      if (!parsed.ok) return fail("CONFIG_INVALID", `${where}: ${parsed.problem.message}`);
      own[name] = { value: parsed.value, from: "table" };
    }
    rows.set(matches[0], own);
  }
  const ignored = columns.filter((c) => c !== fileColumn && names.get(c) === undefined);
  return ok({ of: (input) => rows.get(input) ?? {}, unused, ignored });
}

/** Settings in `NAME.oversize.json` or `NAME.step.oversize.json` beside the file; none when there is no such file. */
export function readSidecar(command: Command, input: BatchInput): Result<OwnSettings> {
  const path = [`${input.path}.oversize.json`, input.path.replace(/(\.[A-Za-z0-9]+)(\.(gz|zip))?$/i, "") + ".oversize.json"].find(existsSync);
  if (path === undefined) return ok({});
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return fail("CONFIG_INVALID", `${path}: ${(error as Error).message}.`);
  }
  const checked = PART_SETTINGS.safeParse(json);
  if (!checked.success) return fail("CONFIG_INVALID", `${path}: ${schemaComplaint(checked.error)}.`);
  const own: Record<string, OwnSettings[string]> = {};
  for (const [name, value] of Object.entries(checked.data)) {
    const parsed = parseSetting(command, name, fromFolder(name, value, dirname(path)));
    if (!parsed.ok) return fail("CONFIG_INVALID", `${path}: ${parsed.problem.message}`);
    own[name] = { value: parsed.value, from: "sidecar" };
  }
  return ok(own);
}

/** `block-size`, `Block Size` and `blockSize` are the setting `blockSize`. */
function settingName(column: string): string | undefined {
  const key = column.toLowerCase().replace(/[^a-z]/g, "");
  return PART_SETTING_NAMES.find((name) => name.toLowerCase() === key);
}

/** Inputs by path from the table's folder, else by path among the inputs, else by bare name. */
function inputFinder(inputs: readonly BatchInput[], folder: string): (file: string) => readonly BatchInput[] {
  const index = new Map<string, BatchInput[]>();
  const put = (key: string, input: BatchInput): void => { index.set(key, [...(index.get(key) ?? []), input]); };
  for (const input of inputs) {
    put(`path ${relative(folder, input.path)}`, input);
    put(`tree ${input.relative}`, input);
    put(`name ${input.relative.split("/").pop()}`, input);
  }
  return (file) => {
    const tidy = file.replace(/\\/g, "/").replace(/^\.\//, "");
    return index.get(`path ${relative(folder, resolve(folder, file))}`) ?? index.get(`tree ${tidy}`) ?? index.get(`name ${tidy}`) ?? [];
  };
}
