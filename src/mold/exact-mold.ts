import { ok, type Result } from "../result.ts";
import { boxSolid, cylinderSolid } from "../step/build-solids.ts";
import { combineSolids, gatherSolids, piecesOf } from "../step/combine-solids.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import { solidBox, solidVolumeMm3 } from "../step/inspect-solid.ts";
import type { Box, Vec3 } from "../units.ts";
import type { MoldLayout } from "./lay-out.ts";

/** The halves as the exact kernel made them, not yet proved. */
export interface ExactHalves extends Disposable {
  readonly core: ExactSolid;
  readonly cavity: ExactSolid;
  /** Room left empty on purpose between the halves: relief and the gaps round the pins. */
  readonly clearance?: ExactSolid;
  readonly blockMm3: number;
}

/** Ways to ask the kernel for the same halves; the first that can be proved is kept. */
export const ATTEMPTS = ["halves", "whole-first", "fuzzy"] as const;
export type Attempt = (typeof ATTEMPTS)[number];

/** Contact distance of the fuzzy attempt, mm. */
const FUZZY_MM = 1e-5;

/**
 * Cuts the oversized parts out of the two tooled halves of the block.
 * @param attempt `halves`: each half minus the part. `whole-first`: block minus part, then common with each half.
 */
export function cutHalves(kernel: ExactKernel, parts: readonly ExactSolid[], layout: MoldLayout, attempt: Attempt): Result<ExactHalves> {
  using blanks = makeBlanks(kernel, layout);
  const upper = cutBlank(kernel, blanks.upper, parts, layout, attempt);
  if (!upper.ok) return upper;
  using cavityCut = upper.value;
  const lower = cutBlank(kernel, blanks.lower, parts, layout, attempt);
  if (!lower.ok) return lower;
  using coreCut = lower.value;
  const { core, cavity } = assignPieces(kernel, coreCut, cavityCut, layout);
  const clearance = blanks.takeClearance();
  return ok({ core, cavity, clearance, blockMm3: boxVolume(layout.box), [Symbol.dispose]: () => [core, cavity, clearance].forEach((s) => s?.[Symbol.dispose]()) });
}

const boxVolume = ([low, high]: Box): number => (high[0] - low[0]) * (high[1] - low[1]) * (high[2] - low[2]);

function cutBlank(kernel: ExactKernel, blank: ExactSolid, parts: readonly ExactSolid[], layout: MoldLayout, attempt: Attempt): Result<ExactSolid> {
  if (attempt === "halves") return combineSolids(kernel, "cut", blank, parts);
  if (attempt === "fuzzy") return combineSolids(kernel, "cut", blank, parts, FUZZY_MM);
  using block = boxSolid(kernel, layout.frame, layout.box);
  const whole = combineSolids(kernel, "cut", block, parts);
  if (!whole.ok) return whole;
  using steel = whole.value;
  return combineSolids(kernel, "common", steel, [blank]);
}

/** The halves of the block with pins, bores and relief, before the part is cut out. */
interface Blanks extends Disposable {
  readonly upper: ExactSolid;
  readonly lower: ExactSolid;
  takeClearance(): ExactSolid | undefined;
}

function makeBlanks(kernel: ExactKernel, layout: MoldLayout): Blanks {
  const { frame, box: [low, high], partingMm: h, pins, relief } = layout;
  using above = boxSolid(kernel, frame, [[low[0], low[1], h], high]);
  using below = boxSolid(kernel, frame, [low, [high[0], high[1], h]]);
  const sink = relief?.depthMm ?? 0;
  const passing: Disposable[] = [];
  const use = <T extends Disposable>(d: T): T => { passing.push(d); return d; };
  try {
    // A pin stands one diameter deep in the core, so that fusing never rests on a mere contact of faces.
    const pinSolids = pins.map((p) => use(cylinderSolid(kernel, frame, rootOf(layout, p.xMm, p.yMm, p.radiusMm, sink), p.radiusMm, p.lengthMm + rootDepth(layout, p.radiusMm, sink))));
    const bores = pins.map((p) => use(cylinderSolid(kernel, frame, [p.xMm, p.yMm, h], p.boreRadiusMm, p.boreLengthMm)));
    const recess = relief && use(cutOrThrow(kernel,
      use(boxSolid(kernel, frame, [[low[0], low[1], h - sink], [high[0], high[1], h]])),
      [use(boxSolid(kernel, frame, [[...relief.land[0], h - 2 * sink], [...relief.land[1], h + sink]]))]));
    const upper = bores.length > 0 ? cutOrThrow(kernel, above, bores) : above;
    const lowered = recess ? use(cutOrThrow(kernel, below, [recess])) : below;
    const lower = pinSolids.length > 0 ? combineOrThrow(kernel, "fuse", lowered, pinSolids) : lowered;
    const gaps = [...bores, ...(recess ? [recess] : [])].map((gap) => (pinSolids.length > 0 ? use(cutOrThrow(kernel, gap, pinSolids)) : gap));
    let clearance = gaps.length > 0 ? gatherSolids(kernel, gaps) : undefined;
    const keepUpper = upper === above ? gatherSolids(kernel, [above]) : upper, keepLower = lower === below || lower === lowered ? gatherSolids(kernel, [lower]) : lower;
    return {
      upper: keepUpper, lower: keepLower,
      takeClearance: () => { const taken = clearance; clearance = undefined; return taken; },
      [Symbol.dispose]: () => { keepUpper[Symbol.dispose](); keepLower[Symbol.dispose](); clearance?.[Symbol.dispose](); },
    };
  } finally {
    for (const solid of passing) solid[Symbol.dispose]();
  }
}

