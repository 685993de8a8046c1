import type { FaceSummary } from "../../../worker/protocol.ts";
import type { Measurement } from "../ui/ui-state.ts";
import type { Hit } from "./viewer.ts";

/** Facets turned by less than this are parallel, degrees. */
const PARALLEL_DEG = 0.05;

/**
 * The distance between two picked places. Two parallel planes give the distance between the planes, whatever
 * the points; other faces give the distance of the points, which lie on the facets (within the faces' deviation).
 */
export function measureBetween(from: Hit, to: Hit, fromFace: FaceSummary | undefined, toFace: FaceSummary | undefined): Measurement {
  const d = [to.at[0] - from.at[0], to.at[1] - from.at[1], to.at[2] - from.at[2]];
  const cos = from.normal[0] * to.normal[0] + from.normal[1] * to.normal[1] + from.normal[2] * to.normal[2];
  const angleDeg = (Math.acos(Math.max(-1, Math.min(1, cos))) * 180) / Math.PI;
  const parallel = fromFace?.kind === "plane" && toFace?.kind === "plane" && Math.min(angleDeg, 180 - angleDeg) < PARALLEL_DEG;
  const along = Math.abs(d[0] * from.normal[0] + d[1] * from.normal[1] + d[2] * from.normal[2]);
  const asPlanes = parallel && (from.face !== to.face || from.body !== to.body);
  return { from, to, distanceMm: asPlanes ? along : Math.hypot(d[0], d[1], d[2]), angleDeg, kind: asPlanes ? "parallel faces" : "points" };
}
