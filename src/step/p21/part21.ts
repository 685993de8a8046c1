import { T, type Tokens, type Words } from "./tokens.ts";

/** A header statement: its word, first token, and bytes `[start, stop)`. */
export interface HeaderRecord {
  readonly word: string;
  readonly first: number;
  readonly start: number;
  readonly stop: number;
}

/** What the scanner saw that is not quite standard; byte ranges are `[start, stop)` pairs. */
export interface ScanNotes {
  dataSections: number;
  hasHeader: boolean;
  endsecMissing: boolean;
  endIsoMissing: boolean;
  innerComments: readonly number[];
  longStrings: readonly number[];
  printControls: readonly number[];
  bareExponents: readonly number[];
  /** Section statements the kernel need not see: further DATA sections are merged into the first, others left out. */
  dropped: number[];
  /** First byte of the first instance, of END-ISO-10303-21 and the byte after it (the file's length when missing). */
  dataStart: number;
  endIsoStart: number;
  end: number;
  lowerCase: boolean;
}

/**
 * The instances of a Part 21 file, addressed by their index in file order (never by id). A record's attributes
 * are addressed by the token of its opening parenthesis: {@link part} finds it, {@link arg} walks from it.
 */
export class Part21 {
  readonly kind: Uint8Array;
  readonly val: Float64Array;
  readonly pos: Uint32Array;
  /** `[n]` first token of each instance's record, and one past its last. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** `[n]` word of each simple instance; -1 for a complex one. */
  readonly word: Int32Array;
  readonly count: number;
  /** `[n]` byte of the `#`, and one past the `;`. */
  readonly start: Float64Array;
  readonly stop: Float64Array;
  private readonly ids: Float64Array;

  constructor(
    readonly bytes: Uint8Array,
    tokens: Tokens,
    readonly words: Words,
    readonly header: readonly HeaderRecord[],
    table: { id: number[]; first: number[]; end: number[]; start: number[]; stop: number[] },
    readonly notes: ScanNotes,
  ) {
    this.kind = tokens.kind.subarray(0, tokens.count);
    this.pos = tokens.pos.subarray(0, tokens.count);
    this.val = tokens.val.subarray(0, tokens.count);
    this.ids = Float64Array.from(table.id);
    this.first = Int32Array.from(table.first);
    this.end = Int32Array.from(table.end);
    this.start = Float64Array.from(table.start);
    this.stop = Float64Array.from(table.stop);
    this.count = this.ids.length;
    this.word = Int32Array.from(this.first, (first) => (this.kind[first] === T.KW ? this.val[first] : -1));
  }

