import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as formatsOfAjv from "ajv-formats";
import { strFromU8, unzipSync } from "fflate";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { FINDING_KINDS } from "../../src/dfm/finding.ts";
import { reportBcf, type BcfOptions } from "../../src/report/formats/bcf.ts";
import { reportCsv } from "../../src/report/formats/csv.ts";
import { wellFormed } from "../../src/report/formats/escape.ts";
import { reportHtml } from "../../src/report/formats/html.ts";
import { reportJunit } from "../../src/report/formats/junit.ts";
import { pageModel } from "../../src/report/formats/page-model.ts";
import { readBcf } from "../../src/report/formats/read-bcf.ts";
import { reportSarif } from "../../src/report/formats/sarif.ts";
import { reportJsonSchema, reportSchema } from "../../src/report/report-schema.ts";
import { judgeReport } from "../../src/report/standing.ts";
import { cubeBody, finding, HOSTILE, reportOf } from "../report-fixture.ts";

const decisions = { "WALL_THIN-1": { state: "waived", reason: HOSTILE[0], name: HOSTILE[1], date: "2026-02-01T10:00:00Z" } } as const;

describe("verdict", () => {
  test("what nobody measured keeps a part from being clear", () => {
    expect(judgeReport({ findings: [finding("MASS_RANGE", "pass")] }).kind).toBe("clear");
    expect(judgeReport({ findings: [finding("MASS_RANGE", "pass"), finding("UNDERCUT", "not-evaluated")] }).kind).toBe("open");
    expect(judgeReport({ findings: [finding("WALL_THIN", "undecided")] }).kind).toBe("open");
    expect(judgeReport({ findings: [] }).kind).toBe("open");
  });
  test("a blocking finding blocks until it is settled; an advisory one does not", () => {
    const broken = finding("WALL_THIN", "fail");
    expect(judgeReport({ findings: [broken] }).kind).toBe("blocked");
    expect(judgeReport({ findings: [broken] }, decisions).kind).toBe("clear");
    expect(judgeReport({ findings: [finding("EDGE_SHARP", "fail", { severity: "advisory" })] }).kind).toBe("clear");
  });
});

describe("CSV", () => {
  test.each(HOSTILE)("%j comes back as text and never starts a formula", (name) => {
    const { data } = Papa.parse<Record<string, string>>(reportCsv(reportOf(name), decisions), { header: true, skipEmptyLines: true });
    expect(data).toHaveLength(5);
    for (const cell of Object.values(data[0])) expect(cell).not.toMatch(/^\s*[=+@＝＋－＠]/);
    expect([name, `'${name}`]).toContain(data[0].message);
    expect(data[0].value).toBe("0.42");
  });
  test("negative numbers stay numbers", () => {
    const below = finding("DRAFT_LOW", "fail", { measured: { value: -0.3, low: -0.4, high: -0.2, unit: "deg" } });
    const { data } = Papa.parse<Record<string, string>>(reportCsv(reportOf("p", [below])), { header: true });
    expect(data[0].value).toBe("-0.3");
  });
});

describe("SARIF", () => {
  test("every verdict has its kind, and only failures a level", () => {
    const { runs: [run] } = JSON.parse(reportSarif(reportOf(), decisions)) as { runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number; kind: string; level: string; suppressions?: unknown[] }[] }[] };
    expect(run.tool.driver.rules.map((r) => r.id)).toEqual(Object.keys(FINDING_KINDS));
    expect(run.results.map((r) => [r.ruleId, r.kind, r.level])).toEqual([
      ["WALL_THIN", "fail", "error"], ["DRAFT_LOW", "review", "none"], ["UNDERCUT", "notApplicable", "none"], ["MASS_RANGE", "pass", "none"], ["EDGE_SHARP", "fail", "warning"],
    ]);
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(run.results[0].suppressions).toHaveLength(1);
  });
  test("holds to the 2.1.0 schema, whatever names are in it", () => {
    const { id: _, ...schema } = JSON.parse(readFileSync(new URL("../schemas/sarif-2.1.0.json", import.meta.url), "utf8")) as { id: string };
    const ajv = new Ajv2020({ strict: false });
    formatsOfAjv.default.default(ajv);
    const validate = ajv.compile(schema);
    for (const name of ["Bracket", ...HOSTILE]) {
      validate(JSON.parse(reportSarif(reportOf(name), decisions)));
      expect(validate.errors, name).toBeNull();
    }
    expect(validate({ ...JSON.parse(reportSarif(reportOf())) as object, version: "2.0" })).toBe(false);
  });
  test("a file's name is a relative reference, whatever is in it", () => {
    for (const name of [...HOSTILE, "javascript:alert(1)", "../../x"]) {
      const { runs: [run] } = JSON.parse(reportSarif(reportOf(name))) as { runs: { artifacts: { location: { uri: string } }[] }[] };
      expect(run.artifacts[0].location.uri).not.toMatch(/[:/<>"\s]/);
      expect(decodeURIComponent(run.artifacts[0].location.uri)).toBe(wellFormed(name));
    }
  });
});