function rootDepth({ box: [low], partingMm }: MoldLayout, radiusMm: number, sinkMm: number): number {
  return Math.min(sinkMm + 2 * radiusMm, (partingMm - low[2] + sinkMm) / 2);
}

const rootOf = (layout: MoldLayout, x: number, y: number, radiusMm: number, sinkMm: number): Vec3 => [x, y, layout.partingMm - rootDepth(layout, radiusMm, sinkMm)];

/** Tooling solids are boxes and cylinders of our own making: if those fail it is a bug. */
function combineOrThrow(kernel: ExactKernel, verb: "cut" | "fuse", target: ExactSolid, tools: readonly ExactSolid[]): ExactSolid {
  const made = combineSolids(kernel, verb, target, tools);
  if (!made.ok) throw new Error(made.problem.message);
  return made.value;
}

const cutOrThrow = (kernel: ExactKernel, target: ExactSolid, tools: readonly ExactSolid[]): ExactSolid => combineOrThrow(kernel, "cut", target, tools);

/**
 * Steel that is cut off from its own half by the part but open towards the other (the inside of a cap, say)
 * belongs to the other half: it is lifted out with it.
 */
function assignPieces(kernel: ExactKernel, coreCut: ExactSolid, cavityCut: ExactSolid, layout: MoldLayout): { core: ExactSolid; cavity: ExactSolid } {
  const lower = piecesOf(kernel, coreCut), upper = piecesOf(kernel, cavityCut);
  const strayFromLower = lower.length > 1 ? lower.filter((p) => isIsland(kernel, p, layout, "lower")) : [];
  const strayFromUpper = upper.length > 1 ? upper.filter((p) => isIsland(kernel, p, layout, "upper")) : [];
  const core = joinPieces(kernel, lower.filter((p) => !strayFromLower.includes(p)), strayFromUpper);
  const cavity = joinPieces(kernel, upper.filter((p) => !strayFromUpper.includes(p)), strayFromLower);
  for (const piece of [...lower, ...upper]) piece[Symbol.dispose]();
  return { core, cavity };
}

/** Fuses stray pieces to the half they stand on; where the kernel spoils the volume they stay bodies of their own beside it. */
function joinPieces(kernel: ExactKernel, own: readonly ExactSolid[], strays: readonly ExactSolid[]): ExactSolid {
  const beside = gatherSolids(kernel, [...own, ...strays]);
  if (strays.length === 0 || own.length === 0) return beside;
  const fused = combineSolids(kernel, "fuse", own[0], [...own.slice(1), ...strays]);
  if (!fused.ok) return beside;
  const wanted = solidVolumeMm3(kernel, beside), got = solidVolumeMm3(kernel, fused.value);
  const keep = Math.abs(got / wanted - 1) < 1e-9;
  (keep ? beside : fused.value)[Symbol.dispose]();
  return keep ? fused.value : beside;
}

function isIsland(kernel: ExactKernel, piece: ExactSolid, { frame, box: [low, high], partingMm }: MoldLayout, half: "upper" | "lower"): boolean {
  const [a, b] = solidBox(kernel, piece, frame), near = 1e-6 * (high[0] - low[0]) + 1e-5;
  const touchesSide = [0, 1].some((k) => a[k] < low[k] + near || b[k] > high[k] - near);
  const touchesEnd = half === "upper" ? b[2] > high[2] - near : a[2] < low[2] + near;
  const touchesParting = half === "upper" ? a[2] < partingMm + near : b[2] > partingMm - near;
  return touchesParting && !touchesSide && !touchesEnd;
}

