import { PROBLEMS, fail, ok, type Problem, type Result } from "../result.ts";
import { combineSolids } from "../step/combine-solids.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import type { ExactSolid } from "../step/exact-solid.ts";
import { solidBox, solidMoments, solidVolumeMm3, solidVolumes, type Volumes } from "../step/inspect-solid.ts";
import { scaleSolid } from "../step/scale-solid.ts";
import { scaleSolidPerAxis } from "../step/scale-per-axis.ts";
import type { Box, Vec3 } from "../units.ts";
import { crossCheck } from "./cross-check.ts";
import { CONTACTS_MM, cutHalves, type ExactHalves } from "./exact-mold.ts";
import { facetVolumes } from "./facet-mold.ts";
import type { PullFrame } from "./frame.ts";
import { layOut, type MoldLayout } from "./lay-out.ts";
import type { MoldTask } from "./mold-task.ts";
import { PIECE_COLORS, type Mold, type MoldRole, type MoldStep, type SolidPiece } from "./mold.ts";
import { grow } from "./oversized-facets.ts";
import type { MoldProofs, Proof } from "./proofs.ts";
import { proveApart } from "./prove-apart.ts";
import { proveClosure, proveRatio, proveSurfaces, proveValid } from "./prove-exact.ts";
import { proveReadBack } from "./prove-read-back.ts";
import { uniteBoxes } from "../geometry.ts";
import { writeMoldSteps } from "./write-mold-steps.ts";

/** The mold a toolmaker programs from. MOLD_PROOF when no attempt can be proved. */
export async function makeExactMold(task: MoldTask, solids: readonly ExactSolid[]): Promise<Result<Mold>> {
  const { kernels, input, resolved, work } = task;
  const kernel = await kernels.step.occt();
  const { osf } = resolved.growth;
  const clash = findOverlap(kernel, task, solids);
  if (clash) return fail("BODIES_OVERLAP", clash);
  const oversized = enlarge(kernel, solids, task);
  if (!oversized.ok) return oversized;
  const parts = oversized.value;
  let halves: ExactHalves | undefined, kept = false;
  try {
    const measured = parts.map((part) => solidVolumes(kernel, part)), partsMm3 = measured.reduce((sum, { volumeMm3 }) => sum + volumeMm3, 0);
    const volumeRatio = proveRatio(input.bodies.map((b) => b.mass), partsMm3, osf);
    const sameSurfaces = isUniform(osf) ? proveSurfaces(kernel, solids, parts) : undefined;
    const early = failures({ volumeRatio, sameSurfaces });
    if (early.length > 0) return fail("MOLD_PROOF", describe(early));
    const layout = layOut(task.design, resolved.frame, partBox(kernel, task, parts), resolved.partingMm);
    if (!layout.ok) return layout;
    const cut = cutProved(kernel, parts, partsMm3, layout.value);
    if (!cut.ok) return cut;
    halves = cut.value.halves;
    work.onProgress?.("proving");
    const pieces = namePieces(kernel, parts, measured, halves, input.bodies.map((b) => b.name));
    const steps = writeMoldSteps(kernel, input.name, pieces);
    if (!steps.ok) return steps;
    const back = await proveReadBack(task, pieces, steps.value);
    if (!back.ok) return back;
    const seen = crossCheck(facetVolumes(await kernels.facets(), resolved.facets, layout.value), pieces, resolved, input.bodies, layout.value);
    const proofs: MoldProofs = { volumeRatio, ...(sameSurfaces && { sameSurfaces }), ...cut.value.proofs, pullFree: task.pullFree, ...(seen && { crossCheck: seen }), ...back.value };
    const failed = failures(proofs);
    if (failed.length > 0) return fail("MOLD_PROOF", describe(failed));
    kept = true;
    return ok(asMold(task, layout.value, pieces, proofs, steps.value, [...parts, halves]));
  } finally {
    if (!kept) { for (const part of parts) part[Symbol.dispose](); halves?.[Symbol.dispose](); }
  }
}

/** Two bodies of one mold that share more than a contact, in words; growing together keeps them apart or not. */
function findOverlap(kernel: ExactKernel, { input: { bodies } }: MoldTask, solids: readonly ExactSolid[]): string | undefined {
  for (let i = 0; i < bodies.length; i++) for (let j = i + 1; j < bodies.length; j++) {
    const a = bodies[i].mass, b = bodies[j].mass;
    if (![0, 1, 2].every((k) => a.boxMm[0][k] < b.boxMm[1][k] && b.boxMm[0][k] < a.boxMm[1][k])) continue;
    const common = combineSolids(kernel, "common", solids[i], [solids[j]]);
    if (!common.ok) continue;
    using shared = common.value;
    const volumeMm3 = solidVolumeMm3(kernel, shared);
    if (volumeMm3 > 1e-6 * Math.min(a.volumeMm3, b.volumeMm3)) return `${bodies[i].name} and ${bodies[j].name} share ${volumeMm3.toPrecision(4)} mm³.`;
  }
  return undefined;
}

const isUniform = ([x, y, z]: Vec3): boolean => x === y && y === z;

function enlarge(kernel: ExactKernel, solids: readonly ExactSolid[], { resolved: { growth }, input }: MoldTask): Result<ExactSolid[]> {
  if (isUniform(growth.osf)) return ok(solids.map((s) => scaleSolid(kernel, s, growth.osf[0], growth.originMm)));
  const made: ExactSolid[] = [];
  for (const [i, solid] of solids.entries()) {
    const body = input.bodies[i], grown = scaleSolidPerAxis(kernel, solid, body, growth.osf, growth.originMm);
    if (grown.ok) made.push(grown.value);
    // An affine map takes the centroid with it: a part grown in the wrong place or on the wrong axes is caught here.
    const off = grown.ok ? distance(solidMoments(kernel, grown.value).centroidMm, grow(growth, body.mass.centroidMm)) : 0;
    if (grown.ok && off <= 1e-7 * distance(...body.mass.boxMm)) continue;
    for (const s of made) s[Symbol.dispose]();
    return grown.ok ? fail("MOLD_PROOF", `The stretched part's centroid is ${off.toExponential(1)} mm off.`) : grown;
  }
  return ok(made);
}

