import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainChromium } from "./plain-chromium.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)), dist = join(root, "dist/"), shots = join(root, "test/artefacts/");
const host = process.env.CHILI3D_URL;
if (!host) console.warn("Chili3D end-to-end test skipped: set CHILI3D_URL to a running Chili3D to run it.");

/** Serves dist/ and a sample from an origin that is not the host's. */
async function serve(): Promise<Server> {
  const types: Record<string, string> = { js: "text/javascript", wasm: "application/wasm", json: "application/json", svg: "image/svg+xml" };
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname)).replace(/^(\.\.[/\\])+/, "");
    const file = path === "/bracket.step" ? join(root, "samples/bracket.step") : join(dist, path);
    if (!existsSync(file)) { response.writeHead(404, { "access-control-allow-origin": "*" }).end(); return; }
    response.writeHead(200, { "content-type": types[file.split(".").at(-1) ?? ""] ?? "text/plain", "access-control-allow-origin": "*" }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The open document and its nodes with a shape, on every build of the host. */
const DOCUMENT = "(globalThis.activeDocument ?? Chili3dCore.getCurrentApplication()?.activeView?.document)";
const SHAPES = `(${DOCUMENT}?.modelManager.findNodes((n) => "shape" in n && n.shape.isOk) ?? [])`;
/** How many undo steps there are, how many faces are marked, and the tree's shapes. */
const STATE = `({ steps: ${DOCUMENT}.history.undoCount(), marks: ${SHAPES}.flatMap((n) => n.faceMaterialPair ?? []).length, names: ${SHAPES}.map((n) => n.name) })`;

describe.skipIf(!host)("a real Chili3D", () => {
  let browser: Browser, plugin: Server;
  beforeAll(async () => {
    const { buildZip } = await import(join(root, "plugin/chili3d/package-plugin.mjs")) as { buildZip: () => Promise<void> };
    await buildZip();
    const started = await plainChromium();
    if (typeof started === "string") throw new Error(started);
    [browser, plugin] = [started, await serve()];
    mkdirSync(shots, { recursive: true });
  }, 120_000);
  afterAll(async () => { plugin?.close(); await browser?.close(); });

  /** The host with the plug-in loaded, the sample open and the plug-in's tab in front; what it alerted. */
  async function open(form: string): Promise<{ page: Page; alerts: string[]; part: string }> {
    const url = `http://127.0.0.1:${(plugin.address() as AddressInfo).port}`, page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage(), alerts: string[] = [];
    page.on("dialog", (dialog) => { alerts.push(dialog.message()); void dialog.dismiss(); });
    page.on("pageerror", (error) => alerts.push(error.message));
    await page.addInitScript((trusted) => { localStorage.setItem("chili3d.app.config", JSON.stringify({ trustedDomains: [trusted], language: "en" })); }, new URL(url).host);
    await page.goto(`${host}?plugin=${encodeURIComponent(url + form)}&url=${encodeURIComponent(`${url}/bracket.step`)}`);
    const tab = page.getByText("Oversize", { exact: true }).first();
    await tab.waitFor({ timeout: 120_000 });
    await page.waitForFunction(`${SHAPES}.length > 0`, undefined, { timeout: 120_000 });
    // The host shows the part only after it has imported all of it.
    await page.locator("dialog").waitFor({ state: "detached", timeout: 60_000 });
    await tab.click();
    const [part] = await page.evaluate<string[]>(`${SHAPES}.map((n) => n.name)`);
    return { page, alerts, part };
  }
  const press = (page: Page, text: string): Promise<void> => page.getByText(text, { exact: true }).locator("visible=true").last().click();
  const confirm = (page: Page): Promise<void> => page.getByRole("button", { name: "Confirm" }).click();
  const select = (page: Page, part: string): Promise<void> => page.getByText(part, { exact: true }).first().click();
  const state = (page: Page): Promise<{ steps: number; marks: number; names: string[] }> => page.evaluate(STATE);

  test("takes the folder: refusal, check, undo, mold, undo, export, review", async () => {
    const { page, alerts, part } = await open("/chili3d/"), before = await state(page);
    await press(page, "Check selection");
    await page.getByText("Nothing is selected").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });

    await select(page, part);
    await press(page, "Check selection");
    await page.getByText("1 blocking finding").waitFor({ timeout: 120_000 });
    const pins = page.getByText(/^Wall too thin: 0\.493 mm/);
    expect(await pins.count()).toBe(1);
    expect(await state(page)).toEqual({ ...before, steps: before.steps + 1, marks: 6 });
    await page.screenshot({ path: join(shots, "chili3d-host-checked.png") });
    await page.keyboard.press("Control+z");
    await page.waitForFunction(`${STATE}.marks === 0`);
    expect([await state(page), await pins.count()]).toEqual([before, 0]);

    await press(page, "Mold");
    await confirm(page);
    await page.getByText(/^Added /).waitFor({ timeout: 180_000 });
    await confirm(page);
    expect(await state(page)).toEqual({ ...before, steps: before.steps + 1, names: [part, `${part} core`, `${part} cavity`, `${part} oversized`] });
    await page.screenshot({ path: join(shots, "chili3d-host-mold.png") });
    // The host's own kernel measures what it was given.
    const volumes = await page.evaluate<number[]>(`${SHAPES}.map((n) => n.shape.value.volume?.() ?? NaN)`);
    if (volumes.every(Number.isFinite)) expect(volumes[3] / volumes[0]).toBeCloseTo(1.165 ** 3, 9);
    await page.keyboard.press("Control+z");
    await page.waitForFunction(`${SHAPES}.length === 1`);
    expect(await state(page)).toEqual(before);

    await select(page, part);
    await press(page, "Export mold");
    const [download] = await Promise.all([page.waitForEvent("download", { timeout: 180_000 }), confirm(page)]);
    expect(Object.keys(unzipSync(readFileSync(await download.path())))).toEqual(["mold.step", "core.step", "cavity.step", "oversized.step", "report.html"].map((file) => `${part}.${file}`));
    await confirm(page);

    await press(page, "Review panel");
    await page.locator("oversize-review").getByText("Wall too thin").first().waitFor({ timeout: 120_000 });
    // What is typed in the panel is no shortcut of the host: Backspace would delete the body.
    await page.locator("oversize-review").getByPlaceholder("Search").fill("wall");
    await page.keyboard.press("Backspace");
    expect(await state(page)).toEqual(before);
    await page.screenshot({ path: join(shots, "chili3d-host-review.png") });
    expect(alerts).toEqual([]);
    await page.context().close();
  }, 600_000);

  test("takes the zip: worker and kernels run from inside it", async () => {
    const { page, alerts, part } = await open("/oversize.chiliplugin");
    await select(page, part);
    await page.getByText("Oversize", { exact: true }).locator("visible=true").last().click();
    await confirm(page);
    await page.getByText(/^Added .* oversized at OSF 1\.165/).waitFor({ timeout: 180_000 });
    expect((await state(page)).names).toEqual([part, `${part} oversized`]);
    expect(alerts).toEqual([]);
    await page.context().close();
  }, 600_000);
});
