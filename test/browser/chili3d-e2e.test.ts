import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plainChromium } from "./plain-chromium.ts";

const root = fileURLToPath(new URL("../../", import.meta.url)), dist = join(root, "dist/chili3d/"), shots = join(root, "test/artefacts/");
const host = process.env.CHILI3D_URL;
if (!host) console.warn("Chili3D end-to-end test skipped: set CHILI3D_URL to a running Chili3D to run it.");

/** Serves the built plug-in and a sample to another origin. */
async function serve(): Promise<{ url: string; close: () => void }> {
  const types: Record<string, string> = { js: "text/javascript", wasm: "application/wasm", json: "application/json", svg: "image/svg+xml" };
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname)).replace(/^(\.\.[/\\])+/, "");
    const file = path === "/bracket.step" ? join(root, "samples/bracket.step") : join(dist, path);
    if (!existsSync(file)) { response.writeHead(404, { "access-control-allow-origin": "*" }).end(); return; }
    response.writeHead(200, { "content-type": types[file.split(".").at(-1) ?? ""] ?? "text/plain", "access-control-allow-origin": "*" }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

test.skipIf(!host)("a real Chili3D loads the folder, shows the tab, checks and molds the selected body", async () => {
  const browser = await plainChromium();
  if (typeof browser === "string") throw new Error(browser);
  const plugin = await serve();
  mkdirSync(shots, { recursive: true });
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage(), alerts: string[] = [];
    page.on("dialog", (dialog) => { alerts.push(dialog.message()); void dialog.dismiss(); });
    await page.addInitScript((trusted) => { localStorage.setItem("chili3d.app.config", JSON.stringify({ trustedDomains: [trusted] })); }, new URL(plugin.url).host);
    await page.goto(`${host}?plugin=${encodeURIComponent(`${plugin.url}/`)}&url=${encodeURIComponent(`${plugin.url}/bracket.step`)}`);
    await page.getByText("Oversize", { exact: true }).first().waitFor({ timeout: 120_000 });
    await page.screenshot({ path: join(shots, "chili3d-host-tab.png") });
    // The first node with a solid, as a click in the tree would select it.
    await page.waitForFunction(`globalThis.activeDocument?.modelManager.findNodes((n) => "shape" in n && n.shape.isOk).length > 0`, undefined, { timeout: 120_000 });
    await page.evaluate(`activeDocument.selection.setSelectedNodes([activeDocument.modelManager.findNodes((n) => "shape" in n && n.shape.isOk)[0]], false)`);
    await page.evaluate(`Chili3dCore.PubSub.default.pub("executeCommand", "oversize.check")`);
    await page.waitForFunction(`activeDocument.modelManager.findNodes((n) => (n.faceMaterialPair ?? []).length > 0).length > 0`, undefined, { timeout: 180_000 });
    await page.screenshot({ path: join(shots, "chili3d-host-checked.png") });
    await page.evaluate(`Chili3dCore.PubSub.default.pub("executeCommand", "oversize.mold")`);
    await page.getByText("Confirm", { exact: true }).click();
    await page.waitForFunction(`activeDocument.modelManager.findNodes((n) => / (core|cavity|oversized)$/.test(n.name) && "shape" in n).length === 3`, undefined, { timeout: 180_000 });
    await page.screenshot({ path: join(shots, "chili3d-host-mold.png") });
    await page.evaluate("activeDocument.history.undo()");
    expect(await page.evaluate(`activeDocument.modelManager.findNodes((n) => / (core|cavity|oversized)$/.test(n.name)).length`)).toBe(0);
    expect(alerts).toEqual([]);
  } finally {
    plugin.close();
    await browser.close();
  }
}, 600_000);
