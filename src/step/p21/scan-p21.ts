import { fail, ok, type Result } from "../../result.ts";
import { failAt, Lexer, P21Error } from "./lexer.ts";
import { Part21, type HeaderRecord, type ScanNotes } from "./part21.ts";
import { T } from "./tokens.ts";

/**
 * Part 21 text to an indexed instance table. Checks the grammar of every statement (commas, parentheses,
 * strings, numbers), so that what passes is text any reader reads the same way.
 *
 * Fails with `STEP_PARSE`, `STEP_NUMBER`, `STEP_NESTING` (each with its line), `STEP_TRUNCATED` when a DATA
 * section is not closed, `STEP_REFERENCE` for an id used twice, `NO_GEOMETRY` for an empty DATA section.
 */
export function scanP21(bytes: Uint8Array): Result<Part21> {
  try {
    return scan(bytes);
  } catch (error) {
    if (error instanceof P21Error) return failAt(bytes, error);
    throw error;
  }
}

type Section = "start" | "between" | "header" | "data";

function scan(bytes: Uint8Array): Result<Part21> {
  const lexer = new Lexer(bytes);
  const { tokens, words } = lexer;
  const header: HeaderRecord[] = [];
  const table = { id: [] as number[], first: [] as number[], end: [] as number[], start: [] as number[], stop: [] as number[] };
  const notes: ScanNotes = { dataSections: 0, hasHeader: false, endsecMissing: false, endIsoMissing: true, innerComments: [], longStrings: [], lowerCase: false, printControls: [], bareExponents: [], dropped: [], dataStart: 0, endIsoStart: bytes.length, end: bytes.length };
  let section: Section = "start";
  let instances = 0;
  let lastEndsec: readonly [number, number] = [0, 0];

  while (lexer.skip()) {
    const start = lexer.p;
    if (bytes[start] === 35) {
      if (section !== "data") throw new P21Error("STEP_PARSE", start, "An instance stands outside the DATA section.");
      const id = lexer.instanceId();
      const first = lexer.record(false);
      table.id.push(id); table.first.push(first); table.end.push(tokens.count); table.start.push(start); table.stop.push(lexer.p);
      if (instances++ === 0) notes.dataStart = start;
      continue;
    }
    if (section === "start" && !startsAsStep(bytes, start)) return fail("NOT_STEP", "It does not start with ISO-10303-21.");
    const first = lexer.record(true);
    if (tokens.kind[first] !== T.KW) throw new P21Error("STEP_PARSE", start, "A statement without a name.");
    const word = words.names[tokens.val[first]];
    if (section === "start") {
      section = "between";
    } else if (word === "END-ISO-10303-21") {
      notes.endIsoMissing = false;
      notes.endsecMissing = section === "data" || section === "header";
      notes.endIsoStart = start;
      notes.end = lexer.p;
      break;
    } else if (section === "header" && word !== "ENDSEC") {
      header.push({ word, first, start, stop: lexer.p });
      continue;
    } else {
      section = next(section, word, start, notes, lexer);
      if (word === "ENDSEC") lastEndsec = [start, lexer.p];
      else if (word === "DATA" && notes.dataSections > 1) notes.dropped.push(...lastEndsec, start, lexer.p);
      else if (word !== "DATA" && word !== "HEADER") notes.dropped.push(start, lexer.p);
    }
    tokens.count = first;
  }
  return finish(lexer, section, header, table, notes, instances);
}

const startsAsStep = (bytes: Uint8Array, at: number): boolean =>
  /^ISO-10303-21\s*(;|\/\*)/i.test(String.fromCharCode(...bytes.subarray(at, at + 40)));

/** The section after a statement that is neither an instance nor a header record. */
function next(section: Section, word: string, at: number, notes: ScanNotes, lexer: Lexer): Section {
  if (word === "ENDSEC" && (section === "header" || section === "data")) return "between";
  if (section === "between") {
    if (word === "HEADER") {
      notes.hasHeader = true;
      return "header";
    }
    if (word === "DATA") {
      notes.dataSections++;
      return "data";
    }
    if (word === "ANCHOR" || word === "REFERENCE" || word === "SIGNATURE") {
      skipSection(lexer);
      return "between";
    }
  }
  throw new P21Error("STEP_PARSE", at, `"${word.slice(0, 40)}" stands where it should not.`);
}

/** Edition 3 sections hold no geometry; what refers into them shows up as a dangling reference. */
function skipSection(lexer: Lexer): void {
  const { bytes } = lexer;
  for (let at = bytes.indexOf(69, lexer.p); at >= 0; at = bytes.indexOf(69, at + 1)) {
    if (String.fromCharCode(...bytes.subarray(at, at + 7)) === "ENDSEC;") {
      lexer.p = at + 7;
      return;
    }
  }
  throw new P21Error("STEP_TRUNCATED", bytes.length, "A section is never closed.");
}

interface Table { id: number[]; first: number[]; end: number[]; start: number[]; stop: number[] }

function finish(lexer: Lexer, section: Section, header: HeaderRecord[], table: Table, notes: ScanNotes, instances: number): Result<Part21> {
  if (section === "data" && notes.endIsoMissing) return fail("STEP_TRUNCATED", "The DATA section has no end: neither ENDSEC nor END-ISO-10303-21.");
  if (section === "start") return fail("NOT_STEP", "It does not start with ISO-10303-21.");
  if (notes.dataSections === 0) return fail(notes.endIsoMissing ? "STEP_TRUNCATED" : "NO_GEOMETRY", "There is no DATA section.");
  if (instances === 0) return fail("NO_GEOMETRY", "The DATA section is empty.");
  notes.innerComments = lexer.innerComments;
  notes.longStrings = lexer.longStrings;
  notes.lowerCase = lexer.lowerCaseWords;
  notes.printControls = lexer.printControls;
  notes.bareExponents = lexer.bareExponents;
  const part = new Part21(lexer.bytes, lexer.tokens, lexer.words, header, table, notes);
  const twice = part.indexInstances();
  if (twice >= 0) return fail("STEP_REFERENCE", `${part.name(twice)} is defined twice.`);
  return ok(part);
}
