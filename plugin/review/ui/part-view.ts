import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Box, Vec3 } from "../../../src/units.ts";
import type { Finding } from "../../../src/dfm/finding.ts";
import type { MoldDesign } from "../../../src/mold/design.ts";
import { crossoverFlags } from "../../../src/report/maps/draft-classes.ts";
import { DRAFT_DEG, VERTICAL_DEG } from "../../../src/report/maps/scale.ts";
import type { SurfaceMap } from "../../../src/report/maps/surface-maps.ts";
import type { Painted } from "../../../src/report/viewer/part-object.ts";
import type { BodySummary, OpenedPart } from "../../../worker/protocol.ts";
import type { StandardView } from "../view/camera-rig.ts";
import { measureBetween } from "../view/measure.ts";
import type { Hit, Viewer } from "../view/viewer.ts";
import { Listen } from "./listen.ts";
import "./legend.ts";
import "./view-cube.ts";
import "./view-notes.ts";
import type { ViewCube } from "./view-cube.ts";
import type { ViewNotes } from "./view-notes.ts";
import { controls, theme } from "./styles.ts";
import type { ReviewUi } from "./ui-state.ts";
import { viewColors } from "./view-theme.ts";

/** How long the pointer rests before the place under it is measured. */
const REST_MS = 120;

