import { dot } from "../geometry.ts";
import type { Body, Face } from "../part/part.ts";
import type { Vec3 } from "../units.ts";
import { closestOnEdge } from "./closest-on-edge.ts";
import { edgeOfMesh } from "./edge-of-mesh.ts";
import { spreadAlong } from "./edge-seeds.ts";
import { CONTACT, emptyBalls, type BallGauge, type ExactBalls } from "./exact-balls.ts";
import { meshTopology } from "./mesh-topology.ts";
import { emptySamples, type SurfaceSamples } from "./surface-samples.ts";
import { along, framePerpendicular, lengthOf, minus, pointAt, unit } from "./vec3.ts";

/** What to look for. */
export interface NeckSearch {
  /** Only necks thinner than this. */
  readonly belowMm: number;
  /** About so many places on hollow edges are asked, and so many of them followed to their end. */
  readonly places: number;
  readonly count: number;
}

/** Necks with their balls; each sample is the point held, its normal the way out along the neck. */
export interface Necks { readonly samples: SurfaceSamples; readonly balls: ExactBalls }

/** Shares of the turn between an edge's two faces at which balls are tried. */
const LEAN = [0.25, 0.5, 0.75];
/** A ball among facets that starts the wrong way may be so much larger than the neck it leads to. */
const START_OVER = 1.5;
/** A neck's two ends face one another; a ball in the corner beside it touches what faces away by less. */
const OPPOSED_DEG = 125;
const STEPS = 60;
/** A ball may cross the surface by this share of its radius where the walk has come to rest, and where it is stopped by the end of an edge. */
const REST = 1e-6, STOPPED = 1e-3;
/** Rounding, as a fraction of the part's size. */
const ROUNDING = 4e-11;

/** A place that a ball within the material can be held at. */
interface Hold {
  readonly face: number;
  readonly triangle: number;
  readonly point: Vec3;
  readonly outward: Vec3;
  /** Puts the nearest point of the same edge into `out`. */
  readonly nearest: (to: Float64Array, out: Float64Array) => void;
}

/**
 * Shortest ways through the material from hollow edges and from points of hollow cones: there a ball is held between two
 * edges, or an edge and a face, and lies on no face's normal. Ends where both ends are nearest to one another and the ball
 * between them fits, which is a local minimum of thickness; on an edge that stops short of it, at the place asked.
 */
export function necks(body: Body, gauge: BallGauge, { belowMm, places, count }: NeckSearch): Necks {
  const holds = [...edgeHolds(body, places), ...pointHolds(body, gauge.sizeMm)];
  const starts = startsOf(gauge, holds), { partners, partnerFaces, turnDeg } = starts;
  const order = holds.map((_, i) => i).filter((i) => partnerFaces[i] >= 0 && turnDeg[i] > OPPOSED_DEG && 2 * starts.radiusMm[i] < START_OVER * belowMm).sort((a, b) => starts.radiusMm[a] - starts.radiusMm[b] || a - b);
  const found: { hold: Hold; face: number; p: Float64Array; q: Float64Array; diameterMm: number; slack: number }[] = [];
  const tried: number[] = [];
  for (const i of order) {
    if (tried.length >= count) break;
    // Along one neck one walk is enough.
    if (tried.some((j) => lengthOf(minus(holds[i].point, holds[j].point)) < 2 * starts.radiusMm[j])) continue;
    tried.push(i);
    const walk = follow(gauge, holds[i], partnerFaces[i], pointAt(partners, i), START_OVER * belowMm);
    if (walk && walk.diameterMm < belowMm) found.push({ hold: holds[i], face: partnerFaces[i], ...walk });
  }
  const samples = emptySamples(found.length), balls = emptyBalls(samples);
  found.forEach(({ hold, face, p, q, diameterMm, slack }, i) => {
    samples.faces[i] = hold.face; samples.triangles[i] = hold.triangle;
    balls.radiusMm[i] = diameterMm / 2; balls.partnerFaces[i] = face; balls.contacts[i] = CONTACT.edge; balls.turnDeg[i] = 180;
    balls.lowMm[i] = (diameterMm / 2) * (1 - slack) - ROUNDING * gauge.sizeMm; balls.highMm[i] = diameterMm / 2 + ROUNDING * gauge.sizeMm;
    for (let k = 0; k < 3; k++) {
      samples.points[i * 3 + k] = p[k]; samples.normals[i * 3 + k] = (p[k] - q[k]) / diameterMm;
      balls.partners[i * 3 + k] = q[k];
    }
  });
  return { samples, balls };
}

