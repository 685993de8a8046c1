import type { Body } from "../../part/part.ts";
import { fail, ok, type Result } from "../../result.ts";
import type { Vec3 } from "../../units.ts";
import { cross, dot } from "../../geometry.ts";
import { evenImage, length, principalAxes, scale, Stretch, unit, add, type Placement } from "./affine.ts";
import { BareText, real, type Entity, type Value } from "./bare-text.ts";
import { stretchAnalytic, type Analytic, type Use } from "./stretch-surface.ts";

/** Geometry without a written image: a mold of a part that has it falls back to facets. */
const UNSUPPORTED = new Set([
  "HYPERBOLA", "PARABOLA", "OFFSET_CURVE_3D", "TRIMMED_CURVE", "COMPOSITE_CURVE", "OFFSET_SURFACE", "RECTANGULAR_TRIMMED_SURFACE",
  "CURVE_BOUNDED_SURFACE", "RECTANGULAR_COMPOSITE_SURFACE", "DEGENERATE_TOROIDAL_SURFACE", "MAPPED_ITEM", "SURFACE_CURVE", "PCURVE",
]);

const ANALYTIC: Readonly<Record<string, Analytic["kind"]>> = { CYLINDRICAL_SURFACE: "cylinder", CONICAL_SURFACE: "cone", SPHERICAL_SURFACE: "sphere", TOROIDAL_SURFACE: "torus" };

/**
 * The kernel's STEP text of one solid with all its geometry stretched; topology and ids stay.
 * @param body the same solid, for where each surface is used
 */
export function stretchStep(source: string, body: Body, factors: Vec3, aboutMm: Vec3): Result<string> {
  const text = new BareText(source), stretch = new Stretch(factors, aboutMm);
  const odd = [...text.entities.values()].find((e) => UNSUPPORTED.has(e.type));
  if (odd) return fail("MOLD_PROOF", `There is no exact image of ${odd.type} under a factor per axis.`);
  const uses = usesOfSurfaces(text, body);
  if (!uses) return fail("MOLD_PROOF", "The faces of the written part are not those of the part.");
  stretchPoints(text, stretch);
  for (const [id, entity] of text.entities) {
    const kind = ANALYTIC[entity.type];
    if (kind) stretchAnalytic(text, id, { kind, at: placement(text, ref(entity.args[1])), a: Number(entity.args[2]), b: Number(entity.args[3] ?? 0) }, uses.get(id) ?? { samples: [], seams: [] }, stretch);
    else if (!stretchSimple(text, id, entity, stretch)) return fail("MOLD_PROOF", `There is no exact image of ${entity.type} about an oblique axis under a factor per axis.`);
  }
  return ok(text.toString());
}