/** The 3D view with what floats in its corners: legend, cube, readout, scale bar, notes. */
@customElement("ovz-view")
export class PartView extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  /** What this view shows whatever the mode is: side by side, one view each. */
  @property() shows: "part" | "mold" | undefined;
  @query("canvas") private canvas!: HTMLCanvasElement;
  @query("ovz-cube") private cube!: ViewCube;
  @query("ovz-notes") private notes!: ViewNotes;
  readonly listen = new Listen(this);
  viewer: Viewer | undefined;
  #shown: OpenedPart | undefined;
  #seen: Record<string, unknown> = {};
  #resize: ResizeObserver | undefined;
  #down: { x: number; y: number } | undefined;
  #hoverFrame = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #refit = false;
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  readonly #onScheme = (): void => this.retheme();
  readonly #onFrame = (): void => this.frameSelected();

  static override styles = [theme, controls, css`
    :host { display: block; position: relative; min-width: 0; min-height: 0; background: linear-gradient(var(--view-top), var(--view-bottom)); overflow: hidden;
      --accent-face: light-dark(#3f7de0, #6f9ff5); --hover-face: light-dark(#d9e2f1, #b4bfd0); --cap: light-dark(#b59a7c, #ad9273); }
    canvas { width: 100%; height: 100%; display: block; touch-action: none; outline: none; }
    canvas:focus-visible { box-shadow: inset 0 0 0 2px var(--accent); }
    ovz-cube { position: absolute; right: 14px; top: 14px; }
    ovz-legend { position: absolute; left: 12px; bottom: 12px; max-height: calc(100% - 24px); overflow-y: auto; }
    .scale { position: absolute; right: 14px; bottom: 14px; font-size: 11px; color: var(--muted); text-align: center; pointer-events: none; }
    .scale i { display: block; height: 5px; border: 1.5px solid var(--muted); border-top: 0; }
    .tip { position: absolute; pointer-events: none; background: color-mix(in srgb, var(--panel) 94%, transparent); border: 1px solid var(--line); border-radius: 6px; padding: 3px 8px; font-size: 12px; white-space: nowrap; }
  `];

  override render(): TemplateResult {
    const ui = this.ui;
    return html`
      <canvas tabindex="0" role="img" aria-label=${this.#label()}
        @pointerdown=${(e: PointerEvent) => { this.#down = { x: e.offsetX, y: e.offsetY }; }}
        @pointerup=${this.#up} @pointermove=${this.#move} @pointerleave=${() => this.#hover(undefined)} @dblclick=${() => this.frameSelected()}></canvas>
      ${ui?.session.opened ? html`
        <ovz-notes .ui=${ui} .view=${this}></ovz-notes>
        <ovz-cube @look=${(e: CustomEvent<StandardView>) => this.viewer?.look(e.detail)}></ovz-cube>
        ${ui.heat !== "none" && this.#mode(ui) === "part" ? html`<ovz-legend .ui=${ui}></ovz-legend>` : nothing}
        <div class="scale" aria-hidden="true"><i></i><span></span></div>` : nothing}`;
  }

  #label(): string {
    const opened = this.ui?.session.opened;
    return opened ? `3D view of ${opened.summary.name}: ${opened.summary.faces} faces. Arrow keys turn, plus and minus zoom.` : "3D view, empty";
  }

  override firstUpdated(): void { void this.#makeViewer(); }

  /** The renderer is the larger part of the page's code: it comes once the rest is on the screen. */
  async #makeViewer(): Promise<void> {
    const { Viewer } = await import("../view/viewer.ts");
    if (!this.isConnected || this.viewer) return;
    this.viewer = new Viewer(this.canvas, viewColors(this), {
      reducedMotion: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
      onDraw: () => this.#onDraw(),
    });
    this.#resize = new ResizeObserver(([entry]) => this.viewer?.resize(Math.round(entry.contentRect.width), Math.round(entry.contentRect.height)));
    this.#resize.observe(this);
    // The observer tells later; what is framed now needs the view's shape.
    this.viewer.resize(this.clientWidth, this.clientHeight);
    this.#scheme.addEventListener("change", this.#onScheme);
    this.#show();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener("change", this.#onScheme);
    this.#resize?.disconnect();
    this.viewer?.dispose();
    this.viewer = undefined;
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("ui")) {
      (changed.get("ui") as ReviewUi | undefined)?.removeEventListener("frame", this.#onFrame);
      this.ui?.addEventListener("frame", this.#onFrame);
      this.#seen = {};
    }
    this.#show();
  }

  #mode(ui: ReviewUi): "part" | "mold" { return this.shows ?? (ui.mode === "mold" ? "mold" : "part"); }

  /** Reads the theme's colours again. */
  retheme(): void { this.viewer?.setColors(viewColors(this)); }

  /** Frames the selected finding's faces, or everything. */
  frameSelected(): void {
    const { ui, viewer } = this;
    if (!ui || !viewer) return;
    const finding = ui.selected, body = ui.session.opened?.summary.bodies.find(({ id }) => id === finding?.body);
    const faces = finding?.faces.flatMap((index) => body?.faces[index] ?? []) ?? [];
    const boxes: Box[] = faces.length > 0 && faces.length < (body?.faces.length ?? 0) ? faces.map((face) => face.boxMm) : finding?.points.map((p): Box => [p, p]) ?? [];
    if (boxes.length === 0) return viewer.fit();
    const normal = faces.reduce<Vec3>((sum, face) => [sum[0] + face.normal[0] * face.areaMm2, sum[1] + face.normal[1] * face.areaMm2, sum[2] + face.normal[2] * face.areaMm2], [0, 0, 0]);
    viewer.frameBoxes(boxes, Math.hypot(...normal) > 1e-6 ? normal : undefined);
  }

  /** Brings the scene to what the state says; each part of it only when it changed. */
  #show(): void {
    const { ui, viewer } = this;
    if (!ui || !viewer) return;
    const { session } = ui;
    if (session.opened !== this.#shown) {
      this.#shown = session.opened;
      this.#seen = {};
      this.#refit = false;
      viewer.setPart(session.opened);
    }
    if (!session.opened) return;
    this.#when("projection", [ui.projection], () => viewer.rig.project(ui.projection));
    const mode = this.#mode(ui);
    this.#when("mold", [session.previews, mode], () => viewer.setMolds(mode === "part" ? [] : session.previews));
    this.#when("explode", [session.previews, mode, ui.explode], () => { for (const mold of viewer.molds) mold.explode(ui.explode); });
    this.#when("mode", [mode, session.previews.map(({ bodies }) => bodies.join()).join(" ")], () => { if (this.#refit || mode === "mold") viewer.fit(); this.#refit = true; });
    this.#when("scale", [mode, session.previews, session.opened], () => this.#grow(ui));
    this.#when("heat", [ui.heat, mode, session.maps, ui.scaleMode, ui.draftReversed, ...(ui.scale ? [ui.scale.low, ui.scale.high] : [])], () => this.#paint(ui));
    this.#when("section", [ui.section], () => viewer.section(ui.section));
    this.#when("edges", [ui.edges], () => { viewer.edgesVisible = ui.edges; });
    this.#when("opacity", [ui.opacity, mode, session.previews], () => {
      viewer.opacity = mode === "mold" ? 1 : ui.opacity;
      for (const mold of viewer.molds) mold.opacity = ui.opacity;
      viewer.draw();
    });
    // Over a map the outline tells the faces, so that their colours stay those of the legend.
    const { selected, picked } = ui, mapped = ui.heat !== "none" && mode === "part";
    this.#when("light", [selected, picked, mode, mapped, session.opened], () => {
      if (mode === "mold") return viewer.light(undefined, []);
      const body = selected?.body ?? picked?.body, faces = litFaces(selected, picked);
      viewer.light(body, faces, mapped && !selected?.edges?.length ? outlineOf(session.opened?.summary.bodies.find(({ id }) => id === body), faces) : selected?.edges);
    });
    this.#when("veil", [mapped], () => { viewer.lightOpacity = mapped ? 0.12 : 1; });
    this.#when("hover", [ui.hovered?.face, ui.hovered?.body], () => viewer.hover(ui.hovered));
    viewer.draw();
  }

  #when(name: string, now: readonly unknown[], run: () => void): void {
    const before = this.#seen[name] as readonly unknown[] | undefined;
    if (before && before.length === now.length && before.every((value, i) => value === now[i])) return;
    this.#seen[name] = now;
    run();
  }

  #grow(ui: ReviewUi): void {
    const design = ui.session.design;
    this.viewer?.setPartScale(this.#mode(ui) === "mold" && design.ok ? design.value.osf : [1, 1, 1], design.ok ? fixedPoint(ui, design.value.scaleOrigin) : [0, 0, 0]);
  }

  #paint(ui: ReviewUi): void {
    const maps = ui.heat === "none" || this.#mode(ui) === "mold" ? undefined : ui.session.maps.get(ui.heat);
    const scale = maps && ui.scale;
    if (!maps || !scale) return this.viewer?.paint(undefined);
    this.viewer?.paint(scale, new Map([...maps].map(([body, map]) => [body, this.#painted(ui, map)])));
  }

  #painted(ui: ReviewUi, { kind, body, values, patches, fine }: SurfaceMap): Painted {
    if (kind !== "draft") return { values, patches, fine };
    const { opened } = ui.session, at = opened?.bodies.findIndex(({ id }) => id === body) ?? -1;
    const flags = opened && at >= 0 ? crossoverFlags(opened.summary.bodies[at].faces, opened.bodies[at].indices, values, ui.limits("draft").min ?? DRAFT_DEG, VERTICAL_DEG) : undefined;
    return { values: ui.draftReversed ? values.map((v) => -v) : values, flags };
  }

  readonly #up = (event: PointerEvent): void => {
    const { ui, viewer } = this, down = this.#down;
    this.#down = undefined;
    if (!ui || !viewer || !down || Math.hypot(event.offsetX - down.x, event.offsetY - down.y) > 4 || event.button !== 0) return;
    this.use(viewer.pick(event.offsetX, event.offsetY));
  };

  /** Does with a picked place what the chosen tool does. */
  use(hit: Hit | undefined): void {
    const { ui } = this;
    if (!ui) return;
    if (ui.tool === "measure") return this.#measure(ui, hit);
    if (ui.tool === "section" && hit) return ui.set({ section: { normal: hit.normal, offsetMm: hit.at[0] * hit.normal[0] + hit.at[1] * hit.normal[1] + hit.at[2] * hit.normal[2] - 1e-3 }, tool: "select" });
    if (ui.tool === "pin" && hit) {
      this.dispatchEvent(new CustomEvent("pin-place", { detail: hit, bubbles: true, composed: true }));
      return;
    }
    ui.pick(hit);
  }

  #measure(ui: ReviewUi, hit: Hit | undefined): void {
    if (!hit) return ui.set({ measureFrom: undefined });
    if (!ui.measureFrom) return ui.set({ measureFrom: hit });
    const made = measureBetween(ui.measureFrom, hit, ui.faceOf(ui.measureFrom), ui.faceOf(hit));
    ui.set({ measurements: [...ui.measurements, made], measureFrom: undefined });
  }

  readonly #move = (event: PointerEvent): void => {
    if (event.buttons !== 0 || this.#hoverFrame) return;
    const { offsetX, offsetY } = event;
    this.#hoverFrame = requestAnimationFrame(() => { this.#hoverFrame = 0; this.#hover(this.viewer?.pick(offsetX, offsetY)); });
  };

  #hover(hit: Hit | undefined): void {
    const { ui } = this;
    if (!ui || (!hit && !ui.hovered)) return;
    ui.set({ hovered: hit });
    clearTimeout(this.#rest);
    // At rest over the thickness map the exact wall is asked for.
    if (hit && ui.heat === "thickness") this.#rest = setTimeout(() => void ui.measureWall(hit), REST_MS);
  }

  #onDraw(): void {
    const { viewer, ui } = this;
    if (!viewer || !ui) return;
    this.cube?.turn(viewer.cubeMatrix);
    this.notes?.follow();
    this.dispatchEvent(new Event("camera"));
    const bar = this.renderRoot.querySelector<HTMLElement>(".scale i"), text = this.renderRoot.querySelector<HTMLElement>(".scale span");
    if (!bar || !text) return;
    const perPixel = viewer.rig.mmPerPixel(this.clientHeight) / (ui.unit === "in" ? 25.4 : 1);
    const length = niceLength(perPixel * 110);
    bar.style.width = `${length / perPixel}px`;
    text.textContent = `${length} ${ui.unit}`;
  }
}