describe("JUnit", () => {
  test.each(HOSTILE)("%j leaves well-formed XML with the same counts", (name) => {
    const xml = reportJunit(reportOf(name));
    expect(XMLValidator.validate(xml)).toBe(true);
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(xml) as { testsuites: Record<string, string> & { testsuite: { testcase: Record<string, unknown>[] } } };
    expect(parsed.testsuites.testsuite.testcase).toHaveLength(5);
    expect([parsed.testsuites["@_tests"], parsed.testsuites["@_failures"], parsed.testsuites["@_errors"], parsed.testsuites["@_skipped"]]).toEqual(["5", "2", "1", "1"]);
  });
});

describe("BCF", () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3);
  const options: BcfOptions = {
    date: "2026-02-01T10:00:00Z", author: "ann@example.com", decisions,
    views: { "WALL_THIN-1": { snapshot: png, camera: { kind: "orthogonal", position: [10, 20, 30], direction: [0, 0, -2], up: [0, 1, 0], heightMm: 42.5, aspect: 1.5 }, clippingPlanes: [{ location: [1, 2, 3], direction: [0, 3, 0] }] } },
    comments: { "DRAFT_LOW-1": [{ text: "Is it \"<b>needed</b>\"?", name: "Bo", date: "2026-02-02T10:00:00Z" }] },
  };
  test("comes back through our reader: topics, states, cameras in mm, planes, pictures, comments", () => {
    const read = readBcf(reportBcf(reportOf("Part <1> & \"2\""), options));
    if (!read.ok) throw new Error(read.problem.message);
    const byLabel = new Map(read.value.topics.map((t) => [t.labels[0], t]));
    expect([...byLabel.keys()].sort()).toEqual(["DRAFT_LOW", "EDGE_SHARP", "WALL_THIN"]);
    const wall = byLabel.get("WALL_THIN"), draft = byLabel.get("DRAFT_LOW");
    expect(wall).toMatchObject({ type: "Blocking", status: "Waived", title: "WALL_THIN-1 Wall too thin", author: "ann@example.com", files: ["Part <1> & \"2\""] });
    expect(wall?.camera).toEqual({ kind: "orthogonal", position: [10, 20, 30], direction: [0, 0, -1], up: [0, 1, 0], heightMm: 42.5, aspect: 1.5 });
    expect(wall?.clippingPlanes).toEqual([{ location: [1, 2, 3], direction: [0, 1, 0] }]);
    expect(wall?.snapshot).toEqual(png);
    expect(wall?.comments).toEqual([{ text: `waived: ${HOSTILE[0]}`, name: HOSTILE[1], date: "2026-02-01T10:00:00Z" }]);
    expect(draft?.comments[0].text).toBe("Is it \"<b>needed</b>\"?");
    expect(draft?.camera).toMatchObject({ kind: "perspective", fieldOfViewDeg: 45 });
  });
  test("is in metres in the file, the same bytes each time, and every GUID differs", () => {
    const bytes = reportBcf(reportOf(), options), files = unzipSync(bytes);
    expect(Buffer.from(reportBcf(reportOf(), options)).equals(Buffer.from(bytes))).toBe(true);
    const view = Object.entries(files).filter(([name]) => name.endsWith(".bcfv")).map(([, data]) => strFromU8(data)).find((text) => text.includes("Orthogonal"));
    expect(view).toContain("<CameraViewPoint><X>0.01</X><Y>0.02</Y><Z>0.03</Z></CameraViewPoint>");
    expect(view).toContain("<ViewToWorldScale>0.0425</ViewToWorldScale>");
    const guids = Object.values(files).map((data) => strFromU8(data)).flatMap((text) => [...text.matchAll(/<(?:Topic|Comment|ViewPoint) Guid="([^"]+)"/g)].map((m) => m[1]));
    expect(new Set(guids).size).toBe(guids.length);
    for (const guid of guids) expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
  test.each(HOSTILE)("%j leaves well-formed XML everywhere", (name) => {
    const bytes = reportBcf(reportOf(name), { ...options, author: name || "x", comments: { "WALL_THIN-1": [{ text: name, name, date: options.date }] } });
    for (const [path, data] of Object.entries(unzipSync(bytes))) if (!path.endsWith(".png")) expect(XMLValidator.validate(strFromU8(data)), path).toBe(true);
    expect(readBcf(bytes).ok).toBe(true);
  });
  test("what is not a BCF file is refused with a code", () => {
    const code = (bytes: Uint8Array): string => { const read = readBcf(bytes); return read.ok ? "ok" : read.problem.code; };
    expect(code(new Uint8Array(40))).toBe("ARCHIVE_BAD");
    const bytes = reportBcf(reportOf(), options);
    expect(code(bytes.slice(0, bytes.length / 2))).toBe("ARCHIVE_BAD");
  });
});

describe("HTML", () => {
  const withoutData = (html: string): string => html.replace(/<script[\s\S]*?<\/script>/g, "");
  test.each(HOSTILE)("%j is text in the page and in the data", (name) => {
    const html = reportHtml(reportOf(name), { viewer: "/* </script> <!-- */", bodies: [cubeBody(name)], decisions: { "WALL_THIN-1": { state: "waived", reason: name, name, date: name } } });
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(withoutData(html)).not.toMatch(/onerror="|<img src=x|[\u2028\u2029\u202e\u0000\u0008]/);
    const data = /<script type="application\/json" id="model"[^>]*>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
    expect(data).not.toMatch(/[<>\u2028\u2029]/);
    expect((JSON.parse(data) as { bodies: { name: string }[] }).bodies[0].name).toBe(name);
  });
  test("asks the network for nothing", () => {
    const html = reportHtml(reportOf(), { viewer: "", bodies: [cubeBody()] });
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/(src|href)="(?!data:)/);
  });
  test("says what was not evaluated and never hides it", () => {
    const html = reportHtml(reportOf());
    expect(html).toContain("1 not evaluated");
    expect(html).toMatch(/Faces that kept their surface type<\/th><td[^>]*>not evaluated/);
    expect(html).not.toContain("<canvas");
  });
  test("draws the walls by thickness, those outside the limits apart", () => {
    const [, drawing, words] = /<svg viewBox="0 0 320 82"[^>]*>(.*?)<\/svg><figcaption>(.*?)<\/figcaption>/.exec(reportHtml(reportOf())) ?? [];
    expect([...drawing.matchAll(/<rect( class="outside")? x="([\d.]+)".*?height="([\d.]+)"/g)].map(([, outside, x, height]) => [outside !== undefined, Number(x), Number(height)])).toEqual([[true, 0.5, 10], [false, 128.5, 20], [false, 192.5, 60], [false, 256.5, 30]]);
    expect([...drawing.matchAll(/class="limit" d="M([\d.]+)/g)].map(([, x]) => Number(x))).toEqual([80]);
    expect(words).toContain("over 12.0 mm² of walls that face one another (50 % of the surface)");
  });
  test("lists the pull directions and names the one that was taken", () => {
    const rows = [...reportHtml(reportOf()).matchAll(/<tr><th scope="row">([+−][XYZ])(.*?)<\/th>/g)].map(([, direction, chip]) => [direction, chip.includes("chosen")]);
    expect(rows).toEqual([["+Z", true], ["+X", false]]);
  });
  test("large bodies are stored in 16 bits within half a step", () => {
    const n = 60_002, positions = Float32Array.from({ length: n * 3 }, (_, i) => Math.sin(i) * 25);
    const body = { ...cubeBody(), positions, normals: positions, maps: [], edges: undefined };
    const { positions: stored } = pageModel([body], []).bodies[0];
    expect(stored.type).toBe("u16");
    const raw = new Uint16Array(Uint8Array.from(atob(stored.data), (c) => c.charCodeAt(0)).buffer), { low = 0, step = 0 } = stored;
    expect(Math.max(...raw.map((x, i) => Math.abs(low + x * step - positions[i])).subarray(0, 30_000))).toBeLessThanOrEqual(step * 0.51);
  });
});

describe("schema", () => {
  const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());
  test("a full report is valid, as a value and as JSON", () => {
    const json: unknown = JSON.parse(JSON.stringify(reportOf()));
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect(reportSchema.parse(json)).toEqual(json);
  });
  test("a wrong, missing or misspelt field is not", () => {
    const wrong = (change: (report: Record<string, never> & { part: Record<string, unknown>; findings: Record<string, unknown>[] }) => void): boolean => {
      const json = JSON.parse(JSON.stringify(reportOf()));
      change(json);
      return validate(json);
    };
    expect(wrong((r) => { r.part.sha256 = "x"; })).toBe(false);
    expect(wrong((r) => { delete r.part.volumeMm3; })).toBe(false);
    expect(wrong((r) => { r.findings[0].verdict = "ok"; })).toBe(false);
    expect(wrong((r) => { r.findings[0].code = "WALL"; })).toBe(false);
    expect(wrong((r) => { r.findings[0].points = [[0, 0]]; })).toBe(false);
  });
});