const distance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Tight box of the oversized parts in the block's frame. Along the part's own axes it follows from the part's box. */
function partBox(kernel: ExactKernel, { resolved, input }: MoldTask, parts: readonly ExactSolid[]): Box {
  const { frame, growth } = resolved;
  if (!isAxial(frame)) return parts.map((p) => solidBox(kernel, p, frame)).reduce(uniteBoxes);
  const [low, high] = input.bodies.map((b) => b.mass.boxMm).reduce(uniteBoxes);
  const corners = [grow(growth, low), grow(growth, high)].map((p) => [frame.x, frame.y, frame.z].map((a) => p[0] * a[0] + p[1] * a[1] + p[2] * a[2]));
  const pick = (of: (...n: number[]) => number): Vec3 => [of(corners[0][0], corners[1][0]), of(corners[0][1], corners[1][1]), of(corners[0][2], corners[1][2])];
  return [pick(Math.min), pick(Math.max)];
}

const isAxial = ({ x, y, z }: PullFrame): boolean => [x, y, z].every((axis) => axis.filter((n) => n === 0).length === 2);

type CutProofs = Required<Pick<MoldProofs, "closure" | "moments" | "validSolids" | "overlapMm3">>;

/** The first cut whose pieces close, balance, share their faces and are valid. */
function cutProved(kernel: ExactKernel, parts: readonly ExactSolid[], partsMm3: number, layout: MoldLayout): Result<{ halves: ExactHalves; proofs: CutProofs }> {
  const reasons: string[] = [];
  for (const contactMm of CONTACTS_MM) {
    const made = cutHalves(kernel, parts, layout, contactMm);
    if (!made.ok) { reasons.push(why(made.problem)); continue; }
    const { closure, moments } = proveClosure(kernel, parts, made.value, layout);
    const proofs = { closure, moments, validSolids: proveValid(kernel, made.value), overlapMm3: proveApart(kernel, parts, partsMm3, made.value, closure) };
    const failed = failures(proofs);
    if (failed.length === 0) return ok({ halves: made.value, proofs });
    made.value[Symbol.dispose]();
    reasons.push(describe(failed));
  }
  return fail("MOLD_PROOF", [...new Set(reasons)].join(" "));
}

/** A proof's problem without the catalogue's opening words, which are said once. */
export const why = (problem: Problem): string => problem.message.replace(`${PROBLEMS.MOLD_PROOF[0]} `, "");

type Failure = readonly [name: string, proof: Proof];

/** The proofs that do not hold; a hindered pull is not a failure of the geometry. */
export function failures(proofs: Partial<MoldProofs>): Failure[] {
  const { pullFree: _, files: __, ...rest } = proofs;
  return Object.entries(rest).filter((entry): entry is [string, Proof] => entry[1] !== undefined && !entry[1].holds);
}

const WORDS: Readonly<Record<string, string>> = {
  volumeRatio: "volume ratio", sameSurfaces: "faces that kept their surface", closure: "core + cavity + part over block", moments: "balance of the pieces",
  validSolids: "valid solids", overlapMm3: "overlap", crossCheck: "volume against the facet mold", readBack: "volume read back", secondReader: "volume by the second reader",
};

const describe = (failed: readonly Failure[]): string =>
  `${failed.map(([name, p]) => (Number.isFinite(p.measured) ? `${WORDS[name] ?? name} is ${amount(p)}, allowed ${p.tolerance.toExponential(1)}` : `${WORDS[name] ?? name} could not be measured`)).join("; ")}.`;

const amount = ({ measured, expected }: Proof): string =>
  (expected === 0 ? measured.toExponential(1) : `${measured.toPrecision(9)} of ${expected.toPrecision(9)} (${(measured / expected - 1).toExponential(1)})`);

function namePieces(kernel: ExactKernel, parts: readonly ExactSolid[], measured: readonly Volumes[], halves: ExactHalves, names: readonly string[]): SolidPiece[] {
  const piece = (role: MoldRole, name: string, solid: ExactSolid, volumes: Volumes): SolidPiece => ({ role, name, color: PIECE_COLORS[role], solid, ...volumes });
  return [
    piece("core", "core", halves.core, solidVolumes(kernel, halves.core)),
    piece("cavity", "cavity", halves.cavity, solidVolumes(kernel, halves.cavity)),
    ...parts.map((part, i) => piece("oversized", parts.length > 1 ? `oversized ${names[i]}` : "oversized part", part, measured[i])),
  ];
}

function asMold({ input, design, resolved }: MoldTask, layout: MoldLayout, pieces: readonly SolidPiece[], proofs: MoldProofs, steps: readonly MoldStep[], held: readonly Disposable[]): Mold {
  return {
    bodies: input.bodies.map((b) => b.id), name: input.name, realisation: "exact", design,
    pull: { direction: resolved.frame.z, chosenBy: resolved.chosenBy }, partingMm: resolved.sinteredPartingMm,
    block: { x: layout.frame.x, y: layout.frame.y, z: layout.frame.z, box: layout.box }, proofs, pieces, steps,
    [Symbol.dispose]: () => { for (const solid of held) solid[Symbol.dispose](); },
  };
}
