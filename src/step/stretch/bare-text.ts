import type { Vec3 } from "../../units.ts";

/** An attribute: reference, number, word or list; the rest (strings, enumerations) as its text. */
export type Value = { readonly ref: number } | number | string | readonly Value[];

/** A simple entity of the kernel's own STEP text. Complex ones keep their text. */
export interface Entity {
  readonly type: string;
  readonly args: readonly Value[];
}

/** The kernel's own STEP text: one record for each instance. Reads only what the kernel writes, not STEP at large. */
export class BareText {
  readonly entities = new Map<number, Entity>();
  readonly #raw = new Map<number, string>();
  readonly #head: string;
  readonly #added: string[] = [];
  readonly #changed = new Map<number, string>();
  #next = 1;

  constructor(text: string) {
    const data = text.indexOf("DATA;") + 5, end = text.lastIndexOf("ENDSEC;");
    this.#head = text.slice(0, data);
    for (const [, id, record] of text.slice(data, end).replace(/\r?\n/g, "").matchAll(/#(\d+)\s*=\s*((?:'(?:[^']|'')*'|[^';])*);/g)) {
      const n = Number(id);
      this.#next = Math.max(this.#next, n + 1);
      this.#raw.set(n, record);
      const simple = /^([A-Z0-9_]+)\s*\(/.exec(record);
      if (simple) this.entities.set(n, { type: simple[1], args: parse(record, simple[0].length - 1) });
    }
  }

  /** Ids of every instance whose record is complex and names a word. */
  complex(word: string): number[] {
    return [...this.#raw].filter(([id, record]) => !this.entities.has(id) && record.includes(word)).map(([id]) => id);
  }

  get(id: number): Entity {
    const entity = this.entities.get(id);
    if (!entity) throw new Error(`#${id} is not a simple entity`);
    return entity;
  }

  /** Replaces an instance. */
  put(id: number, record: string): void { this.#changed.set(id, record); }

  /** Adds an instance and returns its id. */
  add(record: string): number {
    const id = this.#next++;
    this.#added.push(`#${id}=${record};`);
    return id;
  }

  addPoint(p: Vec3): number { return this.add(`CARTESIAN_POINT('',(${p.map(real).join()}))`); }
  addDirection(d: Vec3): number { return this.add(`DIRECTION('',(${d.map(real).join()}))`); }
  addFrame(origin: Vec3, z: Vec3, x: Vec3): number { return this.add(`AXIS2_PLACEMENT_3D('',#${this.addPoint(origin)},#${this.addDirection(z)},#${this.addDirection(x)})`); }
  addVector(d: Vec3, length: number): number { return this.add(`VECTOR('',#${this.addDirection(d)},${real(length)})`); }

  toString(): string {
    const records = [...this.#raw].map(([id, record]) => `#${id}=${this.#changed.get(id) ?? record};`);
    return `${this.#head}\n${records.join("\n")}\n${this.#added.join("\n")}\nENDSEC;\nEND-ISO-10303-21;\n`;
  }
}

/** A number as Part 21 wants it, with every digit a double has. */
export function real(n: number): string {
  const text = n.toExponential().replace("e", "E").replace("+", "");
  return text.includes(".") ? text : text.replace("E", ".E");
}

function parse(record: string, open: number): Value[] {
  let at = open;
  const value = (): Value => {
    const c = record[at];
    if (c === "(") return list();
    if (c === "'") { const m = /'(?:[^']|'')*'/y; m.lastIndex = at; const s = m.exec(record)![0]; at += s.length; return s; }
    const m = /[^,()\s]+/y;
    m.lastIndex = at;
    const word = m.exec(record)![0];
    at += word.length;
    if (word[0] === "#") return { ref: Number(word.slice(1)) };
    return /^[-+]?[0-9]/.test(word) ? Number(word) : word;
  };
  const list = (): Value[] => {
    const out: Value[] = [];
    at++;
    for (;;) {
      while (record[at] === " " || record[at] === ",") at++;
      if (record[at] === ")") { at++; return out; }
      out.push(value());
    }
  };
  return list();
}
