import { fail, ok, warning, type Result } from "../../result.ts";
import { text } from "./assembly.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

/** What the header says. Everything is text for people. */
export interface HeaderFacts {
  /** `AP203`, `AP214`, `AP242`, or the schema's own name; "" when none is given. */
  readonly schema: string;
  /** The schema as written. */
  readonly schemaRaw: string;
  readonly fileName: string;
  readonly timeStamp: string;
  readonly preprocessor: string;
  readonly originatingSystem: string;
}

const SCHEMAS: readonly (readonly [RegExp, string])[] = [
  [/^AP242|^MANAGED_MODEL_BASED_3D_ENGINEERING/i, "AP242"],
  [/^AUTOMOTIVE_DESIGN|^AP214/i, "AP214"],
  [/^CONFIG_CONTROL_DESIGN|^CONFIGURATION_CONTROL|^AP203|^CCD_CLA/i, "AP203"],
];

// Schemas in the same syntax that describe something else than a part.
const OTHER_FIELD = /^(IFC|CIS2|STRUCTURAL_FRAME|SHIP_|PLANT_|ELECTRO)/i;

/**
 * Header facts and the application protocol. Fails with `STEP_SCHEMA` for a schema of another field (IFC and the
 * like); an unknown or missing schema gets that code as a warning, since its instances may well be ordinary.
 */
export function readHeader(p: Part21): Result<HeaderFacts> {
  const open = (word: string): number => {
    const record = p.header.find((r) => r.word === word);
    return record && p.kind[record.first + 1] === T.OPEN ? record.first + 1 : -1;
  };
  const name = open("FILE_NAME"), schemaOpen = open("FILE_SCHEMA");
  const list = schemaOpen < 0 ? -1 : p.arg(schemaOpen, 0);
  const schemaRaw = list >= 0 && p.kind[list] === T.OPEN ? text(p, list, 0) : "";
  if (OTHER_FIELD.test(schemaRaw)) return fail("STEP_SCHEMA", `It is "${schemaRaw.slice(0, 60)}": not a mechanical part.`);
  const known = SCHEMAS.find(([pattern]) => pattern.test(schemaRaw))?.[1] ?? protocolOf(p);
  const facts: HeaderFacts = {
    schema: known ?? schemaRaw.slice(0, 60),
    schemaRaw,
    fileName: name < 0 ? "" : text(p, name, 0),
    timeStamp: name < 0 ? "" : text(p, name, 1),
    preprocessor: name < 0 ? "" : text(p, name, 4),
    originatingSystem: name < 0 ? "" : text(p, name, 5),
  };
  if (SCHEMAS.some(([pattern]) => pattern.test(schemaRaw))) return ok(facts);
  const said = schemaRaw ? `It says "${schemaRaw.slice(0, 60)}"` : "It names no schema";
  return ok(facts, [warning("STEP_SCHEMA", known ? `${said}; its instances are ${known}.` : `${said}.`)]);
}

/** The protocol its own APPLICATION_PROTOCOL_DEFINITION names. */
function protocolOf(p: Part21): string | undefined {
  for (const [, open] of p.each("APPLICATION_PROTOCOL_DEFINITION")) {
    const said = text(p, open, 1);
    if (/automotive/i.test(said)) return "AP214";
    if (/config/i.test(said)) return "AP203";
    if (/managed|242/i.test(said)) return "AP242";
  }
  return undefined;
}
