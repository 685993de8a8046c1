import type { Body, Part, PartFile } from "../part/part.ts";
import type { Work } from "../progress.ts";
import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import type { LengthUnitName } from "../units.ts";
import { checkDeclared } from "./check-declared.ts";
import { OPEN_DEFAULTS, openContainer } from "./container/open-container.ts";
import { ExactSolid } from "./exact-solid.ts";
import { gateStep, type GatedSolid, type GatedStep } from "./p21/gate-step.ts";
import { readFacetPart } from "./read-facet-part.ts";
import { isTrap, type Occt } from "./occt/load-occt.ts";
import { roughBoxAtHome } from "./occt/measure-solid.ts";
import { findStrayPole } from "../part/stray-pole.ts";
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
  if (exact.ok) {
    // The text may have told already that a solid is inside out.
    const told = gated.warnings.some((w) => w.code === "INSIDE_OUT");
    const warnings = [...gated.warnings, ...exact.value.warnings.filter((w) => !told || w.code !== "INSIDE_OUT")];
    return ok({ ...exact.value, warnings }, warnings);
  }
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
  const pairs = pair(oc, gated.solids, shapes.value.solids);
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
    warnings.push(...read.warnings, ...strayPoles(read.value.body));
    bodies.push(paint(read.value.body, gate));
    solids.set(id, new ExactSolid(read.value.shape));
  }
  const { sheets, wires, annotations } = gated.setAside;
  const declared = checkDeclared(gated, new Map(chosen.value.map(({ gate }, i) => [gate.instance, bodies[i]])));
  const part: Part = { name: gated.productName || file.name, reader: "exact", bodies, setAside: { sheets, wires, annotations }, file, ...(declared.measures.length > 0 && { declared: declared.measures }) };
  return ok({ part, solids, warnings: [...warnings, ...declared.warnings], [Symbol.dispose]: dispose });
}

function strayPoles(body: Body): Problem[] {
  const strays = body.faces.flatMap(({ index, surface }) => (surface.kind === "nurbs" ? [{ index, pole: findStrayPole(surface) }] : []));
  return strays.flatMap(({ index, pole }) => (pole ? [warning("POLE_STRAY", `Control point ${pole.u + 1}, ${pole.v + 1} of face ${index} stands out from its net by ${pole.offByMm.toPrecision(2)} mm.`)] : []));
}

/** Boxes nearer to each other than this are equal: the order of the file decides. */
const SAME_BOX_MM = 0.001;

interface Pair { readonly id: string; readonly gate: GatedSolid; readonly solid: SolidShape }

/**
 * Which kernel solid is which solid of the text: the kernel walks the assembly tree and the text lists its records, so
 * order says nothing. Nearest number of faces first, then the same number of instances, then the nearest box in the
 * solid's own coordinates. The kernel may make more (what the text sets aside); when it makes fewer, or places one more or less
 * often than the text does, the file would be shown in part, so it is refused.
 */
function pair(oc: Occt, gates: readonly GatedSolid[], solids: readonly SolidShape[]): Result<Pair[]> {
  if (solids.length === 0) return fail("STEP_PARSE", "The kernel made no solid of it.");
  const boxes = gates.length > 1 || solids.length > 1 ? solids.map((s) => roughBoxAtHome(oc, s.shape)) : [];
  const differs = (g: number, s: number): number[] => {
    const gate = gates[g], solid = solids[s], boxMm = gate.boxMm;
    // The kernel splits closed faces, so more faces are likelier than fewer.
    const faces = Math.abs(solid.faces - gate.faces), away = boxMm && boxes[s] ? Math.round(Math.hypot(...boxMm.flat().map((x, i) => x - boxes[s].flat()[i])) / SAME_BOX_MM) : 0;
    return [faces, solid.instances === gate.instances ? 0 : 1, away];
  };
  const free = new Set(solids.keys()), open = new Set(gates.keys()), pairs: Pair[] = [];
  const all = [...open].flatMap((g) => [...free].map((s) => ({ g, s, by: differs(g, s) })));
  all.sort((a, b) => a.by[0] - b.by[0] || a.by[1] - b.by[1] || a.by[2] - b.by[2] || a.g - b.g || a.s - b.s);
  for (const { g, s } of all) {
    if (!open.has(g) || !free.has(s)) continue;
    open.delete(g); free.delete(s);
    const gate = gates[g], solid = solids[s], id = String(g + 1), name = gate.name || `solid ${id}`;
    if (solid.faces < gate.faces) return fail("INVALID_SOLID", `The kernel could build ${solid.faces} of the ${gate.faces} faces of ${name}.`);
    if (solid.instances !== gate.instances) return fail("INVALID_SOLID", `The kernel places ${name} ${solid.instances} times, the file ${gate.instances} times.`);
    pairs.push({ id, gate, solid });
  }
  const [missing] = open;
  if (missing !== undefined) return fail("INVALID_SOLID", `The kernel could build ${solids.length} of ${gates.length} solids; ${gates[missing].name || `solid ${missing + 1}`} is missing.`);
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
