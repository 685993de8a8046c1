import type { Finding } from "../../src/dfm/finding.ts";
import { resolveOsf, type ResolvedMaterial } from "../../src/mim/osf.ts";
import { resolveProfile, type Profile } from "../../src/mim/profile.ts";
import type { MoldDesign } from "../../src/mold/design.ts";
import type { ExportFormat } from "../../src/export/formats.ts";
import type { Stage } from "../../src/progress.ts";
import { fail, ok, type Problem, type Result } from "../../src/result.ts";
import type { InputFile, OpenOptions } from "../../src/engine.ts";
import type { Vec3 } from "../../src/units.ts";
import type { OversizeClient } from "../../worker/client.ts";
import type { MapKind, SurfaceMap } from "../../src/report/maps/surface-maps.ts";
import type { Checked, MoldMade, MoldPreview, OpenedPart, OutputFile, ReportFormat } from "../../worker/protocol.ts";
import { adviceFor } from "./state/advice.ts";
import { compareFindings, isSamePart, recordFindings, type Comparison, type FindingRecord } from "./state/compare.ts";
import { applyAction, carryOver, type ReviewAction } from "./state/decide.ts";
import { begin, redo, step, undo, type History } from "./state/history.ts";
import { designFrom } from "./state/mold-parameters.ts";
import { newReview, readReview, SETTINGS_DEFAULT, writeReview, type Comment, type Decision, type Review, type ReviewSettings } from "./state/review-file.ts";

/** In the place of a body: the molds of all bodies, side by side. */
export const ALL_MOLDS = "all";

/** What the session is at. */
export type SessionPhase = "empty" | "opening" | "open" | "failed";

/** Work under way, as it is shown. */
export interface Busy {
  readonly what: "opening" | "checking" | "molding" | "exporting";
  readonly stage?: Stage;
  readonly fraction?: number;
}

/** A note to the user that stays until it is dismissed or replaced. */
export interface Notice {
  readonly kind: "info" | "warning" | "error";
  readonly text: string;
  readonly suggestion?: string;
}

/** Where reviews are kept between visits. */
export interface ReviewStore {
  load(sha256: string): string | null;
  save(sha256: string, text: string): void;
}

/**
 * One part under review: what the worker found, what people decided, and what runs. Fires `change` whenever
 * something changes, at most once per microtask.
 */
export class ReviewSession extends EventTarget {
  phase: SessionPhase = "empty";
  fileName = "";
  opened: OpenedPart | undefined;
  problem: Problem | undefined;
  checked: Checked | undefined;
  records: readonly FindingRecord[] = [];
  maps: ReadonlyMap<MapKind, ReadonlyMap<string, SurfaceMap>> = new Map();
  /** The body whose mold is shown where each has its own, or all of them; the first by default. */
  moldBody: string | typeof ALL_MOLDS | undefined;
  /** The molds shown. */
  previews: readonly MoldPreview[] = [];
  previewProblem: Problem | undefined;
  made: MoldMade | undefined;
  files: readonly OutputFile[] = [];
  comparison: Comparison | undefined;
  busy: Busy | undefined;
  notice: Notice | undefined;
  #history: History<Review> = begin(newReview({ name: "", file: "", sha256: "" }));
  readonly handle: string;
  #stop: AbortController | undefined;
  #announced = false;
  #previewing = false;
  #previewAgain = false;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #last: { file: InputFile; options: OpenOptions } | undefined;

  constructor(readonly client: OversizeClient, private readonly store?: ReviewStore) {
    super();
    this.handle = client.newHandle();
  }

