import type { Profile } from "../../mim/profile.ts";
import { cividis, type Srgb } from "./cividis.ts";
import type { MapKind } from "./surface-maps.ts";

/** How a map's values become colours, in the view's shader and in the legend alike. */
export interface Scale {
  readonly kind: MapKind;
  /** `banded` colours by class, `continuous` along cividis between `low` and `high`. */
  readonly mode: "banded" | "continuous";
  readonly low: number;
  readonly high: number;
  /** Classes in ascending order; each ends at its `to`, exactly. The last ends at Infinity. */
  readonly bands: readonly Band[];
  readonly unit: "mm" | "deg" | "class";
}

/** One class of a banded scale. `mark` is drawn over the colour so that the class never rests on hue alone. */
export interface Band {
  readonly to: number;
  readonly color: Srgb;
  readonly label: string;
  readonly mark: Mark;
}

/** Marks a class may carry: none, diagonal lines, crossed lines, dots. */
export const MARKS = ["plain", "lines", "cross", "dots"] as const;
export type Mark = (typeof MARKS)[number];

/** Colour of what was not measured: edge zones, faces outside a method's reach. */
export const UNMEASURED: Srgb = [0.62, 0.63, 0.65];
/** Most bands the shader takes. */
export const MAX_BANDS = 6;

/** Limits of the profile that a scale bands at. */
export interface ScaleLimits {
  readonly min?: number;
  readonly max?: number;
  /** Inside min and max, what is best. */
  readonly preferredMin?: number;
  readonly preferredMax?: number;
}

/** The profile's limits for a map. */
export function scaleLimits(kind: MapKind, limits: Profile["limits"] | undefined): ScaleLimits {
  const own = kind === "thickness" ? limits?.wall : kind === "draft" ? limits?.draft : kind === "radius" ? limits?.internalRadius : undefined;
  return own ? { min: own.min, max: own.max, preferredMin: own.preferred?.min, preferredMax: own.preferred?.max } : {};
}

/** Names of the maps, as they are offered. */
export const MAP_TITLES: Record<MapKind, string> = { thickness: "Thickness", draft: "Draft", radius: "Radii", undercut: "Undercut" };

/** Below this a wall counts as vertical, degrees. */
export const VERTICAL_DEG = 0.05;

/** The scale of a map: its bands lie exactly at the limits; its continuous range covers what was measured. */
export function makeScale(kind: MapKind, mode: Scale["mode"], limits: ScaleLimits, range: readonly [low: number, high: number]): Scale {
  const [low, high] = widen(range);
  if (kind === "draft") return { kind, mode, low: -90, high: 90, unit: "deg", bands: draftBands(limits.min ?? DRAFT_DEG) };
  if (kind === "undercut") return { kind, mode: "banded", low: 0, high: 1, unit: "class", bands: UNDERCUT_BANDS };
  return { kind, mode, low, high, unit: "mm", bands: limitBands(limits, low, high) };
}

const UNDERCUT_BANDS: readonly Band[] = [
  { to: 0.5, color: cividis(0.78), label: "reachable", mark: "plain" },
  { to: Infinity, color: cividis(0.08), label: "trapped", mark: "cross" },
];

/** Draft along the pull: the core's side, then what is too steep for either half, then the cavity's. */
function draftBands(limitDeg: number): Band[] {
  const vertical = Math.min(VERTICAL_DEG, limitDeg / 2);
  return [
    { to: -limitDeg, color: cividis(0.3), label: "negative", mark: "plain" },
    { to: -vertical, color: cividis(0.12), label: "below limit", mark: "lines" },
    { to: vertical, color: cividis(0), label: "vertical", mark: "cross" },
    { to: limitDeg, color: cividis(0.12), label: "below limit", mark: "lines" },
    { to: Infinity, color: cividis(0.85), label: "positive", mark: "plain" },
  ];
}

/** Steps inside the limits where the profile prefers nothing there. */
const STEPS = 4;

