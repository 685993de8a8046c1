// Makes the README's pictures from the built page, report and plug-in.
//   node dist/pictures/pictures.js [FOLDER] [--width 1280] [--height 800] [--scheme light|dark] [--only NAME]
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { servePage, StudioPage } from "./browser.ts";
import { plainChromium } from "./plain-chromium.ts";
import { smallerPng } from "./smaller-png.ts";
import { serveStandIn } from "./stand-in-host.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)), bracket = readFileSync(join(root, "samples/bracket.step"));
const { values: asked, positionals: [folder = join(root, "samples/pictures/")] } = parseArgs({
  allowPositionals: true,
  options: { width: { type: "string", default: "1280" }, height: { type: "string", default: "800" }, scheme: { type: "string", default: "light" }, only: { type: "string" } },
});
const SIZE = { width: Number(asked.width), height: Number(asked.height) }, colorScheme = asked.scheme === "dark" ? "dark" : "light";

async function pictures(chromium: Browser): Promise<void> {
  const page = await servePage(), host = await serveStandIn();
  const context = await chromium.newContext({ viewport: SIZE, colorScheme, reducedMotion: "reduce", acceptDownloads: true });
  const made: [string, () => Promise<Page>][] = [
    ["empty", () => studioEmpty(context, page.url)],
    ["studio", () => studioThickness(context, page.url)],
    ["review", () => studioReview(context, page.url)],
    ["report", () => reportPage(context, page.url)],
    ["mold", () => studioMold(context, page.url)],
    ["plugin", () => pluginPanel(context, host.url)],
  ];
  for (const [name, make] of made) {
    // The empty page is no picture of the README; it is made when it is asked for.
    if (asked.only ? !asked.only.split(",").includes(name) : name === "empty") continue;
    const shown = await make(), path = join(folder, `${name}.png`);
    await shown.mouse.move(2, 2);
    // Browsers dither gradients, which do not compress: a plain background instead.
    await shown.locator("ovz-view").evaluateAll((views) => { for (const view of views) if (view instanceof HTMLElement) view.style.background = "var(--view-top)"; });
    await shown.waitForTimeout(400);
    writeFileSync(path, smallerPng(await shown.screenshot()));
    console.log(`${path}  ${(statSync(path).size / 1000).toFixed(0)} kB`);
    await shown.close();
  }
  page.server.close();
  host.server.close();
}

async function studioEmpty(context: BrowserContext, url: string): Promise<Page> {
  const { page } = await StudioPage.open(context, url);
  await page.getByRole("button", { name: /Bracket/ }).waitFor();
  await page.waitForLoadState("networkidle");
  return page;
}

/** The studio with the bracket open and checked. */
async function withBracket(context: BrowserContext, url: string): Promise<StudioPage> {
  const studio = await StudioPage.open(context, url);
  await studio.drop("bracket.step", bracket);
  await studio.settled();
  return studio;
}

/** Opens the first finding of a code that fails, as a click on its row does. */
const choose = (page: Page, title: string, nth = 0): Promise<void> => page.locator("tr.item button.open").filter({ hasText: title }).nth(nth).click();

async function studioThickness(context: BrowserContext, url: string): Promise<Page> {
  const { page } = await withBracket(context, url);
  await page.getByRole("button", { name: "Thickness", exact: true }).click();
  await page.locator("ovz-legend").getByText("inscribed ball").waitFor();
  await choose(page, "Wall too thin");
  await page.waitForTimeout(400);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  return page;
}

async function decide(page: Page): Promise<void> {
  await choose(page, "Radius too small");
  await page.getByRole("button", { name: "Accept" }).click();
  await choose(page, "Wall too thin");
  await page.getByRole("button", { name: "Waive …" }).click();
  await page.getByLabel("Reason").fill("the flange's edge carries no load; agreed with the molder");
  await page.getByLabel("Name").fill("R. Ito");
  await page.getByRole("button", { name: "Waive", exact: true }).click();
}

async function studioReview(context: BrowserContext, url: string): Promise<Page> {
  const { page } = await withBracket(context, url);
  await decide(page);
  await page.getByRole("button", { name: "Draft", exact: true }).click();
  await page.locator("ovz-legend").getByText("crossover").waitFor();
  await choose(page, "Sharp edge");
  await page.waitForTimeout(400);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  return page;
}

async function reportPage(context: BrowserContext, url: string): Promise<Page> {
  const { page: studio } = await withBracket(context, url), path = join(tmpdir(), "oversize-pictures.report.html");
  const [download] = await Promise.all([studio.waitForEvent("download"), studio.getByRole("combobox", { name: "Report as" }).selectOption("html")]);
  await download.saveAs(path);
  await studio.close();
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href);
  await page.waitForFunction(() => document.documentElement.dataset.pictures === "done");
  return page;
}

async function studioMold(context: BrowserContext, url: string): Promise<Page> {
  const { page } = await withBracket(context, url);
  await page.getByRole("button", { name: "Mold", exact: true }).click();
  await page.locator("ovz-mold").getByText("parting plane at").waitFor();
  await page.getByRole("slider", { name: "Open the mold" }).fill("1");
  await page.getByRole("button", { name: "Make and prove the mold" }).click();
  await page.locator("ovz-mold").getByText("volume grown by the OSF").waitFor({ timeout: 90_000 });
  await page.locator("ovz-mold").getByText("written files read back").scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  return page;
}

async function pluginPanel(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/host.html?api=dev`);
  await page.waitForFunction("globalThis.runCommand");
  await page.evaluate(`load("folder", ${JSON.stringify(url)})`);
  await page.evaluate(`select(${JSON.stringify(bracket.toString("utf8"))})`);
  await page.evaluate(`runCommand("oversize.mold")`);
  await page.evaluate(`runCommand("oversize.review")`);
  await page.getByText("Wall too thin").first().waitFor({ timeout: 120_000 });
  return page;
}

const browser = await plainChromium();
if (typeof browser === "string") throw new Error(`Chromium does not start here: ${browser}`);
mkdirSync(folder, { recursive: true });
try {
  await pictures(browser);
} finally {
  await browser.close();
}