/** Faces to light: a finding's, unless it speaks of edges; else the picked one. */
function litFaces(selected: Finding | undefined, picked: Hit | undefined): readonly number[] {
  if (selected) return selected.edges && selected.edges.length > 0 ? [] : selected.faces;
  return picked ? [picked.face] : [];
}

/** Edges around a set of faces. */
function outlineOf(body: BodySummary | undefined, faces: readonly number[]): number[] {
  const lit = new Set(faces);
  return body?.edges.filter((edge) => lit.has(edge.faces[0]) !== lit.has(edge.faces[1])).map(({ index }) => index) ?? [];
}

/** The point that stays in place while the part grows. */
function fixedPoint(ui: ReviewUi, origin: MoldDesign["scaleOrigin"]): Vec3 {
  const summary = ui.session.opened?.summary;
  if (!summary || origin === "part-origin") return [0, 0, 0];
  const [a, b] = summary.boxMm;
  if (origin === "box-centre") return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
  const along = (k: number): number => summary.bodies.reduce((sum, body) => sum + body.volumeMm3 * body.centroidMm[k], 0) / summary.volumeMm3;
  return [along(0), along(1), along(2)];
}

/** The largest of 1, 2, 5 × 10ⁿ not above a length. */
function niceLength(most: number): number {
  const ten = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((s) => s * ten <= most) ?? 1;
  return Number((step * ten).toPrecision(3));
}
