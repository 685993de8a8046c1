import type { Curve } from "../curve.ts";
import { evaluateCurve } from "../evaluate-curve.ts";
import type { Surface } from "../surface.ts";
import type { Vec3 } from "../../units.ts";
import { closingSides } from "./close-sides.ts";
import { INTEGRALS, type FaceIntegrals } from "./face-integrals.ts";
import { COARSE, errorOf, FINE, type Rule } from "./gauss-kronrod.ts";
import { smoothPieces } from "./smooth-pieces.ts";
import { surfaceLine, type SurfaceLine } from "./surface-line.ts";

/** One side of a face in its surface's parameters: a curve (u, v, 0) over its range. */
export interface FaceSide {
  readonly curve: Curve;
  /** True when the face lies to the right of the curve's sense, seen against ∂S/∂u × ∂S/∂v. */
  readonly reversed: boolean;
}

/** Integrals of one face towards ∂S/∂u × ∂S/∂v, and how far they may be off. */
export interface FaceMeasured {
  readonly integrals: FaceIntegrals;
  /** Of each integral. */
  readonly errors: Float64Array;
}

/** Where a step leaves more than this share of the error the integrand is not smooth (the surface folds): it may happen this often. */
const STALLED = 0.1, STALLS = 3;

/**
 * Starts to integrate over a face by Green's theorem, ∬ f du dv = ∮ (∫ f du) dv: inside with a rule that is exact on
 * elementary surfaces and has an error estimate on B-splines, along the boundary by Gauss–Kronrod pieces, each smooth piece once and
 * coarsely. Undefined where the surface or a side has no formula, and where the sides do not go round an area; on a plane, which
 * nothing closes but its sides, such a face may be: a cut leaves some without any width.
 * @param sides of all loops @param reference point the moments are about, mm
 */
export function integrateFace(surface: Surface, sides: readonly FaceSide[], reference: Vec3): FaceIntegration | undefined {
  if (sides.length === 0 || sides.some((s) => s.curve.kind === "other")) return undefined;
  const straight = [...sides, ...closingSides(surface, sides)].map(straightened), line = surfaceLine(surface, reference, straight.map((s) => s.curve));
  const integration = line && new FaceIntegration(surface, straight, line);
  return integration && (integration.measured.integrals[0] > 0 || (surface.kind === "plane" && integration.isFlat)) ? integration : undefined;
}

/** Areas below this share of those they are the difference of are rounding. */
const CANCELLED = 1e-12;

/** A face under integration. */
export class FaceIntegration {
  private pieces: readonly Piece[];

  constructor(surface: Surface, sides: readonly FaceSide[], private line: SurfaceLine) {
    this.pieces = cutSides(surface, sides, line).map(({ side, low, high }) => integratePiece(side, low, high, COARSE, line));
  }

  get measured(): FaceMeasured {
    const errors = total(this.pieces, (p) => p.errors, INTEGRALS), inner = total(this.pieces, (p) => p.inner, 2);
    for (let k = 0; k < 2; k++) errors[k] += inner[k];
    return { integrals: total(this.pieces, (p) => p.sums, INTEGRALS), errors };
  }

  /** True when what the sides go round cancels: they run to and fro. */
  get isFlat(): boolean {
    return Math.abs(total(this.pieces, (p) => p.sums, 1)[0]) <= CANCELLED * this.pieces.reduce((sum, p) => sum + Math.abs(p.sums[0]), 0);
  }

  /** Takes lines and pieces finer until no integral is off by more than `allowed` (`[INTEGRALS]`), or that no longer helps. */
  refine(allowed: Float64Array): void {
    for (let stalls = 0, before = Infinity; stalls < STALLS; ) {
      const { errors } = this.measured, worst = Math.min(errors.reduce((most, e, k) => Math.max(most, e / allowed[k]), 0), Number.MAX_VALUE);
      if (worst <= 1) return;
      if (!(worst <= before * STALLED)) stalls++;
      before = worst;
      const inner = total(this.pieces, (p) => p.inner, 2), each = allowed.map((most) => most / 2 / this.pieces.length);
      if (inner[0] > allowed[0] / 2 || inner[1] > allowed[1] / 2) {
        const line = (this.line = this.line.refined());
        this.pieces = this.pieces.map(({ side, low, high, rule }) => integratePiece(side, low, high, rule, line));
      } else this.pieces = this.pieces.flatMap((piece) => (piece.errors.every((e, k) => e <= each[k]) ? [piece] : finer(piece, this.line)));
    }
  }
}

/** Poles nearer than this share of the chord to it make a straight line: only the path counts, not how it is run through. */
const STRAIGHT = 1e-12;

