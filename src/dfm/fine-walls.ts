import type { Body } from "../part/part.ts";
import type { WallSamples } from "./check-walls.ts";
import type { FacetPatches } from "./context.ts";
import { ZONE } from "./edge-zone.ts";
import type { ExactBalls } from "./exact-balls.ts";

/** Wall thickness on pieces of facets, as fine as the samples. */
export interface FineWalls extends FacetPatches {
  /** `[p*3]` at the pieces' corners, mm; NaN where most samples near by are held by no wall. */
  readonly values: Float32Array;
}

type Weights = readonly [number, number, number];

/** Most pieces: more than a view tells apart. */
const MOST = 150_000;
/** How far a sample speaks, in distances between samples; beyond `REACH` of these it is silent. */
const SPEAKS = 0.8, REACH = 2;

/**
 * Halves facets along their longest edges until they are no larger than the distance between samples. The corner of a
 * piece has the mean of the walls around it on its face, nearer ones counting more; where more than half of what is
 * around is no wall, it has none. Undefined where the facets are as fine as the samples.
 */
export function fineWalls({ facets, mass: { areaMm2 } }: Body, walls: WallSamples, maxMm: number): FineWalls | undefined {
  const count = facets.faceOf.length, { samples } = walls;
  if (samples.count < 1.2 * count) return undefined;
  const spacing = Math.sqrt(areaMm2 / samples.count), field = new WallField(walls, facets.faceOf, spacing, maxMm);
  const pieces: number[] = [], corners: number[] = [], values: number[] = [];
  for (let t = 0; t < count && pieces.length < MOST; t++) {
    const at = ([u, v, w]: Weights): Weights => [0, 1, 2].map((k) => u * facets.positions[facets.indices[t * 3] * 3 + k] + v * facets.positions[facets.indices[t * 3 + 1] * 3 + k] + w * facets.positions[facets.indices[t * 3 + 2] * 3 + k]) as [number, number, number];
    const open: (readonly [Weights, Weights, Weights])[] = [[[1, 0, 0], [0, 1, 0], [0, 0, 1]]];
    for (let next = open.pop(); next; next = open.pop()) {
      const ends = next.map(at), longest = [0, 1, 2].reduce((best, k) => (edge(ends, k) > edge(ends, best) ? k : best), 0);
      if (edge(ends, longest) > spacing) {
        const [a, b, c] = [next[longest], next[(longest + 1) % 3], next[(longest + 2) % 3]], half: Weights = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
        open.push([a, half, c], [half, b, c]);
        continue;
      }
      pieces.push(t);
      for (let k = 0; k < 3; k++) { corners.push(...next[k]); values.push(field.at(facets.faceOf[t], ends[k])); }
    }
  }
  return pieces.length < MOST ? { facets: Uint32Array.from(pieces), corners: Float32Array.from(corners), values: Float32Array.from(values) } : undefined;
}

const edge = (ends: readonly Weights[], k: number): number => { const a = ends[k], b = ends[(k + 1) % 3]; return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); };

/** Thickness as a map shows it, mm: on facets a wall as thick as the limit reads a little more or less. */
export const shownMm = ({ radiusMm, lowMm }: ExactBalls, i: number, maxMm: number): number =>
  2 * radiusMm[i] > maxMm && 2 * lowMm[i] <= maxMm ? maxMm : 2 * radiusMm[i];

/** The samples' thickness as a smooth field on each face. */
class WallField {
  readonly #cells = new Map<string, number[]>();
  readonly #walls: WallSamples;
  readonly #spacing: number;
  readonly #maxMm: number;

  constructor(walls: WallSamples, faceOf: Uint32Array, spacing: number, maxMm: number) {
    this.#walls = walls;
    this.#spacing = spacing;
    this.#maxMm = maxMm;
    const { samples: { count, points, triangles }, zones } = walls;
    for (let i = 0; i < count; i++) {
      // Those left to exact samples of the same faces say nothing themselves.
      if (zones[i] === ZONE.spoken || zones[i] === ZONE.astray) continue;
      const key = this.#key(faceOf[triangles[i]], [points[i * 3], points[i * 3 + 1], points[i * 3 + 2]], 0, 0, 0), cell = this.#cells.get(key);
      if (cell) cell.push(i); else this.#cells.set(key, [i]);
    }
  }

  /** Thickness at a point of a face, mm; NaN where most of what is around is no wall. */
  at(face: number, p: Weights): number {
    const { samples: { points }, balls, zones } = this.#walls, wide = (SPEAKS * this.#spacing) ** 2;
    let all = 0, walls = 0, sum = 0;
    for (let x = -1; x <= 1; x++) for (let y = -1; y <= 1; y++) for (let z = -1; z <= 1; z++) for (const i of this.#cells.get(this.#key(face, p, x, y, z)) ?? []) {
      const weight = Math.exp(-((points[i * 3] - p[0]) ** 2 + (points[i * 3 + 1] - p[1]) ** 2 + (points[i * 3 + 2] - p[2]) ** 2) / wide);
      all += weight;
      if (zones[i] !== ZONE.wall) continue;
      walls += weight;
      sum += weight * shownMm(balls, i, this.#maxMm);
    }
    return walls > 0 && walls >= all / 2 ? sum / walls : NaN;
  }

  #key(face: number, p: Weights, x: number, y: number, z: number): string {
    const size = REACH * this.#spacing;
    return `${face} ${Math.floor(p[0] / size) + x} ${Math.floor(p[1] / size) + y} ${Math.floor(p[2] / size) + z}`;
  }
}
