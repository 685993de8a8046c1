import { existsSync, mkdirSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { strFromU8, unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainChromium } from "./plain-chromium.ts";
import { serveStandIn } from "./stand-in-host.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)), dist = join(root, "dist/"), shots = join(root, "test/artefacts/");
const built = existsSync(join(dist, "chili3d/main.js")), browser: Browser | string = built ? await plainChromium() : "the plug-in is not built: npm run build";
if (typeof browser === "string") console.warn(`Plug-in form tests skipped: ${browser}`);

describe.skipIf(typeof browser === "string")("the built plug-in in a page with a stand-in host", () => {
  let server: Server, other: Server;
  const urlOf = (s: Server): string => `http://127.0.0.1:${(s.address() as AddressInfo).port}`;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    const { buildZip } = await import(join(root, "plugin/chili3d/package-plugin.mjs")) as { buildZip: (out: string) => Promise<void> };
    const zip = join(dist, "test.chiliplugin");
    await buildZip(zip);
    const files = unzipSync(readFileSync(zip));
    expect(Object.keys(files).sort()).toEqual(["icon.svg", "main.js", "manifest.json"]);
    expect(JSON.parse(strFromU8(files["manifest.json"]))).toMatchObject({ main: "main.js", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string });
    const zipMain = strFromU8(files["main.js"]);
    [{ server }, { server: other }] = [await serveStandIn(zipMain), await serveStandIn(zipMain)];
  }, 120_000);
  afterAll(async () => {
    server?.close(); other?.close();
    if (typeof browser !== "string") await browser.close();
  });

  /** Loads the plug-in as the host does: by import from a folder's URL, or from a blob of the zip's main module. */
  async function load(page: Page, form: string): Promise<void> {
    const folder = urlOf(form === "folder" ? server : other);
    expect(await page.evaluate(`load(${JSON.stringify(form)}, ${JSON.stringify(folder)})`)).toEqual([5, 1, 2]);
  }

  // From another origin the same folder is read: that worker, kernels and panel arrive is all there is to see.
  test.each([["folder", "main", true], ["folder of another origin", "dev", false], ["zip", "dev", true]])("%s, API %s: the engine runs in the worker, mold %s", async (form, api, molds) => {
    if (typeof browser === "string") return;
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage(), problems: string[] = [];
    page.on("console", (m) => { if (m.type() === "error") problems.push(m.text()); });
    page.on("pageerror", (e) => problems.push(e.message));
    await page.goto(`${urlOf(server)}/host.html?api=${api}`);
    await page.waitForFunction("globalThis.runCommand");
    await load(page, form);
    await page.evaluate(`select(${JSON.stringify(readFileSync(join(root, "samples/bracket.step"), "utf8"))})`);
    const run = (key: string): Promise<{ told: string; tree: string[] }> => page.evaluate(`runCommand(${JSON.stringify(key)})`);
    if (molds) {
      const mold = await run("oversize.mold");
      expect(mold.told).toMatch(/^Added Bracket core, Bracket cavity, Bracket oversized at OSF 1\.165/);
      expect(mold.tree).toEqual(["Bracket", "Bracket mold", "Bracket core", "Bracket cavity", "Bracket oversized"]);
    }
    await run("oversize.review");
    await page.getByText("Wall too thin").first().waitFor({ timeout: 120_000 });
    await page.screenshot({ path: join(shots, `chili3d-${form.replaceAll(" ", "-")}.png`) });
    expect(problems).toEqual([]);
    await page.context().close();
  }, 240_000);
});
