import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { GProp_GProps, TopoDS_Shape } from "replicad-opencascadejs";
import { afterAll, describe, expect, it } from "vitest";
import { Engine } from "../../src/engine.ts";
import { closedVolume, isClosed } from "../../src/part/mesh-measures.ts";
import type { Body } from "../../src/part/part.ts";
import { loadOcct } from "../../src/step/occt/load-occt.ts";
import { readBody, readShapes } from "../../src/step/occt/read-solids.ts";
import { gateStep } from "../../src/step/p21/gate-step.ts";
import { corpusFiles } from "../corpus.ts";
import { kernelSource } from "../kernels.ts";

const files = corpusFiles();
const occt = loadOcct(kernelSource);
const engine = Engine.create(kernelSource);
const rows: string[] = [];

/**
 * Files whose native area (and in one case volume) is itself off by more than 1e-6: the native reader integrated
 * areas with the kernel's fixed Gauss points and volumes only to 1e-6. For these the test shows that the kernel gives the
 * native number when asked the same way, and that asking for 1000 times more digits moves ours by less than 1e-6.
 */
const NATIVE_OFF: Readonly<Record<string, { area?: true; volume?: true }>> = {
  "dm1-id-214.stp": { area: true }, "NIST_MBE_PMI_3.stp": { area: true, volume: true }, "NIST_MBE_PMI_11.stp": { area: true },
  "TC-DOCK-PIN-V6 1.1.step": { area: true }, "Moving_Jaw_SO101.step": { area: true }, "ANC101.stp": { area: true }, "cycloidal-gear.step": { area: true },
};

/**
 * Volumes settled without any kernel integral, mm³: native FreeCAD 0.20 meshes the file, normals of its surfaces at the facets' corners
 * give the volume between each facet and its surface (`part/facet-rise.ts`), and the sum at finer and finer deflections tells how
 * far it is off. NIST_MBE_PMI_3 at 0.1, 0.05, 0.03 mm: 313108.1995, .1994, .1986 with the next term below 0.009 (the native Gauss
 * volume is 313093.998, and that of 29 slices cut natively across x 313108.300). Moving_Jaw at 0.02, 0.008, 0.003 mm: 20692.734,
 * 20692.7222, 20692.7182 with the next term below 0.0095, 0.0005 and 0.00004; edges 0.007 mm off move the nodes along them.
 */
const SETTLED: Readonly<Record<string, readonly [volumeMm3: number, offMm3: number]>> = {
  "NIST_MBE_PMI_3.stp": [313108.199, 0.009], "Moving_Jaw_SO101.step": [20692.7202, 0.005],
};

/**
 * Where a face's edges do not meet in its surface's parameters, the kernel's integral over it depends on the line it starts
 * from, and the halves of a face do not add up to the face; ours closes the gaps. The part's edges lie up to 0.007 mm off.
 */
const GAPS: Readonly<Record<string, number>> = { "Moving_Jaw_SO101.step": 3e-6 };

const placed = (bodies: readonly Body[], of: (b: Body) => number): number => bodies.reduce((sum, b) => sum + of(b) * b.instances, 0);
const off = (a: number, b: number | undefined): number => Math.abs(a / (b ?? NaN) - 1);

