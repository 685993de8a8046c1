import type { Body, Part, PartFile } from "../part/part.ts";
import type { Work } from "../progress.ts";
import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import type { LengthUnitName } from "../units.ts";
import { OPEN_DEFAULTS, openContainer } from "./container/open-container.ts";
import { ExactSolid } from "./exact-solid.ts";
import { gateStep, type GatedSolid, type GatedStep } from "./p21/gate-step.ts";
import { readFacetPart } from "./read-facet-part.ts";
import { isTrap } from "./occt/load-occt.ts";
import { readBody, readShapes, type MeshOptions, type SolidShape } from "./occt/read-solids.ts";
import type { StepKernels } from "./step-kernels.ts";

/** A file to read: its name (for its extension and for the report) and its bytes. */
export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How a part is read. */
export interface OpenOptions {
  /** Unit to assume when the file declares none, or to force. */
  readonly unit?: LengthUnitName;
  /** Body ids to keep; all by default. */
  readonly bodies?: readonly string[];
  readonly deflectionMm?: number;
  readonly maxBytes?: number;
  readonly maxFacets?: number;
}

/** A part, its solids in the exact kernel (none on a facets-only part) and what was noticed on the way. */
export interface PartRead extends Disposable {
  readonly part: Part;
  /** By body id. */
  readonly solids: ReadonlyMap<string, ExactSolid>;
  readonly warnings: readonly Problem[];
}

/** Largest turn between neighbouring facets, degrees. */
const ANGLE_DEG = 15;
const MAX_FACETS = 2_000_000;

/**
 * Bytes to a part: the text is judged first, then the exact kernel builds and proves the solids. IGES and BREP
 * files, and a file whose text is sound but which the exact kernel cannot transfer, are read as facets.
 * CRASH or OUT_OF_MEMORY when a kernel stopped half-way; it is replaced, and solids read with it are lost.
 */
export async function readPart(kernels: StepKernels, file: InputFile, options: OpenOptions, work: Work): Promise<Result<PartRead>> {
  try {
    return await readGuarded(kernels, file, options, work);
  } catch (thrown) {
    if (!isTrap(thrown)) throw thrown;
    kernels.reset();
    const cause = thrown instanceof Error ? thrown.message : String(thrown);
    return fail(/memory/i.test(cause) && !/out of bounds/i.test(cause) ? "OUT_OF_MEMORY" : "CRASH", `(${cause})`);
  }
}

async function readGuarded(kernels: StepKernels, file: InputFile, options: OpenOptions, work: Work): Promise<Result<PartRead>> {
  const source = { name: file.name, sha256: await sha256(file.bytes), bytes: file.bytes.length };
  const mesh: MeshOptions = { deflectionMm: options.deflectionMm, angleDeg: ANGLE_DEG, maxFacets: options.maxFacets ?? MAX_FACETS };
  const maxBytes = options.maxBytes ?? OPEN_DEFAULTS.maxBytes;
  work.onProgress?.("reading");
  const other = facetFormat(file.name);
  if (other) {
    const opened = openContainer(file.bytes, { maxBytes });
    if (!opened.ok) return opened;
    if (opened.value.kind !== other) return fail("NOT_STEP", `The name says ${other.toUpperCase()}, the content does not.`);
    return readFacetPart(kernels, opened.value.bytes, other, { ...source, schema: other.toUpperCase(), unit: { name: "mm", mm: 1 } }, options, mesh, work);
  }
  const gated = gateStep(file.bytes, { maxBytes, unitOverride: options.unit });
  if (!gated.ok) return gated;
  const partFile: PartFile = { ...source, schema: gated.value.header.schema, unit: { name: gated.value.unit.name, mm: gated.value.unit.mm } };
  const exact = await readExact(kernels, gated.value, partFile, options, mesh, work);
  if (exact.ok) return ok({ ...exact.value, warnings: [...gated.warnings, ...exact.value.warnings] }, gated.warnings);
  if (exact.problem.code !== "STEP_PARSE") return exact;
  const facets = await readFacetPart(kernels, gated.value.bytes, "step", partFile, options, mesh, work, gated.value);
  if (!facets.ok) return exact;
  return ok({ ...facets.value, warnings: [...gated.warnings, warning("FACETS_ONLY", exact.problem.message), ...facets.value.warnings] });
}

function facetFormat(name: string): "iges" | "brep" | undefined {
  return /\.(iges|igs)$/i.test(name) ? "iges" : /\.(brep|brp)$/i.test(name) ? "brep" : undefined;
}