/** Lines, conics, planes and swept surfaces. False when there is no image of the same kind. */
function stretchSimple(text: BareText, id: number, { type, args }: Entity, stretch: Stretch): boolean {
  switch (type) {
    case "LINE": {
      const vector = text.get(ref(args[2]));
      const d = stretch.vector(scale(direction(text, ref(vector.args[1])), Number(vector.args[2])));
      text.put(id, `LINE('',#${ref(args[1])},#${text.addVector(unit(d), length(d))})`);
      return true;
    }
    case "CIRCLE": conic(text, id, placement(text, ref(args[1])), Number(args[2]), Number(args[2]), stretch); return true;
    case "ELLIPSE": conic(text, id, placement(text, ref(args[1])), Number(args[2]), Number(args[3]), stretch); return true;
    case "PLANE": {
      const at = placement(text, ref(args[1]));
      text.put(id, `PLANE('',#${text.addFrame(stretch.point(at.origin), unit(stretch.normal(at.z)), unit(stretch.vector(at.x)))})`);
      return true;
    }
    case "SURFACE_OF_LINEAR_EXTRUSION": {
      const vector = text.get(ref(args[2]));
      const d = stretch.vector(scale(direction(text, ref(vector.args[1])), Number(vector.args[2])));
      text.put(id, `SURFACE_OF_LINEAR_EXTRUSION('',#${ref(args[1])},#${text.addVector(unit(d), length(d))})`);
      return true;
    }
    case "SURFACE_OF_REVOLUTION": {
      const axis = text.get(ref(args[2])), z = unit(direction(text, ref(axis.args[2])));
      const x = unit(cross(z, Math.abs(z[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]));
      // Turned round an axis along which the stretch is even, the image of the meridian sweeps the image.
      if (!evenImage(stretch, { origin: [0, 0, 0], x, y: cross(z, x), z })) return false;
      return true;
    }
    default: return true;
  }
}

/** An affine image of a conic is a conic: conjugate half axes give the principal ones. */
function conic(text: BareText, id: number, at: Placement, a: number, b: number, stretch: Stretch): void {
  const f1 = stretch.vector(scale(at.x, a)), f2 = stretch.vector(scale(at.y, b));
  const even = Math.abs(length(f1) - length(f2)) < 1e-13 * length(f1) && Math.abs(dot(f1, f2)) < 1e-13 * dot(f1, f1);
  const [major, minor] = even ? [f1, f2] : principalAxes(f1, f2);
  const frame = text.addFrame(stretch.point(at.origin), unit(cross(major, minor)), unit(major));
  text.put(id, even ? `CIRCLE('',#${frame},${real(length(major))})` : `ELLIPSE('',#${frame},${real(length(major))},${real(length(minor))})`);
}

/** Every point in space, poles and vertices alike, but not the placement of the representation itself. */
function stretchPoints(text: BareText, stretch: Stretch): void {
  const fixed = new Set<number>();
  for (const { type, args } of text.entities.values()) {
    if (!type.endsWith("SHAPE_REPRESENTATION") || !Array.isArray(args[1])) continue;
    for (const item of args[1] as readonly Value[]) {
      const placed = text.entities.get(ref(item));
      if (placed?.type === "AXIS2_PLACEMENT_3D") fixed.add(ref(placed.args[1]));
    }
  }
  for (const [id, { type, args }] of text.entities) {
    if (type !== "CARTESIAN_POINT" || fixed.has(id)) continue;
    const p = args[1] as readonly number[];
    if (p.length === 3) text.put(id, `CARTESIAN_POINT('',(${stretch.point([p[0], p[1], p[2]]).map(real).join()}))`);
  }
}

/** Where each surface is used, by the triangles of its faces; undefined when faces and text do not match. */
function usesOfSurfaces(text: BareText, body: Body): Map<number, Use> | undefined {
  const faces = facesInOrder(text);
  if (faces.length !== body.faces.length) return undefined;
  const uses = new Map<number, { samples: Vec3[]; seams: Vec3[][] }>();
  const { positions: p, indices } = body.facets;
  faces.forEach((id, f) => {
    const surface = ref(text.get(id).args[2]);
    let use = uses.get(surface);
    if (!use) uses.set(surface, (use = { samples: [], seams: [] }));
    const { start, count } = body.faces[f].facets;
    const seen = new Set<number>();
    for (let i = start * 3; i < (start + count) * 3; i++) seen.add(indices[i]);
    for (const v of seen) use.samples.push([p[v * 3], p[v * 3 + 1], p[v * 3 + 2]]);
    for (const e of body.faces[f].edges) {
      const { points, convexity } = body.edges[e];
      if (convexity !== "seam" || points.length < 6) continue;
      const first: Vec3 = [points[0], points[1], points[2]], last: Vec3 = [points[points.length - 3], points[points.length - 2], points[points.length - 1]];
      // A straight seam may have no point between its ends.
      const line: Vec3[] = [first, scale(add(first, last), 0.5), last];
      use.seams.push(points.length === 6 ? line : Array.from({ length: points.length / 3 }, (_, i): Vec3 => [points[i * 3], points[i * 3 + 1], points[i * 3 + 2]]));
    }
  });
  return uses;
}

function facesInOrder(text: BareText): number[] {
  const shellOf = (id: number): number => { const e = text.get(id); return e.type === "ORIENTED_CLOSED_SHELL" ? ref(e.args[2]) : id; };
  const shells: number[] = [];
  for (const { type, args } of text.entities.values()) {
    if (type === "MANIFOLD_SOLID_BREP") shells.push(ref(args[1]));
    if (type === "BREP_WITH_VOIDS") shells.push(ref(args[1]), ...(args[2] as readonly Value[]).map(ref).map(shellOf));
  }
  return shells.flatMap((id) => (text.get(id).args[1] as readonly Value[]).map(ref));
}

function ref(value: Value): number {
  if (typeof value === "object" && "ref" in value) return value.ref;
  throw new Error("a reference was expected");
}

const coordinates = (text: BareText, id: number): Vec3 => { const p = text.get(id).args[1] as readonly number[]; return [p[0], p[1], p[2]]; };

const direction = (text: BareText, id: number): Vec3 => coordinates(text, id);

function placement(text: BareText, id: number): Placement {
  const [, location, axis, side] = text.get(id).args;
  const z = unit(direction(text, ref(axis))), rough = direction(text, ref(side));
  const x = unit(add(rough, scale(z, -dot(rough, z))));
  return { origin: coordinates(text, ref(location)), x, y: cross(z, x), z };
}
