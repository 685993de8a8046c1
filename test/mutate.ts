/** Damage to a STEP file, repeatable from its seed. */
export interface Mutation {
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** Small, fast, seeded generator (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const KINDS = ["bit", "byte", "digit", "cut", "drop", "repeat", "swap-records", "swap-references", "flag", "drop-statement"] as const;

/** One mutation of a good file: flipped bits and bytes, changed digits, truncation, ranges and statements lost or doubled, records and references swapped. */
export function mutate(good: Uint8Array, seed: number): Mutation {
  const next = random(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  const kind = KINDS[pick(KINDS.length)];
  const out = new Uint8Array(good); // a Buffer's slice() would share its memory
  const at = pick(out.length);
  switch (kind) {
    case "bit": out[at] ^= 1 << pick(8); return { kind, bytes: out };
    case "byte": out[at] = 32 + pick(95); return { kind, bytes: out };
    case "cut": return { kind, bytes: out.subarray(0, at) };
    case "drop": return { kind, bytes: spliced(out, at, at + 1 + pick(40)) };
    case "repeat": return { kind, bytes: spliced(out, at, at, out.subarray(at, at + 1 + pick(40))) };
    default: return { kind, bytes: textual(good, kind, pick) };
  }
}

function spliced(bytes: Uint8Array, start: number, end: number, insert = new Uint8Array()): Uint8Array {
  const out = new Uint8Array(bytes.length - (Math.min(end, bytes.length) - start) + insert.length);
  out.set(bytes.subarray(0, start));
  out.set(insert, start);
  out.set(bytes.subarray(end), start + insert.length);
  return out;
}

/** Mutations that keep the grammar and change the sense. */
function textual(good: Uint8Array, kind: string, pick: (n: number) => number): Uint8Array {
  const text = new TextDecoder("latin1").decode(good);
  const data = text.indexOf("DATA");
  const find = (pattern: RegExp): RegExpMatchArray[] => [...text.slice(data).matchAll(pattern)];
  const from = (m: RegExpMatchArray): number => data + (m.index ?? 0);
  const replace = (edits: [number, number, string][]): Uint8Array => {
    let out = text;
    for (const [start, end, by] of edits.sort((a, b) => b[0] - a[0])) out = out.slice(0, start) + by + out.slice(end);
    return Uint8Array.from(out, (c) => c.charCodeAt(0));
  };
  const one = (matches: RegExpMatchArray[]): RegExpMatchArray | undefined => matches[pick(matches.length)];
  if (kind === "digit") {
    const m = one(find(/(?<=[(,]-?\d*\.?\d*)\d(?=[\d.]*[,)E])/g));
    return m ? replace([[from(m), from(m) + 1, String((Number(m[0]) + 1 + pick(8)) % 10)]]) : good;
  }
  if (kind === "flag") {
    const m = one(find(/\.[TF]\./g));
    return m ? replace([[from(m), from(m) + 3, m[0] === ".T." ? ".F." : ".T."]]) : good;
  }
  if (kind === "drop-statement") {
    const m = one(find(/#\d+\s*=[^;']*;/g));
    return m ? replace([[from(m), from(m) + m[0].length, ""]]) : good;
  }
  const all = kind === "swap-records" ? find(/(?<==\s*)[A-Z][^;']*(?=;)/g) : find(/(?<=[(,])#\d+/g);
  const a = one(all), b = one(all);
  if (!a || !b || a.index === b.index) return good;
  return replace([[from(a), from(a) + a[0].length, b[0]], [from(b), from(b) + b[0].length, a[0]]]);
}
