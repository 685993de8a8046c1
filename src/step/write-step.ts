import type { TDF_Label, XCAFDoc_ColorTool, XCAFDoc_ShapeTool } from "replicad-opencascadejs";
import type { Rgb } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import type { ExactSolid } from "./exact-solid.ts";
import { occtMessage } from "./occt/load-occt.ts";

/** A body to write: its name and colour as other systems will show them. */
export interface NamedSolid {
  readonly name: string;
  /** Linear RGB, 0 to 1. */
  readonly color: Rgb;
  readonly solid: ExactSolid;
}

/**
 * STEP (AP214, millimetres) with named, coloured bodies: one product each, and an assembly over them when
 * there are several. The same solids give the same bytes: the header carries no time and no machine.
 * @param title name of the assembly and of the file in the header
 */
export function writeStep(kernel: ExactKernel, title: string, bodies: readonly NamedSolid[]): Result<Uint8Array> {
  const path = "/out.step";
  try {
    using format = new kernel.TCollection_ExtendedString("BinXCAF", false);
    using document = new kernel.TDocStd_Document(format);
    using main = document.Main();
    using shapes = kernel.XCAFDoc_DocumentTool.ShapeTool(main);
    using colors = kernel.XCAFDoc_DocumentTool.ColorTool(main);
    kernel.XCAFDoc_ShapeTool.SetAutoNaming(false);
    addBodies(kernel, shapes, colors, bodies);
    // A session of our own, emptied at the end: the writer's own one keeps its model for good.
    using session = new kernel.XSControl_WorkSession();
    using writer = new kernel.STEPCAFControl_Writer(session, true);
    writer.SetNameMode(true);
    writer.SetColorMode(true);
    using progress = new kernel.Message_ProgressRange();
    const written = writer.Perform(document, path, progress);
    session.ClearData(7);
    session.ClearData(1);
    session.ClearContext();
    if (!written) return fail("OUTPUT_FAILED", "The kernel could not write the STEP file.");
    const text = new TextDecoder().decode(kernel.FS.readFile(path));
    return ok(new TextEncoder().encode(settleText(text, title, bodies.map((b) => b.name))));
  } catch (thrown) {
    return fail("OUTPUT_FAILED", `The kernel could not write the STEP file: ${occtMessage(kernel, thrown)}.`);
  } finally {
    try { kernel.FS.unlink(path); } catch { /* nothing was written */ }
  }
}

/** Names go in as short tokens, so that the kernel neither breaks lines inside them nor has to encode them. */
const token = (index: number): string => `OVSZ${index}Q`;

function addBodies(kernel: ExactKernel, shapes: XCAFDoc_ShapeTool, colors: XCAFDoc_ColorTool, bodies: readonly NamedSolid[]): void {
  using assembly = bodies.length > 1 ? shapes.NewShape() : undefined;
  if (assembly) nameLabel(kernel, assembly, 0);
  bodies.forEach((body, i) => {
    using label = shapes.AddShape(body.solid.shape, false, true);
    nameLabel(kernel, label, i + 1);
    using color = new kernel.Quantity_Color();
    kernel.Quantity_Color.ColorFromHex(hex(body.color), color);
    colors.SetColor(label, color, "XCAFDoc_ColorSurf");
    if (!assembly) return;
    using place = new kernel.TopLoc_Location();
    using component = shapes.AddComponent(assembly, label, place);
    nameLabel(kernel, component, i + 1);
  });
  if (assembly) shapes.UpdateAssemblies();
}

function nameLabel(kernel: ExactKernel, label: TDF_Label, index: number): void {
  using text = new kernel.TCollection_ExtendedString(token(index), false);
  kernel.TDataStd_Name.Set(label, text).delete();
}

const hex = (color: Rgb): string => `#${color.map((c) => Math.round(srgb(c) * 255).toString(16).padStart(2, "0")).join("")}`;

const srgb = (c: number): number => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** Puts the real names in place of tokens and a header that depends on nothing but the title. */
function settleText(text: string, title: string, names: readonly string[]): string {
  const data = text.indexOf("DATA;");
  const schema = /FILE_SCHEMA\([\s\S]*?\);/.exec(text)?.[0] ?? "FILE_SCHEMA(('AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }'));";
  const header = [
    "ISO-10303-21;", "HEADER;", "FILE_DESCRIPTION(('mold'),'2;1');",
    `FILE_NAME('${stepString(title)}','1970-01-01T00:00:00',(''),(''),'oversize','oversize','');`, schema, "ENDSEC;", "",
  ].join("\n");
  const all = [title, ...names];
  const body = orderStyles(text.slice(data))
    .replace(/NEXT_ASSEMBLY_USAGE_OCCURRENCE\('\d+'/g, renumber())
    .replace(/OVSZ(\d+)Q/g, (_, i: string) => stepString(all[Number(i)]));
  return header + body;
}

const STYLES = /^#\d+ = MECHANICAL_DESIGN_GEOMETRIC_PRESENTATION_REPRESENTATION\(/;

/** The kernel writes the colours last, body by body in the order of addresses in its memory; by their bodies' records they depend on the solids alone. */
function orderStyles(body: string): string {
  const from = body.search(new RegExp(STYLES.source, "m")), to = body.lastIndexOf("ENDSEC;");
  if (from < 0) return body;
  const records = body.slice(from, to).trimEnd().split(";\n").map((record) => record.replace(/;$/, "").replace(/\n\s*/g, "")), blocks: string[][] = [];
  for (const record of records) if (STYLES.test(record)) blocks.push([record]); else blocks[blocks.length - 1].push(record);
  const bodyOf = (block: readonly string[]): number => Number(/STYLED_ITEM\(.*,#(\d+)\)$/.exec(block.find((record) => record.includes("STYLED_ITEM(")) ?? "")?.[1]);
  const sorted = blocks.sort((a, b) => bodyOf(a) - bodyOf(b)).flat(), idOf = (record: string): string => /^#\d+/.exec(record)?.[0] ?? "";
  const renamed = new Map(sorted.map((record, i) => [idOf(record), idOf(records[i])]));
  return `${body.slice(0, from)}${sorted.map((record) => `${record.replace(/#\d+/g, (id) => renamed.get(id) ?? id)};\n`).join("")}${body.slice(to)}`;
}

/** The kernel numbers occurrences over its whole life; numbered per file the bytes depend on the solids alone. */
function renumber(): () => string {
  let next = 0;
  return () => `NEXT_ASSEMBLY_USAGE_OCCURRENCE('${++next}'`;
}

/** Part 21 string: quotes and backslashes doubled, everything outside ASCII as \X2\ or \X4\. */
function stepString(text: string): string {
  return text.replace(/['\\]/g, "$&$&").replace(/[^\x20-\x7e]/gu, (c) => {
    const code = c.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\X4\\${code.toString(16).toUpperCase().padStart(8, "0")}\\X0\\` : `\\X2\\${code.toString(16).toUpperCase().padStart(4, "0")}\\X0\\`;
  });
}
