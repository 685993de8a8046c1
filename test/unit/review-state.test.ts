import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/dfm/finding.ts";
import { MOLD_DEFAULTS } from "../../src/mold/design.ts";
import type { BodySummary, FaceSummary } from "../../worker/protocol.ts";
import { compareFindings, isSamePart, recordFindings } from "../../plugin/review/state/compare.ts";
import { applyAction, carryOver } from "../../plugin/review/state/decide.ts";
import { fingerprints } from "../../plugin/review/state/fingerprint.ts";
import { begin, redo, replace, step, undo } from "../../plugin/review/state/history.ts";
import { listFindings } from "../../plugin/review/state/list-findings.ts";
import { designFrom, getParameterDefinitions } from "../../plugin/review/state/mold-parameters.ts";
import { newReview, readReview, writeReview, type Review } from "../../plugin/review/state/review-file.ts";

const face = (index: number, at: [number, number, number], kind = "plane", radiusMm?: number): FaceSummary => ({
  index, kind, areaMm2: 4, centroidMm: at, normal: [0, 0, 1], boxMm: [at, at], start: index, count: 1, deviationMm: 0, ...(radiusMm !== undefined && { radiusMm }),
});
const body = (faces: FaceSummary[]): BodySummary => ({ id: "1", name: "b", instances: 1, volumeMm3: 1, areaMm2: 1, centroidMm: [0, 0, 0], boxMm: [[0, 0, 0], [30, 40, 0]], faces, edges: [] });
const finding = (id: string, faces: number[], points: [number, number, number][], more: Partial<Finding> = {}): Finding => ({
  id, code: "WALL_THIN", body: "1", verdict: "fail", severity: "blocking", faces, points, method: "ball", message: id,
  measured: { value: 0.4, low: 0.39, high: 0.41, unit: "mm" }, limit: { min: 0.5, unit: "mm" }, ...more,
});
const sha = (digit: string): string => digit.repeat(64);
const part = (digit: string): Review["part"] => ({ name: "p", file: "p.step", sha256: sha(digit) });

describe("fingerprints", () => {
  it("do not depend on face numbers or on the order of faces", () => {
    const first = fingerprints([finding("WALL_THIN-1", [0, 1], [[1, 2, 0]])], [body([face(0, [1, 2, 0]), face(1, [3, 2, 0], "cylinder", 2)])]);
    const renumbered = fingerprints([finding("WALL_THIN-7", [5, 4], [[1, 2, 0]])], [body([face(0, [9, 9, 0]), face(1, [8, 8, 0]), face(2, [7, 7, 0]), face(3, [6, 6, 0]), face(4, [3, 2, 0], "cylinder", 2), face(5, [1, 2, 0])])]);
    expect(renumbered).toEqual(first);
  });

  it("differ by place, code and radius, and number what cannot be told apart", () => {
    const faces = [body([face(0, [1, 2, 0]), face(1, [1, 2, 0], "cylinder", 2), face(2, [1, 2, 0], "cylinder", 2.5)])];
    const keys = fingerprints([
      finding("a", [0], [[1, 2, 0]]), finding("b", [0], [[4, 2, 0]]), finding("c", [0], [[1, 2, 0]], { code: "WALL_THICK" }),
      finding("d", [1], [[1, 2, 0]]), finding("e", [2], [[1, 2, 0]]), finding("f", [0], [[1, 2, 0]]),
    ], faces);
    expect(new Set(keys).size).toBe(6);
    expect(keys[5]).toBe(`${keys[0]}~2`);
  });
});

