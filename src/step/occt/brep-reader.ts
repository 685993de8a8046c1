import type { Vec3 } from "../../units.ts";

/** Cursor over white-space separated words. */
export class BrepReader {
  private at = 0;
  constructor(private readonly text: string) {}

  seek(word: string): void {
    const found = this.text.indexOf(`\n${word} `);
    if (found < 0) throw new Error(`kernel text has no ${word}`);
    this.at = found + word.length + 1;
  }
  word(): string {
    const { text } = this;
    let a = this.at;
    while (text.charCodeAt(a) <= 32) a++;
    let b = a;
    while (text.charCodeAt(b) > 32) b++;
    this.at = b;
    if (a === b) throw new Error("kernel text ends early");
    return text.slice(a, b);
  }
  peek(): string {
    const at = this.at, word = this.word();
    this.at = at;
    return word;
  }
  expect(word: string): void {
    const found = this.word();
    if (found !== word) throw new Error(`kernel text: expected ${word}, found ${found}`);
  }
  num(): number {
    const word = this.word(), value = Number(word);
    if (Number.isNaN(value) && !/nan/i.test(word)) throw new Error(`kernel text: expected a number, found ${word}`);
    return value;
  }
  int(): number {
    const { text } = this;
    let a = this.at, value = 0;
    while (text.charCodeAt(a) <= 32) a++;
    let b = a;
    for (let digit = text.charCodeAt(b) - 48; digit >= 0 && digit <= 9; digit = text.charCodeAt(++b) - 48) value = value * 10 + digit;
    // A sign, or what is no integer, or the end.
    if (b === a || !(text.charCodeAt(b) <= 32)) return this.num();
    this.at = b;
    return value;
  }
  nums(n: number): Float64Array {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = this.num();
    return out;
  }
  vec(): Vec3 {
    return [this.num(), this.num(), this.num()];
  }
}
