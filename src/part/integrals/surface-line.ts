import type { Curve } from "../curve.ts";
import { evaluateSurface, SURFACE_POINT } from "../evaluate-surface.ts";
import type { NurbsSurface, Surface } from "../surface.ts";
import type { Vec3 } from "../../units.ts";
import { addIntegrands } from "./face-integrals.ts";
import { FINE } from "./gauss-kronrod.ts";
import { knotsInside } from "./knots-inside.ts";
import { nurbsLine } from "./nurbs-line.ts";
import { parameterBox, type Span } from "./parameter-box.ts";

/**
 * Integrals along the lines of a surface on which one parameter, the outer, is constant, from a fixed start to a given
 * value of the other, the inner.
 */
export interface SurfaceLine {
  /** Which parameter is the outer one. */
  readonly outer: "u" | "v";
  /** Values of the outer and the inner parameter at which the integrals are not smooth, ascending. */
  readonly outerBreaks: Float64Array;
  readonly innerBreaks: Float64Array;
  /** Sets `sums` (`[INTEGRALS]`) and `errors` (`[2]`, of area and volume). */
  integrate(outer: number, to: number, sums: Float64Array, errors: Float64Array): void;
  /** A finer version where the errors met so far came from. */
  refined(): SurfaceLine;
}

const NONE = new Float64Array(0);

/**
 * The lines of a surface along u, on which a fixed rule is exact: straight ones of planes (and, along v, of extrusions; the
 * integrands are polynomials of degree 2), circles of everything that turns about an axis (trigonometric polynomials of degree
 * 5). Undefined for a surface without a formula.
 * @param boundary curves (u, v, 0) up to which the lines go: they start at a point of it
 */
export function surfaceLine(surface: Surface, reference: Vec3, boundary: readonly Curve[]): SurfaceLine | undefined {
  const { u, v } = parameterBox(boundary);
  switch (surface.kind) {
    case "plane": return straight(surface, reference, "v", u[0], NONE);
    case "extrusion": return surface.curve.kind === "other" ? undefined : straight(surface, reference, "u", v[0], knotsOf(surface.curve, u));
    case "cylinder": case "cone": case "sphere": case "torus": return circular(surface, reference, u[0], NONE);
    case "revolution": return surface.curve.kind === "other" ? undefined : circular(surface, reference, u[0], knotsOf(surface.curve, v));
    case "nurbs": {
      return u[1] > u[0] ? nurbsLine(turnedAbout(surface, reference), knotsInside(surface.knotsV, surface.periodV, v), knotsInside(surface.knotsU, surface.periodU, u), u) : undefined;
    }
    case "other": return undefined;
  }
}

const knotsOf = (curve: Curve, range: Span): Float64Array => (curve.kind === "nurbs" ? knotsInside(curve.knots, curve.period, range) : NONE);

/** The surface with its parameters exchanged and the reference point at the origin. */
function turnedAbout(surface: NurbsSurface, reference: Vec3): NurbsSurface {
  const { countU, countV } = surface, poles = new Float64Array(surface.poles.length), weights = new Float64Array(surface.weights.length);
  for (let i = 0; i < countU; i++) for (let j = 0; j < countV; j++) {
    const from = i * countV + j, to = j * countU + i;
    for (let k = 0; k < 3; k++) poles[to * 3 + k] = surface.poles[from * 3 + k] - reference[k];
    if (weights.length > 0) weights[to] = surface.weights[from];
  }
  return {
    kind: "nurbs", degreeU: surface.degreeV, degreeV: surface.degreeU, countU: countV, countV: countU, knotsU: surface.knotsV, knotsV: surface.knotsU,
    poles, weights, periodU: surface.periodV, periodV: surface.periodU,
  };
}

const point = new Float64Array(SURFACE_POINT);

function add(surface: Surface, [ox, oy, oz]: Vec3, u: number, v: number, weight: number, sums: Float64Array): void {
  evaluateSurface(surface, u, v, point);
  const ux = point[3], uy = point[4], uz = point[5], vx = point[6], vy = point[7], vz = point[8];
  addIntegrands(point[0] - ox, point[1] - oy, point[2] - oz, uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx, weight, sums);
}

const GAUSS_3 = [[-Math.sqrt(0.6), 5 / 9], [0, 8 / 9], [Math.sqrt(0.6), 5 / 9]] as const;

/** Three Gauss points: exact to degree 5. */
function straight(surface: Surface, reference: Vec3, outer: "u" | "v", start: number, outerBreaks: Float64Array): SurfaceLine {
  return {
    outer, outerBreaks, innerBreaks: NONE, refined() { return this; },
    integrate(at, to, sums, errors) {
      sums.fill(0); errors.fill(0);
      const half = (to - start) / 2, middle = (to + start) / 2;
      for (const [node, weight] of GAUSS_3) {
        const inner = middle + node * half;
        add(surface, reference, outer === "u" ? at : inner, outer === "u" ? inner : at, weight * half, sums);
      }
    },
  };
}

/** The Kronrod rule on arcs up to half a turn, the Gauss rule inside it up to a quarter of that: off by 1e-15 for trigonometric polynomials of degree 5. */
function circular(surface: Surface, reference: Vec3, start: number, outerBreaks: Float64Array): SurfaceLine {
  return {
    outer: "v", outerBreaks, innerBreaks: NONE, refined() { return this; },
    integrate(v, to, sums, errors) {
      sums.fill(0); errors.fill(0);
      if (Math.abs(to - start) < 1e-15) return;
      const arcs = Math.max(1, Math.ceil(Math.abs(to - start) / Math.PI)), half = (to - start) / arcs / 2;
      const weights = Math.abs(half) > Math.PI / 8 ? FINE.kronrod : FINE.gauss;
      for (let arc = 0; arc < arcs; arc++) for (let i = 0; i < FINE.points; i++) {
        if (weights[i] !== 0) add(surface, reference, start + half * (2 * arc + 1 + FINE.nodes[i]), v, weights[i] * half, sums);
      }
    },
  };
}
