import type { TopoDS_Shape } from "replicad-opencascadejs";
import type { Body, Face, MassProperties } from "../../part/part.ts";
import { scaleShape } from "../../part/scale-body.ts";
import type { Work } from "../../progress.ts";
import { fail, ok, warning, type Result } from "../../result.ts";
import { checkEnclosed, checkGaps } from "./check-body.ts";
import type { Box } from "../../units.ts";
import type { BrepTables } from "./brep-text.ts";
import { bodyFromBrep } from "./body-from-brep.ts";
import { forEachShape } from "./each-shape.ts";
import { isKernelException, occtMessage, type Occt } from "./load-occt.ts";
import { borrowSession } from "./step-session.ts";
import { measureTables, roughBox, tablesOf } from "./measure-solid.ts";

/** How finely a solid is meshed and how large it may grow. */
export interface MeshOptions {
  /** Largest distance of facets from the surface, mm; by default 1/1000 of the box diagonal, 0.002–0.1 mm. */
  readonly deflectionMm?: number;
  /** Largest turn between neighbouring facets, degrees. */
  readonly angleDeg: number;
  readonly maxFacets: number;
}

/** Edges may lie this fraction of the box diagonal off their faces before the geometry counts as torn. */
const TOLERANCE_LIMIT = 1e-3;

/** A unique solid in the kernel's hands, how often it is placed and how many faces it has. */
export interface SolidShape {
  readonly shape: TopoDS_Shape;
  readonly instances: number;
  readonly faces: number;
}

/** What the kernel made of a STEP text: unique solids in its order. */
export interface ShapesRead {
  readonly solids: readonly SolidShape[];
}

/** Lets the kernel read checked STEP bytes; unique solids only. */
export function readShapes(oc: Occt, bytes: Uint8Array): Result<ShapesRead> {
  const path = "/in.step";
  oc.FS.writeFile(path, bytes);
  try {
    using borrowed = borrowSession(oc);
    using reader = new oc.STEPControl_Reader(borrowed.session, true);
    if (reader.ReadFile(path) !== "IFSelect_RetDone") return fail("STEP_PARSE", "The kernel could not read it.");
    using range = new oc.Message_ProgressRange();
    reader.TransferRoots(range);
    if (reader.NbShapes() === 0) return fail("NO_GEOMETRY");
    using all = reader.OneShape();
    if (all.IsNull()) return fail("NO_GEOMETRY");
    const found = collect(oc, all);
    reader.ClearShapes();
    return ok(found);
  } catch (thrown) {
    if (!isKernelException(thrown)) throw thrown;
    return fail("STEP_PARSE", `The kernel says: ${occtMessage(oc, thrown)}.`);
  } finally {
    oc.FS.unlink(path);
  }
}

function collect(oc: Occt, all: TopoDS_Shape): ShapesRead {
  const solids: { shape: TopoDS_Shape; instances: number; faces: number }[] = [];
  forEachShape(oc, all, "TopAbs_SOLID", (current) => {
    const shape = oc.TopoDS.Solid(current);
    const same = solids.find((s) => s.shape.IsPartner(shape));
    if (same) { same.instances++; shape.delete(); } else solids.push({ shape, instances: 1, faces: countFaces(oc, shape) });
  });
  return { solids };
}

function countFaces(oc: Occt, shape: TopoDS_Shape): number {
  let n = 0;
  forEachShape(oc, shape, "TopAbs_FACE", () => n++);
  return n;
}

/** Validates, measures and meshes one solid. The shape stays the caller's; one that was inside out is exchanged for a turned one. */
export function readBody(oc: Occt, solid: TopoDS_Shape, identity: Identity, mesh: MeshOptions, work: Work): Result<{ body: Body; shape: TopoDS_Shape }> {
  try {
    return readChecked(oc, solid, identity, mesh, work);
  } catch (thrown) {
    if (!isKernelException(thrown)) throw thrown;
    return fail("INVALID_SOLID", `The kernel says: ${occtMessage(oc, thrown)}.`);
  }
}

interface Identity { readonly id: string; readonly name: string; readonly instances: number }

function readChecked(oc: Occt, solid: TopoDS_Shape, identity: Identity, mesh: MeshOptions, work: Work): Result<{ body: Body; shape: TopoDS_Shape }> {
  work.onProgress?.("validating");
  if (!isValid(oc, solid)) return fail("INVALID_SOLID");
  work.onProgress?.("meshing");
  const deflectionMm = mesh.deflectionMm ?? Math.max(0.002, diagonalOf(roughBox(oc, solid)) / 1000);
  let shape = solid, meshed = meshShape(oc, solid, deflectionMm, mesh.angleDeg);
  work.onProgress?.("measuring");
  let measured = measureTables(oc, solid, meshed.tables);
  const inside = measured.moments.volumeMm3 < 0;
  if (inside) {
    using turned = solid.Reversed();
    shape = oc.TopoDS.Solid(turned);
    meshed = { ...meshed, tables: tablesOf(oc, shape) };
    measured = measureTables(oc, shape, meshed.tables);
  }
  const body = isFinite(measured.moments.volumeMm3) && measured.moments.volumeMm3 > 0
    ? makeBody(completed(oc, shape, meshed, deflectionMm, mesh.angleDeg), measured, identity, mesh) : fail("INVALID_SOLID", "Its volume is not a positive number.");
  if (shape !== solid) (body.ok ? solid : shape).delete();
  return body.ok ? ok({ body: body.value, shape }, [...(inside ? [warning("INSIDE_OUT")] : []), ...body.warnings]) : body;
}

