import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine.ts";
import type { PartRead } from "../../src/step/read-part.ts";
import { PROBLEMS } from "../../src/result.ts";
import { corpusPath } from "../corpus.ts";
import { FULL, saysShort } from "../full.ts";
import { kernelSource } from "../kernels.ts";
import { mutate } from "../mutate.ts";

/** Good files, small so that two thousand reads stay cheap, and how many of the mutations each gets. */
const FILES: readonly (readonly [from: "samples" | "open", path: string, share: number])[] = [
  ["samples", "hinge-knuckle.step", 300],
  ["samples", "watch-case.step", 150],
  ["open", "TheRobotStudio__SO-ARM100/Passive_Horn_01.step", 350],
  ["open", "kovacsv__occt-import-js/conical-surface.step", 250],
  ["open", "KittyCAD__kcl-samples/hex-nut.step", 300],
  ["open", "pzfreo__draftwright/topology-b.step", 300],
  ["open", "CadQuery__cadquery/red_cube_blue_cylinder.step", 200],
  ["open", "KittyCAD__kcl-samples/cycloidal-gear.step", 150],
];
/** A volume that moved by no more than this share is the same to every use of it. */
const SAME = 1e-6;
/** No file this small may take longer, even on a busy machine. */
const LIMIT_MS = 60_000;

const samples = fileURLToPath(new URL("../../samples", import.meta.url));
const corpus = corpusPath();
const good = FILES.map(([from, path, share]) => ({ path: from === "samples" ? join(samples, path) : join(corpus ?? "", "open", path), share: FULL ? share : Math.ceil(share / 4) })).filter(({ path }) => existsSync(path));

const volumeOf = ({ part }: PartRead): number => part.bodies.reduce((sum, b) => sum + b.mass.volumeMm3 * b.instances, 0);

/**
 * True when all that differs are poles, weights or knots of B-spline surfaces (and lines of text with no geometry in
 * them): a pole inside the net shapes the surface and nothing else in the file says where it was.
 */
function onlyFreeform(before: Uint8Array, after: Uint8Array): boolean {
  const records = (bytes: Uint8Array): Map<string, string> =>
    new Map([...new TextDecoder("latin1").decode(bytes).matchAll(/(#\d+)\s*=\s*([^;]*);/g)].map((m) => [m[1], m[2].replace(/\s+/g, " ")]));
  const a = records(before), b = records(after);
  const surfaces = [...a.values()].filter((text) => text.includes("B_SPLINE_SURFACE"));
  const poles = new Set(surfaces.flatMap((text) => text.match(/#\d+/g) ?? []));
  const changed = [...new Set([...a.keys(), ...b.keys()])].filter((id) => a.get(id) !== b.get(id));
  return changed.length > 0 && changed.every((id) => poles.has(id) || (a.get(id) ?? "").includes("B_SPLINE_SURFACE"));
}

saysShort("A quarter of the 2 000 seeded mutations are read.");

describe("seeded mutations through the whole reader", () => {
  it("end in a part or a coded problem; a changed volume is warned of, or is another valid freeform part", { timeout: 900_000 }, async () => {
    const engine = Engine.create(kernelSource), outcomes = new Map<string, number>(), silent: string[] = [];
    const freeform: number[] = [];
    let slowestMs = 0;
    const note = (what: string): void => { outcomes.set(what, (outcomes.get(what) ?? 0) + 1); };
    for (const { path, share } of good) {
      const bytes = new Uint8Array(readFileSync(path)), name = basename(path);
      const original = await engine.open({ name, bytes });
      if (!original.ok) throw new Error(`${name}: ${original.problem.message}`);
      const before = volumeOf(original.value), usual = new Set(original.value.warnings.map((w) => `${w.code} ${w.message}`));
      original.value[Symbol.dispose]();
      for (let seed = 1; seed <= share; seed++) {
        const { kind, bytes: damaged } = mutate(bytes, seed * 7919 + 13), start = performance.now();
        const result = await engine.open({ name, bytes: damaged });
        slowestMs = Math.max(slowestMs, performance.now() - start);
        if (!result.ok) {
          expect(PROBLEMS[result.problem.code]).toBeDefined();
          expect(result.problem.code, `${name} seed ${seed} ${kind}`).not.toBe("CRASH");
          note(result.problem.code);
          continue;
        }
        using read = result.value;
        const off = Math.abs(volumeOf(read) / before - 1);
        if (off <= SAME) note("same part");
        else if (read.warnings.some((w) => !usual.has(`${w.code} ${w.message}`))) note("changed, warned");
        else if (onlyFreeform(bytes, damaged)) { note("changed, another valid freeform surface"); freeform.push(off); }
        else { note("changed in silence"); silent.push(`${name} seed ${seed} ${kind}: volume off by ${off.toExponential(1)}`); }
      }
    }
    console.log([...outcomes].sort((x, y) => y[1] - x[1]).map(([what, n]) => `${what} ${n}`).join(" · "));
    console.log(`Freeform surfaces changed without contradiction: ${freeform.length}, volume by up to ${Math.max(0, ...freeform).toExponential(1)}. Slowest read ${slowestMs.toFixed(0)} ms.`);
    expect(silent).toEqual([]);
    expect(slowestMs).toBeLessThan(LIMIT_MS);
    // The damage is real: most of it is caught, by more than one check.
    expect(outcomes.size).toBeGreaterThan(6);
    if (corpus) expect([...outcomes.values()].reduce((sum, n) => sum + n, 0)).toBe(good.reduce((sum, { share }) => sum + share, 0));
  });
});
