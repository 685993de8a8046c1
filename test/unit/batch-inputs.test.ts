import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assignOutputs, outputOf } from "../../src/cli/batch/assign-outputs.ts";
import { collectInputs, type BatchInput, type CollectedInputs } from "../../src/cli/batch/collect-inputs.ts";
import { shardOf } from "../../src/cli/batch/plan-batch.ts";
import { chooseShard } from "../../src/cli/batch/shard.ts";
import { safeStem } from "../../src/cli/write-files.ts";
import { plant, temporaryFolder } from "../batch-run.ts";

const input = (relative: string): BatchInput => ({ path: `/in/${relative}`, relative });

async function collect(given: string[], options: Partial<Parameters<typeof collectInputs>[1]> = {}): Promise<CollectedInputs> {
  const result = await collectInputs(given, { outDir: "/nowhere/out", ...options });
  if (!result.ok) throw new Error(`${result.problem.code} ${result.problem.message}`);
  return result.value;
}
const names = ({ inputs }: CollectedInputs): string[] => inputs.map((i) => i.relative);

describe("inputs of a batch", () => {
  it("finds part files in folders, sorted, and says what it passed over", async () => {
    using folder = temporaryFolder();
    const at = folder.path;
    plant(at, {
      "b/z.STEP": "", "b/a.stp": "", "c.stpZ": "", "d.step.gz": "", "e.igs": "", "noextension": "ISO-10303-21;", "LICENSE": "words", "notes.txt": "",
      "c.oversize.json": "{}", ".hidden/x.step": "", "out/old.mold.step": "",
    });
    mkdirSync(join(at, "folder.step"));
    plant(at, { "folder.step/in.step": "" });
    symlinkSync(join(at, "b/a.stp"), join(at, "link.step"));
    symlinkSync(at, join(at, "loop"));
    const found = await collect([at], { outDir: join(at, "out") });
    expect(names(found)).toEqual(["b/a.stp", "b/z.STEP", "c.stpZ", "d.step.gz", "e.igs", "folder.step/in.step", "link.step", "noextension"]);
    expect(found.skipped.map((s) => [s.path.slice(at.length + 1), s.reason])).toEqual([
      ["LICENSE", "not a STEP file by its name"], ["loop", "a link to a folder"], ["notes.txt", "not a STEP file by its name"],
    ]);
  });

  it("takes a named file whatever it is called, missing or not, and each once", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "a.txt": "", "s/p [1].step": "" });
    const found = await collect([join(folder.path, "a.txt"), join(folder.path, "gone.step"), join(folder.path, "s"), join(folder.path, "s/p [1].step")]);
    expect(names(found)).toEqual(["a.txt", "gone.step", "p [1].step"]);
  });

  it("expands quoted patterns below their fixed part", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "in/x/1.step": "", "in/2.step": "", "in/3.stp": "" });
    expect(names(await collect([join(folder.path, "in/**/*.step")]))).toEqual(["2.step", "x/1.step"]);
    const nothing = await collectInputs([join(folder.path, "in/*.brep")], { outDir: "out" });
    expect(nothing).toMatchObject({ ok: false, problem: { code: "USAGE" } });
  });

  it("reads a list, lines or NUL between", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "a.step": "", "sub/b.step": "" });
    const paths = ["a.step", "sub"].map((n) => join(folder.path, n));
    expect(names(await collect([], { filesFrom: `${paths.join("\r\n")}\n` }))).toEqual(["a.step", "b.step"]);
    expect(names(await collect([], { filesFrom: paths.join("\0") }))).toEqual(["a.step", "b.step"]);
    expect(names(await collect([], { filesFrom: paths.join("\n"), root: folder.path }))).toEqual(["a.step", "sub/b.step"]);
  });

  it("is an error when there is none", async () => {
    using folder = temporaryFolder();
    expect(await collectInputs([folder.path], { outDir: "out" })).toMatchObject({ ok: false, problem: { code: "USAGE" } });
    expect(await collectInputs([join(folder.path, "x.step")], { outDir: "out", root: join(folder.path, "y") })).toMatchObject({ ok: false, problem: { code: "USAGE" } });
  });
});

