import { cross, dot } from "../geometry.ts";
import { SURFACE_POINT, evaluateSurface, surfaceNormal } from "../part/evaluate-surface.ts";
import { SMOOTH_DEG, type Body, type Edge } from "../part/part.ts";
import { radians, type Vec3 } from "../units.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { edgeOfMesh } from "./edge-of-mesh.ts";
import { meshTopology } from "./mesh-topology.ts";
import type { RestingPlane } from "./resting-planes.ts";
import { along, lengthOf, minus, pointAt } from "./vec3.ts";

/** A connected underside that walls carry at its border. */
export interface Underside {
  readonly faces: readonly number[];
  readonly facets: readonly number[];
  readonly areaMm2: number;
  readonly cells: readonly UnderCell[];
  readonly roots: readonly Root[];
}

/** A triangle whose sides from corner 0, 1 and 2 may follow an exact edge that bends away from them. */
export interface Triangle<Corner> {
  readonly corners: readonly [Corner, Corner, Corner];
  readonly bends: readonly [Bend, Bend, Bend];
}

/** A triangle of an underside. */
export interface UnderCell extends Triangle<Vec3> {
  /** How far the underside may end beyond or before sides that do not follow an edge, mm. */
  readonly offMm: number;
}

type Bend = Edge | undefined;

/** A straight piece of where a wall goes down, and how far the true line may lie from it, mm. */
export interface Root {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly offMm: number;
}

/** Undersides this near to level sag, steeper ones stand; chamfers of 45° stand however their digits were cut. */
const LEVEL = Math.SQRT1_2 + 1e-6;
/** Facets through which the 45° line may run are quartered this often. */
const QUARTERINGS = 2;
/** Roots along arcs are halved until they lie this near to them, as a fraction of the underside's size, but no oftener than this. */
const NEAR_ARC = 5e-4;
const HALVINGS = 5;
/** How much further than at its middle an arc may lie from its chord. */
const ARC_SLACK = 1.5;
const SMOOTH = Math.cos(radians(SMOOTH_DEG));
/** Slope below which what stands beside an underside does not go down. */
const LEAST_FALL = 1e-6;

/** Undersides off the resting plane: exact normals tell where they begin and end, inside faces too. */
export function undersides(body: Body, rest: RestingPlane): Underside[] {
  const slopes = new Slopes(body, rest), { edgeOf, sides, areaMm2 } = meshTopology(body.facets), onEdge = edgeOfMesh(body);
  const seen = new Uint8Array(areaMm2.length), out: Underside[] = [];
  for (let seed = 0; seed < seen.length; seed++) {
    if (seen[seed] || !slopes.isUnder(seed)) continue;
    const own = [seed], borders: (readonly [facet: number, side: number, other: number, edge: Edge | undefined])[] = [];
    seen[seed] = 1;
    for (let i = 0; i < own.length; i++) for (let k = 0; k < 3; k++) {
      const e = edgeOf[own[i] * 3 + k], other = sides[e * 2] === own[i] ? sides[e * 2 + 1] : sides[e * 2];
      if (other === own[i]) continue;
      if (slopes.isUnder(other) && slopes.areJoined(own[i], k, other)) { if (!seen[other]) { seen[other] = 1; own.push(other); } }
      if (body.facets.faceOf[own[i]] !== body.facets.faceOf[other]) borders.push([own[i], k, other, body.edges[onEdge[e]]]);
    }
    const area = own.reduce((a, t) => a + areaMm2[t], 0), enoughMm = NEAR_ARC * Math.sqrt(area), roots = borders.flatMap((border) => slopes.rootsAt(...border, enoughMm));
    const cells = own.flatMap((t) => slopes.cellsOf(t, onEdge, roots));
    if (roots.length > 0 && cells.length > 0) out.push({ faces: [...new Set(own.map((t) => body.facets.faceOf[t]))], facets: own, areaMm2: area, cells, roots });
  }
  return out;
}

/** A place on a face with what its normal has over 45°. */
interface Place { readonly p: Vec3; readonly over: number; readonly u: number; readonly v: number }

const scratch = new Float64Array(SURFACE_POINT), foot = new Float64Array(3);

class Slopes {
  readonly #body: Body;
  readonly #down: Vec3;
  readonly #resting: ReadonlySet<number>;
  /** `[v]` n · down over that of 45°. */
  readonly #over: Float64Array;

  constructor(body: Body, { normal, faces }: RestingPlane) {
    const { normals } = body.facets;
    this.#body = body; this.#down = normal; this.#resting = new Set(faces);
    this.#over = Float64Array.from({ length: normals.length / 3 }, (_, v) => dot(pointAt(normals, v), normal) - LEVEL);
  }

  #vertex(t: number, k: number): number { return this.#body.facets.indices[t * 3 + (k % 3)]; }

  isUnder(t: number): boolean {
    return !this.#resting.has(this.#body.facets.faceOf[t]) && [0, 1, 2].some((k) => this.#over[this.#vertex(t, k)] > 0);
  }

