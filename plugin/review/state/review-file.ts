import * as z from "zod";
import type { Vec3 } from "../../../src/units.ts";
import type { Result } from "../../../src/result.ts";
import { fail, ok } from "../../../src/result.ts";
import type { FindingRecord } from "./compare.ts";

/** Name of the review file's format; it changes when a field changes its meaning or goes. */
export const REVIEW_SCHEMA = "oversize.review/1";

/** What people decided about one part: everything a review file holds. Never changed in place. */
export interface Review {
  readonly schema: typeof REVIEW_SCHEMA;
  readonly part: { readonly name: string; readonly file: string; readonly sha256: string };
  readonly settings: ReviewSettings;
  /** By fingerprint; a finding without one is open. */
  readonly decisions: Readonly<Record<string, Decision>>;
  readonly comments: readonly Comment[];
  readonly pins: readonly Pin[];
  readonly viewpoints: readonly Viewpoint[];
  /** The findings that were looked at, to compare the next revision with. */
  readonly findings: readonly FindingRecord[];
}

/** What a part is checked and molded with. */
export interface ReviewSettings {
  readonly material: string;
  /** The user's own factor; absent: the material's. */
  readonly osf?: Vec3;
  readonly profile: string;
  readonly pull: Vec3 | "auto";
  /** Values of the mold parameters that differ from their defaults, by parameter name. */
  readonly mold: Readonly<Record<string, number | string | boolean>>;
}

/** States of a finding beside open. */
export const DECIDED = ["accepted", "waived", "fixed"] as const;
export type DecidedState = (typeof DECIDED)[number];

/** What was decided, by whom and why. */
export interface Decision {
  readonly state: DecidedState;
  readonly reason?: string;
  readonly name?: string;
  /** ISO 8601. */
  readonly date: string;
  /** Set when it came from an earlier revision of the part and nobody has confirmed it since. */
  readonly carried?: boolean;
}

/** A remark on a finding, or on the part. */
export interface Comment {
  readonly id: string;
  readonly fingerprint?: string;
  readonly text: string;
  readonly name?: string;
  readonly date: string;
}

/** A note stuck to a point of a face. */
export interface Pin {
  readonly id: string;
  readonly body: string;
  readonly face: number;
  /** mm, part frame. */
  readonly at: Vec3;
  readonly text: string;
  readonly name?: string;
  readonly date: string;
}

/** A saved view. Positions in mm, part frame. */
export interface Viewpoint {
  readonly id: string;
  readonly name: string;
  readonly camera: CameraPose;
  readonly heat: string;
  readonly selected?: string;
  readonly section?: { readonly normal: Vec3; readonly offsetMm: number };
}

/** A camera. `heightMm` is the height of what an orthographic camera sees. */
export interface CameraPose {
  readonly projection: "perspective" | "orthographic";
  readonly position: Vec3;
  readonly target: Vec3;
  readonly up: Vec3;
  readonly heightMm: number;
}

/** What a part is checked with when nothing is said. */
export const SETTINGS_DEFAULT: ReviewSettings = { material: "17-4PH", profile: "align", pull: "auto", mold: {} };

/** A review in which nothing is decided. */
export const newReview = (part: Review["part"], settings: ReviewSettings = SETTINGS_DEFAULT): Review => ({
  schema: REVIEW_SCHEMA, part, settings, decisions: {}, comments: [], pins: [], viewpoints: [], findings: [],
});

/** A review as the text of a file. */
export const writeReview = (review: Review): string => `${JSON.stringify(review, null, 2)}\n`;

/** Reads a review file. CONFIG_INVALID names the first field that is wrong; unknown fields are dropped. */
export function readReview(text: string): Result<Review> {
  let json: unknown;
  try { json = JSON.parse(text); } catch { return fail("CONFIG_INVALID", "This is not a review file: it is not JSON.", "Drop a .review.json that was saved here, or a STEP file."); }
  const parsed = reviewSchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return fail("CONFIG_INVALID", `Review file: ${issue.path.join(".") || "the whole"}: ${issue.message}.`, "Drop a .review.json that was saved here.");
}

const number = z.number();
const vec3 = z.tuple([number, number, number]).readonly();
const text = z.string().max(10_000);
const measured = z.object({ value: number, low: number, high: number, unit: z.enum(["mm", "deg", "mm2", "mm3", "g", "ratio", "count", "kN"]) });
const anchor = z.object({ code: text, body: text, surfaces: z.array(text), at: vec3.optional(), sizeMm: number });

const reviewSchema = z.object({
  schema: z.literal(REVIEW_SCHEMA),
  part: z.object({ name: text, file: text, sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex") }),
  settings: z.object({
    material: text, osf: vec3.optional(), profile: text,
    pull: z.union([vec3, z.literal("auto")]),
    mold: z.record(text, z.union([number, text, z.boolean()])),
  }),
  decisions: z.record(text, z.object({ state: z.enum(DECIDED), reason: text.optional(), name: text.optional(), date: text, carried: z.boolean().optional() })),
  comments: z.array(z.object({ id: text, fingerprint: text.optional(), text, name: text.optional(), date: text })),
  pins: z.array(z.object({ id: text, body: text, face: number.int().nonnegative(), at: vec3, text, name: text.optional(), date: text })),
  viewpoints: z.array(z.object({
    id: text, name: text, heat: text, selected: text.optional(),
    camera: z.object({ projection: z.enum(["perspective", "orthographic"]), position: vec3, target: vec3, up: vec3, heightMm: number.positive() }),
    section: z.object({ normal: vec3, offsetMm: number }).optional(),
  })),
  findings: z.array(z.object({ fingerprint: text, anchor, verdict: z.enum(["pass", "fail", "undecided", "not-evaluated"]), measured: measured.optional(), message: text })),
});
