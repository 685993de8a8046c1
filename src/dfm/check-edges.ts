import { SMOOTH_DEG, type Edge } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { limitsOf, type CheckContext, type FindingDraft } from "./context.ts";
import { WALL_ANGLE_DEG } from "./edge-zone.ts";
import { FINDING_KINDS, type Measured } from "./finding.ts";

/**
 * A turn below this at a nominally tangent joint is a modelling gap, not an edge that a mold maker would cut.
 * Between {@link SMOOTH_DEG} and this an edge is reported as advice only.
 */
const FAINT_DEG = 5;
const MAX_FINDINGS = 20;

interface Sharp { readonly edge: Edge; readonly turn: number; readonly at: number; readonly lengthMm: number }

/**
 * EDGE_SHARP and FEATHER_EDGE, from the turn between the outward normals along each whole edge. Internal (hollow)
 * edges weaken the part and the steel and are blocking; external ones are advice, and none on the parting line as
 * computed. A feather edge is an external one whose faces close to less than {@link WALL_ANGLE_DEG}.
 */
export function checkEdges(context: CheckContext): FindingDraft[] {
  if (!context.exact) {
    return (["EDGE_SHARP", "FEATHER_EDGE"] as const).map((code) => ({ code, verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: "facets only", message: "The file gave no exact edges, so their sharpness was not measured." }));
  }
  return [...internalEdges(context), ...externalEdges(context), ...featherEdges(context)];
}

function internalEdges(context: CheckContext): FindingDraft[] {
  const sharp = sharpest(context.body.edges, -1);
  return judgeSharp(context, "internal", sharp, FINDING_KINDS.EDGE_SHARP.severity, "internalRadius");
}

function externalEdges(context: CheckContext): FindingDraft[] {
  const exempt = context.pull?.parting.edges ?? new Set<number>();
  const all = sharpest(context.body.edges, 1), sharp = all.filter((s) => !exempt.has(s.edge.index));
  return judgeSharp(context, "external", sharp, "advisory", "externalRadius", all.length - sharp.length);
}

/** Edges with a turn to that side somewhere, sharpest first. */
function sharpest(edges: readonly Edge[], sign: 1 | -1): Sharp[] {
  const out: Sharp[] = [];
  for (const edge of edges) {
    let at = -1, turn = SMOOTH_DEG, inside = 0;
    edge.turnDeg.forEach((t, i) => { if (sign * t > SMOOTH_DEG) inside++; if (sign * t > turn) { turn = sign * t; at = i; } });
    if (at >= 0 && edge.lengthMm > 0) out.push({ edge, turn, at, lengthMm: (edge.lengthMm * inside) / edge.turnDeg.length });
  }
  return out.sort((a, b) => b.turn - a.turn || a.edge.index - b.edge.index);
}

function judgeSharp(context: CheckContext, side: "internal" | "external", sharp: Sharp[], severity: "blocking" | "advisory", limitName: "internalRadius" | "externalRadius", exempt = 0): FindingDraft[] {
  const method = "turn between outward normals along the whole edge", rule = limitsOf(context.profile, limitName, "mm", severity).find((l) => l.limit.min !== undefined);
  const spared = exempt > 0 ? ` ${exempt} on the parting line are exempt.` : "";
  const none: Measured = { value: 0, low: 0, high: 0, unit: "deg" };
  if (!rule) {
    const worst = sharp[0];
    return [{ code: "EDGE_SHARP", verdict: "not-evaluated", severity: "advisory", measured: worst ? degrees(worst.turn) : none, faces: [], points: worst ? [pointAt(worst.edge, worst.at)] : [], method, message: `${sharp.length} sharp ${side} edges; the profile asks for no radius there.` }];
  }
  if (sharp.length === 0) return [{ code: "EDGE_SHARP", verdict: "pass", severity, measured: none, limit: limitOf(rule.limit.source), faces: [], points: [], method, message: `No sharp ${side} edges.${spared}` }];
  const advice = `Add a ${side === "internal" ? "fillet" : "round"} of at least ${rule.limit.min} mm.`;
  return [...chains(sharp)].map((chain): FindingDraft => {
    const worst = chain[0], faint = worst.turn < FAINT_DEG, length = chain.reduce((s, c) => s + c.lengthMm, 0);
    return {
      code: "EDGE_SHARP", verdict: "fail", severity: faint ? "advisory" : rule.severity, measured: degrees(worst.turn), limit: limitOf(rule.limit.source),
      faces: [...new Set(chain.flatMap((c) => c.edge.faces))].sort((a, b) => a - b), edges: chain.map((c) => c.edge.index).sort((a, b) => a - b),
      points: chain.slice(0, 8).map((c) => pointAt(c.edge, c.at)), method, weight: worst.turn,
      message: `${chain.length === 1 ? `A sharp ${side} edge` : `${chain.length} sharp ${side} edges in a chain`}, ${Number(length.toPrecision(4))} mm long, turning by up to ${worst.turn.toFixed(1)}°. ${advice}${spared}`,
    };
  }).slice(0, MAX_FINDINGS);
}

