import type { TDF_Label, XCAFDoc_ShapeTool } from "replicad-opencascadejs";
import type { Rgb } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import type { ExactSolid } from "./exact-solid.ts";
import { KernelRecords } from "./kernel-records.ts";
import { occtMessage } from "./occt/load-occt.ts";
import { borrowSession } from "./occt/step-session.ts";

/** A body to write: its name and colour as other systems will show them. */
export interface NamedSolid {
  readonly name: string;
  /** Linear RGB, 0 to 1. */
  readonly color: Rgb;
  readonly solid: ExactSolid;
}

/** A body by itself as a file of its own. */
export interface PartFile {
  readonly title: string;
  /** Index of the body. */
  readonly body: number;
}

/** The bytes of STEP files that the kernel wrote in one go. */
export interface StepFiles {
  readonly whole: Uint8Array;
  /** In the order asked for, with the very records of the whole. */
  readonly parts: readonly Uint8Array[];
}

/** {@link writeStepFiles} without further files. */
export function writeStep(kernel: ExactKernel, title: string, bodies: readonly NamedSolid[]): Result<Uint8Array> {
  const written = writeStepFiles(kernel, title, bodies, []);
  return written.ok ? ok(written.value.whole) : written;
}

/**
 * STEP (AP214, millimetres) with named, coloured bodies: one product each, and an assembly over them when
 * there are several; and some of the bodies in files of their own. The same solids give the same bytes: the header carries no
 * time and no machine.
 * @param title name of the assembly and of the file in the header
 */
export function writeStepFiles(kernel: ExactKernel, title: string, bodies: readonly NamedSolid[], parts: readonly PartFile[]): Result<StepFiles> {
  const text = kernelText(kernel, bodies);
  if (!text.ok) return text;
  const records = new KernelRecords(text.value);
  if (records.shapes.length !== bodies.length) return fail("OUTPUT_FAILED", `The kernel wrote ${records.shapes.length} of ${bodies.length} bodies.`);
  // Colours are records of our own: the kernel's writer of colours keeps the whole model for good.
  bodies.forEach(({ color }, body) => records.colour(body, [srgb(color[0]), srgb(color[1]), srgb(color[2])]));
  const bytes = (data: string, name: string): Uint8Array => new TextEncoder().encode(settleText(text.value, data, name, [title, ...bodies.map((b) => b.name)]));
  return ok({ whole: bytes(records.whole(), title), parts: parts.map((part) => bytes(records.part(part.body), part.title)) });
}

/** What the kernel writes, without colours and with tokens for names. */
function kernelText(kernel: ExactKernel, bodies: readonly NamedSolid[]): Result<string> {
  const path = "/out.step";
  try {
    using format = new kernel.TCollection_ExtendedString("BinXCAF", false);
    using document = new kernel.TDocStd_Document(format);
    using main = document.Main();
    using shapes = kernel.XCAFDoc_DocumentTool.ShapeTool(main);
    kernel.XCAFDoc_ShapeTool.SetAutoNaming(false);
    addBodies(kernel, shapes, bodies);
    using borrowed = borrowSession(kernel);
    using writer = new kernel.STEPCAFControl_Writer(borrowed.session, true);
    writer.SetNameMode(true);
    writer.SetColorMode(false);
    using progress = new kernel.Message_ProgressRange();
    const written = writer.Perform(document, path, progress);
    writer.Init(borrowed.session, true); // deleting it alone keeps the bodies for good
    if (!written) return fail("OUTPUT_FAILED", "The kernel could not write the STEP file.");
    return ok(new TextDecoder().decode(kernel.FS.readFile(path)));
  } catch (thrown) {
    return fail("OUTPUT_FAILED", `The kernel could not write the STEP file: ${occtMessage(kernel, thrown)}.`);
  } finally {
    try { kernel.FS.unlink(path); } catch { /* nothing was written */ }
  }
}

/** Names go in as short tokens, so that the kernel neither breaks lines inside them nor has to encode them. */
const token = (index: number): string => `OVSZ${index}Q`;

function addBodies(kernel: ExactKernel, shapes: XCAFDoc_ShapeTool, bodies: readonly NamedSolid[]): void {
  using assembly = bodies.length > 1 ? shapes.NewShape() : undefined;
  if (assembly) nameLabel(kernel, assembly, 0);
  bodies.forEach((body, i) => {
    using label = shapes.AddShape(body.solid.shape, false, true);
    nameLabel(kernel, label, i + 1);
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

const srgb = (c: number): number => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** Puts the real names in place of tokens and a header that depends on nothing but the title. */
function settleText(text: string, data: string, title: string, names: readonly string[]): string {
  const schema = /FILE_SCHEMA\([\s\S]*?\);/.exec(text)?.[0] ?? "FILE_SCHEMA(('AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }'));";
  const header = [
    "ISO-10303-21;", "HEADER;", "FILE_DESCRIPTION(('mold'),'2;1');",
    `FILE_NAME('${stepString(title)}','1970-01-01T00:00:00',(''),(''),'oversize','oversize','');`, schema, "ENDSEC;", "",
  ].join("\n");
  return header + data
    .replace(/NEXT_ASSEMBLY_USAGE_OCCURRENCE\('\d+'/g, renumber())
    .replace(/OVSZ(\d+)Q/g, (_, i: string) => stepString(names[Number(i)]));
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
