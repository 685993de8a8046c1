const LONGEST = 100_000;

/**
 * Text of a Part 21 string: doubled quotes and backslashes, `\S\`, `\P?\`, `\X\hh`, `\X2\…\X0\`, `\X4\…\X0\`,
 * line wraps, and the raw bytes that many systems write although the standard forbids them: UTF-8 when
 * the whole string is valid UTF-8, else Latin-1. Never throws. The result is text only: show it as text, never
 * use it as a path, as markup or as a key of a plain object.
 */
export function decodeString(raw: Uint8Array): string {
  const text = bytesToText(raw.subarray(0, LONGEST)).replace(/\r\n?|\n/g, "");
  const decoded = text.includes("\\") || text.includes("''") ? unescape(text) : text;
  return decoded.replace(/[\x00-\x1f\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

function unescape(text: string): string {
  let out = "", page = "A";
  for (let i = 0; i < text.length; ) {
    const rest = text.slice(i, i + 4);
    if (rest.startsWith("''") || rest.startsWith("\\\\")) { out += rest[0]; i += 2; }
    else if (rest.startsWith("\\S\\") && i + 3 < text.length) { out += shifted(page, text.charCodeAt(i + 3)); i += 4; }
    else if (/^\\P[A-I]\\/.test(rest)) { page = rest[2]; i += 4; }
    else if (rest.startsWith("\\X\\")) {
      const hex = /^[0-9A-Fa-f]{2}/.exec(text.slice(i + 3, i + 5));
      out += hex ? String.fromCharCode(parseInt(hex[0], 16)) : "\ufffd";
      i += hex ? 5 : 3;
    } else if (rest === "\\X2\\" || rest === "\\X4\\") {
      const end = text.indexOf("\\X0\\", i + 4);
      out += hexRun(text.slice(i + 4, end < 0 ? text.length : end), rest === "\\X2\\" ? 4 : 8);
      i = end < 0 ? text.length : end + 4;
    } else { out += text[i]; i++; }
  }
  return out;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("windows-1252");

function bytesToText(raw: Uint8Array): string {
  try {
    return utf8.decode(raw);
  } catch {
    return latin1.decode(raw);
  }
}

/** ISO 8859 pages for `\S\`: A is Latin-1; others go through the platform's decoder. */
function shifted(page: string, code: number): string {
  const byte = (code + 128) & 255;
  if (page === "A") return String.fromCharCode(byte);
  try {
    return new TextDecoder(`iso-8859-${page.charCodeAt(0) - 64}`).decode(Uint8Array.of(byte));
  } catch {
    return String.fromCharCode(byte);
  }
}

function hexRun(hex: string, width: number): string {
  let out = "";
  for (let i = 0; i + width <= hex.length; i += width) {
    const digits = hex.slice(i, i + width);
    const code = /^[0-9A-Fa-f]+$/.test(digits) ? parseInt(digits, 16) : 0xfffd;
    if (width === 4) out += String.fromCharCode(code);
    else out += code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
  }
  return out;
}
