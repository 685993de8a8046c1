/** An sRGB colour, 0 to 1 per channel. */
export type Srgb = readonly [r: number, g: number, b: number];

/**
 * The cividis colour map of Nuñez, Anderton and Renslow (PLOS ONE 2018), by its published polynomial fit: even
 * in lightness and read alike with and without red-green colour blindness. `at` is clamped to 0 … 1.
 */
export function cividis(at: number): Srgb {
  const t = Math.min(1, Math.max(0, at));
  const r = -4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57))));
  const g = 32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37))));
  const b = 81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67))));
  const channel = (value: number): number => Math.min(1, Math.max(0, value / 255));
  return [channel(r), channel(g), channel(b)];
}

/** A colour as CSS text. */
export const css = ([r, g, b]: Srgb): string => `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`;
