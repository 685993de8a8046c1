import { describe, expect, it } from "vitest";
import { cividis } from "../../src/report/maps/cividis.ts";
import { crossoverFlags, draftClass } from "../../src/report/maps/draft-classes.ts";
import { decimalsFor, formatLimit, formatMeasured, formatQuantity } from "../../plugin/review/state/format.ts";
import { frameBox } from "../../plugin/review/state/framing.ts";
import { placeLabels, type LabelWish } from "../../plugin/review/state/place-labels.ts";
import { onPatch, patchTriangles } from "../../src/report/maps/patches.ts";
import { bandOf, colorOf, makeScale, MAX_BANDS, rangeOf, UNMEASURED, withBounds } from "../../src/report/maps/scale.ts";
import { commandOf } from "../../plugin/review/ui/keys.ts";
import { measureBetween } from "../../plugin/review/view/measure.ts";
import type { Hit } from "../../plugin/review/view/viewer.ts";
import type { FaceSummary } from "../../worker/protocol.ts";

describe("scales", () => {
  const wall = makeScale("thickness", "banded", { min: 0.5, max: 6, preferredMin: 1, preferredMax: 3 }, [0.2, 7]);
  it("end their bands exactly at the limits; a value equal to the least allowed is inside", () => {
    expect(wall.bands.map((b) => b.to)).toEqual([0.5, 1, 3, 6, Infinity]);
    expect([0.4999999, 0.5, 0.9999, 1, 3, 6].map((v) => bandOf(wall, v))).toEqual([0, 1, 1, 2, 3, 4]);
  });
  it("step evenly inside the limits where the profile prefers nothing there, up to the largest measured", () => {
    const plain = makeScale("thickness", "banded", { min: 0.5, max: 6, preferredMin: 0.5, preferredMax: 6 }, [0.2, 2.5]);
    expect(plain.bands.map((b) => b.to)).toEqual([0.5, 1, 1.5, 2, 6, Infinity]);
    expect(plain.bands.map((b) => b.label)).toEqual(["below 0.5", "0.5–1", "1–1.5", "1.5–2", "2–2.5", "above 6"]);
    expect(makeScale("thickness", "banded", { min: 0.5, max: 6 }, [0.1, 0.3]).bands.map((b) => b.to)).toEqual([0.5, 6, Infinity]);
    expect(makeScale("radius", "banded", {}, [1, 3]).bands.map((b) => b.to)).toEqual([1.5, 2, 2.5, Infinity]);
  });
  it("mark what breaks a limit by more than hue", () => {
    expect(wall.bands[0].mark).toBe("lines");
    expect(wall.bands.at(-1)?.mark).toBe("dots");
    expect(new Set(wall.bands.slice(1, -1).map((b) => b.mark))).toEqual(new Set(["plain"]));
  });
  it("never ask for more bands than the shader has", () => {
    for (const kind of ["thickness", "draft", "radius", "undercut"] as const) expect(makeScale(kind, "banded", { min: 0.5, max: 6, preferredMin: 1, preferredMax: 3 }, [0, 1]).bands.length).toBeLessThanOrEqual(MAX_BANDS);
  });
  it("leave what was not measured neutral", () => expect(colorOf(wall, NaN)).toEqual(UNMEASURED));
  it("run along the ramp between their bounds", () => {
    const ramp = withBounds(makeScale("thickness", "continuous", {}, [0, 10]), 2, 4);
    expect(colorOf(ramp, 3)).toEqual(cividis(0.5));
    expect(colorOf(ramp, 99)).toEqual(cividis(1));
    expect(withBounds(ramp, 4, 2)).toBe(ramp);
    expect(withBounds(ramp, NaN, 2)).toBe(ramp);
  });
  it("classify draft by sign and limit", () => {
    const draft = makeScale("draft", "banded", { min: 0.5 }, [-90, 90]);
    expect([-3, -0.5, -0.2, 0, 0.2, 0.5, 3].map((v) => draft.bands[bandOf(draft, v)].label)).toEqual(["negative", "below limit", "below limit", "vertical", "below limit", "positive", "positive"]);
  });
  it("get lighter all along", () => {
    const light = Array.from({ length: 21 }, (_, i) => { const [r, g, b] = cividis(i / 20); return 0.2126 * r + 0.7152 * g + 0.0722 * b; });
    for (let i = 1; i < light.length; i++) expect(light[i]).toBeGreaterThan(light[i - 1]);
  });
  it("find the range of what was measured", () => {
    expect(rangeOf(new Float32Array([NaN, 2, 1, NaN]))).toEqual([1, 2]);
    expect(rangeOf(new Float32Array([NaN]))).toBeUndefined();
  });
});