  /** Turns ids in references into instance indices. Returns an instance whose id was used before, or -1. */
  indexInstances(): number {
    const { ids, count, kind, val } = this;
    let top = 0;
    for (let i = 0; i < count; i++) if (ids[i] > top) top = ids[i];
    // A table by id only while ids are dense; one huge id must not allocate anything.
    const dense = top <= count * 8 + 4096 ? new Int32Array(top + 1).fill(-1) : undefined;
    const sparse = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const id = ids[i];
      if (dense && id >= 0) {
        if (dense[id] >= 0) return i;
        dense[id] = i;
      } else {
        if (sparse.has(id)) return i;
        sparse.set(id, i);
      }
    }
    for (let t = 0; t < kind.length; t++) {
      if (kind[t] !== T.REF) continue;
      const id = val[t];
      val[t] = dense && id >= 0 ? (id <= top ? dense[id] : -1) : (sparse.get(id) ?? -1);
    }
    return -1;
  }

  /** The word's number for comparisons with {@link word}; -2 when the file does not use it. */
  find(name: string): number {
    return this.words.find(name);
  }

  /** `#id`, as the file writes it. */
  id(instance: number): string {
    return this.refText(this.start[instance]);
  }

  /** `#id` of a reference token. */
  refText(byte: number): string {
    let end = byte + 1;
    while (this.bytes[end] >= 48 && this.bytes[end] <= 57 && end < byte + 40) end++;
    return `#${String.fromCharCode(...this.bytes.subarray(byte + 1, end))}`;
  }

  /** `#id WORD`, for messages. */
  name(instance: number): string {
    return `${this.id(instance)} ${this.type(instance)}`;
  }

  /** The instance's word; for a complex one all its words joined by `+`. */
  type(instance: number): string {
    if (this.word[instance] >= 0) return this.words.names[this.word[instance]];
    const parts: string[] = [];
    for (let t = this.first[instance] + 1; this.kind[t] === T.KW; t = this.val[t + 1] + 1) parts.push(this.words.names[this.val[t]]);
    return parts.join("+");
  }

  /** The opening parenthesis of the instance's record named `word` (a simple instance, or a part of a complex one), or -1. */
  part(instance: number, word: number): number {
    if (word < 0) return -1;
    const own = this.word[instance];
    if (own >= 0) return own === word ? this.first[instance] + 1 : -1;
    for (let t = this.first[instance] + 1; this.kind[t] === T.KW; t = this.val[t + 1] + 1) {
      if (this.val[t] === word) return t + 1;
    }
    return -1;
  }

  /** True when one of the instance's words is flagged; `flags[word]`. */
  among(instance: number, flags: readonly boolean[]): boolean {
    const own = this.word[instance];
    if (own >= 0) return flags[own];
    for (let t = this.first[instance] + 1; this.kind[t] === T.KW; t = this.val[t + 1] + 1) if (flags[this.val[t]]) return true;
    return false;
  }

  /** Flags for {@link among}: the words of the file that match. */
  flags(matches: (name: string) => boolean): boolean[] {
    return this.words.names.map(matches);
  }

  /** The token of the `i`-th attribute after `open`, or -1. */
  arg(open: number, i: number): number {
    const close = this.val[open];
    let t = open + 1;
    for (; t < close && i > 0; i--) t = this.after(t);
    return t < close ? t : -1;
  }

  /** The token after the value at `t` (a list and a typed value count as one). */
  after(t: number): number {
    if (this.kind[t] === T.OPEN) return this.val[t] + 1;
    if (this.kind[t] === T.KW) return this.val[t + 1] + 1;
    return t + 1;
  }

  /** How many values stand in the list opened at `open`. */
  size(open: number): number {
    let n = 0;
    for (let t = open + 1; t < this.val[open]; t = this.after(t)) n++;
    return n;
  }

  /** The instance the `i`-th attribute refers to; -1 when it is no reference or dangles. */
  ref(open: number, i: number): number {
    const t = this.arg(open, i);
    return t >= 0 && this.kind[t] === T.REF ? this.val[t] : -1;
  }

  /** The number in the `i`-th attribute (also inside a typed value such as `LENGTH_MEASURE(25.4)`), or NaN. */
  num(open: number, i: number): number {
    let t = this.arg(open, i);
    if (t >= 0 && this.kind[t] === T.KW) t += 2;
    return t >= 0 && this.kind[t] === T.NUM ? this.val[t] : NaN;
  }

  /** The enumeration word in the `i`-th attribute, or "". */
  enumeration(open: number, i: number): string {
    const t = this.arg(open, i);
    return t >= 0 && this.kind[t] === T.ENUM ? this.words.names[this.val[t]] : "";
  }

  /** Instances referred to by the list in the `i`-th attribute (dangling ones left out). */
  refs(open: number, i: number): number[] {
    const t = this.arg(open, i);
    const found: number[] = [];
    if (t >= 0 && this.kind[t] === T.OPEN) {
      for (let u = t + 1; u < this.val[t]; u++) if (this.kind[u] === T.REF && this.val[u] >= 0) found.push(this.val[u]);
    }
    return found;
  }

  /** All instances that have a record named `name`, as `[instance, opening parenthesis]`. */
  *each(name: string): Generator<readonly [instance: number, open: number]> {
    const word = this.find(name);
    if (word < 0) return;
    for (let i = 0; i < this.count; i++) {
      if (this.word[i] >= 0 && this.word[i] !== word) continue;
      const open = this.part(i, word);
      if (open >= 0) yield [i, open];
    }
  }

  /** Raw bytes of the string in the `i`-th attribute, quotes removed and doubled quotes left; undefined when it is no string. */
  stringBytes(open: number, i: number): Uint8Array | undefined {
    let t = this.arg(open, i);
    if (t >= 0 && this.kind[t] === T.KW) t += 2;
    if (t < 0 || this.kind[t] !== T.STR) return undefined;
    const start = this.pos[t] + 1;
    let quote = this.bytes.indexOf(39, start);
    while (quote >= 0 && this.bytes[quote + 1] === 39) quote = this.bytes.indexOf(39, quote + 2);
    return this.bytes.subarray(start, quote);
  }
}
