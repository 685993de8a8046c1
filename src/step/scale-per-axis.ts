import type { Body } from "../part/part.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Vec3 } from "../units.ts";
import type { ExactKernel } from "./exact-kernel.ts";
import { ExactSolid } from "./exact-solid.ts";
import { occtMessage } from "./occt/load-occt.ts";
import { isValid, readShapes } from "./occt/read-solids.ts";
import { borrowSession } from "./occt/step-session.ts";
import { stretchStep } from "./stretch/stretch-step.ts";

/**
 * Enlarges a solid by one factor per axis. The kernel writes the solid as text; every curve, surface and point
 * in it is replaced by its exact affine image, topology stays, and the kernel reads it again and rebuilds the
 * parameter curves. A plane stays a plane, an ellipse comes of a circle; what has no analytic image becomes a
 * rational B-spline. Whoever calls this must prove the volume.
 * @param body the same solid's plain data: its triangles say which part of a closed surface a face covers
 */
export function scaleSolidPerAxis(kernel: ExactKernel, solid: ExactSolid, body: Body, factors: Vec3, aboutMm: Vec3): Result<ExactSolid> {
  const text = writeBare(kernel, solid);
  if (!text.ok) return text;
  const stretched = stretchStep(text.value, body, factors, aboutMm);
  if (!stretched.ok) return stretched;
  const read = readShapes(kernel, new TextEncoder().encode(stretched.value));
  if (!read.ok) return fail("MOLD_PROOF", `The stretched part cannot be read: ${read.problem.message}`);
  const { solids } = read.value;
  if (solids.length !== 1 || !isValid(kernel, solids[0].shape)) {
    for (const { shape } of solids) shape.delete();
    return fail("MOLD_PROOF", solids.length === 1 ? "The stretched part is not a valid solid." : `The stretched part came back as ${solids.length} solids.`);
  }
  return ok(new ExactSolid(solids[0].shape));
}

/** The solid as STEP text without parameter curves. */
function writeBare(kernel: ExactKernel, solid: ExactSolid): Result<string> {
  const path = "/bare.step", mode = "write.surfacecurve.mode";
  const before = kernel.Interface_Static.IVal(mode);
  try {
    using borrowed = borrowSession(kernel);
    using writer = new kernel.STEPControl_Writer(borrowed.session, true);
    kernel.Interface_Static.SetIVal(mode, 0);
    using progress = new kernel.Message_ProgressRange();
    writer.Transfer(solid.shape, "STEPControl_AsIs", true, progress);
    if (writer.Write(path) !== "IFSelect_RetDone") return fail("MOLD_PROOF", "The kernel could not write the part as text.");
    return ok(new TextDecoder().decode(kernel.FS.readFile(path)));
  } catch (thrown) {
    return fail("MOLD_PROOF", `The kernel could not write the part as text: ${occtMessage(kernel, thrown)}.`);
  } finally {
    kernel.Interface_Static.SetIVal(mode, before);
    try { kernel.FS.unlink(path); } catch { /* nothing was written */ }
  }
}
