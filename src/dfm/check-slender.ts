import type { Body, Edge, Face } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import type { CheckContext, FindingDraft } from "./context.ts";
import { roundFeatures } from "./holes.ts";
import { dot } from "../geometry.ts";
import { minus, opposite, pointAt } from "./vec3.ts";

const METHOD = "pins: length over diameter of round bars free at one end; ribs: height of opposed flat faces over their roots, over the thickness between them";
const MOST = 5;

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
  const byFace = new Map(sides.map((s) => [s.face.index, s])), out: Slim[] = [], seen = new Set<number>();
  for (const { face, roots } of sides) {
    if (seen.has(face.index)) continue;
    const n = normalOf(body, face), middle = largestMiddle(body, face);
    const { distances, triangles } = bvh.rays(Float64Array.from(middle), Float64Array.from(opposite(n)), { minDistancesMm: 4 * bvh.errorMm });
    if (triangles[0] < 0) continue;
    const other = byFace.get(body.facets.faceOf[triangles[0]]);
    if (!other || other.face.index === face.index || dot(normalOf(body, other.face), n) > -1 + 1e-9) continue;
    seen.add(other.face.index);
    const thickness = Math.abs(dot(minus(middle, pointAt(body.facets.positions, body.facets.indices[other.face.facets.start * 3])), n));
    const height = Math.min(heightOver(body, face, roots), heightOver(body, other.face, other.roots));
    if (!(thickness > 1e-6) || Math.abs(thickness - distances[0]) > 0.01 * thickness + 8 * bvh.errorMm || height < thickness) continue;
    out.push({ ratio: height / thickness, error: 1e-3 * (height / thickness), faces: [face.index, other.face.index], points: [middle], said: `A rib ${thickness.toFixed(3)} mm thick stands ${height.toFixed(3)} mm high` });
  }
  return out;
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

function largestMiddle({ facets }: Body, face: Face): Vec3 {
  let best: Vec3 = [0, 0, 0], most = -1;
  for (let t = face.facets.start; t < face.facets.start + face.facets.count; t++) {
    const [a, b, c] = [0, 1, 2].map((k) => pointAt(facets.positions, facets.indices[t * 3 + k])), u = minus(b, a), v = minus(c, a);
    const area = Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
    if (area > most) { most = area; best = [(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3, (a[2] + b[2] + c[2]) / 3]; }
  }
  return best;
}

/** Greatest distance of the face's border from its roots' lines. */
function heightOver(body: Body, face: Face, roots: readonly Edge[]): number {
  let height = 0;
  for (const e of face.edges) for (let i = 0; i < body.edges[e].points.length / 3; i++) {
    const p = pointAt(body.edges[e].points, i);
    height = Math.max(height, roots.reduce((least, root) => Math.min(least, distanceToLine(p, root)), Infinity));
  }
  return height;
}

function distanceToLine(p: Vec3, { points }: Edge): number {
  let least = Infinity;
  for (let i = 0; i + 1 < points.length / 3; i++) {
    const a = pointAt(points, i), d = minus(pointAt(points, i + 1), a), q = minus(p, a), f = Math.min(1, Math.max(0, dot(q, d) / (dot(d, d) || 1)));
    least = Math.min(least, Math.hypot(q[0] - f * d[0], q[1] - f * d[1], q[2] - f * d[2]));
  }
  return least;
}
