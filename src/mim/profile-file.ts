import * as z from "zod";
import { fail, ok, type Result } from "../result.ts";
import { LIMIT_NAMES, LIMITS, type LimitName } from "./limits.ts";
import { explainIssues } from "./user-json.ts";

const range = z
  .strictObject({ min: z.number().nonnegative().optional(), max: z.number().nonnegative().optional() })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, "min is above max");

/** One limit as a user writes it. The unit is fixed per limit; naming it is allowed, naming another is an error. */
const limitOf = (name: LimitName) =>
  z
    .strictObject({
      min: z.number().nonnegative().optional(),
      max: z.number().nonnegative().optional(),
      preferred: range.optional(),
      unit: z.literal(LIMITS[name].unit).optional(),
      source: z.string().trim().min(1).optional().describe("where the number comes from"),
    })
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, "min is above max")
    .refine(({ min, max, preferred }) => min !== undefined || max !== undefined || preferred !== undefined, "give min, max or preferred")
    .nullable()
    .describe(`${LIMITS[name].meaning}, ${LIMITS[name].unit}; null drops an inherited limit`);

type LimitSchema = ReturnType<typeof limitOf>;
const limits = Object.fromEntries(LIMIT_NAMES.map((name) => [name, limitOf(name).optional()])) as Record<LimitName, z.ZodOptional<LimitSchema>>;

/** Schema of a user's rule profile, `oversize.profile/1`. */
export const profileFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    schema: z.literal("oversize.profile/1"),
    id: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, "use letters, digits, dots and dashes"),
    title: z.string().trim().min(1).optional(),
    extends: z.string().optional().describe("id of the profile whose limits are taken over"),
    source: z.string().trim().min(1).optional().describe("where the limits come from, unless one says otherwise"),
    limits: z.strictObject(limits).default({}),
  })
  .describe("Rule profile for Oversize");

/** A user's rule profile. */
export type ProfileFile = z.infer<typeof profileFileSchema>;

/** JSON Schema of the profile file, for editors. */
export const profileJsonSchema = (): object => z.toJSONSchema(profileFileSchema, { io: "input" });

/** Validates a parsed profile file. CONFIG_INVALID names the field. */
export function readProfileFile(json: unknown): Result<ProfileFile> {
  const read = profileFileSchema.safeParse(json);
  return read.success ? ok(read.data) : fail("CONFIG_INVALID", `Profile: ${explainIssues(read.error)}`);
}
