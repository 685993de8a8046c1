import { named } from "./analyse-pull.ts";
import type { CheckContext, FindingDraft } from "./context.ts";
import { within } from "./judge.ts";
import { overhangs } from "./overhangs.ts";
import { restingPlanes, type RestingPlane } from "./resting-planes.ts";
import { along } from "./vec3.ts";

const SUPPORT = "flat faces in one plane with the whole part above it; centroid against the hull of their footprint";
const SPAN = "undersides less than 45° from level, told by exact normals: greatest level distance from where walls that carry them go down; the section above is the median of vertical rays";
const SOURCE = "one flat face or several coplanar pads; spans and cantilevers need setters (MIMA design guidance)";
const MOST = 5;

/** What the part stands on in the furnace, and what hangs over. */
export function checkSupport(context: CheckContext): FindingDraft[] {
  const none = (code: "SINTER_SUPPORT" | "SINTER_SPAN", message: string): FindingDraft => ({ code, verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: code === "SINTER_SUPPORT" ? SUPPORT : SPAN, message });
  if (!context.exact) return [none("SINTER_SUPPORT", "There are no exact surfaces on this part to find flat faces by."), none("SINTER_SPAN", "There is no resting plane to measure from.")];
  const [best] = restingPlanes(context.body);
  if (!best || best.marginMm <= 0) return [unstable(context, best), none("SINTER_SPAN", "The part has no stable resting plane to measure from; it needs a setter.")];
  return [stable(context, best), ...spans(context, best, none)];
}

function stable({ body }: CheckContext, best: RestingPlane): FindingDraft {
  const foot = along(body.mass.centroidMm, best.normal, best.offsetMm - (body.mass.centroidMm[0] * best.normal[0] + body.mass.centroidMm[1] * best.normal[1] + body.mass.centroidMm[2] * best.normal[2]));
  return {
    code: "SINTER_SUPPORT", verdict: "pass", severity: "advisory", measured: within(best.areaMm2, 1e-6 * best.areaMm2, "mm2"), limit: { min: 0, unit: "mm2", source: SOURCE }, faces: best.faces, points: [foot], areaMm2: best.areaMm2, direction: best.normal, method: SUPPORT,
    message: `Stands on ${best.faces.length > 1 ? `${best.faces.length} coplanar faces` : "one flat face"} of ${best.areaMm2.toFixed(2)} mm² (facing ${named(best.normal)}); the centroid is ${best.marginMm.toFixed(2)} mm inside the footprint.`,
  };
}

function unstable(_: CheckContext, tipping: RestingPlane | undefined): FindingDraft {
  return {
    code: "SINTER_SUPPORT", verdict: "fail", severity: "advisory", measured: within(0, 0, "mm2"), limit: { min: 0, unit: "mm2", source: SOURCE }, faces: tipping?.faces ?? [], points: [], method: SUPPORT,
    message: `${tipping ? "Every flat face it could stand on lies beside the centroid: it tips over" : "There is no flat face with the whole part above it: it rests on points or lines"}. Add a flat face or coplanar pads, or plan a setter.`,
  };
}

function spans({ body, bvh }: CheckContext, best: RestingPlane, none: (code: "SINTER_SPAN", message: string) => FindingDraft): FindingDraft[] {
  const found = overhangs(body, bvh, best);
  if (found.length === 0) return [none("SINTER_SPAN", `Nothing that a wall carries hangs over when the part stands on its largest flat (facing ${named(best.normal)}).`)];
  return found.slice(0, MOST).map(({ reachMm, sectionMm, faces, farthest, areaMm2 }) => ({
    code: "SINTER_SPAN", verdict: "not-evaluated", severity: "advisory", weight: reachMm.value, faces, points: [farthest], areaMm2, direction: best.normal, method: `${SPAN}. ${SOURCE}; no number is given`,
    measured: { ...reachMm, unit: "mm" },
    message: `Hangs over by ${reachMm.value.toFixed(2)} mm from the nearest wall${sectionMm === undefined ? "" : ` with about ${sectionMm.toFixed(2)} mm of section above`}, standing on the face that looks ${named(best.normal)}. No sourced limit: shorten it or plan a setter if it sags.`,
  }));
}
