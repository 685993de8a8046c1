import { zipSync, gzipSync } from "fflate";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openContainer } from "../../src/step/container/open-container.ts";
import { gateStep, type GatedStep } from "../../src/step/p21/gate-step.ts";
import type { Result } from "../../src/result.ts";

const samples = fileURLToPath(new URL("../../samples", import.meta.url));
const names = readdirSync(samples).filter((name) => name.endsWith(".step"));
const bracket = readFileSync(`${samples}/bracket.step`, "latin1");
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const edited = (from: string | RegExp, to: string): Uint8Array => {
  const text = bracket.replace(from, to);
  expect(text, "the edit found nothing").not.toBe(bracket);
  return bytes(text);
};
const code = (result: Result<GatedStep>): string => (result.ok ? ["ok", ...result.warnings.map((w) => w.code)].join(" ") : result.problem.code);
const passed = (result: Result<GatedStep>): GatedStep => {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
};
const size = (step: GatedStep): number[] => {
  const box = step.solids[0].boxMm;
  return box ? [0, 1, 2].map((i) => box[1][i] - box[0][i]) : [];
};

describe("samples", () => {
  it.each(names)("%s passes untouched", (name) => {
    const given = readFileSync(`${samples}/${name}`);
    const result = gateStep(given);
    expect(code(result)).toMatch(/^ok( HEALED)?$/);
    expect(passed(result).bytes).toBe(given);
    expect(passed(result).unit).toEqual({ name: "mm", mm: 1 });
  });
});

describe("container", () => {
  const good = bytes(bracket);
  it("takes the same text plain, zipped and gzipped", () => {
    const plain = openContainer(good), zipped = openContainer(zipSync({ "a/b.stp": good, "readme.txt": bytes("x") })), gz = openContainer(gzipSync(good));
    for (const result of [plain, zipped, gz]) expect(result.ok && Buffer.compare(result.value.bytes, good)).toBe(0);
    expect([plain, zipped, gz].map((r) => r.ok && r.value.via)).toEqual(["plain", "zip", "gzip"]);
    expect(zipped.ok && zipped.value.innerName).toBe("a/b.stp");
  });
  it("refuses two models in one archive, and damaged archives", () => {
    const two = openContainer(zipSync({ "a.stp": good, "b.stp": good }));
    expect(!two.ok && two.problem.code).toBe("ARCHIVE_BAD");
    for (const packed of [zipSync({ "a.stp": good }), gzipSync(good)]) {
      let silent = 0;
      for (let at = 60; at < packed.length - 60; at += 1009) {
        const damaged = packed.slice();
        damaged[at] ^= 4;
        const result = openContainer(damaged);
        if (result.ok && Buffer.compare(result.value.bytes, good) !== 0) silent++;
        const cut = openContainer(packed.subarray(0, at));
        if (cut.ok) silent++;
      }
      expect(silent).toBe(0);
    }
  });
  it("keeps to its limits while unpacking", () => {
    const big = new Uint8Array(64 * 1024 * 1024).fill(32);
    for (const packed of [zipSync({ "a.stp": big }), gzipSync(big)]) {
      const bomb = openContainer(packed);
      expect(!bomb.ok && bomb.problem.code).toBe("ARCHIVE_BAD");
      const limited = openContainer(packed, { maxBytes: 1024 * 1024 });
      expect(!limited.ok && limited.problem.code).toBe("FILE_TOO_LARGE");
    }
    const large = openContainer(good, { maxBytes: 1000 });
    expect(!large.ok && large.problem.code).toBe("FILE_TOO_LARGE");
  });
  it("knows IGES and BREP as kinds", () => {
    const iges = openContainer(bytes(`${" ".repeat(72)}S      1\n1H,,1H;`)), brep = openContainer(bytes("\nCASCADE Topology V1, (c) Matra-Datavision\n"));
    expect(iges.ok && iges.value.kind).toBe("iges");
    expect(brep.ok && brep.value.kind).toBe("brep");
  });
  it("reads UTF-16 of both kinds", () => {
    for (const big of [false, true]) {
      const wide = new Uint8Array(2 * bracket.length + 2);
      new DataView(wide.buffer).setUint16(0, 0xfeff, !big);
      for (let i = 0; i < bracket.length; i++) new DataView(wide.buffer).setUint16(2 + 2 * i, bracket.charCodeAt(i), !big);
      expect(passed(gateStep(wide)).solids.length).toBe(1);
    }
  });
});

