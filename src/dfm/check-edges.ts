import { SMOOTH_DEG, type Edge } from "../part/part.ts";
import { limitsOf, type CheckContext, type FindingDraft } from "./context.ts";
import { WALL_ANGLE_DEG } from "./edge-zone.ts";
import { FINDING_KINDS, type Measured } from "./finding.ts";
import { judge } from "./judge.ts";
import { mostTurn, towards, type MostTurn } from "./turn-range.ts";
import { pointAt } from "./vec3.ts";

/**
 * A turn below this at a nominally tangent joint is a modelling gap, not an edge that a mold maker would cut.
 * Between {@link SMOOTH_DEG} and this an edge is reported as advice only.
 */
const FAINT_DEG = 5;
const MAX_FINDINGS = 20;

/**
 * An edge that turns to one side. As its points show it: `turn`, at point `at`, over `lengthMm`; `most` is exact where
 * that may matter to a verdict.
 */
interface Sharp { readonly edge: Edge; readonly turn: number; readonly mayTurn: number; readonly at: number; readonly lengthMm: number; most?: MostTurn }

/**
 * EDGE_SHARP and FEATHER_EDGE, from the turn between the outward normals along each whole edge. Internal (hollow)
 * edges weaken the part and the steel and are blocking; external ones are advice, and none on the parting line as
 * computed. A feather edge is an external one whose faces close to less than {@link WALL_ANGLE_DEG}.
 */
export function checkEdges(context: CheckContext): FindingDraft[] {
  if (!context.exact) {
    return (["EDGE_SHARP", "FEATHER_EDGE"] as const).map((code) => ({ code, verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: "facets only", message: "The file gave no exact edges, so their sharpness was not measured." }));
  }
  const internal = internalEdges(context), convex = sharpest(context, 1);
  return [...internal, ...externalEdges(context, convex), ...featherEdges(context, convex)];
}

function internalEdges(context: CheckContext): FindingDraft[] {
  const sharp = sharpest(context, -1);
  return judgeSharp(context, "internal", -1, sharp, FINDING_KINDS.EDGE_SHARP.severity, "internalRadius");
}

function externalEdges(context: CheckContext, all: readonly Sharp[]): FindingDraft[] {
  const exempt = context.pull?.parting.edges ?? new Set<number>();
  const sharp = all.filter((s) => !exempt.has(s.edge.index));
  return judgeSharp(context, "external", 1, sharp, "advisory", "externalRadius", all.length - sharp.length);
}

/** Edges with a turn to that side somewhere, sharpest first. Where the points leave it open the exact surfaces decide. */
function sharpest({ body }: CheckContext, sign: 1 | -1): Sharp[] {
  const out: Sharp[] = [];
  for (const edge of body.edges) {
    let turn = -Infinity, at = 0, inside = 0, step = 0, either = 0;
    edge.turnDeg.forEach((t, i) => {
      const own = towards(sign, t);
      if (own > SMOOTH_DEG) inside++;
      if (own > turn) { turn = own; at = i; }
      if (i > 0) step = Math.max(step, Math.abs(t - edge.turnDeg[i - 1]));
      either = Math.max(either, Math.abs(t));
    });
    // Between its points an edge turns by no more than they differ, and then some; folded over it turns both ways.
    const mayTurn = either + 2 * step >= 180 ? 180 : turn + 2 * step;
    if (!(mayTurn > SMOOTH_DEG) || !(edge.lengthMm > 0) || edge.convexity === "seam") continue;
    const most = turn < FAINT_DEG ? mostTurn(body, edge, sign) : undefined;
    if (most && most.high <= SMOOTH_DEG) continue;
    out.push({ edge, turn, mayTurn, at, most, lengthMm: (edge.lengthMm * Math.max(1, inside)) / edge.turnDeg.length });
  }
  return out.sort((a, b) => b.turn - a.turn || a.edge.index - b.edge.index);
}

/** The greatest turn of several edges, sharpest first, and what bounds it. */
function sharpestOf({ body }: CheckContext, list: readonly Sharp[], sign: 1 | -1): MostTurn & { readonly edge: Edge } {
  const exact = (s: Sharp): MostTurn & { edge: Edge } => ({ ...(s.most ??= mostTurn(body, s.edge, sign)), edge: s.edge });
  let most = exact(list[0]);
  for (const s of list.slice(1)) {
    if (s.mayTurn <= most.value) continue;
    const other = exact(s), [best, less] = other.value > most.value ? [other, most] : [most, other];
    most = { ...best, low: Math.max(best.low, less.low), high: Math.max(best.high, less.high) };
  }
  return most;
}

