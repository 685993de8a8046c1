import { readFileSync } from "node:fs";
import { fail, ok, type Result } from "../result.ts";

/** Largest data file that is read whole; a table of measurements is never near it. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Text of a file, or of stdin for `-`. FILE_UNREADABLE says why not. */
export function readText(path: string): Result<string> {
  try {
    const bytes = readFileSync(path === "-" ? 0 : path);
    return bytes.length > MAX_BYTES ? fail("FILE_TOO_LARGE", `${path} has ${bytes.length} bytes.`) : ok(bytes.toString("utf8"));
  } catch (error) {
    return fail("FILE_UNREADABLE", `${path === "-" ? "standard input" : path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