/** Places along hollow edges, each with a few of the normals between those of its faces. */
function edgeHolds(body: Body, target: number): Hold[] {
  const { positions, faceOf } = body.facets, { ends, sides, rise, normals } = meshTopology(body.facets), onEdge = edgeOfMesh(body);
  const runs = new Map<number, { e: number; lengthMm: number }[]>();
  for (let e = 0; e < onEdge.length; e++) {
    const convexity = body.edges[onEdge[e]]?.convexity;
    if ((convexity !== "concave" && convexity !== "mixed") || !(rise[e] > 0)) continue;
    const lengthMm = lengthOf(minus(pointAt(positions, ends[e * 2]), pointAt(positions, ends[e * 2 + 1]))), run = runs.get(onEdge[e]);
    if (run) run.push({ e, lengthMm }); else runs.set(onEdge[e], [{ e, lengthMm }]);
  }
  const keys = [...runs.keys()];
  return spreadAlong([...runs.values()], target).flatMap(({ run, side: { e }, share }) => {
    const edge = body.edges[keys[run]], a = pointAt(positions, ends[e * 2]), b = pointAt(positions, ends[e * 2 + 1]), on = new Float64Array(3);
    closestOnEdge(edge, along(a, minus(b, a), share), on);
    const [m, n] = [0, 1].map((side) => pointAt(normals, sides[e * 2 + side])), point = pointAt(on, 0);
    return LEAN.map((t) => ({ face: faceOf[sides[e * 2]], triangle: sides[e * 2], point, outward: along(m, minus(n, m), t), nearest: (to: Float64Array, out: Float64Array) => void closestOnEdge(edge, to, out) }))
      .filter(({ outward }) => lengthOf(outward) > 1e-3).map((hold) => ({ ...hold, outward: unit(hold.outward) }));
  });
}

/** The points of hollow cones, with the axis and a few directions about it. */
function pointHolds(body: Body, sizeMm: number): Hold[] {
  return body.faces.flatMap((face) => {
    const tip = tipOf(face);
    if (!tip) return [];
    const { start, count } = face.facets, { positions, normals, indices } = body.facets, reach = 1e-7 * sizeMm;
    let triangle = -1, at = -1, axis: Vec3 = [0, 0, 0], turned = 0;
    for (let k = start * 3; k < (start + count) * 3; k++) {
      const p = pointAt(positions, indices[k]);
      if (lengthOf(minus(p, tip)) < reach) { triangle = Math.floor(k / 3); at = indices[k]; }
      axis = along(axis, minus(p, tip), 1);
    }
    if (at < 0 || !(lengthOf(axis) > reach)) return [];
    axis = unit(axis);
    for (let k = start * 3; k < (start + count) * 3; k++) turned += dot(pointAt(normals, indices[k]), axis);
    // Normals lean along the axis, into the hollow, where the material is outside the cone.
    if (!(turned > 0) || triangle < 0) return [];
    const lean = Math.tan((Math.PI / 2 - halfAngleOf(face)) / 2), [x, y] = framePerpendicular(axis), on = Float64Array.from(tip);
    const ways: Vec3[] = [axis, ...[x, y].flatMap((side) => [lean, -lean].map((s) => unit(along(axis, side, s))))];
    return ways.map((outward) => ({ face: face.index, triangle, point: tip, outward, nearest: (_to: Float64Array, out: Float64Array) => out.set(on) }));
  });
}

const halfAngleOf = ({ surface }: Face): number => (surface.kind === "cone" ? Math.abs(surface.halfAngleRad) : 0);

function tipOf({ surface }: Face): Vec3 | undefined {
  if (surface.kind !== "cone") return undefined;
  const { frame, radiusMm, halfAngleRad } = surface;
  return along(frame.origin, frame.z, -radiusMm / Math.tan(halfAngleRad));
}

/** Balls among the facets from a little below each hold, where its own faces are out of the way. */
function startsOf(gauge: BallGauge, holds: readonly Hold[]): ExactBalls {
  const samples = emptySamples(holds.length), below = 4 * gauge.deviationMm + 1e-6 * gauge.sizeMm;
  holds.forEach(({ point, outward }, i) => {
    samples.faces[i] = -1;
    for (let k = 0; k < 3; k++) { samples.points[i * 3 + k] = point[k] - below * outward[k]; samples.normals[i * 3 + k] = outward[k]; }
  });
  return gauge.measureOnFacets(samples);
}

/** From a place and what lies across it to where both are nearest to one another; undefined where no ball fits between them. */
function follow(gauge: BallGauge, hold: Hold, face: number, across: Vec3, reachMm: number): { p: Float64Array; q: Float64Array; diameterMm: number; slack: number } | undefined {
  const p = Float64Array.from(hold.point), q = Float64Array.from(across), middle = new Float64Array(3);
  const ball = (slack: number): { p: Float64Array; q: Float64Array; diameterMm: number; slack: number } | undefined => {
    const diameterMm = lengthOf(minus(pointAt(p, 0), pointAt(q, 0)));
    for (let k = 0; k < 3; k++) middle[k] = (p[k] + q[k]) / 2;
    return diameterMm > 0 && gauge.fits(middle, (diameterMm / 2) * (1 - slack)) ? { p: p.slice(), q: q.slice(), diameterMm, slack } : undefined;
  };
  let least = gauge.nearestOn(face, p, reachMm, q);
  if (least === Infinity) return undefined;
  const here = ball(STOPPED);
  for (let step = 0; step < STEPS; step++) {
    hold.nearest(q, p);
    const d = gauge.nearestOn(face, p, reachMm, q);
    if (!(d < least * (1 - 1e-13))) break;
    least = d;
  }
  return ball(REST) ?? here;
}
