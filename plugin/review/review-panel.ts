import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { InputFile } from "../../src/engine.ts";
import type { OversizeClient } from "../../worker/client.ts";
import { adviceFor } from "./state/advice.ts";
import { REPORT_FORMATS, type ReportFormat } from "../../worker/protocol.ts";
import { ReviewSession, type ReviewStore } from "./session.ts";
import type { Viewpoint } from "./state/review-file.ts";
import type { Hit } from "./view/viewer.ts";
import { downloadFile } from "./ui/download.ts";
import "./ui/findings-table.ts";
import "./ui/head-bar.ts";
import "./ui/help-overlay.ts";
import "./ui/inspector.ts";
import { commandOf, type KeyCommand } from "./ui/keys.ts";
import "./ui/mold-panel.ts";
import "./ui/part-view.ts";
import type { PartView } from "./ui/part-view.ts";
import { readLine } from "./ui/readout.ts";
import { statusLine, workText } from "./ui/status-line.ts";
import { controls, theme } from "./ui/styles.ts";
import { HEATS, sectionAt } from "./ui/toolbar.ts";
import { ReviewUi } from "./ui/ui-state.ts";

/** A part to try, shown where nothing is open. */
export interface Sample {
  readonly title: string;
  readonly note: string;
  readonly url: string;
  readonly picture?: string;
}

/**
 * The review panel: a custom element for any page. Give it a `client`; then {@link ReviewPanel.openFile}, or let
 * people drop a file on it. Events: `part-open`, `finding-select` (detail: the finding), `review-change`.
 */
@customElement("oversize-review")
export class ReviewPanel extends LitElement {
  @property({ attribute: false }) client?: OversizeClient;
  @property({ attribute: false }) samples: readonly Sample[] = [];
  /** Where decisions are kept between visits; none by default. */
  @property({ attribute: false }) store?: ReviewStore;
  /** Version of the tool, for the report. */
  @property() version = "0.1.0";
  /** Where the report page's viewer is; without it the page has no 3D view. */
  @property() reportViewerUrl = "";
  @property({ reflect: true }) theme: "light" | "dark" | "" = "";
  /** A session to show; one is made from `client` where none is given. */
  @property({ attribute: false }) session?: ReviewSession;
  @state() private ui?: ReviewUi;
  @state() private dropping = false;
  @state() private pinning?: Hit;
  @query("ovz-view") private view!: PartView;
  @query("input[type=file]") private picker!: HTMLInputElement;
  readonly #uis = new WeakMap<ReviewSession, ReviewUi>();
  readonly #onChange = (): void => { this.#announce(); this.requestUpdate(); };
  #linking = false;
  /** From where each of two linked views looked last. */
  readonly #poses = new WeakMap<PartView, string>();
  #told: { opened?: unknown; finding?: unknown; review?: unknown } = {};

