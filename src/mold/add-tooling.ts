import { ok, type Result } from "../result.ts";
import { boxSolid, cylinderSolid } from "../step/build-solids.ts";
import { combineSolids, gatherSolids, type Combination } from "../step/combine-solids.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import type { Vec3 } from "../units.ts";
import type { Halves } from "./exact-mold.ts";
import type { MoldLayout } from "./lay-out.ts";

/** Halves with their tooling, and the room it leaves empty on purpose. */
export interface TooledHalves extends Halves {
  readonly clearance?: ExactSolid;
}

/** Puts pins on the core, bores into the cavity and the relief round the land. Takes the given halves over. */
export function addTooling(kernel: ExactKernel, { core, cavity }: Halves, layout: MoldLayout): Result<TooledHalves> {
  const { frame, box: [low, high], partingMm: h, pins, relief } = layout, sink = relief?.depthMm ?? 0;
  const passing: Disposable[] = [];
  const use = <T extends Disposable>(made: T): T => { passing.push(made); return made; };
  const combined = (verb: Combination, half: ExactSolid, tools: readonly ExactSolid[]): Result<ExactSolid> => {
    if (tools.length === 0) return ok(half);
    const made = combineSolids(kernel, verb, half, tools);
    half[Symbol.dispose]();
    return made;
  };
  try {
    // A pin stands one diameter deep in the core, so that fusing never rests on a mere contact of faces.
    const pinSolids = pins.map((p) => use(cylinderSolid(kernel, frame, rootOf(layout, p.xMm, p.yMm, p.radiusMm, sink), p.radiusMm, p.lengthMm + rootDepth(layout, p.radiusMm, sink))));
    const bores = pins.map((p) => use(cylinderSolid(kernel, frame, [p.xMm, p.yMm, h], p.boreRadiusMm, p.boreLengthMm)));
    const recess = relief && use(cutOrThrow(kernel,
      use(boxSolid(kernel, frame, [[low[0], low[1], h - sink], [high[0], high[1], h]])),
      [use(boxSolid(kernel, frame, [[...relief.land[0], h - 2 * sink], [...relief.land[1], h + sink]]))]));
    const lowered = combined("cut", core, recess ? [recess] : []);
    if (!lowered.ok) { cavity[Symbol.dispose](); return lowered; }
    const lower = combined("fuse", lowered.value, pinSolids);
    if (!lower.ok) { cavity[Symbol.dispose](); return lower; }
    const upper = combined("cut", cavity, bores);
    if (!upper.ok) { lower.value[Symbol.dispose](); return upper; }
    const gaps = [...bores, ...(recess ? [recess] : [])].map((gap) => (pinSolids.length > 0 ? use(cutOrThrow(kernel, gap, pinSolids)) : gap));
    return ok({ core: lower.value, cavity: upper.value, clearance: gaps.length > 0 ? gatherSolids(kernel, gaps) : undefined });
  } finally {
    for (const solid of passing) solid[Symbol.dispose]();
  }
}

function rootDepth({ box: [low], partingMm }: MoldLayout, radiusMm: number, sinkMm: number): number {
  return Math.min(sinkMm + 2 * radiusMm, (partingMm - low[2] + sinkMm) / 2);
}

const rootOf = (layout: MoldLayout, x: number, y: number, radiusMm: number, sinkMm: number): Vec3 => [x, y, layout.partingMm - rootDepth(layout, radiusMm, sinkMm)];

/** Boxes and cylinders of our own making: if those fail it is a bug. */
function cutOrThrow(kernel: ExactKernel, target: ExactSolid, tools: readonly ExactSolid[]): ExactSolid {
  const made = combineSolids(kernel, "cut", target, tools);
  if (!made.ok) throw new Error(made.problem.message);
  return made.value;
}
