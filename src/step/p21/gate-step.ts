import type { Rgb } from "../../part/part.ts";
import { fail, ok, warning, type Problem, type Result } from "../../result.ts";
import { LENGTH_UNITS, type Box, type LengthUnitName } from "../../units.ts";
import { openContainer, OPEN_DEFAULTS, type Opened } from "../container/open-container.ts";
import { readAssembly, text, type Assembly } from "./assembly.ts";
import { checkClosed } from "./check-closed.ts";
import { checkGeometry } from "./check-geometry.ts";
import { checkIncidence, OFF_NOTED_MM } from "./check-incidence.ts";
import { surfaceColours } from "./colours.ts";
import { declaredMeasures, type DeclaredShape } from "./declared-measures.ts";
import { readHeader, type HeaderFacts } from "./header.ts";
import { checkLoops } from "./loops.ts";
import { unfaithfulPlacement } from "./mapped-transforms.ts";
import { normalise } from "./normalise.ts";
import type { Part21 } from "./part21.ts";
import { danglingElsewhere, reach } from "./reach.ts";
import { shapeRepresentations, type Representation } from "./representations.ts";
import { scanP21 } from "./scan-p21.ts";
import { externalFiles, readSetAside, type SetAsideFacts } from "./set-aside.ts";
import { readTopology, SOLID_WORDS, type SolidTopology } from "./topology.ts";
import { checkVocabulary } from "./vocabulary.ts";
import { contextUnits, type ContextUnits, type LengthUnit } from "./units.ts";

/** How a file is to be read. */
export interface GateOptions {
  /** Largest size, unpacked, bytes. */
  readonly maxBytes?: number;
  /** The length unit to use whatever the file declares. */
  readonly unitOverride?: LengthUnitName;
}

/** One boundary solid, as the text tells it. */
export interface GatedSolid {
  /** `#15`: the instance, for kernels that address instances. */
  readonly entity: string;
  /** Its number in file order among all instances, from 0. */
  readonly instance: number;
  /** Its own name, else its product's; "" when neither has one. */
  readonly name: string;
  readonly productName: string;
  /** Outer shell and voids. */
  readonly shells: number;
  readonly faces: number;
  /** Entities of the faces, outer shell first, in the shells' order. */
  readonly faceEntities: readonly string[];
  /** How often the assembly places it. */
  readonly instances: number;
  readonly unit: LengthUnit;
  /** Box of vertices, lines and arcs, mm, its own coordinates; freeform and closed faces may reach beyond it. */
  readonly boxMm: Box | undefined;
  /** Display colour as the file gives it (not linear), of the solid and of single faces by their place in `faceEntities`. */
  readonly colour: Rgb | undefined;
  readonly faceColours: ReadonlyMap<number, Rgb>;
}

/** A file that passed the gate. */
export interface GatedStep {
  /** Text for the kernel. */
  readonly bytes: Uint8Array;
  readonly via: Opened["via"];
  readonly innerName: string | undefined;
  readonly header: HeaderFacts;
  /** Unit of the solids (of the first one when they differ), after any override. */
  readonly unit: LengthUnit;
  /** Name of the first product that no other contains. */
  readonly productName: string;
  /** In file order; never empty. */
  readonly solids: readonly GatedSolid[];
  readonly setAside: SetAsideFacts;
  readonly externalFiles: readonly string[];
  /** What the file says its products measure; nothing when the unit was overridden. */
  readonly declared: readonly DeclaredShape[];
}

/** Sizes outside of which a MIM part is not credible, mm: the largest part trays hold, and powder. */
const LARGEST_MM = 500;
const SMALLEST_MM = 0.5;
/** Single precision resolves 0.001 mm up to here. */
const FAR_MM = 16_777;

