import type { Body, Face } from "../part/part.ts";
import { radiiOfFace, type FaceRadius } from "./blend-radius.ts";
import { limitsOf, type CheckContext, type FindingDraft } from "./context.ts";
import { FINDING_KINDS } from "./finding.ts";
import { judge } from "./judge.ts";

/** A blend that turns by more than this closes round: a bore or a pin. */
const FULL_TURN_DEG = 359;
const MAX_FINDINGS = 20;

interface Blend extends FaceRadius { readonly face: number; readonly chain: number }

/**
 * RADIUS_SMALL: every blend against the profile's radius for its side. A blend is a curved face with a tangent
 * neighbour along one of its edges; bores, pins, and hollows that meet their neighbours at an angle are none.
 * Neighbouring blends of one side form a chain and one finding.
 */
export async function checkRadii(context: CheckContext): Promise<FindingDraft[]> {
  const { body, exact } = context, method = "exact radius of the surface; on freeform blends the bounded largest curvature";
  if (!exact) return [{ code: "RADIUS_SMALL", verdict: "not-evaluated", severity: "advisory", faces: [], points: [], method: "facets only", message: "The file gave no exact surfaces, so radii were not measured." }];
  const blends: Blend[] = [];
  for (const face of body.faces) {
    if (!isBlend(body, face)) continue;
    for (const radius of radiiOfFace(body, face)) blends.push({ ...radius, face: face.index, chain: 0 });
    await context.pause(face.index / body.faces.length);
  }
  return (["internal", "external"] as const).flatMap((side) => judgeSide(context, side, blends.filter((b) => b.side === side), method));
}

/** A curved face that joins a neighbour tangentially and does not close round. */
function isBlend(body: Body, face: Face): boolean {
  const { surface } = face;
  if (surface.kind === "plane" || surface.kind === "cone" || surface.kind === "other") return false;
  const smooth = face.edges.filter((e) => body.edges[e].convexity === "smooth" && body.edges[e].faces[0] !== body.edges[e].faces[1]);
  if (smooth.length === 0) return false;
  const turn = ((face.uv.u[1] - face.uv.u[0]) * 180) / Math.PI;
  // A full cylinder that runs tangentially into a fillet at its end is still a bore or a pin.
  if (surface.kind === "cylinder" && (turn >= FULL_TURN_DEG || closesWithNeighbours(body, face))) return false;
  // A tangent sphere or turned face of full turn is a dome or a ball end; the tube of a torus is a blend all round.
  return !(surface.kind === "sphere" && turn >= FULL_TURN_DEG && fullHeight(face));
}

const fullHeight = (face: Face): boolean => face.uv.v[1] - face.uv.v[0] > Math.PI * 0.99;

/** Cylinders split along seams: together with coaxial neighbours of the same radius they turn all the way round. */
function closesWithNeighbours(body: Body, face: Face): boolean {
  if (face.surface.kind !== "cylinder") return false;
  const { frame, radiusMm } = face.surface, seen = new Set([face.index]), queue = [face];
  let turn = 0;
  while (queue.length > 0) {
    const one = queue.pop() as Face;
    turn += ((one.uv.u[1] - one.uv.u[0]) * 180) / Math.PI;
    for (const e of one.edges) for (const f of body.edges[e].faces) {
      const other = body.faces[f];
      if (seen.has(f) || body.edges[e].convexity !== "smooth" || other.surface.kind !== "cylinder") continue;
      if (Math.abs(other.surface.radiusMm - radiusMm) > 1e-6 * radiusMm || offAxis(frame, other.surface.frame) > 1e-6 * (1 + radiusMm)) continue;
      seen.add(f);
      queue.push(other);
    }
  }
  return seen.size > 1 && turn >= FULL_TURN_DEG;
}

type AxisFrame = { readonly origin: readonly number[]; readonly z: readonly number[] };

