import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { drawThumbnail } from "../../src/report/thumbnail.ts";

/** Pixels of a PNG as the encoder writes them: 8-bit RGB, filter 0. */
function decode(png: Uint8Array): { width: number; height: number; at: (x: number, y: number) => number[] } {
  const view = new DataView(png.buffer, png.byteOffset), chunks: Record<string, Uint8Array> = {};
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    chunks[String.fromCharCode(...png.subarray(at + 4, at + 8))] = png.subarray(at + 8, at + 8 + length);
    at += length + 12;
  }
  const width = view.getUint32(16), height = view.getUint32(20), rows = inflateSync(chunks.IDAT);
  return { width, height, at: (x, y) => [...rows.subarray(y * (width * 3 + 1) + 1 + x * 3, y * (width * 3 + 1) + 4 + x * 3)] };
}

const PAPER = [246, 247, 249];
const cube = {
  positions: [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1],
  indices: [0, 2, 1, 0, 3, 2, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4, 1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7],
};

describe("the thumbnail", () => {
  it("shows three faces of a cube, the top the brightest, on paper", () => {
    const { width, height, at } = decode(drawThumbnail([cube]));
    expect([width, height]).toEqual([160, 120]);
    for (const [x, y] of [[0, 0], [159, 0], [0, 119], [159, 119]]) expect(at(x, y)).toEqual(PAPER);
    const top = at(80, 30), left = at(60, 80), right = at(105, 75);
    expect(new Set([top, left, right, PAPER].map(String)).size).toBe(4);
    expect(top[0]).toBeGreaterThan(Math.max(left[0], right[0]));
  });

  it("hides what is behind, and back faces", () => {
    const inside = { positions: cube.positions.map((v) => 0.3 + v * 0.4), indices: cube.indices };
    expect(drawThumbnail([cube, inside])).toEqual(drawThumbnail([cube]));
    const inverted = { positions: cube.positions, indices: cube.indices.flatMap((_, i, all) => (i % 3 === 0 ? [all[i], all[i + 2], all[i + 1]] : [])) };
    expect(drawThumbnail([inverted])).not.toEqual(drawThumbnail([cube]));
  });

  it("draws nothing of nothing", () => {
    const { at } = decode(drawThumbnail([]));
    expect(at(80, 60)).toEqual(PAPER);
  });
});