/** True when the kernel finds topology and geometry of a shape consistent. */
export function isValid(oc: Occt, shape: TopoDS_Shape): boolean {
  using analyzer = new oc.BRepCheck_Analyzer(shape, true, false, false);
  using nothing = new oc.TopoDS_Compound();
  using builder = new oc.TopoDS_Builder();
  builder.MakeCompound(nothing);
  const valid = analyzer.IsValid();
  analyzer.Init(nothing, false); // deleting it alone leaves its findings behind
  return valid;
}

function makeBody(made: Made | undefined, { moments, areasMm2 }: Measured, identity: Identity, mesh: MeshOptions): Result<Body> {
  if (!made) return fail("STEP_PARSE", "The kernel cannot mesh one of its faces.");
  const diagonal = diagonalOf(made.boxMm);
  if (made.edgeToleranceMm > TOLERANCE_LIMIT * diagonal) {
    return fail("TOLERANCE_SCALE", `Edge tolerance ${made.edgeToleranceMm.toPrecision(3)} mm on a part of ${diagonal.toPrecision(3)} mm.`);
  }
  if (!made.closed) return fail("NOT_CLOSED");
  if (made.facets.faceOf.length > mesh.maxFacets) return fail("FACET_LIMIT", `It has ${made.facets.faceOf.length} facets.`);
  const faces: Face[] = made.faces.map((face, i) => ({ ...face, areaMm2: areasMm2[i] }));
  const mass: MassProperties = { ...moments, areaMm2: areasMm2.reduce((sum, area) => sum + area, 0), boxMm: made.boxMm };
  const gaps = checkGaps(made.gapsMm, diagonal);
  if (!gaps.ok) return gaps;
  const enclosed = checkEnclosed(mass, faces, made.facets);
  if (!enclosed.ok) return enclosed;
  return ok({ ...identity, faces, edges: made.edges, facets: made.facets, mass, shells: made.shells, edgeToleranceMm: made.edgeToleranceMm }, gaps.warnings);
}

type Made = ReturnType<typeof bodyFromBrep>;
type Measured = ReturnType<typeof measureTables>;

/** The kernel's text of a meshed shape, read once for its facets and its integrals. */
interface Meshed {
  readonly tables: BrepTables;
  /** False when the kernel left a face without triangles, which it does in silence. */
  readonly complete: boolean;
}

/** Meshes in place. */
function meshShape(oc: Occt, shape: TopoDS_Shape, deflectionMm: number, angleDeg: number): Meshed {
  oc.BRepTools.Clean(shape, true);
  using mesher = new oc.BRepMesh_IncrementalMesh(shape, deflectionMm, false, (angleDeg * Math.PI) / 180, false);
  const tables = tablesOf(oc, shape);
  return { tables, complete: mesher.IsDone() && tables.shapes.every((s) => s.kind !== "face" || (s.triangulation >= 0 && s.surface >= 0)) };
}

/** The body of a mesh, of another mesh where that one lacks a face; undefined when all do. */
const completed = (oc: Occt, shape: TopoDS_Shape, meshed: Meshed, deflectionMm: number, angleDeg: number): Made | undefined =>
  (meshed.complete ? bodyFromBrep(meshed.tables) : meshEnlarged(oc, shape, deflectionMm, angleDeg) ?? meshOtherwise(oc, shape, deflectionMm, angleDeg));

/** Not a power of two, so that every coordinate gets new digits. */
const ENLARGE = 1.165;

/**
 * Meshes a copy of another size and brings it back: the kernel's mesher gives up on some sound faces (a cone
 * whose seam ends on its axis side) for one pattern of rounding and not for another.
 */
function meshEnlarged(oc: Occt, shape: TopoDS_Shape, deflectionMm: number, angleDeg: number): Made | undefined {
  using transform = new oc.gp_Trsf();
  using origin = new oc.gp_Pnt(0, 0, 0);
  transform.SetScale(origin, ENLARGE);
  using maker = new oc.BRepBuilderAPI_Transform(shape, transform, true, false);
  using copy = maker.Shape();
  const { tables, complete } = meshShape(oc, copy, deflectionMm * ENLARGE, angleDeg);
  if (!complete) return undefined;
  const made = bodyFromBrep(tables);
  return { ...made, ...scaleShape(made, 1 / ENLARGE), edgeToleranceMm: made.edgeToleranceMm / ENLARGE, gapsMm: made.gapsMm.map((gap) => gap / ENLARGE), boxMm: shrink(made.boxMm) };
}

/** Shares of the deflection and angle asked for, finer ones first: at some pairs of both the mesher loses the same face at every size. */
const OTHERWISE = [[0.8, 1], [0.5, 1], [0.25, 1], [0.1, 1], [0.05, 1], [1, 1.5], [1, 2]] as const;

/** Meshes a little finer than asked; where that fails too, with facets that turn by more. */
function meshOtherwise(oc: Occt, shape: TopoDS_Shape, deflectionMm: number, angleDeg: number): Made | undefined {
  for (const [deflection, angle] of OTHERWISE) {
    const { tables, complete } = meshShape(oc, shape, deflectionMm * deflection, angleDeg * angle);
    if (complete) return bodyFromBrep(tables);
  }
  return undefined;
}

const diagonalOf = ([low, high]: Box): number => Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
const shrink = ([[x, y, z], [X, Y, Z]]: Box): Box => [[x / ENLARGE, y / ENLARGE, z / ENLARGE], [X / ENLARGE, Y / ENLARGE, Z / ENLARGE]];
