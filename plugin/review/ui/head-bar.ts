import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { MATERIALS, MATERIAL_GROUPS } from "../../../src/mim/materials.ts";
import { parseOsf } from "../../../src/mim/osf.ts";
import { PROFILES } from "../../../src/mim/profile.ts";
import type { Vec3 } from "../../../src/units.ts";
import { adviceFor } from "../state/advice.ts";
import { REPORT_FORMATS, type ReportFormat } from "../../../worker/protocol.ts";
import { Listen } from "./listen.ts";
import { nameOf } from "./mold-panel.ts";
import { controls, theme } from "./styles.ts";
import type { ReviewUi } from "./ui-state.ts";

const REPORT_NAMES: Record<ReportFormat, string> = { html: "HTML page", json: "JSON", csv: "CSV table", sarif: "SARIF", bcf: "BCF issues" };
const AXES: readonly Vec3[] = [[0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]];

/** What the part is checked and molded with, and what can be done with the whole. Fires `command`. */
@customElement("ovz-head")
export class HeadBar extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  @state() private osfProblem = "";
  readonly listen = new Listen(this);

  static override styles = [theme, controls, css`
    :host { display: block; padding: 8px 12px; background: var(--panel); border-bottom: 1px solid var(--line); }
    .bar { display: flex; gap: 6px 14px; flex-wrap: wrap; align-items: center; }
    h1 { font-size: 14px; font-weight: 650; margin: 0; max-width: 26ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    label { display: inline-flex; gap: 6px; align-items: center; color: var(--muted); font-size: 12px; }
    label > * { color: var(--text); font-size: 13px; }
    select { max-width: 150px; }
    input.osf { width: 8.5em; min-height: 28px; }
    input[aria-invalid="true"] { border-color: var(--block); }
    .end { margin-left: auto; display: flex; gap: 6px; flex-wrap: wrap; }
    @container (min-width: 1180px) { .bar { flex-wrap: nowrap; } h1 { flex: 0 1 auto; min-width: 6ch; } label { flex: none; } .end { flex: none; flex-wrap: nowrap; } }
    .problem { display: block; margin-top: 6px; color: var(--block); font-size: 12px; }
  `];

  override render(): TemplateResult {
    const ui = this.ui;
    if (!ui) return html``;
    const { session } = ui, { settings } = session, material = session.material;
    const osf = settings.osf ?? (material.ok ? material.value.osf : undefined);
    const known = MATERIALS.find((m) => m.id === settings.material);
    return html`<div class="bar">
      <h1 title=${session.fileName}>${session.opened?.summary.name || session.fileName || "Oversize"}</h1>
      <label>Material <select @change=${(e: Event) => { this.osfProblem = ""; session.act({ do: "settings", settings: { material: (e.target as HTMLSelectElement).value, osf: undefined } }); }}>
        ${MATERIAL_GROUPS.map((group) => html`<optgroup label=${group}>${MATERIALS.filter((m) => m.group === group).map((m) => html`<option value=${m.id} ?selected=${m.id === settings.material}>${m.id}</option>`)}</optgroup>`)}
      </select></label>
      <label title="One factor, or three for x,y,z. ${known?.osf ? `${known.osf.value} is the alloy's default.` : ""}">OSF
        <input class="osf" type="text" inputmode="decimal" aria-label="Oversize factor" aria-invalid=${this.osfProblem !== ""} placeholder="give it" .value=${osf ? osfText(osf) : ""} @change=${this.#osf} /></label>
      <label>Pull <select @change=${(e: Event) => this.#pull((e.target as HTMLSelectElement).value)}>
        <option value="auto" ?selected=${settings.pull === "auto"}>auto${settings.pull === "auto" && session.checked ? ` (${nameOf(session.checked.pull.direction)})` : ""}</option>
        ${AXES.map((axis) => html`<option value=${axis.join()} ?selected=${settings.pull !== "auto" && axis.join() === settings.pull.join()}>${nameOf(axis)}</option>`)}
        ${settings.pull !== "auto" && !AXES.some((a) => a.join() === String(settings.pull)) ? html`<option selected value=${settings.pull.join()}>${nameOf(settings.pull)}</option>` : nothing}
      </select></label>
      <label>Rules <select @change=${(e: Event) => session.act({ do: "settings", settings: { profile: (e.target as HTMLSelectElement).value } })}>
        ${PROFILES.map((p) => html`<option value=${p.id} title=${p.title} ?selected=${p.id === settings.profile}>${p.id}</option>`)}
      </select></label>
      <div class="end">
        <button ?disabled=${!session.canUndo} title="Undo (Ctrl Z)" aria-label="Undo" @click=${() => session.undo()}>↶</button>
        <button ?disabled=${!session.canRedo} title="Redo (Ctrl Y)" aria-label="Redo" @click=${() => session.redo()}>↷</button>
        <button @click=${() => this.#command("open")}>Open</button>
        <button ?disabled=${!session.opened} @click=${() => this.#command("save")}>Save review</button>
        <select aria-label="Report as" ?disabled=${!session.checked} @change=${(e: Event) => { const select = e.target as HTMLSelectElement; this.#command(`report:${select.value}`); select.value = ""; }}>
          <option value="" selected>Report …</option>${REPORT_FORMATS.map((format) => html`<option value=${format}>${REPORT_NAMES[format]}</option>`)}</select>
        <button aria-label="${ui.unit}, switch units" title="Units (U)" @click=${() => ui.set({ unit: ui.unit === "mm" ? "in" : "mm" })}>${ui.unit}</button>
        <button aria-label="Help" title="Help (?)" @click=${() => ui.set({ helpOpen: true })}>?</button>
      </div></div>
      ${this.osfProblem ? html`<span class="problem" role="alert">${this.osfProblem}</span>` : !material.ok ? html`<span class="problem">${material.problem.message} ${adviceFor(material.problem)}</span>` : nothing}`;
  }

  readonly #osf = (event: Event): void => {
    const input = event.target as HTMLInputElement, session = this.ui?.session;
    if (!session) return;
    if (input.value.trim() === "") { this.osfProblem = ""; return session.act({ do: "settings", settings: { osf: undefined } }); }
    const parsed = parseOsf(input.value);
    this.osfProblem = parsed.ok ? "" : `${parsed.problem.message} ${adviceFor(parsed.problem)}`;
    if (parsed.ok) session.act({ do: "settings", settings: { osf: parsed.value } });
  };

  #pull(value: string): void {
    const [x, y, z] = value.split(",").map(Number);
    this.ui?.session.act({ do: "settings", settings: { pull: value === "auto" ? "auto" : [x, y, z] } });
  }

  #command(name: string): void {
    this.dispatchEvent(new CustomEvent("command", { detail: name }));
  }
}

const osfText = (osf: Vec3): string => (osf[0] === osf[1] && osf[1] === osf[2] ? String(osf[0]) : osf.join(","));