/** Distance of the other axis's origin from this axis, plus how far the directions differ. */
function offAxis(a: AxisFrame, b: AxisFrame): number {
  const d = b.origin.map((x, k) => x - a.origin[k]), h = d.reduce((s, x, k) => s + x * a.z[k], 0);
  const cross = [a.z[1] * b.z[2] - a.z[2] * b.z[1], a.z[2] * b.z[0] - a.z[0] * b.z[2], a.z[0] * b.z[1] - a.z[1] * b.z[0]];
  return Math.hypot(...d.map((x, k) => x - h * a.z[k])) + Math.hypot(...cross);
}

function judgeSide(context: CheckContext, side: "internal" | "external", blends: Blend[], method: string): FindingDraft[] {
  const kind = FINDING_KINDS.RADIUS_SMALL, word = side === "internal" ? "fillet" : "round";
  const limits = limitsOf(context.profile, side === "internal" ? "internalRadius" : "externalRadius", "mm", side === "internal" ? kind.severity : "advisory").filter((l) => l.limit.min !== undefined);
  if (blends.length === 0) return [{ code: "RADIUS_SMALL", verdict: "pass", severity: kind.severity, faces: [], points: [], method, message: `There are no ${word}s to hold against a limit.` }];
  const tightest = blends.reduce((a, b) => (b.radius.value < a.radius.value ? b : a));
  const base = { code: "RADIUS_SMALL", method } as const;
  const mm = (x: number): string => `${Number(x.toPrecision(4))} mm`;
  if (limits.length === 0) return [{ ...base, verdict: "not-evaluated", severity: "advisory", measured: tightest.radius, faces: [tightest.face], points: [tightest.at], message: `Tightest ${word} ${mm(tightest.radius.value)}; the profile gives no limit.` }];
  return limits.flatMap(({ limit, severity }): FindingDraft[] => {
    const min = limit.min as number, given = { min, unit: "mm", source: limit.source } as const;
    const bad = blends.filter((b) => judge(b.radius, { min }) !== "pass");
    if (bad.length === 0) return [{ ...base, verdict: "pass", severity, measured: tightest.radius, limit: given, faces: [tightest.face], points: [tightest.at], message: `Tightest ${word} ${mm(tightest.radius.value)}.` }];
    const chains = chainsOf(context.body, bad);
    return chains.slice(0, MAX_FINDINGS).map((chain, i) => {
      const worst = chain.reduce((a, b) => (b.radius.value < a.radius.value ? b : a)), more = i === MAX_FINDINGS - 1 ? chains.length - MAX_FINDINGS : 0;
      return {
        ...base, verdict: judge(worst.radius, { min }), severity, measured: worst.radius, limit: given, faces: chain.map((b) => b.face), points: [worst.at],
        areaMm2: chain.reduce((s, b) => s + context.body.faces[b.face].areaMm2, 0),
        message: `This ${side} ${word} has a radius of ${mm(worst.radius.value)}; at least ${mm(min)} is needed. Enlarge it.${more > 0 ? ` ${more} more are not listed.` : ""}`,
        weight: min - worst.radius.value,
      };
    });
  });
}

/** Blends joined by their shared edges; tightest chain first. */
function chainsOf(body: Body, blends: readonly Blend[]): Blend[][] {
  const byFace = new Map(blends.map((b) => [b.face, b])), seen = new Set<number>(), chains: Blend[][] = [];
  for (const blend of [...blends].sort((a, b) => a.radius.value - b.radius.value)) {
    if (seen.has(blend.face)) continue;
    const chain: Blend[] = [], queue = [blend.face];
    seen.add(blend.face);
    while (queue.length > 0) {
      const face = queue.pop() as number;
      chain.push(byFace.get(face) as Blend);
      for (const e of body.faces[face].edges) for (const f of body.edges[e].faces) {
        if (!seen.has(f) && byFace.has(f)) { seen.add(f); queue.push(f); }
      }
    }
    chains.push(chain);
  }
  return chains;
}
