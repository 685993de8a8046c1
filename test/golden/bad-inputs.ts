import type { ProblemCode } from "../../src/result.ts";

/** Exact volume of the block all bad inputs are made from: 60 × 40 × 12 mm with a blind hole of diameter 10, depth 6. */
export const BLOCK_MM3 = 60 * 40 * 12 - Math.PI * 25 * 6;

/**
 * What a good reader does with one bad input: the manifest's "expected" in codes, not what any reader here does.
 * Where the manifest leaves a choice, all its choices are listed.
 */
export interface BadInput {
  /** `accept`: a part, with whatever warnings; `warn`: a part and at least one of `warnings`; `reject`: one of `rejects`; `skip`: not a file. */
  readonly expect: readonly ("accept" | "warn" | "reject" | "skip")[];
  readonly warnings?: readonly ProblemCode[];
  readonly rejects?: readonly ProblemCode[];
  /** Of an accepted part: number of solids, summed volume, size. */
  readonly solids?: number;
  readonly volumeMm3?: number;
  readonly sizeMm?: readonly [number, number, number];
  /** Name of the part, decoded. */
  readonly name?: string;
  /** Words the message must hold, to name the cause. */
  readonly says?: RegExp;
  /** The text cannot decide this alone; the kernel must. */
  readonly kernelDecides?: true;
  readonly note?: string;
}

const part = (extra: Partial<BadInput> = {}): BadInput => ({ expect: ["accept"], solids: 1, volumeMm3: BLOCK_MM3, sizeMm: [60, 40, 12], ...extra });
const reject = (says: RegExp, ...rejects: ProblemCode[]): BadInput => ({ expect: ["reject"], rejects, says });
const either = (says: RegExp, ...rejects: ProblemCode[]): BadInput => part({ expect: ["accept", "reject"], rejects, says });
const warned = (warnings: readonly ProblemCode[], extra: Partial<BadInput> = {}): BadInput => part({ expect: ["warn"], warnings, ...extra });