describe("comparison of revisions", () => {
  const faces = [body([face(0, [1, 2, 0])])];
  it("matches what moved a little, and tells added, gone and changed", () => {
    const before = recordFindings([finding("stays", [0], [[1, 2, 0]]), finding("gone", [0], [[20, 2, 0]]), finding("thicker", [0], [[10, 30, 0]])], faces);
    const after = recordFindings([
      finding("stays", [0], [[1.3, 2, 0]]), finding("new", [0], [[28, 38, 0]]),
      finding("thicker", [0], [[10, 30.5, 0]], { verdict: "pass", measured: { value: 0.6, low: 0.59, high: 0.61, unit: "mm" } }),
    ], faces);
    const { added, gone, changed, same } = compareFindings(before, after);
    expect(added.map((r) => r.message)).toEqual(["new"]);
    expect(gone.map((r) => r.message)).toEqual(["gone"]);
    expect(changed.map((p) => [p.before.verdict, p.after.verdict])).toEqual([["fail", "pass"]]);
    expect(same.map((p) => p.after.message)).toEqual(["stays"]);
  });

  it("knows a revision by the places of its findings, and another part by none in common", () => {
    const places = (...at: readonly [number, number, number][]) => recordFindings(at.map((p) => finding("x", [0], [p])), faces), first = places([1, 2, 0], [10, 30, 0], [20, 5, 0]);
    expect(isSamePart(first, places([1.2, 2, 0], [25, 25, 0]))).toBe(true);
    expect(isSamePart(first, places([30, 30, 0], [5, 15, 0]))).toBe(false);
    expect(isSamePart(recordFindings([finding("whole", [], [])], faces), recordFindings([finding("whole", [], [])], faces))).toBe(false);
  });

  it("takes overlapping intervals for the same value", () => {
    const before = recordFindings([finding("x", [0], [[1, 2, 0]])], faces);
    const after = recordFindings([finding("x", [0], [[1, 2, 0]], { measured: { value: 0.405, low: 0.395, high: 0.415, unit: "mm" } })], faces);
    expect(compareFindings(before, after).changed).toHaveLength(0);
  });

  it("pairs each record once, the nearest first", () => {
    const before = recordFindings([finding("a", [0], [[10, 10, 0]])], faces);
    const after = recordFindings([finding("far", [0], [[11, 10, 0]]), finding("near", [0], [[10.2, 10, 0]])], faces);
    const { same, added } = compareFindings(before, after);
    expect(same.map((p) => p.after.message)).toEqual(["near"]);
    expect(added.map((r) => r.message)).toEqual(["far"]);
  });
});

describe("decisions", () => {
  const records = recordFindings([finding("a", [0], [[1, 2, 0]]), finding("b", [0], [[20, 30, 0]])], [body([face(0, [1, 2, 0])])]);
  const decided = [
    { do: "decide", fingerprint: records[0].fingerprint, decision: { state: "waived", reason: "agreed with the molder", name: "R. Ito", date: "2026-01-02" } },
    { do: "comment", comment: { id: "c", fingerprint: records[1].fingerprint, text: "ask", date: "2026-01-02" } },
  ] as const;
  const review = decided.reduce(applyAction, { ...newReview(part("a")), findings: records });

  it("follow their findings to the next revision and say that they were carried", () => {
    const next = recordFindings([finding("a", [0], [[1.2, 2, 0]])], [body([face(0, [1, 2, 0])])]);
    const carried = carryOver(review, part("b"), next);
    expect(carried.part.sha256).toBe(sha("b"));
    expect(carried.decisions).toEqual({ [next[0].fingerprint]: { ...decided[0].decision, carried: true } });
    expect(carried.comments).toEqual([{ id: "c", text: "ask", date: "2026-01-02" }]);
  });

  it("stay as they are on the same file", () => {
    const again = carryOver(review, part("a"), records);
    expect(again.decisions).toEqual(review.decisions);
    expect(again.comments).toEqual(review.comments);
  });

  it("can be reopened; unknown ids change nothing", () => {
    expect(applyAction(review, { do: "reopen", fingerprint: records[0].fingerprint }).decisions).toEqual({});
    expect(applyAction(review, { do: "reopen", fingerprint: "none" })).toBe(review);
    expect(applyAction(review, { do: "unpin", id: "none" }).pins).toBe(review.pins);
    expect(applyAction(review, { do: "settings", settings: { profile: review.settings.profile } })).toBe(review);
  });

  it("survive being written and read", () => {
    const full = applyAction(applyAction(review, { do: "pin", pin: { id: "p", body: "1", face: 0, at: [1, 2, 3], text: "here", date: "2026-01-02" } }),
      { do: "save-view", viewpoint: { id: "v", name: "left", heat: "draft", camera: { projection: "perspective", position: [1, 2, 3], target: [0, 0, 0], up: [0, 0, 1], heightMm: 20 } } });
    const read = readReview(writeReview(full));
    expect(read.ok && read.value).toEqual(full);
  });

  it.each([
    ["not JSON", "{", "not JSON"],
    ["another schema", JSON.stringify({ ...review, schema: "oversize.review/9" }), "schema"],
    ["a damaged hash", JSON.stringify({ ...review, part: { ...review.part, sha256: "12" } }), "part.sha256"],
    ["a state nobody knows", JSON.stringify({ ...review, decisions: { x: { state: "maybe", date: "" } } }), "decisions.x.state"],
    ["an infinite factor", JSON.stringify({ ...review, settings: { ...review.settings, osf: [1, 1, null] } }), "settings.osf.2"],
  ])("are refused from a file with %s", (_, text, named) => {
    const read = readReview(text);
    expect(read.ok).toBe(false);
    if (!read.ok) { expect(read.problem.code).toBe("CONFIG_INVALID"); expect(read.problem.message).toContain(named); }
  });
});

