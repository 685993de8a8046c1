import { fail, ok, type Result } from "../result.ts";
import type { ExactKernel } from "../step/exact-kernel.ts";
import type { Volumes } from "../step/inspect-solid.ts";
import { readBackExact } from "../step/read-back.ts";
import { sameRecords } from "../step/p21/same-records.ts";
import { readFacets, type SecondReader } from "../step/second-reader.ts";
import type { MoldTask } from "./mold-task.ts";
import type { MoldFile, MoldStep, SolidPiece } from "./mold.ts";
import { prove, worstOf, type FileProofs, type MoldProofs } from "./proofs.ts";

type BackProofs = Required<Pick<MoldProofs, "files" | "readBack" | "secondReader">>;

/**
 * Reads what was written with both readers. The exact kernel has to find the volume that was written, within the faces
 * and the edges they share, where it was. The second reader's triangles lie within their deflection of the surfaces, beside edges within the part's own edge
 * tolerance as well: its volumes may differ by that times the area of curved faces.
 *
 * The files hold every solid twice: in the assembly and in its role's own file. Where the text shows that these are the very same
 * records, each is read once by each reader, the assembly by the exact kernel and the roles' files by the second reader; otherwise all by both.
 */
export async function proveReadBack({ kernels, input, resolved, work }: MoldTask, pieces: readonly SolidPiece[], steps: readonly MoldStep[]): Promise<Result<BackProofs>> {
  const kernel = await kernels.step.occt(), reader = await kernels.step.secondReader();
  const gapMm = Math.max(...input.bodies.map((b) => b.edgeToleranceMm)) * Math.max(...resolved.growth.osf);
  const deflectionMm = Math.max(resolved.facets.deviationMm, 1e-3);
  const whole = steps.find(({ file }) => file === "mold"), roles = steps.filter(({ file }) => file !== "mold");
  const counts = whole && sameRecords(whole.bytes, roles.map(({ bytes }) => bytes));
  const exact = readExact(kernel, counts && whole ? [whole] : steps);
  if (!exact.ok) return exact;
  work.signal?.throwIfAborted();
  const second = readSecond(reader, counts ? roles : steps, deflectionMm);
  if (!second.ok) return second;
  if (counts) share(exact.value, second.value, roles, counts);
  const files: FileProofs[] = [];
  for (const { file } of steps) {
    const own = pieces.filter((p) => file === "mold" || p.role === file), written = together(own), read = together(exact.value.get(file) ?? []), seen = second.value.get(file) ?? NOTHING;
    const readBack = prove(read.withinMm3, written.withinMm3, READ_BACK);
    const awayMm = Math.hypot(...[0, 1, 2].map((k) => read.centroidMm[k] - written.centroidMm[k]));
    if (!(awayMm <= gapMm + readBack.tolerance * Math.cbrt(written.volumeMm3))) return fail("MOLD_PROOF", `What is read back from the file ${file} stands ${awayMm.toExponential(1)} mm off its place.`);
    files.push({ file, readBack, secondReader: prove(seen.volumeMm3, written.volumeMm3, ROUNDING + ((deflectionMm + gapMm) * seen.curvedMm2) / written.volumeMm3) });
  }
  return ok({ files, readBack: worstOf(files.map((f) => f.readBack)), secondReader: worstOf(files.map((f) => f.secondReader)) });
}

/** What a written volume may be off by, relative. Corpus files come back within 5e-12, those with edges up to 0.024 mm off their faces (`tie_rod`) as well. */
const READ_BACK = 1e-6;
/** What the second reader's own rounding may do to a volume. */
const ROUNDING = 1e-9;

function readExact(kernel: ExactKernel, steps: readonly MoldStep[]): Result<Map<MoldFile, readonly Volumes[]>> {
  const found = new Map<MoldFile, readonly Volumes[]>();
  for (const { file, bytes } of steps) {
    const read = readBackExact(kernel, bytes);
    if (!read.ok) return fail("MOLD_PROOF", `The written file ${file} cannot be read: ${read.problem.message}`);
    found.set(file, read.value);
  }
  return ok(found);
}

interface Seen { readonly volumeMm3: number; readonly curvedMm2: number }

const NOTHING: Seen = { volumeMm3: 0, curvedMm2: 0 };

function readSecond(reader: SecondReader, steps: readonly MoldStep[], deflectionMm: number): Result<Map<MoldFile, Seen>> {
  const found = new Map<MoldFile, Seen>();
  for (const { file, bytes } of steps) {
    const read = readFacets(reader, bytes, "step", deflectionMm);
    if (!read.ok) return fail("MOLD_PROOF", `The second reader cannot read the written file ${file}: ${read.problem.message}`);
    found.set(file, read.value.bodies.reduce(add, NOTHING));
  }
  return ok(found);
}

const add = (a: Seen, b: Seen): Seen => ({ volumeMm3: a.volumeMm3 + b.volumeMm3, curvedMm2: a.curvedMm2 + b.curvedMm2 });

/** Gives the roles' files what the exact kernel read in the assembly, where their solids stand one after the other, and the assembly what the second reader saw in them. */
function share(exact: Map<MoldFile, readonly Volumes[]>, second: Map<MoldFile, Seen>, roles: readonly MoldStep[], counts: readonly number[]): void {
  const all = exact.get("mold") ?? [];
  let next = 0;
  roles.forEach(({ file }, i) => exact.set(file, all.slice(next, (next += counts[i]))));
  second.set("mold", [...second.values()].reduce(add, NOTHING));
}

/** Several solids as one. */
function together(solids: readonly Volumes[]): Volumes {
  const sum = (of: (solid: Volumes) => number): number => solids.reduce((all, solid) => all + of(solid), 0), volumeMm3 = sum((s) => s.volumeMm3);
  const mean = (k: 0 | 1 | 2): number => sum((s) => s.volumeMm3 * s.centroidMm[k]) / volumeMm3;
  return { volumeMm3, withinMm3: sum((s) => s.withinMm3), centroidMm: [mean(0), mean(1), mean(2)] };
}
