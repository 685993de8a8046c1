import type { PageBand } from "./page-body.ts";

type Color = PageBand["color"];

const BELOW: Color = [0.71, 0.2, 0.13], ABOVE: Color = [0.47, 0.23, 0.55];
/** Four steps of cividis (Nuñez, Anderton and Renslow, PLOS ONE 2018), dark to light. */
const STEPS: readonly Color[] = [[0.0, 0.2, 0.43], [0.34, 0.38, 0.43], [0.6, 0.57, 0.45], [0.93, 0.83, 0.36]];

/** Bands of a thickness or radius map: hatched outside the limits, four even steps between them or up to `highest` where that is less. */
export function limitBands(limit: { readonly min?: number; readonly max?: number } | undefined, lowest: number, highest: number, unit: string): PageBand[] {
  const { min, max } = limit ?? {};
  const low = min ?? Math.min(0, lowest), high = Math.max(Math.min(max ?? Infinity, highest), low + 1e-6), step = (high - low) / STEPS.length;
  const text = (value: number): string => String(Number(value.toPrecision(3)));
  return [
    ...(min === undefined ? [] : [{ to: min, label: `below ${text(min)} ${unit}`, color: BELOW, hatched: true }]),
    ...STEPS.map((color, i): PageBand => {
      const last = i === STEPS.length - 1;
      return { to: last ? max ?? Infinity : low + step * (i + 1), label: `${text(low + step * i)}–${text(low + step * (i + 1))} ${unit}`, color, hatched: false };
    }),
    ...(max === undefined ? [] : [{ to: Infinity, label: `above ${text(max)} ${unit}`, color: ABOVE, hatched: true }]),
  ];
}

/** Below this a wall counts as vertical, degrees. */
const VERTICAL_DEG = 0.01;

/** Bands of a signed draft map: which half a face leaves with, too little draft and vertical. */
export function draftBands(limitDeg: number | undefined): PageBand[] {
  const least = Math.max(limitDeg ?? VERTICAL_DEG, VERTICAL_DEG), short = least > VERTICAL_DEG;
  const few: Color = [0.71, 0.2, 0.13], cavity: Color = [0.93, 0.83, 0.36], core: Color = [0.13, 0.3, 0.5];
  return [
    { to: -least, label: "leaves with the core", color: core, hatched: false },
    ...(short ? [{ to: -VERTICAL_DEG, label: `core side, under ${least}°`, color: [0.5, 0.3, 0.4] as const, hatched: true }] : []),
    { to: VERTICAL_DEG, label: "vertical", color: few, hatched: true },
    ...(short ? [{ to: least, label: `cavity side, under ${least}°`, color: [0.84, 0.48, 0.24] as const, hatched: true }] : []),
    { to: Infinity, label: "leaves with the cavity", color: cavity, hatched: false },
  ];
}
