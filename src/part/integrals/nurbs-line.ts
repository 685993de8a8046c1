import { basisSlopes, findSpan } from "../nurbs-basis.ts";
import type { NurbsSurface } from "../surface.ts";
import { addIntegrands, INTEGRALS } from "./face-integrals.ts";
import { COARSE, errorOf, FINE, type Rule } from "./gauss-kronrod.ts";
import type { Span } from "./parameter-box.ts";
import type { SurfaceLine } from "./surface-line.ts";

/** Numbers kept of each pole of a line: homogeneous point and its derivative by u. */
const POLE = 8;
/** Panels with less than this share of the worst panel's error stay as they are. */
const MINOR = 0.01;

/** A piece of the inner range inside one knot span, and the basis functions at its points. */
interface Panel {
  readonly low: number;
  readonly high: number;
  readonly span: number;
  /** From the parameter to the one in the first period. */
  readonly shift: number;
  readonly rule: Rule;
  readonly table: Float64Array;
}

/**
 * Lines u = constant of a (rational) B-spline surface: the poles of the line are made once for a u, then every panel
 * takes a Kronrod rule, coarse to begin with. Along v the integrands of one span are smooth.
 * @param surface with its parameters exchanged (so that its u is the outer, v) and the reference point at the origin
 * @param outerBreaks,innerBreaks knots inside the range @param range of the inner parameter
 */
export function nurbsLine(surface: NurbsSurface, outerBreaks: Float64Array, innerBreaks: Float64Array, range: Span): SurfaceLine {
  const ends = [range[0], ...innerBreaks, range[1]];
  return panelLine(surface, ends.slice(1).map((high, i) => makePanel(surface, ends[i], high, COARSE)), outerBreaks, innerBreaks);
}

function panelLine(surface: NurbsSurface, panels: readonly Panel[], outerBreaks: Float64Array, innerBreaks: Float64Array): SurfaceLine {
  const near = 1e-14 * (panels[panels.length - 1].high - panels[0].low), poles = linePoles(surface), sums = new PanelSums(surface, poles.line);
  const worst = new Float64Array(panels.length), partial = new Float64Array(FINE.points * 2 * (surface.degreeV + 1));
  let partialTo = NaN;
  return {
    outer: "v", outerBreaks, innerBreaks,
    integrate(outer, to, out, errors) {
      out.fill(0);
      errors.fill(0);
      poles.moveTo(outer);
      for (let i = 0; i < panels.length; i++) {
        const { low, high, span, shift, rule, table } = panels[i];
        if (Math.abs(to - low) <= near || (to < low && i > 0)) break;
        poles.need(span);
        const whole = Math.abs(to - high) <= near || (to > high && i < panels.length - 1);
        if (!whole && to !== partialTo) { fillTable(surface, low, to, span, shift, rule, partial); partialTo = to; }
        sums.take(span, whole ? table : partial, ((whole ? high : to) - low) / 2, rule);
        for (let k = 0; k < INTEGRALS; k++) out[k] += sums.kronrod[k];
        errors[0] += sums.areaError;
        errors[1] += sums.volumeError;
        worst[i] = Math.max(worst[i], sums.areaError, (sums.areaMm2 * sums.volumeError) / sums.leverMm3);
      }
    },
    refined() {
      const most = worst.reduce((a, b) => Math.max(a, b), 0);
      return panelLine(surface, panels.flatMap((panel, i) => (worst[i] < MINOR * most ? [panel] : finer(surface, panel))), outerBreaks, innerBreaks);
    },
  };
}

function finer(surface: NurbsSurface, { low, high, rule }: Panel): Panel[] {
  const middle = (low + high) / 2;
  return rule === COARSE ? [makePanel(surface, low, high, FINE)] : [makePanel(surface, low, middle, FINE), makePanel(surface, middle, high, FINE)];
}

/** Poles of the line at the present u, made as they are needed. */
function linePoles({ degreeU, degreeV, countU, countV, knotsU, periodU, poles, weights }: NurbsSurface): { line: Float64Array; moveTo(u: number): void; need(span: number): void } {
  const line = new Float64Array(countV * POLE), made = new Uint8Array(countV), basisU = new Float64Array(2 * (degreeU + 1)), rational = weights.length > 0;
  let atU = NaN, first = 0;
  const make = (j: number): void => {
    made[j] = 1;
    const at = j * POLE;
    line.fill(0, at, at + POLE);
    for (let i = 0; i <= degreeU; i++) {
      const pole = (first + i) * countV + j, weight = rational ? weights[pole] : 1, b = basisU[i] * weight, d = basisU[degreeU + 1 + i] * weight;
      for (let k = 0; k < 3; k++) { line[at + k] += b * poles[pole * 3 + k]; line[at + 4 + k] += d * poles[pole * 3 + k]; }
      line[at + 3] += b; line[at + 7] += d;
    }
  };
  return {
    line,
    moveTo(u) {
      if (u === atU) return;
      atU = u;
      made.fill(0);
      const t = inPeriod(u, knotsU[degreeU], periodU), span = findSpan(knotsU, degreeU, countU, t);
      basisSlopes(knotsU, degreeU, span, t, basisU, 0);
      first = span - degreeU;
    },
    need(span) {
      for (let j = span - degreeV; j <= span; j++) if (made[j] === 0) make(j);
    },
  };
}

