import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { strFromU8, unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainChromium } from "./plain-chromium.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)), dist = join(root, "dist/"), shots = join(root, "test/artefacts/");
const TYPES: Record<string, string> = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".html": "text/html", ".step": "text/plain" };

/** A page with the fake host in it; `select` puts a sample into its document. */
const ENTRY = `
import { FakeChili3d, FakeShape, TYPES } from "./test/fake-chili3d.ts";
const host = globalThis.host = new FakeChili3d(new URLSearchParams(location.search).get("api"));
globalThis.Chili3dCore = host.core;
globalThis.select = (step) => { host.selected = []; host.addShape("Bracket", new FakeShape(TYPES.solid, step)); };
globalThis.load = async (form, folder) => {
  const url = form === "zip" ? URL.createObjectURL(new Blob([await (await fetch("/zip/main.js")).text()], { type: "application/javascript" })) : folder + "/chili3d/main.js";
  const { default: plugin } = await import(url);
  if (form === "zip") URL.revokeObjectURL(url);
  return [plugin.commands.length, plugin.ribbons.length, plugin.i18nResources.length];
};
globalThis.runCommand = async (key) => {
  await host.run(key);
  return { toast: host.toasts.at(-1) ?? "", tree: host.root.children.flatMap((n) => [n.name, ...(n.children ?? []).map((c) => c.name)]) };
};
const pub = host.core.PubSub.default.pub;
host.core.PubSub.default.pub = (event, ...args) => {
  pub(event, ...args);
  if (event === "showDialog") { document.body.append(args[1]); const [yes] = args[2]; if (yes.shouldClose()) yes.onclick(); }
  if (event === "showFloatPanel") { const box = document.createElement("div"); box.style.cssText = "position:fixed;inset:20px"; box.append(args[0].content); document.body.append(box); }
};`;

const built = existsSync(join(dist, "chili3d/main.js")), browser: Browser | string = built ? await plainChromium() : "the plug-in is not built: npm run build";
if (typeof browser === "string") console.warn(`Plug-in form tests skipped: ${browser}`);

describe.skipIf(typeof browser === "string")("the built plug-in in a page with a stand-in host", () => {
  let server: Server, other: Server, fake = "", zipMain = "";
  const listen = async (): Promise<Server> => {
    const made = createServer((request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname)).replace(/^(\.\.[/\\])+/, "");
      const send = (body: string | Buffer, type: string): void => { response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" }).end(body); };
      if (path === "/host.html") return send('<!doctype html><meta charset="utf-8"><title>host</title><script type="module" src="/fake.js"></script>', "text/html");
      if (path === "/fake.js") return send(fake, "text/javascript");
      const file = path.startsWith("/zip/") ? undefined : join(dist, path);
      if (path === "/zip/main.js") return send(zipMain, "text/javascript");
      if (!file || !existsSync(file)) { response.writeHead(404).end(); return; }
      send(readFileSync(file), TYPES[extname(file)] ?? "application/octet-stream");
    });
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    return made;
  };
  const urlOf = (s: Server): string => `http://127.0.0.1:${(s.address() as AddressInfo).port}`;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    const bundle = await esbuild.build({ stdin: { contents: ENTRY, resolveDir: root, loader: "ts" }, bundle: true, write: false, format: "esm" });
    fake = bundle.outputFiles[0].text;
    const { buildZip } = await import(join(root, "plugin/chili3d/package-plugin.mjs")) as { buildZip: (out: string) => Promise<void> };
    const zip = join(dist, "test.chiliplugin");
    await buildZip(zip);
    const files = unzipSync(readFileSync(zip));
    expect(Object.keys(files).sort()).toEqual(["icon.svg", "main.js", "manifest.json"]);
    expect(JSON.parse(strFromU8(files["manifest.json"]))).toMatchObject({ main: "main.js", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string });
    zipMain = strFromU8(files["main.js"]);
    [server, other] = [await listen(), await listen()];
  }, 120_000);
  afterAll(async () => {
    server?.close(); other?.close();
    if (typeof browser !== "string") await browser.close();
  });

  /** Loads the plug-in as the host does: by import from a folder's URL, or from a blob of the zip's main module. */
  async function load(page: Page, form: string): Promise<void> {
    const folder = urlOf(form === "folder" ? server : other);
    expect(await page.evaluate(`load(${JSON.stringify(form)}, ${JSON.stringify(folder)})`)).toEqual([4, 1, 2]);
  }

  test.each([["folder", "main"], ["folder of another origin", "dev"], ["zip", "dev"]])("%s, API %s: mold and review run in the worker", async (form, api) => {
    if (typeof browser === "string") return;
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage(), problems: string[] = [];
    page.on("console", (m) => { if (m.type() === "error") problems.push(m.text()); });
    page.on("pageerror", (e) => problems.push(e.message));
    await page.goto(`${urlOf(server)}/host.html?api=${api}`);
    await page.waitForFunction("globalThis.runCommand");
    await load(page, form);
    await page.evaluate(`select(${JSON.stringify(readFileSync(join(root, "samples/bracket.step"), "utf8"))})`);
    const run = (key: string): Promise<{ toast: string; tree: string[] }> => page.evaluate(`runCommand(${JSON.stringify(key)})`);
    const mold = await run("oversize.mold");
    expect(mold.toast).toMatch(/^Added Bracket core, Bracket cavity, Bracket oversized at OSF 1\.165/);
    expect(mold.tree).toEqual(["Bracket", "Bracket mold", "Bracket core", "Bracket cavity", "Bracket oversized"]);
    await run("oversize.review");
    await page.getByText("Wall too thin").first().waitFor({ timeout: 120_000 });
    await page.screenshot({ path: join(shots, `chili3d-${form.replaceAll(" ", "-")}.png`) });
    expect(problems).toEqual([]);
    await page.context().close();
  }, 240_000);
});
