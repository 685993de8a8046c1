import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { FINDING_KINDS, type Finding } from "../../../src/dfm/finding.ts";
import { adviceFor } from "../state/advice.ts";
import { formatLimit, formatMeasured, formatQuantity } from "../state/format.ts";
import { STANDING_MARK, standingOf } from "../state/list-findings.ts";
import { DECIDED, type DecidedState } from "../state/review-file.ts";
import { drawWalls } from "./draw-walls.ts";
import { Listen } from "./listen.ts";
import { readAt } from "./readout.ts";
import { controls, theme } from "./styles.ts";
import type { ReviewUi } from "./ui-state.ts";

/** What is known of what is selected, and what was decided about it. */
@customElement("ovz-inspector")
export class Inspector extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  @state() private waiving = false;
  @state() private commenting = "";
  readonly listen = new Listen(this);
  #shownId: string | undefined;

  static override styles = [theme, controls, css`
    :host { display: block; overflow: auto; height: 100%; background: var(--panel); padding: 12px; }
    .value { font-size: 22px; font-weight: 600; margin: 6px 0 2px; }
    .decide { display: flex; gap: 6px; flex-wrap: wrap; margin-top: 10px; }
    form { display: grid; gap: 8px; margin-top: 10px; }
    label.field { display: grid; gap: 3px; font-size: 12px; color: var(--muted); }
    label.field > * { color: var(--text); font-size: 13px; }
    .decision { margin-top: 10px; padding: 8px 10px; border-radius: 6px; background: var(--raised); border: 1px solid var(--line); }
    ul.notes { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; }
    ul.notes li { border-left: 3px solid var(--line); padding: 1px 0 1px 8px; }
    ul.notes .row { justify-content: space-between; }
    code { font-size: 11px; color: var(--muted); }
    .message { margin-top: 8px; }
    .walls { display: block; width: 100%; max-width: 320px; fill: var(--accent); }
    .walls .outside { fill: var(--block); }
    .walls path { stroke: var(--line); }
    .walls .limit { stroke: var(--text); stroke-dasharray: 3 2; }
    .walls text { font-size: 11px; fill: var(--muted); }
  `];

  override willUpdate(): void {
    if (this.#shownId === this.ui?.selectedId) return;
    this.#shownId = this.ui?.selectedId;
    this.waiving = false;
    this.commenting = "";
  }

  override render(): TemplateResult {
    const ui = this.ui, opened = ui?.session.opened;
    if (!ui || !opened) return html`<p class="muted">Facts about the part, and about what you select, appear here.</p>`;
    const finding = ui.selected;
    return html`${finding ? this.#finding(ui, finding) : ui.picked ? nothing : this.#part(ui)}${ui.picked ? this.#picked(ui) : nothing}${finding ? this.#comments(ui, ui.session.fingerprintOf(finding)) : nothing}${this.#pins(ui)}`;
  }

  #finding(ui: ReviewUi, finding: Finding): TemplateResult {
    const kind = FINDING_KINDS[finding.code], standing = standingOf(finding);
    return html`
      <div class="row"><h2 class="grow"><span class="mark ${standing}" aria-hidden="true">${STANDING_MARK[standing]}</span> ${kind.title}</h2><code>${finding.code}</code></div>
      ${finding.measured ? html`<p class="value">${formatMeasured(finding.measured, ui.unit)}</p>` : html`<p class="value">${finding.verdict === "not-evaluated" ? "not evaluated" : "–"}</p>`}
      <p class="muted">${finding.limit ? html`limit ${formatLimit(finding.limit, ui.unit)}` : "no limit"}, ${verdictWords(finding)}</p>
      <p class="message">${finding.message}</p>
      ${finding.verdict === "pass" ? nothing : html`<h3>What to change</h3><p>${kind.advice}</p>${this.#decide(ui, finding)}`}
      <h3>Where and how</h3>
      <dl class="facts">
        ${finding.faces.length > 0 ? html`<dt>faces</dt><dd>${list(finding.faces)}</dd>` : nothing}
        ${finding.edges && finding.edges.length > 0 ? html`<dt>edges</dt><dd>${list(finding.edges)}</dd>` : nothing}
        ${finding.areaMm2 === undefined ? nothing : html`<dt>area</dt><dd>${formatQuantity(finding.areaMm2, "mm2", ui.unit)}</dd>`}
        ${finding.points.slice(0, 2).map((p, i) => html`<dt>${i === 0 ? "point" : finding.code.startsWith("WALL_TH") ? "partner" : "and"}</dt><dd>${p.map((x) => formatQuantity(x, "mm", ui.unit).replace(/ \w+$/, "")).join(", ")}</dd>`)}
        <dt>body</dt><dd>${finding.body}</dd>
        ${finding.limit?.source ? html`<dt>limit from</dt><dd>${finding.limit.source}</dd>` : nothing}
      </dl>
      <p class="muted message">${finding.method}</p>
      ${finding.code.startsWith("WALL_TH") ? html`<h3>Walls by thickness</h3>${drawWalls(ui, finding.body)}` : nothing}`;
  }

  #decide(ui: ReviewUi, finding: Finding): TemplateResult {
    const fingerprint = ui.session.fingerprintOf(finding), decision = ui.session.review.decisions[fingerprint];
    const decide = (state: DecidedState, more: { reason?: string; name?: string } = {}): void => {
      ui.session.act({ do: "decide", fingerprint, decision: { state, date: new Date().toISOString(), ...more } });
      ui.say(`${FINDING_KINDS[finding.code].title}: ${state}.`);
      this.waiving = false;
    };
    return html`
      ${decision ? html`<div class="decision"><div class="row"><strong class="grow">${decision.state}${decision.carried ? " (carried from an earlier revision)" : ""}</strong>
        <button @click=${() => ui.session.act({ do: "reopen", fingerprint })}>Reopen</button></div>
        ${decision.reason ? html`<p>${decision.reason}</p>` : nothing}
        <p class="muted">${[decision.name, decision.date.slice(0, 10)].filter(Boolean).join(", ")}</p>
        ${decision.carried ? html`<button @click=${() => ui.session.act({ do: "decide", fingerprint, decision: { ...decision, carried: undefined, date: new Date().toISOString() } })}>Confirm</button>` : nothing}</div>` : nothing}
      <div class="decide">${DECIDED.map((state) => html`<button aria-pressed=${decision?.state === state} @click=${() => (state === "waived" ? (this.waiving = true) : decide(state))}>${VERBS[state]}</button>`)}</div>
      ${this.waiving ? html`<form @submit=${(e: SubmitEvent) => { e.preventDefault(); const data = new FormData(e.target as HTMLFormElement); remember(data); decide("waived", { reason: text(data, "reason"), name: text(data, "name") }); }}>
        <label class="field">Reason<textarea name="reason" rows="2" required></textarea></label>
        <label class="field">Name<input type="text" name="name" required .value=${remembered()} /></label>
        <div class="row"><button class="primary" type="submit">Waive</button><button type="button" @click=${() => { this.waiving = false; }}>Cancel</button></div>
      </form>` : nothing}`;
  }

  #comments(ui: ReviewUi, fingerprint: string | undefined): TemplateResult {
    const comments = ui.session.review.comments.filter((c) => c.fingerprint === fingerprint);
    const add = (e: SubmitEvent): void => {
      e.preventDefault();
      if (this.commenting.trim() === "") return;
      ui.session.act({ do: "comment", comment: { id: crypto.randomUUID(), fingerprint, text: this.commenting.trim(), name: remembered() || undefined, date: new Date().toISOString() } });
      this.commenting = "";
    };
    return html`<h3>Comments</h3>
      <ul class="notes">${comments.map((c) => html`<li>${c.text}<div class="row muted"><span>${[c.name, c.date.slice(0, 10)].filter(Boolean).join(", ")}</span><button class="quiet" aria-label="Delete comment" @click=${() => ui.session.act({ do: "uncomment", id: c.id })}>Delete</button></div></li>`)}</ul>
      <form @submit=${add}><textarea rows="2" aria-label="Comment" placeholder="Write a comment" .value=${this.commenting} @input=${(e: InputEvent) => { this.commenting = (e.target as HTMLTextAreaElement).value; }}></textarea>
      <div><button type="submit" ?disabled=${this.commenting.trim() === ""}>Add comment</button></div></form>`;
  }

  #part(ui: ReviewUi): TemplateResult {
    const { opened, checked, review } = ui.session;
    if (!opened) return html``;
    const { summary } = opened, [low, high] = summary.boxMm;
    const size = [0, 1, 2].map((k) => formatQuantity(high[k] - low[k], "mm", ui.unit).replace(/ \w+$/, "")).join("\u2009×\u2009");
    const material = ui.session.material;
    return html`<h2>${summary.name}</h2>
      <h3>Part</h3>
      <dl class="facts">
        <dt>file</dt><dd>${summary.file.name}</dd>
        <dt>read as</dt><dd>${summary.reader === "exact" ? "exact surfaces" : "facets only"}</dd>
        <dt>schema, unit</dt><dd>${[summary.file.schema, summary.file.unit.name].filter(Boolean).join(", ")}</dd>
        <dt>bodies</dt><dd>${summary.bodies.length}</dd>
        <dt>faces</dt><dd>${summary.faces}</dd>
        <dt>size, ${ui.unit}</dt><dd>${size}</dd>
        <dt>volume</dt><dd>${formatQuantity(summary.volumeMm3, "mm3", ui.unit)}</dd>
        <dt>area</dt><dd>${formatQuantity(summary.areaMm2, "mm2", ui.unit)}</dd>
        ${checked?.massG === undefined ? nothing : html`<dt>sintered mass</dt><dd>${formatQuantity(checked.massG, "g")}</dd>`}
        <dt>SHA-256</dt><dd title=${summary.file.sha256}>${summary.file.sha256.slice(0, 12)}…</dd>
      </dl>
      ${checked && checked.walls.length > 0 ? html`<h3>Walls by thickness</h3>${drawWalls(ui)}` : nothing}
      ${opened.warnings.length > 0 ? html`<h3>Noticed while reading</h3><ul class="notes">${opened.warnings.map((w) => html`<li>${w.message}</li>`)}</ul>` : nothing}
      ${material.ok && material.warnings.length > 0 ? html`<h3>Material</h3><ul class="notes">${material.warnings.map((w) => html`<li>${w.message} <span class="muted">${adviceFor(w)}</span></li>`)}</ul>` : nothing}
      ${this.#revision(ui)}
      <h3>Views</h3><div class="decide">
        ${review.viewpoints.map((v) => html`<span class="group"><button @click=${() => this.dispatchEvent(new CustomEvent("viewpoint", { detail: v }))}>${v.name}</button><button aria-label="Delete ${v.name}" @click=${() => ui.session.act({ do: "drop-view", id: v.id })}>×</button></span>`)}
        <button @click=${() => this.dispatchEvent(new Event("save-view"))}>Save this view</button></div>
      ${this.#comments(ui, undefined)}`;
  }

  #revision(ui: ReviewUi): TemplateResult | typeof nothing {
    const { comparison } = ui.session;
    if (!comparison) return nothing;
    const { added, gone, changed } = comparison;
    return html`<h3>Against the earlier revision</h3><ul class="notes">
      <li>${added.length} added, ${gone.length} gone, ${changed.length} changed</li>
      ${gone.map((r) => html`<li><span class="muted">gone:</span> ${r.message}</li>`)}
      ${changed.map(({ before, after }) => html`<li><span class="muted">changed:</span> ${before.measured ? formatMeasured(before.measured, ui.unit, false) : before.verdict} → ${after.measured ? formatMeasured(after.measured, ui.unit, false) : after.verdict}: ${after.message}</li>`)}</ul>`;
  }

  #picked(ui: ReviewUi): TemplateResult {
    const hit = ui.picked, face = ui.faceOf(hit);
    if (!hit || !face) return html``;
    return html`<h3>Face ${face.index}</h3><dl class="facts">
      <dt>surface</dt><dd>${face.kind}</dd>
      ${face.radiusMm === undefined ? nothing : html`<dt>radius</dt><dd>${formatQuantity(face.radiusMm, "mm", ui.unit, 3)}</dd>`}
      <dt>area</dt><dd>${formatQuantity(face.areaMm2, "mm2", ui.unit)}</dd>
      <dt>point</dt><dd>${hit.at.map((x) => formatQuantity(x, "mm", ui.unit).replace(/ \w+$/, "")).join(", ")}</dd>
      ${readAt(ui, hit).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
  }

  #pins(ui: ReviewUi): TemplateResult | typeof nothing {
    const { pins } = ui.session.review;
    return pins.length === 0 ? nothing : html`<h3>Pins</h3><ul class="notes">${pins.map((pin) => html`<li>${pin.text}<div class="row muted"><span>face ${pin.face}</span><button class="quiet" aria-label="Delete pin" @click=${() => ui.session.act({ do: "unpin", id: pin.id })}>Delete</button></div></li>`)}</ul>`;
  }
}

const VERBS: Record<DecidedState, string> = { accepted: "Accept", waived: "Waive …", fixed: "Fixed" };
const NAME_KEY = "oversize.name";

const remembered = (): string => { try { return localStorage.getItem(NAME_KEY) ?? ""; } catch { return ""; } };
const remember = (data: FormData): void => { try { localStorage.setItem(NAME_KEY, text(data, "name")); } catch { /* private mode: asked again */ } };
const text = (data: FormData, name: string): string => String(data.get(name) ?? "").trim();
const list = (items: readonly number[]): string => (items.length > 12 ? `${items.slice(0, 12).join(", ")} and ${items.length - 12} more` : items.join(", "));

function verdictWords({ verdict, measured }: Finding): string {
  if (verdict === "not-evaluated") return measured ? "no verdict" : "nothing was measured";
  return verdict === "undecided" ? "undecided: the interval meets the limit" : verdict;
}
