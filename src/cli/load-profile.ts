import { existsSync } from "node:fs";
import { PROFILES, resolveProfile, type Profile } from "../mim/profile.ts";
import { ok, type Result } from "../result.ts";
import { readText } from "./read-text.ts";

/** A shipped profile by its id, or the user's file. */
export function loadProfile(given: string): Result<Profile> {
  if (PROFILES.some(({ id }) => id === given) || (!/[./\\]/.test(given) && !existsSync(given))) return resolveProfile(given);
  const text = readText(given);
  if (!text.ok) return text;
  // A file that is no object must not be taken for the name of a profile.
  return resolveProfile(text.value.trimStart().startsWith("{") ? text.value : `{${text.value}`);
}

/** What a job carries for a profile: a shipped one's id, or the text of the user's file. Both are known to resolve. */
export function profileText(given: string): Result<string> {
  const profile = loadProfile(given);
  if (!profile.ok) return profile;
  return PROFILES.some(({ id }) => id === given) ? ok(given) : readText(given);
}