async function readExact(kernels: StepKernels, gated: GatedStep, file: PartFile, options: OpenOptions, mesh: MeshOptions, work: Work): Promise<Result<PartRead>> {
  work.onProgress?.("loading");
  const oc = await kernels.occt();
  work.onProgress?.("reading");
  const shapes = readShapes(oc, gated.bytes);
  if (!shapes.ok) return shapes;
  const free = (): void => shapes.value.solids.forEach((s) => s.shape.delete());
  const pairs = pair(gated.solids, shapes.value.solids);
  if (!pairs.ok) { free(); return pairs; }
  const chosen = choose(pairs.value, options.bodies);
  if (!chosen.ok) { free(); return chosen; }
  const bodies: Body[] = [], solids = new Map<string, ExactSolid>(), warnings: Problem[] = [];
  const dispose = (): void => { solids.forEach((s) => s[Symbol.dispose]()); };
  const kept = new Set(chosen.value.map((c) => c.solid.shape));
  for (const { shape } of shapes.value.solids) if (!kept.has(shape)) shape.delete();
  for (const [i, { id, gate, solid }] of chosen.value.entries()) {
    const read = readBody(oc, solid.shape, { id, name: gate.name || `body ${id}`, instances: gate.instances }, mesh, work);
    if (!read.ok) {
      dispose();
      chosen.value.slice(i).forEach((c) => c.solid.shape.delete());
      return chosen.value.length === 1 ? read : { ok: false, problem: { ...read.problem, message: `Body ${id}${gate.name ? ` (${gate.name})` : ""}: ${read.problem.message}` } };
    }
    warnings.push(...read.warnings);
    bodies.push(paint(read.value.body, gate));
    solids.set(id, new ExactSolid(read.value.shape));
  }
  const { sheets, wires, annotations } = gated.setAside;
  const part: Part = { name: gated.productName || file.name, reader: "exact", bodies, setAside: { sheets, wires, annotations }, file };
  return ok({ part, solids, warnings, [Symbol.dispose]: dispose });
}

interface Pair { readonly id: string; readonly gate: GatedSolid; readonly solid: SolidShape }

/**
 * Which kernel solid is which solid of the text: same number of faces first, in order. The kernel may make more
 * (what the text sets aside); when it makes fewer the file would be shown in part, so it is refused.
 */
function pair(gates: readonly GatedSolid[], solids: readonly SolidShape[]): Result<Pair[]> {
  if (solids.length === 0) return fail("STEP_PARSE", "The kernel made no solid of it.");
  const left = [...solids], pairs: Pair[] = [];
  const take = (i: number): SolidShape => left.splice(i, 1)[0];
  const waiting: { id: string; gate: GatedSolid }[] = [];
  gates.forEach((gate, i) => {
    const id = String(i + 1), same = left.findIndex((s) => s.faces === gate.faces);
    if (same >= 0) pairs.push({ id, gate, solid: take(same) }); else waiting.push({ id, gate });
  });
  for (const { id, gate } of waiting) {
    // The kernel splits closed faces and drops degenerate ones, so the nearest count is the same solid.
    let best = -1;
    left.forEach((s, i) => { if (best < 0 || Math.abs(s.faces - gate.faces) < Math.abs(left[best].faces - gate.faces)) best = i; });
    if (best < 0) return fail("INVALID_SOLID", `The kernel could build ${solids.length} of ${gates.length} solids; ${gate.name || `solid ${id}`} is missing.`);
    if (left[best].faces < gate.faces) return fail("INVALID_SOLID", `The kernel could build ${left[best].faces} of the ${gate.faces} faces of ${gate.name || `solid ${id}`}.`);
    pairs.push({ id, gate, solid: take(best) });
  }
  return ok(pairs.sort((a, b) => Number(a.id) - Number(b.id)));
}

function choose(pairs: readonly Pair[], bodies: readonly string[] | undefined): Result<readonly Pair[]> {
  if (!bodies) return ok(pairs);
  const unknown = bodies.filter((id) => !pairs.some((p) => p.id === id));
  if (unknown.length === 0) return ok(pairs.filter((p) => bodies.includes(p.id)));
  return fail("BODY_CHOICE", `No body ${unknown.join(", ")}. There are ${pairs.map((p) => `${p.id}${p.gate.name ? ` (${p.gate.name})` : ""}`).join(", ")}.`);
}

/** Colours of the file; they are matched by order, so only where the kernel kept every face. */
function paint(body: Body, gate: GatedSolid): Body {
  const faces = gate.faceColours.size > 0 && gate.faces === body.faces.length
    ? body.faces.map((face) => { const color = gate.faceColours.get(face.index); return color ? { ...face, color } : face; }) : body.faces;
  return { ...body, faces, ...(gate.colour && { color: gate.colour }) };
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}