  static override styles = [theme, controls, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr) auto; height: 100%; min-height: 320px; background: var(--bg); position: relative; overflow: hidden; container-type: size; }
    main { display: grid; grid-template-columns: minmax(330px, 24%) minmax(0, 1fr) minmax(260px, 20%); min-height: 0; position: relative; }
    main > * { min-height: 0; min-width: 0; }
    .left { border-right: 1px solid var(--line); }
    .right { border-left: 1px solid var(--line); }
    .middle { display: grid; grid-template-rows: auto minmax(0, 1fr); position: relative; }
    .views { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); min-height: 0; position: relative; }
    .views > ovz-view + ovz-view { border-left: 1px solid var(--line); }
    footer { display: flex; gap: 14px; align-items: center; padding: 5px 12px; font-size: 12px; border-top: 1px solid var(--line); background: var(--panel); min-height: 30px; }
    footer .hover { margin-left: auto; text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    footer .facts { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
    .work { position: absolute; left: 50%; top: 12px; transform: translateX(-50%); background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 6px 8px 6px 12px; display: flex; gap: 12px; align-items: center; z-index: 3; }
    .work progress { width: 110px; height: 6px; accent-color: var(--accent); }
    .start { position: absolute; inset: 0; display: grid; place-items: center; overflow: auto; padding: 24px; z-index: 2; background: linear-gradient(var(--view-top), var(--view-bottom)); }
    .start > div { max-width: 620px; width: 100%; text-align: center; display: grid; gap: 14px; justify-items: center; }
    .drop { border: 1.5px dashed var(--strong-line); border-radius: 12px; padding: 24px; width: 100%; background: color-mix(in srgb, var(--panel) 70%, transparent); display: grid; gap: 12px; justify-items: center; }
    .start h2 { font-size: 19px; margin: 0; font-weight: 650; }
    .samples { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; width: 100%; }
    .samples button { display: grid; gap: 2px; padding: 10px; text-align: left; white-space: normal; align-content: start; }
    .samples img { width: 100%; aspect-ratio: 2 / 1; object-fit: contain; }
    .notice { position: absolute; left: 50%; bottom: 14px; transform: translateX(-50%); max-width: min(560px, calc(100% - 32px)); background: var(--panel); border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 6px; padding: 8px 10px; display: flex; gap: 12px; align-items: start; z-index: 4; }
    .notice.error { border-left-color: var(--block); } .notice.warning { border-left-color: var(--advise); }
    .error { text-align: left; border: 1px solid var(--line); border-left: 4px solid var(--block); border-radius: 8px; background: var(--panel); padding: 16px 18px; display: grid; gap: 8px; width: 100%; }
    .dropping { position: absolute; inset: 8px; border: 2px solid var(--accent); border-radius: 10px; background: color-mix(in srgb, var(--accent-soft) 75%, transparent); z-index: 6; display: grid; place-items: center; font-size: 16px; pointer-events: none; }
    .tabs { display: none; gap: 6px; }
    .pinning { position: absolute; right: 14px; top: 104px; z-index: 4; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 10px; display: grid; gap: 8px; width: 240px; }
    @container (max-width: 1100px) {
      main { grid-template-columns: minmax(270px, 34%) minmax(0, 1fr); }
      .right { position: absolute; right: 0; top: 0; bottom: 0; width: min(320px, 86%); z-index: 5; box-shadow: -6px 0 18px rgb(0 0 0 / 18%); display: none; }
      .right.open { display: block; }
      .tabs { display: flex; }
    }
    /* Narrow: the findings below the view; where that is low as well, they stay beside it. */
    @container (max-width: 560px) or ((max-width: 800px) and (min-height: 641px)) {
      main { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(0, 1fr) minmax(0, 42%); }
      .middle { grid-row: 1; }
      .left { grid-row: 2; border-right: 0; border-top: 1px solid var(--line); }
      main.folded { grid-template-rows: minmax(0, 1fr) 0; }
      main.folded .left { display: none; }
    }
    @container (max-width: 800px) { footer .hover { display: none; } }
  `];

  override willUpdate(changed: PropertyValues<this>): void {
    if (!this.session && this.client) this.session = new ReviewSession(this.client, this.store);
    if (!changed.has("session") && this.ui?.session === this.session) return;
    this.ui?.removeEventListener("change", this.#onChange);
    this.ui = this.session && (this.#uis.get(this.session) ?? new ReviewUi(this.session));
    if (this.session && this.ui) this.#uis.set(this.session, this.ui);
    this.ui?.addEventListener("change", this.#onChange);
    this.#told = {};
  }

  /** Opens a part, or takes a review file for the open one. */
  async openFile(file: InputFile): Promise<void> {
    if (!this.session) return;
    if (/\.json$/i.test(file.name)) {
      const loaded = this.session.load(new TextDecoder().decode(file.bytes));
      if (!loaded.ok) this.session.say({ kind: "error", text: loaded.problem.message, suggestion: loaded.problem.suggestion });
      return;
    }
    await this.session.open(file);
  }

  /** Opens files of the browser. */
  async openBlobs(files: readonly File[]): Promise<void> {
    for (const file of [...files].sort((a, b) => Number(/\.json$/i.test(a.name)) - Number(/\.json$/i.test(b.name)))) {
      await this.openFile({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    }
  }

  override render(): TemplateResult {
    const { ui, session } = this;
    if (!ui || !session) return html`<p>No worker was given to the review panel.</p>`;
    const mold = ui.mode !== "part";
    return html`
      <section aria-label="Part and settings"><ovz-head .ui=${ui} @command=${(e: CustomEvent<string>) => this.#command(e.detail)}></ovz-head></section>
      <main class=${ui.drawer === "findings" ? "folded" : ""} aria-label="Review" @keydown=${this.#key} @dragover=${this.#dragOver} @dragleave=${() => { this.dropping = false; }} @drop=${this.#drop}>
        <section class="left" aria-label="Findings"><ovz-findings .ui=${ui}></ovz-findings></section>
        <section class="middle" aria-label="View">
          <ovz-toolbar .ui=${ui} @look=${(e: CustomEvent) => this.#widest?.look(e.detail)} @fit=${() => this.#widest?.fit()}></ovz-toolbar>
          <div class="views" @pin-place=${(e: CustomEvent<Hit>) => { this.pinning = e.detail; }}>
            ${ui.mode === "split" ? html`<ovz-view .ui=${ui} shows="part" @camera=${this.#link}></ovz-view><ovz-view .ui=${ui} shows="mold" @camera=${this.#link}></ovz-view>` : html`<ovz-view .ui=${ui}></ovz-view>`}
            ${session.busy && session.phase !== "opening" ? this.#work(session) : nothing}
            ${session.phase === "open" ? nothing : this.#start(session)}
            ${this.pinning ? this.#pinForm(ui, this.pinning) : nothing}
            ${session.notice ? html`<div class="notice ${session.notice.kind}" role="status"><div class="grow">${session.notice.text}${session.notice.suggestion ? html` <span class="muted">${session.notice.suggestion}</span>` : nothing}</div><button aria-label="Dismiss" @click=${() => session.say(undefined)}>×</button></div>` : nothing}
          </div>
        </section>
        <section class="right ${ui.drawer === "inspector" ? "open" : ""}" aria-label=${mold ? "Mold" : "Inspector"}>
          ${mold ? html`<ovz-mold .ui=${ui}></ovz-mold>` : html`<ovz-inspector .ui=${ui} @save-view=${() => this.saveView(`View ${session.review.viewpoints.length + 1}`)} @viewpoint=${(e: CustomEvent<Viewpoint>) => this.#restore(e.detail)}></ovz-inspector>`}
        </section>
        ${this.dropping ? html`<div class="dropping">Drop the part, or its review file</div>` : nothing}
      </main>
      <footer>
        <div class="tabs">
          <button aria-pressed=${ui.drawer === "inspector"} @click=${() => ui.set({ drawer: ui.drawer === "inspector" ? undefined : "inspector" })}>${mold ? "Mold" : "Inspector"}</button>
        </div>
        <span class="facts">${statusLine(ui)}</span><span class="hover muted">${readLine(ui) || (ui.tool === "measure" ? "Click two places to measure" : ui.tool === "pin" ? "Click a face to pin a comment" : ui.tool === "section" ? "Click a face to cut along it" : "")}</span>
      </footer>
      <div class="visually-hidden" aria-live="polite">${session.busy ? workText(session.busy) : ui.spoken}</div>
      <input type="file" hidden multiple accept=".step,.stp,.stpz,.p21,.igs,.iges,.brep,.json,.gz" @change=${() => { void this.openBlobs([...(this.picker.files ?? [])]); this.picker.value = ""; }} />
      <ovz-help ?open=${ui.helpOpen} @close=${() => ui.set({ helpOpen: false })}></ovz-help>`;
  }

  #work(session: ReviewSession): TemplateResult {
    const { busy } = session;
    if (!busy) return html``;
    return html`<div class="work"><span>${workText(busy)}</span><progress aria-label="Progress" max="1" .value=${busy.fraction ?? nothing}></progress><button @click=${() => session.cancel()}>Cancel</button></div>`;
  }

  #start(session: ReviewSession): TemplateResult {
    if (session.phase === "opening") return html`<div class="start"><div><h2>${session.fileName}</h2><p class="muted">${session.busy ? workText(session.busy) : "…"}</p><slot name="loading"></slot><button @click=${() => session.cancel()}>Cancel</button></div></div>`;
    const problem = session.phase === "failed" ? session.problem : undefined;
    return html`<div class="start"><div>
      ${problem ? html`<div class="error" role="alert"><h2>${problem.code === "CANCELLED" ? "Reading was cancelled" : `${session.fileName} could not be read`}</h2><p>${problem.message}</p><p class="muted">${adviceFor(problem)}</p>
        <div class="row"><button class="primary" @click=${() => (problem.code === "CANCELLED" ? void session.retry() : this.picker.click())}>${problem.code === "CANCELLED" ? "Read it again" : "Open another file"}</button><span class="muted">${problem.code}</span></div></div>` : nothing}
      <div class="drop"><h2>Drop a STEP file here</h2>
        <p class="muted">The part is read, checked against the rules of metal injection molding, and its mold is made. Nothing leaves this machine.</p>
        <button class=${problem ? "" : "primary"} @click=${() => this.picker.click()}>Choose a file</button></div>
      ${this.samples.length > 0 ? html`<p class="muted">Or try one of these</p><div class="samples">${this.samples.map((sample) => html`<button @click=${() => void this.openSample(sample)}>${sample.picture ? html`<img src=${sample.picture} alt="" />` : nothing}<strong>${sample.title}</strong><span class="muted">${sample.note}</span></button>`)}</div>` : nothing}
      <slot name="start"></slot></div></div>`;
  }

  /** Fetches and opens a sample. */
  async openSample(sample: Sample): Promise<void> {
    const response = await fetch(sample.url);
    await this.openFile({ name: decodeURIComponent(sample.url.split("/").at(-1) ?? "sample.step"), bytes: new Uint8Array(await response.arrayBuffer()) });
  }

  #pinForm(ui: ReviewUi, hit: Hit): TemplateResult {
    const place = (e: SubmitEvent): void => {
      e.preventDefault();
      const text = String(new FormData(e.target as HTMLFormElement).get("text") ?? "").trim();
      if (text) ui.session.act({ do: "pin", pin: { id: crypto.randomUUID(), body: hit.body, face: hit.face, at: hit.at, text, date: new Date().toISOString() } });
      this.pinning = undefined;
      ui.set({ tool: "select" });
    };
    return html`<form class="pinning" @submit=${place}><label>Note on face ${hit.face}<textarea name="text" rows="2" required autofocus></textarea></label><div class="row"><button class="primary">Pin</button><button type="button" @click=${() => { this.pinning = undefined; }}>Cancel</button></div></form>`;
  }

  #restore(viewpoint: Viewpoint): void {
    const heat = HEATS.find(([name]) => name === viewpoint.heat)?.[0] ?? "none";
    this.ui?.set({ heat, section: viewpoint.section, projection: viewpoint.camera.projection, mode: "part" });
    if (viewpoint.selected !== undefined) this.ui?.select(this.session?.findings.find((f) => this.session?.fingerprintOf(f) === viewpoint.selected)?.id, false);
    this.view.viewer?.rig.restore(viewpoint.camera);
  }

  /** Saves the present view under a name. */
  saveView(name: string): void {
    const { ui, session } = this, camera = this.view.viewer?.rig.pose();
    if (!ui || !session || !camera) return;
    const selected = ui.selected && session.fingerprintOf(ui.selected);
    session.act({ do: "save-view", viewpoint: { id: crypto.randomUUID(), name, camera, heat: ui.heat, ...(selected && { selected }), ...(ui.section && { section: ui.section }) } });
  }

  /** Side by side both views look from the same place, whichever is turned. The mold is the larger: the part's view waits for it. */
  readonly #link = (event: Event): void => {
    const views = [...this.renderRoot.querySelectorAll<PartView>("ovz-view")], from = views.find((view) => view === event.target), to = views.find((view) => view !== event.target);
    if (!from?.viewer || !to?.viewer || this.#linking) return;
    const mold = views.find(({ shows }) => shows === "mold"), pose = from.viewer.rig.pose(), text = JSON.stringify(pose);
    if (this.#poses.get(from) === text || !mold?.viewer?.molds.length || (from !== mold && !this.#poses.has(mold))) return;
    this.#linking = true;
    to.viewer.rig.restore(pose, false);
    this.#poses.set(from, text).set(to, JSON.stringify(to.viewer.rig.pose()));
    this.#linking = false;
  };

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("theme")) for (const view of this.renderRoot.querySelectorAll<PartView>("ovz-view")) view.retheme();
  }

  /** The view that shows most: side by side that of the mold. */
  get #widest(): PartView["viewer"] { return [...this.renderRoot.querySelectorAll<PartView>("ovz-view")].at(-1)?.viewer; }

  /** Handles a key press for the panel; returns whether it meant something. A host may pass its own events. */
  readonly handleKey = (event: KeyboardEvent): boolean => {
    const [target] = event.composedPath();
    const typing = target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !(target instanceof HTMLInputElement && /^(range|checkbox)$/.test(target.type)));
    const command = commandOf(event, typing, target instanceof HTMLCanvasElement);
    if (!command) return false;
    event.preventDefault();
    this.#command(command);
    return true;
  };

  readonly #key = (event: KeyboardEvent): void => { if (!event.defaultPrevented) this.handleKey(event); };

  #command(command: KeyCommand | string): void {
    const { ui, session } = this, viewer = this.view?.viewer;
    if (!ui || !session) return;
    if (typeof command === "object") return viewer?.look(command.view);
    const format = REPORT_FORMATS.find((name) => command === `report:${name}`);
    if (format) return void this.#report(session, format);
    const actions: Record<string, () => void> = {
      next: () => ui.stepSelection(1), previous: () => ui.stepSelection(-1), fit: () => this.#widest?.fit(), frame: () => this.view.frameSelected(),
      heat: () => this.#nextHeat(ui), section: () => this.#nextSection(ui), edges: () => ui.set({ edges: !ui.edges }),
      measure: () => ui.set({ tool: ui.tool === "measure" ? "select" : "measure" }), pin: () => ui.set({ tool: ui.tool === "pin" ? "select" : "pin" }),
      mold: () => ui.set({ mode: ui.mode === "part" ? "mold" : "part" }), transparent: () => ui.set({ opacity: ui.opacity < 1 ? 1 : 0.35 }),
      projection: () => ui.set({ projection: ui.projection === "orthographic" ? "perspective" : "orthographic" }), unit: () => ui.set({ unit: ui.unit === "mm" ? "in" : "mm" }),
      open: () => this.picker.click(), undo: () => session.undo(), redo: () => session.redo(), help: () => ui.set({ helpOpen: true }),
      save: () => this.#save(session), cancel: () => session.cancel(),
      accept: () => { if (ui.selected) session.act({ do: "decide", fingerprint: session.fingerprintOf(ui.selected), decision: { state: "accepted", date: new Date().toISOString() } }); },
      escape: () => { this.pinning = undefined; ui.set({ helpOpen: false, tool: "select", measureFrom: undefined, measurements: ui.tool === "select" ? [] : ui.measurements, selectedId: ui.tool === "select" ? undefined : ui.selectedId, picked: undefined }); },
      "turn-left": () => viewer?.rig.turn(-10, 0), "turn-right": () => viewer?.rig.turn(10, 0), "turn-up": () => viewer?.rig.turn(0, 10), "turn-down": () => viewer?.rig.turn(0, -10),
      "zoom-in": () => viewer?.rig.zoom(1.2), "zoom-out": () => viewer?.rig.zoom(1 / 1.2),
    };
    actions[command]?.();
  }

  #save(session: ReviewSession): void {
    if (session.opened) downloadFile(`${stem(session.fileName)}.review.json`, session.save(), "application/json");
  }

  async #report(session: ReviewSession, format: ReportFormat): Promise<void> {
    const viewer = format === "html" && this.reportViewerUrl ? await fetch(this.reportViewerUrl).then((r) => (r.ok ? r.text() : undefined), () => undefined) : undefined;
    const file = await session.report(format, this.version, viewer);
    if (file) downloadFile(file.path, file.bytes);
  }

  #nextHeat(ui: ReviewUi): void {
    const there = HEATS.filter(([heat]) => heat === "none" || ui.session.maps.has(heat)).map(([heat]) => heat);
    ui.set({ heat: there[(there.indexOf(ui.heat) + 1) % there.length], mode: "part" });
    ui.say(HEATS.find(([heat]) => heat === ui.heat)?.[1] ?? "");
  }

  #nextSection(ui: ReviewUi): void {
    const at = ui.section?.normal.findIndex((x) => Math.abs(x) === 1) ?? -1;
    ui.set({ section: at === 2 ? undefined : sectionAt(ui, [at === -1 ? 1 : 0, at === 0 ? 1 : 0, at === 1 ? 1 : 0]) });
  }

  readonly #dragOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dropping = true;
  };

  readonly #drop = (event: DragEvent): void => {
    this.dropping = false;
    if (!event.dataTransfer || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void this.openBlobs([...event.dataTransfer.files]);
  };

  /** Tells the host what changed. */
  #announce(): void {
    const { ui, session } = this;
    if (!ui || !session) return;
    const tell = (name: "opened" | "finding" | "review", now: unknown, type: string, detail: unknown): void => {
      if (this.#told[name] === now) return;
      this.#told[name] = now;
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    };
    tell("opened", session.opened, "part-open", session.opened?.summary);
    tell("finding", ui.selected, "finding-select", ui.selected);
    tell("review", session.review, "review-change", session.review);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ui?.removeEventListener("change", this.#onChange);
    this.ui = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }
}

const stem = (name: string): string => name.replace(/\.(stpz|step|stp|p21|gz|igs|iges|brep)$/i, "") || "part";
