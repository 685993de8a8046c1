import { describe, expect, test } from "vitest";
import { calibrate, type Calibration } from "../../src/mim/calibrate.ts";
import { readTrialCsv, type TrialRow } from "../../src/mim/trial.ts";
import type { Result } from "../../src/result.ts";

const SEED = 20_221_106;

/** mulberry32 with Box–Muller: the same numbers on every machine. */
function gaussians(seed: number): { uniform: () => number; normal: () => number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

const SIZES = [3, 5, 8, 12, 18, 25, 36, 50];
const SIGMA_MM = 0.02;

interface Simulation {
  readonly trueOsf: number;
  readonly interceptMm: number;
  readonly result: Calibration;
}

function simulate(random: ReturnType<typeof gaussians>, interceptMm: number, spoil: { index: number; byMm: number } | undefined = undefined, keepOutliers = false): Simulation {
  const trueOsf = 1.12 + 0.16 * random.uniform();
  const cutFor = trueOsf + 0.02 * (random.uniform() - 0.5);
  const rows: TrialRow[] = SIZES.map((targetMm, i) => ({
    dimension: `d${i}`,
    axis: "x",
    targetMm,
    measuredMm: (targetMm * cutFor) / trueOsf + interceptMm + SIGMA_MM * random.normal() + (spoil?.index === i ? spoil.byMm : 0),
  }));
  return { trueOsf, interceptMm, result: value(calibrate(rows, { osf: cutFor, keepOutliers })) };
}

const holds = (interval: { low: number; high: number }, truth: number): boolean => interval.low <= truth && truth <= interval.high;

describe(`calibration against simulated trials (seed ${SEED})`, () => {
  test("10 000 runs: OSF and intercept lie in their own 95 % intervals 95 % of the time, false flags stay at their stated rates", () => {
    const random = gaussians(SEED);
    const runs = 10_000;
    const seen = { osf: 0, intercept: 0, originOsf: 0, corrected: 0, withoutOffset: 0, falseIntercept: 0, falseOutlier: 0 };
    for (let i = 0; i < runs; i++) {
      // Every second trial has an offset; outliers are kept so that nothing is selected by its noise.
      const interceptMm = i % 2 ? 0.1 * (random.uniform() - 0.5) : 0;
      const { result, trueOsf } = simulate(random, interceptMm, undefined, true);
      const [axis] = result.axes;
      seen.osf += Number(holds(axis.line!.osf, trueOsf));
      seen.intercept += Number(holds(axis.line!.interceptMm, interceptMm));
      seen.falseOutlier += Number(axis.outliers.length > 0);
      if (interceptMm === 0) {
        seen.withoutOffset++;
        seen.originOsf += Number(holds(axis.origin!.osf, trueOsf));
        seen.falseIntercept += Number(axis.line!.interceptMm.flagged);
      }
    }
    // Four standard errors of a proportion of 10 000 (and of 5 000) at 95 %.
    expect(Math.abs(seen.osf / runs - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / runs));
    expect(Math.abs(seen.intercept / runs - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / runs));
    expect(Math.abs(seen.originOsf / seen.withoutOffset - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / seen.withoutOffset));
    expect(Math.abs(seen.falseIntercept / seen.withoutOffset - 0.05)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / seen.withoutOffset));
    expect(seen.falseOutlier / runs).toBeLessThan(0.01 + 4 * Math.sqrt((0.99 * 0.01) / runs));
    console.log(`coverage of 10 000: OSF ${(100 * seen.osf) / runs} %, intercept ${(100 * seen.intercept) / runs} %; through the origin ${(100 * seen.originOsf) / seen.withoutOffset} %; false intercepts ${(100 * seen.falseIntercept) / seen.withoutOffset} %, false outliers ${(100 * seen.falseOutlier) / runs} %`);
  });

  test("leaving flagged outliers out costs less than half a point of coverage", () => {
    const random = gaussians(SEED + 1);
    let covered = 0;
    for (let i = 0; i < 10_000; i++) {
      const { result, trueOsf } = simulate(random, 0);
      covered += Number(holds(result.axes[0].line!.osf, trueOsf));
    }
    expect(covered / 10_000).toBeGreaterThan(0.945 - 4 * Math.sqrt((0.95 * 0.05) / 10_000));
    expect(covered / 10_000).toBeLessThan(0.95 + 4 * Math.sqrt((0.95 * 0.05) / 10_000));
  });

  test("an injected offset of 0.1 mm is flagged, with its sign, and does not move the OSF", () => {
    const random = gaussians(SEED + 2);
    let flagged = 0;
    for (let i = 0; i < 500; i++) {
      const sign = i % 2 ? 1 : -1;
      const { result, trueOsf } = simulate(random, 0.1 * sign);
      const { line, basis, correctedOsf } = result.axes[0];
      if (!line!.interceptMm.flagged) continue;
      flagged++;
      expect(Math.sign(line!.interceptMm.value)).toBe(sign);
      expect(basis).toBe("line");
      expect(Math.abs(correctedOsf.value - trueOsf)).toBeLessThan(0.005);
    }
    expect(flagged).toBeGreaterThan(495);
  });

  test("an injected outlier of 0.3 mm is named, and only it, and left out of the OSF", () => {
    const random = gaussians(SEED + 3);
    let named = 0;
    for (let i = 0; i < 500; i++) {
      const index = i % SIZES.length;
      const { result, trueOsf } = simulate(random, 0, { index, byMm: i % 2 ? 0.3 : -0.3 });
      const { outliers, line } = result.axes[0];
      if (outliers.length !== 1 || outliers[0] !== `d${index}`) continue;
      named++;
      expect(Math.abs(line!.osf.value - trueOsf)).toBeLessThan(0.005);
      expect(result.dimensions[index].outlier).toBe(true);
    }
    console.log(`outliers named: ${named} of 500`);
    expect(named).toBeGreaterThan(475);
  });

  test("weighted by tolerance, scatter that grows with size is covered too", () => {
    const random = gaussians(SEED + 4);
    let covered = 0;
    for (let i = 0; i < 4000; i++) {
      const trueOsf = 1.165;
      const rows: TrialRow[] = SIZES.map((targetMm, k) => ({ dimension: `d${k}`, axis: "z", targetMm, measuredMm: (targetMm * 1.16) / trueOsf + Math.max(0.003 * targetMm, 0.075) * 0.3 * random.normal() }));
      const result = value(calibrate(rows, { osf: 1.16, weights: "tolerance", keepOutliers: true }));
      covered += Number(holds(result.axes[0].line!.osf, trueOsf));
    }
    expect(Math.abs(covered / 4000 - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 4000));
  });
});

