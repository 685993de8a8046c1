import * as z from "zod";
import { fail, ok, type Result } from "../result.ts";

/** A calendar date, `2026-01-31`. */
export const isoDate = z.iso.date("give a date as YYYY-MM-DD");

/** Parses JSON a user wrote; the message carries the parser's position. */
export function parseJson(source: string, what: string): Result<unknown> {
  try {
    const value: unknown = JSON.parse(source.replace(/^\uFEFF/, ""));
    return ok(value);
  } catch (error) {
    return fail("CONFIG_INVALID", `The ${what} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** The first few validation issues in words: `feedstocks[0].osf: expected number, received string`. */
export function explainIssues(error: z.ZodError, most = 3): string {
  const shown = error.issues.slice(0, most).map(({ path, message }) => `${pathText(path) || "top level"}: ${lowerFirst(message)}`);
  const rest = error.issues.length - shown.length;
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more` : "") + ".";
}

const pathText = (path: readonly PropertyKey[]): string => path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("").replace(/^\./, "");
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