function judgeSharp(context: CheckContext, side: "internal" | "external", sign: 1 | -1, sharp: Sharp[], severity: "blocking" | "advisory", limitName: "internalRadius" | "externalRadius", exempt = 0): FindingDraft[] {
  const method = "turn between outward normals along the whole edge, from the exact surfaces", rule = limitsOf(context.profile, limitName, "mm", severity).find((l) => l.limit.min !== undefined);
  const spared = exempt > 0 ? ` ${exempt} on the parting line are exempt.` : "";
  const none: Measured = { value: 0, low: 0, high: 0, unit: "deg" };
  if (!rule) {
    const worst = sharp.length > 0 ? sharpestOf(context, sharp, sign) : undefined;
    return [{ code: "EDGE_SHARP", verdict: "not-evaluated", severity: "advisory", measured: worst ? degrees(worst) : none, faces: [], points: worst ? [worst.at] : [], method, message: `${sharp.length} sharp ${side} edges; the profile asks for no radius there.` }];
  }
  if (sharp.length === 0) return [{ code: "EDGE_SHARP", verdict: "pass", severity, measured: none, limit: limitOf(rule.limit.source), faces: [], points: [], method, message: `No sharp ${side} edges.${spared}` }];
  const advice = `Add a ${side === "internal" ? "fillet" : "round"} of at least ${rule.limit.min} mm.`;
  return chains(sharp).slice(0, MAX_FINDINGS).map((chain): FindingDraft => {
    const worst = sharpestOf(context, chain, sign), faint = worst.high < FAINT_DEG, length = chain.reduce((s, c) => s + c.lengthMm, 0);
    return {
      code: "EDGE_SHARP", verdict: judge(worst, { max: SMOOTH_DEG }), severity: faint ? "advisory" : rule.severity, measured: degrees(worst), limit: limitOf(rule.limit.source),
      faces: [...new Set(chain.flatMap((c) => c.edge.faces))].sort((a, b) => a - b), edges: chain.map((c) => c.edge.index).sort((a, b) => a - b),
      points: [worst.at, ...chain.filter((c) => c.edge !== worst.edge).slice(0, 7).map((c) => pointAt(c.edge.points, c.at))], method, weight: worst.value,
      message: `${chain.length === 1 ? `A sharp ${side} edge` : `${chain.length} sharp ${side} edges in a chain`}, ${Number(length.toPrecision(4))} mm long, turning by up to ${worst.value.toFixed(1)}°.${worst.low < 0 ? FOLDED : ""} ${advice}${spared}`,
    };
  });
}

/** Said of an edge whose faces lie on one another. */
const FOLDED = " Its two faces lie on one another, so that a fin cannot be told from a slit.";

const degrees = ({ value, low, high }: MostTurn): Measured => ({ value, low, high, unit: "deg" });
const limitOf = (source: string | undefined) => ({ max: SMOOTH_DEG, unit: "deg", source: source && `${source}; an edge without a radius turns by more than ${SMOOTH_DEG}°` }) as const;

/** Edges that share an end, sharpest chain first. */
function chains(sharp: readonly Sharp[]): Sharp[][] {
  const parent = sharp.map((_, i) => i);
  const find = (i: number): number => { while (parent[i] !== i) i = parent[i] = parent[parent[i]]; return i; };
  const ends = new Map<string, number>();
  sharp.forEach(({ edge }, i) => {
    for (const k of [0, edge.turnDeg.length - 1]) {
      const key = pointAt(edge.points, k).map((x) => Math.round(x * 1e5)).join();
      const other = ends.get(key);
      if (other === undefined) ends.set(key, i); else parent[find(i)] = find(other);
    }
  });
  const groups = new Map<number, Sharp[]>();
  sharp.forEach((s, i) => { const root = find(i); groups.set(root, [...(groups.get(root) ?? []), s]); });
  return [...groups.values()].sort((a, b) => b[0].turn - a[0].turn);
}

function featherEdges(context: CheckContext, all: readonly Sharp[]): FindingDraft[] {
  const kind = FINDING_KINDS.FEATHER_EDGE, method = `interior angle along the edge; less than ${WALL_ANGLE_DEG}° between the faces is a wall that runs out (our own definition)`;
  const wall = limitsOf(context.profile, "wall", "mm", kind.severity).find((l) => l.limit.min !== undefined);
  const limit = { min: WALL_ANGLE_DEG, unit: "deg", source: "own definition: the two faces of a wall" } as const;
  const feathers = all.filter((s) => s.mayTurn > 180 - WALL_ANGLE_DEG).map((s) => ({ ...s, ...sharpestOf(context, [s], 1) }))
    .filter((s) => judge(interior(s), limit) !== "pass").sort((a, b) => b.value - a.value);
  if (feathers.length === 0) {
    const worst = all.length > 0 ? sharpestOf(context, all, 1) : undefined;
    return [{ code: "FEATHER_EDGE", verdict: "pass", severity: kind.severity, measured: worst ? interior(worst) : { value: 180, low: 180, high: 180, unit: "deg" }, limit, faces: worst ? [...worst.edge.faces] : [], points: worst ? [worst.at] : [], method, message: "No feather edges." }];
  }
  return feathers.slice(0, MAX_FINDINGS).map(({ edge, value, low, high, at, lengthMm }): FindingDraft => {
    const measured = interior({ value, low, high, at }), phi = measured.value, min = wall?.limit.min, reach = min === undefined ? undefined : min / (2 * Math.tan((phi * Math.PI) / 360));
    // Faces that touch without an angle stay close for as far as they go, not for ever.
    const facesMm2 = edge.faces.reduce((sum, f) => sum + context.body.faces[f].areaMm2, 0), beyond = reach !== undefined && !(2 * reach * lengthMm < facesMm2);
    const extent = reach === undefined ? "" : beyond ? ` and may be below ${min} mm as far as the two faces reach` : ` and is below ${min} mm up to ${Number(reach.toPrecision(3))} mm from the edge`;
    const over = `over ${Number(lengthMm.toPrecision(4))} mm`, words = low < 0 ? `Two faces meet without an angle ${over}.${FOLDED}` : `Two faces meet at ${phi.toFixed(1)}° ${over}: the wall runs out to nothing${extent}.`;
    return {
      code: "FEATHER_EDGE", verdict: wall ? judge(measured, limit) : "not-evaluated", severity: kind.severity, measured, limit: wall ? limit : undefined,
      faces: [...edge.faces], edges: [edge.index], points: [at], method, weight: value,
      areaMm2: reach === undefined ? undefined : beyond ? facesMm2 : 2 * reach * lengthMm, message: `${words} ${kind.advice}`,
    };
  });
}

/** The angle of material between two faces that turn so. */
const interior = ({ value, low, high }: MostTurn): Measured => ({ value: 180 - value, low: 180 - high, high: 180 - low, unit: "deg" });