describe("draft classes", () => {
  it.each([
    [{ low: 1, high: 3 }, "positive"], [{ low: -3, high: -1 }, "negative"], [{ low: 0.1, high: 0.3 }, "below limit"],
    [{ low: -0.01, high: 0.02 }, "vertical"], [{ low: -5, high: 5 }, "crossover"], [{ low: -0.2, high: 5 }, "below limit"],
    [{ low: Math.fround(0.49999), high: 3 }, "positive"], [{ low: 0.4998, high: 3 }, "below limit"],
  ] as const)("%o is %s", (range, name) => expect(draftClass(range, 0.5, 0.05)).toBe(name));
  it("flag the vertices of crossover faces only", () => {
    const faces = [{ start: 0, count: 1 }, { start: 1, count: 1 }] as FaceSummary[];
    const flags = crossoverFlags(faces, new Uint32Array([0, 1, 2, 3, 4, 5]), new Float32Array([-10, 10, 0, 5, 6, 7]), 0.5, 0.05);
    expect([...flags]).toEqual([1, 1, 1, 0, 0, 0]);
  });
});

describe("numbers", () => {
  const wall = { value: 0.42049, low: 0.418, high: 0.422, unit: "mm" } as const;
  it("show as many digits as the interval supports", () => {
    expect(formatMeasured(wall)).toBe("0.420 mm ± 0.002");
    expect(formatMeasured({ value: 1.23456, low: 1.2, high: 1.27, unit: "mm" })).toBe("1.23 mm ± 0.04");
    expect(formatMeasured({ value: 3, low: 3, high: 3, unit: "count" })).toBe("3");
    expect(formatMeasured({ value: 3.331, low: 3.331, high: 26.12, unit: "ratio" })).toBe("3.33 to 26.1");
    expect(formatMeasured({ value: 7.5057, low: 7.5057, high: 11.188, unit: "mm" }, "mm", false)).toBe("7.506 mm");
    expect(formatMeasured({ value: 0.3, low: 0.3, high: 0.3, unit: "deg" })).toBe("0.30°");
    expect([0.2, 0.02, 0.1, 0].map((h) => decimalsFor(h))).toEqual([1, 2, 1, 3]);
  });
  it("turn to inches", () => {
    expect(formatMeasured({ value: 25.4, low: 25.4, high: 25.4, unit: "mm" }, "in")).toBe("1.000 in");
    expect(formatQuantity(25.4 ** 2, "mm2", "in", 3)).toBe("1.000 in²");
    expect(formatLimit({ min: 12.7, unit: "mm" }, "in")).toBe("≥ 0.5000 in");
  });
  it("write limits", () => {
    expect(formatLimit({ min: 0.5, unit: "mm" })).toBe("≥ 0.50 mm");
    expect(formatLimit({ min: 0.5, max: 6, unit: "mm" })).toBe("0.50–6.00 mm");
    expect(formatLimit({ max: 0.075, unit: "mm" })).toBe("≤ 0.075 mm");
  });
});

describe("labels", () => {
  const wishes = Array.from({ length: 14 }, (_, i): LabelWish => ({ id: String(i), x: 300 + i, y: 200 + (i % 3), width: 120, height: 24 }));
  it("never cover one another and stay inside", () => {
    const places = placeLabels(wishes, 800, 400, { top: 20, bottom: 20, side: 10 });
    expect(places).toHaveLength(14);
    for (const a of places) {
      expect(a.top).toBeGreaterThanOrEqual(20);
      expect(a.top + 24).toBeLessThanOrEqual(380);
      for (const b of places) if (a !== b && a.left === b.left) expect(Math.abs(a.top - b.top)).toBeGreaterThanOrEqual(24);
    }
  });
  it("leave out what fits nowhere", () => {
    const places = placeLabels(wishes, 800, 130, { top: 20, bottom: 20, side: 10 });
    expect(places.length).toBeGreaterThan(0);
    expect(places.length).toBeLessThan(14);
  });
  it("keep the order of their anchors, so that leaders do not cross", () => {
    const tops = placeLabels([{ ...wishes[0], y: 90 }, { ...wishes[1], y: 40 }], 800, 400, { top: 0, bottom: 0, side: 0 });
    expect(tops.find((p) => p.id === "1")!.top).toBeLessThan(tops.find((p) => p.id === "0")!.top);
  });
});