/**
 * The gate in front of the kernel: bytes to Part 21 text that may safely be read, with the facts of the text.
 * Everything is judged from the text alone, so it is an opinion independent of the kernel. What the text cannot tell (freeform
 * surfaces against their edges, self-intersection, volume) is left to the kernel.
 *
 * Errors: those of {@link openContainer} and {@link scanP21}; `STEP_SCHEMA`, `STEP_REFERENCE`, `STEP_NUMBER`,
 * `UNIT_UNDECLARED`, `UNIT_INVALID`, `NO_GEOMETRY`, `NO_SOLID`, `NOT_CLOSED`, `INVALID_SOLID`, `TOLERANCE_SCALE`,
 * `MAPPED_TRANSFORM`, `EXTERNAL_REFERENCE`. Warnings: `HEALED`, `STEP_SCHEMA`, `UNIT_MISMATCH`,
 * `SIZE_SUSPICIOUS`, `FAR_ORIGIN`, `EDGES_LOOSE`, `INSIDE_OUT`, `BODIES_OVERLAP`, `SET_ASIDE`, `EXTERNAL_REFERENCE`.
 */
export function gateStep(bytes: Uint8Array, options: GateOptions = {}): Result<GatedStep> {
  const opened = openContainer(bytes, { maxBytes: options.maxBytes ?? OPEN_DEFAULTS.maxBytes });
  if (!opened.ok) return opened;
  if (opened.value.kind !== "step") return fail("NOT_STEP", `It looks like ${opened.value.kind === "iges" ? "an IGES file" : "an OCCT BREP file"}.`);
  const scanned = scanP21(opened.value.bytes);
  if (!scanned.ok) return scanned;
  const gated = gateText(scanned.value, opened.value, options);
  return gated.ok ? ok(gated.value, [...opened.warnings, ...gated.warnings]) : gated;
}

function gateText(p: Part21, opened: Opened, options: GateOptions): Result<GatedStep> {
  const warnings: Problem[] = [];
  const header = readHeader(p);
  if (!header.ok) return header;
  warnings.push(...header.warnings);
  const representations = shapeRepresentations(p);
  const reached = reach(p, representations.keys());
  if (!reached.ok) return reached;
  const dangling = danglingElsewhere(p, reached.value);
  if (dangling) warnings.push(warning("HEALED", `${dangling} references outside the shape lead nowhere.`));
  const assembly = readAssembly(p, representations);
  if (!assembly.ok) return assembly;
  const setAside = readSetAside(p, representations);
  const files = externalFiles(p);
  const found = findSolids(p, representations, assembly.value);
  if (files.length && (!found.length || files.some((name) => /\.(stp|step|p21|stpz)$/i.test(name)))) {
    return fail("EXTERNAL_REFERENCE", `It names ${files.slice(0, 8).join(", ")}.`);
  }
  if (files.length) warnings.push(warning("EXTERNAL_REFERENCE", `It names ${files.slice(0, 8).join(", ")}.`));
  if (!found.length) return fail("NO_SOLID", whatElse(p, setAside));
  const misplaced = unfaithfulPlacement(p, representations, new Set(found.map(({ representation }) => representation.instance)));
  if (misplaced) return fail("MAPPED_TRANSFORM", misplaced);
  const units = solidUnits(p, found, options.unitOverride);
  if (!units.ok) return units;
  warnings.push(...units.warnings);
  const geometry = checkGeometry(p, reached.value, units.value.angleRad);
  if (!geometry.ok) return geometry;
  const colours = surfaceColours(p);
  const solids: GatedSolid[] = [];
  for (const { solid, representation } of found) {
    const gated = gateSolid(p, solid, representation, units.value.of(representation), assembly.value, colours);
    if (!gated.ok) return gated;
    solids.push(gated.value);
    warnings.push(...gated.warnings);
  }
  const words = checkVocabulary(p, found.map(({ solid }) => solid), [...new Set(found.map(({ representation }) => representation.context))]);
  if (!words.ok) return words;
  warnings.push(...overlaps(solids, found, assembly.value));
  if (setAside.sheets || setAside.wires || setAside.annotations || setAside.otherSolids.length) warnings.push(warning("SET_ASIDE", whatElse(p, setAside)));
  const normalised = normalise(p, units.value.override);
  for (const repair of normalised.repairs) warnings.push(warning("HEALED", `In the text ${repair}.`));
  return ok({
    bytes: normalised.bytes,
    via: opened.via,
    innerName: opened.innerName,
    header: header.value,
    unit: solids[0].unit,
    productName: assembly.value.rootName,
    solids,
    setAside,
    externalFiles: files,
    declared: units.value.override ? [] : declaredMeasures(p, found, assembly.value),
  }, unique(warnings));
}

