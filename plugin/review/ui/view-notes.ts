import { css, html, LitElement, svg, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Vec3 } from "../../../src/units.ts";
import { formatQuantity } from "../state/format.ts";
import { placeLabels, type LabelWish } from "../state/place-labels.ts";
import { Listen } from "./listen.ts";
import type { PartView } from "./part-view.ts";
import { wallText } from "./readout.ts";
import { controls, theme } from "./styles.ts";
import type { ReviewUi } from "./ui-state.ts";

/** A note over the view: a pin, a measurement or the selected finding's points. */
interface Note {
  readonly id: string;
  readonly at: Vec3;
  readonly text: string;
  readonly kind: "pin" | "measure" | "finding";
  /** Other end of a measurement. */
  readonly to?: Vec3;
}

/** Labels with leader lines over the view. They follow the camera without the element rendering anew. */
@customElement("ovz-notes")
export class ViewNotes extends LitElement {
  @property({ attribute: false }) ui?: ReviewUi;
  @property({ attribute: false }) view?: PartView;
  readonly listen = new Listen(this);

  static override styles = [theme, controls, css`
    :host { position: absolute; inset: 0; pointer-events: none; overflow: hidden; }
    svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
    path { fill: none; stroke: var(--text); stroke-width: 1; opacity: 0.75; }
    path.dim { stroke: var(--accent); stroke-width: 1.5; opacity: 1; }
    circle { fill: var(--accent); stroke: var(--panel); stroke-width: 1.5; }
    .label { position: absolute; left: 0; top: 0; max-width: 168px; background: var(--panel); border: 1px solid var(--line); border-left: 3px solid var(--accent); border-radius: 5px; padding: 2px 7px; font-size: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `];

  #notes(): Note[] {
    const { ui } = this, opened = ui?.session.opened;
    if (!ui || !opened || ui.mode === "mold") return [];
    const pins = ui.session.review.pins.map((pin): Note => ({ id: pin.id, at: pin.at, text: pin.text, kind: "pin" }));
    const measures = ui.measurements.map((m, i): Note => ({ id: `m${i}`, at: m.from.at, to: m.to.at, text: `${formatQuantity(m.distanceMm, "mm", ui.unit, ui.unit === "mm" ? 3 : 4)}${m.kind === "points" ? "" : " apart"}`, kind: "measure" }));
    const { wall } = ui, across: Note[] = wall?.found.opposed && wall.found.partner && wall.hit === ui.picked ? [{ id: "w", at: wall.found.at, to: wall.found.partner.at, text: wallText(ui, wall.found), kind: "measure" }] : [];
    const points = ui.selected?.points.slice(0, 2).map((at, i): Note => ({ id: `f${i}`, at, text: "", kind: "finding" })) ?? [];
    const start = ui.measureFrom ? [{ id: "m", at: ui.measureFrom.at, text: "", kind: "measure" } as const] : [];
    return [...pins, ...measures, ...across, ...points, ...start];
  }

  override render(): TemplateResult {
    const notes = this.#notes();
    return html`
      <svg aria-hidden="true">${notes.map((note) => svg`<g data-id=${note.id}><path class="lead" /><path class="dim" /><circle r="4" /><circle class="to" r=${note.to ? 4 : 0} /></g>`)}</svg>
      ${notes.filter(({ text }) => text !== "").map((note) => html`<div class="label" data-id=${note.id} title=${note.text}>${note.text}</div>`)}`;
  }

  override updated(): void { this.follow(); }

  /** Puts every note where the camera now shows its place. */
  follow(): void {
    const viewer = this.view?.viewer;
    if (!viewer || !this.isConnected) return;
    const notes = this.#notes();
    const shown = new Map(notes.map((note) => [note.id, viewer.project(note.at)]));
    const labels = new Map([...this.renderRoot.querySelectorAll<HTMLElement>(".label")].map((el) => [el.dataset.id ?? "", el]));
    const wishes = notes.flatMap((note): LabelWish[] => {
      const label = labels.get(note.id), at = shown.get(note.id);
      return label && at?.visible ? [{ id: note.id, x: at.x, y: at.y, width: label.offsetWidth, height: label.offsetHeight }] : [];
    });
    const places = new Map(placeLabels(wishes, this.clientWidth, this.clientHeight, { top: 100, bottom: 60, side: 14 }).map((p) => [p.id, p]));
    for (const [id, label] of labels) {
      const place = places.get(id);
      label.style.visibility = place ? "visible" : "hidden";
      if (place) label.style.transform = `translate(${Math.round(place.left)}px, ${Math.round(place.top)}px)`;
    }
    for (const note of notes) {
      const group = this.renderRoot.querySelector(`g[data-id="${CSS.escape(note.id)}"]`), at = shown.get(note.id);
      if (!group || !at) continue;
      const [lead, dim] = group.querySelectorAll("path"), [dot, end] = group.querySelectorAll("circle");
      const place = places.get(note.id), to = note.to && viewer.project(note.to);
      group.setAttribute("visibility", at.visible ? "visible" : "hidden");
      dot.setAttribute("transform", `translate(${at.x} ${at.y})`);
      if (to) end.setAttribute("transform", `translate(${to.x} ${to.y})`);
      lead.setAttribute("d", place ? `M${at.x} ${at.y}L${place.lineX} ${place.lineY}` : "");
      dim.setAttribute("d", to ? `M${at.x} ${at.y}L${to.x} ${to.y}` : "");
    }
  }
}
