import type { Box, Vec3 } from "../units.ts";
import type { Curve } from "./curve.ts";
import type { Surface } from "./surface.ts";

/** A part as it was read: plain data, safe to send to another thread. Lengths in mm, part frame, sintered size. */
export interface Part {
  /** The product's name as its author wrote it, decoded; shown as text, never used as a path. */
  readonly name: string;
  readonly file: PartFile;
  /** `exact`: surfaces and measures from the B-rep. `facets`: triangles only, and every result says so. */
  readonly reader: "exact" | "facets";
  /** Each unique solid once, in file order. Never empty. */
  readonly bodies: readonly Body[];
  /** What else the file holds, kept out of every box, volume and boolean. */
  readonly setAside: SetAside;
  /** What the file itself says of its products (geometric validation properties) beside what was measured; absent when it says nothing. */
  readonly declared?: readonly DeclaredMeasure[];
}

/** One measure that the sender wrote into the file. */
export interface DeclaredMeasure {
  /** Bodies of the product it is about. */
  readonly bodies: readonly string[];
  readonly quantity: "volume" | "area" | "centroid";
  /** mm³ and mm²; of a centroid the distance between the two, mm, is `measured` and `declared` is 0. */
  readonly declared: number;
  readonly measured: number;
  /** How far apart the two may be, mm³, mm² or mm. */
  readonly allowed: number;
  readonly agrees: boolean;
}

/** Where a part came from. */
export interface PartFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** `AP203`, `AP214`, `AP242`, `IGES`, `BREP`, or the schema's own name. */
  readonly schema: string;
  readonly unit: { readonly name: string; readonly mm: number };
}

/** Counts of what is not a solid. */
export interface SetAside {
  readonly sheets: number;
  readonly wires: number;
  readonly annotations: number;
}

/** One solid. Indices of faces, edges and facets are local to it. */
export interface Body {
  /** `"1"`, `"2"`, …: the number `--body` takes. */
  readonly id: string;
  readonly name: string;
  readonly color?: Rgb;
  /** How often an assembly places this solid. */
  readonly instances: number;
  readonly faces: readonly Face[];
  readonly edges: readonly Edge[];
  readonly facets: Facets;
  readonly mass: MassProperties;
  /** Shells: 1, plus one for each internal void. */
  readonly shells: number;
  /** Largest distance the kernel allows between an edge and its faces. */
  readonly edgeToleranceMm: number;
}

/** Linear RGB, 0 to 1. */
export type Rgb = readonly [r: number, g: number, b: number];

/** A face with its exact surface. On a facets-only part the surface is `other`. */
export interface Face {
  readonly index: number;
  readonly surface: Surface;
  /** True when the outward normal is −(∂S/∂u × ∂S/∂v). */
  readonly reversed: boolean;
  /** Parameter range of the trimmed face. */
  readonly uv: { readonly u: readonly [number, number]; readonly v: readonly [number, number] };
  readonly areaMm2: number;
  /** Indices into `Body.edges`, each once. */
  readonly edges: readonly number[];
  /** First facet and number of facets of this face in `Facets.indices`. */
  readonly facets: { readonly start: number; readonly count: number };
  readonly color?: Rgb;
}

/** An edge between two faces (or a seam: one face twice). */
export interface Edge {
  readonly index: number;
  readonly curve: Curve;
  /** Both faces; equal on a seam. One entry only when the body is facets-only and open, which a Part never is. */
  readonly faces: readonly [number, number];
  readonly lengthMm: number;
  readonly toleranceMm: number;
  readonly closed: boolean;
  /** Points along the edge, `[n*3]` xyz, mm. */
  readonly points: Float64Array;
  /**
   * Signed turn between the outward normals of the two faces at each of `points`, `[n]` degrees: 0 smooth,
   * positive convex (material inside the corner), negative concave. Interior angle = 180 − turn.
   */
  readonly turnDeg: Float64Array;
  /** Summary of `turnDeg`; smooth within {@link SMOOTH_DEG}. */
  readonly convexity: "convex" | "concave" | "smooth" | "mixed" | "seam";
}

/** Below this turn two faces are taken as tangent, degrees. */
export const SMOOTH_DEG = 0.5;

/**
 * Triangles of one body. Vertices are per face (normals are the face's own); `weld` joins those that are the
 * same point of the solid, so the welded mesh is closed and two-manifold.
 */
export interface Facets {
  /** `[v*3]` xyz, mm, part frame, on the exact surface. */
  readonly positions: Float64Array;
  /** `[v*3]` exact outward unit normals at those points; facet normals on a facets-only part. */
  readonly normals: Float64Array;
  /** `[v*2]` surface parameters of each vertex; empty on a facets-only part. */
  readonly uvs: Float64Array;
  /** `[t*3]` vertex indices, counter-clockwise seen from outside. */
  readonly indices: Uint32Array;
  /** `[t]` face index of each triangle. */
  readonly faceOf: Uint32Array;
  /** `[v]` welded vertex index of each vertex, `0 … weldedCount − 1`. */
  readonly weld: Uint32Array;
  readonly weldedCount: number;
  /** `[faces]` bound of the triangles' distance from the exact surface, mm; the requested deflection on a facets-only part. */
  readonly deviationMm: Float64Array;
}

/** Exact integrals of one solid (of its facets on a facets-only part). Density 1. */
export interface MassProperties {
  readonly volumeMm3: number;
  readonly areaMm2: number;
  readonly centroidMm: Vec3;
  /** Row-major 3×3 inertia about the centroid, mm⁵. */
  readonly inertiaMm5: readonly number[];
  /** Tight box. */
  readonly boxMm: Box;
}
