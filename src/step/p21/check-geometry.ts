import { fail, ok, type Result } from "../../result.ts";
import { triple } from "./frames.ts";
import type { Part21 } from "./part21.ts";
import { T } from "./tokens.ts";

/** Numbers beyond this are no coordinates of anything made (mm, m or inch alike). */
const FARTHEST = 1e15;

/**
 * Attribute kinds of the geometry entities, in their order (ISO 10303-42):
 * `s` string, `p` point, `P` point in space, `d` direction, `D` direction or `$`, `v` vector, `2`/`3` placement, `c` curve or surface (any),
 * `r` finite real, `+` real > 0, `0` real ≥ 0, `a` cone semi-angle, `b` logical, `*` anything.
 */
const RULES: Readonly<Record<string, string>> = {
  AXIS1_PLACEMENT: "sPD", AXIS2_PLACEMENT_2D: "spD", AXIS2_PLACEMENT_3D: "sPDD",
  VECTOR: "sd0", LINE: "spv", CIRCLE: "s3+", ELLIPSE: "s3++", HYPERBOLA: "s3++", PARABOLA: "s3r",
  PLANE: "s3", CYLINDRICAL_SURFACE: "s3+", CONICAL_SURFACE: "s30a", SPHERICAL_SURFACE: "s3+",
  TOROIDAL_SURFACE: "s3++", DEGENERATE_TOROIDAL_SURFACE: "s3++b",
  SURFACE_OF_LINEAR_EXTRUSION: "scv", SURFACE_OF_REVOLUTION: "sc*", OFFSET_SURFACE: "scrb",
  TRIMMED_CURVE: "sc****", SURFACE_CURVE: "sc**", SEAM_CURVE: "sc**", INTERSECTION_CURVE: "sc**",
};

const PLACEMENTS = ["AXIS2_PLACEMENT_3D", "AXIS2_PLACEMENT_2D"];

/**
 * Checks numbers and shapes of the geometry entities that were reached: points have three (in parameter space
 * two) finite coordinates, directions a length, radii are positive, knots fit their poles.
 * `STEP_NUMBER` for a bad number, `STEP_REFERENCE` for a wrong kind of instance.
 *
 * @param angleRad Radians in the file's angle unit, for cones.
 */
export function checkGeometry(p: Part21, reached: Uint8Array, angleRad: number): Result<void> {
  const rules = p.words.names.map((name) => RULES[name] as string | undefined);
  const point = p.find("CARTESIAN_POINT"), direction = p.find("DIRECTION");
  const kinds = new Kinds(p);
  const splines = p.flags((name) => name.startsWith("B_SPLINE_"));
  for (let i = 0; i < p.count; i++) {
    const word = p.word[i];
    if (word === point) {
      // Also points nothing reaches: a bad number is a damaged file.
      const fault = pointFault(p, p.first[i] + 1);
      if (fault) return fail("STEP_NUMBER", `${p.name(i)} ${fault}.`);
      continue;
    }
    if (!reached[i]) continue;
    if (word === direction) {
      const fault = directionFault(p, p.first[i] + 1);
      if (fault) return fail("STEP_NUMBER", `${p.name(i)} ${fault}.`);
    } else if (word >= 0 && rules[word]) {
      const checked = kinds.check(i, p.first[i] + 1, rules[word], angleRad);
      if (!checked.ok) return checked;
    } else if (p.among(i, splines)) {
      const fault = splineFault(p, i);
      if (fault) return fail("STEP_NUMBER", `${p.name(i)} ${fault}.`);
    }
  }
  return ok(undefined);
}

function pointFault(p: Part21, open: number): string | undefined {
  const list = p.arg(open, 1);
  if (list < 0 || p.kind[list] !== T.OPEN) return "has no list of coordinates";
  const close = p.val[list];
  for (let t = list + 1; t < close; t++) {
    if (p.kind[t] !== T.NUM) return "has a coordinate that is not a number";
    if (Math.abs(p.val[t]) > FARTHEST) return `has a coordinate of ${p.val[t]}`;
  }
  const n = close - list - 1;
  return n >= 1 && n <= 3 ? undefined : `has ${n} coordinates (a decimal comma?)`;
}

