import { zlibSync } from "fflate";

/** Triangles to draw: `positions` `[v*3]` xyz, mm; `indices` `[t*3]`, counter-clockwise seen from outside. */
export interface ThumbnailMesh {
  readonly positions: ArrayLike<number>;
  readonly indices: ArrayLike<number>;
}

/** Size of the picture, pixels. */
export const THUMBNAIL_DEFAULTS = { width: 160, height: 120 } as const;

/** Samples along each side of a pixel. */
const SUPERSAMPLE = 2;

/** View from the front, right and above; rows are the screen's right, up and towards the eye. */
const VIEW = [
  [0.8192, 0.5736, 0],
  [-0.3441, 0.4915, 0.8],
  [0.4589, -0.6553, 0.6],
] as const;

/** Background and part colours, sRGB. */
const PAPER = [246, 247, 249] as const, METAL = [138, 154, 173] as const;

/** Draws a part as a small PNG without a browser: z-buffer, flat shading, transparent nowhere. */
export function drawThumbnail(meshes: readonly ThumbnailMesh[], options: { width?: number; height?: number } = {}): Uint8Array {
  const { width, height } = { ...THUMBNAIL_DEFAULTS, ...options };
  const w = width * SUPERSAMPLE, h = height * SUPERSAMPLE;
  const shade = new Float32Array(w * h).fill(-1), depth = new Float64Array(w * h).fill(-Infinity);
  const viewed = meshes.map(({ positions }) => project(positions));
  const place = fit(viewed, w, h);
  meshes.forEach(({ indices }, m) => {
    const p = viewed[m];
    place(p);
    for (let t = 0; t + 2 < indices.length; t += 3) fillTriangle(p, indices[t] * 3, indices[t + 1] * 3, indices[t + 2] * 3, { w, h, shade, depth });
  });
  return encodePng(downsample(shade, width, height), width, height);
}

function project(positions: ArrayLike<number>): Float64Array {
  const out = new Float64Array(positions.length);
  for (let i = 0; i + 2 < positions.length; i += 3) for (let k = 0; k < 3; k++) {
    out[i + k] = VIEW[k][0] * positions[i] + VIEW[k][1] * positions[i + 1] + VIEW[k][2] * positions[i + 2];
  }
  return out;
}

/** Scales and centres in place so that all meshes fill the picture but for a small margin; y points down. */
function fit(viewed: readonly Float64Array[], w: number, h: number): (p: Float64Array) => void {
  let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity;
  for (const p of viewed) for (let i = 0; i + 2 < p.length; i += 3) {
    x0 = Math.min(x0, p[i]); x1 = Math.max(x1, p[i]); y0 = Math.min(y0, p[i + 1]); y1 = Math.max(y1, p[i + 1]);
  }
  const scale = 0.92 * Math.min(w / Math.max(x1 - x0, 1e-9), h / Math.max(y1 - y0, 1e-9));
  return (p) => {
    for (let i = 0; i + 2 < p.length; i += 3) {
      p[i] = w / 2 + (p[i] - (x0 + x1) / 2) * scale;
      p[i + 1] = h / 2 - (p[i + 1] - (y0 + y1) / 2) * scale;
      p[i + 2] *= scale;
    }
  };
}

interface Canvas { readonly w: number; readonly h: number; readonly shade: Float32Array; readonly depth: Float64Array }

function fillTriangle(p: Float64Array, a: number, b: number, c: number, { w, h, shade, depth }: Canvas): void {
  const ax = p[a], ay = p[a + 1], az = p[a + 2], bx = p[b], by = p[b + 1], bz = p[b + 2], cx = p[c], cy = p[c + 1], cz = p[c + 2];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  // y points down, so what faces the eye runs clockwise here.
  if (!(area < 0)) return;
  const light = brightness(bx - ax, ay - by, bz - az, cx - ax, ay - cy, cz - az);
  const left = Math.max(0, Math.floor(Math.min(ax, bx, cx))), right = Math.min(w - 1, Math.ceil(Math.max(ax, bx, cx)));
  const top = Math.max(0, Math.floor(Math.min(ay, by, cy))), bottom = Math.min(h - 1, Math.ceil(Math.max(ay, by, cy)));
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) {
    const px = x + 0.5, py = y + 0.5;
    const u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
    const v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
    const t = 1 - u - v;
    if (u < -1e-9 || v < -1e-9 || t < -1e-9) continue;
    const z = u * az + v * bz + t * cz, i = y * w + x;
    if (z > depth[i]) { depth[i] = z; shade[i] = light; }
  }
}

/** Lambert from above the eye, with enough ambient light that no face is black. */
function brightness(ux: number, uy: number, uz: number, vx: number, vy: number, vz: number): number {
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const length = Math.hypot(nx, ny, nz) || 1;
  return 0.45 + 0.7 * Math.max(0, (-0.3 * nx + 0.55 * ny + 0.78 * nz) / length);
}

function downsample(shade: Float32Array, width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3), samples = SUPERSAMPLE * SUPERSAMPLE;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let k = 0; k < 3; k++) {
    let sum = 0;
    for (let s = 0; s < samples; s++) {
      const value = shade[(y * SUPERSAMPLE + Math.floor(s / SUPERSAMPLE)) * width * SUPERSAMPLE + x * SUPERSAMPLE + (s % SUPERSAMPLE)];
      sum += value < 0 ? PAPER[k] : Math.min(255, METAL[k] * value);
    }
    rgb[(y * width + x) * 3 + k] = Math.round(sum / samples);
  }
  return rgb;
}

/** An 8-bit RGB PNG (ISO/IEC 15948), every row with filter 0. */
function encodePng(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(height * (width * 3 + 1));
  for (let y = 0; y < height; y++) rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  const header = new Uint8Array(13), view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const pieces = [new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", header), chunk("IDAT", zlibSync(rows, { level: 9 })), chunk("IEND", new Uint8Array(0))];
  const png = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const piece of pieces) { png.set(piece, at); at += piece.length; }
  return png;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12), view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
