import type { Body, DeclaredMeasure } from "../part/part.ts";
import { warning, type Problem } from "../result.ts";
import type { Vec3 } from "../units.ts";
import type { DeclaredNumber, DeclaredShape } from "./p21/declared-measures.ts";
import type { HeaderFacts } from "./p21/header.ts";

/** How far off senders are known to be: 1e-12 to 7e-5 in volume and 1.3e-3 in area (of a plain rod) in files from five systems. */
const SENDERS_OFF = { volume: 2e-4, area: 2e-3 } as const;
/** Programs on Open CASCADE integrate with a fixed number of points, which is up to 8e-4 off in volume on real parts. */
const COARSE_OFF = { volume: 1e-3, area: 2e-3 } as const;

/**
 * Compares what a file states of its products with what their bodies measure. MEASURES_DIFFER where the two are further apart
 * than senders are known to be, the last written digit and the bodies' loose edges allow. Products of which a
 * body was not read are left out.
 * @param bodyOf by instance of the solid
 */
export function checkDeclared({ declared, header }: { readonly declared: readonly DeclaredShape[]; readonly header: Pick<HeaderFacts, "preprocessor"> }, bodyOf: ReadonlyMap<number, Body>): { measures: readonly DeclaredMeasure[]; warnings: readonly Problem[] } {
  const share = /open ?cascade/i.test(header.preprocessor) ? COARSE_OFF : SENDERS_OFF;
  const measures = declared.flatMap((shape) => {
    const bodies = shape.solids.flatMap((solid) => bodyOf.get(solid) ?? []);
    return bodies.length === shape.solids.length ? compare(shape, bodies, share) : [];
  });
  return { measures, warnings: measures.filter((m) => !m.agrees).map((m) => warning("MEASURES_DIFFER", wordsOf(m))) };
}

function compare(shape: DeclaredShape, bodies: readonly Body[], share: Record<"volume" | "area", number>): DeclaredMeasure[] {
  const ids = bodies.map((b) => b.id), sum = (of: (b: Body) => number): number => bodies.reduce((total, b) => total + of(b), 0);
  const volumeMm3 = sum((b) => b.mass.volumeMm3), areaMm2 = sum((b) => b.mass.areaMm2), looseMm = Math.max(...bodies.map((b) => b.edgeToleranceMm));
  const edgesMm = sum((b) => b.edges.reduce((total, e) => total + e.lengthMm, 0));
  const made: DeclaredMeasure[] = [];
  const add = (quantity: "volume" | "area", told: DeclaredNumber | undefined, measured: number, loose: number): void => {
    if (!told) return;
    const allowed = share[quantity] * measured + told.roundedBy + loose;
    made.push({ bodies: ids, quantity, declared: told.value, measured, allowed, agrees: Math.abs(told.value - measured) <= allowed });
  };
  // A strip as wide as the tolerance along every edge, and as thick as that for the volume.
  add("volume", shape.volumeMm3, volumeMm3, edgesMm * looseMm * looseMm);
  add("area", shape.areaMm2, areaMm2, edgesMm * looseMm);
  if (shape.centroidMm) {
    const at = [0, 1, 2].map((k) => sum((b) => b.mass.centroidMm[k] * b.mass.volumeMm3) / volumeMm3), measured = distance(shape.centroidMm, at);
    const allowed = share.volume * Math.max(...bodies.map((b) => distance(b.mass.boxMm[0], b.mass.boxMm[1]))) + looseMm;
    made.push({ bodies: ids, quantity: "centroid", declared: 0, measured, allowed, agrees: measured <= allowed });
  }
  return made;
}

const distance = (a: Vec3, b: readonly number[]): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function wordsOf({ bodies, quantity, declared, measured }: DeclaredMeasure): string {
  const of = `${bodies.length > 1 ? "Bodies" : "Body"} ${bodies.join(", ")}`;
  if (quantity === "centroid") return `${of}: the centroid lies ${measured.toPrecision(3)} mm from where the file has it.`;
  const unit = quantity === "volume" ? "mm³" : "mm²";
  return `${of}: ${quantity} ${measured.toPrecision(7)} ${unit}, the file says ${declared.toPrecision(7)} ${unit} (${((100 * (measured - declared)) / declared).toPrecision(2)} %).`;
}