/** The side with a line for a curve that is one: the kernel likes to write those as splines. */
function straightened(side: FaceSide): FaceSide {
  const { curve } = side;
  if (curve.kind !== "nurbs" || curve.period > 0) return side;
  const [low, high] = curve.range, from = new Float64Array(9);
  evaluateCurve(curve, low, from);
  evaluateCurve(curve, high, c);
  const u = c[0] - from[0], v = c[1] - from[1], length = Math.hypot(u, v);
  if (length === 0) return side;
  for (let i = 0; i < curve.poles.length; i += 3) {
    if (!(Math.abs((curve.poles[i] - from[0]) * v - (curve.poles[i + 1] - from[1]) * u) <= STRAIGHT * length * length)) return side;
  }
  const k = 1 / (high - low), origin = [from[0] - low * k * u, from[1] - low * k * v, 0] as const;
  return { ...side, curve: { kind: "line", origin, direction: [u * k, v * k, 0], range: curve.range } };
}

const c = new Float64Array(9);

/** A part of a side with its integrals, their errors, and the errors that came from inside (of area and volume). */
interface Piece {
  readonly side: FaceSide;
  readonly low: number;
  readonly high: number;
  readonly rule: Rule;
  readonly sums: Float64Array;
  readonly errors: Float64Array;
  readonly inner: Float64Array;
}

function cutSides(surface: Surface, sides: readonly FaceSide[], line: SurfaceLine): Pick<Piece, "side" | "low" | "high">[] {
  const breaks = line.outer === "u" ? [line.outerBreaks, line.innerBreaks] as const : [line.innerBreaks, line.outerBreaks] as const;
  const angular = anglesOf(surface);
  return sides.filter((side) => !staysAt(side.curve, line.outer)).flatMap((side) => {
    const cuts = smoothPieces(side.curve, breaks, angular);
    return cuts.slice(1).map((high, i) => ({ side, low: cuts[i], high }));
  });
}

function finer({ side, low, high, rule }: Piece, line: SurfaceLine): Piece[] {
  const middle = (low + high) / 2;
  return rule === COARSE ? [integratePiece(side, low, high, FINE, line)] : [integratePiece(side, low, middle, FINE, line), integratePiece(side, middle, high, FINE, line)];
}

/** Where the outer parameter does not change there is nothing to add. */
function staysAt(curve: Curve, outer: "u" | "v"): boolean {
  const k = outer === "u" ? 0 : 1;
  if (curve.kind === "line") return Math.abs(curve.direction[k]) < 1e-15;
  return curve.kind === "nurbs" && curve.poles.every((x, i) => i % 3 !== k || x === curve.poles[k]);
}

/** Whether u and v of a surface are angles. */
export function anglesOf({ kind }: Surface): readonly [boolean, boolean] {
  return [kind === "cylinder" || kind === "cone" || kind === "sphere" || kind === "torus" || kind === "revolution", kind === "sphere" || kind === "torus"];
}

function total(pieces: readonly Piece[], of: (piece: Piece) => Float64Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (const piece of pieces) { const add = of(piece); for (let k = 0; k < count; k++) out[k] += add[k]; }
  return out;
}

const innerErrors = new Float64Array(2), sumsAt = new Float64Array(INTEGRALS);

function integratePiece(side: FaceSide, low: number, high: number, rule: Rule, line: SurfaceLine): Piece {
  const outer = line.outer === "u" ? 0 : 1, half = (high - low) / 2, sign = (outer === 0) === side.reversed ? 1 : -1;
  const sums = new Float64Array(INTEGRALS), errors = new Float64Array(INTEGRALS), inner = new Float64Array(2), gauss = new Float64Array(INTEGRALS);
  for (let p = 0; p < rule.points; p++) {
    evaluateCurve(side.curve, (low + high) / 2 + rule.nodes[p] * half, c);
    const speed = c[3 + outer] * half * sign, at = c[outer], to = c[1 - outer], kronrodWeight = rule.kronrod[p] * speed, gaussWeight = rule.gauss[p] * speed;
    line.integrate(at, to, sumsAt, innerErrors);
    for (let k = 0; k < INTEGRALS; k++) {
      const value = sumsAt[k];
      sums[k] += kronrodWeight * value;
      gauss[k] += gaussWeight * value;
      errors[k] += Math.abs(kronrodWeight * value);
    }
    for (let k = 0; k < 2; k++) inner[k] += Math.abs(kronrodWeight) * innerErrors[k];
  }
  for (let k = 0; k < INTEGRALS; k++) errors[k] = errorOf(Math.abs(sums[k] - gauss[k]), errors[k]);
  return { side, low, high, rule, sums, errors, inner };
}
