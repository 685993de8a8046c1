import type { WallAt } from "../../../src/engine.ts";
import { FINDING_KINDS, type Finding } from "../../../src/dfm/finding.ts";
import { fineWallAt, onPatch } from "../../../src/report/maps/patches.ts";
import type { MapKind, SurfaceMap } from "../../../src/report/maps/surface-maps.ts";
import { formatMeasured, formatQuantity } from "../state/format.ts";
import type { Hit } from "../view/viewer.ts";
import type { ReviewUi } from "./ui-state.ts";

const NAMES: Record<MapKind, string> = { thickness: "wall", draft: "draft", radius: "radius", undercut: "undercut" };

/** What the maps and the rules say at a picked place, name and value: the wall with its interval, where the opposite wall is, the rules broken there. */
export function readAt(ui: ReviewUi, hit: Hit): [name: string, value: string][] {
  const out: [string, string][] = [], exact = wallAt(ui, hit);
  for (const [kind, maps] of ui.session.maps) {
    const map = maps.get(hit.body);
    if (!map) continue;
    out.push([NAMES[kind], kind === "thickness" && exact ? wallText(ui, exact) : valueAt(ui, map, hit)]);
    if (kind === "thickness" && exact?.opposed && exact.partner) {
      out.push(["opposite wall", `face ${exact.partner.face}`], ["partner point", exact.partner.at.map((x) => formatQuantity(x, "mm", ui.unit).replace(/ \w+$/, "")).join(", ")]);
    }
  }
  for (const finding of findingsOn(ui, hit)) out.push(["rule", `${FINDING_KINDS[finding.code].title}: ${finding.verdict}`]);
  return out;
}

/** The shown map's value under the pointer with face and rule, for the status bar. */
export function readLine(ui: ReviewUi): string {
  const hit = ui.hovered, face = ui.faceOf(hit);
  if (!hit || !face) return "";
  const parts = [`face ${face.index}, ${face.kind}`], exact = wallAt(ui, hit);
  const map = ui.heat === "none" ? undefined : ui.session.maps.get(ui.heat)?.get(hit.body);
  if (map?.kind === "thickness" && exact) parts.push(`wall ${wallText(ui, exact)}`, ...(exact.opposed && exact.partner ? [`to face ${exact.partner.face}`] : []));
  else if (map) parts.push(`${NAMES[map.kind]} ${valueAt(ui, map, hit)}`);
  const [finding] = findingsOn(ui, hit);
  if (finding) parts.push(FINDING_KINDS[finding.code].title);
  return parts.join(" · ");
}

/** The exact wall of a place, once it was measured. */
function wallAt({ wall }: ReviewUi, hit: Hit): WallAt | undefined {
  return wall && wall.hit.body === hit.body && wall.hit.facet === hit.facet && wall.hit.at.every((x, k) => x === hit.at[k]) ? wall.found : undefined;
}

/** A wall with its interval, or with the least that can be shown where that is smaller. */
export function wallText({ unit }: ReviewUi, { thicknessMm, opposed }: WallAt): string {
  if (!opposed) return "none here: the corner of an edge";
  const text = formatMeasured({ ...thicknessMm, unit: "mm" }, unit);
  return text.includes("±") ? text : `${text} ± < ${unit === "in" ? "0.0001" : "0.001"}`;
}

const findingsOn = (ui: ReviewUi, hit: Hit): readonly Finding[] =>
  ui.session.findings.filter((f) => f.body === hit.body && (f.verdict === "fail" || f.verdict === "undecided") && f.faces.includes(hit.face)).slice(0, 4);

/** A map's value; lengths between vertices are estimates and are marked so. */
function valueAt(ui: ReviewUi, map: SurfaceMap, hit: Hit): string {
  if (map.patches) return onPatch(map.patches, hit.facet, hit.weights) ? "trapped" : "reachable";
  const value = valueUnder(map, hit);
  if (Number.isNaN(value)) return "not measured";
  if (map.unit === "deg") return `${(ui.draftReversed ? -value : value).toFixed(2)}°`;
  return `${map.kind === "thickness" ? "about " : ""}${formatQuantity(value, "mm", ui.unit, ui.unit === "in" ? 4 : map.kind === "thickness" ? 2 : 3)}`;
}

/** The map's value at a picked point, NaN where it has none. */
export function valueUnder({ values, fine }: SurfaceMap, hit: Hit): number {
  return (fine && fineWallAt(fine, hit.facet, hit.weights)) ?? blend(values, hit);
}

/** Value at the picked point: the facet's corners weighted by nearness; NaN where a corner is not measured. */
const blend = (values: Float32Array, { vertices, weights }: Hit): number => values[vertices[0]] * weights[0] + values[vertices[1]] * weights[1] + values[vertices[2]] * weights[2];
