import type { Body, Face } from "../part/part.ts";
import { degrees, radians, type Vec3 } from "../units.ts";
import { named } from "./analyse-pull.ts";
import type { CheckContext, FindingDraft, RuleLimit } from "./context.ts";
import { limitsOf } from "./context.ts";
import { draftBand, type DraftBand } from "./draft-band.ts";
import { DRAFT_TOLERANCE_DEG, draftRange, leastDraft, type DraftRange } from "./draft-range.ts";
import { judge } from "./judge.ts";
import { meshTopology } from "./mesh-topology.ts";
import { dot } from "../geometry.ts";
import { pointAt } from "./vec3.ts";

/**
 * Bands lower than this along the pull are trifles: every round and every lying cylinder passes through 0°. It is the
 * smallest radius the default profile lets stand, so nothing that is a feature of its own is lost, mm.
 */
const TRIFLE_MM = 0.25;

/** Faces whose least draft differs by less share the passing statement, degrees. */
const ALIKE_DEG = 1e-6;

/** A face with too little draft somewhere, and how much of it. */
interface Shallow { readonly face: Face; readonly range: DraftRange; readonly band: DraftBand; readonly heightMm: number; readonly leastDeg: number }

/**
 * Draft of every face the two halves form, against the profile. Hidden surface is left to its slides. Faces joined
 * by smooth edges count as one wall: its band is a trifle only when all of it is lower than {@link TRIFLE_MM}.
 */
export async function checkDraft(context: CheckContext): Promise<FindingDraft[]> {
  const { body, pull, profile } = context;
  const base = { code: "DRAFT_LOW" as const, severity: "blocking" as const, faces: [], points: [], method: METHOD };
  if (!pull) return [{ ...base, verdict: "not-evaluated", message: "There is no pull direction to measure draft against." }];
  const hidden = hiddenFacets(body, pull.hiddenFacetMm2), ranges: { face: Face; range: DraftRange }[] = [];
  for (const face of body.faces) {
    if (isHidden(body, face, hidden)) continue;
    ranges.push({ face, range: draftRange(body, face, pull.direction, context.budget.faceSubdivisions) });
    await context.pause(face.index / body.faces.length);
  }
  const limits = limitsOf(profile, "draft", "deg", "blocking");
  if (limits.length === 0) return [noLimit(ranges, pull.direction)];
  return limits.flatMap((rule) => againstLimit(context, rule, ranges, pull.direction, hidden));
}

const METHOD = "asin(n · d) over the trimmed face: closed form and exact border on analytic faces, bounded subdivision on freeform ones";

function againstLimit({ body, exact }: CheckContext, { limit, severity }: RuleLimit, ranges: readonly { face: Face; range: DraftRange }[], d: Vec3, hidden: Uint8Array): FindingDraft[] {
  const min = limit.min;
  if (min === undefined) return [];
  const shallow: Shallow[] = [];
  for (const { face, range } of ranges) {
    if (leastDraft(range) - range.errorDeg >= min - DRAFT_TOLERANCE_DEG) continue;
    const sine = Math.sin(radians(min - DRAFT_TOLERANCE_DEG + (leastDraft(range) >= min ? range.errorDeg : 0)));
    const band = isUniform(range) ? wholeFace(body, face, d, hidden, range) : draftBand(body.facets, face, d, sine, hidden);
    // Where part of the face is hidden only what is left of it counts.
    const leastDeg = partlyHidden(face, hidden) ? Math.max(leastDraft(range), degrees(Math.asin(Math.min(1, band.leastSine)))) : leastDraft(range);
    if (band.areaMm2 > 0) shallow.push({ face, range, band, heightMm: band.highMm - band.lowMm, leastDeg });
  }
  const walls = joined(body, shallow, (convexity) => convexity === "smooth").filter((wall) => extent(wall) > TRIFLE_MM);
  const kept = walls.flatMap((wall) => { const own = wall.filter((s) => s.heightMm > TRIFLE_MM); return own.length > 0 ? own : wall; });
  const method = exact ? METHOD : "asin(n · d) of the facets; there are no exact surfaces on this part";
  const found = joined(body, kept, () => true).map((wall) => finding(wall, limit, severity, d, method));
  if (found.some((f) => f.verdict !== "pass")) return found;
  const flagged = new Set(shallow.map((s) => s.face.index)), unflagged = ranges.filter(({ face }) => !flagged.has(face.index));
  const least = Math.min(...unflagged.map(({ range }) => leastDraft(range))), tied = unflagged.filter(({ range }) => leastDraft(range) - least < ALIKE_DEG), [clean] = tied;
  return [{
    code: "DRAFT_LOW", verdict: "pass", severity, limit, faces: tied.map(({ face }) => face.index), points: tied.map(({ range }) => leastAt(range)), direction: d, method,
    ...(clean && { measured: interval(leastDraft(clean.range), clean.range.errorDeg) }),
    message: `Every wall has at least ${min}° of draft along ${named(d)}${shallow.length > 0 ? `; ${shallow.length} rounds or edges pass through less over under ${TRIFLE_MM} mm of height` : ""}.`,
  }];
}

