import { z } from "zod";
import { EXPORT_FORMATS } from "../export/formats.ts";
import { LENGTH_UNITS } from "../units.ts";

const finite = z.number();
const vector = z.tuple([finite, finite, finite]);
const text = z.string().min(1);
const units = Object.keys(LENGTH_UNITS) as [string, ...string[]];

/** Settings of one part, by the names of their flags in camelCase; a per-file table or sidecar may hold these. */
export const PART_SETTINGS = z.strictObject({
  material: text.describe("alloy, as listed by oversize materials"),
  osf: z.union([finite, vector, text]).describe("oversize factor, one or three"),
  feedstock: text.describe("feedstock file, FILE or FILE#ID"),
  density: finite.describe("pore-free density, g/cm³"),
  pull: z.union([vector, text]).describe("pull direction"),
  profile: text.describe("rule profile, or a JSON file of your own"),
  unit: z.enum(units).describe("length unit when the file declares none"),
  body: z.array(z.union([text, z.int()])).describe("bodies to take, by number"),
  deflection: finite.describe("distance of facets from the surface, mm"),
  maxBytes: z.int().describe("largest file to open"),
  maxFacets: z.int().describe("most facets to mesh"),
  timeout: finite.describe("time limit of one file, s"),
  origin: text.describe("what stays in place while the part grows"),
  margin: finite.describe("steel around the part, mm"),
  blockSize: z.union([vector, text]).describe("explicit block size, mm"),
  round: finite.describe("step the block's size is rounded up to, mm"),
  parting: finite.describe("height of the parting plane along the pull, mm"),
  pins: z.union([z.literal(0), z.literal(2), z.literal(4)]).describe("alignment pins"),
  clearance: finite.describe("gap at the parting face outside the land, mm"),
  together: z.boolean().describe("all bodies in one mold"),
  format: z.array(z.enum(EXPORT_FORMATS)).describe("further formats"),
}).partial();

/** `oversize.config.json`: settings of parts and of runs. */
export const CONFIG_FILE = PART_SETTINGS.extend({
  $schema: z.string().optional(),
  out: text.describe("folder for results").optional(),
  check: z.boolean().describe("batch: check the parts").optional(),
  mold: z.boolean().describe("batch: make the molds").optional(),
  jobs: z.int().describe("batch: parts at a time").optional(),
  maxMemory: finite.describe("memory limit of one file, MB").optional(),
  recycle: z.int().describe("batch: parts after which a process is replaced").optional(),
  table: text.describe("batch: CSV with settings for each file").optional(),
  failOn: z.enum(["never", "blocking", "undecided", "advisory"]).describe("exit code 1 for findings at or above this").optional(),
  queue: text.describe("batch, worker: Redis URL").optional(),
});

/** Settings of one part as a file gives them. */
export type PartSettings = z.infer<typeof PART_SETTINGS>;

/** Names of the settings of one part. */
export const PART_SETTING_NAMES = Object.keys(PART_SETTINGS.shape) as (keyof PartSettings)[];

/** JSON Schema of `oversize.config.json`. */
export const configSchema = (): object => ({ title: "oversize.config.json", ...z.toJSONSchema(CONFIG_FILE) });

/** The first thing wrong with a value, naming the field. */
export function schemaComplaint(error: z.ZodError): string {
  const [issue] = error.issues;
  const field = issue.path.join(".");
  return field ? `${field}: ${issue.message}` : issue.message;
}
