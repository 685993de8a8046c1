import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { OversizeClient } from "../../worker/client.ts";
import { spawnBrowserWorker } from "../../worker/spawn-browser.ts";
import "../review/review-panel.ts";
import type { ReviewPanel, Sample } from "../review/review-panel.ts";
import { ReviewSession, type ReviewStore } from "../review/session.ts";
import { controls, theme } from "../review/ui/styles.ts";
import { forgetRecent, keepRecent, listRecent, loadRecent, type RecentFile } from "./recent-files.ts";

/** Reviews kept in the browser, by the file's SHA-256. */
const reviews: ReviewStore = {
  load: (sha256) => { try { return localStorage.getItem(`oversize.review.${sha256}`); } catch { return null; } },
  save: (sha256, text) => { try { localStorage.setItem(`oversize.review.${sha256}`, text); } catch { /* no room or no permission: the review can still be saved as a file */ } },
};

/** The page: the review panel with several parts as tabs, samples and recent files. */
@customElement("oversize-studio")
export class Studio extends LitElement {
  @state() private sessions: readonly ReviewSession[] = [];
  @state() private active = 0;
  @state() private samples: readonly Sample[] = [];
  @state() private recent: readonly RecentFile[] = [];
  @state() private fetched = 1;
  @query("oversize-review") private panel!: ReviewPanel;
  readonly #loaded = new Map<string, readonly [loaded: number, total: number]>();
  readonly #client = new OversizeClient({
    spawn: () => spawnBrowserWorker(new URL("worker.js", import.meta.url)),
    kernels: () => ({ kind: "url", base: new URL("../kernels/", document.baseURI).href }),
    onFetch: (name, loaded, total) => this.#onFetch(name, loaded, total),
  });

  static override styles = [theme, controls, css`
    :host { display: grid !important; grid-template-rows: auto minmax(0, 1fr); height: 100%; }
    nav { display: flex; gap: 2px; align-items: end; padding: 6px 8px 0; background: var(--bg); border-bottom: 1px solid var(--line); overflow-x: auto; }
    nav .tab { display: flex; align-items: center; border: 1px solid transparent; border-bottom: 0; border-radius: 7px 7px 0 0; }
    nav .tab.on { background: var(--panel); border-color: var(--line); }
    nav button { border: 0; background: transparent; min-height: 30px; }
    nav button.close { padding: 0 8px; color: var(--muted); }
    .recent { display: grid; gap: 6px; width: 100%; }
    .recent ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; justify-content: center; }
    progress { width: 180px; accent-color: var(--accent); }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#add();
    this.#client.warm();
    void fetch(new URL("samples/index.json", import.meta.url)).then((r) => (r.ok ? r.json() : []), () => []).then((list: Sample[]) => {
      this.samples = list.map((sample) => ({ ...sample, url: new URL(sample.url, import.meta.url).href, ...(sample.picture && { picture: new URL(sample.picture, import.meta.url).href }) }));
    });
    void listRecent().then((recent) => { this.recent = recent; });
    if ("serviceWorker" in navigator) void navigator.serviceWorker.register(new URL("offline.js", import.meta.url)).catch(() => {});
    document.addEventListener("keydown", this.#key);
    // A drop beside the panel must not make the browser leave the page.
    for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());
  }

  override render(): TemplateResult {
    const session = this.sessions[this.active];
    return html`
      <nav aria-label="Parts">${this.sessions.map((s, i) => html`<span class="tab ${i === this.active ? "on" : ""}">
          <button aria-current=${i === this.active ? "page" : "false"} @click=${() => { this.active = i; }}>${s.opened?.summary.name || s.fileName || "New part"}</button>
          ${this.sessions.length > 1 ? html`<button class="close" aria-label="Close ${s.fileName || "tab"}" @click=${() => this.#close(i)}>×</button>` : nothing}</span>`)}
        <button aria-label="New tab" title="New tab" @click=${() => this.#add()}>+</button></nav>
      <oversize-review .client=${this.#client} .session=${session} .samples=${this.samples} .store=${reviews} .reportViewerUrl=${new URL("../report-viewer.js", import.meta.url).href} @part-open=${this.#opened}>
        ${this.fetched < 1 ? html`<p slot="loading">Loading the geometry kernel <progress max="1" .value=${this.fetched} aria-label="Kernel download"></progress></p>` : nothing}
        ${this.recent.length > 0 ? html`<div slot="start" class="recent"><p class="muted">Recent</p><ul>${this.recent.map((file) => html`<li><button @click=${() => void this.#reopen(file)}>${file.name}</button></li>`)}</ul>
          <div><button class="quiet" @click=${() => void forgetRecent().then(() => { this.recent = []; })}>Forget these</button></div></div>` : nothing}
      </oversize-review>`;
  }

  #add(): void {
    const session = new ReviewSession(this.#client, reviews);
    session.addEventListener("change", () => this.requestUpdate());
    this.sessions = [...this.sessions, session];
    this.active = this.sessions.length - 1;
  }

  #close(index: number): void {
    void this.sessions[index].close();
    this.sessions = this.sessions.filter((_, i) => i !== index);
    this.active = Math.min(this.active > index ? this.active - 1 : this.active, this.sessions.length - 1);
  }

  readonly #opened = (): void => {
    const session = this.sessions[this.active], file = session?.lastFile;
    if (!file || !session.opened) return;
    void keepRecent(file, session.opened.summary.file.sha256).then(listRecent).then((recent) => { this.recent = recent; });
  };

  async #reopen(file: RecentFile): Promise<void> {
    const bytes = await loadRecent(file.sha256);
    if (bytes) await this.panel.openFile({ name: file.name, bytes });
  }

  readonly #key = (event: KeyboardEvent): void => { if (!event.defaultPrevented) this.panel.handleKey(event); };

  #onFetch(name: string, loaded: number, total: number): void {
    this.#loaded.set(name, [loaded, total]);
    const all = [...this.#loaded.values()], sum = all.reduce((s, [, t]) => s + t, 0);
    this.fetched = sum > 0 ? Math.min(1, all.reduce((s, [l]) => s + l, 0) / sum) : 1;
  }
}
