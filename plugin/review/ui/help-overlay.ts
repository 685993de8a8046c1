import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { KEY_HELP } from "./keys.ts";
import { controls, theme } from "./styles.ts";

/** The keyboard map as a dialog. Fires `close`. */
@customElement("ovz-help")
export class HelpOverlay extends LitElement {
  @property({ type: Boolean }) open = false;
  @query("dialog") private dialog!: HTMLDialogElement;

  static override styles = [theme, controls, css`
    dialog { border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: var(--text); padding: 18px 22px; width: min(560px, 92vw); }
    dialog::backdrop { background: rgb(10 14 20 / 45%); }
    dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 18px; margin: 12px 0; }
    dt { white-space: nowrap; } dd { margin: 0; }
  `];

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new Event("close"))}>
      <div class="row"><h2 class="grow" id="title">Keys</h2><button aria-label="Close help" @click=${() => this.dialog.close()}>×</button></div>
      <dl>${KEY_HELP.map(({ keys, what }) => html`<dt><kbd>${keys}</kbd></dt><dd>${what}</dd>`)}</dl>
      <p class="muted">Drag turns, wheel zooms, right drag moves. ■ blocking, ▲ advisory, ✓ passed, – not evaluated.</p></dialog>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("open")) return;
    if (this.open && !this.dialog.open) this.dialog.showModal();
    if (!this.open && this.dialog.open) this.dialog.close();
  }
}