function directionFault(p: Part21, open: number): string | undefined {
  const list = p.arg(open, 1);
  if (list < 0 || p.kind[list] !== T.OPEN) return "has no list of ratios";
  const close = p.val[list];
  let square = 0;
  for (let t = list + 1; t < close; t++) {
    if (p.kind[t] !== T.NUM) return "has a ratio that is not a number";
    square += p.val[t] * p.val[t];
  }
  const n = close - list - 1;
  if (n < 2 || n > 3) return `has ${n} ratios (a decimal comma?)`;
  return square > 1e-30 && Number.isFinite(square) ? undefined : "has no length";
}

/** Checks attributes against a rule string. */
class Kinds {
  private readonly point: number;
  private readonly direction: number;
  private readonly vector: number;
  private readonly placements: readonly number[];

  constructor(private readonly p: Part21) {
    this.point = p.find("CARTESIAN_POINT");
    this.direction = p.find("DIRECTION");
    this.vector = p.find("VECTOR");
    this.placements = PLACEMENTS.map((name) => p.find(name));
  }

  check(instance: number, open: number, rule: string, angleRad: number): Result<void> {
    const { p } = this;
    if (p.size(open) !== rule.length) return fail("STEP_PARSE", `${p.name(instance)} has ${p.size(open)} attributes instead of ${rule.length}.`);
    let t = open + 1;
    for (let i = 0; i < rule.length; i++, t = p.after(t)) {
      const wanted = rule[i];
      if (wanted === "s" || wanted === "*" || wanted === "b") continue;
      if ("r+0a".includes(wanted)) {
        const fault = this.numberFault(t, wanted, angleRad);
        if (fault) return fail("STEP_NUMBER", `${p.name(instance)} ${fault}.`);
      } else {
        if (wanted === "D" && (p.kind[t] === T.NULL || p.kind[t] === T.STAR)) continue;
        if (p.kind[t] !== T.REF) return fail("STEP_REFERENCE", `${p.name(instance)} lacks a reference in attribute ${i + 1}.`);
        if (!this.fits(p.val[t], wanted)) return fail("STEP_REFERENCE", `${p.name(instance)} refers to ${p.name(p.val[t])} in attribute ${i + 1}.`);
      }
    }
    return ok(undefined);
  }

  private fits(target: number, wanted: string): boolean {
    const word = this.p.word[target];
    switch (wanted) {
      case "P": return word === this.point && triple(this.p, target) !== undefined;
      case "p": return word === this.point || /POINT/.test(this.p.type(target));
      case "d": case "D": return word === this.direction;
      case "v": return word === this.vector;
      case "3": return this.placements.includes(word);
      default: return /CURVE|LINE|CIRCLE|ELLIPSE|HYPERBOLA|PARABOLA|CONIC|SURFACE|PLANE|CLOTHOID/.test(this.p.type(target));
    }
  }

  private numberFault(token: number, wanted: string, angleRad: number): string | undefined {
    const { p } = this;
    const t = p.kind[token] === T.KW ? token + 2 : token;
    if (p.kind[t] !== T.NUM) return "lacks a number";
    const value = p.val[t];
    if (Math.abs(value) > FARTHEST) return `has the value ${value}`;
    if (wanted === "+" && !(value > 0)) return `has a radius of ${value}`;
    if (wanted === "0" && !(value >= 0)) return `has the value ${value}`;
    if (wanted === "a" && !(Math.abs(value * angleRad) > 0 && Math.abs(value * angleRad) < Math.PI / 2)) return `has a semi-angle of ${value}`;
    return undefined;
  }
}

