import { cross, dot } from "../geometry.ts";
import { SURFACE_POINT, evaluateSurface } from "../part/evaluate-surface.ts";
import type { Body, Edge, Face } from "../part/part.ts";
import type { Bvh } from "../spatial/bvh.ts";
import type { Vec3 } from "../units.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import type { CheckContext, FindingDraft } from "./context.ts";
import { curveExtremes } from "./curve-extremes.ts";
import { roundFeatures } from "./holes.ts";
import { inParameters } from "./in-parameters.ts";
import { lengthOf, minus, opposite, pointAt } from "./vec3.ts";

const METHOD = "pins: length over diameter of round bars free at one end; ribs: height of opposed flat faces over their roots, over the thickness between them";
const MOST = 5;
/** Faces of a rib are parallel within this, sine (0.06°). */
const PARALLEL_SINE = 1e-3;
/** Places looked from on each flat face, along either parameter. */
const GRID = 8;

const scratch = new Float64Array(SURFACE_POINT), foot = new Float64Array(3);

interface Slim { readonly ratio: number; readonly error: number; readonly faces: readonly number[]; readonly points: readonly Vec3[]; readonly said: string }

/** Ribs and pins by how slender they are. There is no sourced limit: the ratios are measured, without a verdict. */
export function checkSlender(context: CheckContext): FindingDraft[] {
  const base = { code: "SLENDER" as const, verdict: "not-evaluated" as const, severity: "advisory" as const, method: METHOD };
  if (!context.exact) return [{ ...base, faces: [], points: [], message: "There are no exact surfaces on this part to recognise ribs and pins by." }];
  const found = [...pins(context), ...ribs(context)].sort((a, b) => b.ratio - a.ratio).slice(0, MOST);
  if (found.length === 0) return [{ ...base, faces: [], points: [], message: "No round pin and no rib between parallel flat faces was recognised." }];
  return found.map(({ ratio, error, faces, points, said }) => ({
    ...base, faces, points, weight: ratio, measured: { value: ratio, low: Math.max(0, ratio - error), high: ratio + error, unit: "ratio" },
    message: `${said}: ratio ${ratio.toFixed(2)}. No sourced limit; slender features chip when green.`,
  }));
}

function pins({ body, bvh }: CheckContext): Slim[] {
  return roundFeatures(body, bvh).pins.filter((p) => p.open[0] !== p.open[1]).map((p) => ({
    ratio: p.lengthMm / p.diameterMm, error: 1e-6, faces: p.faces, points: [p.middle], said: `A pin Ø${p.diameterMm.toFixed(3)} mm stands ${p.lengthMm.toFixed(3)} mm free`,
  }));
}

/** Pairs of parallel flat faces that look away from each other with material between, both rising from hollow edges. */
function ribs({ body, bvh }: CheckContext): Slim[] {
  const sides = body.faces.filter((f) => f.surface.kind === "plane" && f.facets.count > 0).map((face) => ({ face, roots: rootsOf(body, face) })).filter((s) => s.roots.length > 0);
  const byFace = new Map(sides.map((s) => [s.face.index, s])), out: Slim[] = [], seen = new Set<string>();
  for (const { face, roots } of sides) for (const [index, places] of opposedFaces(body, bvh, face)) {
    const other = byFace.get(index), key = [face.index, index].sort((a, b) => a - b).join();
    if (!other || index === face.index || seen.has(key)) continue;
    const n = normalOf(body, face), m = normalOf(body, other.face);
    if (dot(n, m) > 0 || lengthOf(cross(n, m)) > PARALLEL_SINE) continue;
    seen.add(key);
    const at = places[places.length >> 1], thickness = dot(minus(at, pointAt(body.facets.positions, body.facets.indices[other.face.facets.start * 3])), n);
    const height = Math.min(heightOver(body, face, roots), heightOver(body, other.face, other.roots));
    if (!(thickness > 1e-6) || height < thickness * (1 - 1e-6)) continue;
    const ratio = height / thickness;
    out.push({ ratio, error: 1e-3 * ratio, faces: [face.index, index], points: [at], said: `A rib ${thickness.toFixed(3)} mm thick stands ${height.toFixed(3)} mm high` });
  }
  return out;
}

/** Faces that at least a quarter of a flat face looks at straight through the material, with the places that do. The places are spread over the face's own parameters: they depend neither on its facets nor on how the part lies. */
function opposedFaces({ facets }: Body, bvh: Bvh, face: Face): Map<number, Vec3[]> {
  const { uv: { u, v } } = face, places: Vec3[] = [], share = (k: number): number => (k + 0.5) / GRID;
  for (let i = 0; i < GRID; i++) for (let j = 0; j < GRID; j++) {
    const a = u[0] + share(i) * (u[1] - u[0]), b = v[0] + share(j) * (v[1] - v[0]);
    if (!inParameters(facets, face, a, b)) continue;
    evaluateSurface(face.surface, a, b, scratch);
    places.push([scratch[0], scratch[1], scratch[2]]);
  }
  const { triangles } = bvh.rays(Float64Array.from(places.flat()), Float64Array.from(opposite(pointAt(facets.normals, facets.indices[face.facets.start * 3]))), { minDistancesMm: 4 * bvh.errorMm + facets.deviationMm[face.index] });
  const found = new Map<number, Vec3[]>();
  triangles.forEach((t, i) => { if (t >= 0) found.set(facets.faceOf[t], [...(found.get(facets.faceOf[t]) ?? []), places[i]]); });
  return new Map([...found].filter(([, list]) => list.length >= places.length / 4));
}

const normalOf = ({ facets }: Body, face: Face): Vec3 => pointAt(facets.normals, facets.indices[face.facets.start * 3]);

/** Hollow straight edges, and smooth ones into a hollow blend. */
function rootsOf({ edges, faces, facets }: Body, face: Face): Edge[] {
  return face.edges.map((e) => edges[e]).filter((edge) => {
    if (edge.convexity === "concave") return true;
    const other = faces[edge.faces[0] === face.index ? edge.faces[1] : edge.faces[0]];
    if (edge.convexity !== "smooth" || other.surface.kind !== "cylinder" || other.facets.count === 0) return false;
    const p = pointAt(facets.positions, facets.indices[other.facets.start * 3]), n = pointAt(facets.normals, facets.indices[other.facets.start * 3]);
    const q = minus(p, other.surface.frame.origin), h = dot(q, other.surface.frame.z), z = other.surface.frame.z;
    return dot(n, [q[0] - h * z[0], q[1] - h * z[1], q[2] - h * z[2]]) < 0;
  });
}

/** Greatest distance of the face's border from its roots. */
function heightOver({ edges }: Body, face: Face, roots: readonly Edge[]): number {
  const over = (p: Vec3): number => roots.reduce((least, root) => Math.min(least, closestOnEdge(root, p, foot)), Infinity);
  return Math.max(0, ...face.edges.map((e) => curveExtremes(edges[e].curve, over)?.max.value ?? Math.max(0, ...Array.from({ length: edges[e].points.length / 3 }, (_, i) => over(pointAt(edges[e].points, i))))));
}
