import type { Finding } from "../../../src/dfm/finding.ts";
import { FINDING_KINDS } from "../../../src/dfm/finding.ts";
import type { Vec3 } from "../../../src/units.ts";
import type { WallAt } from "../../../src/engine.ts";
import { makeScale, rangeOf, scaleLimits, withBounds, type Scale, type ScaleLimits } from "../../../src/report/maps/scale.ts";
import type { MapKind } from "../../../src/report/maps/surface-maps.ts";
import type { FaceSummary } from "../../../worker/protocol.ts";
import type { ReviewSession } from "../session.ts";
import type { ShownUnit } from "../state/format.ts";
import { listFindings, type FindingFilter, type FindingRow, type FindingSort } from "../state/list-findings.ts";
import type { Hit, Section } from "../view/viewer.ts";

export type Mode = "part" | "mold" | "split";
export type Tool = "select" | "measure" | "pin" | "section";
export type Heat = MapKind | "none";

/** A distance between two picked places. */
export interface Measurement {
  readonly from: Hit;
  readonly to: Hit;
  readonly distanceMm: number;
  /** Angle between the facets' normals, degrees. */
  readonly angleDeg: number;
  /** What was snapped to: the distance between parallel planes, an axis' diameter, or the points as picked. */
  readonly kind: "points" | "parallel faces";
}

/** What the page shows, beside the session's facts. Fires `change`, also for the session's changes. */
export class ReviewUi extends EventTarget {
  mode: Mode = "part";
  heat: Heat = "none";
  scaleMode: Scale["mode"] = "banded";
  draftReversed = false;
  tool: Tool = "select";
  selectedId: string | undefined;
  /** Face picked without a finding. */
  picked: Hit | undefined;
  hovered: Hit | undefined;
  /** The exact wall at the place asked about last. */
  wall: { readonly hit: Hit; readonly found: WallAt } | undefined;
  section: Section | undefined;
  measurements: readonly Measurement[] = [];
  measureFrom: Hit | undefined;
  edges = true;
  opacity = 1;
  projection: "perspective" | "orthographic" = "perspective";
  /** How far the mold is open, 0 to 1. */
  explode = 0.6;
  unit: ShownUnit = "mm";
  filter: FindingFilter = { text: "", show: "all" };
  sort: FindingSort = { by: "weight", descending: false };
  helpOpen = false;
  drawer: "findings" | "inspector" | undefined;
  spoken = "";
  readonly #bounds = new Map<MapKind, readonly [number, number]>();

  constructor(readonly session: ReviewSession) {
    super();
    session.addEventListener("change", () => {
      if (this.selectedId !== undefined && !this.selected) this.selectedId = undefined;
      this.#fire();
    });
  }

  /** Changes state and tells everyone. */
  set(change: Partial<Omit<ReviewUi, keyof EventTarget | "session">>): void {
    Object.assign(this, change);
    this.#fire();
  }

  get selected(): Finding | undefined {
    return this.selectedId === undefined ? undefined : this.session.findings.find(({ id }) => id === this.selectedId);
  }

  /** The findings as listed: filtered and sorted. */
  get rows(): readonly FindingRow[] {
    return listFindings(this.session.findings, this.session.records, this.session.review.decisions, this.filter, this.sort);
  }

  /** Selects a finding; the view frames it. */
  select(id: string | undefined, frame = true): void {
    this.selectedId = id;
    this.picked = undefined;
    if (this.mode === "mold" && id !== undefined) this.mode = "part";
    this.#fire();
    const finding = this.selected;
    if (!finding) return;
    this.say(`${FINDING_KINDS[finding.code].title}. ${finding.message}`);
    if (frame) this.dispatchEvent(new Event("frame"));
  }

  /** The finding after or before the selected one, in the order of the table. */
  stepSelection(by: 1 | -1): void {
    const rows = this.rows;
    if (rows.length === 0) return;
    const at = rows.findIndex(({ finding }) => finding.id === this.selectedId);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : (at + by + rows.length) % rows.length;
    this.select(rows[next].finding.id);
  }

  /** Selects what a click met: the weightiest open finding on that face, or the face itself. */
  pick(hit: Hit | undefined): void {
    const on = hit && this.rows.find(({ finding }) => finding.body === hit.body && finding.faces.includes(hit.face) && finding.verdict !== "pass");
    if (on) this.select(on.finding.id, false);
    else this.selectedId = undefined;
    this.picked = hit;
    this.#fire();
    if (hit) void this.measureWall(hit);
  }

  /** Asks for the exact wall at a place, where the map shows that there is one. */
  async measureWall(hit: Hit): Promise<void> {
    const map = this.session.maps.get("thickness")?.get(hit.body);
    if (!map || hit.vertices.every((v) => Number.isNaN(map.values[v]))) return;
    const found = await this.session.client.wallAt(this.session.handle, hit.body, hit.facet, hit.weights);
    if (!found.ok || !found.value || (this.picked !== hit && this.hovered !== hit)) return;
    this.wall = { hit, found: found.value };
    this.#fire();
  }

  faceOf(hit: Pick<Hit, "body" | "face"> | undefined): FaceSummary | undefined {
    return hit && this.session.opened?.summary.bodies.find(({ id }) => id === hit.body)?.faces[hit.face];
  }

  /** The scale of the shown map, or undefined without one. */
  get scale(): Scale | undefined {
    if (this.heat === "none") return undefined;
    const maps = this.session.maps.get(this.heat);
    if (!maps) return undefined;
    const ranges = [...maps.values()].flatMap(({ values }) => rangeOf(values) ?? []);
    const measured: [number, number] = ranges.length > 0 ? [Math.min(...ranges), Math.max(...ranges)] : [0, 1];
    const scale = makeScale(this.heat, this.scaleMode, this.limits(this.heat), measured);
    const bounds = this.#bounds.get(this.heat);
    return bounds ? withBounds(scale, ...bounds) : scale;
  }

  setBounds(low: number, high: number): void {
    if (this.heat === "none" || !(low < high)) return;
    this.#bounds.set(this.heat, [low, high]);
    this.#fire();
  }

  resetBounds(): void {
    if (this.heat !== "none") this.#bounds.delete(this.heat);
    this.#fire();
  }

  /** The profile's limits for a map. */
  limits(kind: MapKind): ScaleLimits {
    return scaleLimits(kind, this.session.profile?.limits);
  }

  /** Says something to screen readers. */
  say(text: string): void {
    this.spoken = text;
    this.#fire();
  }

  /** The pull direction the draft map is seen along. */
  get draftPull(): Vec3 {
    const [x, y, z] = this.session.pull;
    return this.draftReversed ? [-x, -y, -z] : [x, y, z];
  }

  #fire(): void { this.dispatchEvent(new Event("change")); }
}