describe("calibration in detail", () => {
  const csv = (text: string): TrialRow[] => value(readTrialCsv(text));

  test("exact parts: the OSF comes out exactly, nothing is flagged, the re-cut brings every dimension to target", () => {
    const rows = SIZES.map((targetMm, i): TrialRow => ({ dimension: `d${i}`, axis: "any", targetMm, measuredMm: (targetMm * 1.165) / 1.17 }));
    const result = calibrate(rows, { osf: 1.165 });
    const { axes, dimensions, correctedOsf } = value(result);
    expect(axes[0].correctedOsf.value).toBeCloseTo(1.17, 12);
    expect(correctedOsf).toBe("1.1700");
    expect(axes[0].line!.interceptMm.flagged).toBe(false);
    expect(axes[0].outliers).toEqual([]);
    expect(result.ok && result.warnings).toEqual([]);
    for (const d of dimensions) {
      expect(d.recutMm).toBeCloseTo(d.targetMm * 0.005, 9);
      expect(d.predictedErrorMm).toBeCloseTo(0, 9);
      expect(d.verdict).toBe("pass");
    }
  });

  test("per axis, with cavity sizes: one factor per axis, pasted as x,y,z", () => {
    const factors = { x: 1.166, y: 1.164, z: 1.172 };
    const lines = (["x", "y", "z"] as const).flatMap((axis) => [10, 20, 40].map((size) => `${axis}${size},${axis},${size},${(size * 1.16) / factors[axis]},${size * 1.16}`));
    const result = value(calibrate(csv(["dimension,axis,target,measured,cavity", ...lines].join("\n"))));
    expect(result.correctedOsf).toBe("1.1660,1.1640,1.1720");
    expect(result.axes.map((a) => a.presentOsf.toFixed(4))).toEqual(["1.1600", "1.1600", "1.1600"]);
  });

  test("one factor for all axes: alike axes are called different 5 % of the time, a z 0.5 % larger nearly always", () => {
    const random = gaussians(SEED + 8);
    const trial = (zRatio: number): Calibration =>
      value(calibrate((["x", "y", "z"] as const).flatMap((axis) => [10, 20, 30, 40].map((size, i): TrialRow => ({ dimension: `d${i}`, axis, targetMm: size, measuredMm: (size * 1.165) / (1.17 * (axis === "z" ? zRatio : 1)) + 0.01 * random.normal() }))), { osf: 1.165, keepOutliers: true }));
    let different = 0, tested = 0, seen = 0;
    for (let i = 0; i < 2000; i++) {
      const alike = trial(1).uniform;
      tested += Number(alike !== undefined);
      different += Number(alike?.agrees === false);
      seen += i < 200 ? Number(trial(1.005).uniform?.agrees !== true) : 0;
    }
    expect(tested).toBeGreaterThan(1500);
    expect(Math.abs(different / tested - 0.05)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / tested));
    expect(seen).toBe(200);
  });

  test("an axis that was not measured keeps the factor given, else nothing is made up", () => {
    const rows: TrialRow[] = [10, 20, 40].map((size) => ({ dimension: `d${size}`, axis: "x", targetMm: size, measuredMm: (size * 1.16) / 1.165, cavityMm: size * 1.16 }));
    expect(value(calibrate(rows)).correctedOsf).toBeUndefined();
    expect(value(calibrate(rows, { osf: [1.16, 1.16, 1.17] })).correctedOsf).toBe("1.1650,1.1600,1.1700");
  });

  test("one dimension: OSF_new = OSF_old · target / measured, no interval, and it says so", () => {
    const result = calibrate([{ dimension: "length", axis: "any", targetMm: 40, measuredMm: 40.2 }], { osf: 1.165 });
    const [axis] = value(result).axes;
    expect(axis.basis).toBe("ratio");
    expect(axis.correctedOsf).toEqual({ value: (1.165 * 40) / 40.2 });
    expect(value(result).dimensions[0].verdict).toBe("not-evaluated");
    expect(result.ok && result.warnings[0].message).toContain("no interval");
  });

  test("two dimensions: the origin with a wide interval, no intercept test", () => {
    const [axis] = value(calibrate([{ dimension: "a", axis: "any", targetMm: 40, measuredMm: 40.1 }, { dimension: "b", axis: "any", targetMm: 20, measuredMm: 20.06 }], { osf: 1.165 })).axes;
    expect(axis.basis).toBe("origin");
    expect(axis.line).toBeUndefined();
    expect(axis.correctedOsf.high! - axis.correctedOsf.low!).toBeGreaterThan(0);
  });

  test("repeats are averaged, their spread is reported, a slip in one part is named", () => {
    const random = gaussians(SEED + 6);
    const rows = [10, 20, 30, 40].flatMap((size, d) =>
      [0, 1, 2, 3, 4].map((part): TrialRow => ({ dimension: `d${d}`, axis: "any", targetMm: size, measuredMm: size * 1.001 + 0.01 * random.normal() + (d === 2 && part === 3 ? 1 : 0) })),
    );
    const result = value(calibrate(rows, { osf: 1.165 }));
    expect(result.axes[0].outliers).toEqual([expect.stringContaining("d2 (one part: 31")]);
    expect(result.axes[0].measurements).toBe(20);
    expect(result.axes[0].repeatSdMm).toBeGreaterThan(0.005);
    expect(result.axes[0].repeatSdMm).toBeLessThan(0.02);
    expect(result.dimensions[2].measuredMm).toBeLessThan(30.1);
  });

  test("repeats without a slip are called one no more often than stated", () => {
    const random = gaussians(SEED + 5);
    let alarms = 0;
    for (let i = 0; i < 3000; i++) {
      const rows = [10, 20, 30, 40].flatMap((size, d) => [0, 1, 2, 3, 4].map((): TrialRow => ({ dimension: `d${d}`, axis: "any", targetMm: size, measuredMm: size + 0.01 * random.normal() })));
      alarms += Number(value(calibrate(rows, { osf: 1.165 })).axes[0].outliers.some((name) => name.includes("one part")));
    }
    expect(alarms / 3000).toBeLessThan(0.01 + 4 * Math.sqrt((0.99 * 0.01) / 3000));
  });

  test("verdicts hold the error and its ± against the tolerance", () => {
    const off = [0.02, -0.02, 0.03, -0.03, 0.02, -0.02];
    const rows = off.map((error, i): TrialRow => ({ dimension: `d${i}`, axis: "any", targetMm: 10 + 8 * i, measuredMm: 10 + 8 * i + error, toleranceMm: [0.5, 0.5, 0.5, 0.05, 0.05, 0.5][i] }));
    const { dimensions } = value(calibrate(rows, { osf: 1.165 }));
    expect(dimensions.map((d) => d.verdict)).toEqual(["pass", "pass", "pass", "undecided", "undecided", "pass"]);
    expect(dimensions.every((d) => d.verdictNow === "pass")).toBe(true);
    const exactly: TrialRow[] = [{ dimension: "a", axis: "any", targetMm: 10, measuredMm: 10.075 }];
    expect(value(calibrate(exactly, { osf: 1.165 })).dimensions[0].verdictNow).toBe("pass");
  });

  test("an outlier is never promised to hold: it keeps its own deviation", () => {
    const random = gaussians(SEED + 7);
    const rows = SIZES.map((targetMm, i): TrialRow => ({ dimension: `d${i}`, axis: "any", targetMm, measuredMm: targetMm * 1.004 + 0.005 * random.normal() + (i === 4 ? 0.3 : 0), toleranceMm: i === 4 ? 0.1 : 0.2 }));
    const result = calibrate(rows, { osf: 1.165 });
    const spoiled = value(result).dimensions[4];
    expect(spoiled).toMatchObject({ outlier: true, verdict: "fail" });
    expect(spoiled.predictedErrorMm).toBeCloseTo(0.3, 1);
    expect(result.ok && result.warnings.map((w) => w.code)).toEqual(["CALIBRATION_OUTLIER"]);
    const tolerant = value(calibrate(rows.map((row) => ({ ...row, toleranceMm: 1 })), { osf: 1.165 }));
    expect(tolerant.dimensions[4].verdict).toBe("undecided");
    expect(tolerant.dimensions[3].verdict).toBe("pass");
  });

  test("an offset gives a predicted failure that no OSF can mend", () => {
    const rows = SIZES.map((targetMm, i): TrialRow => ({ dimension: `d${i}`, axis: "any", targetMm, measuredMm: targetMm + 0.2 + (i % 2 ? 0.002 : -0.002) }));
    const { axes, dimensions } = value(calibrate(rows, { osf: 1.165 }));
    expect(axes[0].line!.interceptMm.flagged).toBe(true);
    expect(dimensions.slice(0, 5).every((d) => d.verdict === "fail")).toBe(true);
    expect(dimensions[0].predictedErrorMm).toBeCloseTo(0.2, 2);
  });
});

