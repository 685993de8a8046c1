import { fail, type Problem, type ProblemCode } from "../../result.ts";
import { parseReal } from "./parse-real.ts";
import { hashByte, T, Tokens, upper, Words } from "./tokens.ts";

/** Parentheses nested deeper than this are refused; real files stay under ten. */
export const MAX_NESTING = 100;
/** Strings longer than this (bytes) are shortened for the kernel, whose own buffer overflows near 100 000. */
export const LONG_STRING = 8192;

/** Thrown inside the scanner only, and turned into a Result at its edge. */
export class P21Error extends Error {
  constructor(readonly code: ProblemCode, readonly at: number, message: string) {
    super(message);
  }
}

const WORD_START = 1, WORD = 2, DIGIT = 4, SPACE = 8;
const CLASS = new Uint8Array(256);
for (let c = 65; c <= 90; c++) CLASS[c] = CLASS[c + 32] = WORD_START | WORD;
CLASS[95] = CLASS[33] = WORD_START | WORD;
CLASS[45] = WORD;
for (let c = 48; c <= 57; c++) CLASS[c] = DIGIT | WORD;
for (const c of [9, 10, 11, 12, 13, 32]) CLASS[c] = SPACE;

// What may come next inside a record.
const VALUE_OR_CLOSE = 0, COMMA_OR_CLOSE = 1, VALUE = 2, OPEN_ONLY = 3, PART_OR_CLOSE = 4;
const NOT_NUMBERS = /^[+-]?(1\.)?#?(NAN|QNAN|SNAN|INF|INFINITY|IND)/i;

/** Reads Part 21 tokens and checks their grammar, statement by statement. No recursion. */
export class Lexer {
  p = 0;
  readonly tokens: Tokens;
  readonly words = new Words();
  /** Comments that stand inside a statement, `[start, end)` byte pairs. */
  readonly innerComments: number[] = [];
  /** Strings over {@link LONG_STRING}, `[start, end)` byte pairs, quotes included. */
  readonly longStrings: number[] = [];
  /** Page controls `\N\` or `\F\` between tokens, which few readers know; `[start, end)` byte pairs. */
  readonly printControls: number[] = [];
  /** Numbers such as `1E5`, which kernels take for the integer 1; byte of the `E`, twice. */
  readonly bareExponents: number[] = [];
  lowerCaseWords = false;
  private inside = false;
  private readonly stack = new Int32Array(MAX_NESTING + 1);

  constructor(readonly bytes: Uint8Array) {
    this.tokens = new Tokens(Math.max(256, bytes.length >> 3));
  }

  /** Skips blanks and comments. Returns false at the end of the file. */
  skip(): boolean {
    const { bytes } = this;
    const end = bytes.length;
    for (;;) {
      while (this.p < end && CLASS[bytes[this.p]] & SPACE) this.p++;
      if (this.p >= end) return false;
      const c = bytes[this.p];
      if (c === 47 && bytes[this.p + 1] === 42) this.comment();
      else if (c === 92 && bytes[this.p + 2] === 92 && (bytes[this.p + 1] === 78 || bytes[this.p + 1] === 70)) this.printControl();
      else return true;
    }
  }

  private printControl(): void {
    this.printControls.push(this.p, this.p + 3);
    this.p += 3;
  }

  private comment(): void {
    const start = this.p;
    let star = this.bytes.indexOf(42, start + 2);
    while (star >= 0 && this.bytes[star + 1] !== 47) star = this.bytes.indexOf(42, star + 1);
    if (star < 0) throw new P21Error("STEP_PARSE", start, "A comment is never closed.");
    this.p = star + 2;
    if (this.inside) this.innerComments.push(start, this.p);
  }

  /** Skips blanks inside a statement; the file ending there is an error. */
  private need(): number {
    if (!this.skip()) throw new P21Error("STEP_TRUNCATED", this.bytes.length, "It ends inside a statement.");
    return this.bytes[this.p];
  }

  /** Reads `#id =` and returns the id; see {@link longIds} for ids that do not fit a number. */
  instanceId(): number {
    this.inside = true;
    const id = this.reference();
    if (this.need() !== 61) throw this.unexpected("'=' expected");
    this.p++;
    return id;
  }

  /** Reads one record up to its `;` and returns the index of its first token. `bare` allows a lone word (`ENDSEC;`). */
  record(bare: boolean): number {
    const { tokens, stack } = this;
    this.inside = true;
    const first = tokens.count;
    let depth = 0, state = VALUE, complex = false;
    for (;;) {
      const c = this.need();
      const at = this.p;
      if (c === 59) {
        const lone = bare && state === OPEN_ONLY && tokens.count === first + 1;
        if (depth > 0 || (state !== COMMA_OR_CLOSE && !lone)) throw this.unexpected("the statement is not complete");
        this.p++;
        this.inside = false;
        return first;
      }
      if (c === 44) {
        if (state !== COMMA_OR_CLOSE || depth === 0) throw this.unexpected("a value expected");
        this.p++;
        state = VALUE;
      } else if (c === 41) {
        if (depth === 0 || state === VALUE || state === OPEN_ONLY) throw this.unexpected("a value expected");
        const open = stack[--depth];
        const close = tokens.push(T.CLOSE, at, open); // may replace the arrays: not in one expression with the next line
        tokens.val[open] = close;
        this.p++;
        state = complex && depth === 1 ? PART_OR_CLOSE : COMMA_OR_CLOSE;
      } else if (c === 40) {
        if (state === COMMA_OR_CLOSE || state === PART_OR_CLOSE) throw this.unexpected("',' or ')' expected");
        if (depth === MAX_NESTING) throw new P21Error("STEP_NESTING", at, `More than ${MAX_NESTING} parentheses are open.`);
        if (depth === 0 && tokens.count === first) complex = true;
        stack[depth++] = tokens.push(T.OPEN, at, 0);
        this.p++;
        state = complex && depth === 1 ? PART_OR_CLOSE : VALUE_OR_CLOSE;
      } else if (CLASS[c] & WORD_START) {
        state = this.keyword(state, depth, first);
      } else {
        if (state !== VALUE && state !== VALUE_OR_CLOSE || depth === 0) throw this.unexpected("',' or ')' expected");
        this.value(c);
        state = COMMA_OR_CLOSE;
      }
    }
  }

