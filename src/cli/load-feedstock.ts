import { existsSync } from "node:fs";
import { chooseFeedstock, readFeedstockFile, type Feedstock } from "../mim/feedstock-file.ts";
import { findMaterial, type Material } from "../mim/materials.ts";
import { ok, type Result } from "../result.ts";
import { readText } from "./read-text.ts";

/** What a feedstock file adds to a request: its materials, and the lot to use. */
export interface LoadedFeedstock {
  readonly feedstock?: Feedstock;
  readonly materials: readonly Material[];
}

/** Reads `FILE` or `FILE#ID`. A file that only describes the material, without a lot of it, gives the material. */
export function loadFeedstock(given: string, material?: string): Result<LoadedFeedstock> {
  const hash = existsSync(given) ? -1 : given.lastIndexOf("#");
  const [path, id] = hash < 0 ? [given, undefined] : [given.slice(0, hash), given.slice(hash + 1)];
  const text = readText(path);
  if (!text.ok) return text;
  const file = readFeedstockFile(text.value);
  if (!file.ok) return file;
  const { materials, feedstocks } = file.value;
  const described = material === undefined ? undefined : findMaterial(material, materials);
  const hasLot = feedstocks.some((lot) => findMaterial(lot.material, materials)?.id === described?.id);
  if (id === undefined && described?.kind === "custom" && !hasLot) return ok({ materials });
  const lot = chooseFeedstock(file.value, { id, material });
  return lot.ok ? ok({ feedstock: lot.value, materials }, lot.warnings) : lot;
}
