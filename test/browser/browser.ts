import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { serveFolder } from "../../src/cli/serve-folder.ts";

/** Flags that give WebGL2 without a graphics card. */
const FLAGS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"];

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
export const artefacts = fileURLToPath(new URL("../artefacts/", import.meta.url));

/** A real Chromium from npm, or why it cannot start here. */
export async function launchChromium(): Promise<Browser | string> {
  try {
    const [{ default: chromium }, playwright] = await Promise.all([import("@sparticuz/chromium"), import("playwright-core")]);
    return await playwright.chromium.launch({ executablePath: await chromium.executablePath(), args: [...chromium.args, ...FLAGS] });
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0] : String(error);
  }
}

/** Serves dist/ to this machine on a free port. */
export async function servePage(): Promise<{ server: Server; url: string }> {
  mkdirSync(artefacts, { recursive: true });
  const server = await serveFolder(dist, 0, "127.0.0.1", "/studio/");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/studio/` };
}

/** A page with the studio in it, and everything that went wrong in it. */
export class StudioPage {
  readonly errors: string[] = [];

  private constructor(readonly page: Page) {
    page.on("console", (message) => { if (message.type() === "error") this.errors.push(message.text()); });
    page.on("pageerror", (error) => this.errors.push(error.stack ?? error.message));
  }

  static async open(context: BrowserContext, url: string): Promise<StudioPage> {
    const studio = new StudioPage(await context.newPage());
    await studio.page.goto(url);
    await studio.page.getByRole("button", { name: "Choose a file" }).waitFor();
    return studio;
  }

  /** Drops a file on the page, as a person does from a folder. */
  async drop(name: string, bytes: Uint8Array): Promise<void> {
    const transfer = await this.page.evaluateHandle(([fileName, base64]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], fileName));
      return data;
    }, [name, Buffer.from(bytes).toString("base64")] as const);
    const view = this.page.locator("ovz-view").first();
    await view.dispatchEvent("dragover", { dataTransfer: transfer });
    await view.dispatchEvent("drop", { dataTransfer: transfer });
  }

  /** Waits until a part is open and nothing runs. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(() => {
      const session = document.querySelector("oversize-studio")?.shadowRoot?.querySelector<HTMLElement & { session?: { phase: string; checked?: unknown; busy?: unknown } }>("oversize-review")?.session;
      return session?.phase === "open" && Boolean(session.checked) && !session.busy;
    }, undefined, { timeout: 90_000 });
  }

  /** Body and face of what lies under a point of the view, by the panel's own picking. */
  pick(x: number, y: number): Promise<{ body: string; face: number } | null> {
    return this.page.evaluate(([px, py]) => {
      const panel = document.querySelector("oversize-studio")?.shadowRoot?.querySelector("oversize-review");
      const view = panel?.shadowRoot?.querySelector<HTMLElement & { viewer?: { pick(x: number, y: number): { body: string; face: number } | undefined } }>("ovz-view");
      const box = view?.getBoundingClientRect();
      const hit = box && view?.viewer?.pick(px - box.left, py - box.top);
      return hit ? { body: hit.body, face: hit.face } : null;
    }, [x, y] as const);
  }

  shot(name: string): Promise<Buffer> {
    return this.page.screenshot({ path: `${artefacts}${name}.png` });
  }
}
