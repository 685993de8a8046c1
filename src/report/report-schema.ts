import * as z from "zod";
import { FINDING_KINDS, type FindingCode } from "../dfm/finding.ts";
import { LIMIT_NAMES } from "../mim/limits.ts";
import { MOLD_FILES } from "../mold/mold.ts";
import { PROBLEMS, type ProblemCode } from "../result.ts";
import { REPORT_SCHEMA, type Report } from "./report.ts";

const codes = <T extends string>(catalogue: Record<T, unknown>): T[] => Object.keys(catalogue) as T[];
const number = z.number();
const count = z.number().int().nonnegative();
const vec3 = z.tuple([number, number, number]).describe("x, y, z");
const box = z.tuple([vec3, vec3]).describe("min and max corner, mm, part frame");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const range = z.object({ min: number.optional(), max: number.optional() });
const unit = z.enum(["mm", "deg", "mm2", "mm3", "g", "ratio", "count", "kN"]);
const pull = z.object({ direction: vec3, chosenBy: z.enum(["user", "auto"]) });
const alternative = z.object({ direction: vec3, trappedMm2: number, sideActions: count, draftDeficitMm2: number, partingSpreadMm: number });

const walls = z.object({
  body: z.string(), medianMm: number, meanMm: number, areaMm2: number.describe("area of opposed walls measured"),
  histogram: z.object({ bordersMm: z.array(number).describe("one more than there are bins"), areaMm2: z.array(number) }),
});

const finding = z.object({
  id: z.string().describe("stable within one report: CODE-1, CODE-2, … in descending weight"),
  code: z.enum(codes<FindingCode>(FINDING_KINDS)),
  body: z.string().describe("id of the body"),
  verdict: z.enum(["pass", "fail", "undecided", "not-evaluated"]),
  severity: z.enum(["blocking", "advisory"]),
  measured: z.object({ value: number, low: number, high: number, unit }).optional().describe("value and the interval that surely holds the truth"),
  limit: z.object({ min: number.optional(), max: number.optional(), unit, source: z.string().optional() }).optional().describe("a value equal to it passes"),
  faces: z.array(count).describe("face indices of the body"),
  edges: z.array(count).optional(),
  points: z.array(vec3).describe("mm, part frame"),
  areaMm2: number.optional(),
  direction: vec3.optional(),
  method: z.string(),
  message: z.string(),
});

const body = z.object({ id: z.string(), name: z.string(), instances: count, faces: count, volumeMm3: number, areaMm2: number, bboxMm: box });

const part = z.object({
  file: z.string(), sha256, name: z.string(), schema: z.string(), unit: z.string(), reader: z.enum(["exact", "facets"]),
  solids: count, faces: count, facets: count, bboxMm: box, volumeMm3: number, areaMm2: number, massG: number.optional(), valid: z.boolean(),
  bodies: z.array(body), setAside: z.object({ sheets: count, wires: count, annotations: count }),
  declared: z.array(z.object({ bodies: z.array(z.string()), quantity: z.enum(["volume", "area", "centroid"]), declared: number, measured: number, allowed: number, agrees: z.boolean() })).optional(),
});

const material = z.object({
  id: z.string(), osf: vec3, shrinkagePercent: vec3, solidsLoadingPercent: number, densityGcm3: number.optional(), source: z.string(),
  sinteredDensityPercent: range.optional(), osfPlusMinus: number.optional(),
  feedstock: z.object({ id: z.string(), vendor: z.string(), grade: z.string(), lot: z.string(), date: z.string() }).optional(),
});

const limit = z.object({ min: number.optional(), max: number.optional(), preferred: range.optional(), unit: z.string(), source: z.string() });

const design = z.object({
  osf: vec3, scaleOrigin: z.enum(["part-origin", "centroid", "box-centre"]), pull: z.union([vec3, z.literal("auto")]),
  block: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("margin"), sideMm: number, topMm: number, bottomMm: number, roundToMm: number }),
    z.object({ kind: z.literal("size"), sizeMm: vec3, roundToMm: number }),
  ]),
  partingMm: z.union([number, z.literal("auto")]),
  pins: z.object({ count: z.union([z.literal(0), z.literal(2), z.literal(4)]), diameterMm: number, lengthMm: number, fitMm: number, insetMm: number }),
  clearanceMm: number, bodies: z.enum(["each", "together"]),
});

const proof = z.object({ holds: z.boolean(), measured: number, expected: number, tolerance: number });

const mold = z.object({
  bodies: z.array(z.string()), realisation: z.enum(["exact", "facets"]), design, pull, partingMm: number,
  proofs: z.object({
    volumeRatio: proof, sameSurfaces: proof.optional(), closure: proof, moments: proof.optional(), validSolids: proof.optional(), overlapMm3: proof,
    pullFree: z.object({ holds: z.boolean(), trappedMm2: number, faces: z.array(count), points: z.array(vec3) }),
    crossCheck: proof.optional(), files: z.array(z.object({ file: z.enum(MOLD_FILES), readBack: proof, secondReader: proof })).optional(),
    readBack: proof.optional(), secondReader: proof.optional(),
  }),
  files: z.array(z.object({ path: z.string(), format: z.string(), bytes: count, sha256 })),
});

/** The report's schema. Fields may be added to the report without a new schema name, so unknown ones are let through. */
export const reportSchema = z.object({
  schema: z.literal(REPORT_SCHEMA),
  tool: z.object({ name: z.literal("oversize"), version: z.string() }),
  part,
  material: material.optional(),
  profile: z.object({ id: z.string(), limits: z.partialRecord(z.enum(LIMIT_NAMES), limit) }).optional(),
  pull: pull.extend({ alternatives: z.array(alternative).optional().describe("directions examined, best first; one that was asked for comes first") }).optional(),
  findings: z.array(finding), walls: z.array(walls).optional().describe("thickness by area"),
  molds: z.array(mold),
  problems: z.array(z.object({ code: z.enum(codes<ProblemCode>(PROBLEMS)), severity: z.enum(["error", "warning"]), message: z.string(), suggestion: z.string() })),
  settings: z.record(z.string(), z.object({ value: z.unknown(), from: z.string() })).optional(),
  timingsMs: z.record(z.string(), number),
}).describe("Oversize report of one part. Lengths in mm, areas in mm², volumes in mm³, masses in g, angles in degrees; part frame, sintered size.");

/** The report's JSON Schema (draft 2020-12). */
export const reportJsonSchema = (): object => ({ $id: "report.schema.json", title: REPORT_SCHEMA, ...z.toJSONSchema(reportSchema, { io: "input" }) });

// The schema and the type say the same, field for field: an assignment that stops compiling is the check.
type Plain<T> = unknown extends T ? T : T extends string | number | boolean | undefined ? T : { -readonly [K in keyof T]: Plain<T[K]> };
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const schemaMatchesType: Same<Plain<z.output<typeof reportSchema>>, Plain<Report>> = true;
void schemaMatchesType;
