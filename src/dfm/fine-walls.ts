import type { Body } from "../part/part.ts";
import { buildBvh, type Bvh } from "../spatial/bvh.ts";
import type { SpatialModule } from "../spatial/load-spatial.ts";
import { BUDGET_DEFAULTS, type FacetPatches } from "./context.ts";
import { ZONE } from "./edge-zone.ts";
import type { Limit } from "./finding.ts";
import { emptySamples, pickSamples, placeOnTriangle, type SurfaceSamples } from "./surface-samples.ts";
import type { Vec3 } from "../units.ts";
import { NOT_MEASURED, shownMm } from "./wall-map.ts";
import { WallSide, indicesWhere } from "./wall-samples.ts";

/** Wall thickness on pieces of facets, measured at their corners. */
export interface FineWalls extends FacetPatches {
  /** `[p*3]` at the pieces' corners, mm; 0 where no wall is. */
  readonly values: Float32Array;
  /** `[p*3]` 1 where a corner or a round holds the ball and not an opposite wall, else 0; between corners the nearer ones decide. */
  readonly blanks: Float32Array;
}

/** What it is measured with. */
export interface FineWallsTask {
  readonly body: Body;
  readonly spatial: SpatialModule;
  readonly exact: boolean;
  readonly limit: Pick<Limit, "min" | "max">;
}

/** A body has about this many pieces along the root of its area before those at the borders of walls are cut. */
const ALONG = 80;
/** Pieces at the border of a wall are quartered so often, while there are fewer than `MOST`: more than a view tells apart. */
const ROUNDS = 2, MOST = 150_000;
/** Pieces of large bodies of many small facets are larger by up to this factor. */
const COARSER = 8;
/** Most balls measured on exact surfaces. */
const MOST_EXACT = 3000;
/** Corners this near to each other, in lengths of pieces, are one. */
const SAME = 1e-3;

/**
 * Halves facets along their longest edges, measures the ball at every corner of a piece, and quarters pieces between
 * wall and no wall. Balls are measured among the facets, and on the exact surfaces where that may be a wall below the
 * limit or too thin for facets to show. Undefined where the facets themselves are more than a view tells apart.
 */
export function fineWalls(task: FineWallsTask): FineWalls | undefined {
  const { facets, mass: { areaMm2 } } = task.body, size = Math.sqrt(areaMm2) / ALONG;
  let pieces: Piece[] | undefined;
  for (let factor = 1; !pieces && factor <= COARSER; factor *= 2) pieces = cut(facets, factor * size);
  if (!pieces) return undefined;
  const bvh = buildBvh(task.spatial, facets.positions, facets.indices, facets.faceOf);
  try { return measured(pieces, new WallField(task, bvh, size)); } finally { bvh.dispose(); }
}

function measured(start: Piece[], field: WallField): FineWalls {
  let pieces = start;
  for (let round = 0; ; round++) {
    const walls = field.at(pieces);
    if (round === ROUNDS) return packed(pieces, walls);
    const none = (c: number): boolean => walls[c] === NOT_MEASURED, border = pieces.map((_, p) => none(p * 3) !== none(p * 3 + 1) || none(p * 3) !== none(p * 3 + 2)), count = border.filter(Boolean).length;
    if (count === 0 || pieces.length + 3 * count > MOST) return packed(pieces, walls);
    pieces = pieces.flatMap((piece, p) => (border[p] ? quarters(piece) : piece));
  }
}

/** A corner of a piece: its weights in the facet, its place. */
type Corner = readonly [u: number, v: number, w: number, x: number, y: number, z: number];
interface Piece { readonly facet: number; readonly corners: readonly [Corner, Corner, Corner] }

/** Pieces no longer than `sizeMm`; undefined where there are too many. */
function cut({ faceOf, indices, positions }: Body["facets"], sizeMm: number): Piece[] | undefined {
  const out: Piece[] = [];
  const cornerOf = (t: number, k: number): Corner => { const v = indices[t * 3 + k] * 3; return [+(k === 0), +(k === 1), +(k === 2), positions[v], positions[v + 1], positions[v + 2]]; };
  for (let facet = 0; facet < faceOf.length; facet++) {
    const open: Piece["corners"][] = [[cornerOf(facet, 0), cornerOf(facet, 1), cornerOf(facet, 2)]];
    for (let next = open.pop(); next; next = open.pop()) {
      if (out.length > MOST / 2) return undefined;
      const [a, b, c] = next, ab = apart(a, b), bc = apart(b, c), ca = apart(c, a), longest = Math.max(ab, bc, ca);
      if (longest <= sizeMm) { out.push({ facet, corners: next }); continue; }
      const [p, q, r] = longest === ab ? next : longest === bc ? [b, c, a] : [c, a, b], half = between(p, q);
      open.push([p, half, r], [half, q, r]);
    }
  }
  return out;
}

