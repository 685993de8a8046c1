import type { AxisCalibration, CalibratedDimension, Calibration, DimensionVerdict } from "./calibrate.ts";
import type { TrialAxis } from "./trial.ts";

/** Size of the drawing in pixels; it scales without loss. */
export const PLOT_DEFAULTS = { widthPx: 760, heightPx: 420 } as const;

/** Colour and mark per axis: told apart without colour too. */
const STYLE: Record<TrialAxis, { colour: string; mark: (x: number, y: number) => string }> = {
  x: { colour: "#0b5fa5", mark: (x, y) => `<circle cx="${n(x)}" cy="${n(y)}" r="4.5"/>` },
  y: { colour: "#b35900", mark: (x, y) => `<rect x="${n(x - 4)}" y="${n(y - 4)}" width="8" height="8"/>` },
  z: { colour: "#4b7d1f", mark: (x, y) => `<path d="M${n(x)} ${n(y - 5.5)}L${n(x + 5)} ${n(y + 4)}H${n(x - 5)}Z"/>` },
  any: { colour: "#333333", mark: (x, y) => `<path d="M${n(x)} ${n(y - 5.5)}L${n(x + 5.5)} ${n(y)}L${n(x)} ${n(y + 5.5)}L${n(x - 5.5)} ${n(y)}Z"/>` },
};

/**
 * Deviation of every dimension over its size, mm, with the fitted line of each axis and the tolerance band: an SVG
 * that stands alone. A shrinkage error is a line through zero, an offset lifts it; crossed marks are outliers.
 */
export function plotCalibration({ axes, dimensions }: Calibration, { widthPx, heightPx }: { widthPx: number; heightPx: number } = PLOT_DEFAULTS): string {
  const box = { left: 70, right: widthPx - 20, top: 48, bottom: heightPx - 56 };
  const maxSize = 1.08 * largest(dimensions.map((d) => d.targetMm));
  const most = 1.15 * largest([1e-3, ...dimensions.flatMap((d) => [Math.abs(d.errorMm), d.toleranceMm ?? 0])]);
  const x = (sizeMm: number): number => box.left + ((box.right - box.left) * sizeMm) / maxSize;
  const y = (errorMm: number): number => (box.top + box.bottom) / 2 - ((box.bottom - box.top) * errorMm) / (2 * most);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPx} ${heightPx}" width="${widthPx}" height="${heightPx}" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="t">Measured less target, over size</title>`,
    `<desc id="d">${escapeXml(summary(axes, dimensions))}</desc>`,
    `<rect width="${widthPx}" height="${heightPx}" fill="#ffffff"/>`,
    ...band(dimensions, x, y),
    ...grid(box, maxSize, most, x, y),
    ...axes.flatMap((axis) => fitted(axis, maxSize, most, dimensions, x, y)),
    ...dimensions.map((d) => point(d, x, y)),
    ...legend(axes, box.left),
    "</svg>",
  ];
  return parts.join("\n");
}

type Scale = (value: number) => number;

function band(dimensions: readonly CalibratedDimension[], x: Scale, y: Scale): string[] {
  return dimensions.flatMap(({ targetMm, toleranceMm }) => {
    if (toleranceMm === undefined) return [];
    const top = y(toleranceMm);
    return [`<rect x="${n(x(targetMm) - 5)}" y="${n(top)}" width="10" height="${n(y(-toleranceMm) - top)}" fill="#dfe8ee" stroke="#9fb3c0" stroke-width="0.6"/>`];
  });
}

function grid(box: { left: number; right: number; top: number; bottom: number }, maxSize: number, most: number, x: Scale, y: Scale): string[] {
  const lines: string[] = [];
  for (const value of ticks(-most, most)) {
    lines.push(`<path d="M${box.left} ${n(y(value))}H${box.right}" stroke="${value === 0 ? "#333333" : "#e2e2e2"}"/>`);
    lines.push(`<text x="${box.left - 8}" y="${n(y(value) + 4)}" text-anchor="end">${label(value)}</text>`);
  }
  for (const value of ticks(0, maxSize)) lines.push(`<text x="${n(x(value))}" y="${box.bottom + 18}" text-anchor="middle">${label(value)}</text>`);
  lines.push(`<text x="${(box.left + box.right) / 2}" y="${box.bottom + 40}" text-anchor="middle">target size, mm</text>`);
  lines.push(`<text transform="translate(18 ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle">measured − target, mm</text>`);
  return lines;
}

