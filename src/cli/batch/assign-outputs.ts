import { createHash } from "node:crypto";
import { fail, ok, type Result } from "../../result.ts";
import { safeStem } from "../write-files.ts";
import type { BatchInput } from "./collect-inputs.ts";

/** An input and where its results go. */
export interface PlacedInput extends BatchInput {
  /** Folder below the output folder, `/` between, `""` for the output folder itself. */
  readonly folder: string;
  readonly stem: string;
}

/**
 * Gives every input a folder and stem of its own. Two names that differ only in case (or in how an accent is
 * written) are one file on many file systems, so they get `~` and 8 digits of their name's hash. Two inputs whose
 * results would have the very same name are an error: OUTPUT_CONFLICT names both.
 */
export function assignOutputs(inputs: readonly BatchInput[], keepExtension = false): Result<PlacedInput[]> {
  const placed = inputs.map((input) => place(input, keepExtension));
  const groups = new Map<string, PlacedInput[]>();
  for (const one of placed) groups.set(folded(one), [...(groups.get(folded(one)) ?? []), one]);
  const result: PlacedInput[] = [];
  for (const one of placed) {
    const group = groups.get(folded(one)) ?? [];
    const twin = group.find((other) => other !== one && outputOf(other) === outputOf(one));
    if (twin) return fail("OUTPUT_CONFLICT", `${one.path} and ${twin.path} would both become ${outputOf(one)}.`, "Rename one, mirror from a common folder with --root, or keep the extensions with --keep-extension.");
    result.push(group.length > 1 ? { ...one, stem: `${one.stem}~${shortHash(one.relative)}` } : one);
  }
  return ok(result);
}

/** Folder and stem in one, as the run log and the reports name it. */
export const outputOf = ({ folder, stem }: Pick<PlacedInput, "folder" | "stem">): string => (folder ? `${folder}/${stem}` : stem);

function place(input: BatchInput, keepExtension: boolean): PlacedInput {
  const segments = input.relative.split("/"), name = segments.pop() ?? "";
  const extension = keepExtension ? /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? "" : "";
  return { ...input, folder: segments.map(safeSegment).join("/"), stem: `${safeStem(name)}${extension}` };
}

/** A folder name that stays one folder, wherever it is written. */
function safeSegment(name: string): string {
  const safe = name.replace(/[\u0000-\u001f<>:"|?*\\\u007f]/g, "_").replace(/[. ]+$/g, "_");
  return safe === "" || safe === "." || safe === ".." ? "_" : safe;
}

const folded = (one: PlacedInput): string => outputOf(one).normalize("NFC").toLowerCase();
const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);