const degrees = (turn: number): Measured => ({ value: turn, low: turn, high: turn, unit: "deg" });
const limitOf = (source: string | undefined) => ({ max: SMOOTH_DEG, unit: "deg", source: source && `${source}; an edge without a radius turns by more than ${SMOOTH_DEG}°` }) as const;
const pointAt = (edge: Edge, i: number): Vec3 => [edge.points[i * 3], edge.points[i * 3 + 1], edge.points[i * 3 + 2]];

/** Edges that share an end, sharpest chain first. */
function chains(sharp: readonly Sharp[]): Sharp[][] {
  const parent = sharp.map((_, i) => i);
  const find = (i: number): number => { while (parent[i] !== i) i = parent[i] = parent[parent[i]]; return i; };
  const ends = new Map<string, number>();
  sharp.forEach(({ edge }, i) => {
    for (const k of [0, edge.turnDeg.length - 1]) {
      const key = pointAt(edge, k).map((x) => Math.round(x * 1e5)).join();
      const other = ends.get(key);
      if (other === undefined) ends.set(key, i); else parent[find(i)] = find(other);
    }
  });
  const groups = new Map<number, Sharp[]>();
  sharp.forEach((s, i) => { const root = find(i); groups.set(root, [...(groups.get(root) ?? []), s]); });
  return [...groups.values()].sort((a, b) => b[0].turn - a[0].turn);
}

function featherEdges(context: CheckContext): FindingDraft[] {
  const kind = FINDING_KINDS.FEATHER_EDGE, method = `interior angle along the edge; less than ${WALL_ANGLE_DEG}° between the faces is a wall that runs out (our own definition)`;
  const wall = limitsOf(context.profile, "wall", "mm", kind.severity).find((l) => l.limit.min !== undefined);
  const all = sharpest(context.body.edges, 1), feathers = all.filter((s) => s.turn > 180 - WALL_ANGLE_DEG);
  const limit = { min: WALL_ANGLE_DEG, unit: "deg", source: "own definition: the two faces of a wall" } as const;
  if (feathers.length === 0) {
    const sharpestAngle = all.length > 0 ? 180 - all[0].turn : 180;
    return [{ code: "FEATHER_EDGE", verdict: "pass", severity: kind.severity, measured: { value: sharpestAngle, low: sharpestAngle, high: sharpestAngle, unit: "deg" }, limit, faces: all.length > 0 ? [...all[0].edge.faces] : [], points: all.length > 0 ? [pointAt(all[0].edge, all[0].at)] : [], method, message: "No feather edges." }];
  }
  return feathers.slice(0, MAX_FINDINGS).map(({ edge, turn, at, lengthMm }): FindingDraft => {
    const phi = 180 - turn, min = wall?.limit.min, reach = min === undefined ? undefined : min / (2 * Math.tan((phi * Math.PI) / 360));
    // Faces that touch without an angle stay close for as far as they go, not for ever.
    const facesMm2 = edge.faces.reduce((sum, f) => sum + context.body.faces[f].areaMm2, 0), beyond = reach !== undefined && !(2 * reach * lengthMm < facesMm2);
    const extent = reach === undefined ? "" : beyond ? ` and may be below ${min} mm as far as the two faces reach` : ` and is below ${min} mm up to ${Number(reach.toPrecision(3))} mm from the edge`;
    return {
      code: "FEATHER_EDGE", verdict: wall ? "fail" : "not-evaluated", severity: kind.severity, measured: { value: phi, low: phi, high: phi, unit: "deg" }, limit: wall ? limit : undefined,
      faces: [...edge.faces], edges: [edge.index], points: [pointAt(edge, at)], method, weight: turn,
      areaMm2: reach === undefined ? undefined : beyond ? facesMm2 : 2 * reach * lengthMm,
      message: `Two faces meet at ${phi.toFixed(1)}° over ${Number(lengthMm.toPrecision(4))} mm: the wall runs out to nothing${extent}. ${kind.advice}`,
    };
  });
}
