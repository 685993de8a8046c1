import { Gunzip, Unzip, UnzipInflate, UnzipPassThrough } from "fflate";
import { fail, ok, warning, type Problem, type Result } from "../../result.ts";
import { crc32 } from "./crc32.ts";
import { sniff } from "./sniff.ts";

/** Bytes of one model file, out of its wrapping. */
export interface Opened {
  readonly bytes: Uint8Array;
  readonly kind: "step" | "iges" | "brep";
  readonly via: "plain" | "zip" | "gzip";
  /** Name inside the archive, for display only: it may be anything, `../../evil.stp` too. */
  readonly innerName?: string;
}

export interface OpenOptions {
  /** Largest size, unpacked, bytes. */
  readonly maxBytes: number;
}

export const OPEN_DEFAULTS: OpenOptions = { maxBytes: 256 * 1024 * 1024 };

/** STEP text packs 3 to 12 times; what unpacks further than this, and to more than {@link BOMB_FLOOR}, is no model. */
const BOMB_RATIO = 150;
const BOMB_FLOOR = 8 * 1024 * 1024;
const PUSH = 16 * 1024;

/**
 * Finds out by content what the bytes are and unpacks them: plain, zip (`.stpZ`) or gzip; byte order mark
 * removed, UTF-16 turned into UTF-8. Only bytes are taken from an archive, never a path.
 *
 * `FILE_EMPTY`, `FILE_TOO_LARGE`, `ARCHIVE_BAD` (damaged, too many or no models inside, a zip bomb), `NOT_STEP`
 * with what it looks like.
 */
export function openContainer(bytes: Uint8Array, options: Partial<OpenOptions> = {}): Result<Opened> {
  const { maxBytes } = { ...OPEN_DEFAULTS, ...options };
  if (bytes.length > maxBytes) return fail("FILE_TOO_LARGE", `It has ${bytes.length} bytes; the limit is ${maxBytes}.`);
  const { kind } = sniff(bytes);
  if (kind === "zip") return unzip(bytes, maxBytes);
  if (kind === "gzip") return gunzip(bytes, maxBytes);
  return plain(bytes, "plain");
}

function plain(packed: Uint8Array, via: Opened["via"], innerName?: string): Result<Opened> {
  const text = decoded(packed);
  const { kind, looksLike } = sniff(text.bytes);
  if (kind === "empty") return fail("FILE_EMPTY", looksLike ? `It holds ${looksLike}.` : undefined);
  if (kind === "zip" || kind === "gzip") return fail("ARCHIVE_BAD", "It holds another archive.");
  if (kind === "other") return fail("NOT_STEP", `It looks like ${looksLike}.`);
  const warnings = text.repair ? [warning("HEALED", text.repair)] : [];
  return ok({ bytes: text.bytes, kind, via, ...(innerName === undefined ? {} : { innerName }) }, warnings);
}

function decoded(bytes: Uint8Array): { bytes: Uint8Array; repair?: string } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { bytes: bytes.subarray(3), repair: "A byte order mark was removed." };
  const little = bytes[0] === 0xff && bytes[1] === 0xfe, big = bytes[0] === 0xfe && bytes[1] === 0xff;
  const bare = !little && !big && bytes.length > 8 && bytes[0] === 73 && bytes[1] === 0 && bytes[2] === 83 && bytes[3] === 0; // "IS" without a mark
  if (!little && !big && !bare) return { bytes };
  const text = new TextDecoder(big ? "utf-16be" : "utf-16le").decode(bytes);
  return { bytes: new TextEncoder().encode(text), repair: "The text was UTF-16." };
}

/** Collects unpacked chunks under the limits. */
class Sink {
  private readonly chunks: Uint8Array[] = [];
  size = 0;
  over: "" | "limit" | "bomb" = "";

  constructor(private readonly packed: number, private readonly maxBytes: number) {}

