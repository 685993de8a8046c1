import { shapeRepresentations } from "./representations.ts";
import type { Part21 } from "./part21.ts";
import { scanP21 } from "./scan-p21.ts";
import { T } from "./tokens.ts";
import { SOLID_WORDS } from "./topology.ts";

/**
 * How many solids of `whole` each of `parts` holds, when the parts hold them all, one after the other in the order of the text,
 * record for record: two records are the same when their words, numbers and strings are, and the records they refer to. The
 * shape of each part, which must be a single one without placements, then holds nothing else, in the same units. Undefined when
 * there is any difference.
 */
export function sameRecords(whole: Uint8Array, parts: readonly Uint8Array[]): readonly number[] | undefined {
  const records = new Records(), all = records.add(whole);
  if (!all) return undefined;
  const known = all.size, counts: number[] = [];
  let next = 0;
  for (const bytes of parts) {
    const part = records.add(bytes);
    // A number beyond those of the whole is a record that the whole does not have.
    if (part?.representations !== 1 || part.shapes.some((record) => record === undefined || record >= known)) return undefined;
    if (part.solids.length === 0 || part.solids.some((record, i) => record !== all.solids[next + i])) return undefined;
    counts.push(part.solids.length);
    next += part.solids.length;
  }
  return next === all.solids.length ? counts : undefined;
}

/** A file's records as numbers. */
interface Numbered {
  /** Its solids, in the order of the text. */
  readonly solids: readonly number[];
  readonly representations: number;
  /** Items and contexts of its shape representations; undefined where one has no context. */
  readonly shapes: readonly (number | undefined)[];
  /** One past the largest number given so far. */
  readonly size: number;
}

/** Numbers the records of several files, equal ones alike: each is compared with all it refers to in the place of references. */
class Records {
  private readonly words = new Map<string, number>();
  private readonly byKey = new Map<string, number>();

  /** Undefined for text that is not to be read, or with references that lead nowhere or back. */
  add(bytes: Uint8Array): Numbered | undefined {
    const scanned = scanP21(bytes);
    if (!scanned.ok) return undefined;
    const p = scanned.value, numbers = this.number(p);
    if (!numbers) return undefined;
    const representations = [...shapeRepresentations(p).values()], shapes = representations.flatMap(({ items, context }) => [...items, context]);
    const solid = p.flags((name) => SOLID_WORDS.some((word) => word === name)), solids: number[] = [];
    for (let i = 0; i < p.count; i++) if (p.among(i, solid)) solids.push(numbers[i]);
    return { solids, representations: representations.length, shapes: shapes.map((i) => (i < 0 ? undefined : numbers[i])), size: this.byKey.size };
  }

  /** A number for each instance, those it refers to first; on a stack of its own, as references go deep. */
  private number(p: Part21): Int32Array | undefined {
    const numbers = new Int32Array(p.count).fill(-1), open = new Uint8Array(p.count), stack: number[] = [];
    for (let root = 0; root < p.count; root++) {
      if (numbers[root] < 0) stack.push(root);
      while (stack.length > 0) {
        const i = stack[stack.length - 1];
        if (i < 0) return undefined;
        if (numbers[i] >= 0) { stack.pop(); continue; }
        const waits = stack.length;
        for (let t = p.first[i]; t < p.end[i]; t++) if (p.kind[t] === T.REF && !(numbers[p.val[t]] >= 0)) stack.push(p.val[t]);
        if (stack.length === waits) { numbers[i] = this.numberOf(p, i, numbers); stack.pop(); continue; }
        // Met again while it still waits for others: it leads back to itself.
        if (open[i] === 1) return undefined;
        open[i] = 1;
      }
    }
    return numbers;
  }

  private numberOf(p: Part21, instance: number, numbers: Int32Array): number {
    let key = "";
    for (let t = p.first[instance]; t < p.end[instance]; t++) key += this.tokenOf(p, t, numbers);
    return numberIn(this.byKey, key);
  }

  private tokenOf(p: Part21, t: number, numbers: Int32Array): string {
    const value = p.val[t];
    switch (p.kind[t]) {
      case T.REF: return `#${numbers[value]}`;
      case T.NUM: return ` ${value}`;
      case T.KW: return `!${numberIn(this.words, p.words.names[value])}`;
      case T.ENUM: return `.${numberIn(this.words, p.words.names[value])}`;
      case T.STR: case T.BIN: return `'${numberIn(this.words, textAt(p.bytes, p.pos[t]))}`;
      default: return MARKS[p.kind[t]];
    }
  }
}

const MARKS: Readonly<Record<number, string>> = { [T.OPEN]: "(", [T.CLOSE]: ")", [T.NULL]: "$", [T.STAR]: "*" };

function numberIn(table: Map<string, number>, key: string): number {
  let number = table.get(key);
  if (number === undefined) table.set(key, (number = table.size));
  return number;
}

/** A string or binary with its quotes. */
function textAt(bytes: Uint8Array, start: number): string {
  const quote = bytes[start];
  let end = bytes.indexOf(quote, start + 1);
  while (quote === QUOTE && bytes[end + 1] === QUOTE) end = bytes.indexOf(QUOTE, end + 2);
  return String.fromCharCode(...bytes.subarray(start, end + 1));
}

const QUOTE = 39;
