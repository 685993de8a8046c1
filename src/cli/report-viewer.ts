import { readFile } from "node:fs/promises";

let source: Promise<string | undefined> | undefined;

/** The viewer that report pages carry, from beside the bundled program; undefined when it was not built: the page then has no 3D view. */
export const reportViewer = (): Promise<string | undefined> =>
  (source ??= readFile(new URL("../report-viewer.js", import.meta.url), "utf8").catch(() => undefined));