function finding(wall: readonly Shallow[], limit: RuleLimit["limit"], severity: RuleLimit["severity"], d: Vec3, method: string): FindingDraft {
  const worst = [...wall].sort((a, b) => a.leastDeg - b.leastDeg)[0];
  const errorDeg = Math.max(...wall.map((s) => s.range.errorDeg)), measured = interval(worst.leastDeg, errorDeg);
  const areaMm2 = wall.reduce((a, s) => a + s.band.areaMm2, 0), height = extent(wall), verdict = judge(measured, limit, DRAFT_TOLERANCE_DEG);
  return {
    code: "DRAFT_LOW", verdict, severity, measured, limit, faces: wall.map((s) => s.face.index), points: wall.map((s) => s.band.at), areaMm2, direction: d, method,
    weight: areaMm2 * ((limit.min ?? 0) - measured.value),
    message: `${measured.value.toFixed(3)}° of draft along ${named(d)} over ${height.toFixed(2)} mm of height (${areaMm2.toFixed(1)} mm², ${wall.length} face${wall.length > 1 ? "s" : ""}); at least ${limit.min}° is asked. Tilt the wall away from the parting plane.`,
  };
}

function noLimit(ranges: readonly { face: Face; range: DraftRange }[], d: Vec3): FindingDraft {
  const least = [...ranges].sort((a, b) => leastDraft(a.range) - leastDraft(b.range))[0];
  return {
    code: "DRAFT_LOW", verdict: "not-evaluated", severity: "advisory", faces: least ? [least.face.index] : [], points: least ? [leastAt(least.range)] : [], direction: d, method: METHOD,
    ...(least && { measured: interval(leastDraft(least.range), least.range.errorDeg) }), message: "The profile has no limit for draft; the least draft was measured.",
  };
}

const interval = (value: number, error: number) => ({ value, low: Math.max(0, value - error), high: value + error, unit: "deg" as const });
const leastAt = (r: DraftRange): Vec3 => (Math.abs(r.minDeg) < Math.abs(r.maxDeg) ? r.minAt : r.maxAt);
const isUniform = (r: DraftRange): boolean => r.maxDeg - r.minDeg < 1e-8;
const extent = (wall: readonly Shallow[]): number => Math.max(...wall.map((s) => s.band.highMm)) - Math.min(...wall.map((s) => s.band.lowMm));

/** The band of a face with the same draft all over: what is not hidden of it. */
function wholeFace({ facets }: Body, face: Face, d: Vec3, hidden: Uint8Array, range: DraftRange): DraftBand {
  const { areaMm2 } = meshTopology(facets);
  let open = 0, whole = 0, lowMm = Infinity, highMm = -Infinity;
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    whole += areaMm2[t];
    if (hidden[t]) continue;
    open += areaMm2[t];
    for (let k = 0; k < 3; k++) { const h = dot(pointAt(facets.positions, facets.indices[t * 3 + k]), d); lowMm = Math.min(lowMm, h); highMm = Math.max(highMm, h); }
  }
  return { areaMm2: whole > 0 ? (face.areaMm2 * open) / whole : 0, lowMm, highMm, at: range.minAt, leastSine: Math.sin(radians(leastDraft(range))) };
}

function hiddenFacets({ facets }: Body, hiddenMm2: Float64Array): Uint8Array {
  const { areaMm2 } = meshTopology(facets);
  return Uint8Array.from(areaMm2, (a, t) => (hiddenMm2[t] > 0.5 * a ? 1 : 0));
}

function partlyHidden(face: Face, hidden: Uint8Array): boolean {
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) if (hidden[t]) return true;
  return false;
}

function isHidden({ facets }: Body, face: Face, hidden: Uint8Array): boolean {
  const { areaMm2 } = meshTopology(facets);
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) if (!hidden[t] && areaMm2[t] > 0) return false;
  return true;
}

/** Groups of faces that share an edge `joins` accepts. */
function joined({ edges }: Body, shallow: readonly Shallow[], joins: (convexity: Body["edges"][number]["convexity"]) => boolean): Shallow[][] {
  const by = new Map(shallow.map((s) => [s.face.index, s])), seen = new Set<number>(), out: Shallow[][] = [];
  for (const s of shallow) {
    if (seen.has(s.face.index)) continue;
    const group = [s];
    seen.add(s.face.index);
    for (let i = 0; i < group.length; i++) for (const e of group[i].face.edges) {
      if (!joins(edges[e].convexity)) continue;
      for (const f of edges[e].faces) { const next = by.get(f); if (next && !seen.has(f)) { seen.add(f); group.push(next); } }
    }
    out.push(group);
  }
  return out;
}