/** Poles against degree, multiplicities and knots (only where knots are written). */
function splineFault(p: Part21, instance: number): string | undefined {
  const curveKnots = p.part(instance, p.find("B_SPLINE_CURVE_WITH_KNOTS"));
  if (curveKnots >= 0) {
    const simple = p.word[instance] >= 0;
    const poles = simple ? curveKnots : p.part(instance, p.find("B_SPLINE_CURVE"));
    const shift = simple ? 1 : 0, knots = simple ? 6 : 0;
    if (poles < 0) return "lacks its poles";
    return poleFault(p, p.arg(poles, shift + 1), 2) ?? knotFault(p, p.num(poles, shift), listSize(p, p.arg(poles, shift + 1)), p.arg(curveKnots, knots), p.arg(curveKnots, knots + 1))
      ?? weightFault(p, instance, "RATIONAL_B_SPLINE_CURVE");
  }
  const surfaceKnots = p.part(instance, p.find("B_SPLINE_SURFACE_WITH_KNOTS"));
  if (surfaceKnots < 0) return undefined;
  const simple = p.word[instance] >= 0;
  const poles = simple ? surfaceKnots : p.part(instance, p.find("B_SPLINE_SURFACE"));
  const shift = simple ? 1 : 0, knots = simple ? 8 : 0;
  if (poles < 0) return "lacks its poles";
  const rows = p.arg(poles, shift + 2);
  const nu = listSize(p, rows), nv = nu > 0 ? listSize(p, rows + 1) : 0;
  for (let t = rows + 1, i = 0; i < nu; i++, t = p.after(t)) if (listSize(p, t) !== nv) return "has rows of poles of different length";
  return poleFault(p, rows, 3) ?? knotFault(p, p.num(poles, shift), nu, p.arg(surfaceKnots, knots), p.arg(surfaceKnots, knots + 2))
    ?? knotFault(p, p.num(poles, shift + 1), nv, p.arg(surfaceKnots, knots + 1), p.arg(surfaceKnots, knots + 3))
    ?? weightFault(p, instance, "RATIONAL_B_SPLINE_SURFACE");
}

/** Poles are points, of one dimension and not of fewer than `least`. */
function poleFault(p: Part21, list: number, least: 2 | 3): string | undefined {
  if (list < 0 || p.kind[list] !== T.OPEN) return "lacks its poles";
  const point = p.find("CARTESIAN_POINT");
  let dimension = 0;
  for (let t = list + 1; t < p.val[list]; t++) {
    if (p.kind[t] === T.OPEN || p.kind[t] === T.CLOSE) continue;
    if (p.kind[t] !== T.REF || p.word[p.val[t]] !== point) return "has a pole that is no point";
    const own = listSize(p, p.arg(p.first[p.val[t]] + 1, 1));
    dimension ||= own;
    if (own !== dimension || own < least) return "has poles of different dimension";
  }
  return undefined;
}

const listSize = (p: Part21, t: number): number => (t >= 0 && p.kind[t] === T.OPEN ? p.size(t) : 0);

function knotFault(p: Part21, degree: number, poles: number, multiplicities: number, knots: number): string | undefined {
  if (!(degree >= 1 && degree <= 100)) return `has degree ${degree}`;
  if (poles < degree + 1) return `has ${poles} poles for degree ${degree}`;
  const n = listSize(p, knots);
  if (n < 2 || listSize(p, multiplicities) !== n) return "has knots and multiplicities of different number";
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    const multiplicity = p.val[multiplicities + i], knot = p.val[knots + i];
    if (p.kind[multiplicities + i] !== T.NUM || p.kind[knots + i] !== T.NUM) return "has a knot that is not a number";
    if (!(multiplicity >= 1 && multiplicity <= degree + 1)) return `has a knot of multiplicity ${multiplicity}`;
    if (i > 1 && !(knot > p.val[knots + i - 1])) return "has knots that do not increase";
    sum += multiplicity;
  }
  return sum === poles + degree + 1 || sum === poles ? undefined : `has ${poles} poles for multiplicities that sum to ${sum}`;
}

function weightFault(p: Part21, instance: number, name: string): string | undefined {
  const open = p.part(instance, p.find(name));
  if (open < 0) return undefined;
  for (let t = open + 1; t < p.val[open]; t++) {
    if (p.kind[t] === T.NUM && !(p.val[t] > 0)) return `has a weight of ${p.val[t]}`;
  }
  return undefined;
}
