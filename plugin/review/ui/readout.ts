import { FINDING_KINDS } from "../../../src/dfm/finding.ts";
import type { MapKind, SurfaceMap } from "../../../worker/protocol.ts";
import { decimalsFor, formatQuantity } from "../state/format.ts";
import type { Hit } from "../view/viewer.ts";
import type { ReviewUi } from "./ui-state.ts";

const NAMES: Record<MapKind, string> = { thickness: "wall", draft: "draft", radius: "radius", undercut: "undercut" };

/** What the maps say at a picked place: name and value, with its interval and the opposite point where known. */
export function readAt(ui: ReviewUi, hit: Hit): [name: string, value: string][] {
  const out: [string, string][] = [];
  for (const [kind, maps] of ui.session.maps) {
    const map = maps.get(hit.body);
    if (!map) continue;
    out.push([NAMES[kind], valueAt(ui, map, hit)]);
    const partner = partnerAt(ui, map, hit);
    if (kind === "thickness" && partner) out.push(["partner", partner]);
  }
  return out;
}

/** The shown map's value under the pointer with face and rule, for the status bar. */
export function readLine(ui: ReviewUi): string {
  const hit = ui.hovered, face = ui.faceOf(hit);
  if (!hit || !face) return "";
  const parts = [`face ${face.index}, ${face.kind}`];
  const map = ui.heat === "none" ? undefined : ui.session.maps.get(ui.heat)?.get(hit.body);
  if (map) parts.push(`${NAMES[map.kind]} ${valueAt(ui, map, hit)}`);
  const finding = ui.session.findings.find((f) => f.body === hit.body && f.verdict !== "pass" && f.faces.includes(hit.face));
  if (finding) parts.push(FINDING_KINDS[finding.code].title);
  return parts.join(" · ");
}

function valueAt(ui: ReviewUi, map: SurfaceMap, hit: Hit): string {
  const value = blend(map.values, hit);
  if (Number.isNaN(value)) return "not measured";
  if (map.unit === "class") return value > 0.5 ? "trapped" : "reachable";
  if (map.unit === "deg") return `${(ui.draftReversed ? -value : value).toFixed(2)}°`;
  const half = map.plusMinus ? blend(map.plusMinus, hit) : NaN;
  const digits = ui.unit === "in" ? 4 : Math.min(3, decimalsFor(half));
  return `${formatQuantity(value, "mm", ui.unit, digits)}${half > 0 ? ` ± ${half.toFixed(digits)}` : ""}`;
}

function partnerAt(ui: ReviewUi, map: SurfaceMap, hit: Hit): string | undefined {
  const body = ui.session.opened?.bodies.find(({ id }) => id === hit.body);
  if (!map.partners || !body) return undefined;
  const nearest = hit.vertices[hit.weights.indexOf(Math.max(...hit.weights))];
  const at = [0, 1, 2].map((k) => (map.partners?.[nearest * 3 + k] ?? NaN) + body.originMm[k]);
  return at.some(Number.isNaN) ? undefined : at.map((x) => formatQuantity(x, "mm", ui.unit).replace(/ \w+$/, "")).join(", ");
}

/** Value at the picked point: the facet's corners weighted by nearness; NaN where a corner is not measured. */
const blend = (values: Float32Array, { vertices, weights }: Hit): number => values[vertices[0]] * weights[0] + values[vertices[1]] * weights[1] + values[vertices[2]] * weights[2];
