import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MOLD_DEFAULTS, type MoldDesign } from "../../src/mold/design.ts";
import type { OversizeClient } from "../../worker/client.ts";
import type { Report } from "../../src/report/report.ts";
import type { SurfaceMap } from "../../src/report/maps/surface-maps.ts";
import type { OpenedPart, ReportFormat } from "../../worker/protocol.ts";
import { bundleWorker, nodeClient } from "../worker/node-client.ts";

const sample = async (name: string): Promise<{ name: string; bytes: Uint8Array }> => ({ name: `${name}.step`, bytes: new Uint8Array(await readFile(new URL(`../../samples/${name}.step`, import.meta.url))) });

const quick: MoldDesign = { ...MOLD_DEFAULTS, osf: [1.165, 1.165, 1.165], pull: [0, 0, 1] };

describe("the worker's client", () => {
  let client: OversizeClient, spawned: () => number, bracket: OpenedPart;

  beforeAll(async () => {
    await bundleWorker();
    ({ client, spawned } = nodeClient());
    const opened = await client.open("bracket", await sample("bracket"));
    if (!opened.ok) throw new Error(opened.problem.message);
    bracket = opened.value;
  });
  afterAll(() => client.dispose());

  it("hands over buffers that describe the part's faces", () => {
    const [body] = bracket.bodies, [summary] = bracket.summary.bodies;
    expect(body.indices.length / 3).toBe(body.faceOf.length);
    expect(bracket.summary.facets).toBe(body.faceOf.length);
    expect(body.bvh.indirect.length).toBe(body.faceOf.length);
    for (const face of summary.faces) for (let t = face.start; t < face.start + face.count; t++) expect(body.faceOf[t]).toBe(face.index);
    const area = summary.faces.reduce((sum, f) => sum + f.areaMm2, 0);
    expect(area).toBeCloseTo(summary.areaMm2, 6);
  });

  it("keeps facets within single precision of the part's box", () => {
    const [body] = bracket.bodies, [low, high] = bracket.summary.boxMm;
    for (let k = 0; k < 3; k++) {
      let least = Infinity, most = -Infinity;
      for (let i = k; i < body.positions.length; i += 3) { least = Math.min(least, body.positions[i]); most = Math.max(most, body.positions[i]); }
      expect(least + body.originMm[k]).toBeCloseTo(low[k], 4);
      expect(most + body.originMm[k]).toBeCloseTo(high[k], 4);
    }
  });

  it("checks, and sends maps of every vertex while it does", async () => {
    const maps: SurfaceMap[] = [], stages: string[] = [];
    const done = await client.check("bracket", { material: "17-4PH", profile: "align", pull: [0, 0, 1] }, { onMap: (map) => maps.push(map), onProgress: (stage) => stages.push(stage) });
    expect(done.ok).toBe(true);
    const vertices = bracket.bodies[0].positions.length / 3;
    for (const map of maps) expect(map.values.length).toBe(vertices);
    const draft = maps.filter((m) => m.kind === "draft").at(-1)!;
    const normals = bracket.bodies[0].normals;
    for (let v = 0; v < vertices; v += 7) expect(draft.values[v]).toBeCloseTo((Math.asin(Math.max(-1, Math.min(1, normals[v * 3 + 2]))) * 180) / Math.PI, 2);
    expect(stages).toContain("checking");
  });

  it("measures the wall between two parallel planes at a point, with an interval that holds their distance", async () => {
    const [{ faces }] = bracket.summary.bodies, level = (up: 1 | -1) => faces.filter(({ kind, normal }) => kind === "plane" && normal[2] * up > 1 - 1e-9).sort((a, b) => b.areaMm2 - a.areaMm2)[0];
    const top = level(1), bottom = level(-1), plateMm = top.centroidMm[2] - bottom.centroidMm[2];
    let across = 0;
    for (let facet = top.start; facet < top.start + top.count; facet += 3) {
      const found = await client.wallAt("bracket", "1", facet, [0.2, 0.3, 0.5]);
      if (!found.ok || !found.value) throw new Error(found.ok ? "no wall" : found.problem.message);
      const { thicknessMm: { value, low, high }, at, partner } = found.value;
      expect(low).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(plateMm + 1e-6);
      if (partner?.face !== bottom.index) continue;
      across++;
      expect(low).toBeLessThanOrEqual(plateMm);
      expect(high).toBeGreaterThanOrEqual(plateMm);
      expect(high - low).toBeLessThan(1e-5);
      expect(at[2] - partner.at[2]).toBeCloseTo(plateMm, 6);
    }
    expect(across).toBeGreaterThan(0);
    expect(await client.wallAt("bracket", "no such body", 0, [1, 0, 0])).toMatchObject({ ok: true, value: undefined });
  });

  it("previews a mold and follows the factor", async () => {
    const volumes: number[] = [];
    for (const factor of [1.165, 1.2]) {
      const made = await client.preview("bracket", { ...MOLD_DEFAULTS, osf: [factor, factor, factor], pull: [0, 0, 1] });
      if (!made.ok) throw new Error(made.problem.message);
      volumes.push(made.value.oversizedMm3);
      expect(made.value.pieces.map((p) => p.role).sort()).toEqual(["cavity", "core"]);
      const steel = made.value.pieces.reduce((sum, p) => sum + p.volumeMm3, made.value.oversizedMm3), [x, y, z] = made.value.blockMm;
      expect(steel / (x * y * z)).toBeCloseTo(1, 2);
      for (const piece of made.value.pieces) {
        expect(piece.normals.length).toBe(piece.positions.length);
        expect(piece.outline.length % 6).toBe(0);
        for (let i = 0; i < piece.normals.length; i += 3 * 101) expect(Math.hypot(piece.normals[i], piece.normals[i + 1], piece.normals[i + 2])).toBeCloseTo(1, 5);
      }
    }
    expect(volumes[1] / volumes[0]).toBeCloseTo((1.2 / 1.165) ** 3, 5);
  });

  it("says of an impossible design why it cannot be built", async () => {
    const made = await client.preview("bracket", { ...MOLD_DEFAULTS, osf: [1.165, 1.165, 1.165], pull: [0, 0, 1], partingMm: 500 });
    expect(made.ok ? "" : made.problem.code).toBe("DESIGN_INVALID");
  });

  it("makes a proved mold, its files and the report", async () => {
    const made = await client.mold("bracket", quick);
    if (!made.ok) throw new Error(made.problem.message);
    const [{ proofs }] = made.value.molds;
    expect(proofs.closure.holds && proofs.volumeRatio.holds && proofs.overlapMm3.holds).toBe(true);
    expect(proofs.volumeRatio.measured).toBeCloseTo(1.165 ** 3, 6);
    for (const round of [1, 2]) {
      const files = await client.export("bracket", ["step", "stl"]);
      expect(files.ok && files.value.map((f) => f.path), `export ${round}`).toContain("bracket.core.step");
      expect(files.ok && files.value.every((f) => f.bytes.length > 100)).toBe(true);
    }
    const request = { version: "0.0.0", decisions: {}, comments: {}, author: "R. Ito", date: "2026-01-02T03:04:05Z" };
    const read = async (format: ReportFormat): Promise<Uint8Array> => {
      const file = await client.report("bracket", { ...request, format });
      if (!file.ok) throw new Error(file.problem.message);
      expect(file.value.path).toMatch(/^bracket\./);
      return file.value.bytes;
    };
    const report = JSON.parse(new TextDecoder().decode(await read("json"))) as Report;
    expect(report.part.sha256).toBe(bracket.summary.file.sha256);
    expect(report.molds).toHaveLength(1);
    expect(new TextDecoder().decode(await read("html"))).toContain("<!doctype html>");
    expect((await read("bcf"))[0]).toBe(0x50);
  });

  it("says why a file cannot be read and goes on", async () => {
    const bad = await client.open("bad", { name: "bad.step", bytes: new TextEncoder().encode("hello") });
    expect(bad.ok ? "" : bad.problem.code).toBe("NOT_STEP");
    const unknown = await client.check("never-opened", {});
    expect(unknown.ok ? "" : unknown.problem.code).toBe("USAGE");
    expect(spawned()).toBe(1);
  });

  it("cancels a kernel that never comes back, and the part is there again", async () => {
    const stop = new AbortController(), before = spawned();
    const hanging = client.open("hang", { name: "hang.step", bytes: new Uint8Array(1) }, {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 150);
    const result = await hanging;
    expect(result.ok ? "" : result.problem.code).toBe("CANCELLED");
    const again = await client.preview("bracket", quick);
    expect(again.ok).toBe(true);
    expect(spawned()).toBe(before + 1);
  });

  it("ends the threads that help a check with the worker when it is cancelled", async () => {
    const stop = new AbortController(), { client: own } = nodeClient(), tasks = (): number => (existsSync("/proc/self/task") ? readdirSync("/proc/self/task").length : 0), before = tasks();
    const opened = await own.open("trigger", await sample("trigger"));
    expect(opened.ok).toBe(true);
    const checking = own.check("trigger", {}, { signal: stop.signal, onProgress: (_, fraction) => { if (fraction) stop.abort(); } });
    const result = await checking;
    expect(result.ok ? "" : result.problem.code).toBe("CANCELLED");
    const again = await own.check("trigger", {});
    expect(again.ok).toBe(true);
    own.dispose();
    while (tasks() > before) await new Promise((resume) => setTimeout(resume, 20));
  });

  it("starts other calls again when one is cancelled", async () => {
    const stop = new AbortController();
    const before = spawned();
    const hanging = client.open("hang", { name: "hang.step", bytes: new Uint8Array(1) }, {}, { signal: stop.signal });
    const checking = client.preview("bracket", quick);
    setTimeout(() => stop.abort(), 150);
    const [check, hang] = await Promise.all([checking, hanging]);
    expect(hang.ok).toBe(false);
    expect(check.ok).toBe(true);
    expect(spawned()).toBe(before + 1);
  });

  it.each([["trap.step", "a trap in the kernel"], ["exit.step", "a worker that ends"]])("answers CRASH to %s (%s) and recovers", async (name) => {
    const crashed = await client.open("crash", { name, bytes: new Uint8Array(1) });
    expect(crashed.ok ? "" : crashed.problem.code).toBe("CRASH");
    const again = await client.preview("bracket", quick);
    expect(again.ok).toBe(true);
  });

  it("does not start what was cancelled before", async () => {
    const before = spawned();
    const result = await client.open("late", await sample("bracket"), {}, { signal: AbortSignal.abort() });
    expect(result.ok ? "" : result.problem.code).toBe("CANCELLED");
    expect(spawned()).toBe(before);
  });
});
