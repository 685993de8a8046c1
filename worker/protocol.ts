import type { Finding } from "../src/dfm/finding.ts";
import type { KernelName } from "../src/kernels.ts";
import type { ExportFormat } from "../src/export/formats.ts";
import type { MoldDesign } from "../src/mold/design.ts";
import type { Stage } from "../src/progress.ts";
import type { Decisions } from "../src/report/standing.ts";
import type { SurfaceMap } from "../src/report/maps/surface-maps.ts";
import type { ReportMaterial, ReportMold, ReportPull, ReportWalls } from "../src/report/report.ts";
import type { Problem, Result } from "../src/result.ts";
import type { InputFile, OpenOptions, WallAt } from "../src/engine.ts";
import type { Part } from "../src/part/part.ts";
import type { Box, Vec3 } from "../src/units.ts";

/**
 * The protocol between a page (or a test) and the worker that holds the engine. Everything is plain data; typed
 * arrays are transferred, never copied. Each call answers with a {@link Result}; a call that throws means the
 * kernel's memory can no longer be trusted, and the client starts a fresh worker.
 */
export interface SessionApi {
  /** Where kernel bytes come from; the first call. Starts fetching at once and says how far it is. */
  start(kernels: KernelSupply, onFetch?: FetchListener): Promise<void>;
  /** Reads a file and answers with what the page draws. The handle names the part in every later call. */
  open(handle: string, file: InputFile, options: OpenOptions, onProgress?: ProgressListener): Promise<Result<OpenedPart>>;
  /** Reads a file again after a restart, without sending anything back. */
  reopen(handle: string, file: InputFile, options: OpenOptions): Promise<Result<void>>;
  /** Runs the profile. Maps arrive through `onMap` while it runs: first the cheap and coarse, then the refined. */
  check(handle: string, settings: CheckSettings, onProgress?: ProgressListener, onMap?: MapListener): Promise<Result<Checked>>;
  /** The exact wall at one point: a facet of a body and barycentric weights in it. Undefined for a body that is not there. */
  wallAt(handle: string, body: string, facet: number, weights: Vec3): Promise<Result<WallAt | undefined>>;
  /** The mold of a body (the first by default), or of all together, from facets only: quick enough to follow a slider. */
  preview(handle: string, design: MoldDesign, body?: string): Promise<Result<MoldPreview>>;
  /** The mold itself with its proofs. */
  mold(handle: string, design: MoldDesign, onProgress?: ProgressListener): Promise<Result<MoldMade>>;
  /** Files of the mold made last. */
  export(handle: string, formats: readonly ExportFormat[], onProgress?: ProgressListener, body?: string): Promise<Result<readonly OutputFile[]>>;
  /** The report of what was done so far with this part: checked first, molded where it was. */
  report(handle: string, request: ReportRequest): Promise<Result<OutputFile>>;
  /** Frees the part. */
  close(handle: string): Promise<void>;
}

/** Kernel files by folder URL, or inline where a plug-in has no folder. */
export type KernelSupply =
  | { readonly kind: "url"; readonly base: string }
  | { readonly kind: "bytes"; readonly files: Readonly<Partial<Record<KernelName, ArrayBuffer>>> };

/** Bytes of a kernel fetched so far; `totalBytes` is 0 when the server does not say. */
export type FetchListener = (name: KernelName, loadedBytes: number, totalBytes: number) => void;
export type ProgressListener = (stage: Stage, fraction?: number) => void;
export type MapListener = (map: SurfaceMap) => void;

/** Formats of a report. */
export const REPORT_FORMATS = ["html", "json", "csv", "sarif", "bcf"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What a report is made with beside what the worker knows. */
export interface ReportRequest {
  readonly format: ReportFormat;
  /** Version of the tool. */
  readonly version: string;
  /** By finding id. */
  readonly decisions: Decisions;
  readonly comments: Readonly<Record<string, readonly { readonly text: string; readonly name?: string; readonly date: string }[]>>;
  readonly author: string;
  /** ISO 8601 with a time. */
  readonly date: string;
  /** Source of the report page's viewer; without it the page has no 3D view. */
  readonly viewer?: string;
}

/** A file made in the worker. */
export interface OutputFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: Uint8Array;
}

/** A part as the page sees it: its facts, and buffers to draw. */
export interface OpenedPart {
  readonly handle: string;
  readonly summary: PartSummary;
  readonly bodies: readonly BodyBuffers[];
  readonly warnings: readonly Problem[];
  readonly readMs: number;
}

