import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { MoldProofs, Proof } from "../../../src/report/report.ts";
import type { ExportFormat } from "../../../src/export/formats.ts";
import type { Vec3 } from "../../../src/units.ts";
import { adviceFor } from "../state/advice.ts";
import { formatQuantity } from "../state/format.ts";
import { ALL_MOLDS } from "../session.ts";
import { getParameterDefinitions, type ParameterDefinition } from "../state/mold-parameters.ts";
import { downloadFile } from "./download.ts";
import { Listen } from "./listen.ts";
import { controls, theme } from "./styles.ts";
import type { ReviewUi } from "./ui-state.ts";

const FORMATS: readonly (readonly [ExportFormat, string])[] = [["step", "STEP"], ["stl", "STL"], ["3mf", "3MF"], ["glb", "GLB"]];

/** The mold's parameters with a live preview, its proofs and its files. */
@customElement("ovz-mold")
export class MoldPanel extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  readonly listen = new Listen(this);

  static override styles = [theme, controls, css`
    :host { display: block; overflow: auto; height: 100%; background: var(--panel); padding: 12px; }
    .field { display: grid; grid-template-columns: 1fr 84px; gap: 2px 8px; align-items: center; margin-bottom: 4px; }
    .field input[type="range"] { grid-column: 1 / -1; }
    .field select { grid-column: 2; }
    .field input[type="number"] { width: 84px; }
    .field.check { grid-template-columns: 1fr auto; }
    .field.wide { grid-template-columns: 1fr minmax(84px, auto); margin-top: 6px; } .field.wide select { max-width: 170px; }
    .proofs { list-style: none; padding: 0; margin: 0; display: grid; gap: 6px; }
    .proofs li { display: grid; grid-template-columns: 1.3em 1fr; }
    .proofs small { grid-column: 2; color: var(--muted); overflow-wrap: anywhere; }
    .go { display: flex; gap: 6px; flex-wrap: wrap; margin-top: 8px; }
    .problem { background: var(--raised); border: 1px solid var(--line); border-left: 3px solid var(--block); border-radius: 6px; padding: 8px 10px; margin-top: 8px; }
  `];

  override render(): TemplateResult {
    const ui = this.ui, session = ui?.session;
    if (!ui || !session?.opened) return html`<p class="muted">Open a part first.</p>`;
    const { previews, previewProblem, made, shownMolds } = session;
    return html`
      <h2>Mold</h2>
      ${session.opened.bodies.length > 1 && session.settings.mold.bodies !== "together" ? this.#bodies(ui) : nothing}
      ${previews.map((preview) => html`<dl class="facts" style="margin:6px 0 8px">${previews.length > 1 ? html`<dt>body</dt><dd>${preview.bodies.join(", ")}</dd>` : nothing}
        <dt>block, ${ui.unit}</dt><dd>${preview.blockMm.map((x) => Number(formatQuantity(x, "mm", ui.unit).replace(/ \w+$/, ""))).join(" × ")}</dd>
        <dt>parting plane at</dt><dd>${formatQuantity(preview.partingMm, "mm", ui.unit)}</dd></dl>`)}
      ${previewProblem ? html`<div class="problem"><strong>${previewProblem.message}</strong><p class="muted">${adviceFor(previewProblem)}</p></div>` : nothing}
      <label class="field"><span>Open the mold</span><span></span><input type="range" min="0" max="1" step="0.01" .value=${String(ui.explode)} @input=${(e: InputEvent) => ui.set({ explode: Number((e.target as HTMLInputElement).value) })} /></label>
      ${this.#pulls(ui)}
      ${getParameterDefinitions(this.#reach(ui), session.opened.bodies.length).map((definition) => this.#parameter(ui, definition))}
      <div class="go"><button class="primary" ?disabled=${Boolean(session.busy) || Boolean(previewProblem)} @click=${() => void session.mold()}>Make and prove the mold</button></div>
      ${made ? html`${shownMolds.map((mold) => html`<h3>Proofs, ${mold.realisation === "exact" ? "exact" : "facets only"}${made.molds.length > 1 ? `, body ${mold.bodies.join(", ")}` : ""}</h3>${proofList(mold.proofs)}`)}
        ${made.problems.map((p) => html`<div class="problem">${p.message}<p class="muted">${adviceFor(p)}</p></div>`)}` : nothing}
      <h3>Files</h3>
      <div class="go">${FORMATS.map(([format, label]) => html`<button ?disabled=${Boolean(session.busy)} @click=${() => void this.#export(format)}>${label}</button>`)}</div>
      <p class="muted" style="margin-top:6px">Core, cavity and oversized part${previews.length > 1 ? " of each body" : ""}, once the proofs hold.</p>`;
  }

  async #export(format: ExportFormat): Promise<void> {
    for (const file of (await this.ui?.session.export([format])) ?? []) downloadFile(file.path, file.bytes);
  }

  /** Which body's mold is shown, where each has its own, or all of them. */
  #bodies({ session }: ReviewUi): TemplateResult {
    const shown = session.moldBody ?? session.opened?.summary.bodies[0].id;
    return html`<label class="field wide"><span>Mold of</span><select @change=${(e: Event) => session.showMoldOf((e.target as HTMLSelectElement).value)}>
      <option value=${ALL_MOLDS} ?selected=${shown === ALL_MOLDS}>all, side by side</option>
      ${session.opened?.summary.bodies.map(({ id, name }) => html`<option value=${id} ?selected=${id === shown}>body ${id}${name && name !== session.opened?.summary.name ? `, ${name}` : ""}</option>`)}</select></label>`;
  }

  #pulls(ui: ReviewUi): TemplateResult | typeof nothing {
    const alternatives = ui.session.checked?.pull.alternatives ?? [];
    if (alternatives.length === 0) return nothing;
    const now = ui.session.pull;
    return html`<h3>Pull direction, area trapped</h3><div class="picks">${alternatives.slice(0, 6).map(({ direction, trappedMm2, sideActions }) => html`
      <button aria-pressed=${same(direction, now)} title="${trappedMm2.toFixed(2)} mm² trapped, ${sideActions} side ${sideActions === 1 ? "action" : "actions"}" @click=${() => ui.session.act({ do: "settings", settings: { pull: direction } })}>
        <span>${nameOf(direction)}</span><span class="muted">${formatQuantity(trappedMm2, "mm2", ui.unit)}</span></button>`)}</div>`;
  }

  #parameter(ui: ReviewUi, definition: ParameterDefinition): TemplateResult | typeof nothing {
    const { mold } = ui.session.settings;
    const put = (value: number | string | boolean): void => ui.session.act({ do: "settings", settings: { mold: { ...mold, [definition.name]: value } } });
    if (definition.type === "group") return html`<h3>${definition.caption}</h3>`;
    if (definition.name === "partingMm" && mold.partingAuto !== false) return nothing;
    if (definition.type === "checkbox") {
      const checked = mold[definition.name] ?? definition.checked;
      return html`<label class="field check"><span>${definition.caption}</span><input type="checkbox" .checked=${checked === true} @change=${(e: Event) => put((e.target as HTMLInputElement).checked)} /></label>`;
    }
    if (definition.type === "choice") {
      const chosen = mold[definition.name] ?? definition.initial;
      return html`<label class="field wide"><span>${definition.caption}</span><select @change=${(e: Event) => put((e.target as HTMLSelectElement).value)}>${definition.values.map((value, i) => html`<option value=${value} ?selected=${value === chosen}>${definition.captions[i]}</option>`)}</select></label>`;
    }
    const value = mold[definition.name] ?? definition.initial;
    const typed = (e: Event): void => {
      const next = Number((e.target as HTMLInputElement).value);
      if (Number.isFinite(next)) put(Math.min(definition.max, Math.max(definition.min, next)));
    };
    return html`<label class="field"><span>${definition.caption}${definition.unit ? ", mm" : ""}</span>
      <input type="number" data-parameter=${definition.name} min=${definition.min} max=${definition.max} step=${definition.step} .value=${String(value)} @change=${typed} />
      <input type="range" aria-label=${definition.caption} min=${definition.min} max=${definition.max} step=${definition.step} .value=${String(value)} @input=${typed} /></label>`;
  }

  /** Heights of the sintered part along the pull. */
  #reach(ui: ReviewUi): [number, number] {
    const opened = ui.session.opened, [x, y, z] = ui.session.pull;
    if (!opened) return [0, 1];
    const [a, b] = opened.summary.boxMm, heights: number[] = [];
    for (let corner = 0; corner < 8; corner++) heights.push((corner & 1 ? a : b)[0] * x + (corner & 2 ? a : b)[1] * y + (corner & 4 ? a : b)[2] * z);
    return [Math.min(...heights), Math.max(...heights)];
  }
}

/** The proofs as a short list with ticks and their numbers. */
function proofList(proofs: MoldProofs): TemplateResult {
  const line = (name: string, proof: Proof | undefined, digits = 9): TemplateResult => (proof
    ? tick(proof.holds, name, `${trim(proof.measured, digits)} for ${trim(proof.expected, digits)}${withinText(proof.tolerance)}`)
    : html`<li><span class="not-evaluated" role="img" aria-label="not evaluated">–</span><span>${name}</span><small>not evaluated</small></li>`);
  return html`<ul class="proofs">
    ${line("volume grown by the OSF", proofs.volumeRatio)}
    ${line("same faces and surfaces", proofs.sameSurfaces)}
    ${line("pieces fill the block", proofs.closure)}
    ${line("overlap at most, mm³", proofs.overlapMm3, 2)}
    ${tick(proofs.pullFree.holds, "both halves can be pulled", `${proofs.pullFree.trappedMm2.toFixed(3)} mm² trapped`)}
    ${line("facets against exact", proofs.crossCheck)}
    ${line("written files read back", proofs.readBack)}</ul>`;
}

const tick = (holds: boolean, name: string, detail: string): TemplateResult => html`<li><span class=${holds ? "passed" : "blocking"} role="img" aria-label=${holds ? "holds" : "fails"}>${holds ? "✓" : "■"}</span><span>${name}</span><small>${detail}</small></li>`;
const withinText = (tolerance: number): string => (tolerance === 0 ? "" : `, within ${tolerance >= 0.01 ? trim(tolerance, 2) : tolerance.toExponential(0).replace("-", "\u2011")}`);
const trim = (value: number, digits: number): string => (Number.isInteger(value) ? String(value) : Number(value.toPrecision(digits)).toString());
const same = (a: Vec3, b: Vec3): boolean => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < 1e-6;

/** `+Z` for an axis, three numbers for others. */
export function nameOf(direction: Vec3): string {
  const axis = direction.findIndex((x) => Math.abs(Math.abs(x) - 1) < 1e-6);
  return axis >= 0 ? `${direction[axis] > 0 ? "+" : "−"}${"XYZ"[axis]}` : direction.map((x) => Number(x.toFixed(3))).join(", ");
}
