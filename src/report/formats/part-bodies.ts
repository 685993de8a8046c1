import type { BodyCheck } from "../../dfm/check.ts";
import type { Profile } from "../../mim/profile.ts";
import type { Part } from "../../part/part.ts";
import { scaleLimits } from "../maps/scale.ts";
import { checkMaps } from "../maps/surface-maps.ts";
import { pageBody, type PageBody } from "./page-body.ts";

/** The bodies of a part with the maps that a check made of them, to be banded at the profile's limits. */
export function partBodies(part: Part, checks: readonly BodyCheck[] = [], profile?: Pick<Profile, "limits">): PageBody[] {
  return part.bodies.map((body) => {
    const check = checks.find((c) => c.id === body.id);
    return pageBody(body, check ? checkMaps(body, check).map((map) => ({ ...map, limits: scaleLimits(map.kind, profile?.limits) })) : []);
  });
}
