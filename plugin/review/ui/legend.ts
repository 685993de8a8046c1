import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { cividis, css as cssColor } from "../../../src/report/maps/cividis.ts";
import { GREY, legendRows, type Scale } from "../../../src/report/maps/scale.ts";
import { swatch } from "../../../src/report/viewer/swatch.ts";
import { Listen } from "./listen.ts";
import { controls, theme } from "./styles.ts";
import type { ReviewUi } from "./ui-state.ts";

/** Pixel height of the continuous bar. */
const BAR_PX = 132;

/** The legend of the shown map: its classes or its ramp with bounds to type or drag, and how it was measured. */
@customElement("ovz-legend")
export class Legend extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  readonly listen = new Listen(this);

  static override styles = [theme, controls, css`
    :host { display: block; width: 190px; background: color-mix(in srgb, var(--panel) 94%, transparent); border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; font-size: 12px; }
    .classes { list-style: none; margin: 6px 0 0; padding: 0; display: grid; gap: 3px; }
    .classes li { display: flex; gap: 8px; align-items: center; }
    .swatch { width: 22px; height: 14px; border-radius: 2px; flex: none; border: 1px solid var(--line); }
    .ramp { display: flex; gap: 8px; margin-top: 8px; }
    .bar { width: 18px; height: ${BAR_PX}px; border-radius: 3px; position: relative; border: 1px solid var(--line); touch-action: none; }
    .handle { position: absolute; left: -3px; width: 24px; height: 8px; margin-top: -4px; background: var(--text); border: 1px solid var(--panel); border-radius: 3px; cursor: ns-resize; padding: 0; min-height: 0; }
    .bounds { display: flex; flex-direction: column; justify-content: space-between; }
    .bounds label { display: grid; gap: 2px; }
    .bounds input { width: 88px; min-height: 26px; padding: 2px 6px; }
    .method { color: var(--muted); margin-top: 8px; font-size: 11px; line-height: 1.35; }
    .top { display: flex; justify-content: space-between; align-items: center; gap: 6px; font-weight: 650; }
    .top button { min-height: 24px; padding: 1px 7px; font-size: 11px; font-weight: 400; }
  `];

  override render(): TemplateResult {
    const ui = this.ui, scale = ui?.scale;
    if (!ui || !scale || ui.heat === "none") return html``;
    const map = [...(ui.session.maps.get(ui.heat)?.values() ?? [])][0];
    return html`
      <div class="top"><span>${NAMES[ui.heat]}${scale.unit === "class" ? "" : scale.unit === "deg" ? ", °" : ", mm"}${map?.coarse ? " (coarse)" : ""}</span>
        ${ui.heat === "draft" ? html`<button aria-pressed=${ui.draftReversed} @click=${() => ui.set({ draftReversed: !ui.draftReversed })}>Reverse</button>` : nothing}
        ${scale.unit === "mm" ? html`<button aria-pressed=${ui.scaleMode === "continuous"} @click=${() => ui.set({ scaleMode: ui.scaleMode === "banded" ? "continuous" : "banded" })}>Continuous</button>` : nothing}
      </div>
      ${scale.mode === "banded" || scale.unit !== "mm" ? this.#classes(scale) : this.#ramp(ui, scale)}
      ${map ? html`<p class="method">${map.method}.${GREY[ui.heat] ? ` ${GREY[ui.heat]}` : ""}</p>` : nothing}`;
  }

  #classes(scale: Scale): TemplateResult {
    return html`<ul class="classes">${legendRows(scale).map((row) => html`<li>${swatch(row)}<span>${row.label}</span></li>`)}</ul>`;
  }

  #ramp(ui: ReviewUi, scale: Scale): TemplateResult {
    const stops = Array.from({ length: 9 }, (_, i) => cssColor(cividis(i / 8))).join(",");
    const bound = (label: string, value: number, apply: (value: number) => void): TemplateResult => html`<label>${label}
      <input type="number" step="0.05" .value=${value.toFixed(2)} @change=${(e: Event) => apply(Number((e.target as HTMLInputElement).value))} /></label>`;
    return html`<div class="ramp">
      <div class="bar" style="background: linear-gradient(to top, ${stops})">
        ${this.#handle(ui, scale, "high")}${this.#handle(ui, scale, "low")}
      </div>
      <div class="bounds">
        ${bound("highest", scale.high, (value) => ui.setBounds(scale.low, value))}
        <button class="quiet" @click=${() => ui.resetBounds()}>Measured range</button>
        ${bound("lowest", scale.low, (value) => ui.setBounds(value, scale.high))}
      </div></div>`;
  }

  /** A handle at the end of the bar: dragging it along the bar moves the bound by as much of the range. */
  #handle(ui: ReviewUi, scale: Scale, end: "low" | "high"): TemplateResult {
    const range = scale.high - scale.low;
    const move = (value: number): void => (end === "high" ? ui.setBounds(scale.low, value) : ui.setBounds(value, scale.high));
    const down = (event: PointerEvent): void => {
      const target = event.currentTarget as HTMLElement, from = event.clientY, value = scale[end];
      target.setPointerCapture(event.pointerId);
      const drag = (e: PointerEvent): void => {
        const now = ui.scale, next = value - ((e.clientY - from) / BAR_PX) * range;
        if (!now) return;
        if (end === "high") ui.setBounds(now.low, Math.max(next, now.low + range / 100));
        else ui.setBounds(Math.min(next, now.high - range / 100), now.high);
      };
      target.addEventListener("pointermove", drag);
      target.addEventListener("pointerup", () => target.removeEventListener("pointermove", drag), { once: true });
    };
    return html`<button class="handle" role="slider" aria-label=${end === "high" ? "Highest value of the scale" : "Lowest value of the scale"}
      aria-valuenow=${scale[end].toFixed(2)} aria-valuetext=${`${scale[end].toFixed(2)} ${scale.unit}`} style=${end === "high" ? "top: 0" : "top: 100%"}
      @pointerdown=${down}
      @keydown=${(e: KeyboardEvent) => { const by = e.key === "ArrowUp" ? 1 : e.key === "ArrowDown" ? -1 : 0; if (by) { e.preventDefault(); move(scale[end] + (by * range) / 50); } }}></button>`;
  }
}

const NAMES = { thickness: "Wall", draft: "Draft", radius: "Radius", undercut: "Undercut" } as const;
