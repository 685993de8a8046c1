import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What an independent native reader found in an open file. Lengths mm. */
export interface GroundTruth {
  readonly file: string;
  readonly schema: string;
  readonly text_counts: Readonly<Record<string, number>>;
  readonly geom: {
    readonly solids?: number;
    readonly unique_solids?: number;
    readonly shells?: number;
    readonly faces?: number;
    readonly edges?: number;
    readonly volume_mm3?: number;
    readonly area_solids_mm2?: number;
    readonly size_mm?: readonly number[];
    readonly bbox_mm?: readonly number[];
    readonly brep_valid?: boolean;
    readonly solid_volumes_mm3?: readonly number[];
  };
}

let said = false;

/** Folder of the corpus: `$OVERSIZE_CORPUS`, or `../shared/corpus` beside the repository; undefined, with the reason printed once, when it is missing. */
export function corpusPath(): string | undefined {
  const path = process.env.OVERSIZE_CORPUS ?? join(root, "../shared/corpus");
  if (existsSync(join(path, "ground_truth.open.json"))) return path;
  if (!said) console.warn(`Corpus tests skipped: there is no corpus at ${path}. Set OVERSIZE_CORPUS to run them.`);
  said = true;
  return undefined;
}

/** The open files with their ground truth; empty when there is no corpus. */
export function corpusFiles(): { path: string; truth: GroundTruth }[] {
  const corpus = corpusPath();
  if (!corpus) return [];
  const { files } = JSON.parse(readFileSync(join(corpus, "ground_truth.open.json"), "utf8")) as { files: GroundTruth[] };
  return files.map((truth) => ({ path: join(corpus, truth.file), truth }));
}

/** The bad inputs as their manifest lists them, the `file` field as the key; empty when there is no corpus. Folders are included. */
export function badFiles(): { file: string; path: string; expected: string }[] {
  const corpus = corpusPath();
  if (!corpus) return [];
  const manifest = JSON.parse(readFileSync(join(corpus, "bad/bad_manifest.json"), "utf8")) as { file: string; expected: string }[];
  return manifest.map(({ file, expected }) => ({ file, path: join(corpus, "bad", file), expected }));
}
