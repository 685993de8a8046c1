// Builds everything under dist/. With --install it first installs what package-lock.json names, when it is not there yet.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createHash } from "node:crypto";

const require = createRequire(import.meta.url);
process.chdir(import.meta.dirname ?? new URL(".", import.meta.url).pathname);

if (process.argv.includes("--install")) install();
await build();

/** Runs `npm ci` when the lock file is newer than what is installed. */
function install() {
  const stamp = "node_modules/.oversize-lock";
  const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("installing packages …");
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  execFileSync(command, [...args, "ci"], { stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(stamp, lock);
}

async function build() {
  mkdirSync("dist/kernels", { recursive: true });
  copyKernels();
  buildSpatial();
  await bundle();
}

/** The LGPL kernels stay separate, replaceable files beside the bundles. */
function copyKernels() {
  const from = {
    "occt.wasm": "replicad-opencascadejs/dist/replicad_single.wasm",
    "occt-import.wasm": "occt-import-js/dist/occt-import-js.wasm",
    "manifold.wasm": "manifold-3d/manifold.wasm",
  };
  for (const [name, path] of Object.entries(from)) {
    const source = `node_modules/${path}`, target = `dist/kernels/${name}`;
    if (!existsSync(target) || statSync(target).size !== statSync(source).size) copyFileSync(source, target);
  }
}

/** Compiles the AssemblyScript kernel. */
function buildSpatial() {
  const entry = "src/spatial/kernel/index.ts";
  if (!existsSync(entry)) return;
  const asc = require.resolve("assemblyscript/bin/asc.js");
  execFileSync(process.execPath, [asc, entry, "--runtime", "stub", "-O3", "--noAssert", "--enable", "simd", "-o", "dist/kernels/spatial.wasm"], { stdio: "inherit" });
}

async function bundle() {
  const esbuild = await import("esbuild");
  const common = { bundle: true, format: "esm", target: "es2022", sourcemap: true, logLevel: "warning", legalComments: "none" };
  const node = {
    ...common,
    platform: "node",
    target: "node20",
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url), __filename = require("node:url").fileURLToPath(import.meta.url), __dirname = require("node:path").dirname(__filename);' },
    external: ["playwright-core", "@sparticuz/chromium", "esbuild"],
  };
  const entries = {
    "dist/cli/oversize.js": "src/cli/oversize.ts",
    "dist/cli/child.js": "src/cli/child.ts",
    "dist/cli/check-helper.js": "src/cli/check-helper.ts",
    "dist/samples/make-samples.js": "samples/make/make-samples.ts",
    "dist/bench/bench.js": "test/bench/bench.ts",
    "dist/bench/spatial-worker.js": "test/bench/spatial-worker.ts",
    "dist/pictures/pictures.js": "test/browser/pictures.ts",
  };
  for (const [outfile, entry] of Object.entries(entries)) {
    if (!existsSync(entry)) continue;
    rmSync(outfile, { force: true });
    await esbuild.build({ ...node, entryPoints: [entry], outfile });
  }
  await bundleReport(esbuild);
  await bundleWeb(esbuild, common);
  if (existsSync("manifest.json")) await (await import("./plugin/chili3d/package-plugin.mjs")).buildFolder();
}

/** The viewer that report pages carry inside them, and the JSON Schemas of what goes in and out. */
async function bundleReport(esbuild) {
  await esbuild.build({ entryPoints: ["src/report/viewer/report-viewer.ts"], outfile: "dist/report-viewer.js", bundle: true, minify: true, format: "esm", target: "es2022", charset: "ascii", legalComments: "none", logLevel: "warning" });
  await writeSchema(esbuild, "src/report/report-schema.ts", "reportJsonSchema", "dist/report.schema.json");
  await writeSchema(esbuild, "src/cli/settings-schema.ts", "configSchema", "dist/config.schema.json");
}

/** Writes what a module's function answers as JSON. */
async function writeSchema(esbuild, entry, name, outfile) {
  const { outputFiles } = await esbuild.build({ entryPoints: [entry], bundle: true, write: false, platform: "node", target: "node20", format: "esm", logLevel: "warning" });
  const module = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
  writeFileSync(outfile, `${JSON.stringify(module[name](), null, 2)}\n`);
}

/**
 * The worker, the review panel for other pages, and the studio page, all under dist/studio/. Page and worker are split:
 * what the first view does not need comes when it is asked for. `review.js` and `review-worker.js` are whole, for hosts that load single files.
 */
async function bundleWeb(esbuild, common) {
  const web = { ...common, platform: "browser", minify: true, external: ["node:*", "fs", "path", "crypto", "module", "url", "worker_threads"] };
  // The worker builds picking trees and draws nothing: the renderer stays out of it.
  const undrawn = { alias: { three: "./node_modules/three/build/three.core.js" } };
  mkdirSync("dist/studio/samples", { recursive: true });
  rmSync("dist/studio/chunks", { recursive: true, force: true });
  const split = (entry, options) => esbuild.build({ ...web, ...options, entryPoints: [entry], outdir: "dist/studio", splitting: true, chunkNames: "chunks/[name]-[hash]", metafile: true });
  const whole = (entry, outfile, options) => esbuild.build({ ...web, ...options, entryPoints: [entry], outfile });
  const [page, worker] = await Promise.all([
    split("plugin/studio/studio.ts"), split("worker/worker.ts", undrawn),
    whole("plugin/review/index.ts", "dist/studio/review.js"), whole("worker/worker.ts", "dist/studio/review-worker.js", undrawn),
  ]);
  const chunks = [page, worker].flatMap(({ metafile }) => Object.keys(metafile.outputs)).filter((name) => /\/chunks\/.*\.js$/.test(name)).map((name) => `./${name.replace("dist/studio/", "")}`);
  await whole("plugin/studio/offline.ts", "dist/studio/offline.js", { define: { CHUNKS: JSON.stringify(chunks) } });
  copyFileSync("plugin/studio/index.html", "dist/studio/index.html");
  const samples = JSON.parse(readFileSync("plugin/studio/samples.json", "utf8")).filter(({ url }) => existsSync(url));
  for (const { url, picture } of samples) for (const file of [url, picture && `plugin/studio/${picture}`]) {
    if (file && existsSync(file)) copyFileSync(file, `dist/studio/samples/${file.split("/").at(-1)}`);
  }
  const listed = samples.map(({ picture, ...sample }) => ({ ...sample, ...(picture && existsSync(`plugin/studio/${picture}`) && { picture: `samples/${picture.split("/").at(-1)}` }) }));
  writeFileSync("dist/studio/samples/index.json", JSON.stringify(listed));
}
