import { describe, expect, test } from "vitest";
import { MATERIAL_GROUPS, MATERIALS, findMaterial } from "../../src/mim/materials.ts";
import { checkOsf, checkOsfAgainstShrinkage, parseOsf, resolveOsf } from "../../src/mim/osf.ts";
import { convertShrinkage } from "../../src/mim/convert.ts";
import { chooseFeedstock, readFeedstockFile, type FeedstockFile } from "../../src/mim/feedstock-file.ts";
import type { ReportMaterial } from "../../src/report/report.ts";
import type { Result } from "../../src/result.ts";

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

function problem(result: Result<unknown>) {
  if (result.ok) throw new Error("expected a problem");
  return result.problem;
}

const lot = {
  id: "acme-42",
  vendor: "Acme",
  grade: "17-4PH A",
  lot: "42",
  material: "17-4PH",
  osf: [1.166, 1.166, 1.172],
  osfPlusMinus: 0.001,
  date: "2026-01-10",
};
const fileOf = (...feedstocks: object[]): string => JSON.stringify({ schema: "oversize.feedstocks/1", feedstocks });
const file = (...feedstocks: object[]): FeedstockFile => value(readFeedstockFile(fileOf(...feedstocks)));

describe("materials", () => {
  test("every alloy the guide lists can be selected, in its group", () => {
    const listed: Record<string, string[]> = {
      [MATERIAL_GROUPS[0]]: ["316L", "17-4PH", "420", "440C"],
      [MATERIAL_GROUPS[1]]: ["4140", "8620", "1070", "4605"],
      [MATERIAL_GROUPS[2]]: ["Ti-6Al-4V", "Inconel", "Kovar", "Tungsten alloys"],
      [MATERIAL_GROUPS[3]]: ["Fe-Ni", "Fe-Si", "Soft ferrites"],
    };
    for (const [group, ids] of Object.entries(listed)) for (const id of ids) expect(findMaterial(id.replace("alloys", "alloy"))?.group, id).toBe(group);
  });

  test("ids and aliases never name two materials", () => {
    const keys = MATERIALS.flatMap((m) => [m.id, ...m.aliases].map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, "")));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("every number carries a source and a date, and makes sense", () => {
    for (const m of MATERIALS) {
      for (const fact of [m.osf, m.osfCandidates, m.theoreticalDensityGcm3, m.sinteredDensityPercent]) {
        if (!fact) continue;
        expect(fact.source.length, m.id).toBeGreaterThan(10);
        expect(fact.date, m.id).toMatch(/^(undated|\d{4}(-\d\d){0,2})$/);
      }
      if (m.osf) expect(checkOsf(m.osf.value).ok, m.id).toBe(true);
    }
  });

  test("what has no source is empty", () => {
    for (const id of ["420", "440C", "Inconel", "Kovar", "Fe-Si", "soft-ferrite"]) expect(findMaterial(id)?.osf, id).toBeUndefined();
  });
});

