import { degrees, type Vec3 } from "../units.ts";
import { named } from "./analyse-pull.ts";
import type { CheckContext, FindingDraft } from "./context.ts";
import { limitsOf } from "./context.ts";
import { roundFeatures, type RoundFeature } from "./holes.ts";
import { judge, within } from "./judge.ts";
import { cross, dot } from "../geometry.ts";
import { lengthOf } from "./vec3.ts";

const METHOD = "coaxial concave cylinder faces that close all the way round";
/** Distinct sizes reported, the most critical first. */
const MOST = 12;
/** An axis this close to the pull is along it, degrees. */
const ALIGNED_DEG = 0.01;

/** Diameter, depth ratio and axis of round holes. */
export function checkHoles(context: CheckContext): FindingDraft[] {
  const codes = ["HOLE_DIAMETER", "HOLE_DEPTH", "HOLE_AXIS"] as const;
  const none = (message: string): FindingDraft[] => codes.map((code) => ({ code, verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: METHOD, message }));
  if (!context.exact) return none("There are no exact surfaces on this part to recognise holes by.");
  const { holes } = roundFeatures(context.body, context.bvh);
  if (holes.length === 0) return none("No hole with a cylindrical wall all the way round was found; holes of other shapes are not recognised.");
  return [...diameters(context, holes), ...depths(context, holes), ...axes(context, holes)];
}

const through = (h: RoundFeature): boolean => h.open[0] && h.open[1];
const facesOf = (holes: readonly RoundFeature[]): number[] => holes.flatMap((h) => h.faces);
const points = (holes: readonly RoundFeature[]): Vec3[] => holes.map((h) => h.middle);
const times = (n: number): string => (n > 1 ? `${n} holes` : "a hole");

/** Holes alike in what `key` says, within 1e-6. */
function alike(holes: readonly RoundFeature[], key: (h: RoundFeature) => number): RoundFeature[][] {
  const by = new Map<number, RoundFeature[]>();
  for (const h of holes) { const k = Math.round(key(h) * 1e6); by.set(k, [...(by.get(k) ?? []), h]); }
  return [...by].sort(([a], [b]) => a - b).map(([, group]) => group);
}

function diameters({ profile }: CheckContext, holes: readonly RoundFeature[]): FindingDraft[] {
  const rules = limitsOf(profile, "holeDiameter", "mm", "blocking");
  return alike(holes, (h) => h.diameterMm).slice(0, MOST).flatMap((group): FindingDraft[] => {
    const measured = within(group[0].diameterMm, 1e-6, "mm"), base = { code: "HOLE_DIAMETER" as const, measured, faces: facesOf(group), points: points(group), method: METHOD, weight: -measured.value };
    if (rules.length === 0) return [{ ...base, verdict: "not-evaluated", severity: "advisory", message: `${times(group.length)} of Ø${measured.value.toFixed(3)} mm; the profile has no limit for diameters.` }];
    return rules.map(({ limit, severity }) => ({ ...base, verdict: judge(measured, limit), severity, limit, message: `${times(group.length)} of Ø${measured.value.toFixed(3)} mm; at least Ø${limit.min} mm is asked. Enlarge it or drill it after sintering.` }));
  });
}

function depths({ profile }: CheckContext, holes: readonly RoundFeature[]): FindingDraft[] {
  const rules = limitsOf(profile, "holeDepthRatio", "ratio", "advisory");
  return alike(holes, (h) => -h.lengthMm / h.diameterMm).slice(0, MOST).flatMap((group): FindingDraft[] => {
    const [h] = group, ratio = h.lengthMm / h.diameterMm, measured = within(ratio, 1e-6 * (1 + ratio), "ratio");
    const base = { code: "HOLE_DEPTH" as const, measured, faces: facesOf(group), points: points(group), method: `${METHOD}; depth along the axis over the diameter`, weight: ratio };
    const said = `${times(group.length)} Ø${h.diameterMm.toFixed(3)} mm, ${h.lengthMm.toFixed(3)} mm deep, ${group.every(through) ? "through" : group.some(through) ? "some through" : "blind"}: ratio ${ratio.toFixed(2)}`;
    if (rules.length === 0) return [{ ...base, verdict: "not-evaluated", severity: "advisory", message: `${said}; the profile has no limit for it.` }];
    return rules.map(({ limit, severity }) => ({ ...base, verdict: judge(measured, limit), severity, limit, message: `${said}; at most ${limit.max} is asked.` }));
  });
}

function axes({ pull }: CheckContext, holes: readonly RoundFeature[]): FindingDraft[] {
  if (!pull) return [{ code: "HOLE_AXIS", verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: METHOD, message: "There is no pull direction to compare axes with." }];
  const angle = (h: RoundFeature): number => degrees(Math.atan2(lengthOf(cross(h.axis, pull.direction)), Math.abs(dot(h.axis, pull.direction))));
  const limit = { max: 0, unit: "deg" as const, source: "holes along the pull are cheapest, others need slides (MIMA design guidance)" };
  const method = `${METHOD}; angle between axis and pull, ${ALIGNED_DEG}° counting as along it`;
  const across = holes.filter((h) => angle(h) > ALIGNED_DEG), straight = holes.filter((h) => angle(h) <= ALIGNED_DEG), byAxis: RoundFeature[][] = [];
  for (const h of across) { const group = byAxis.find(([first]) => lengthOf(cross(first.axis, h.axis)) < 1e-6); if (group) group.push(h); else byAxis.push([h]); }
  const found: FindingDraft[] = byAxis.slice(0, MOST).map((group) => ({
    code: "HOLE_AXIS", verdict: "fail", severity: "advisory", measured: within(angle(group[0]), 1e-6, "deg"), limit, faces: facesOf(group), points: points(group), direction: group[0].axis, method, weight: group.length,
    message: `${times(group.length)} along ${named(group[0].axis)}, ${angle(group[0]).toFixed(2)}° off the pull ${named(pull.direction)}: a slide or a loose core is needed. Turn it into the pull direction or accept the slide.`,
  }));
  if (straight.length > 0 && found.length === 0) found.push({ code: "HOLE_AXIS", verdict: "pass", severity: "advisory", measured: within(0, ALIGNED_DEG, "deg"), limit, faces: facesOf(straight), points: points(straight), direction: pull.direction, method, message: `All ${straight.length} round holes run along the pull.` });
  return found;
}
