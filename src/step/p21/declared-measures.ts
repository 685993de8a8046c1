import type { Vec3 } from "../../units.ts";
import { text, type Assembly } from "./assembly.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";
import { lengthOf } from "./units.ts";

/** A number with what half a unit of its last written digit makes. */
export interface DeclaredNumber {
  readonly value: number;
  readonly roundedBy: number;
}

/** What the sender measured of one product that is no assembly: geometric validation properties of AP203, AP214 and AP242. */
export interface DeclaredShape {
  /** Instances of its solids. */
  readonly solids: readonly number[];
  readonly volumeMm3?: DeclaredNumber;
  readonly areaMm2?: DeclaredNumber;
  /** In the product's own coordinates; only of a product that nothing places. */
  readonly centroidMm?: Vec3;
}

const PROPERTY = /^geometric[ _]validation[ _]property$/i, AREA = /^(wetted|surface) area measure$/i;

/**
 * Volume, area and centre point that a file states of its own products. Properties of assemblies, of single
 * placements and of details (faces, bodies of a product by their own name) are left out, and so is a measure without a unit that is a length.
 * @param found solids with the representation that shows each
 */
export function declaredMeasures(p: Part21, found: readonly { readonly solid: number; readonly representation: { readonly instance: number } }[], assembly: Assembly): DeclaredShape[] {
  const property = p.find("PROPERTY_DEFINITION"), shape = p.find("PRODUCT_DEFINITION_SHAPE"), shapes = new Map<number, DeclaredShape>();
  if (property < 0 || shape < 0) return [];
  for (const [, open] of p.each("PROPERTY_DEFINITION_REPRESENTATION")) {
    const about = p.ref(open, 0), told = p.ref(open, 1), aboutOpen = about < 0 ? -1 : p.part(about, property);
    if (aboutOpen < 0 || told < 0 || !PROPERTY.test(text(p, aboutOpen, 0))) continue;
    const target = p.ref(aboutOpen, 2), shapeOpen = target < 0 ? -1 : p.part(target, shape), definition = shapeOpen < 0 ? -1 : p.ref(shapeOpen, 2);
    if (definition < 0 || assembly.isAssembly(definition)) continue;
    const own = found.filter(({ representation }) => assembly.sameProduct(definition, representation.instance));
    if (own.length > 0) shapes.set(definition, { solids: own.map(({ solid }) => solid), ...shapes.get(definition), ...measuresIn(p, told, assembly.isRoot(definition)) });
  }
  return [...shapes.values()].filter((s) => s.volumeMm3 ?? s.areaMm2 ?? s.centroidMm);
}

function measuresIn(p: Part21, representation: number, withCentre: boolean): Partial<DeclaredShape> {
  const base = p.find("REPRESENTATION"), open = p.word[representation] >= 0 ? p.first[representation] + 1 : p.part(representation, base);
  const found: { -readonly [K in keyof DeclaredShape]?: DeclaredShape[K] } = {};
  for (const item of open < 0 ? [] : p.refs(open, 1)) {
    const { name, value, unit } = measureItem(p, item);
    if (/^volume measure$/i.test(name)) { const volume = scaled(p, value, unit, 3); if (volume) found.volumeMm3 = volume; }
    if (AREA.test(name)) { const area = scaled(p, value, unit, 2); if (area) found.areaMm2 = area; }
    const point = p.part(item, p.find("CARTESIAN_POINT")), mm = lengthOf(p, p.ref(open, 2));
    if (point < 0 || !withCentre || mm === undefined || !/^centre point$/i.test(text(p, point, 0))) continue;
    const list = p.arg(point, 1), [x, y, z] = [0, 1, 2].map((i) => p.num(list, i) * mm);
    if ([x, y, z].every(Number.isFinite)) found.centroidMm = [x, y, z];
  }
  return found;
}

/** Name, token of the value and unit of a measure, whether it is a simple instance or a complex one. */
function measureItem(p: Part21, item: number): { name: string; value: number; unit: number } {
  const simple = p.word[item] >= 0, open = p.part(item, p.find("MEASURE_REPRESENTATION_ITEM"));
  if (open < 0) return { name: "", value: -1, unit: -1 };
  if (simple) return { name: text(p, open, 0), value: p.arg(open, 1), unit: p.ref(open, 2) };
  const named = p.part(item, p.find("REPRESENTATION_ITEM")), measured = p.part(item, p.find("MEASURE_WITH_UNIT"));
  return named < 0 || measured < 0 ? { name: "", value: -1, unit: -1 } : { name: text(p, named, 0), value: p.arg(measured, 0), unit: p.ref(measured, 1) };
}

/** A typed value such as `VOLUME_MEASURE(1.5E3)` in mm to the power; its unit is a length to that power. */
function scaled(p: Part21, value: number, unit: number, power: 2 | 3): DeclaredNumber | undefined {
  const mm = unit < 0 || value < 0 ? undefined : lengthToPower(p, unit, power), at = p.kind[value] === T.KW ? value + 2 : value, number = p.kind[at] === T.NUM ? p.val[at] : NaN;
  if (mm === undefined || !(number > 0)) return undefined;
  const factor = mm ** power;
  return { value: number * factor, roundedBy: 0.5 * lastPlace(writtenAt(p, p.pos[at])) * factor };
}

function lengthToPower(p: Part21, unit: number, power: number): number | undefined {
  const derived = p.part(unit, p.find("DERIVED_UNIT")), elements = derived < 0 ? [] : p.refs(derived, 0);
  const open = elements.length === 1 ? p.part(elements[0], p.find("DERIVED_UNIT_ELEMENT")) : -1;
  return open >= 0 && p.num(open, 1) === power ? lengthOf(p, p.ref(open, 0)) : undefined;
}

function writtenAt(p: Part21, byte: number): string {
  return /^[-+0-9.eE]+/.exec(String.fromCharCode(...p.bytes.subarray(byte, byte + 40)))?.[0] ?? "";
}

/** What one unit of the last written digit is worth: 0.01 for `1.25`, 10 for `1.25E3`. */
export function lastPlace(written: string): number {
  const [mantissa, exponent] = written.split(/e/i), fraction = mantissa.split(".")[1] ?? "";
  return 10 ** (Number(exponent ?? 0) - fraction.length);
}