/** The fitted line in this picture: error = (present OSF / OSF − 1) · size + intercept. */
function fitted(axis: AxisCalibration, maxSize: number, most: number, dimensions: readonly CalibratedDimension[], x: Scale, y: Scale): string[] {
  if (axis.basis === "ratio") return [];
  const own = dimensions.filter((d) => d.axis === axis.axis);
  const intercept = axis.basis === "line" ? (axis.line?.interceptMm.value ?? 0) : 0;
  const from = axis.basis === "line" ? -0.8 * largest(own.map((d) => -d.targetMm)) : 0;
  const slope = axis.presentOsf / axis.correctedOsf.value - 1;
  const at = (size: number): string => `${n(x(size))} ${n(y(Math.max(-most, Math.min(most, slope * size + intercept))))}`;
  return [`<path d="M${at(from)}L${at(maxSize)}" stroke="${STYLE[axis.axis].colour}" stroke-width="1.6" fill="none"/>`];
}

const WORDS: Record<DimensionVerdict, string> = { pass: "holds", fail: "fails", undecided: "undecided", "not-evaluated": "not evaluated" };

function point(d: CalibratedDimension, x: Scale, y: Scale): string {
  const { colour, mark } = STYLE[d.axis];
  const [px, py] = [x(d.targetMm), y(d.errorMm)];
  const cross = d.outlier ? `<path d="M${n(px - 8)} ${n(py - 8)}L${n(px + 8)} ${n(py + 8)}M${n(px - 8)} ${n(py + 8)}L${n(px + 8)} ${n(py - 8)}" stroke="#b00020" stroke-width="2"/>` : "";
  const title = `${d.dimension}: ${d.measuredMm.toFixed(3)} mm for ${d.targetMm} mm; re-cut ${WORDS[d.verdict]}${d.outlier ? "; outlier" : ""}`;
  return `<g fill="${colour}"><title>${escapeXml(title)}</title>${mark(px, py)}${cross}</g>`;
}

function legend(axes: readonly AxisCalibration[], left: number): string[] {
  return axes.map((axis, i) => {
    const at = left + i * 215;
    const { value, low, high } = axis.correctedOsf;
    const range = low === undefined || high === undefined ? "" : ` (${low.toFixed(4)}–${high.toFixed(4)})`;
    const name = axis.axis === "any" ? "all axes" : axis.axis;
    return `<g fill="${STYLE[axis.axis].colour}">${STYLE[axis.axis].mark(at, 22)}<text x="${at + 12}" y="26">${name}: OSF ${value.toFixed(4)}${range}</text></g>`;
  });
}

function summary(axes: readonly AxisCalibration[], dimensions: readonly CalibratedDimension[]): string {
  const factors = axes.map((a) => `${a.axis === "any" ? "all axes" : `axis ${a.axis}`} ${a.correctedOsf.value.toFixed(4)}`).join(", ");
  const outliers = dimensions.filter((d) => d.outlier).map((d) => d.dimension);
  return `${dimensions.length} dimensions. Corrected OSF: ${factors}.${outliers.length ? ` Outliers: ${outliers.join(", ")}.` : ""} Grey bars are tolerances.`;
}

/** About six round steps between two values. */
function ticks(from: number, to: number): number[] {
  const raw = (to - from) / 6;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  const list: number[] = [];
  for (let k = Math.ceil(from / step); k * step <= to; k++) list.push(k * step);
  return list;
}

const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
const n = (value: number): string => String(Number(value.toFixed(2)));
const label = (value: number): string => String(Number(value.toPrecision(6)));
const escapeXml = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
