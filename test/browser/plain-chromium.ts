import type { Browser } from "playwright-core";

/**
 * Chromium as people run it: several processes and the same-origin policy in force, which the flags that come with
 * the package switch off. Answers why it cannot start here.
 */
export async function plainChromium(): Promise<Browser | string> {
  try {
    const [{ default: chromium }, playwright] = await Promise.all([import("@sparticuz/chromium"), import("playwright-core")]);
    const args = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"];
    return await playwright.chromium.launch({ executablePath: await chromium.executablePath(), args });
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0] : String(error);
  }
}
