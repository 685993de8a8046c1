/** What bytes are, by their content; a file's extension is never asked. */
export type FileKind = "step" | "iges" | "brep" | "zip" | "gzip" | "empty" | "other";

export interface Sniffed {
  readonly kind: FileKind;
  /** For `other`: what it looks like, to put after "It looks like". */
  readonly looksLike: string;
}

const ascii = (bytes: Uint8Array, start: number, length: number): string => String.fromCharCode(...bytes.subarray(start, start + length));

// Leading bytes of formats that people send as STEP.
const MAGIC: readonly (readonly [RegExp, string])[] = [
  [/^version https:\/\/git-lfs/, "a Git LFS pointer, not the file: run git lfs pull"],
  [/^\s*<!doctype html|^\s*<html/i, "an HTML page, as a failed download leaves"],
  [/^\s*<\?xml|^\s*<[a-z]/i, "an XML file"],
  [/^%PDF/, "a PDF"],
  [/^\s*solid\b[^]*\bfacet\b/i, "an STL mesh"],
  [/^\s*solid\s[^;]*\n\s*endsolid/i, "an STL mesh"],
  [/^\*\*ABCDEF|^T51 : TRANSMIT|^PS\x00\x00/, "a Parasolid file"],
  [/^\d+ \d+ \d+ \d+\s+\d+ [^\n]*ACIS/, "an ACIS file"],
  [/^ACIS BinaryFile|^ASM BinaryFile/, "an ACIS file"],
  [/^\xd0\xcf\x11\xe0/, "a native CAD or Office file"],
  [/^glTF/, "a glTF model"],
  [/^ply\r?\n/, "a PLY mesh"],
  [/^\s*0\r?\n\s*SECTION/, "a DXF drawing"],
  [/^AC10\d\d/, "a DWG drawing"],
  [/^7z\xbc\xaf/, "a 7-Zip archive"],
  [/^Rar!/, "a RAR archive"],
  [/^\x89PNG|^\xff\xd8\xff|^GIF8/, "a picture"],
  [/^(v|vn|vt|mtllib|o|g) [^\n]*\n/, "an OBJ mesh"],
];

/** Names what bytes are. */
export function sniff(bytes: Uint8Array): Sniffed {
  let at = 0;
  while (at < bytes.length && (bytes[at] <= 32 && bytes[at] !== 0)) at++;
  if (at === bytes.length) return { kind: "empty", looksLike: bytes.length ? "blanks only" : "" };
  const head = ascii(bytes, 0, 4096), text = ascii(bytes, at, 4096);
  if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")) return { kind: "zip", looksLike: "" };
  if (head.startsWith("\x1f\x8b")) return { kind: "gzip", looksLike: "" };
  if (/^(\/\*[^]*?\*\/\s*)*ISO-10303-21/i.test(text)) return { kind: "step", looksLike: "" };
  if (/^.{72}[SCB] *\d+ *(\r?\n|\r|.{72}[SG])/.test(head)) return { kind: "iges", looksLike: "an IGES file" };
  if (/^(DBRep_DrawableShape|CASCADE Topology V\d|Open CASCADE Topology V\d)/.test(text)) return { kind: "brep", looksLike: "an OCCT BREP file" };
  if (isBinaryStl(bytes)) return { kind: "other", looksLike: "a binary STL mesh" };
  for (const [pattern, looksLike] of MAGIC) if (pattern.test(head)) return { kind: "other", looksLike };
  if (bytes.subarray(0, 4096).every((b) => b === 0)) return { kind: "other", looksLike: "nothing but NUL bytes" };
  return { kind: "other", looksLike: head.includes("\0") || /[\x80-\xff]{4}/.test(head) ? "binary data" : "text of another kind" };
}

/** 80 bytes, a count, and 50 bytes for each facet. */
function isBinaryStl(bytes: Uint8Array): boolean {
  if (bytes.length < 84) return false;
  const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(80, true);
  return bytes.length === 84 + 50 * count;
}