describe("the trial CSV", () => {
  const rows = (text: string): TrialRow[] => value(readTrialCsv(text));

  test("columns in any order and spelling, BOM, blank lines, CRLF, quoted names", () => {
    expect(rows('\uFEFFMeasured (mm),Target_mm,Axis,Name\r\n\r\n10.1,10,X,"a, b"\r\n')).toEqual([{ dimension: "a, b", axis: "x", targetMm: 10, measuredMm: 10.1, cavityMm: undefined, toleranceMm: undefined }]);
  });

  test("semicolons with decimal commas, tabs, ± before a tolerance", () => {
    expect(rows("dimension;target;measured;tolerance\na;10,5;10,61;± 0,08\n")[0]).toMatchObject({ targetMm: 10.5, measuredMm: 10.61, toleranceMm: 0.08, axis: "any" });
    expect(rows("dimension\ttarget\tmeasured\na\t10\t10.1")[0].measuredMm).toBe(10.1);
  });

  test.each([
    ["", "no dimension"],
    ["dimension,axis,target\na,x,1", "no measured"],
    ["dimension,axis,target,measured\n", "no measurement"],
    ["dimension,axis,target,measured\na,w,1,1", 'Row 2: axis "w"'],
    ["dimension,axis,target,measured\na,x,1,1\nb,x,-1,1", 'Row 3: target "-1"'],
    ["dimension,axis,target,measured\na,x,1,nan", "Row 2: measured"],
    ["dimension,axis,target,measured\na,x,1,", "Row 2: measured"],
    ["dimension,axis,target,measured\n,x,1,1", "no name"],
    ["dimension,axis,target,measured\na,x,1", "Row 2"],
    ["dimension,axis,target,measured\na,x,1,0x10q", "Row 2: measured"],
  ])("%j is refused in words", (text, hint) => {
    const result = readTrialCsv(text);
    expect(result.ok ? "" : `${result.problem.code} ${result.problem.message}`).toContain(hint);
    expect(result.ok ? "" : result.problem.code).toBe("CALIBRATION_DATA");
  });

  test.each([
    [[{ dimension: "a", axis: "x", targetMm: 10, measuredMm: 10 }], {}, "no cavity size"],
    [[{ dimension: "a", axis: "any", targetMm: 10, measuredMm: 10 }], { osf: [1.1, 1.1, 1.2] as const }, "no cavity size"],
    [[{ dimension: "a", axis: "x", targetMm: 10, measuredMm: 0.4 }], { osf: 1.165 }, "do not belong together"],
    [[], { osf: 1.165 }, "no measurement"],
    [[{ dimension: "a", axis: "x", targetMm: 10, measuredMm: 10 }, { dimension: "a", axis: "x", targetMm: 11, measuredMm: 11 }], { osf: 1.165 }, "two different"],
    [[{ dimension: "a", axis: "x", targetMm: 10, measuredMm: 10 }], { osf: 1.165, confidence: 95 }, "confidence"],
  ] as const)("measurements that cannot be used: %j %j", (given, options, hint) => {
    const result = calibrate(given as readonly TrialRow[], options);
    expect(result.ok ? "" : result.problem.message).toContain(hint);
  });
});
