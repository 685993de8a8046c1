// Builds the Chili3D plug-in: as a folder (dist/chili3d/) and, with --zip, as dist/oversize.chiliplugin.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { strToU8, zipSync } from "fflate";

const root = fileURLToPath(new URL("../../", import.meta.url));
const KERNELS = ["occt", "occt-import", "manifold", "spatial"];
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#5b7fb8" stroke-width="2" stroke-linejoin="round"><path d="M4 13V5h24v8h-5a7 7 0 0 0-14 0z"/><path d="M4 19v8h24v-8h-5a7 7 0 0 1-14 0z"/></svg>\n';
const common = { bundle: true, minify: true, format: "esm", target: "es2022", platform: "browser", legalComments: "none", logLevel: "warning", absWorkingDir: root };

/** Builds the folder form; worker and panel come from `studio`, kernels from `kernels`. */
export async function buildFolder(out = `${root}dist/chili3d/`, studio = `${root}dist/studio/`, kernels = `${root}dist/kernels/`) {
  mkdirSync(`${out}kernels`, { recursive: true });
  await esbuild.build({ ...common, entryPoints: ["plugin/chili3d/main-folder.ts"], outfile: `${out}main.js` });
  for (const [name, from] of [["worker.js", "review-worker.js"], ["review.js", "review.js"]]) writeFileSync(`${out}${name}`, withoutMap(`${studio}${from}`));
  writeFileSync(`${out}report-viewer.js`, withoutMap(`${root}dist/report-viewer.js`));
  for (const name of KERNELS) copyFileSync(`${kernels}${name}.wasm`, `${out}kernels/${name}.wasm`);
  writeFileSync(`${out}icon.svg`, ICON);
  writeFileSync(`${out}manifest.json`, manifest("main.js", "icon.svg"));
}

/** Builds the zip form: one module that carries everything. */
export async function buildZip(out = `${root}dist/oversize.chiliplugin`, folder = `${root}dist/chili3d/`) {
  const packed = (path) => [path, gzipSync(path.endsWith(".js") ? withoutAddress(`${folder}${path}`) : readFileSync(`${folder}${path}`), { level: 9 }).toString("base64")];
  const files = Object.fromEntries(["worker.js", "review.js", "report-viewer.js", ...KERNELS.map((name) => `kernels/${name}.wasm`)].map(packed));
  const inlined = { name: "inlined", setup(build) {
    build.onResolve({ filter: /^oversize:inlined$/ }, ({ path }) => ({ path, namespace: "inlined" }));
    build.onLoad({ filter: /.*/, namespace: "inlined" }, () => ({ contents: `export const FILES = ${JSON.stringify(files)};`, loader: "js" }));
  } };
  const { outputFiles } = await esbuild.build({ ...common, entryPoints: ["plugin/chili3d/main-zip.ts"], write: false, plugins: [inlined] });
  writeFileSync(out, zipSync({ "manifest.json": strToU8(manifest("main.js", "icon.svg")), "main.js": outputFiles[0].contents, "icon.svg": strToU8(ICON) }, { level: 6, mtime: new Date(1980, 0, 1) }));
}

/** A script from a blob has no address that others could be relative to; its kernels are handed to it as bytes. */
const withoutAddress = (path) => readFileSync(path, "utf8").replaceAll("import.meta.url", '"https://oversize.invalid/"');

function manifest(main, icon) {
  const json = JSON.parse(readFileSync(`${root}manifest.json`, "utf8"));
  return `${JSON.stringify({ ...json, main, icon }, null, 2)}\n`;
}

/** Maps are not shipped; a reference to a missing one is noise in the console. */
const withoutMap = (path) => readFileSync(path, "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildFolder();
  if (process.argv.includes("--zip")) { await buildZip(); console.error("dist/oversize.chiliplugin"); }
}
