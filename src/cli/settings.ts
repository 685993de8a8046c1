import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InvalidArgumentError, type Command, type Option } from "commander";
import type { Report } from "../report/report.ts";
import { fail, ok, type Result } from "../result.ts";
import { CONFIG_FILE, PART_SETTING_NAMES, schemaComplaint } from "./settings-schema.ts";

/** Name of the configuration file looked for in the working folder. */
export const CONFIG_NAME = "oversize.config.json";

const SOURCES: Record<string, string> = { cli: "flag", env: "environment", config: CONFIG_NAME, default: "default", table: "table", sidecar: "sidecar" };

/** Paths in a configuration file are meant from where that file is. */
const PATH_SETTINGS = new Set(["feedstock", "profile", "out", "table"]);

/**
 * Makes a command take each setting from, in this order: flag, environment (`OVERSIZE_` and the flag's name in
 * capitals, `--max-bytes` is `OVERSIZE_MAX_BYTES`), `oversize.config.json` (or `--config`), default.
 */
export function withSettings(command: Command): Command {
  return command
    .option("--config <file>", `settings file (default: ${CONFIG_NAME} in the working folder)`)
    .hook("preAction", (_this, action) => {
      const applied = applySettings(action);
      if (!applied.ok) action.error(`error ${applied.problem.code}: ${applied.problem.message}\n  ${applied.problem.suggestion}`, { exitCode: 2 });
    });
}

/** Settings of one part as resolved and where each came from, for the report. */
export function settingsOf(command: Command): NonNullable<Report["settings"]> {
  const names: readonly string[] = PART_SETTING_NAMES;
  const entries = command.options.map((o) => o.attributeName()).filter((name) => names.includes(name) && command.getOptionValue(name) !== undefined)
    .map((name) => [name, { value: command.getOptionValue(name) as unknown, from: SOURCES[command.getOptionValueSource(name) ?? "default"] }] as const);
  return Object.fromEntries(entries);
}

/** A setting from a file or the environment, through the flag's own parser. CONFIG_INVALID names it. */
export function parseSetting(command: Command, name: string, value: unknown): Result<unknown> {
  const option = command.options.find((o) => o.attributeName() === name && !o.negate) ?? command.options.find((o) => o.attributeName() === name);
  if (!option) return fail("CONFIG_INVALID", `${name} is no setting of ${command.name()}.`);
  try {
    return ok(convert(option, value));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return fail("CONFIG_INVALID", `${name}: ${JSON.stringify(value)}: ${error.message}`);
  }
}

function applySettings(command: Command): Result<void> {
  const config = loadConfig(command);
  if (!config.ok) return config;
  for (const name of new Set(command.options.map((option) => option.attributeName()))) {
    const source = command.getOptionValueSource(name);
    if (name === "config" || name === "version" || (source !== undefined && source !== "default")) continue;
    const fromEnv = process.env[environmentName(name)];
    const [given, origin] = fromEnv !== undefined && fromEnv !== "" ? [fromEnv, "env"] : [config.value[name], "config"];
    if (given === undefined) continue;
    const parsed = parseSetting(command, name, given);
    if (!parsed.ok) return fail("CONFIG_INVALID", `${origin === "env" ? environmentName(name) : CONFIG_NAME}: ${parsed.problem.message}`);
    command.setOptionValueWithSource(name, parsed.value, origin);
  }
  return ok(undefined);
}

/** `maxBytes` → `OVERSIZE_MAX_BYTES`. */
export const environmentName = (name: string): string => `OVERSIZE_${name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`;

function loadConfig(command: Command): Result<Record<string, unknown>> {
  const given = (command.getOptionValue("config") as string | undefined) ?? process.env.OVERSIZE_CONFIG;
  const path = resolve(given ?? CONFIG_NAME);
  if (!existsSync(path)) return given === undefined ? ok({}) : fail("CONFIG_INVALID", `There is no ${given}.`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return fail("CONFIG_INVALID", `${path}: ${(error as Error).message}.`);
  }
  const checked = CONFIG_FILE.safeParse(json);
  if (!checked.success) return fail("CONFIG_INVALID", `${path}: ${schemaComplaint(checked.error)}.`);
  return ok(Object.fromEntries(Object.entries(checked.data).map(([name, value]) => [name, fromFolder(name, value, dirname(path))])));
}

/** A path as meant by a file in `folder`; a name that is no path there (a shipped profile) stays. */
export function fromFolder(name: string, value: unknown, folder: string): unknown {
  if (!PATH_SETTINGS.has(name) || typeof value !== "string") return value;
  const own = resolve(folder, value);
  return name === "out" || existsSync(own) || existsSync(own.replace(/#[^#]*$/, "")) ? own : value;
}

function convert(option: Option, value: unknown): unknown {
  if (option.isBoolean() || option.negate) return truth(value);
  const texts = Array.isArray(value) && option.variadic ? value.map(plain) : option.variadic ? plain(value).split(/[\s,]+/).filter(Boolean) : [plain(value)];
  if (!option.variadic) return option.parseArg ? option.parseArg<unknown>(texts[0], undefined) : texts[0];
  return option.parseArg ? texts.reduce<unknown>((before, text) => option.parseArg?.(text, before), undefined) : texts;
}

const plain = (value: unknown): string => (Array.isArray(value) ? value.join(",") : String(value));

function truth(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (/^(1|true|yes|on)$/i.test(plain(value))) return true;
  if (/^(0|false|no|off)$/i.test(plain(value))) return false;
  throw new InvalidArgumentError("Neither true nor false.");
}