describe("history", () => {
  it("goes back and forth, forgets the undone after a new step, and ignores no step", () => {
    const three = step(step(begin(1), 2), 3);
    expect(undo(undo(three)).now).toBe(1);
    expect(undo(undo(undo(three))).now).toBe(1);
    expect(redo(undo(three)).now).toBe(3);
    expect(redo(step(undo(three), 4)).now).toBe(4);
    expect(step(three, 3)).toBe(three);
    expect(undo(replace(three, 9)).now).toBe(2);
  });
});

describe("list of findings", () => {
  const findings = [
    finding("pass", [], [], { verdict: "pass" }), finding("advice", [], [[9, 9, 0]], { severity: "advisory", measured: { value: 9, low: 9, high: 9, unit: "mm" } }),
    finding("blocks", [3], [[1, 1, 0]], { code: "UNDERCUT" }), finding("unmeasured", [], [], { verdict: "not-evaluated", code: "SLENDER", measured: undefined }),
  ];
  const records = recordFindings(findings, [body([face(0, [0, 0, 0]), face(1, [0, 0, 0]), face(2, [0, 0, 0]), face(3, [0, 0, 0])])]);
  const ids = (show: Parameters<typeof listFindings>[3]["show"], text = "", decisions: Review["decisions"] = {}, by: "weight" | "rule" | "value" | "state" = "weight", descending = false): string[] =>
    listFindings(findings, records, decisions, { show, text }, { by, descending }).map(({ finding: f }) => f.message);

  it("orders by standing: blocking, advisory, not evaluated, passed", () => expect(ids("all")).toEqual(["blocks", "advice", "unmeasured", "pass"]));
  it("filters by standing, state and text", () => {
    expect(ids("blocking")).toEqual(["blocks"]);
    expect(ids("not-evaluated")).toEqual(["unmeasured"]);
    expect(ids("all", "face 3")).toEqual(["blocks"]);
    expect(ids("all", "undercut")).toEqual(["blocks"]);
    const decisions = { [records[2].fingerprint]: { state: "accepted", date: "" } } as const;
    expect(ids("attention", "", decisions)).toEqual(["advice"]);
    expect(ids("decided", "", decisions)).toEqual(["blocks"]);
  });
  it("sorts by value with unmeasured last", () => expect(ids("all", "", {}, "value")).toEqual(["pass", "blocks", "advice", "unmeasured"]));
});

describe("mold parameters", () => {
  it("describe the default design when nothing is set", () => {
    expect(designFrom({}, [1.2, 1.2, 1.2], "auto")).toEqual({ ...MOLD_DEFAULTS, osf: [1.2, 1.2, 1.2] });
  });
  it("follow the values, and fall back on what is no number", () => {
    const design = designFrom({ sideMm: 20, partingAuto: false, partingMm: 3.5, pinCount: "2", pinDiameterMm: NaN, scaleOrigin: "centroid" }, [1.1, 1.2, 1.3], [0, 1, 0]);
    expect(design).toMatchObject({ block: { sideMm: 20 }, partingMm: 3.5, pins: { count: 2, diameterMm: MOLD_DEFAULTS.pins.diameterMm }, scaleOrigin: "centroid", pull: [0, 1, 0] });
    expect(designFrom({ partingMm: 3.5 }, [1, 1, 1], "auto").partingMm).toBe("auto");
  });
  it("keep to JSCAD's convention: unique names, initial values inside their bounds", () => {
    const definitions = getParameterDefinitions([-3, 12]);
    expect(new Set(definitions.map((d) => d.name)).size).toBe(definitions.length);
    for (const d of definitions) {
      if (d.type === "float" || d.type === "int") { expect(d.initial).toBeGreaterThanOrEqual(d.min); expect(d.initial).toBeLessThanOrEqual(d.max); }
      if (d.type === "choice") { expect(d.values).toContain(d.initial); expect(d.captions).toHaveLength(d.values.length); }
    }
  });
});
