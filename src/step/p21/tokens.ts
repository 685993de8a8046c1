/**
 * Tokens of Part 21 text in flat typed arrays: one byte of kind, four of position, eight of value. Commas,
 * blanks and comments leave no token. A 2 MB file has about 400 000 tokens; one object each would cost ten
 * times the memory and most of the time.
 */

/** Token kinds. `val` holds: `OPEN` the index of its `CLOSE`; `REF` the instance index, or -1 when nothing has that id; `NUM` the number; `ENUM` and `KW` the word's number. */
export const T = { OPEN: 1, CLOSE: 2, REF: 3, NUM: 4, STR: 5, ENUM: 6, NULL: 7, STAR: 8, KW: 9, BIN: 10 } as const;

/** Growing token arrays; `trim` gives views of what was used. */
export class Tokens {
  kind: Uint8Array;
  pos: Uint32Array;
  val: Float64Array;
  count = 0;

  constructor(capacity: number) {
    this.kind = new Uint8Array(capacity);
    this.pos = new Uint32Array(capacity);
    this.val = new Float64Array(capacity);
  }

  push(kind: number, pos: number, val: number): number {
    const at = this.count;
    if (at === this.kind.length) this.grow();
    this.kind[at] = kind;
    this.pos[at] = pos;
    this.val[at] = val;
    this.count = at + 1;
    return at;
  }

  private grow(): void {
    const size = Math.ceil(this.kind.length * 1.6) + 64;
    const kind = new Uint8Array(size), pos = new Uint32Array(size), val = new Float64Array(size);
    kind.set(this.kind); pos.set(this.pos); val.set(this.val);
    this.kind = kind; this.pos = pos; this.val = val;
  }
}

/**
 * Numbers for the words of a file (keywords and enumeration values), upper case. Words are found by hashing
 * their bytes, so a word met ten thousand times makes one string.
 */
export class Words {
  readonly names: string[] = [];
  private table = new Int32Array(1024).fill(-1);
  private readonly hashes: number[] = [];

  /** The number of the word in `bytes[start, end)`, whose upper-case hash by {@link hashByte} is `hash`. */
  intern(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.table.length - 1;
    let slot = hash & mask;
    for (;;) {
      const word = this.table[slot];
      if (word < 0) break;
      if (this.hashes[word] === hash && this.same(word, bytes, start, end)) return word;
      slot = (slot + 1) & mask;
    }
    let name = "";
    for (let p = start; p < end; p++) name += String.fromCharCode(upper(bytes[p]));
    const word = this.names.push(name) - 1;
    this.hashes.push(hash);
    this.table[slot] = word;
    if (this.names.length * 2 > this.table.length) this.rehash();
    return word;
  }

  /** The number of a word, or -2 when the file does not have it (never equal to any instance's word). */
  find(name: string): number {
    let hash = 0;
    for (let i = 0; i < name.length; i++) hash = hashByte(hash, name.charCodeAt(i));
    const mask = this.table.length - 1;
    for (let slot = hash & mask; this.table[slot] >= 0; slot = (slot + 1) & mask) {
      if (this.names[this.table[slot]] === name) return this.table[slot];
    }
    return -2;
  }

  private same(word: number, bytes: Uint8Array, start: number, end: number): boolean {
    const name = this.names[word];
    if (name.length !== end - start) return false;
    for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) !== upper(bytes[start + i])) return false;
    return true;
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2).fill(-1);
    const mask = table.length - 1;
    this.hashes.forEach((hash, word) => {
      let slot = hash & mask;
      while (table[slot] >= 0) slot = (slot + 1) & mask;
      table[slot] = word;
    });
    this.table = table;
  }
}

/** One step of the word hash over an upper-case byte. */
export const hashByte = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) & 0x7fffffff;

/** ASCII upper case of a byte. */
export const upper = (byte: number): number => (byte >= 97 && byte <= 122 ? byte - 32 : byte);
