import { readFile } from "node:fs/promises";
import { launchChromium, servePage, StudioPage } from "../browser/browser.ts";

/** What one measured stage of the page showed. */
interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly longestTaskMs: number;
  readonly note: string;
}

/** How long the mold of one sample takes to follow a parameter, ms. */
interface Follow {
  readonly slider: readonly number[];
  readonly factor: readonly number[];
  /** The worker's share of both. */
  readonly worker: readonly number[];
  /** Drawing the finished mold once more. */
  readonly frame: readonly number[];
}

const SAMPLES = ["bracket", "trigger", "watch-case", "hinge-knuckle", "orthodontic-bracket", "pawl"];

/** Distance of facets from the surface that makes the sample a large part, mm. */
const DEFLECTION_MM = 0.00062;

/** Longest main-thread task and frame time of the studio with a part of some 300 000 facets, in Chromium without a graphics card. */
export async function uiBench(): Promise<{ title: string; columns: string[]; rows: string[][]; notes: string[] }> {
  const title = "Studio, a large part", columns = ["stage", "s", "longest main-thread task, ms", ""];
  const browser = await launchChromium();
  if (typeof browser === "string") return { title, columns, rows: [], notes: [`Skipped: Chromium cannot start here (${browser}).`] };
  const { server, url } = await servePage();
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const studio = await StudioPage.open(context, url), bytes = await readFile(new URL("../../samples/watch-case.step", import.meta.url));
    const stages = await studio.page.evaluate(measure, [bytes.toString("base64"), DEFLECTION_MM] as const);
    return { title, columns, rows: stages.map((s) => [s.name, s.seconds.toFixed(1), s.longestTaskMs.toFixed(0), s.note]), notes: ["Software rendering (SwiftShader) on the processor's own cores; tasks below 50 ms are not reported by the browser and count as 0."] };
  } finally {
    await browser.close();
    server.close();
  }
}

/** From a slider's event, or a new factor, to the drawn frame of the new mold: each sample of the repository in turn, by the page's own controls. */
export async function moldBench(): Promise<{ title: string; columns: string[]; rows: string[][]; notes: string[] }> {
  const title = "Studio, the mold follows a parameter", columns = ["sample", "slider to frame, median ms", "slowest", "factor to frame, median ms", "slowest", "of it in the worker, median ms", "the frame alone, median ms"];
  const browser = await launchChromium();
  if (typeof browser === "string") return { title, columns, rows: [], notes: [`Skipped: Chromium cannot start here (${browser}).`] };
  const { server, url } = await servePage(), rows: string[][] = [];
  try {
    const studio = await StudioPage.open(await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" }), url);
    for (const name of SAMPLES) {
      await studio.drop(`${name}.step`, await readFile(new URL(`../../samples/${name}.step`, import.meta.url)));
      await studio.settled();
      const { slider, factor, worker, frame } = await studio.page.evaluate(follow);
      const at = (times: readonly number[], share: number): string => [...times].sort((a, b) => a - b)[Math.round((times.length - 1) * share)].toFixed(0);
      rows.push([name, at(slider, 0.5), at(slider, 1), at(factor, 0.5), at(factor, 1), at([...worker], 0.5), at(frame, 0.5)]);
    }
    return { title, columns, rows, notes: ["Twelve steps each after four to warm up, 1280 × 800 px, software rendering (SwiftShader) on the processor's own cores."] };
  } finally {
    await browser.close();
    server.close();
  }
}

/** Runs in the page: moves the steel's slider and the factor, and waits for the frame with the new mold each time. */
async function follow(): Promise<Follow> {
  interface Session extends EventTarget { preview?: { previewMs: number }; act(action: object): void }
  interface Panel extends HTMLElement { session: Session; ui: { set(change: object): void } }
  const panel = document.querySelector("oversize-studio")?.shadowRoot?.querySelector<Panel>("oversize-review");
  if (!panel) throw new Error("no panel");
  const { session } = panel, pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  panel.ui.set({ mode: "mold" });
  while (!session.preview) await pause(50);
  await pause(500);
  const view = panel.shadowRoot?.querySelector<HTMLElement & { viewer: { drawn(): Promise<void> } }>("ovz-view")?.viewer, worker: number[] = [];
  if (!view) throw new Error("no view");
  const drawn = async (change: () => void): Promise<number> => {
    const before = session.preview, began = performance.now();
    const made = new Promise<void>((resolve) => { const look = (): void => { if (session.preview !== before) { session.removeEventListener("change", look); resolve(); } }; session.addEventListener("change", look); });
    change();
    await made;
    await view.drawn();
    const ms = performance.now() - began;
    worker.push(session.preview?.previewMs ?? NaN);
    await pause(60);
    return ms;
  };
  const slide = (value: number): void => {
    const slider = panel.shadowRoot?.querySelector("ovz-mold")?.shadowRoot?.querySelector<HTMLInputElement>('input[type="range"][aria-label="Steel at the sides"]');
    if (!slider) throw new Error("no slider");
    slider.value = String(value);
    slider.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
  };
  const slider: number[] = [], factor: number[] = [], frame: number[] = [];
  for (let i = 0; i < 16; i++) slider.push(await drawn(() => slide(i % 2 ? 20 : 26)));
  for (let i = 0; i < 16; i++) factor.push(await drawn(() => session.act({ do: "settings", settings: { osf: [1.15 + i / 1000, 1.15 + i / 1000, 1.15 + i / 1000] } })));
  for (let i = 0; i < 12; i++) { const began = performance.now(); await view.drawn(); frame.push(performance.now() - began); }
  panel.ui.set({ mode: "part" });
  return { slider: slider.slice(4), factor: factor.slice(4), worker, frame };
}

/** Runs in the page. */
async function measure([base64, deflectionMm]: readonly [string, number]): Promise<Stage[]> {
  interface Session { open(file: { name: string; bytes: Uint8Array }, options: { deflectionMm: number }): Promise<void>; cancel(): void; phase: string; opened?: { summary: { facets: number } } }
  const panel = document.querySelector("oversize-studio")?.shadowRoot?.querySelector<HTMLElement & { session: Session }>("oversize-review");
  if (!panel) throw new Error("no panel");
  const { session } = panel;
  let longest = 0;
  const observer = new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) longest = Math.max(longest, duration); });
  observer.observe({ type: "longtask" });
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const stages: Stage[] = [];
  let began = performance.now();
  const stage = async (name: string, note: string): Promise<void> => {
    const seconds = (performance.now() - began) / 1000;
    await pause(200);
    stages.push({ name, seconds, longestTaskMs: longest, note });
    longest = 0;
    began = performance.now();
  };
  const file = { name: "large.step", bytes: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) };
  const opening = session.open(file, { deflectionMm });
  while (session.phase !== "open" && session.phase !== "failed") await pause(50);
  for (let i = 0; i < 3; i++) await frame();
  await stage("read and show", `${session.opened?.summary.facets ?? 0} facets`);
  await pause(8000);
  await stage("check under way", "");
  session.cancel();
  await opening;
  const view = panel.shadowRoot?.querySelector<HTMLElement & { viewer: { rig: { turn(right: number, up: number): void }; drawn(): Promise<void> } }>("ovz-view")?.viewer;
  if (!view) throw new Error("no view");
  began = performance.now();
  const times: number[] = [];
  for (let i = 0; i < 30; i++) {
    const start = performance.now();
    view.rig.turn(6, 0);
    await view.drawn();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  await stage("turn, 30 frames", `median frame ${times[15].toFixed(1)} ms, slowest ${times[29].toFixed(1)} ms`);
  observer.disconnect();
  return stages;
}
