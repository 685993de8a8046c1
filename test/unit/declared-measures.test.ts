import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine.ts";
import type { DeclaredMeasure } from "../../src/part/part.ts";
import { gateStep } from "../../src/step/p21/gate-step.ts";
import { lastPlace } from "../../src/step/p21/declared-measures.ts";
import { corpusFiles } from "../corpus.ts";
import { kernelSource } from "../kernels.ts";

const engine = Engine.create(kernelSource);
const SAMPLE = readFileSync(new URL("../../samples/hinge-knuckle.step", import.meta.url), "utf8");

interface Told { readonly volume: string; readonly area: string; readonly centre: readonly [string, string, string] }

/** The sample with geometric validation properties of its product, as AP214 writes them. */
function telling({ volume, area, centre }: Told): Uint8Array {
  const shape = /(#\d+) = PRODUCT_DEFINITION_SHAPE/.exec(SAMPLE)?.[1], mm = /(#\d+) = \( LENGTH_UNIT/.exec(SAMPLE)?.[1], context = /(#\d+) = \(\s*GEOMETRIC_REPRESENTATION_CONTEXT\(3\)/.exec(SAMPLE)?.[1];
  const lines = [
    `#900001=DERIVED_UNIT_ELEMENT(${mm},3.);`, "#900002=DERIVED_UNIT((#900001));", `#900003=MEASURE_REPRESENTATION_ITEM('volume measure',VOLUME_MEASURE(${volume}),#900002);`,
    `#900004=DERIVED_UNIT_ELEMENT(${mm},2.);`, "#900005=DERIVED_UNIT((#900004));", `#900006=(MEASURE_REPRESENTATION_ITEM() MEASURE_WITH_UNIT(AREA_MEASURE(${area}),#900005) REPRESENTATION_ITEM('surface area measure'));`,
    `#900007=CARTESIAN_POINT('centre point',(${centre.join()}));`,
    `#900008=REPRESENTATION('',(#900003,#900006,#900007),${context});`,
    `#900009=PROPERTY_DEFINITION('geometric validation property','',${shape});`, "#900010=PROPERTY_DEFINITION_REPRESENTATION(#900009,#900008);",
  ];
  return new TextEncoder().encode(SAMPLE.replace(/ENDSEC;\s*END-ISO/, `${lines.join("\n")}\n$&`));
}

async function read(bytes: Uint8Array): Promise<{ declared: readonly DeclaredMeasure[]; warned: readonly string[] }> {
  const result = await engine.open({ name: "hinge-knuckle.step", bytes });
  if (!result.ok) throw new Error(result.problem.message);
  using part = result.value;
  return { declared: part.part.declared ?? [], warned: part.warnings.filter(({ code }) => code === "MEASURES_DIFFER").map(({ message }) => message) };
}

describe("what a file says its product measures", () => {
  it("is compared with the solid, within what senders and digits allow", async () => {
    using plain = await engine.open({ name: "hinge-knuckle.step", bytes: new TextEncoder().encode(SAMPLE) }).then((r) => { if (!r.ok) throw new Error(r.problem.message); return r.value; });
    expect(plain.part.declared).toBeUndefined();
    const { volumeMm3, areaMm2, centroidMm: [x, y, z] } = plain.part.bodies[0].mass;
    const told = (volumeShare: number, areaShare: number, moved: number): Told =>
      ({ volume: (volumeMm3 * volumeShare).toExponential(9).toUpperCase(), area: (areaMm2 * areaShare).toFixed(6), centre: [(x + moved).toFixed(9), y.toFixed(9), z.toFixed(9)] });
    const sound = await read(telling(told(1, 1, 0)));
    expect(sound.declared.map(({ quantity, agrees }) => [quantity, agrees])).toEqual([["volume", true], ["area", true], ["centroid", true]]);
    expect(sound.warned).toEqual([]);
    expect((await read(telling(told(1 + 2e-3, 1 - 4e-3, 0.2)))).warned).toEqual([
      expect.stringContaining("(-0.20 %)"), expect.stringContaining("Body 1: area"), expect.stringContaining("0.200 mm from where the file has it"),
    ]);
    // Three digits say no more than they hold.
    const coarse = await read(telling({ ...told(1, 1, 0), volume: volumeMm3.toExponential(2).toUpperCase() }));
    expect(coarse.warned).toEqual([]);
    expect(coarse.declared[0].allowed).toBeGreaterThan(0.5 * 10 ** (Math.floor(Math.log10(volumeMm3)) - 2));
  }, 60_000);

  it("knows the last digit of a number", () => {
    expect(["1.25", "1.25E3", "7.", "355877.88", "1.5e-2"].map(lastPlace)).toEqual([0.01, 10, 1, 0.01, 0.001]);
  });
});

const CARRYING = ["sg1-c5-214.stp", "as1-oc-214.stp", "dm1-id-214.stp", "nist_ctc_02_asme1_ap242.stp", "nist_ctc_03_asme1_ap242.stp"];
const files = corpusFiles().filter(({ path }) => CARRYING.includes(basename(path)));

describe.skipIf(files.length === 0)("corpus files that say what they measure", () => {
  it("are heard", () => {
    const heard = Object.fromEntries(files.map(({ path }) => {
      const gated = gateStep(readFileSync(path));
      return [basename(path), gated.ok ? gated.value.declared.map(({ solids, volumeMm3, areaMm2, centroidMm }) => `${solids.length}${volumeMm3 ? "v" : ""}${areaMm2 ? "a" : ""}${centroidMm ? "c" : ""}`).join(" ") : gated.problem.code];
    }));
    expect(heard).toEqual({ "sg1-c5-214.stp": "1vac", "as1-oc-214.stp": "1va 1va 1va 1va 1va", "dm1-id-214.stp": "1va 1va 1va", "nist_ctc_02_asme1_ap242.stp": "1vac", "nist_ctc_03_asme1_ap242.stp": "1vac" });
  });

  it("agree, and a changed number does not", async () => {
    const [small] = files.filter(({ path }) => path.endsWith("sg1-c5-214.stp")), text = readFileSync(small.path, "latin1");
    const sound = await read(Buffer.from(text, "latin1"));
    for (const { declared, measured, quantity } of sound.declared) expect(Math.abs(measured - declared) / (declared || 1), quantity).toBeLessThan(1e-9);
    expect(sound.warned).toEqual([]);
    expect((await read(Buffer.from(text.replaceAll("355877.88", "355977.88"), "latin1"))).warned).toEqual([expect.stringContaining("volume 355877.9 mm³, the file says 355977.9 mm³")]);
  }, 60_000);
});
