import { fail, ok, warning, type Problem, type Result } from "../../result.ts";
import { decodeString } from "./decode-string.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

/** A length unit of the file. */
export interface LengthUnit {
  /** `mm`, `cm`, `m`, … for SI; the file's own word, lower case, for a conversion based unit. */
  readonly name: string;
  /** Millimetres in one of it. */
  readonly mm: number;
}

/** Units of one geometric context (an instance with GLOBAL_UNIT_ASSIGNED_CONTEXT). */
export interface ContextUnits {
  /** Undefined when the context declares no length unit. */
  readonly length: LengthUnit | undefined;
  /** Radians in one plane angle unit; 1 when undeclared, as kernels assume. */
  readonly angleRad: number;
}

// ISO 10303-41 si_prefix.
const PREFIX: Readonly<Record<string, number>> = {
  EXA: 1e18, PETA: 1e15, TERA: 1e12, GIGA: 1e9, MEGA: 1e6, KILO: 1e3, HECTO: 1e2, DECA: 1e1,
  DECI: 1e-1, CENTI: 1e-2, MILLI: 1e-3, MICRO: 1e-6, NANO: 1e-9, PICO: 1e-12, FEMTO: 1e-15, ATTO: 1e-18,
};
const SI_NAMES = new Map([[1e-3, "mm"], [1e-2, "cm"], [1, "m"], [1e-6, "um"], [1e-9, "nm"], [1e3, "km"], [1e-1, "dm"]]);

/** What a name promises, mm; a different factor is worth a warning. */
const NAMED = new Map<string, number>([
  ["IN", 25.4], ["INCH", 25.4], ["INCHES", 25.4], ["FT", 304.8], ["FOOT", 304.8], ["FEET", 304.8], ["YARD", 914.4], ["MILE", 1609344],
  ["MIL", 0.0254], ["THOU", 0.0254], ["MICROINCH", 2.54e-5], ["MICRON", 1e-3], ["MM", 1], ["CM", 10], ["M", 1000], ["DM", 100],
  ["MILLIMETRE", 1], ["MILLIMETER", 1], ["CENTIMETRE", 10], ["CENTIMETER", 10], ["METRE", 1000], ["METER", 1000],
]);
const NESTED = 16;

/**
 * Units of one context. Follows SI prefixes and chains of conversion based units by their factors; the
 * factor rules, and a name that promises another gets `UNIT_MISMATCH`. Fails with `UNIT_INVALID` when a
 * length factor is zero, negative or not a number.
 */
export function contextUnits(p: Part21, context: number): Result<ContextUnits> {
  const open = context < 0 ? -1 : p.part(context, p.find("GLOBAL_UNIT_ASSIGNED_CONTEXT"));
  let length: LengthUnit | undefined;
  let angleRad = 1;
  const warnings: Problem[] = [];
  for (const unit of open < 0 ? [] : p.refs(open, 0)) {
    if (isLength(p, unit)) {
      const read = lengthUnit(p, unit, 0);
      if (!read.ok) return read;
      if (length && length.mm !== read.value.mm) warnings.push(warning("UNIT_MISMATCH", `${p.name(context)} assigns two length units; ${length.name} was used.`));
      length ??= read.value;
      warnings.push(...read.warnings);
    } else if (has(p, unit, "PLANE_ANGLE_UNIT")) {
      angleRad = angleUnit(p, unit, 0);
      if (!(angleRad > 0) || !Number.isFinite(angleRad)) return fail("UNIT_INVALID", `The angle unit ${p.id(unit)} has no positive factor.`);
    }
  }
  return ok({ length, angleRad }, warnings);
}

/** Millimetres in a length unit, or in the length unit of a context; undefined where there is none that can be used. */
export function lengthOf(p: Part21, instance: number): number | undefined {
  if (instance < 0) return undefined;
  if (isLength(p, instance)) {
    const unit = lengthUnit(p, instance, 0);
    return unit.ok ? unit.value.mm : undefined;
  }
  const units = contextUnits(p, instance);
  return units.ok ? units.value.length?.mm : undefined;
}

