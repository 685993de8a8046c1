import type { Body, Part, PartFile } from "../part/part.ts";
import { closedVolume } from "../part/mesh-measures.ts";
import type { Work } from "../progress.ts";
import { fail, ok, warning, type Problem, type Result } from "../result.ts";
import { bodyFromFacets } from "./body-from-facets.ts";
import type { MeshOptions } from "./occt/read-solids.ts";
import type { GatedStep } from "./p21/gate-step.ts";
import type { OpenOptions, PartRead } from "./read-part.ts";
import { readFacets, type FacetBody, type FacetFormat } from "./second-reader.ts";
import type { StepKernels } from "./step-kernels.ts";

/** Distance of facets from the surface when none is asked for, mm. */
const DEFLECTION_MM = 0.02;

/** A part from the second reader's triangles. Bodies that are not closed are refused: a sheet meshes plausibly but is no part. */
export async function readFacetPart(kernels: StepKernels, bytes: Uint8Array, format: FacetFormat, file: PartFile, options: OpenOptions, mesh: MeshOptions, work: Work, gated?: GatedStep): Promise<Result<PartRead>> {
  work.onProgress?.("loading");
  const reader = await kernels.secondReader();
  work.onProgress?.("meshing");
  const deflectionMm = mesh.deflectionMm ?? DEFLECTION_MM;
  const read = readFacets(reader, bytes, format, deflectionMm, mesh.angleDeg);
  if (!read.ok) return read;
  const closed = read.value.bodies.filter((b) => b.closed), loose = read.value.bodies.length - closed.length;
  if (closed.length === 0) return fail("NOT_CLOSED", "None of its bodies is watertight.");
  if (gated && closed.length < gated.solids.length) return fail("INVALID_SOLID", `Only ${closed.length} of ${gated.solids.length} solids could be read.`);
  const facets = closed.reduce((n, b) => n + b.faceOf.length, 0);
  if (facets > mesh.maxFacets) return fail("FACET_LIMIT", `It has ${facets} facets.`);
  const all = closed.map((b, i) => toBody(b, String(i + 1), deflectionMm));
  const bodies = options.bodies ? all.filter((b) => options.bodies?.includes(b.id)) : all;
  if (bodies.length === 0 || (options.bodies && bodies.length < options.bodies.length)) {
    return fail("BODY_CHOICE", `There are ${all.map((b) => `${b.id} (${b.name})`).join(", ")}.`);
  }
  const warnings: Problem[] = [];
  if (format !== "step") warnings.push(warning("FACETS_ONLY", `${format.toUpperCase()} files are read as facets.`));
  if (loose > 0) warnings.push(warning("SET_ASIDE", `${loose} open bodies.`));
  const part: Part = {
    name: gated?.productName || read.value.tree.name || file.name, reader: "facets", bodies, file,
    setAside: gated ? { sheets: gated.setAside.sheets, wires: gated.setAside.wires, annotations: gated.setAside.annotations } : { sheets: loose, wires: 0, annotations: 0 },
  };
  return ok({ part, solids: new Map(), warnings, [Symbol.dispose]: () => {} });
}

function toBody(source: FacetBody, id: string, deflectionMm: number): Body {
  const { volumeMm3, areaMm2, centroidMm, boxMm } = closedVolume(source.positions, source.indices);
  return {
    id, name: source.name || `body ${id}`, instances: 1, ...(source.color && { color: source.color }),
    ...bodyFromFacets(source, deflectionMm), shells: 1, edgeToleranceMm: 0,
    mass: { volumeMm3, areaMm2, centroidMm, boxMm, inertiaMm5: inertia(source, centroidMm) },
  };
}

/** Inertia of the closed mesh about `c` by the divergence theorem, row-major, mm⁵. */
function inertia({ positions: p, indices }: FacetBody, c: readonly [number, number, number]): number[] {
  const m = [0, 0, 0, 0, 0, 0];
  for (let t = 0; t < indices.length; t += 3) {
    const q = [0, 1, 2].map((k) => { const i = indices[t + k] * 3; return [p[i] - c[0], p[i + 1] - c[1], p[i + 2] - c[2]]; });
    const det = q[0][0] * (q[1][1] * q[2][2] - q[1][2] * q[2][1]) + q[0][1] * (q[1][2] * q[2][0] - q[1][0] * q[2][2]) + q[0][2] * (q[1][0] * q[2][1] - q[1][1] * q[2][0]);
    const second = (i: number, j: number): number => {
      const s = (a: number): number => q[0][a] + q[1][a] + q[2][a];
      return (det / 120) * (q[0][i] * q[0][j] + q[1][i] * q[1][j] + q[2][i] * q[2][j] + s(i) * s(j));
    };
    m[0] += second(0, 0); m[1] += second(1, 1); m[2] += second(2, 2); m[3] += second(0, 1); m[4] += second(1, 2); m[5] += second(0, 2);
  }
  const [xx, yy, zz, xy, yz, xz] = m;
  return [yy + zz, -xy, -xz, -xy, xx + zz, -yz, -xz, -yz, xx + yy];
}