  add(chunk: Uint8Array): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) this.over ||= "limit";
    else if (this.size > BOMB_FLOOR && this.size > this.packed * BOMB_RATIO) this.over ||= "bomb";
    if (this.over) this.chunks.length = 0;
    else this.chunks.push(chunk);
  }

  bytes(): Uint8Array {
    const out = new Uint8Array(this.size);
    let at = 0;
    for (const chunk of this.chunks) { out.set(chunk, at); at += chunk.length; }
    return out;
  }

  fault(): { ok: false; problem: Problem } | undefined {
    if (this.over === "limit") return fail("FILE_TOO_LARGE", "It unpacks to more than the limit.");
    if (this.over === "bomb") return fail("ARCHIVE_BAD", `It unpacks to more than ${BOMB_RATIO} times its size.`);
    return undefined;
  }
}

/** Feeds an archive piece by piece, so that the limits bite before the memory is spent. */
function feed(bytes: Uint8Array, push: (chunk: Uint8Array, last: boolean) => void, stop: () => boolean): string | undefined {
  try {
    for (let at = 0; at < bytes.length && !stop(); at += PUSH) push(bytes.subarray(at, at + PUSH), at + PUSH >= bytes.length);
  } catch (error) {
    return error instanceof Error ? error.message : "damaged";
  }
  return undefined;
}

function gunzip(bytes: Uint8Array, maxBytes: number): Result<Opened> {
  const sink = new Sink(bytes.length, maxBytes);
  let members = 0;
  const stream = new Gunzip((chunk) => sink.add(chunk));
  stream.onmember = () => members++;
  const broken = feed(bytes, (chunk, last) => stream.push(chunk, last), () => sink.over !== "");
  const fault = sink.fault();
  if (fault) return fault;
  if (broken) return fail("ARCHIVE_BAD", `${broken}.`);
  const out = sink.bytes();
  const tail = new DataView(bytes.buffer, bytes.byteOffset + Math.max(0, bytes.length - 8));
  if (members <= 1 && (bytes.length < 18 || tail.getUint32(0, true) !== crc32(out))) return fail("ARCHIVE_BAD", "Its checksum does not match.");
  return plain(out, "gzip");
}

interface Entry { name: string; sink: Sink; done: boolean }

function unzip(bytes: Uint8Array, maxBytes: number): Result<Opened> {
  const entries: Entry[] = [], others: string[] = [];
  let trouble = "";
  const stream = new Unzip((file) => {
    const isModel = /\.(stp|step|p21|igs|iges|brep|brp)$/i.test(file.name) && !file.name.startsWith("__MACOSX/");
    if (!isModel || entries.length >= 2) {
      others.push(file.name);
      return;
    }
    const entry: Entry = { name: file.name, sink: new Sink(bytes.length, maxBytes), done: false };
    entries.push(entry);
    file.ondata = (error, chunk, final) => {
      if (error) trouble ||= error.message;
      else entry.sink.add(chunk);
      if (final) entry.done = true;
      if (entry.sink.over) file.terminate();
    };
    file.start();
  });
  stream.register(UnzipInflate);
  stream.register(UnzipPassThrough);
  const broken = feed(bytes, (chunk, last) => stream.push(chunk, last), () => trouble !== "" || entries.some(({ sink }) => sink.over !== ""));
  for (const { sink } of entries) {
    const fault = sink.fault();
    if (fault) return fault;
  }
  if (broken || trouble) return fail("ARCHIVE_BAD", `${broken || trouble}.`);
  if (!entries.length) return fail("ARCHIVE_BAD", others.length ? "There is no STEP file in it." : "It is empty.");
  if (entries.length > 1) return fail("ARCHIVE_BAD", "There are several models in it.", "Unpack it and read them one by one.");
  const [entry] = entries;
  const out = entry.sink.bytes();
  const expected = directoryCrc(bytes, entry.name);
  if (!entry.done || (expected !== undefined && expected !== crc32(out))) return fail("ARCHIVE_BAD", "Its checksum does not match.");
  return plain(out, "zip", entry.name);
}

/** CRC-32 of an entry by the central directory (the unpacker does not check it); undefined when there is no directory. */
function directoryCrc(bytes: Uint8Array, name: string): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) return undefined;
  let at = view.getUint32(end + 16, true);
  while (at + 46 <= end && view.getUint32(at, true) === 0x02014b50) {
    const length = view.getUint16(at + 28, true);
    const raw = bytes.subarray(at + 46, at + 46 + length);
    if (new TextDecoder().decode(raw) === name || new TextDecoder("latin1").decode(raw) === name) return view.getUint32(at + 16, true);
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}