describe("framing", () => {
  it("fits the sphere of the box into the narrower angle", () => {
    const wide = frameBox([[0, 0, 0], [2, 2, 2]], 30, 2), narrow = frameBox([[0, 0, 0], [2, 2, 2]], 30, 0.5);
    expect(wide.target).toEqual([1, 1, 1]);
    expect(wide.distanceMm * Math.sin((15 * Math.PI) / 180)).toBeGreaterThanOrEqual(Math.sqrt(3));
    expect(narrow.distanceMm).toBeGreaterThan(wide.distanceMm);
  });
  it("keeps away from a single point", () => expect(frameBox([[5, 5, 5], [5, 5, 5]], 30, 1, 4).distanceMm).toBeGreaterThan(4));
});

describe("measuring", () => {
  const hit = (at: [number, number, number], normal: [number, number, number], face: number): Hit => ({ body: "1", face, at, normal, facet: 0, vertices: [0, 1, 2], weights: [1, 0, 0] });
  const plane = { kind: "plane" } as FaceSummary;
  it("takes parallel planes as planes, whatever the points", () => {
    const m = measureBetween(hit([0, 0, 0], [0, 0, -1], 0), hit([5, 7, 2], [0, 0, 1], 1), plane, plane);
    expect(m).toMatchObject({ distanceMm: 2, angleDeg: 180, kind: "parallel faces" });
  });
  it("takes points on other faces", () => {
    const m = measureBetween(hit([0, 0, 0], [0, 0, 1], 0), hit([3, 4, 0], [1, 0, 0], 1), plane, { kind: "cylinder" } as FaceSummary);
    expect(m).toMatchObject({ distanceMm: 5, angleDeg: 90, kind: "points" });
  });
});

describe("keys", () => {
  const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
  it("mean commands, but not while someone types", () => {
    expect(commandOf(press("n"), false, false)).toBe("next");
    expect(commandOf(press("n"), true, false)).toBeUndefined();
    expect(commandOf(press("Escape"), true, false)).toBe("escape");
    expect(commandOf(press("s", { ctrlKey: true }), true, false)).toBe("save");
    expect(commandOf(press("z", { ctrlKey: true }), true, false)).toBeUndefined();
    expect(commandOf(press("z", { ctrlKey: true, shiftKey: true }), false, false)).toBe("redo");
    expect(commandOf(press("7"), false, false)).toEqual({ view: "iso" });
    expect(commandOf(press("ArrowLeft"), false, true)).toBe("turn-left");
    expect(commandOf(press("ArrowLeft"), false, false)).toBeUndefined();
    expect(commandOf(press("n", { altKey: true }), false, false)).toBeUndefined();
  });
});

describe("patches of a facet", () => {
  const facets = { positions: new Float32Array([0, 0, 0, 4, 0, 0, 0, 4, 0]), normals: new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1]), indices: new Uint32Array([0, 1, 2]) };
  // The quarter at the first corner.
  const patches = { facets: new Uint32Array([0]), corners: new Float32Array([1, 0, 0, 0.5, 0.5, 0, 0.5, 0, 0.5]) };
  it("are drawn where they lie", () => expect([...patchTriangles(facets, patches).positions]).toEqual([0, 0, 0, 2, 0, 0, 0, 2, 0]));
  it("hold the points inside them and no others", () => {
    for (const [weights, inside] of [[[0.8, 0.1, 0.1], true], [[0.6, 0.3, 0.1], true], [[0.4, 0.3, 0.3], false], [[0, 1, 0], false], [[1, 0, 0], true]] as const) expect(onPatch(patches, 0, weights), String(weights)).toBe(inside);
    expect(onPatch(patches, 1, [1, 0, 0])).toBe(false);
  });
});