/** The Kronrod sums over one panel of a line and how far area and volume may be off. */
class PanelSums {
  readonly kronrod = new Float64Array(INTEGRALS);
  areaMm2 = 0;
  /** ∫ |integrand of the volume|: the integrand itself may cancel. */
  leverMm3 = 0;
  areaError = 0;
  volumeError = 0;
  private readonly degree: number;
  private readonly rational: boolean;

  constructor({ degreeV, weights }: NurbsSurface, private readonly line: Float64Array) {
    this.degree = degreeV;
    this.rational = weights.length > 0;
  }

  take(span: number, table: Float64Array, half: number, rule: Rule): void {
    const { line, degree, rational, kronrod } = this, nv = degree + 1, first = (span - degree) * POLE;
    let gaussArea = 0, gaussVolume = 0, lever = 0;
    for (let k = 0; k < INTEGRALS; k++) kronrod[k] = 0;
    for (let p = 0; p < rule.points; p++) {
      let x = 0, y = 0, z = 0, w = 0, ux = 0, uy = 0, uz = 0, uw = 0, vx = 0, vy = 0, vz = 0, vw = 0;
      for (let k = 0, at = first, b = p * 2 * nv; k < nv; k++, at += POLE, b++) {
        const n = table[b], d = table[b + nv], px = line[at], py = line[at + 1], pz = line[at + 2];
        x += n * px; y += n * py; z += n * pz;
        vx += d * px; vy += d * py; vz += d * pz;
        ux += n * line[at + 4]; uy += n * line[at + 5]; uz += n * line[at + 6];
        if (rational) { w += n * line[at + 3]; vw += d * line[at + 3]; uw += n * line[at + 7]; }
      }
      if (rational) {
        const r = 1 / w;
        x *= r; y *= r; z *= r;
        ux = (ux - uw * x) * r; uy = (uy - uw * y) * r; uz = (uz - uw * z) * r;
        vx = (vx - vw * x) * r; vy = (vy - vw * y) * r; vz = (vz - vw * z) * r;
      }
      // The parameters are exchanged: the outward side is ∂S/∂v × ∂S/∂u here.
      const a = vy * uz - vz * uy, b = vz * ux - vx * uz, c = vx * uy - vy * ux, volume = (x * a + y * b + z * c) / 3;
      const weight = rule.kronrod[p] * half, gauss = rule.gauss[p] * half;
      addIntegrands(x, y, z, a, b, c, weight, kronrod);
      lever += Math.abs(volume * weight);
      if (gauss !== 0) { gaussArea += Math.sqrt(a * a + b * b + c * c) * gauss; gaussVolume += volume * gauss; }
    }
    this.areaMm2 = Math.abs(kronrod[0]);
    this.leverMm3 = Math.max(lever, Number.MIN_VALUE);
    this.areaError = errorOf(Math.abs(kronrod[0] - gaussArea), this.areaMm2);
    this.volumeError = errorOf(Math.abs(kronrod[1] - gaussVolume), this.leverMm3);
  }
}

function makePanel(surface: NurbsSurface, low: number, high: number, rule: Rule): Panel {
  const { knotsV, degreeV, countV, periodV } = surface, middle = (low + high) / 2, t = inPeriod(middle, knotsV[degreeV], periodV);
  const span = findSpan(knotsV, degreeV, countV, t), table = new Float64Array(rule.points * 2 * (degreeV + 1));
  fillTable(surface, low, high, span, t - middle, rule, table);
  return { low, high, span, shift: t - middle, rule, table };
}

/** Basis functions and their derivatives at the points of the rule between two parameters of one span. */
function fillTable({ knotsV, degreeV }: NurbsSurface, low: number, high: number, span: number, shift: number, rule: Rule, table: Float64Array): void {
  const n = 2 * (degreeV + 1);
  for (let p = 0; p < rule.points; p++) {
    basisSlopes(knotsV, degreeV, span, (low + high) / 2 + (rule.nodes[p] * (high - low)) / 2 + shift, table, p * n);
  }
}

/** A parameter brought into the first period. */
const inPeriod = (t: number, first: number, period: number): number => (period > 0 ? t - Math.floor((t - first) / period) * period : t);