describe("resolving the OSF", () => {
  test("the alloy's default, with its source and a warning that it is one", () => {
    const result = resolveOsf({ material: "17-4 ph" });
    expect(value(result)).toMatchObject({ id: "17-4PH", osf: [1.165, 1.165, 1.165], densityGcm3: 7.85 });
    for (const percent of value(result).shrinkagePercent) expect(percent).toBeCloseTo(14.16309, 5);
    expect(value(result).solidsLoadingPercent).toBeCloseTo(63.24442, 5);
    expect(value(result).source).toContain("PIM International");
    expect(result.ok && result.warnings.map((w) => w.code)).toEqual(["OSF_DEFAULT"]);
  });

  test.each(MATERIALS.filter((m) => !m.osf).map((m) => m.id))("%s has no single sourced factor: the message names it and says what to supply", (id) => {
    const { code, message, suggestion } = problem(resolveOsf({ material: id }));
    expect(code).toBe("OSF_UNKNOWN");
    expect(message).toContain(id);
    expect(suggestion).toContain("--osf");
    expect(suggestion).toContain("--feedstock");
    expect(value(resolveOsf({ material: id, osf: 1.2 })).osf).toEqual([1.2, 1.2, 1.2]);
  });

  test("where the source gives two factors both are named and none is chosen", () => {
    const { message, suggestion } = problem(resolveOsf({ material: "4140" }));
    expect(message).toContain("1.191 and 1.216");
    expect(suggestion).toContain("--osf 1.191 or --osf 1.216");
  });

  test("a feedstock overrides its alloy and the source says so", () => {
    const feedstock = value(chooseFeedstock(file(lot), { material: "17-4PH" }));
    const result = resolveOsf({ material: "17-4PH", feedstock });
    expect(value(result)).toMatchObject({ osf: [1.166, 1.166, 1.172], osfPlusMinus: 0.001, feedstock: { vendor: "Acme", lot: "42" } });
    expect(value(result).source).toContain("feedstock Acme 17-4PH A, lot 42, 2026-01-10");
    expect(result.ok && result.warnings).toEqual([]);
    expect(value(result).solidsLoadingPercent).toBeCloseTo(100 / (1.166 * 1.166 * 1.172), 10);
  });

  test("a feedstock gives an unsourced alloy its factor", () => {
    const [feedstock] = file({ ...lot, material: "420", osf: 1.18 }).feedstocks;
    expect(value(resolveOsf({ material: "420", feedstock })).osf).toEqual([1.18, 1.18, 1.18]);
    expect(value(resolveOsf({ material: "420", feedstock })).densityGcm3).toBeUndefined();
  });

  test("the user's factor comes first, and a disagreement with the lot is said", () => {
    const [feedstock] = file(lot).feedstocks;
    const result = resolveOsf({ feedstock, osf: 1.18 });
    expect(value(result).osf).toEqual([1.18, 1.18, 1.18]);
    expect(result.ok && result.warnings.map((w) => w.code)).toContain("OSF_SUSPICIOUS");
  });

  test("a factor alone is enough; without a material there is no density", () => {
    const alone = value(resolveOsf({ osf: 1.2 }));
    expect(alone).toMatchObject({ id: "unnamed", osf: [1.2, 1.2, 1.2] });
    expect(alone.densityGcm3).toBeUndefined();
    expect(value(resolveOsf({ osf: 1.2, densityGcm3: 7.7 })).densityGcm3).toBe(7.7);
  });

  test("a feedstock of another material is refused", () => {
    const [feedstock] = file(lot).feedstocks;
    expect(problem(resolveOsf({ material: "316L", feedstock })).code).toBe("FEEDSTOCK_CHOICE");
  });

  test("a lot measured over a year ago is warned of", () => {
    const [feedstock] = file(lot).feedstocks;
    const codes = (today: string) => {
      const result = resolveOsf({ feedstock, today });
      return result.ok && result.warnings.map((w) => w.code);
    };
    expect(codes("2027-01-10")).toEqual([]);
    expect(codes("2027-01-11")).toEqual(["FEEDSTOCK_STALE"]);
  });

  test("unknown materials list what there is", () => {
    const { code, suggestion } = problem(resolveOsf({ material: "unobtainium" }));
    expect(code).toBe("MATERIAL_UNKNOWN");
    for (const { id } of MATERIALS) expect(suggestion).toContain(id);
    expect(problem(resolveOsf({})).code).toBe("MATERIAL_UNKNOWN");
  });

  test("what is resolved is the report's material block", () => {
    const block: ReportMaterial = value(resolveOsf({ material: "316L" }));
    expect(block).toMatchObject({ id: "316L", osf: [1.165, 1.165, 1.165] });
  });

  test("a density in kg/m³ is refused", () => {
    expect(problem(resolveOsf({ material: "17-4PH", densityGcm3: 7850 })).suggestion).toContain("7.85");
  });
});

describe("misuse of the OSF", () => {
  test.each([
    ["1.1416", "1.165", "1 + S for 14.16 %"],
    ["1.142", "1.165", "the same, rounded"],
    ["1.165,1.165,1.1416", "1.165", "one axis"],
  ])("%s for 17-4PH is 1 + S (%s, %s)", (text, right) => {
    const { code, message, suggestion } = problem(resolveOsf({ material: "17-4PH", osf: value(parseOsf(text)) }));
    expect(code).toBe("OSF_INVALID");
    expect(message).toContain("1 + S");
    expect(message).toContain("2.0 % undersize");
    expect(suggestion).toContain(right);
  });

  test("1.14 for 17-4PH is warned of, not refused", () => {
    const result = resolveOsf({ material: "17-4PH", osf: 1.14 });
    expect(result.ok && result.warnings.map((w) => w.code)).toEqual(["OSF_SUSPICIOUS"]);
  });

  test.each([
    ["16.5", "1.1976"],
    ["14.16", "1.165"],
    ["116.5", "1.165"],
    ["0.1416", "1.165"],
    ["0.8584", "1.165"],
    ["16.5%", "1.165"],
    ["1.51", "outside"],
    ["0.999", "smaller than the part"],
    ["-1.165", "below"],
    ["0", "zero"],
    ["1e400", "not a number"],
    ["abc", "not a number"],
    ["", "not a number"],
    ["1,165", "1.165"],
    ["1.1,1.2,1.3,1.4", "not 4"],
    ["1.165,,1.165", "not a number"],
  ])("%j is refused, pointing to %s", (text, hint) => {
    const { code, message } = problem(parseOsf(text));
    expect(code).toBe("OSF_INVALID");
    expect(message).toContain(hint);
  });

  test("the ends of the range are usable", () => {
    expect(value(parseOsf("1"))).toEqual([1, 1, 1]);
    expect(value(parseOsf(" 1.5 "))).toEqual([1.5, 1.5, 1.5]);
    expect(value(parseOsf("1.165, 1.165, 1.171"))).toEqual([1.165, 1.165, 1.171]);
  });

  test("OSF and shrinkage given together must agree", () => {
    expect(checkOsfAgainstShrinkage(1.165, 0.1416).ok).toBe(true);
    expect(problem(checkOsfAgainstShrinkage(1.1416, 0.1416)).message).toContain("1 + S");
    expect(problem(checkOsfAgainstShrinkage(1.2, 0.1416)).message).toContain("1.165");
  });
});

