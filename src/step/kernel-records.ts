import type { Rgb } from "../part/part.ts";

/** The DATA section of a STEP text as the kernel writes it, by record. Names in it are tokens: no string holds `#` or `;`. */
export class KernelRecords {
  /** `[id]`: `#id = …` without the semicolon. */
  private readonly records: string[] = [];
  /** The shape of each body, in the order of the text: a representation with solids. */
  readonly shapes: readonly number[];
  /** Colours of each body, once it is coloured. */
  private readonly styles: number[] = [];

  constructor(text: string) {
    for (const record of text.slice(text.indexOf("DATA;") + 5, text.lastIndexOf("ENDSEC;")).split(/;\s*\n/)) {
      const id = record.lastIndexOf("#", record.indexOf("="));
      if (id >= 0) this.records[Number.parseInt(record.slice(id + 1), 10)] = record.slice(id);
    }
    this.shapes = this.ofType("SHAPE_DEFINITION_REPRESENTATION").map((id) => this.shapeOf(id)).filter((shape) => this.solidsOf(shape).length > 0);
  }

  /** Gives the solids of one body a surface colour. @param color as displays take it, 0 to 1 */
  colour(body: number, color: Rgb): void {
    const context = refsOf(this.records[this.shapes[body]]).at(-1);
    const rgb = this.add(`COLOUR_RGB('',${color.map((c) => c.toFixed(6)).join()})`), area = this.add(`FILL_AREA_STYLE_COLOUR('',#${rgb})`);
    const side = this.add(`SURFACE_SIDE_STYLE('',(#${this.add(`SURFACE_STYLE_FILL_AREA(#${this.add(`FILL_AREA_STYLE('',(#${area}))`)})`)}))`);
    const style = this.add(`PRESENTATION_STYLE_ASSIGNMENT((#${this.add(`SURFACE_STYLE_USAGE(.BOTH.,#${side})`)}))`);
    const styled = this.solidsOf(this.shapes[body]).map((solid) => `#${this.add(`STYLED_ITEM('color',(#${style}),#${solid})`)}`);
    this.styles[body] = this.add(`MECHANICAL_DESIGN_GEOMETRIC_PRESENTATION_REPRESENTATION('',(${styled.join()}),#${context})`);
  }

  /** All records. */
  whole(): string {
    return this.written(() => true);
  }

  /** The records of one body by itself: its product and shape with all they refer to, its category, its colours and the protocol. */
  part(body: number): string {
    const kept = new Uint8Array(this.records.length), shape = this.shapes[body];
    const definition = this.ofType("SHAPE_DEFINITION_REPRESENTATION").filter((id) => this.shapeOf(id) === shape);
    this.keep([...definition, ...this.ofType("APPLICATION_PROTOCOL_DEFINITION"), ...(this.styles[body] ? [this.styles[body]] : [])], kept);
    this.keep(this.ofType("PRODUCT_RELATED_PRODUCT_CATEGORY").filter((id) => refsOf(this.records[id]).slice(1).every((product) => kept[product] === 1)), kept);
    return this.written((id) => kept[id] === 1);
  }

  /** The representation that a SHAPE_DEFINITION_REPRESENTATION gives to a product. */
  private shapeOf(definition: number): number {
    return refsOf(this.records[definition])[2];
  }

  private solidsOf(shape: number): number[] {
    return refsOf(this.records[shape]).filter((id) => /= (MANIFOLD_SOLID_BREP|BREP_WITH_VOIDS)\(/.test(this.records[id]));
  }

  private keep(from: readonly number[], kept: Uint8Array): void {
    const stack = [...from];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (kept[id] === 1) continue;
      kept[id] = 1;
      stack.push(...refsOf(this.records[id]).filter((ref) => kept[ref] === 0));
    }
  }

  private add(record: string): number {
    return this.records.push(`#${this.records.length} = ${record}`) - 1;
  }

  private ofType(type: string): number[] {
    const found: number[] = [];
    this.records.forEach((record, id) => { if (record.startsWith(`= ${type}(`, record.indexOf("="))) found.push(id); });
    return found;
  }

  private written(isKept: (id: number) => boolean): string {
    const rows: string[] = [];
    this.records.forEach((record, id) => { if (isKept(id)) rows.push(record); });
    return `DATA;\n${rows.join(";\n")};\nENDSEC;\nEND-ISO-10303-21;\n`;
  }
}

/** The numbers a record names, its own first. */
function refsOf(record: string): number[] {
  const refs: number[] = [];
  for (let at = record.indexOf("#"); at >= 0; at = record.indexOf("#", at + 1)) refs.push(Number.parseInt(record.slice(at + 1, at + 12), 10));
  return refs;
}