interface Found { solid: number; representation: Representation }

/**
 * Solids that a shape representation shows; a solid nothing shows is not part of the file's shape. Where several show it
 * (a detail repeats it for its properties), the product's own representation counts.
 */
function findSolids(p: Part21, representations: ReadonlyMap<number, Representation>, assembly: Assembly): Found[] {
  const isSolid = p.flags((name) => SOLID_WORDS.some((word) => word === name));
  const found = new Map<number, Found>();
  for (const representation of representations.values()) {
    for (const item of representation.items) {
      if (!p.among(item, isSolid)) continue;
      const known = found.get(item);
      if (!known || (!assembly.hasProduct(known.representation.instance) && assembly.hasProduct(representation.instance))) found.set(item, { solid: item, representation });
    }
  }
  return [...found.values()].sort((a, b) => a.solid - b.solid);
}

function whatElse(p: Part21, { sheets, wires, annotations, otherSolids }: SetAsideFacts): string {
  const parts = [
    sheets ? `${sheets} sheet${sheets > 1 ? "s" : ""}` : "",
    wires ? `${wires} wireframe${wires > 1 ? "s" : ""} or point set${wires > 1 ? "s" : ""}` : "",
    annotations ? `${annotations} annotation${annotations > 1 ? "s" : ""}` : "",
    otherSolids.length ? `solids of a kind that is not read (${otherSolids.join(", ")})` : "",
  ].filter(Boolean);
  if (parts.length) return `In it: ${parts.join(", ")}.`;
  return SOLID_WORDS.some((word) => p.find(word) >= 0) ? "A solid is defined, but no shape of a product shows it." : "";
}

interface SolidUnits {
  of(representation: Representation): { length: LengthUnit; angleRad: number };
  readonly angleRad: number;
  readonly override: { contexts: number[]; unit: LengthUnit } | undefined;
}

/** Units of the contexts the solids stand in. Contexts may differ; kernels honour each. */
function solidUnits(p: Part21, found: readonly Found[], overrideName: LengthUnitName | undefined): Result<SolidUnits> {
  const warnings: Problem[] = [];
  const override = overrideName ? { name: overrideName, mm: LENGTH_UNITS[overrideName] } : undefined;
  const known = new Map<number, ContextUnits>();
  for (const { solid, representation } of found) {
    const { context } = representation;
    if (known.has(context)) continue;
    if (context < 0 && override) return fail("UNIT_INVALID", `${p.name(representation.instance)} has no context to put a unit into.`);
    const units = contextUnits(p, context);
    if (!units.ok && !override) return units;
    const declared = units.ok ? units.value : { length: undefined, angleRad: 1 };
    if (!declared.length && !override) return fail("UNIT_UNDECLARED", `${p.name(solid)} has none.`);
    if (override && declared.length && declared.length.mm !== override.mm) warnings.push(warning("UNIT_MISMATCH", `The file says ${declared.length.name}; ${override.name} was used as asked.`, "Nothing to do if --unit is right."));
    else if (units.ok) warnings.push(...units.warnings);
    known.set(context, declared);
  }
  const first = known.values().next().value;
  return ok({
    of: ({ context }) => ({ length: override ?? known.get(context)?.length ?? { name: "mm", mm: 1 }, angleRad: known.get(context)?.angleRad ?? 1 }),
    angleRad: first?.angleRad ?? 1,
    override: override ? { contexts: [...known.keys()], unit: override } : undefined,
  }, warnings);
}