describe("the feedstock file", () => {
  test.each([
    ["not json", "CONFIG_INVALID", "not JSON"],
    ["{}", "CONFIG_INVALID", "schema"],
    [fileOf({ ...lot, osf: "1.165" }), "CONFIG_INVALID", "feedstocks[0].osf"],
    [fileOf({ ...lot, date: "10.1.2026" }), "CONFIG_INVALID", "YYYY-MM-DD"],
    [fileOf({ ...lot, colour: "red" }), "CONFIG_INVALID", "colour"],
    [fileOf({ ...lot, osf: 16.5 }), "OSF_INVALID", "acme-42"],
    [fileOf({ ...lot, osf: 1.1416, shrinkagePercent: 14.16 }), "OSF_INVALID", "1 + S"],
    [fileOf({ ...lot, osf: 1.165, solidsLoadingPercent: 50 }), "OSF_INVALID", "density of 79.1 %"],
    [fileOf(lot, lot), "CONFIG_INVALID", "used twice"],
    [fileOf({ ...lot, material: "mystery" }), "MATERIAL_UNKNOWN", "mystery"],
  ])("%s", (text, code, hint) => {
    const found = problem(readFeedstockFile(text));
    expect(found.code).toBe(code);
    expect(found.message).toContain(hint);
  });

  test("a material of one's own is used like a shipped one", () => {
    const own = value(
      readFeedstockFile(
        JSON.stringify({
          schema: "oversize.feedstocks/1",
          feedstocks: [{ ...lot, material: "X1" }],
          materials: [{ id: "X1", name: "our X1", group: MATERIAL_GROUPS[0], osf: 1.17, theoreticalDensityGcm3: 7.9, source: "trial 7", date: "2026-02-01" }],
        }),
      ),
    );
    expect(value(resolveOsf({ material: "x1", materials: own.materials }))).toMatchObject({ osf: [1.17, 1.17, 1.17], densityGcm3: 7.9 });
    expect(value(resolveOsf({ feedstock: own.feedstocks[0], materials: own.materials })).osf[2]).toBe(1.172);
  });

  test("which lot: by id, by material, or a list of what there is", () => {
    const two = file(lot, { ...lot, id: "acme-43", lot: "43" }, { ...lot, id: "ti", material: "Ti64", osf: 1.19 });
    expect(value(chooseFeedstock(two, { id: "acme-43" })).lot).toBe("43");
    expect(value(chooseFeedstock(two, { material: "titanium" })).id).toBe("ti");
    expect(problem(chooseFeedstock(two, { material: "17-4PH" })).message).toContain("acme-43");
    expect(problem(chooseFeedstock(two, { id: "nope" })).message).toContain("acme-42");
    expect(problem(chooseFeedstock(two)).code).toBe("FEEDSTOCK_CHOICE");
  });
});

describe("converting", () => {
  test("any one gives the others; two with the loading give the density", () => {
    expect(value(convertShrinkage({ shrinkage: 0.1416 })).osf).toBeCloseTo(1.16496, 5);
    expect(value(convertShrinkage({ osf: 1.165 })).solidsLoading).toBeCloseTo(0.632444, 6);
    expect(value(convertShrinkage({ solidsLoading: 0.6, state: { relativeDensity: 0.98 } })).osf).toBeCloseTo(Math.cbrt(0.98 / 0.6), 12);
    expect(value(convertShrinkage({ osf: 1.165, solidsLoading: 0.62 })).relativeDensity).toBeCloseTo(0.62 * 1.165 ** 3, 12);
  });

  test.each([
    [{}, "is needed"],
    [{ osf: 1.165, shrinkage: 0.14 }, "the same thing"],
    [{ shrinkage: 14.16 }, "outside 0 to 33.3"],
    [{ osf: 16.5 }, "percentage"],
    [{ osf: 1.165, solidsLoading: 0.7 }, "sintered density of 110"],
    [{ osf: 1.165, solidsLoading: 0.62, state: { relativeDensity: 0.98 } }, "follows from the others"],
  ])("%j cannot be", (request, hint) => {
    expect(problem(convertShrinkage(request)).message).toContain(hint);
  });
});