  /** Whether the underside goes on beyond a side. */
  areJoined(t: number, k: number, other: number): boolean {
    const i = this.#vertex(t, k), j = this.#vertex(t, k + 1), [a, b, c, d] = [i, j, this.#twin(other, i), this.#twin(other, j)].map((v) => this.#over[v]);
    return (a > 0 && c > 0) || (b > 0 && d > 0) || (a + b > 0 && c + d > 0);
  }

  /** The part of a side that is underside here and a wall going down beyond. */
  rootsAt(t: number, k: number, other: number, edge: Edge | undefined, enoughMm: number): Root[] {
    const { positions, normals, faceOf } = this.#body.facets;
    if (this.#resting.has(faceOf[other])) return [];
    const i = this.#vertex(t, k), j = this.#vertex(t, k + 1), farI = this.#twin(other, i), farJ = this.#twin(other, j);
    // Where faces are tangent the underside ends inside one of them.
    if (dot(pointAt(normals, i), pointAt(normals, farI)) > SMOOTH && dot(pointAt(normals, j), pointAt(normals, farJ)) > SMOOTH) return [];
    const [from, to] = overlap(this.#shares(faceOf[t], i, j, 1), this.#shares(faceOf[other], farI, farJ, -1));
    if (!(to > from)) return [];
    const p = pointAt(positions, i), chord = minus(pointAt(positions, j), p);
    const third = [0, 1, 2].map((m) => pointAt(positions, this.#vertex(other, m))).reduce((best, v) => (distanceTo(p, chord, v) > distanceTo(p, chord, best) ? v : best));
    if (!(this.#fall(cross(chord, pointAt(normals, farI)), minus(third, p)) > LEAST_FALL)) return [];
    return halved(edge?.curve.kind === "line" ? undefined : edge, along(p, chord, from), along(p, chord, to), edge?.toleranceMm ?? 0, enoughMm, HALVINGS);
  }

  /** From where to where along a side a face's normal has more (or with −1 less) than 45°, as shares of its length. */
  #shares(f: number, i: number, j: number, sign: 1 | -1): readonly [number, number] {
    const a = sign * this.#over[i], b = sign * this.#over[j];
    if (a * b >= 0) return a + b >= 0 ? [0, 1] : [0, 0];
    const from = this.#place(i), chord = minus(this.#place(j).p, from.p), at = dot(minus(this.#crossing(f, from, this.#place(j)).p, from.p), chord) / dot(chord, chord);
    return a > 0 ? [0, at] : [at, 1];
  }

  #place(v: number): Place {
    const { positions, uvs } = this.#body.facets;
    return { p: pointAt(positions, v), over: this.#over[v], u: uvs[v * 2], v: uvs[v * 2 + 1] };
  }

  /** Vertex of a facet at the same point of the solid. */
  #twin(t: number, v: number): number {
    const { weld } = this.#body.facets;
    return [0, 1, 2].map((k) => this.#vertex(t, k)).find((w) => weld[w] === weld[v])!;
  }

  /** How steeply a direction, taken the way it lies along `towards`, goes down. */
  #fall(direction: Vec3, towards: Vec3): number { return (Math.sign(dot(direction, towards)) * dot(direction, this.#down)) / lengthOf(direction); }

  /** Triangles of the underside in a facet; where it ends inside the face at a wall, roots are added. */
  cellsOf(t: number, onEdge: Int32Array, roots: Root[]): UnderCell[] {
    const { normals, faceOf } = this.#body.facets, { edgeOf } = meshTopology(this.#body.facets);
    const corners = [this.#place(this.#vertex(t, 0)), this.#place(this.#vertex(t, 1)), this.#place(this.#vertex(t, 2))] as const;
    const turn2 = Math.max(...[0, 1, 2].map((k) => lengthOf(minus(pointAt(normals, this.#vertex(t, k)), pointAt(normals, this.#vertex(t, k + 1)))))) ** 2;
    const bends = [0, 1, 2].map((k): Bend => { const edge = this.#body.edges[onEdge[edgeOf[t * 3 + k]]]; return edge && edge.curve.kind !== "line" ? edge : undefined; }) as [Bend, Bend, Bend];
    if (Math.min(...corners.map((c) => c.over)) > turn2 / 4) return [{ corners: [corners[0].p, corners[1].p, corners[2].p], offMm: 0, bends }];
    return this.#split(faceOf[t], { corners, bends }, turn2 / 4, roots, turn2 > 0 ? QUARTERINGS : 0);
  }

  #split(f: number, { corners: c, bends }: Triangle<Place>, uneven: number, roots: Root[], depth: number): UnderCell[] {
    const high = Math.max(...c.map((x) => x.over)), low = Math.min(...c.map((x) => x.over));
    if (high < -uneven || (high <= 0 && depth === 0)) return [];
    if (low > 0 && (low > uneven || depth === 0)) return [{ corners: [c[0].p, c[1].p, c[2].p], offMm: 0, bends }];
    if (depth === 0) return this.#clip(f, c, Math.max(0, ...bends.map((bend, k) => (bend ? bendOf(bend, c[k].p, c[(k + 1) % 3].p).offMm : 0))), roots);
    const middles = [0, 1, 2].map((k): Place => {
      const place = this.#between(f, c[k], c[(k + 1) % 3], 0.5), bend = bends[k];
      return bend ? { ...place, p: bendOf(bend, c[k].p, c[(k + 1) % 3].p).middle } : place;
    });
    return quarters({ corners: c, bends }, middles).flatMap((q) => this.#split(f, q, uneven / 4, roots, depth - 1));
  }

  /** The part of a triangle over 45°, cut along the line between two exact places on that line. */
  #clip(f: number, c: readonly Place[], offMm: number, roots: Root[]): UnderCell[] {
    const k = c.findIndex((x, i) => (x.over > 0) !== (c[(i + 1) % 3].over > 0) && (x.over > 0) !== (c[(i + 2) % 3].over > 0)), apex = c[k], b = c[(k + 1) % 3], d = c[(k + 2) % 3];
    const from = this.#crossing(f, apex, b), to = this.#crossing(f, apex, d), line = minus(to.p, from.p), length = lengthOf(line);
    const steep = apex.over > 0 ? (b.over < d.over ? b : d) : apex, reach = distanceTo(from.p, line, steep.p);
    const middle = this.#between(f, from, to, 0.5), sag = lengthOf(minus(middle.p, along(from.p, line, 0.5))) + Math.abs(middle.over / steep.over) * reach;
    const lineOff = Math.min(length, ARC_SLACK * sag), off = Math.max(offMm, lineOff);
    const normal = cross(minus(c[1].p, c[0].p), minus(c[2].p, c[0].p));
    if (length > 0 && this.#fall(cross(line, normal), minus(steep.p, from.p)) > LEAST_FALL) roots.push({ from: from.p, to: to.p, offMm: lineOff });
    const cell = (p: Place, q: Place, r: Place): UnderCell => ({ corners: [p.p, q.p, r.p], offMm: off, bends: [undefined, undefined, undefined] });
    return apex.over > 0 ? [cell(apex, from, to)] : [cell(from, b, d), cell(from, d, to)];
  }

  /** Where a side passes 45°, by regula falsi on the surface. */
  #crossing(f: number, a: Place, b: Place): Place {
    let x = a, y = b, found = a;
    for (let i = 0; i < 4; i++) {
      found = this.#between(f, x, y, x.over / (x.over - y.over));
      if (Math.abs(found.over) < 1e-12) break;
      if (found.over > 0 === x.over > 0) x = found; else y = found;
    }
    return found;
  }

  #between(f: number, a: Place, b: Place, share: number): Place {
    const { surface, reversed } = this.#body.faces[f], u = a.u + share * (b.u - a.u), v = a.v + share * (b.v - a.v), n: [number, number, number] = [0, 0, 0];
    if (surface.kind !== "other") {
      evaluateSurface(surface, u, v, scratch);
      if (surfaceNormal(scratch, reversed, n)) return { p: [scratch[0], scratch[1], scratch[2]], over: dot(n, this.#down) - LEVEL, u, v };
    }
    return { p: along(a.p, minus(b.p, a.p), share), over: a.over + share * (b.over - a.over), u, v };
  }
}

/** Where the edge passes the middle of a chord between two of its points, and how far it may lie from the chord. */
export function bendOf(edge: Edge, a: Vec3, b: Vec3): { middle: Vec3; offMm: number } {
  const middle: Vec3 = along(a, minus(b, a), 0.5), off = closestOnEdge(edge, middle, foot);
  return { middle: [foot[0], foot[1], foot[2]], offMm: ARC_SLACK * off + edge.toleranceMm };
}

/** Four triangles between corners and middles of sides; those at a bent side keep its edge. */
export function quarters<Corner>({ corners: [a, b, c], bends: [p, q, r] }: Triangle<Corner>, [ab, bc, ca]: readonly Corner[]): Triangle<Corner>[] {
  return [
    { corners: [a, ab, ca], bends: [p, undefined, r] }, { corners: [ab, b, bc], bends: [p, q, undefined] },
    { corners: [ca, bc, c], bends: [undefined, q, r] }, { corners: [ab, bc, ca], bends: [undefined, undefined, undefined] },
  ];
}

function halved(edge: Edge | undefined, from: Vec3, to: Vec3, offMm: number, enoughMm: number, times: number): Root[] {
  if (!edge) return [{ from, to, offMm }];
  const bend = bendOf(edge, from, to);
  if (times === 0 || bend.offMm <= enoughMm) return [{ from, to, offMm: offMm + bend.offMm }];
  return [...halved(edge, from, bend.middle, offMm, enoughMm, times - 1), ...halved(edge, bend.middle, to, offMm, enoughMm, times - 1)];
}

/** Distance of r from the line through p along a direction. */
function distanceTo(p: Vec3, direction: Vec3, r: Vec3): number {
  const q = minus(r, p), length = dot(direction, direction);
  return lengthOf(length > 0 ? along(q, direction, -dot(q, direction) / length) : q);
}

const overlap = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]): readonly [number, number] => [Math.max(a, c), Math.min(b, d)];