/** By the manifest's `file`. */
export const BAD_INPUTS: Readonly<Record<string, BadInput>> = {
  // container
  "empty.step": reject(/empty/i, "FILE_EMPTY"),
  "whitespace.step": reject(/empty|blank/i, "FILE_EMPTY", "NOT_STEP"),
  "truncated_half.step": reject(/ends|truncat/i, "STEP_TRUNCATED"),
  "truncated_no_endsec.step": part({ expect: ["reject", "warn"], rejects: ["STEP_TRUNCATED"], warnings: ["HEALED"], says: /ENDSEC|ends/ }),
  "truncated_mid_string.step": reject(/ends|string/i, "STEP_TRUNCATED", "STEP_PARSE"),
  "binary_junk.step": reject(/not a STEP/i, "NOT_STEP"),
  "nul_bytes.step": reject(/not a STEP/i, "NOT_STEP"),
  "magic_then_junk.step": reject(/damaged|not a STEP/i, "STEP_PARSE", "NOT_STEP", "STEP_TRUNCATED"),
  "stl_ascii_renamed.stp": reject(/STL/, "NOT_STEP"),
  "stl_binary_renamed.stp": reject(/STL/, "NOT_STEP"),
  "iges_renamed.stp": reject(/IGES/, "NOT_STEP"),
  "ifc_renamed.stp": reject(/IFC/, "STEP_SCHEMA", "NOT_STEP"),
  "html_error_page.step": reject(/HTML/, "NOT_STEP"),
  "git_lfs_pointer.step": reject(/Git LFS/, "NOT_STEP"),
  "zip_compressed.stpZ": either(/compress/i, "ARCHIVE_BAD"),
  "zip_renamed.step": either(/compress/i, "ARCHIVE_BAD"),
  "gzip.step.gz": either(/compress/i, "ARCHIVE_BAD"),
  "zip_bomb.stpZ": reject(/unpack/i, "ARCHIVE_BAD", "FILE_TOO_LARGE"),
  "zip_path_traversal.stpZ": part({ expect: ["accept", "reject"], rejects: ["ARCHIVE_BAD"], note: "Never write outside; only the bytes are taken." }),
  "zip_without_step.stpZ": reject(/no STEP/i, "ARCHIVE_BAD", "NOT_STEP"),

  // encoding
  "bom_utf8.step": part(),
  "utf16le.step": either(/UTF-16/, "NOT_STEP"),
  "cr_only.step": part(),
  "crlf.step": part(),
  "one_line.step": part(),
  "comments_own_line.step": part(),
  "comments_inside_statement.step": part(),
  "comment_unterminated.step": reject(/comment/i, "STEP_PARSE", "STEP_TRUNCATED"),
  "lowercase_keywords.step": either(/upper|lower|damaged/i, "STEP_PARSE"),
  "latin1_name.step": part({ note: "Latin-1 or U+FFFD in the name; no decoder error." }),
  "shiftjis_name.step": part({ note: "Raw Shift-JIS in the name; no decoder error." }),
  "utf8_name.step": part({ name: "齿轮 ⚙ é" }),
  "x2_escaped_name.step": part({ note: "id 齿轮 é é, name 😀; either may be shown." }),
  "quote_in_name.step": part(),
  "html_in_name.step": part({ note: "The name is text, never markup." }),
  "csv_formula_name.step": part({ note: "A CSV must not run it." }),
  "path_in_name.step": part({ note: "An output name must not follow it." }),
  "proto_name.step": part({ note: "No name may become a key of a plain object." }),

  // header
  "header_string_1k.step": part(),
  "header_string_10k.step": part(),
  "header_string_100k.step": part(),
  "huge_header_2MB.step": part(),
  "many_header_strings.step": part(),
  "header_only.step": reject(/no geometry/i, "NO_GEOMETRY", "NO_SOLID"),
  "no_header.step": part({ expect: ["warn", "reject"], warnings: ["HEALED", "STEP_SCHEMA"], rejects: ["STEP_PARSE", "STEP_SCHEMA"], says: /header|schema/i }),
  "unknown_schema.step": part({ expect: ["warn", "reject"], warnings: ["STEP_SCHEMA"], rejects: ["STEP_SCHEMA"], says: /MY_PRIVATE_SCHEMA/ }),
  "empty_schema.step": part({ expect: ["warn", "reject"], warnings: ["STEP_SCHEMA"], rejects: ["STEP_SCHEMA"], says: /schema/i }),
  "two_data_sections.step": either(/DATA/, "STEP_PARSE"),

  // units
  "unit_missing.step": reject(/unit/i, "UNIT_UNDECLARED"),
  "unit_metre.step": warned(["SIZE_SUSPICIOUS"], { sizeMm: [60_000, 40_000, 12_000], volumeMm3: BLOCK_MM3 * 1e9 }),
  "unit_micrometre.step": warned(["SIZE_SUSPICIOUS"], { sizeMm: [0.06, 0.04, 0.012], volumeMm3: BLOCK_MM3 * 1e-9 }),
  "unit_inch.step": part({ sizeMm: [1524, 1016, 304.8], volumeMm3: BLOCK_MM3 * 25.4 ** 3 }),
  "unit_inch_label_lies.step": warned(["UNIT_MISMATCH"]),
  "unit_custom_name.step": part({ expect: ["accept", "reject"], rejects: ["UNIT_INVALID", "UNIT_UNDECLARED"], sizeMm: [10_800, 7_200, 2_160], volumeMm3: BLOCK_MM3 * 180 ** 3 }),
  "unit_zero_factor.step": reject(/unit/i, "UNIT_INVALID"),
  "unit_negative_factor.step": reject(/unit/i, "UNIT_INVALID"),

  // numbers
  "lowercase_hex_exponent.step": part(),
  "coord_nan.step": reject(/number/i, "STEP_NUMBER"),
  "coord_qnan.step": reject(/number/i, "STEP_NUMBER"),
  "coord_inf.step": reject(/number/i, "STEP_NUMBER"),
  "coord_star.step": reject(/number/i, "STEP_NUMBER"),
  "coord_dollar.step": reject(/number/i, "STEP_NUMBER"),
  "coord_comma_decimal.step": reject(/coordinates|comma/i, "STEP_NUMBER", "STEP_PARSE"),
  "coord_integer.step": part(),
  "coord_far_origin.step": warned(["FAR_ORIGIN"]),
  "huge_entity_id.step": either(/id|number/i, "STEP_PARSE", "STEP_REFERENCE"),
  "negative_radius.step": part({ expect: ["reject", "warn"], rejects: ["STEP_NUMBER", "INVALID_SOLID"], warnings: ["HEALED"], says: /radius/i }),
  "zero_radius_cylinder.step": reject(/radius|valid/i, "STEP_NUMBER", "INVALID_SOLID", "TOLERANCE_SCALE"),
  "cylinder_radius_mismatch.step": reject(/0\.3|valid|edge/i, "TOLERANCE_SCALE", "INVALID_SOLID"),
  "zero_direction.step": either(/length|direction/i, "STEP_NUMBER"),

  // references
  "dangling_ref.step": reject(/99999|missing|closed|watertight/i, "STEP_REFERENCE", "NOT_CLOSED"),
  "duplicate_id.step": part({ expect: ["reject", "warn"], rejects: ["STEP_REFERENCE"], warnings: ["HEALED", "STEP_REFERENCE"], says: /twice|doubled/i }),
  "self_ref_placement.step": either(/itself|circular/i, "STEP_REFERENCE"),
  "self_ref_shell.step": reject(/itself|circular|solid/i, "STEP_REFERENCE", "NO_SOLID"),
  "wrong_type_ref.step": reject(/instead of|refers|solid/i, "STEP_REFERENCE", "NO_SOLID", "INVALID_SOLID"),
  "assembly_cycle.step": part({ expect: ["reject", "warn"], rejects: ["STEP_REFERENCE"], warnings: ["HEALED", "STEP_REFERENCE"], says: /itself|circular/i }),
  "deep_parentheses.step": either(/nested|parenthes/i, "STEP_NESTING", "STEP_PARSE"),
  "long_reference_chain.step": part(),
  "unused_junk_entities.step": part(),

  // topology
  "open_shell_claims_closed.step": reject(/watertight|closed/i, "NOT_CLOSED", "INVALID_SOLID"),
  "open_shell_model.step": reject(/sheet|surface|no solid/i, "NO_SOLID"),
  "inverted_solid.step": part({ expect: ["warn", "reject"], warnings: ["INSIDE_OUT"], rejects: ["INVALID_SOLID"], kernelDecides: true, note: "The text sees flat faces turned inward; that the solid read is turned right side out is the kernel's to prove." }),
  "duplicate_face.step": reject(/twice|valid|manifold/i, "INVALID_SOLID", "NOT_CLOSED"),
  "empty_shell.step": reject(/no faces|no solid|no geometry/i, "NO_GEOMETRY", "NO_SOLID", "INVALID_SOLID"),
  "zero_solids_product_only.step": reject(/no solid/i, "NO_SOLID", "NO_GEOMETRY"),
  "wireframe_only.step": reject(/wireframe|no solid/i, "NO_SOLID", "NO_GEOMETRY"),
  "point_cloud_only.step": reject(/point|no solid/i, "NO_SOLID", "NO_GEOMETRY"),
  "two_products.step": warned(["BODIES_OVERLAP"], { solids: 2, volumeMm3: 2 * BLOCK_MM3 }),
  "mapped_scale2.step": part({ expect: ["accept", "reject"], rejects: ["MAPPED_TRANSFORM"], says: /scale/i, sizeMm: [120, 80, 24], volumeMm3: 8 * BLOCK_MM3 }),
  "mapped_mirror.step": part({
    expect: ["accept", "reject"],
    rejects: ["MAPPED_TRANSFORM"],
    says: /mirror/i,
    note: "The manifest asks for the mirrored solid, hole centre at x = -10. Refusing with MAPPED_TRANSFORM is what the project was asked to do until it can mirror; a copy turned by 180° in silence is the failure.",
  }),

  // batch
  "fs/UPPER.STEP": part(),
  "fs/upper.step": part({ note: "Differs from fs/UPPER.STEP in case only: outputs must not meet." }),
  "fs/a b #1 100%.step": part(),
  "fs/齿轮é.step": part(),
  "fs/noextension": part({ expect: ["accept", "skip"], note: "Skip or accept by content, and say which." }),
  "fs/part.v2.final.step": part(),
  "fs/-rf.step": part(),
  [`fs/${"n".repeat(200)}.step`]: part(),
  "fs/=cmd.step": part(),
  "fs/directory.step/": { expect: ["skip"], note: "A folder named like a file: skip it, the batch goes on." },
};