  /** The file opened last. */
  get lastFile(): InputFile | undefined { return this.#last?.file; }
  /** The mold shown, or the first of them. */
  get preview(): MoldPreview | undefined { return this.previews[0]; }
  get review(): Review { return this.#history.now; }
  get settings(): ReviewSettings { return this.review.settings; }
  get canUndo(): boolean { return this.#history.past.length > 0; }
  get canRedo(): boolean { return this.#history.future.length > 0; }
  get findings(): readonly Finding[] { return this.checked?.findings ?? []; }

  /** The fingerprint of a finding of this part. */
  fingerprintOf(finding: Finding): string { return this.records[this.findings.indexOf(finding)]?.fingerprint ?? finding.id; }

  /** The material and factor as resolved, or why not. */
  get material(): Result<ResolvedMaterial> {
    const { material, osf } = this.settings;
    return resolveOsf({ material, osf });
  }

  get profile(): Profile | undefined {
    const profile = resolveProfile(this.settings.profile);
    return profile.ok ? profile.value : undefined;
  }

  get pull(): Vec3 { return this.checked?.pull.direction ?? (this.settings.pull === "auto" ? [0, 0, 1] : this.settings.pull); }

  /** The mold as the parameters describe it, or why there is none. */
  get design(): Result<MoldDesign> {
    const material = this.material;
    if (!material.ok) return material;
    const pull = this.settings.pull === "auto" ? this.checked?.pull.direction ?? "auto" : this.settings.pull;
    return { ok: true, value: designFrom(this.settings.mold, material.value.osf, pull), warnings: [] };
  }

  /** Reads a file, then checks it. A second file takes the place of the first; decisions follow their findings. */
  async open(file: InputFile, options: OpenOptions = {}): Promise<void> {
    this.cancel();
    const earlier = this.phase === "open" && this.records.length > 0 ? { ...this.review, findings: this.records } : undefined;
    this.#last = { file, options };
    this.#clear(file.name);
    const opened = await this.#work("opening", (work) => this.client.open(this.handle, file, options, work));
    if (this.#last.file !== file) return;
    if (!opened.ok) {
      this.phase = "failed";
      this.problem = opened.problem;
      return this.#changed();
    }
    this.opened = opened.value;
    this.phase = "open";
    const { name, file: source } = opened.value.summary;
    const part = { name, file: source.name, sha256: source.sha256 };
    const kept = this.store?.load(source.sha256);
    const stored = kept ? readReview(kept) : undefined;
    this.#history = begin(stored?.ok ? stored.value : newReview(part, earlier?.settings ?? SETTINGS_DEFAULT));
    this.#changed();
    await this.check();
    // A part that has nothing in common with the one before it starts afresh.
    if (earlier && earlier.part.sha256 !== source.sha256 && (earlier.part.file === part.file || isSamePart(earlier.findings, this.records))) this.#carry(earlier, part);
  }

  /** Tries the last file again. */
  async retry(): Promise<void> {
    if (this.#last) await this.open(this.#last.file, this.#last.options);
  }

  /** Runs the profile; maps show as they come. */
  async check(): Promise<void> {
    if (!this.opened) return;
    const { material, osf, profile, pull } = this.settings;
    const done = await this.#work("checking", (work) => this.client.check(this.handle, { material, osf, profile, pull }, { ...work, onMap: (map) => this.#addMap(map) }));
    if (!done.ok) {
      if (done.problem.code !== "CANCELLED") this.notice = { kind: "error", text: done.problem.message, suggestion: adviceFor(done.problem) };
      return this.#changed();
    }
    this.checked = done.value;
    this.records = recordFindings(done.value.findings, this.opened.summary.bodies);
    if (this.review.findings.length > 0) this.#compareWith(this.review.findings);
    this.#history = { ...this.#history, now: { ...this.review, findings: this.records } };
    this.made = undefined;
    this.#changed();
    void this.refreshPreview();
  }

  /** Something a person decides; it can be undone. */
  act(action: ReviewAction): void {
    const before = this.settings;
    this.#history = step(this.#history, applyAction(this.review, action));
    this.#settled(before);
  }

  undo(): void { const before = this.settings; this.#history = undo(this.#history); this.#settled(before); }
  redo(): void { const before = this.settings; this.#history = redo(this.#history); this.#settled(before); }

  /** The review as a file's text. */
  save(): string { return writeReview({ ...this.review, findings: this.records }); }

  /** Takes a review file: on the same part as it is, on another revision by carrying decisions over. */
  load(text: string): Result<Review> {
    const read = readReview(text);
    if (!read.ok) return read;
    if (!this.opened) return fail("USAGE", "Open the part first.", `Drop ${read.value.part.file}, then this review.`);
    this.#carry(read.value, this.review.part);
    return read;
  }

  /** Follows the design with the quick mold; while one is made, only the latest design waits. */
  async refreshPreview(): Promise<void> {
    if (!this.opened) return;
    if (this.#previewing || this.busy?.what === "opening") { this.#previewAgain = true; return; }
    const design = this.design;
    if (!design.ok) { this.previews = []; this.previewProblem = design.problem; return this.#changed(); }
    this.#previewing = true;
    const made = await this.#quickMolds(design.value);
    this.#previewing = false;
    if (made.ok) { this.previews = made.value; this.previewProblem = undefined; }
    else if (made.problem.code !== "CANCELLED") { this.previews = []; this.previewProblem = made.problem; }
    this.#changed();
    if (this.#previewAgain) { this.#previewAgain = false; await this.refreshPreview(); }
  }

  /** Quick molds of the bodies to show, one after another; a problem of one is a problem of all. */
  async #quickMolds(design: MoldDesign): Promise<Result<readonly MoldPreview[]>> {
    const all = this.moldBody === ALL_MOLDS && design.bodies === "each", made: MoldPreview[] = [];
    const bodies = all ? this.opened?.summary.bodies.map(({ id }) => id) ?? [] : [this.moldBody === ALL_MOLDS ? undefined : this.moldBody];
    for (const body of bodies) {
      const one = await this.client.preview(this.handle, design, body);
      if (!one.ok) return all ? fail(one.problem.code, `Body ${body}: ${one.problem.message}`, one.problem.suggestion) : one;
      made.push(one.value);
    }
    return ok(made);
  }

  /** Makes the mold with its proofs. */
  async mold(): Promise<boolean> {
    const design = this.design;
    if (!design.ok) { this.#problem(design.problem); return false; }
    const made = await this.#work("molding", (work) => this.client.mold(this.handle, design.value, work));
    if (!made.ok) { this.#problem(made.problem); return false; }
    this.made = made.value;
    const shown = this.#madePreviews();
    if (shown.length > 0) this.previews = shown;
    this.#changed();
    return true;
  }

  /** Shows the mold of another body, or all molds: those made, or else quick ones. */
  showMoldOf(body: string | typeof ALL_MOLDS): void {
    this.moldBody = body;
    const made = this.#madePreviews();
    if (made.length > 0) this.previews = made;
    this.#changed();
    if (made.length === 0) void this.refreshPreview();
  }

  /** The molds made, of those to show. */
  get shownMolds(): MoldMade["molds"] {
    const { moldBody } = this, molds = this.made?.molds ?? [];
    return moldBody === ALL_MOLDS ? molds : molds.filter(({ bodies }, i) => (moldBody === undefined ? i === 0 : bodies.includes(moldBody)));
  }

  #madePreviews(): readonly MoldPreview[] {
    const shown = this.shownMolds;
    return this.made?.previews.filter((_, i) => this.made && shown.includes(this.made.molds[i])) ?? [];
  }

  /** Files of the molds shown, made first where they are not yet. */
  async export(formats: readonly ExportFormat[]): Promise<readonly OutputFile[]> {
    if (!this.made && !(await this.mold())) return [];
    const files = await this.#work("exporting", (work) => this.client.export(this.handle, formats, work, this.moldBody === ALL_MOLDS ? undefined : this.moldBody ?? this.opened?.summary.bodies[0].id));
    if (!files.ok) { this.#problem(files.problem); return []; }
    this.files = files.value;
    this.#changed();
    return files.value;
  }

  /** The report with what was decided, as a file. */
  async report(format: ReportFormat, version: string, viewer?: string): Promise<OutputFile | undefined> {
    const decisions: Record<string, Decision> = {}, comments: Record<string, Comment[]> = {};
    for (const [i, { id }] of this.findings.entries()) {
      const key = this.records[i].fingerprint, decision = this.review.decisions[key], own = this.review.comments.filter((c) => c.fingerprint === key);
      if (decision) decisions[id] = decision;
      if (own.length > 0) comments[id] = own;
    }
    const author = Object.values(decisions).find((d) => d.name)?.name ?? "oversize";
    const made = await this.client.report(this.handle, { format, version, decisions, comments, author, date: new Date().toISOString(), ...(viewer !== undefined && { viewer }) });
    if (made.ok) return made.value;
    this.#problem(made.problem);
    return undefined;
  }

  /** Stops what runs. The worker ends at once and starts again when it is needed. */
  cancel(): void { this.#stop?.abort(); }

  say(notice: Notice | undefined): void { this.notice = notice; this.#changed(); }

  async close(): Promise<void> {
    this.cancel();
    await this.client.close(this.handle);
  }

  #carry(earlier: Review, part: Review["part"]): void {
    const same = earlier.part.sha256 === part.sha256;
    this.#history = step(this.#history, carryOver(earlier, part, this.records));
    this.#compareWith(earlier.findings);
    const carried = Object.keys(this.review.decisions).length, had = Object.keys(earlier.decisions).length;
    const { added = [], gone = [], changed = [] } = this.comparison ?? {};
    this.notice = same ? { kind: "info", text: `Review loaded: ${had} decisions.` }
      : had === 0 ? { kind: "info", text: `Another revision of ${earlier.part.file}: ${added.length} findings are new, ${gone.length} are gone, ${changed.length} changed.` }
      : { kind: "warning", text: `The review belongs to ${earlier.part.file} with another content. ${carried} of ${had} decisions were carried over.`, suggestion: "Confirm the carried decisions." };
    this.#autosave();
    this.#changed();
    this.dispatchEvent(new Event("settings"));
  }

  #compareWith(before: readonly FindingRecord[]): void {
    const comparison = compareFindings(before, this.records);
    this.comparison = comparison.added.length + comparison.gone.length + comparison.changed.length > 0 ? comparison : undefined;
  }

  #settled(before: ReviewSettings): void {
    this.#autosave();
    this.#changed();
    const now = this.settings;
    if (now === before) return;
    this.made = undefined;
    if (now.material !== before.material || now.profile !== before.profile || JSON.stringify(now.pull) !== JSON.stringify(before.pull)) void this.check();
    else void this.refreshPreview();
  }

  #autosave(): void {
    clearTimeout(this.#saveTimer);
    const { sha256 } = this.review.part;
    if (!this.store || !sha256) return;
    this.#saveTimer = setTimeout(() => this.store?.save(sha256, this.save()), 300);
  }

  #addMap(map: SurfaceMap): void {
    const maps = new Map(this.maps);
    maps.set(map.kind, new Map(maps.get(map.kind)).set(map.body, map));
    this.maps = maps;
    this.#changed();
  }

  #problem(problem: Problem): void {
    if (problem.code === "CANCELLED") return;
    this.say({ kind: "error", text: problem.message, suggestion: adviceFor(problem) });
  }

  async #work<T>(what: Busy["what"], run: (work: { signal: AbortSignal; onProgress: (stage: Stage, fraction?: number) => void }) => Promise<Result<T>>): Promise<Result<T>> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.busy = { what };
    this.#changed();
    const result = await run({
      signal: stop.signal,
      onProgress: (stage, fraction) => { if (this.#stop === stop) { this.busy = { what, stage, fraction }; this.#changed(); } },
    });
    if (this.#stop === stop) { this.#stop = undefined; this.busy = undefined; this.#changed(); }
    return result;
  }

  #clear(fileName: string): void {
    this.phase = "opening";
    this.fileName = fileName;
    this.moldBody = this.opened = this.problem = this.checked = this.previewProblem = this.made = this.comparison = this.notice = undefined;
    this.records = this.files = this.previews = [];
    this.maps = new Map();
    this.#changed();
  }

  #changed(): void {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => { this.#announced = false; this.dispatchEvent(new Event("change")); });
  }
}