function gateSolid(
  p: Part21,
  solid: number,
  representation: Representation,
  units: { length: LengthUnit; angleRad: number },
  assembly: Assembly,
  colours: ReadonlyMap<number, Rgb>,
): Result<GatedSolid> {
  const topology = readTopology(p, solid);
  if (!topology.ok) return topology;
  const warnings: Problem[] = [];
  for (const shell of topology.value.shells) {
    const closed = checkClosed(p, shell);
    if (!closed.ok) return closed;
    warnings.push(...closed.warnings);
  }
  const loops = checkLoops(p, topology.value);
  if (!loops.ok) return loops;
  const incidence = checkIncidence(p, topology.value, units.length.mm, units.angleRad);
  if (!incidence.ok) return incidence;
  const { box, outward, inward, largestOff } = incidence.value;
  if (outward && inward) return fail("INVALID_SOLID", `${p.name(solid)}: ${inward} of its flat faces are turned inward.`);
  if (inward) warnings.push(warning("INSIDE_OUT", `${p.name(solid)}: its faces point inward.`));
  const { mm } = units.length;
  if (largestOff.exact * mm > OFF_NOTED_MM.exact || largestOff.approximate * mm > OFF_NOTED_MM.approximate) {
    warnings.push(warning("EDGES_LOOSE", `${p.name(solid)}: by up to ${(Math.max(largestOff.exact, largestOff.approximate) * mm).toPrecision(2)} mm.`));
  }
  const boxMm: Box | undefined = box && [[box[0][0] * mm, box[0][1] * mm, box[0][2] * mm], [box[1][0] * mm, box[1][1] * mm, box[1][2] * mm]];
  if (boxMm) warnings.push(...sizeWarnings(boxMm));
  const productName = assembly.productOf(representation.instance);
  return ok({ ...named(p, solid, productName), ...faces(p, topology.value, colours), instances: assembly.instancesOf(representation.instance), unit: units.length, boxMm, colour: colours.get(solid) }, warnings);
}

function named(p: Part21, solid: number, productName: string): Pick<GatedSolid, "entity" | "instance" | "name" | "productName"> {
  const open = p.part(solid, p.find("REPRESENTATION_ITEM"));
  const own = text(p, open >= 0 ? open : p.first[solid] + 1, 0);
  const name = [own, productName].find((said) => !/^(none)?$/i.test(said)) ?? "";
  return { entity: p.id(solid), instance: solid, name, productName };
}

function faces(p: Part21, topology: SolidTopology, colours: ReadonlyMap<number, Rgb>): Pick<GatedSolid, "shells" | "faces" | "faceEntities" | "faceColours"> {
  const all = topology.shells.flatMap((shell) => shell.faces.map((face) => face.instance));
  const faceColours = new Map<number, Rgb>();
  all.forEach((face, i) => {
    const colour = colours.get(face);
    if (colour) faceColours.set(i, colour);
  });
  return { shells: topology.shells.length, faces: all.length, faceEntities: all.map((face) => p.id(face)), faceColours };
}

function sizeWarnings([min, max]: Box): Problem[] {
  const size = Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2]);
  const shown = [0, 1, 2].map((i) => Number((max[i] - min[i]).toPrecision(4))).join(" × ");
  const warnings: Problem[] = [];
  if (size > LARGEST_MM || size < SMALLEST_MM) warnings.push(warning("SIZE_SUSPICIOUS", `It measures ${shown} mm.`));
  const far = Math.max(...[0, 1, 2].map((i) => Math.abs(max[i] + min[i]) / 2));
  if (far > FAR_MM && far > 10 * size) warnings.push(warning("FAR_ORIGIN", `It lies ${far.toPrecision(4)} mm away.`));
  return warnings;
}

/** Solids with the same box and face count, standing in the file's own coordinates, lie in each other. */
function overlaps(solids: readonly GatedSolid[], found: readonly Found[], assembly: Assembly): Problem[] {
  const seen = new Map<string, number>();
  const warnings: Problem[] = [];
  solids.forEach((solid, i) => {
    if (!solid.boxMm || !assembly.isRoot(found[i].representation.instance)) return;
    const key = `${solid.faces} ${solid.boxMm.flat().map((x) => x.toFixed(6)).join(" ")}`;
    const other = seen.get(key);
    if (other !== undefined) warnings.push(warning("BODIES_OVERLAP", `${solids[other].entity} and ${solid.entity} stand in the same place.`));
    else seen.set(key, i);
  });
  return warnings;
}

/** Each warning once. */
function unique(warnings: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return warnings.filter(({ code, message }) => !seen.has(`${code} ${message}`) && seen.add(`${code} ${message}`));
}
