import type { BodyCheck } from "../../dfm/check.ts";
import { draftMap } from "../../dfm/draft-map.ts";
import { NOT_MEASURED } from "../../dfm/wall-map.ts";
import type { Profile } from "../../mim/profile.ts";
import type { Body, Part } from "../../part/part.ts";
import { directionText } from "../format-value.ts";
import { draftBands, limitBands } from "./page-bands.ts";
import { pageBody, type PageBody, type PageMap } from "./page-body.ts";

/** The bodies of a part with the maps that a check made of them, in bands at the profile's limits. */
export function partBodies(part: Part, checks: readonly BodyCheck[] = [], profile?: Pick<Profile, "limits">): PageBody[] {
  const reach = thicknessReach(checks);
  return part.bodies.map((body) => {
    const check = checks.find((c) => c.id === body.id);
    return pageBody(body, check ? mapsOf(body, check, reach, profile) : []);
  });
}

function mapsOf(body: Body, { walls, pull }: BodyCheck, [low, high]: readonly [number, number], profile: Pick<Profile, "limits"> | undefined): PageMap[] {
  const maps: PageMap[] = [];
  if (walls) {
    maps.push({
      kind: "thickness", title: "Thickness", unit: "mm", method: "Diameter of the largest ball inside the part at each point. Not measured in the taper of an edge, where there is no wall.",
      values: walls.thicknessMm.map((x) => (x === NOT_MEASURED ? NaN : x)), bands: limitBands(profile?.limits.wall, low, high, "mm"),
    });
  }
  if (pull) {
    maps.push({
      kind: "draft", title: "Draft", unit: "°", method: `Signed draft against the pull ${directionText(pull.direction)}, from exact normals.`,
      values: draftMap(body.facets, pull.direction), bands: draftBands(profile?.limits.draft?.min),
    });
  }
  return maps;
}

/** Thinnest and thickest of all bodies: one legend for the whole part. */
function thicknessReach(checks: readonly BodyCheck[]): readonly [number, number] {
  const measured = checks.flatMap((c) => (c.walls && c.walls.statistics.samples > 0 ? [c.walls.statistics] : []));
  return measured.length === 0 ? [0, 1] : [Math.min(...measured.map((s) => s.minMm)), Math.max(...measured.map((s) => s.maxMm))];
}