/** What is known of a part beside its geometry. Lengths in mm, part frame. */
export interface PartSummary extends Pick<Part, "name" | "file" | "reader" | "setAside"> {
  readonly boxMm: Box;
  readonly volumeMm3: number;
  readonly areaMm2: number;
  readonly faces: number;
  readonly facets: number;
  readonly bodies: readonly BodySummary[];
}

/** One body's facts. */
export interface BodySummary {
  readonly id: string;
  readonly name: string;
  readonly instances: number;
  readonly volumeMm3: number;
  readonly areaMm2: number;
  readonly centroidMm: Vec3;
  readonly boxMm: Box;
  readonly faces: readonly FaceSummary[];
  readonly edges: readonly EdgeSummary[];
}

/** One face: enough to name it, to find it again in the next revision, and to draw it alone. */
export interface FaceSummary {
  readonly index: number;
  /** `plane`, `cylinder`, …, or the name of an unusual surface. */
  readonly kind: string;
  readonly areaMm2: number;
  /** Exact radius of a cylinder or sphere, minor radius of a torus. */
  readonly radiusMm?: number;
  /** Area-weighted middle of its facets, mm, part frame. */
  readonly centroidMm: Vec3;
  /** Area-weighted mean outward normal; shorter than 1 on a curved face, zero on a closed one. */
  readonly normal: Vec3;
  readonly boxMm: Box;
  /** First triangle and number of triangles. */
  readonly start: number;
  readonly count: number;
  readonly deviationMm: number;
}

/** One edge and its segments in {@link BodyBuffers.edgePositions}. */
export interface EdgeSummary {
  readonly index: number;
  readonly kind: string;
  readonly lengthMm: number;
  readonly faces: readonly [number, number];
  readonly convexity: "convex" | "concave" | "smooth" | "mixed" | "seam";
  readonly start: number;
  readonly count: number;
}

/** Buffers ready for the GPU. Positions are relative to `originMm` so that single precision suffices far from the part's origin. */
export interface BodyBuffers {
  readonly id: string;
  readonly originMm: Vec3;
  /** `[v*3]` xyz, mm, relative to `originMm`. */
  readonly positions: Float32Array;
  /** `[v*3]` outward unit normals. */
  readonly normals: Float32Array;
  /** `[t*3]` vertex indices; triangles of one face are contiguous. */
  readonly indices: Uint32Array;
  /** `[t]` face of each triangle. */
  readonly faceOf: Uint32Array;
  /** `[s*6]` both ends of each edge segment, relative to `originMm`; seams and smooth edges come last. */
  readonly edgePositions: Float32Array;
  /** How many of the segments belong to sharp edges: those drawn. */
  readonly sharpSegments: number;
  /** Serialized three-mesh-bvh tree over `indices`, in indirect mode. */
  readonly bvh: { readonly roots: readonly ArrayBuffer[]; readonly indirect: Uint32Array | Uint16Array };
}

/** What a check runs with. */
export interface CheckSettings {
  /** Material id, or absent for none. */
  readonly material?: string;
  /** The user's own factor, per axis. */
  readonly osf?: Vec3;
  /** Profile id. */
  readonly profile?: string;
  readonly pull?: Vec3 | "auto";
}

/** What a check found. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly pull: ReportPull;
  /** Thickness by area of every body with opposed walls. */
  readonly walls: readonly ReportWalls[];
  readonly material?: ReportMaterial;
  readonly massG?: number;
  readonly problems: readonly Problem[];
  readonly checkMs: number;
}

/** Triangles of a mold piece, relative to the body's origin. */
export interface PieceBuffers {
  readonly role: "core" | "cavity";
  /** `[v*3]` mm, relative to the preview's `originMm`; three vertices for each triangle. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** `[s*6]` both ends of each sharp edge. */
  readonly outline: Float32Array;
  readonly volumeMm3: number;
}

/** A mold from facets. */
export interface MoldPreview {
  /** Ids of the bodies in it. */
  readonly bodies: readonly string[];
  readonly originMm: Vec3;
  readonly pieces: readonly PieceBuffers[];
  readonly oversizedMm3: number;
  readonly pull: Vec3;
  readonly partingMm: number;
  readonly blockMm: Vec3;
  readonly previewMs: number;
}

/** Molds with their proofs and the pieces to draw. */
export interface MoldMade {
  readonly molds: readonly ReportMold[];
  /** One for each mold. */
  readonly previews: readonly MoldPreview[];
  readonly problems: readonly Problem[];
  readonly moldMs: number;
}
