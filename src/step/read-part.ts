import type { LengthUnitName } from "../units.ts";
import type { Body, Part } from "../part/part.ts";
import type { Work } from "../progress.ts";
import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import { ExactSolid } from "./exact-solid.ts";
import { readBody, readShapes } from "./occt/read-solids.ts";
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

/** Facet turn between neighbours, degrees. */
const ANGLE_DEG = 15;
const MAX_FACETS = 2_000_000;

/** STEP bytes to a part. */
export async function readPart(kernels: StepKernels, file: InputFile, options: OpenOptions, work: Work): Promise<Result<PartRead>> {
  work.onProgress?.("loading");
  const oc = await kernels.occt();
  work.onProgress?.("reading");
  const shapes = readShapes(oc, file.bytes);
  if (!shapes.ok) return shapes;
  const { solids, sheets, wires } = shapes.value;
  if (solids.length === 0) return fail("NO_SOLID");
  const warnings: Problem[] = sheets + wires > 0 ? [warning("SET_ASIDE", `${sheets} sheet faces, ${wires} loose edges.`)] : [];
  const bodies: Body[] = [], held = new Map<string, ExactSolid>();
  for (const [i, solid] of solids.entries()) {
    const id = String(i + 1);
    const read = readBody(oc, solid.shape, { id, name: `body ${id}`, instances: solid.instances }, { deflectionMm: options.deflectionMm, angleDeg: ANGLE_DEG, maxFacets: options.maxFacets ?? MAX_FACETS }, work);
    if (!read.ok) return read;
    warnings.push(...read.warnings);
    bodies.push(read.value.body);
    held.set(id, new ExactSolid(read.value.shape));
  }
  const part: Part = {
    name: file.name, reader: "exact", bodies, setAside: { sheets, wires, annotations: 0 },
    file: { name: file.name, sha256: await sha256(file.bytes), bytes: file.bytes.length, schema: "", unit: { name: "mm", mm: 1 } },
  };
  return ok({ part, solids: held, warnings, [Symbol.dispose]: () => held.forEach((s) => s[Symbol.dispose]()) }, warnings);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}