describe.skipIf(files.length === 0)("open corpus against the native truth", () => {
  afterAll(() => console.log(["file                             bodies faces   volume     area      box mm   facets  deviation mm", ...rows].join("\n")));

  it.each(files)("$truth.file", async ({ path, truth }) => {
    const name = basename(path), result = await engine.open({ name, bytes: readFileSync(path) });
    if (!result.ok) {
      rows.push(`${name.slice(0, 32).padEnd(32)} ${result.problem.code}`);
      expect(truth.geom.unique_solids ?? 0, result.problem.message).toBe(0);
      return;
    }
    using read = result.value;
    const { bodies } = read.part, { geom } = truth;
    expect(read.part.reader).toBe("exact");
    expect(bodies.length).toBe(geom.unique_solids);
    expect(placed(bodies, () => 1)).toBe(geom.solids);
    const faces = placed(bodies, (b) => b.faces.length), volume = placed(bodies, (b) => b.mass.volumeMm3), area = placed(bodies, (b) => b.mass.areaMm2);
    const facets = bodies.reduce((n, b) => n + b.facets.faceOf.length, 0), deviation = Math.max(...bodies.flatMap((b) => [...b.facets.deviationMm]));
    const box = placed(bodies, () => 1) === 1 ? Math.max(...bodies[0].mass.boxMm.flat().map((v, i) => Math.abs(v - (geom.bbox_mm?.[i] ?? NaN)))) : 0;
    rows.push(`${name.slice(0, 32).padEnd(32)} ${String(bodies.length).padStart(4)} ${String(faces).padStart(6)} ${off(volume, geom.volume_mm3).toExponential(1).padStart(9)} ${off(area, geom.area_solids_mm2).toExponential(1).padStart(9)} ${box.toExponential(1).padStart(9)} ${String(facets).padStart(8)} ${deviation.toFixed(4).padStart(9)}`);
    expect(faces).toBe(geom.faces);
    const native = NATIVE_OFF[name] ? await asNativeMeasured(path) : undefined;
    if (NATIVE_OFF[name]?.volume && native) {
      expect(off(native.coarseVolume, geom.volume_mm3)).toBeLessThan(1e-9);
      expect(off(volume, native.fineVolume)).toBeLessThan(1e-6);
    } else expect(off(volume, geom.volume_mm3)).toBeLessThan(GAPS[name] ?? 1e-6);
    const settled = SETTLED[name];
    if (settled) expect(Math.abs(volume - settled[0])).toBeLessThan(settled[1]);
    if (NATIVE_OFF[name]?.area && native) {
      expect(off(native.coarseArea, geom.area_solids_mm2)).toBeLessThan(1e-9);
      expect(off(area, native.fineArea)).toBeLessThan(GAPS[name] ?? 1e-6);
    } else expect(off(area, geom.area_solids_mm2)).toBeLessThan(1e-6);
    expect(box).toBeLessThan(1e-6);
    for (const body of bodies) meshIsSound(body);
  });
});

/** At this deflection and angle the mesher leaves two faces of that part without triangles, at every size of it. */
const LOSING = { deflectionMm: 0.1, angleDeg: 7.5, maxFacets: 2_000_000 };

it.each(files.filter(({ truth }) => basename(truth.file) === "tie_rod.step"))("$truth.file is meshed where the mesher loses a face at the deflection asked for", async ({ path }) => {
  const oc = await occt, read = readShapes(oc, readFileSync(path));
  if (!read.ok) throw new Error(read.problem.message);
  const made = readBody(oc, read.value.solids[0].shape, { id: "1", name: "", instances: 1 }, LOSING, {});
  if (!made.ok) throw new Error(made.problem.message);
  expect(made.value.body.faces.every((f) => f.facets.count > 0)).toBe(true);
  meshIsSound(made.value.body);
});

/** The kernel's integrals as the native reader asked for them (`coarse`), and to 1e-12 (`fine`). */
async function asNativeMeasured(path: string): Promise<{ coarseArea: number; coarseVolume: number; fineArea: number; fineVolume: number }> {
  const oc = await occt, gated = gateStep(readFileSync(path));
  const shapes = gated.ok ? readShapes(oc, gated.value.bytes) : gated;
  if (!shapes.ok) throw new Error(shapes.problem.message);
  const sum = (measure: (shape: TopoDS_Shape, props: GProp_GProps) => void): number => shapes.value.solids.reduce((total, { shape, instances }) => {
    using props = new oc.GProp_GProps();
    measure(shape, props);
    return total + props.Mass() * instances;
  }, 0);
  return {
    coarseArea: sum((shape, props) => oc.BRepGProp.SurfaceProperties(shape, props, false, false)),
    coarseVolume: sum((shape, props) => void oc.BRepGProp.VolumeProperties(shape, props, 1e-6, false, false)),
    fineArea: sum((shape, props) => void oc.BRepGProp.SurfaceProperties(shape, props, 1e-12, false)),
    fineVolume: sum((shape, props) => void oc.BRepGProp.VolumeProperties(shape, props, 1e-12, false, false)),
  };
}

/** The facets are a closed, outward surface whose volume differs by no more than their deviation allows. */
function meshIsSound(body: Body): void {
  const { facets, mass } = body, indices = Uint32Array.from(facets.indices, (v) => facets.weld[v]);
  const kept: number[] = [];
  for (let t = 0; t < indices.length; t += 3) if (indices[t] !== indices[t + 1] && indices[t + 1] !== indices[t + 2] && indices[t + 2] !== indices[t]) kept.push(indices[t], indices[t + 1], indices[t + 2]);
  expect(isClosed(Uint32Array.from(kept))).toBe(true);
  const allowed = body.faces.reduce((sum, f) => sum + f.areaMm2 * facets.deviationMm[f.index], 0);
  expect(Math.abs(closedVolume(facets.positions, facets.indices).volumeMm3 - mass.volumeMm3)).toBeLessThanOrEqual(allowed + 1e-9 * mass.volumeMm3);
  expect(facets.normals.every(Number.isFinite)).toBe(true);
}