function quarters({ facet, corners: [a, b, c] }: Piece): Piece[] {
  const ab = between(a, b), bc = between(b, c), ca = between(c, a);
  return ([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]] as const).map((corners) => ({ facet, corners }));
}

const apart = (a: Corner, b: Corner): number => Math.hypot(a[3] - b[3], a[4] - b[4], a[5] - b[5]);
const between = (a: Corner, b: Corner): Corner => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2, (a[3] + b[3]) / 2, (a[4] + b[4]) / 2, (a[5] + b[5]) / 2];

/** Places of a body as numbers, the same for places nearer to each other than `sameMm`. */
class Places {
  readonly #low: Vec3;
  readonly #counts: Vec3;
  readonly #sameMm: number;

  constructor([low, high]: Body["mass"]["boxMm"], sameMm: number) {
    const size = [0, 1, 2].map((k) => high[k] - low[k] + 2 * sameMm);
    this.#sameMm = Math.max(sameMm, Math.cbrt((size[0] * size[1] * size[2]) / 2 ** 50));
    this.#low = low;
    this.#counts = size.map((length) => Math.ceil(length / this.#sameMm) + 2) as [number, number, number];
  }

  at([, , , x, y, z]: Corner): number {
    const cell = (value: number, k: number): number => Math.round((value - this.#low[k]) / this.#sameMm) + 1;
    return (cell(x, 0) * this.#counts[1] + cell(y, 1)) * this.#counts[2] + cell(z, 2);
  }
}

/** Walls at corners of pieces, each place of a face measured once. */
class WallField {
  /** By face, then place: which of the walls. */
  readonly #known: Map<number, number>[];
  /** Thickness, mm; {@link NOT_MEASURED} where none is. */
  readonly #walls: number[] = [];
  readonly #task: FineWallsTask;
  readonly #side: WallSide;
  readonly #places: Places;

  constructor(task: FineWallsTask, bvh: Bvh, sizeMm: number) {
    this.#task = task;
    this.#side = new WallSide({ body: task.body, bvh, exact: task.exact, budget: BUDGET_DEFAULTS }, "inside");
    this.#places = new Places(task.body.mass.boxMm, SAME * sizeMm);
    this.#known = task.body.faces.map(() => new Map());
  }

  /** `[p*3]` thickness at the corners of pieces, mm; {@link NOT_MEASURED} where none is. */
  at(pieces: readonly Piece[]): Float32Array {
    const { body, exact } = this.#task, which = new Uint32Array(pieces.length * 3), asked: (readonly [facet: number, corner: Corner])[] = [];
    pieces.forEach(({ facet, corners }, p) => corners.forEach((corner, k) => {
      const known = this.#known[body.facets.faceOf[facet]], place = this.#places.at(corner);
      let index = known.get(place);
      if (index === undefined) {
        known.set(place, (index = this.#walls.length + asked.length));
        asked.push([facet, corner]);
      }
      which[p * 3 + k] = index;
    }));
    const samples = emptySamples(asked.length);
    asked.forEach(([facet, [u, v, w]], i) => placeOnTriangle(body, exact, facet, u, v, w, samples, i));
    for (const wall of this.#measure(samples)) this.#walls.push(wall);
    return Float32Array.from(which, (index) => this.#walls[index]);
  }

  #measure(samples: SurfaceSamples): Float64Array {
    const { exact, limit: { min = 0, max = Infinity } } = this.#task, side = this.#side, rough = side.look(samples);
    const shown = Float64Array.from(rough.zones, (zone, i) => (zone === ZONE.wall ? shownMm(rough.balls, i, max) : NOT_MEASURED));
    if (!exact) return shown;
    const close = side.gauge.closeAcross(samples), open = indicesWhere(rough, (i) => close[i] === 1 || (rough.zones[i] === ZONE.wall && 2 * rough.balls.lowMm[i] < min));
    const list = open.filter((_, k) => k % Math.ceil(open.length / MOST_EXACT) === 0), found = side.measure(pickSamples(samples, list));
    list.forEach((i, j) => { shown[i] = found.zones[j] === ZONE.wall ? shownMm(found.balls, j, max) : NOT_MEASURED; });
    return shown;
  }
}

function packed(pieces: readonly Piece[], walls: Float32Array): FineWalls {
  const weights = new Float32Array(pieces.length * 9);
  pieces.forEach(({ corners }, p) => corners.forEach(([u, v, w], k) => { weights[p * 9 + k * 3] = u; weights[p * 9 + k * 3 + 1] = v; weights[p * 9 + k * 3 + 2] = w; }));
  return { facets: Uint32Array.from(pieces, ({ facet }) => facet), corners: weights, values: walls.map((wall) => Math.max(0, wall)), blanks: walls.map((wall) => (wall === NOT_MEASURED ? 1 : 0)) };
}
