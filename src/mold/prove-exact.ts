import type { MassProperties } from "../part/part.ts";
import { gatherSolids, piecesOf } from "../step/combine-solids.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import { solidIsValid, solidMoments, surfaceKinds } from "../step/inspect-solid.ts";
import type { Vec3 } from "../units.ts";
import type { ExactHalves } from "./exact-mold.ts";
import { fromFrame } from "./frame.ts";
import type { MoldLayout } from "./lay-out.ts";
import { prove, type Proof } from "./proofs.ts";

/** Relative tolerance of what the exact realisation has to reach. */
export const EXACT = 1e-9;

/** The kernel rebuilds the parameter curves of a part stretched per axis within this distance. */
const REBUILT_MM = 1e-7;

/** Volume of the oversized parts against the sintered ones: to {@link EXACT}, per axis to what rebuilt parameter curves allow. */
export function proveRatio(sintered: readonly MassProperties[], oversizedMm3: number, osf: Vec3): Proof {
  const before = sintered.reduce((sum, m) => sum + m.volumeMm3, 0), areaMm2 = sintered.reduce((sum, m) => sum + m.areaMm2, 0);
  const uniform = osf[0] === osf[1] && osf[1] === osf[2];
  return prove(oversizedMm3 / before, osf[0] * osf[1] * osf[2], uniform ? EXACT : Math.max(EXACT, (REBUILT_MM * areaMm2) / before));
}

/** How many faces kept their kind of surface, against how many there are. */
export function proveSurfaces(kernel: ExactKernel, sintered: readonly ExactSolid[], oversized: readonly ExactSolid[]): Proof {
  let kept = 0, faces = 0;
  sintered.forEach((solid, i) => {
    const before = surfaceKinds(kernel, solid), after = surfaceKinds(kernel, oversized[i]);
    for (const kind of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const a = before[kind] ?? 0, b = after[kind] ?? 0;
      kept += Math.min(a, b);
      faces += Math.max(a, b);
    }
  });
  return prove(kept, faces, 0);
}

/**
 * Core + cavity + part + clearance = block: in volume, and in the first and second moments, so that a piece too
 * much in one place cannot make up for one missing in another. All bodies are integrated from one reference
 * point: gaps between the part's own faces then count for both neighbours and cancel.
 */
export function proveClosure(kernel: ExactKernel, parts: readonly ExactSolid[], halves: ExactHalves, layout: MoldLayout): { closure: Proof; moments: Proof } {
  using all = gatherSolids(kernel, [...parts, halves.core, halves.cavity, ...(halves.clearance ? [halves.clearance] : [])]);
  const measured = solidMoments(kernel, all);
  const expected = blockMoments(layout);
  const [low, high] = layout.box, size = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  const shift = Math.hypot(...[0, 1, 2].map((k) => measured.centroidMm[k] - expected.centroidMm[k])) / size;
  const scale = expected.volumeMm3 * size * size;
  const turn = measured.inertiaMm5.reduce((most, m, i) => Math.max(most, Math.abs(m - expected.inertiaMm5[i]) / scale), 0);
  return { closure: prove(measured.volumeMm3 / expected.volumeMm3, 1, EXACT), moments: prove(Math.max(shift, turn), 0, EXACT) };
}

/** Closed form of the block: I = m/12 (b² + c²) about its own axes, turned into the part frame. */
function blockMoments({ frame, box: [low, high] }: MoldLayout): Pick<MassProperties, "volumeMm3" | "centroidMm" | "inertiaMm5"> {
  const [a, b, c] = [0, 1, 2].map((k) => high[k] - low[k]);
  const volumeMm3 = a * b * c;
  const centroidMm = fromFrame(frame, [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2]);
  const own = [b * b + c * c, a * a + c * c, a * a + b * b].map((s) => (volumeMm3 * s) / 12);
  const axes = [frame.x, frame.y, frame.z];
  const inertiaMm5 = Array.from({ length: 9 }, (_, i) => axes.reduce((sum, axis, k) => sum + own[k] * axis[Math.floor(i / 3)] * axis[i % 3], 0));
  return { volumeMm3, centroidMm, inertiaMm5 };
}

/** How many of the halves' solids the kernel finds valid, against how many there are. */
export function proveValid(kernel: ExactKernel, halves: ExactHalves): Proof {
  let valid = 0, all = 0;
  for (const half of [halves.core, halves.cavity]) for (const piece of piecesOf(kernel, half)) {
    all++;
    if (solidIsValid(kernel, piece)) valid++;
    piece[Symbol.dispose]();
  }
  return { ...prove(valid, all, 0), holds: valid === all && all >= 2 };
}
