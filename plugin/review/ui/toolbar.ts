import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Vec3 } from "../../../src/units.ts";
import type { StandardView } from "../view/camera-rig.ts";
import type { Section } from "../view/viewer.ts";
import { Listen } from "./listen.ts";
import { controls, theme } from "./styles.ts";
import type { Heat, Mode, ReviewUi, Tool } from "./ui-state.ts";

/** Heat maps in the order in which H goes through them. */
export const HEATS: readonly (readonly [Heat, string])[] = [["none", "Shaded"], ["thickness", "Thickness"], ["draft", "Draft"], ["radius", "Radii"], ["undercut", "Undercut"]];
const MODES: readonly (readonly [Mode, string])[] = [["part", "Part"], ["mold", "Mold"], ["split", "Both"]];
const VIEWS: readonly (readonly [StandardView, string])[] = [["front", "Front"], ["back", "Back"], ["left", "Left"], ["right", "Right"], ["top", "Top"], ["bottom", "Bottom"], ["iso", "Oblique"]];
const AXES: readonly (readonly [string, Vec3])[] = [["X", [1, 0, 0]], ["Y", [0, 1, 0]], ["Z", [0, 0, 1]]];

/** What the view shows and how: two strips above it. Fires `look` and `fit`. */
@customElement("ovz-toolbar")
export class Toolbar extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  readonly listen = new Listen(this);

  static override styles = [theme, controls, css`
    :host { display: block; background: var(--panel); border-bottom: 1px solid var(--line); padding: 6px 10px; }
    .bar { display: flex; gap: 6px 10px; flex-wrap: wrap; align-items: center; }
    button, select { min-height: 26px; padding: 2px 8px; font-size: 12px; }
    @container (max-width: 800px) and (max-height: 640px) { :host { padding: 4px 8px; } .bar { gap: 4px 6px; } button, select { padding: 2px 6px; } }
    .section { display: flex; gap: 8px; align-items: center; margin-top: 6px; font-size: 12px; }
    .section input[type="range"] { flex: 1; min-width: 80px; }
    .section input[type="number"] { width: 84px; min-height: 26px; }
  `];

  override render(): TemplateResult {
    const ui = this.ui;
    if (!ui) return html``;
    const off = !ui.session.opened;
    const tool = (name: Tool, label: string, title: string): TemplateResult => html`<button ?disabled=${off} aria-pressed=${ui.tool === name} title=${title} @click=${() => ui.set({ tool: ui.tool === name ? "select" : name, measureFrom: undefined })}>${label}</button>`;
    return html`<div class="bar" role="toolbar" aria-label="View">
      <div class="group" role="group" aria-label="Part or mold">${MODES.map(([mode, label]) => html`<button ?disabled=${off} aria-pressed=${ui.mode === mode} @click=${() => ui.set({ mode })}>${label}</button>`)}</div>
      <div class="group" role="group" aria-label="Heat map">${HEATS.map(([heat, label]) => html`<button ?disabled=${off || ui.mode === "mold" || (heat !== "none" && !ui.session.maps.has(heat))} aria-pressed=${ui.heat === heat} @click=${() => ui.set({ heat })}>${label}</button>`)}</div>
      <div class="group" role="group" aria-label="Tools">
        <button ?disabled=${off} aria-pressed=${Boolean(ui.section)} title="Section plane (S)" @click=${() => ui.set({ section: ui.section ? undefined : sectionAt(ui, [0, -1, 0]) })}>Section</button>
        ${tool("measure", "Measure", "Distance between two places (D)")}${tool("pin", "Pin", "Pin a comment to a face (C)")}
      </div>
      <div class="group" role="group" aria-label="Look">
        <button ?disabled=${off} title="Fit (F)" @click=${() => this.dispatchEvent(new CustomEvent("fit"))}>Fit</button>
        <button ?disabled=${off} aria-pressed=${ui.edges} title="Edges (E)" @click=${() => ui.set({ edges: !ui.edges })}>Edges</button>
        <button ?disabled=${off} aria-pressed=${ui.opacity < 1} title="Transparency (T)" @click=${() => ui.set({ opacity: ui.opacity < 1 ? 1 : 0.35 })}>See through</button>
        <button ?disabled=${off} aria-pressed=${ui.projection === "orthographic"} title="Orthographic (O)" @click=${() => ui.set({ projection: ui.projection === "orthographic" ? "perspective" : "orthographic" })}>Ortho</button>
      </div>
      <select ?disabled=${off} aria-label="Standard view" @change=${(e: Event) => { const select = e.target as HTMLSelectElement; this.dispatchEvent(new CustomEvent("look", { detail: select.value })); select.value = ""; }}>
        <option value="" selected>View …</option>${VIEWS.map(([view, label]) => html`<option value=${view}>${label}</option>`)}
      </select>
    </div>${ui.section ? this.#section(ui, ui.section) : ""}`;
  }

  #section(ui: ReviewUi, section: Section): TemplateResult {
    const [low, high] = reachAlong(ui, section.normal), step = (high - low) / 200;
    const move = (e: Event): void => ui.set({ section: { ...section, offsetMm: Number((e.target as HTMLInputElement).value) } });
    return html`<div class="section" role="group" aria-label="Section plane">
      <div class="group">${AXES.map(([name, normal]) => html`<button aria-pressed=${normal.every((x, k) => Math.abs(x) === Math.abs(section.normal[k]))} @click=${() => ui.set({ section: sectionAt(ui, normal) })}>${name}</button>`)}
        <button aria-pressed=${ui.tool === "section"} @click=${() => ui.set({ tool: ui.tool === "section" ? "select" : "section" })}>From face</button>
        <button @click=${() => ui.set({ section: flip(section) })}>Flip</button></div>
      <input type="range" aria-label="Section position" min=${low} max=${high} step=${step} .value=${String(section.offsetMm)} @input=${move} />
      <input type="number" aria-label="Section position, mm" step="0.1" .value=${section.offsetMm.toFixed(2)} @change=${move} /> mm
      <button @click=${() => ui.set({ section: undefined, tool: "select" })}>Off</button></div>`;
  }
}

/** A section through the middle of the part. */
export function sectionAt(ui: ReviewUi, normal: Vec3): Section {
  const [low, high] = reachAlong(ui, normal);
  return { normal, offsetMm: (low + high) / 2 };
}

const flip = ({ normal: [x, y, z], offsetMm }: Section): Section => ({ normal: [-x, -y, -z], offsetMm: -offsetMm });

function reachAlong(ui: ReviewUi, [x, y, z]: Vec3): [number, number] {
  const box = ui.session.opened?.summary.boxMm;
  if (!box) return [0, 1];
  const [a, b] = box, centre = ((a[0] + b[0]) * x + (a[1] + b[1]) * y + (a[2] + b[2]) * z) / 2;
  const half = (Math.abs((b[0] - a[0]) * x) + Math.abs((b[1] - a[1]) * y) + Math.abs((b[2] - a[2]) * z)) / 2;
  return [centre - half, centre + half];
}
