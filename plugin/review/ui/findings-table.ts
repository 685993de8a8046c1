import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { FINDING_KINDS } from "../../../src/dfm/finding.ts";
import { formatLimit, formatMeasured } from "../state/format.ts";
import { countStandings, STANDING_MARK, type FindingFilter, type FindingRow, type FindingSort } from "../state/list-findings.ts";
import { Listen } from "./listen.ts";
import { controls, theme } from "./styles.ts";
import type { ReviewUi } from "./ui-state.ts";

const SHOW: readonly [FindingFilter["show"], string][] = [
  ["all", "All"], ["attention", "To decide"], ["blocking", "Blocking"], ["advisory", "Advisory"], ["decided", "Decided"], ["not-evaluated", "Not evaluated"], ["passed", "Passed"],
];
const COLUMNS: readonly [FindingSort["by"], string][] = [["weight", "Finding"], ["value", "Measured"], ["state", "State"]];

/** The findings as a native table: the accessible twin of the view. */
@customElement("ovz-findings")
export class FindingsTable extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  readonly listen = new Listen(this);

  static override styles = [theme, controls, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; background: var(--panel); }
    header { padding: 10px 12px 8px; border-bottom: 1px solid var(--line); display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
    header select { flex: none; width: 118px; } header .row { min-width: 0; }
    .counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(110px, 1fr)); gap: 1px 10px; font-size: 12px; }
    @container (max-width: 800px) and (max-height: 640px) { header { padding: 6px 10px; gap: 4px; } .counts { grid-template-columns: 1fr 1fr; font-size: 11px; } header select { width: 96px; } col.value { width: 78px; } col.state { width: 52px; } .why { margin-left: 0; } }
    .scroll { overflow: auto; flex: 1; min-height: 0; }
    table { width: 100%; border-collapse: collapse; table-layout: fixed; }
    col.value { width: 94px; } col.state { width: 72px; }
    th { position: sticky; top: 0; background: var(--panel); z-index: 1; text-align: left; padding: 0; border-bottom: 1px solid var(--line); }
    th button { width: 100%; border: 0; background: transparent; text-align: left; padding: 5px 8px; font-size: 12px; color: var(--muted); min-height: 26px; }
    td { padding: 7px 8px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
    tr.item { cursor: pointer; }
    tr.item:hover td { background: var(--raised); }
    tr.item[aria-selected="true"] td { background: var(--accent-soft); }
    tr.item[aria-selected="true"] td:first-child { box-shadow: inset 3px 0 0 var(--accent); }
    td button.open { all: unset; cursor: pointer; display: flex; gap: 5px; font-weight: 600; }
    td button.open:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    .why { color: var(--muted); font-size: 12px; margin: 1px 0 0 19px; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
    td.value { font-size: 12px; text-align: right; }
    td.value .limit { color: var(--muted); display: block; }
    td.state { font-size: 12px; padding-inline: 6px 4px; }
    .empty { padding: 16px 12px; color: var(--muted); }
  `];

  override render(): TemplateResult {
    const ui = this.ui;
    if (!ui) return html``;
    const rows = ui.rows, { checked, busy } = ui.session;
    return html`
      <header>
        <div class="row"><h2 class="grow">Findings</h2>${checked ? html`<span class="muted">${rows.length} shown</span>` : nothing}</div>
        ${checked ? this.#counts(ui) : nothing}
        <div class="row">
          <input class="grow" type="search" placeholder="Search" aria-label="Search findings" .value=${ui.filter.text} @input=${(e: InputEvent) => ui.set({ filter: { ...ui.filter, text: (e.target as HTMLInputElement).value } })} />
          <select aria-label="Which findings" @change=${(e: Event) => ui.set({ filter: { ...ui.filter, show: (e.target as HTMLSelectElement).value as FindingFilter["show"] } })}>
            ${SHOW.map(([value, label]) => html`<option value=${value} ?selected=${ui.filter.show === value}>${label}</option>`)}
          </select>
        </div>
      </header>
      <div class="scroll" tabindex="0" role="region" aria-label="List of findings">
        ${rows.length > 0 ? this.#table(ui, rows) : html`<p class="empty">${this.#nothing(ui, Boolean(checked), busy?.what === "checking")}</p>`}
      </div>`;
  }

  #nothing(ui: ReviewUi, checked: boolean, running: boolean): string {
    if (running) return "Checking …";
    if (!checked) return "Findings appear here once a part is checked.";
    return ui.session.findings.length === 0 ? "No rule had anything to say." : "No finding matches. Choose All or clear the search.";
  }

  #counts(ui: ReviewUi): TemplateResult {
    const counts = countStandings(ui.session.findings);
    const one = (standing: keyof typeof counts, label: string): TemplateResult => html`<span class=${standing}><span class="mark" aria-hidden="true">${STANDING_MARK[standing]}</span>${counts[standing]} ${label}</span>`;
    return html`<div class="counts">${one("blocking", "blocking")}${one("advisory", "advisory")}${one("not-evaluated", "not evaluated")}${one("passed", "passed")}</div>`;
  }

  #table(ui: ReviewUi, rows: readonly FindingRow[]): TemplateResult {
    return html`<table>
      <caption class="visually-hidden">Findings with measured value, limit and state</caption>
      <colgroup><col /><col class="value" /><col class="state" /></colgroup>
      <thead><tr>${COLUMNS.map(([by, label]) => {
        const on = ui.sort.by === by;
        return html`<th scope="col" aria-sort=${on ? (ui.sort.descending ? "descending" : "ascending") : "none"}>
          <button @click=${() => ui.set({ sort: { by, descending: on && !ui.sort.descending } })}>${label}${on ? (ui.sort.descending ? " ↓" : " ↑") : ""}</button></th>`;
      })}</tr></thead>
      <tbody>${rows.map((row) => this.#row(ui, row))}</tbody>
    </table>`;
  }

  #row(ui: ReviewUi, { finding, standing, decision, fingerprint }: FindingRow): TemplateResult {
    const { title } = FINDING_KINDS[finding.code], chosen = ui.selectedId === finding.id;
    const added = ui.session.comparison?.added.some((record) => record.fingerprint === fingerprint);
    return html`<tr class="item" aria-selected=${chosen} data-finding=${finding.id} @click=${() => ui.select(finding.id)}>
      <td>
        <button class="open" aria-current=${chosen} title=${finding.code}><span class="mark ${standing}" role="img" aria-label=${standing}>${STANDING_MARK[standing]}</span><span>${title}${added ? html` <em>new</em>` : nothing}</span></button>
        <div class="why">${finding.verdict === "undecided" ? "Undecided: " : ""}${finding.message}</div>
      </td>
      <td class="value">${finding.measured ? formatMeasured(finding.measured, ui.unit, false) : "–"}${finding.limit ? html`<span class="limit">${formatLimit(finding.limit, ui.unit)}</span>` : nothing}</td>
      <td class="state">${decision ? html`${decision.state}${decision.carried ? html`<br /><span class="muted">carried</span>` : nothing}` : finding.verdict === "pass" || finding.verdict === "not-evaluated" ? "" : "open"}</td>
    </tr>`;
  }

  override updated(): void {
    const row = this.ui?.selectedId === undefined ? null : this.renderRoot.querySelector(`tr[data-finding="${CSS.escape(this.ui.selectedId)}"]`);
    if (row && this.#shown !== this.ui?.selectedId) row.scrollIntoView({ block: "nearest" });
    this.#shown = this.ui?.selectedId;
  }

  #shown: string | undefined;
}
