import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportHtml } from "../../src/report/formats/html.ts";
import { plainChromium } from "./plain-chromium.ts";
import { cubeBody, finding, HOSTILE, reportOf } from "../report-fixture.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)), shots = join(root, "test/artefacts/");

const browser = await plainChromium();
if (typeof browser === "string") console.warn(`Report page tests skipped: Chromium does not start here: ${browser}`);

describe.skipIf(typeof browser === "string")("the report page, opened from a file without a network", () => {
  const folder = mkdtempSync(join(tmpdir(), "oversize-page-")), problems: string[] = [];
  let viewer = "";
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    const built = await esbuild.build({ entryPoints: [join(root, "src/report/viewer/report-viewer.ts")], bundle: true, minify: true, write: false, format: "esm", target: "es2022", charset: "ascii", legalComments: "none" });
    viewer = built.outputFiles[0].text;
  });
  afterAll(async () => { if (typeof browser !== "string") await browser.close(); });

  async function open(html: string, width = 1280, scheme: "light" | "dark" = "light"): Promise<Page> {
    if (typeof browser === "string") throw new Error(browser);
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, offline: true });
    const page = await context.newPage();
    page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") problems.push(m.text()); });
    page.on("pageerror", (e) => problems.push(e.message));
    page.on("request", (r) => { if (!/^(file|data|blob):/.test(r.url())) problems.push(`asked for ${r.url()}`); });
    const path = join(folder, "part.report.html");
    writeFileSync(path, html);
    await page.goto(pathToFileURL(path).href);
    return page;
  }

  /** How many different colours a grid of points over the canvas has. */
  const colours = (page: Page): Promise<number> => page.evaluate(() => {
    const canvas = document.querySelector("canvas")!, copy = document.createElement("canvas");
    copy.width = canvas.width; copy.height = canvas.height;
    const context = copy.getContext("2d", { willReadFrequently: true })!, seen = new Set<string>();
    context.drawImage(canvas, 0, 0);
    for (let x = 0; x < 40; x++) for (let y = 0; y < 40; y++) seen.add(context.getImageData((x + 0.5) * canvas.width / 40, (y + 0.5) * canvas.height / 40, 1, 1).data.join());
    return seen.size;
  });

  test.each([["light", 1280], ["dark", 1280], ["light", 800], ["dark", 800]] as const)("%s, %i px: the part is drawn, nothing overflows, no message on the console", async (scheme, width) => {
    problems.length = 0;
    const page = await open(reportHtml(reportOf(), { viewer, bodies: [cubeBody()] }), width, scheme);
    await page.waitForFunction(() => document.documentElement.dataset.pictures === "done");
    expect(await colours(page)).toBeGreaterThan(8);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await page.locator("#pictures figure img").count()).toBe(3);
    await page.screenshot({ path: join(shots, `report-${width}-${scheme}.png`) });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("a finding marks its faces, a click on a face reads it, maps change the picture", async () => {
    problems.length = 0;
    const page = await open(reportHtml(reportOf(), { viewer, bodies: [cubeBody()] }));
    await page.waitForFunction(() => document.documentElement.dataset.pictures === "done");
    const picture = (): Promise<string> => page.evaluate(() => document.querySelector("canvas")!.toDataURL());
    const before = await picture();
    await page.getByRole("button", { name: "Draft", exact: true }).click();
    await expect.poll(picture).not.toBe(before);
    const draft = await picture();
    await page.locator('button[data-finding="WALL_THIN-1"]').click();
    await expect.poll(picture).not.toBe(draft);
    expect(await page.locator("tr.selected").getAttribute("data-row")).toBe("WALL_THIN-1");
    await page.getByRole("button", { name: "Top" }).click();
    await page.locator("#canvas").click();
    await expect.poll(() => page.locator("#readout").textContent()).toMatch(/^face 5 · -?[\d.]+°$/);
    await page.locator("#map-buttons").getByRole("button", { name: "Undercut" }).click();
    const trapped = await picture();
    await page.locator("#canvas").click();
    await expect.poll(() => page.locator("#readout").textContent()).toMatch(/^face 5 · (trapped|reachable)$/);
    expect(trapped).not.toBe(draft);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("no name becomes markup or script", async () => {
    problems.length = 0;
    const all = HOSTILE.join(" "), findings = HOSTILE.map((message, i) => finding("WALL_THIN", "fail", { id: `WALL_THIN-${i}`, message, method: message }));
    const decisions = Object.fromEntries(HOSTILE.map((reason, i) => [`WALL_THIN-${i}`, { state: "waived" as const, reason, name: reason }]));
    const page = await open(reportHtml(reportOf(all, findings), { viewer, bodies: [cubeBody(all)], decisions }));
    await page.waitForFunction(() => document.documentElement.dataset.pictures === "done");
    expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false);
    expect(await page.locator("script").count()).toBe(2);
    expect(await page.locator(".rule p:first-of-type").first().textContent()).toBe(HOSTILE[0]);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