describe("units", () => {
  const unit = /#\d+ = \( LENGTH_UNIT\(\) NAMED_UNIT\(\*\) SI_UNIT\(\.MILLI\.,\.METRE\.\) \);/;
  const id = /(#\d+) = \( LENGTH_UNIT\(\) NAMED_UNIT/.exec(bracket)?.[1] ?? "";
  const mm = size(passed(gateStep(bytes(bracket))));
  const conversion = (name: string, factor: string, base = "#900003"): Uint8Array =>
    edited(unit, `${id}=(CONVERSION_BASED_UNIT('${name}',#900001)LENGTH_UNIT()NAMED_UNIT(#900002));#900001=LENGTH_MEASURE_WITH_UNIT(LENGTH_MEASURE(${factor}),${base});#900002=DIMENSIONAL_EXPONENTS(1.,0.,0.,0.,0.,0.,0.);#900003=(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT($,.METRE.));`);

  it.each([["CENTI", 10], ["MICRO", 1e-3], ["KILO", 1e6], ["NANO", 1e-6]])("%s metres", (prefix, factor) => {
    const step = passed(gateStep(edited("SI_UNIT(.MILLI.,.METRE.)", `SI_UNIT(.${prefix}.,.METRE.)`)));
    expect(step.unit.mm).toBeCloseTo(factor, 12);
    size(step).forEach((s, i) => expect(s / mm[i]).toBeCloseTo(factor, 9));
  });
  it("follows conversion factors, exactly for the inch", () => {
    expect(passed(gateStep(conversion("INCH", "2.54E-2"))).unit).toEqual({ name: "inch", mm: 25.4 });
    expect(passed(gateStep(conversion("cubit", "0.4572"))).unit).toEqual({ name: "cubit", mm: 457.2 });
  });
  it("tells a name that lies", () => {
    expect(code(gateStep(conversion("INCH", "1.E-3")))).toContain("UNIT_MISMATCH");
    expect(code(gateStep(conversion("FOOT", "0.3048")))).not.toContain("UNIT_MISMATCH");
  });
  it.each(["0.", "-0.0254", "1.E-320"])("refuses a factor of %s", (factor) => {
    expect(code(gateStep(conversion("INCH", factor)))).toMatch(factor === "1.E-320" ? /UNIT_|STEP_|SIZE/ : /UNIT_INVALID/);
  });
  it("refuses a unit defined by itself", () => {
    expect(code(gateStep(conversion("INCH", "1.", id)))).toMatch(/STEP_REFERENCE|UNIT_INVALID/);
  });
  it("asks for an undeclared unit and writes the one it is told", () => {
    const without = edited(/GLOBAL_UNIT_ASSIGNED_CONTEXT\s*\(\(#\d+,#\d+,#\d+\)\)/, "");
    expect(code(gateStep(without))).toBe("UNIT_UNDECLARED");
    for (const [name, factor] of [["mm", 1], ["in", 25.4], ["um", 1e-3]] as const) {
      const step = passed(gateStep(without, { unitOverride: name }));
      expect(step.unit.mm).toBe(factor);
      const again = passed(gateStep(step.bytes));
      expect(again.unit.mm).toBeCloseTo(factor, 15);
      expect(size(again)).toEqual(size(step));
    }
    expect(code(gateStep(bytes(bracket), { unitOverride: "in" }))).toContain("UNIT_MISMATCH");
  });
});

describe("solid", () => {
  const flip = (pattern: RegExp, nth: number): Uint8Array => {
    const found = [...bracket.matchAll(pattern)][nth];
    const at = found.index + found[0].lastIndexOf(".T.");
    return bytes(`${bracket.slice(0, at)}.F.${bracket.slice(at + 3)}`);
  };
  it.each([0, 1, 2, 3])("an oriented edge turned over (%i)", (nth) => {
    expect(code(gateStep(flip(/ORIENTED_EDGE\('',\*,\*,#\d+,\.T\.\)/g, nth)))).toMatch(/INVALID_SOLID|NOT_CLOSED/);
  });
  it.each([0, 3, 6])("a bound turned over (%i)", (nth) => {
    expect(code(gateStep(flip(/FACE_BOUND\('',#\d+,\.T\.\)/g, nth)))).toMatch(/INVALID_SOLID|NOT_CLOSED/);
  });
  it.each([0, 5, 9])("an edge against its curve (%i)", (nth) => {
    expect(code(gateStep(flip(/EDGE_CURVE\('',#\d+,#\d+,#\d+,\.T\.\)/g, nth)))).toMatch(/INVALID_SOLID/);
  });
  it("a face left out", () => {
    expect(code(gateStep(edited(/(CLOSED_SHELL\('',\()#\d+,/, "$1")))).toBe("NOT_CLOSED");
  });
  it("a vertex moved by a tenth of a millimetre", () => {
    const vertex = /VERTEX_POINT\('',#(\d+)\)/.exec(bracket)?.[1];
    const point = new RegExp(`(#${vertex} = CARTESIAN_POINT\\('',\\()([-\\d.E]+)`);
    const x = Number(point.exec(bracket)?.[2]);
    expect(code(gateStep(edited(point, `$1${x + 0.1}`)))).toBe("TOLERANCE_SCALE");
  });
  it("a word no kernel knows", () => {
    expect(code(gateStep(edited("= CARTESIAN_POINT(", "= CARTESIAN_PAINT(")))).toMatch(/STEP_PARSE|STEP_REFERENCE/);
    expect(code(gateStep(edited(/GEOMETRIC_REPRESENTATION_CONTEXT\(3\)/, "GEOMETRIC_REPRESENTATION_KONTEXT(3)")))).not.toMatch(/^ok/);
  });
});
