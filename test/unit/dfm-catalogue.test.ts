import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cataloguePage } from "../../src/dfm/catalogue.ts";
import { FINDING_KINDS, type FindingCode } from "../../src/dfm/finding.ts";
import { PROFILES } from "../../src/mim/profile.ts";
import { cataloguePicture } from "../catalogue-pictures.ts";

const folder = new URL("../../src/dfm/", import.meta.url), codes = Object.keys(FINDING_KINDS) as FindingCode[];
const pictureOf = (code: FindingCode): string => `catalogue/${code.toLowerCase().replaceAll("_", "-")}.svg`;
const page = cataloguePage(PROFILES, pictureOf);

// UPDATE_CATALOGUE=1 writes the page and its pictures; without it they must be in step with the code.
if (process.env.UPDATE_CATALOGUE) {
  mkdirSync(new URL("catalogue/", folder), { recursive: true });
  writeFileSync(new URL("CATALOGUE.md", folder), page);
  for (const code of codes) writeFileSync(new URL(pictureOf(code), folder), cataloguePicture(code));
}

describe("catalogue page", () => {
  it("is in step with the code", () => expect(readFileSync(new URL("CATALOGUE.md", folder), "utf8")).toBe(page));
  it.each(codes)("%s has its picture", (code) => expect(readFileSync(new URL(pictureOf(code), folder), "utf8")).toBe(cataloguePicture(code)));
});
