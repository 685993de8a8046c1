import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { fail, ok, type Result } from "../../result.ts";

/** One input of a batch. */
export interface BatchInput {
  /** Absolute path. */
  readonly path: string;
  /** Where its results are mirrored to, `/` between folders, never with `..`. */
  readonly relative: string;
}

/** Inputs sorted by `relative`, and what in the folders was passed over. */
export interface CollectedInputs {
  readonly inputs: readonly BatchInput[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** How inputs are found. */
export interface CollectOptions {
  /** Further paths, one a line (or separated by NUL). */
  readonly filesFrom?: string;
  /** Results mirror the tree below this folder instead of below each given folder. */
  readonly root?: string;
  /** Never looked into: a second run must not take the first one's molds for parts. */
  readonly outDir: string;
}

const PART_NAME = /\.(step|stp|p21|stpz|iges|igs|brep|brp)$|\.(step|stp|p21)\.(gz|zip)$/i;
const SIDECAR_NAME = /\.oversize\.json$/i;

/**
 * Finds every input: a file is taken whatever its name, a folder is walked for part files, a pattern is expanded.
 * A named file that is missing stays in the list and fails on its own. USAGE: a pattern without a match, no
 * input at all, or a file outside `root`.
 */
export async function collectInputs(given: readonly string[], options: CollectOptions): Promise<Result<CollectedInputs>> {
  const found = new Map<string, BatchInput>(), skipped: { path: string; reason: string }[] = [];
  const add = (path: string, base: string): void => { if (!found.has(path)) found.set(path, { path, relative: toPosix(relative(base, path)) }); };
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of walkFolder(folder, resolve(options.outDir))) {
      if (entry.reason === undefined) add(entry.path, folder);
      else skipped.push({ path: entry.path, reason: entry.reason });
    }
  };
  for (const item of given) {
    const path = resolve(item), kind = await kindOf(path);
    if (kind === "folder") await walk(path);
    else if (kind === "missing" && isDynamicPattern(item)) {
      const matches = await glob(toPosix(item), { absolute: true, expandDirectories: false, onlyFiles: true, dot: false });
      if (matches.length === 0) return fail("USAGE", `${item} matches no file.`, "Check the pattern, and quote it so that the shell leaves it alone.");
      const base = resolve(staticBase(toPosix(item)));
      for (const match of matches.map((m) => resolve(m))) {
        if (!inside(resolve(options.outDir), match)) add(match, base);
      }
    } else add(path, dirname(path));
  }
  for (const line of (options.filesFrom ?? "").split(options.filesFrom?.includes("\0") ? "\0" : /\r?\n/)) {
    if (line === "") continue;
    const path = resolve(line);
    if (await kindOf(path) === "folder") await walk(path);
    else add(path, inside(process.cwd(), path) ? process.cwd() : dirname(path));
  }
  return place([...found.values()], skipped, options.root);
}

function place(inputs: BatchInput[], skipped: CollectedInputs["skipped"], root: string | undefined): Result<CollectedInputs> {
  const base = root === undefined ? undefined : resolve(root);
  const outside = base && inputs.find((input) => !inside(base, input.path));
  if (outside) return fail("USAGE", `${outside.path} is not inside --root ${root}.`);
  const placed = base ? inputs.map(({ path }) => ({ path, relative: toPosix(relative(base, path)) })) : inputs;
  placed.sort((a, b) => (a.relative < b.relative ? -1 : a.relative > b.relative ? 1 : a.path < b.path ? -1 : 1));
  if (placed.length === 0) return fail("USAGE", "There is no part file among the inputs.", "Name STEP files, folders with STEP files, or a quoted pattern.");
  return ok({ inputs: placed, skipped });
}

interface Walked { readonly path: string; readonly reason?: string }

async function* walkFolder(folder: string, outDir: string): AsyncGenerator<Walked> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: folder, reason: (error as Error).message };
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || path === outDir) continue;
    if (entry.isDirectory()) yield* walkFolder(path, outDir);
    else if (SIDECAR_NAME.test(entry.name)) continue;
    else yield { path, reason: await whyNot(path, entry.name, entry.isSymbolicLink()) };
  }
}

/** Why a folder's entry is no input; undefined when it is one. */
async function whyNot(path: string, name: string, link: boolean): Promise<string | undefined> {
  const kind = await kindOf(path);
  if (link && kind === "folder") return "a link to a folder";
  if (kind === "other") return "not a regular file";
  if (PART_NAME.test(name) || (!name.includes(".") && await looksLikeStep(path))) return undefined;
  return "not a STEP file by its name";
}

async function looksLikeStep(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.subarray(0, bytesRead).includes("ISO-10303-21");
  } catch {
    return false;
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | "other" | "missing"> {
  try {
    const info = await stat(path);
    return info.isDirectory() ? "folder" : info.isFile() ? "file" : "other";
  } catch {
    return "missing";
  }
}

/** Folders of a pattern before its first wildcard. */
function staticBase(pattern: string): string {
  const segments = pattern.split("/"), wild = segments.findIndex((s) => isDynamicPattern(s));
  return segments.slice(0, wild < 0 ? -1 : wild).join("/") || (isAbsolute(pattern) ? "/" : ".");
}

const toPosix = (path: string): string => (sep === "\\" ? path.split(sep).join("/") : path);

/** Is `path` inside `folder`? */
export function inside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Name of the file an input was given as. */
export const nameOf = (input: BatchInput): string => basename(input.path);
