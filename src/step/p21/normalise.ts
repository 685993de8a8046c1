import type { LengthUnit } from "./units.ts";
import type { Part21 } from "./part21.ts";

/** Text for the kernel and what was mended in it, in words. */
export interface NormalisedText {
  /** The bytes given, when nothing had to be mended. */
  readonly bytes: Uint8Array;
  readonly repairs: readonly string[];
}

/** A unit to write into contexts instead of what they declare. */
export interface UnitOverride {
  readonly contexts: readonly number[];
  readonly unit: LengthUnit;
}

interface Edit { start: number; end: number; text: string }

const encoder = new TextEncoder();

/**
 * Text that kernels read reliably: no comments or page controls inside statements (both kernels lose the instance),
 * no strings over 8 kB (their lexer fails near 100 kB), upper case words, a header, one DATA section, an end.
 * A unit override is written into the text, so that the kernel's own tolerances follow it; scaling
 * afterwards would not.
 */
export function normalise(p: Part21, override?: UnitOverride): NormalisedText {
  const { notes } = p;
  const edits: Edit[] = [];
  const repairs: string[] = [];
  const blank = (pairs: readonly number[], text: string, from: number): number => {
    let n = 0;
    for (let i = 0; i < pairs.length; i += 2) if (pairs[i] >= from) n += edits.push({ start: pairs[i], end: pairs[i + 1], text }) > 0 ? 1 : 0;
    return n;
  };
  if (blank(notes.innerComments, " ", notes.dataStart)) repairs.push("comments inside statements were left out");
  if (blank(notes.printControls, " ", 0)) repairs.push("page controls were left out");
  if (blank(notes.bareExponents, ".", 0)) repairs.push("numbers without a decimal point were completed");
  blank(notes.dropped, "", 0);
  for (let i = 0; i < notes.longStrings.length; i += 2) edits.push(shortened(p.bytes, notes.longStrings[i], notes.longStrings[i + 1]));
  if (notes.longStrings.length) repairs.push("very long strings were shortened");
  if (!notes.hasHeader) {
    const at = p.bytes.indexOf(59) + 1;
    edits.push({ start: at, end: at, text: "\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\n" });
    repairs.push("the missing header was added");
  }
  if (notes.endsecMissing || notes.endIsoMissing) {
    edits.push({ start: notes.endIsoStart, end: notes.end, text: `${notes.endsecMissing ? "\nENDSEC;" : ""}\nEND-ISO-10303-21;\n` });
    repairs.push("the missing end of the file was added");
  } else if (p.bytes.subarray(notes.end).some((c) => c > 32)) edits.push({ start: notes.end, end: p.bytes.length, text: "\n" });
  if (override) edits.push(...unitEdits(p, override));
  let bytes = p.bytes;
  if (notes.lowerCase) {
    bytes = upperCased(bytes);
    repairs.push("words in lower case were read as upper case");
  }
  return { bytes: edits.length ? apply(bytes, edits) : bytes, repairs };
}

/** A long string cut to text that cannot end inside an escape. */
function shortened(bytes: Uint8Array, start: number, end: number): Edit {
  let keep = start + 1;
  while (keep < start + 200 && bytes[keep] !== 92 && bytes[keep] !== 39 && bytes[keep] >= 32 && bytes[keep] < 127) keep++;
  return { start: keep, end: end - 1, text: "" };
}

function apply(bytes: Uint8Array, edits: Edit[]): Uint8Array {
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    if (start < at) continue; // inside an edit already made
    parts.push(bytes.subarray(at, start), encoder.encode(text));
    at = end;
  }
  parts.push(bytes.subarray(at));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) { out.set(part, offset); offset += part.length; }
  return out;
}

/** Upper case outside strings and comments. */
function upperCased(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes);
  for (let i = 0; i < out.length; i++) {
    const c = out[i];
    if (c === 39) {
      i = out.indexOf(39, i + 1);
      if (i < 0) break;
    } else if (c === 47 && out[i + 1] === 42) {
      i += 2;
      while (i < out.length && !(out[i] === 42 && out[i + 1] === 47)) i++;
    } else if (c >= 97 && c <= 122) out[i] = c - 32;
  }
  return out;
}

/** Rewrites each context with the overriding length unit, radians and steradians, and adds the unit instances behind it. */
function unitEdits(p: Part21, { contexts, unit }: UnitOverride): Edit[] {
  let next = 1;
  for (let i = 0; i < p.count; i++) {
    const id = Number(p.id(i).slice(1));
    if (id < 2 ** 30 && id >= next) next = id + 1;
  }
  return contexts.map((context) => {
    const [length, base, dimension, measure, angle, solid] = Array.from({ length: 6 }, () => `#${next++}`);
    const text = `${p.id(context)}=(GEOMETRIC_REPRESENTATION_CONTEXT(3)GLOBAL_UNIT_ASSIGNED_CONTEXT((${length},${angle},${solid}))REPRESENTATION_CONTEXT('',''));
${length}=(CONVERSION_BASED_UNIT('UNIT',${measure})LENGTH_UNIT()NAMED_UNIT(${dimension}));
${measure}=LENGTH_MEASURE_WITH_UNIT(LENGTH_MEASURE(${real(unit.mm)}),${base});
${dimension}=DIMENSIONAL_EXPONENTS(1.,0.,0.,0.,0.,0.,0.);
${base}=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.));
${angleText(p, context, angle)}
${solid}=(NAMED_UNIT(*)SI_UNIT($,.STERADIAN.)SOLID_ANGLE_UNIT());`;
    return { start: p.start[context], end: p.stop[context], text };
  });
}

/** The angle unit stays as declared: only the length was in doubt. */
function angleText(p: Part21, context: number, id: string): string {
  const open = p.part(context, p.find("GLOBAL_UNIT_ASSIGNED_CONTEXT"));
  const angle = open < 0 ? undefined : p.refs(open, 0).find((unit) => p.part(unit, p.find("PLANE_ANGLE_UNIT")) >= 0);
  if (angle === undefined) return `${id}=(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.));`;
  const body = new TextDecoder("latin1").decode(p.bytes.subarray(p.pos[p.first[angle]], p.stop[angle]));
  return `${id}=${body.replace(/\/\*[^]*?\*\//g, " ")}`;
}

const real = (value: number): string => {
  const text = String(value).toUpperCase();
  return text.includes(".") ? text : text.includes("E") ? text.replace("E", ".E") : `${text}.`;
};