const has = (p: Part21, instance: number, name: string): boolean => p.part(instance, p.find(name)) >= 0;

/** Either marked LENGTH_UNIT, or an SI unit of metres without the mark. */
function isLength(p: Part21, unit: number): boolean {
  if (has(p, unit, "LENGTH_UNIT")) return true;
  const si = p.part(unit, p.find("SI_UNIT"));
  return si >= 0 && p.enumeration(si, p.size(si) - 1) === "METRE" && !has(p, unit, "AREA_UNIT") && !has(p, unit, "VOLUME_UNIT");
}

function lengthUnit(p: Part21, unit: number, depth: number): Result<LengthUnit> {
  if (depth > NESTED) return fail("UNIT_INVALID", `The definition of ${p.id(unit)} refers to itself.`);
  const si = p.part(unit, p.find("SI_UNIT"));
  if (si >= 0) {
    const factor = siFactor(p, si);
    if (factor === undefined || p.enumeration(si, p.size(si) - 1) !== "METRE") return fail("UNIT_INVALID", `${p.id(unit)} is not an SI length.`);
    return ok({ name: SI_NAMES.get(factor) ?? `${factor} m`, mm: factor === 1e-3 ? 1 : factor * 1e3 });
  }
  const open = p.part(unit, p.find("CONVERSION_BASED_UNIT"));
  if (open < 0) return fail("UNIT_INVALID", `${p.name(unit)} has no factor.`);
  const size = p.size(open);
  const label = decodeString(p.stringBytes(open, size - 2) ?? new Uint8Array()).trim();
  const measure = measureOf(p, p.ref(open, size - 1));
  if (!measure) return fail("UNIT_INVALID", `"${label}" has no factor.`);
  const base = lengthUnit(p, measure.unit, depth + 1);
  if (!base.ok) return base;
  const mm = round(measure.value * base.value.mm);
  if (!(mm > 0) || !Number.isFinite(mm)) return fail("UNIT_INVALID", `"${label}" is ${measure.value} ${base.value.name}.`);
  const promised = NAMED.get(label.toUpperCase().replace(/[^A-Z]/g, ""));
  const lies = promised !== undefined && Math.abs(mm - promised) > promised * 1e-3;
  return ok({ name: label.toLowerCase() || "custom", mm }, lies ? [...base.warnings, warning("UNIT_MISMATCH", `"${label}" is defined as ${mm} mm.`)] : base.warnings);
}

/** Takes away what binary arithmetic added: 0.0254 × 1000 is 25.4. */
const round = (mm: number): number => Number(mm.toPrecision(15));

function siFactor(p: Part21, open: number): number | undefined {
  const size = p.size(open);
  const t = p.arg(open, size - 2);
  if (t >= 0 && p.kind[t] === T.ENUM) return PREFIX[p.enumeration(open, size - 2)];
  return 1;
}

function measureOf(p: Part21, measure: number): { value: number; unit: number } | undefined {
  if (measure < 0) return undefined;
  for (const name of ["LENGTH_MEASURE_WITH_UNIT", "PLANE_ANGLE_MEASURE_WITH_UNIT", "MEASURE_WITH_UNIT"]) {
    const open = p.part(measure, p.find(name));
    if (open >= 0 && p.size(open) >= 2) {
      const value = p.num(open, 0), unit = p.ref(open, 1);
      return Number.isFinite(value) && unit >= 0 ? { value, unit } : undefined;
    }
  }
  return undefined;
}

function angleUnit(p: Part21, unit: number, depth: number): number {
  const si = p.part(unit, p.find("SI_UNIT"));
  if (si >= 0) return p.enumeration(si, p.size(si) - 1) === "RADIAN" ? (siFactor(p, si) ?? NaN) : NaN;
  const open = p.part(unit, p.find("CONVERSION_BASED_UNIT"));
  const measure = open < 0 || depth > NESTED ? undefined : measureOf(p, p.ref(open, p.size(open) - 1));
  return measure ? measure.value * angleUnit(p, measure.unit, depth + 1) : NaN;
}