  private keyword(state: number, depth: number, first: number): number {
    const start = this.p;
    const placed = depth === 0 ? this.tokens.count === first : state !== COMMA_OR_CLOSE && state !== OPEN_ONLY;
    const word = this.word();
    if (NOT_NUMBERS.test(this.words.names[word])) throw this.notNumber(start);
    if (!placed) throw new P21Error("STEP_PARSE", start, `Unexpected word "${this.words.names[word].slice(0, 40)}".`);
    this.tokens.push(T.KW, start, word);
    return OPEN_ONLY;
  }

  private word(): number {
    const { bytes } = this;
    const start = this.p;
    let hash = 0, c = bytes[this.p];
    while (CLASS[c] & WORD) {
      const big = upper(c);
      if (big !== c) this.lowerCaseWords = true;
      hash = hashByte(hash, big);
      c = bytes[++this.p];
    }
    return this.words.intern(bytes, start, this.p, hash);
  }

  private value(c: number): void {
    const { bytes, tokens } = this;
    const at = this.p;
    if (c === 35) tokens.push(T.REF, at, this.reference());
    else if (c === 39) this.string();
    else if (c === 36) { this.p++; tokens.push(T.NULL, at, 0); }
    else if (c === 42) { this.p++; tokens.push(T.STAR, at, 0); }
    else if (c === 46 && CLASS[bytes[at + 1]] & WORD_START) {
      this.p++;
      const word = this.word();
      if (bytes[this.p] !== 46) throw this.unexpected("an enumeration value must end with '.'");
      this.p++;
      tokens.push(T.ENUM, at, word);
    } else if (c === 34) {
      const end = bytes.indexOf(34, at + 1);
      if (end < 0) throw new P21Error("STEP_TRUNCATED", at, "A binary value is never closed.");
      this.p = end + 1;
      tokens.push(T.BIN, at, 0);
    } else this.number();
  }

  /** Ids of more than 15 digits do not fit a double exactly; each gets a negative stand-in. */
  private readonly longIds = new Map<string, number>();

  private reference(): number {
    const { bytes } = this;
    const start = ++this.p;
    let id = 0;
    while (bytes[this.p] >= 48 && bytes[this.p] <= 57) id = id * 10 + bytes[this.p++] - 48;
    if (this.p === start) throw new P21Error("STEP_PARSE", start - 1, "'#' without a number.");
    return this.p - start <= 15 ? id : this.longId(start, this.p);
  }

  private longId(start: number, end: number): number {
    const text = String.fromCharCode(...this.bytes.subarray(start, Math.min(end, start + 200))).replace(/^0+/, "");
    if (text.length <= 15) return Number(text);
    let known = this.longIds.get(text);
    if (known === undefined) this.longIds.set(text, (known = -1 - this.longIds.size));
    return known;
  }

  private string(): void {
    const { bytes } = this;
    const start = this.p;
    let quote = bytes.indexOf(39, start + 1);
    while (quote >= 0 && bytes[quote + 1] === 39) quote = bytes.indexOf(39, quote + 2);
    if (quote < 0) throw new P21Error("STEP_TRUNCATED", start, "A string is never closed.");
    this.p = quote + 1;
    if (this.p - start > LONG_STRING) this.longStrings.push(start, this.p);
    this.tokens.push(T.STR, start, 0);
  }

  private number(): void {
    const start = this.p;
    const read = parseReal(this.bytes, start);
    const c = this.bytes[read.end];
    const ends = c === 44 || c === 41 || c === 59 || c === 47 || CLASS[c] & SPACE || c === undefined;
    if (read.end === start || !ends) {
      if (NOT_NUMBERS.test(this.text(start, 12))) throw this.notNumber(start);
      if (read.end === start) throw this.unexpected("a value expected");
      throw this.notNumber(start);
    }
    if (!Number.isFinite(read.value)) throw this.notNumber(start);
    if (read.bareExponent) this.bareExponents.push(read.bareExponent, read.bareExponent);
    this.p = read.end;
    this.tokens.push(T.NUM, start, read.value);
  }

  private text(start: number, length: number): string {
    return String.fromCharCode(...this.bytes.subarray(start, start + length)).replace(/[^\x20-\x7e]/g, "?");
  }

  private notNumber(at: number): P21Error {
    const shown = /^[^,); ]*/.exec(this.text(at, 16))?.[0] ?? "";
    return new P21Error("STEP_NUMBER", at, `"${shown}" is not a number.`);
  }

  private unexpected(what: string): P21Error {
    return new P21Error("STEP_PARSE", this.p, `Near "${this.text(this.p, 12)}": ${what}.`);
  }
}

/** Line number (1-based) of a byte; CR, LF and CRLF each end a line. */
export function lineOf(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let p = 0; p < at && p < bytes.length; p++) {
    if (bytes[p] === 10 || (bytes[p] === 13 && bytes[p + 1] !== 10)) line++;
  }
  return line;
}

/** The Result for a scanner error, with its line. */
export const failAt = (bytes: Uint8Array, error: P21Error): { ok: false; problem: Problem } =>
  fail(error.code, `Line ${lineOf(bytes, error.at)}: ${error.message}`);