/** Classes between the limits that the profile names. A value equal to a limit passes, so the class below ends just before it. */
function limitBands(limits: ScaleLimits, low: number, high: number): Band[] {
  const { min, max, preferredMin, preferredMax } = limits, bands: Band[] = [];
  const preferred = (preferredMin ?? -Infinity) > (min ?? -Infinity) || (preferredMax ?? Infinity) < (max ?? Infinity);
  if (!preferred) return stepBands(limits, low, high);
  if (min !== undefined) bands.push({ to: min, color: cividis(0), label: `below ${min}`, mark: "lines" });
  if (preferredMin !== undefined && preferredMin > (min ?? -Infinity)) bands.push({ to: preferredMin, color: cividis(0.38), label: `to ${preferredMin}`, mark: "plain" });
  const good = preferredMax ?? max;
  if (good !== undefined) bands.push({ to: good, color: cividis(0.66), label: `to ${good}`, mark: "plain" });
  if (max !== undefined && max !== good) bands.push({ to: max, color: cividis(0.85), label: `to ${max}`, mark: "plain" });
  const over = max ?? preferredMax;
  bands.push({ to: Infinity, color: over === undefined ? cividis(0.66) : cividis(1), label: over === undefined ? "inside" : `above ${over}`, mark: over === undefined ? "plain" : "dots" });
  return bands;
}

/** Even steps from the least allowed to the largest measured, at most the largest allowed, between the classes outside. */
function stepBands({ min, max }: ScaleLimits, low: number, high: number): Band[] {
  const from = min ?? low, to = Math.min(high, max ?? Infinity), count = to > from ? STEPS : 1, text = (value: number): string => String(Number(value.toPrecision(3)));
  const inside = Array.from({ length: count }, (_, i): Band => {
    const at = (k: number): number => from + ((to - from) * k) / count, last = i === count - 1;
    return { to: last ? max ?? Infinity : at(i + 1), color: cividis(0.22 + (0.66 * i) / STEPS), label: count > 1 ? `${text(at(i))}–${text(at(i + 1))}` : "inside", mark: "plain" };
  });
  return [
    ...(min === undefined ? [] : [{ to: min, color: cividis(0), label: `below ${text(min)}`, mark: "lines" } as const]), ...inside,
    ...(max === undefined ? [] : [{ to: Infinity, color: cividis(1), label: `above ${text(max)}`, mark: "dots" } as const]),
  ];
}

/** Draft that a map is held against where the profile names none, degrees. */
export const DRAFT_DEG = 0.5;

/** Colour of a class the draft map adds to its bands: faces that turn from one half to the other. */
export const CROSSOVER = cividis(0.62);

/** One line of a legend. */
export type LegendRow = Pick<Band, "color" | "mark" | "label">;

/** The classes of a banded scale as a legend lists them, highest first; a class on both sides of another is named once. */
export function legendRows({ bands, kind, unit }: Scale): LegendRow[] {
  const shown = [...bands].reverse().filter((band, i, all) => all.findIndex((b) => b.label === band.label) === i);
  return [
    ...shown.map(({ color, mark, label }) => ({ color, mark, label: unit === "mm" && /\d/.test(label) ? `${label} mm` : label })),
    ...(kind === "draft" ? [{ color: CROSSOVER, mark: "dots", label: "crossover" } as const] : []),
    ...(kind === "undercut" || kind === "draft" ? [] : [{ color: UNMEASURED, mark: "plain", label: "not measured" } as const]),
  ];
}

/** What grey means, where the method does not say it. */
export const GREY: Partial<Record<MapKind, string>> = { thickness: "Grey: a corner or round holds the ball, not an opposite wall." };

/** Index of the band a value falls in. */
export function bandOf(scale: Scale, value: number): number {
  const found = scale.bands.findIndex((band) => value < band.to);
  return found < 0 ? scale.bands.length - 1 : found;
}

/** Colour of a value, as the shader paints it. */
export function colorOf(scale: Scale, value: number): Srgb {
  if (Number.isNaN(value)) return UNMEASURED;
  if (scale.mode === "banded") return scale.bands[bandOf(scale, value)].color;
  return cividis((value - scale.low) / (scale.high - scale.low));
}

/** A scale with other bounds; the lower stays below the higher. */
export function withBounds(scale: Scale, low: number, high: number): Scale {
  return Number.isFinite(low) && Number.isFinite(high) && low < high ? { ...scale, low, high } : scale;
}

/** Smallest and largest finite value, or undefined where nothing was measured. */
export function rangeOf(values: Float32Array): [number, number] | undefined {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high && Number.isFinite(low) && Number.isFinite(high) ? [low, high] : undefined;
}

function widen([low, high]: readonly [number, number]): [number, number] {
  return high > low ? [low, high] : [low - Math.max(0.01, Math.abs(low) * 0.01), high + Math.max(0.01, Math.abs(high) * 0.01)];
}
