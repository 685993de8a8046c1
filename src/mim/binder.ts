import * as z from "zod";
import { fail, ok, type Result } from "../result.ts";
import { SOURCES } from "./sources.ts";
import { explainIssues, parseJson } from "./user-json.ts";

/** One substance of a binder: its share by weight (any scale) and its density. */
export interface BinderPart {
  readonly name: string;
  readonly parts: number;
  readonly densityGcm3: number;
}

/** A binder by weight. */
export interface Binder {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly constituents: readonly BinderPart[];
}

/** The shipped binders. */
export const BINDERS: readonly Binder[] = [
  {
    id: "pom-7",
    title: "seven-constituent POM binder",
    source: `${SOURCES.pim.title}, ${SOURCES.pim.date}`,
    constituents: [
      { name: "POM", parts: 88, densityGcm3: 1.4 },
      { name: "PP", parts: 2.5, densityGcm3: 1 },
      { name: "HDPE", parts: 2.5, densityGcm3: 1 },
      { name: "EVA", parts: 1, densityGcm3: 1 },
      { name: "PW", parts: 1, densityGcm3: 0.95 },
      { name: "SA", parts: 4, densityGcm3: 0.95 },
      { name: "1010", parts: 1, densityGcm3: 0.95 },
    ],
  },
];

const binderSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal("oversize.binder/1"),
    id: z.string().trim().min(1),
    title: z.string().trim().min(1).optional(),
    source: z.string().trim().min(1),
    constituents: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1),
          parts: z.number().positive().describe("share by weight, on any scale"),
          densityGcm3: z.number().gt(0.3).lt(5).describe("g/cm³"),
        }),
      )
      .min(1),
  })
  .describe("Binder recipe for Oversize");

/** JSON Schema of a binder file, `oversize.binder/1`. */
export const binderJsonSchema = (): object => z.toJSONSchema(binderSchema, { io: "input" });

/**
 * The binder of that id, or one written out: JSON text (`oversize.binder/1`), or `PW:65:0.9,PP:30:0.91,SA:5:0.94` as
 * name:parts:density in g/cm³. RECIPE_INVALID lists the shipped ones; CONFIG_INVALID names the field.
 */
export function resolveBinder(given: string): Result<Binder> {
  const text = given.trim();
  if (text.startsWith("{")) return readBinder(text);
  if (text.includes(":")) return writtenOut(text);
  const binder = BINDERS.find(({ id }) => id === text);
  return binder ? ok(binder) : fail("RECIPE_INVALID", `There is no binder "${text}".`, `Use ${BINDERS.map(({ id }) => id).join(", ")}, a binder file, or name:parts:density,….`);
}

/** Reads a binder file, `oversize.binder/1`. CONFIG_INVALID names the field. */
export function readBinder(text: string): Result<Binder> {
  const json = parseJson(text, "binder file");
  if (!json.ok) return json;
  const read = binderSchema.safeParse(json.value);
  if (!read.success) return fail("CONFIG_INVALID", `Binder: ${explainIssues(read.error)}`);
  const { id, title, source, constituents } = read.data;
  return ok({ id, title: title ?? id, source, constituents });
}

function writtenOut(text: string): Result<Binder> {
  const rows = text.split(",").map((part) => {
    const [name, parts, density, ...rest] = part.split(":").map((field) => field.trim());
    return { name, parts: Number(parts), densityGcm3: Number(density), extra: rest.length };
  });
  for (const { name, parts, densityGcm3, extra } of rows) {
    const wrong = !name || extra || !(parts > 0) || !Number.isFinite(parts) || !(densityGcm3 > 0.3 && densityGcm3 < 5);
    if (wrong) return fail("RECIPE_INVALID", `Binder "${text}": each constituent is name:parts:density with parts above 0 and a density of 0.3 to 5 g/cm³.`);
  }
  return ok({ id: "given", title: "binder given by the user", source: "given by the user", constituents: rows.map(({ name, parts, densityGcm3 }) => ({ name, parts, densityGcm3 })) });
}