describe("outputs of a batch", () => {
  const outputs = (relatives: string[], keepExtension = false): string[] | string => {
    const result = assignOutputs(relatives.map(input), keepExtension);
    return result.ok ? result.value.map(outputOf) : result.problem.code;
  };

  it("mirror the tree", () => {
    expect(outputs(["a.step", "x/a.step", "x/y/b.v2.stp"])).toEqual(["a", "x/a", "x/y/b.v2"]);
  });

  it("of two inputs with one name are an error before work starts", () => {
    expect(outputs(["a.step", "a.stp"])).toBe("OUTPUT_CONFLICT");
    expect(outputs(["a.step", "a.stp"], true)).toEqual(["a.step", "a.stp"]);
    expect(outputs(["a:.step", "a?.step"])).toBe("OUTPUT_CONFLICT");
    const twice = assignOutputs([{ path: "/p/a.step", relative: "a.step" }, { path: "/q/a.step", relative: "a.step" }]);
    expect(twice).toMatchObject({ ok: false, problem: { code: "OUTPUT_CONFLICT" } });
  });

  it("of names that differ in case or accents only are kept apart on every file system", () => {
    const all = outputs(["UPPER.STEP", "upper.step", "other.step", "D/x.step", "d/x.step", "caf\u00e9.step", "cafe\u0301.step"]);
    expect(all).toHaveLength(7);
    const folded = [...all].map((name) => name.normalize("NFC").toLowerCase());
    expect(new Set(folded).size).toBe(7);
    expect(all[2]).toBe("other");
    expect(all[0]).toMatch(/^UPPER~[0-9a-f]{8}$/);
  });

  it("never leave the folder, whatever an input is called", () => {
    for (const hostile of ["..\\..\\evil.step", "a/..\\..\\b/evil.step", "....step", "...step", "../evil.step", "/etc/evil.step", "C:\\evil.step", "a/../../evil.step", "x\u0000y.step", "nul\n.step", " .step"]) {
      const [output] = outputs([hostile]);
      const segments = output.split("/");
      expect(segments.every((s) => s !== "" && s !== "." && s !== ".." && !/[\\:\u0000-\u001f]/.test(s)), `${JSON.stringify(hostile)} → ${JSON.stringify(output)}`).toBe(true);
    }
  });

  it("fit the file system for names of 255 bytes", () => {
    expect(Buffer.byteLength(`${safeStem(`${"é".repeat(125)}.step`)}.oversized.step.12345678.tmp`)).toBeLessThanOrEqual(255);
  });
});

describe("shards", () => {
  it("share every input out once, and an input stays where it is", () => {
    const files = Array.from({ length: 1000 }, (_, i) => `folder/part-${i}.step`), counts = [0, 0, 0, 0];
    for (const file of files) counts[shardOf(file, 4) - 1]++;
    expect(counts.reduce((a, b) => a + b)).toBe(1000);
    for (const n of counts) expect(n).toBeGreaterThan(180);
  });

  it("come from the flag or from a Kubernetes Indexed Job", () => {
    expect(chooseShard("2/4", {})).toMatchObject({ value: { index: 2, count: 4 } });
    expect(chooseShard(undefined, { JOB_COMPLETION_INDEX: "0", JOB_COMPLETION_COUNT: "4" })).toMatchObject({ value: { index: 1, count: 4 } });
    expect(chooseShard("1/2", { JOB_COMPLETION_INDEX: "7" })).toMatchObject({ value: { index: 1, count: 2 } });
    expect(chooseShard(undefined, {})).toMatchObject({ ok: true, value: undefined });
    for (const wrong of ["0/4", "5/4", "1", "1/0", "-1/2", "1/2/3"]) expect(chooseShard(wrong, {}).ok).toBe(false);
    expect(chooseShard(undefined, { JOB_COMPLETION_INDEX: "1" }).ok).toBe(false);
    expect(chooseShard(undefined, { JOB_COMPLETION_INDEX: "4", JOB_COMPLETION_COUNT: "4" }).ok).toBe(false);
  });
});

describe("a folder that cannot be read", () => {
  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("is told, and the rest is taken", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "a.step": "" });
    mkdirSync(join(folder.path, "secret"), { mode: 0 });
    writeFileSync(join(folder.path, "b.step"), "");
    const found = await collect([folder.path]);
    expect(names(found)).toEqual(["a.step", "b.step"]);
    expect(found.skipped[0].reason).toMatch(/EACCES/);
  });
});
