import Ajv from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { DEFAULT_PROFILE, LIMITS, PROFILES, resolveProfile, type Profile } from "../../src/mim/profile.ts";
import { profileJsonSchema, readProfileFile } from "../../src/mim/profile-file.ts";
import { feedstockJsonSchema } from "../../src/mim/feedstock-file.ts";
import type { Result } from "../../src/result.ts";

const profile = (result: Result<Profile>): Profile => {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
};
const message = (result: Result<unknown>): string => (result.ok ? "" : result.problem.message);
const user = (limits: object, more: object = {}): object => ({ schema: "oversize.profile/1", id: "shop", extends: "align", limits, ...more });

describe("rule profiles", () => {
  test("align is the default and says what the guide says", () => {
    const { limits, id } = profile(resolveProfile());
    expect(id).toBe(DEFAULT_PROFILE);
    expect(limits.wall).toMatchObject({ min: 0.5, max: 6, unit: "mm" });
    expect(limits.draft).toMatchObject({ min: 0.5, unit: "deg" });
    expect(limits.internalRadius?.min).toBe(0.25);
    expect(limits.externalRadius?.min).toBe(0.25);
    expect(limits.mass).toMatchObject({ min: 2, max: 100, unit: "g" });
    expect(limits.tolerance?.min).toBe(0.3);
    expect(limits.toleranceFloor?.min).toBe(0.075);
    expect(limits.wallTransition).toBeUndefined();
  });

  test.each(PROFILES.map((p) => [p.id, p] as const))("%s: every limit has numbers, its unit and a source", (_, p) => {
    for (const [name, limit] of Object.entries(p.limits)) {
      expect(limit.unit).toBe(LIMITS[name as keyof typeof LIMITS].unit);
      expect(limit.source.length).toBeGreaterThan(3);
      expect(limit.min ?? limit.max ?? limit.preferred?.min ?? limit.preferred?.max, name).toBeTypeOf("number");
    }
  });

  test("a user's profile replaces what it names and keeps the rest, each with its source", () => {
    const { limits } = profile(resolveProfile(user({ wall: { min: 0.8, source: "our molder" }, mass: null })));
    expect(limits.wall).toMatchObject({ min: 0.8, max: 6 });
    expect(limits.wall?.source).toContain("our molder");
    expect(limits.wall?.source).toContain("Align");
    expect(limits.mass).toBeUndefined();
    expect(limits.draft?.min).toBe(0.5);
  });

  test("text and object give the same; without extends nothing is inherited", () => {
    const own = user({ draft: { min: 1 } }, { extends: undefined });
    expect(profile(resolveProfile(JSON.stringify(own)))).toEqual(profile(resolveProfile(own)));
    expect(Object.keys(profile(resolveProfile(own)).limits)).toEqual(["draft"]);
  });

  test("extends another file's profile, and circles are found", () => {
    const read = (json: object) => {
      const file = readProfileFile(json);
      if (!file.ok) throw new Error(file.problem.message);
      return file.value;
    };
    const house = read(user({ wall: { min: 0.7 } }, { id: "house" }));
    expect(profile(resolveProfile(user({}, { extends: "house" }), [house])).limits.wall?.min).toBe(0.7);
    const a = read(user({}, { id: "a", extends: "b" }));
    const b = read(user({}, { id: "b", extends: "a" }));
    expect(message(resolveProfile("a", [a, b]))).toContain("a → b → a");
  });

  test.each([
    ["no-such", "align, mima"],
    ["{", "not JSON"],
    [user({ wal: { min: 1 } }), "wal"],
    [user({ wall: { min: 2, max: 1 } }), "min is above max"],
    [user({ wall: { min: 8 } }), "above max 6"],
    [user({ wall: {} }), "give min, max or preferred"],
    [user({ wall: { min: 1, unit: "in" } }), "limits.wall.unit"],
    [user({ wall: { min: "1" } }), "limits.wall.min"],
    [user({}, { schema: "oversize.profile/2" }), "schema"],
    [user({}, { extends: "nobody" }), "nobody"],
  ])("%j is refused in words", (given, hint) => {
    expect(message(resolveProfile(given))).toContain(hint);
  });

  test("the JSON Schemas accept what the readers accept and refuse what they refuse", () => {
    const ajv = new Ajv({ strict: false, formats: { date: true } });
    const validProfile = ajv.compile(profileJsonSchema());
    expect(validProfile(user({ wall: { min: 0.8 }, mass: null }))).toBe(true);
    expect(validProfile(user({ wal: { min: 0.8 } }))).toBe(false);
    const validFeedstocks = ajv.compile(feedstockJsonSchema());
    const lot = { id: "a", vendor: "v", grade: "g", lot: "1", material: "316L", osf: 1.165, date: "2026-01-01" };
    expect(validFeedstocks({ schema: "oversize.feedstocks/1", feedstocks: [lot] })).toBe(true);
    expect(validFeedstocks({ schema: "oversize.feedstocks/1", feedstocks: [{ ...lot, osf: "1.165" }] })).toBe(false);
  });
});
