import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Download } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/dfm/finding.ts";
import { ExactSolid } from "../../src/step/exact-solid.ts";
import { writeStep } from "../../src/step/write-step.ts";
import { shapeKernel } from "../shapes/kernel.ts";
import { artefacts, launchChromium, servePage, StudioPage } from "./browser.ts";

const launched = await launchChromium();
if (typeof launched === "string") console.warn(`Browser tests skipped: Chromium cannot start here (${launched}).`);

const sample = (name: string): Promise<Buffer> => readFile(new URL(`../../samples/${name}.step`, import.meta.url));

/** What the panel's session knows, read from the page. */
interface PanelState {
  readonly findings: readonly Finding[];
  readonly decisions: Readonly<Record<string, { state: string; reason?: string; name?: string }>>;
  readonly phase: string;
  readonly blockMm?: readonly number[];
}

describe.skipIf(typeof launched === "string")("the studio in Chromium", { timeout: 120_000 }, () => {
  const browser = launched as Browser;
  let context: BrowserContext, server: Server, url: string, studio: StudioPage;

  const state = (): Promise<PanelState> => studio.page.evaluate(() => {
    interface Session { phase: string; findings: Finding[]; review: { decisions: PanelState["decisions"] }; preview?: { blockMm: readonly number[] } }
    const session = document.querySelector("oversize-studio")?.shadowRoot?.querySelector<HTMLElement & { session: Session }>("oversize-review")?.session;
    if (!session) throw new Error("no session");
    return { phase: session.phase, findings: session.findings, decisions: session.review.decisions, blockMm: session.preview?.blockMm };
  });

  beforeAll(async () => {
    ({ server, url } = await servePage());
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true, reducedMotion: "reduce" });
    studio = await StudioPage.open(context, url);
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it("opens empty with samples to try, and says that nothing leaves the machine", async () => {
    await studio.page.getByText("Nothing leaves this machine").waitFor();
    await studio.page.getByRole("button", { name: /Bracket/ }).waitFor();
    await studio.shot("studio-empty");
  });

  it("refuses a bad file with its reason, and takes a good one after it", async () => {
    await studio.drop("notes.step", new TextEncoder().encode("these are no solids"));
    const alert = studio.page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toContain("This is not a STEP file");
    await studio.shot("studio-error");
    await studio.drop("empty.step", new Uint8Array());
    await studio.page.getByText("The file is empty").waitFor();
  });

  it("checks a dropped part and lists what it found", async () => {
    await studio.drop("bracket.step", await sample("bracket"));
    await studio.settled();
    const { findings } = await state();
    expect(findings.length).toBeGreaterThan(5);
    // The worker and one that helps it for every core beyond the first.
    const cores = await studio.page.evaluate(() => navigator.hardwareConcurrency);
    expect(studio.page.workers().length).toBe(1 + Math.min(3, cores - 1));
    expect(await studio.page.locator("tr.item").count()).toBe(findings.length);
    expect(await studio.page.getByRole("img", { name: "Area of walls by thickness" }).locator("rect").count()).toBeGreaterThan(5);
    await studio.shot("studio-part");
  });

  it("frames and lights the faces of a chosen finding, and finds the row of a clicked face", async () => {
    const { page } = studio, { findings } = await state();
    const thin = findings.find((f) => f.code === "WALL_THIN" && f.verdict === "fail")!;
    const box = (await page.locator("ovz-view canvas").boundingBox())!;
    const before = await page.screenshot({ clip: box });
    await page.locator(`tr.item[data-finding="${thin.id}"] button.open`).click();
    await page.waitForTimeout(500);
    const after = await page.screenshot({ clip: box });
    expect(after.equals(before)).toBe(false);
    await studio.shot("studio-finding");
    const hits = [];
    for (let x = 0.3; x <= 0.7; x += 0.04) for (let y = 0.3; y <= 0.7; y += 0.04) {
      const at = [box.x + box.width * x, box.y + box.height * y] as const, hit = await studio.pick(...at);
      if (hit && thin.faces.includes(hit.face)) hits.push(at);
    }
    expect(hits.length, "framed faces are in the middle of the view").toBeGreaterThan(0);
    await page.getByRole("button", { name: "Fit", exact: true }).click();
    await page.keyboard.press("Escape");
    const away = findings.find((f) => f.verdict === "fail" && f.faces.length > 0)!;
    await page.locator(`tr.item[data-finding="${away.id}"] button.open`).click();
    await page.waitForTimeout(300);
    const centre = [box.x + box.width / 2, box.y + box.height / 2] as const, hit = await studio.pick(...centre);
    expect(hit).not.toBeNull();
    await page.mouse.click(...centre);
    await page.locator("ovz-inspector").getByText(`Face ${hit!.face}`).waitFor();
  });

  it("shows heat maps with their method and follows the legend's bounds", async () => {
    const { page } = studio, box = (await page.locator("ovz-view canvas").boundingBox())!;
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Fit", exact: true }).click();
    await page.getByRole("button", { name: "Thickness", exact: true }).click();
    await page.locator("ovz-legend").getByText("inscribed ball").waitFor();
    // At rest over a wall its exact thickness shows with its interval.
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.62);
    await page.locator("footer .hover").getByText(/wall \d+\.\d+ mm ± .* · to face \d+/).waitFor();
    await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.62);
    await page.locator("ovz-inspector").getByText("partner point").waitFor();
    await studio.shot("studio-wall");
    await page.keyboard.press("Escape");
    await page.mouse.move(box.x + 5, box.y + 5);
    const banded = await page.screenshot({ clip: box });
    await page.getByRole("button", { name: "Continuous" }).click();
    await page.waitForTimeout(200);
    const continuous = await page.screenshot({ clip: box });
    expect(continuous.equals(banded)).toBe(false);
    await page.locator("ovz-legend input").first().fill("1.00");
    await page.keyboard.press("Tab");
    await page.waitForTimeout(200);
    expect((await page.screenshot({ clip: box })).equals(continuous)).toBe(false);
    await studio.shot("studio-thickness");
    await page.getByRole("button", { name: "Draft", exact: true }).click();
    await page.locator("ovz-legend").getByText("crossover").waitFor();
    await studio.shot("studio-draft");
    await page.getByRole("button", { name: "Shaded" }).click();
  });

  it("cuts the part with a filled section and measures between faces", async () => {
    const { page } = studio, box = (await page.locator("ovz-view canvas").boundingBox())!;
    const whole = await page.screenshot({ clip: box });
    await page.keyboard.press("s");
    await page.getByRole("slider", { name: "Section position" }).waitFor();
    await page.waitForTimeout(200);
    expect((await page.screenshot({ clip: box })).equals(whole)).toBe(false);
    await studio.shot("studio-section");
    await page.getByRole("button", { name: "Off" }).click();
    await page.getByRole("button", { name: "Measure", exact: true }).click();
    await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.6);
    await page.mouse.click(box.x + box.width * 0.56, box.y + box.height * 0.62);
    await page.locator("ovz-notes .label").first().waitFor();
    expect(await page.locator("ovz-notes .label").first().innerText()).toMatch(/^\d+\.\d{3} mm/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
  });

  it("accepts and waives, undoes and redoes", async () => {
    const { page } = studio, { findings } = await state();
    const [first, second] = findings.filter((f) => f.verdict === "fail");
    await page.locator(`tr.item[data-finding="${first.id}"] button.open`).click();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.locator(`tr.item[data-finding="${second.id}"] button.open`).click();
    await page.getByRole("button", { name: "Waive …" }).click();
    await page.getByLabel("Reason").fill("agreed with the molder");
    await page.getByLabel("Name").fill("R. Ito");
    await studio.shot("studio-waive");
    await page.getByRole("button", { name: "Waive", exact: true }).click();
    const decided = Object.values((await state()).decisions);
    expect(decided).toHaveLength(2);
    expect(decided).toContainEqual(expect.objectContaining({ state: "waived", reason: "agreed with the molder", name: "R. Ito" }));
    await page.getByRole("button", { name: "Undo" }).click();
    expect(Object.keys((await state()).decisions)).toHaveLength(1);
    await page.getByRole("button", { name: "Redo" }).click();
    expect(Object.keys((await state()).decisions)).toHaveLength(2);
  });

  it("shows the mold, follows the factor and proves it", async () => {
    const { page } = studio, box = (await page.locator("ovz-view canvas").boundingBox())!;
    await page.getByRole("button", { name: "Mold", exact: true }).click();
    await page.locator("ovz-mold").getByText("parting plane at").waitFor();
    await page.getByRole("slider", { name: "Open the mold" }).fill("1");
    await page.getByRole("button", { name: "Fit", exact: true }).click();
    await page.waitForTimeout(300);
    const before = await page.screenshot({ clip: box });
    await studio.shot("studio-mold");
    const osf = page.getByRole("textbox", { name: "Oversize factor" });
    await osf.fill("16.5");
    await page.keyboard.press("Tab");
    await page.getByText(/looks like a percentage/).waitFor();
    await osf.fill("1.3");
    await page.keyboard.press("Tab");
    await page.waitForFunction((old) => {
      const session = document.querySelector("oversize-studio")?.shadowRoot?.querySelector<HTMLElement & { session: { preview?: { oversizedMm3: number } } }>("oversize-review")?.session;
      return (session?.preview?.oversizedMm3 ?? 0) > old * 1.3;
    }, 450.5 * 1.165 ** 3);
    await page.waitForTimeout(200);
    expect((await page.screenshot({ clip: box })).equals(before)).toBe(false);
    await page.getByRole("button", { name: "Both" }).click();
    await page.waitForTimeout(1000);
    await studio.shot("studio-both");
    await page.getByRole("button", { name: "Make and prove the mold" }).click();
    await page.locator("ovz-mold").getByText("volume grown by the OSF").waitFor({ timeout: 60_000 });
    await page.locator("ovz-mold").getByText("pieces fill the block").scrollIntoViewIfNeeded();
    await studio.shot("studio-proofs");
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "STL" }).click()]);
    expect(file.suggestedFilename()).toMatch(/^bracket\..*\.stl$/);
    await page.getByRole("button", { name: "Part", exact: true }).click();
    await osf.fill("");
    await page.keyboard.press("Tab");
  });

  it("exports the report as one page that opens without a network", async () => {
    const { page } = studio;
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("combobox", { name: "Report as" }).selectOption("html")]);
    expect(download.suggestedFilename()).toBe("bracket.report.html");
    const path = `${artefacts}bracket.report.html`;
    await download.saveAs(path);
    const offline = await browser.newContext({ viewport: { width: 1280, height: 800 }, offline: true });
    const report = await offline.newPage(), errors: string[] = [];
    report.on("pageerror", (error) => errors.push(error.message));
    report.on("request", (request) => { if (!/^(file|data|blob):/.test(request.url())) errors.push(request.url()); });
    await report.goto(`file://${path}`);
    await report.getByText("agreed with the molder").first().waitFor();
    await report.locator("canvas").first().waitFor();
    await report.waitForTimeout(500);
    await report.screenshot({ path: `${artefacts}report-page.png` });
    expect(errors).toEqual([]);
    // The context stays until the end: this Chromium runs in one process and would go with it.
    await report.goto("about:blank");
  });

  it("saves the review, and has it again after a reload", async () => {
    const { page } = studio;
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save review" }).click()]);
    expect(download.suggestedFilename()).toBe("bracket.review.json");
    const saved = await readFile(await download.path(), "utf8");
    await page.waitForTimeout(500);
    await page.reload();
    await page.getByRole("button", { name: "bracket.step" }).click();
    await studio.settled();
    expect(Object.values((await state()).decisions).map((d) => d.state).sort()).toEqual(["accepted", "waived"]);
    for (const { id } of (await state()).findings.filter((f) => f.verdict === "fail").slice(0, 2)) {
      await page.locator(`tr.item[data-finding="${id}"] button.open`).click();
      await page.getByRole("button", { name: "Reopen" }).click();
    }
    expect(Object.keys((await state()).decisions)).toHaveLength(0);
    await studio.drop("bracket.review.json", new TextEncoder().encode(saved));
    await page.getByText("Review loaded").waitFor();
    expect(Object.keys((await state()).decisions)).toHaveLength(2);
  });

  it("shows one mold of several bodies or all side by side, each with its proofs and files; a part with nothing in common is no revision", async () => {
    const { page } = studio, shapes = await shapeKernel();
    const pair = writeStep(shapes.oc, "pair", [
      { name: "block", color: [0.5, 0.5, 0.5], solid: new ExactSolid(shapes.box([0, 0, 0], [10, 10, 5])) },
      { name: "disc", color: [0.5, 0.5, 0.5], solid: new ExactSolid(shapes.cylinder([13, 5, 0], [0, 0, 1], 2, 4)) },
    ]);
    if (!pair.ok) throw new Error(pair.problem.message);
    await studio.drop("pair.step", pair.value);
    await studio.settled();
    expect(await page.getByText("carried over").count()).toBe(0);
    expect(await page.locator("tr.item em").count()).toBe(0);
    await page.getByRole("button", { name: "Mold", exact: true }).click();
    const panel = page.locator("ovz-mold"), blocks = panel.getByText("block, mm");
    await blocks.first().waitFor();
    expect(await blocks.count()).toBe(1);
    await panel.getByRole("combobox", { name: "Mold of" }).selectOption("all");
    await blocks.nth(1).waitFor();
    expect(await apart()).toBeGreaterThan(0);
    await studio.shot("studio-molds");
    // Side by side with the part the molds fill their half of the view and no more.
    await page.getByRole("button", { name: "Both" }).click();
    await page.waitForFunction(() => document.querySelector("oversize-studio")?.shadowRoot?.querySelector("oversize-review")?.shadowRoot?.querySelector<HTMLElement & { viewer?: { molds: readonly unknown[] } }>("ovz-view[shows=mold]")?.viewer?.molds.length === 2);
    await page.waitForTimeout(300);
    expect(await inView("mold")).toBe(true);
    await studio.shot("studio-molds-both");
    await page.getByRole("button", { name: "Make and prove the mold" }).click();
    await panel.getByText("Proofs, exact, body 2").waitFor({ timeout: 60_000 });
    expect(await panel.getByText(/^Proofs, exact/).count()).toBe(2);
    await panel.getByRole("combobox", { name: "Mold of" }).selectOption("2");
    expect(await panel.getByText(/^Proofs, exact/).count()).toBe(1);
    const names: string[] = [], note = (file: Download): void => { names.push(file.suggestedFilename()); };
    page.on("download", note);
    await page.getByRole("button", { name: "GLB" }).click();
    await page.waitForFunction(() => document.querySelector("oversize-studio")?.shadowRoot?.querySelector<HTMLElement & { session: { files: readonly unknown[]; busy?: unknown } }>("oversize-review")?.session.files.length);
    await page.waitForTimeout(300);
    page.off("download", note);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/^pair\.2\./);
    await page.getByRole("button", { name: "Part", exact: true }).click();
  });

  /** Whether every corner of the boxes of the molds shown lies within their view. */
  const inView = (shows: string): Promise<boolean> => studio.page.evaluate((name) => {
    interface Eye { molds: readonly { box: readonly [readonly number[], readonly number[]] }[]; originMm: readonly number[]; project(at: readonly number[]): { x: number; y: number } }
    const view = document.querySelector("oversize-studio")?.shadowRoot?.querySelector("oversize-review")?.shadowRoot?.querySelector<HTMLElement & { viewer: Eye }>(`ovz-view[shows=${name}]`);
    if (!view) throw new Error("no view");
    const { molds, originMm } = view.viewer;
    return molds.every(({ box }) => [0, 1, 2, 3, 4, 5, 6, 7].every((corner) => {
      const { x, y } = view.viewer.project([0, 1, 2].map((k) => box[(corner >> k) & 1][k] + originMm[k]));
      return x >= 0 && y >= 0 && x <= view.clientWidth && y <= view.clientHeight;
    }));
  }, shows);

  /** Least distance between the boxes of the molds shown, along the axis that parts them; mm. */
  const apart = (): Promise<number> => studio.page.evaluate(() => {
    type Box = readonly [readonly number[], readonly number[]];
    const view = document.querySelector("oversize-studio")?.shadowRoot?.querySelector("oversize-review")?.shadowRoot?.querySelector<HTMLElement & { viewer: { molds: readonly { box: Box }[] } }>("ovz-view");
    const [[a, b], [c, d]] = view?.viewer.molds.map(({ box }) => box) ?? [];
    return Math.max(...[0, 1, 2].map((k) => Math.max(c[k] - b[k], a[k] - d[k])));
  });

  it("stops a long read at once and can read again", async () => {
    const { page } = studio;
    await page.getByRole("button", { name: "New tab" }).click();
    // 24 MB of comments take the reader long enough to be stopped at it.
    const part = new TextDecoder().decode(await sample("watch-case")), long = part.replace("DATA;", `DATA;\n${"/* to be read, and to be read, and to be read, and to be read again and again */\n".repeat(300_000)}`);
    await studio.drop("watch-case.step", new TextEncoder().encode(long));
    await page.getByRole("button", { name: "Cancel" }).first().click();
    await page.getByText("Reading was cancelled").waitFor();
    expect((await state()).phase).toBe("failed");
    await page.getByRole("button", { name: "Read it again" }).click();
    await page.locator("ovz-cube").waitFor();
    expect((await state()).phase).toBe("open");
    await page.getByRole("button", { name: /^Close/ }).last().click();
    expect((await state()).phase).toBe("open");
  });

  it("passes the accessibility check in light and dark", async () => {
    const { page } = studio;
    const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.keyboard.press("n");
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const run = (globalThis as typeof globalThis & { axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] }> } }).axe;
        return (await run.run()).violations.map(({ id, nodes }) => ({ id, where: nodes.slice(0, 3).map((n) => `${JSON.stringify(n.target)} ${n.failureSummary}`) }));
      });
      expect(violations, colorScheme).toEqual([]);
    }
  });

  it("keeps its shape at 1280 and 800 px, in light and dark", async () => {
    const { page } = studio;
    for (const [width, height] of [[1280, 800], [800, 900]] as const) for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.waitForTimeout(200);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const cut = await page.locator("oversize-review").evaluate((panel) => [...panel.shadowRoot!.querySelectorAll("section, footer")].filter((s) => s.getClientRects().length > 0 && s.getBoundingClientRect().right > innerWidth + 1).map((s) => s.className || s.ariaLabel));
      expect(cut).toEqual([]);
      await studio.shot(`studio-${width}-${colorScheme}`);
      if (width === 800 && colorScheme === "dark") {
        await page.getByRole("button", { name: "Inspector" }).click();
        await studio.shot("studio-800-inspector");
        await page.getByRole("button", { name: "Inspector" }).click();
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it("works without a network once it was loaded", async () => {
    const { page } = studio;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await page.getByRole("button", { name: "Choose a file" }).waitFor();
    await context.setOffline(true);
    await page.reload();
    await studio.drop("trigger.step", await sample("trigger"));
    await page.locator("ovz-cube").waitFor();
    await context.setOffline(false);
    expect((await state()).phase).toBe("open");
  });

  it("had no error on the console", () => expect(studio.errors.filter((text) => !/net::ERR_INTERNET_DISCONNECTED/.test(text))).toEqual([]));
});
