import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as formatsOfAjv from "ajv-formats";
import { XMLParser } from "fast-xml-parser";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import type { Finding } from "../../src/dfm/finding.ts";
import { compareRows, summariseReport, type BatchRow } from "../../src/report/batch/batch-row.ts";
import { uriOf } from "../../src/report/batch/batch-format.ts";
import type { Report } from "../../src/report/report.ts";
import { writeSummaries } from "../../src/cli/batch/write-summaries.ts";
import { plant, temporaryFolder } from "../batch-run.ts";

const schemas = fileURLToPath(new URL("../schemas/", import.meta.url));

const finding = (over: Partial<Finding>): Finding => ({
  id: "WALL_THIN-1", code: "WALL_THIN", body: "1", verdict: "fail", severity: "blocking", measured: { value: 0.2, low: 0.1, high: 0.3, unit: "mm" },
  limit: { min: 0.5, unit: "mm" }, faces: [1], points: [[0, 0, 0]], method: "ball", message: "0.2 mm ]]> <b>&\u0001", ...over,
});

const report = (findings: readonly Finding[]): Report => ({
  schema: "oversize.report/1", tool: { name: "oversize", version: "0" },
  part: { file: "p.step", sha256: "s", name: "</script><script>alert(1)</script>", schema: "AP214", unit: "mm", reader: "exact", solids: 1, faces: 8, facets: 9, bboxMm: [[0, 0, 0], [60, 40, 12]], volumeMm3: 28328.7611, areaMm2: 1, massG: 222.4, valid: true, bodies: [], setAside: { sheets: 0, wires: 0, annotations: 0 } },
  findings, molds: [], problems: [], timingsMs: {},
});

const HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-rf", "@SUM(A1)", "\t=1", "\r=1", "a,\"b\"\r\nc", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "a b #1 100%?", "齿轮é", "\ud800", "..", "]]>", "a&b"];

/** A batch of one failed input and one with findings for every hostile name. */
function batch(folder: string): BatchRow[] {
  const rows = HOSTILE.flatMap((name, i): BatchRow[] => {
    const base = { file: `${name}.step`, output: `p${i}`, sha256: "ab", key: "k", durationMs: 1234, attempts: 1 };
    const all = report([finding({}), finding({ code: "DRAFT_LOW", severity: "advisory" }), finding({ verdict: "undecided" }), finding({ verdict: "not-evaluated", measured: undefined }), finding({ verdict: "pass" })]);
    plant(folder, { [`p${i}.report.json`]: JSON.stringify(all) });
    return [
      { ...base, ...summariseReport(all), files: [{ path: `p${i}.report.json`, bytes: 1 }, { path: `p${i}.png`, bytes: 1 }] },
      { ...base, file: `bad/${name}.step`, status: "failed", problem: { code: "NO_SOLID", message: `${name} <script>`, suggestion: name }, warnings: [], codes: [], molds: { exact: 0, facets: 0 }, files: [] },
    ];
  });
  return [...rows, { ...rows[0], file: "quiet.step", output: "q", ...summariseReport(report([])), files: [] }];
}

const write = async (folder: string): Promise<{ rows: BatchRow[]; read: (ending: string) => string }> => {
  const rows = batch(folder), written = await writeSummaries(folder, "batch", { version: "1", rows, missing: 2, skipped: 3 });
  expect(written).toMatchObject({ ok: true });
  return { rows, read: (ending) => readFileSync(join(folder, `batch${ending}`), "utf8") };
};

describe("summaries of a batch", () => {
  it("as JUnit hold to its schema and count right", async () => {
    using folder = temporaryFolder();
    const { rows, read } = await write(folder.path), xml = read(".junit.xml");
    const checked = await validateXML({ xml: [{ fileName: "batch.junit.xml", contents: xml }], schema: [readFileSync(join(schemas, "junit.xsd"), "utf8")] });
    expect(checked.errors).toEqual([]);
    const suite = (new XMLParser({ ignoreAttributes: false }).parse(xml) as { testsuites: { testsuite: Record<string, unknown> & { testcase: Record<string, unknown>[] } } }).testsuites.testsuite;
    expect([suite["@_tests"], suite["@_failures"], suite["@_errors"], suite["@_skipped"]]).toEqual([rows.length, HOSTILE.length, HOSTILE.length, 1].map(String));
    expect([suite.testcase.length, suite.testcase.filter((c) => "failure" in c).length, suite.testcase.filter((c) => "error" in c).length]).toEqual([rows.length, HOSTILE.length, HOSTILE.length]);
  });

  it("as JUnit are refused by the schema when they are broken", async () => {
    const checked = await validateXML({ xml: [{ fileName: "x.xml", contents: '<testsuites><testsuite name="a"/></testsuites>' }], schema: [readFileSync(join(schemas, "junit.xsd"), "utf8")] });
    expect(checked.valid).toBe(false);
  });

  it("as SARIF hold to the 2.1.0 schema", async () => {
    using folder = temporaryFolder();
    const { rows, read } = await write(folder.path), sarif = JSON.parse(read(".sarif")) as { version: string; runs: { results: { kind: string; level: string; ruleId: string; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[]; tool: { driver: { rules: { id: string }[] } } }[] };
    const { id: _id, ...schema } = JSON.parse(readFileSync(join(schemas, "sarif-2.1.0.json"), "utf8")) as { id: string };
    const ajv = new Ajv2020({ strict: false });
    formatsOfAjv.default.default(ajv);
    const validate = ajv.compile(schema);
    validate(sarif);
    expect(validate.errors).toBeNull();
    expect(validate({ ...sarif, version: "2.0" })).toBe(false);
    const [{ results, tool }] = sarif.runs;
    expect(results).toHaveLength(HOSTILE.length * 6 + 1);
    expect(new Set(results.map((r) => r.kind))).toEqual(new Set(["fail", "review", "notApplicable", "pass", "informational"]));
    for (const r of results) {
      expect(r.kind === "fail" || r.level === "none").toBe(true);
      expect(tool.driver.rules.some((rule) => rule.id === r.ruleId)).toBe(true);
      // A name must never be taken for a scheme or for a path upwards.
      expect(new URL(r.locations[0].physicalLocation.artifactLocation.uri, "https://host/base/").href).toMatch(/^https:\/\/host\/base\//);
    }
    expect(rows.length).toBe(HOSTILE.length * 2 + 1);
  });

  it("as CSV hold nothing a spreadsheet would run", async () => {
    using folder = temporaryFolder();
    const { rows, read } = await write(folder.path), text = read(".csv");
    const { data, errors } = Papa.parse<string[]>(text.replace(/^\ufeff/, ""), { skipEmptyLines: true });
    expect(errors).toEqual([]);
    expect(data).toHaveLength(rows.length + 1);
    for (const line of data) {
      expect(line).toHaveLength(data[0].length);
      for (const cell of line) expect(/^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell), cell).toBe(false);
    }
    expect(data.some(([file]) => file === "'=cmd|' /C calc'!A0.step")).toBe(true);
  });

  it("as JSON lines are one row each, sorted by name", async () => {
    using folder = temporaryFolder();
    const { rows, read } = await write(folder.path), lines = read(".jsonl").trim().split("\n").map((l) => JSON.parse(l) as BatchRow);
    expect(lines.map((l) => l.file)).toEqual(rows.map((r) => r.file).sort());
  });

  it("as a page show names as text, worst first, and load nothing from elsewhere", async () => {
    using folder = temporaryFolder();
    const { rows, read } = await write(folder.path), page = read(".html");
    const [own] = /<script>[\s\S]*<\/script>/.exec(page) ?? [""];
    const rest = page.replace(own, "");
    expect(rest).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>(?!.*&gt;)/);
    expect(rest.match(/<tr class/g)).toHaveLength(rows.length);
    expect([...rest.matchAll(/<tr class="(\w+)"/g)].map((m) => m[1])).toEqual([...rows].sort(compareRows).map((r) => r.status));
    for (const [, url] of page.matchAll(/(?:href|src)="([^"]*)"/g)) expect(url).toMatch(/^p\d+\.(report\.json|png)$/);
    expect(page).toContain("2</b> without a result yet");
  });

  it("that cannot be written are told and leave no half file", async () => {
    using folder = temporaryFolder();
    plant(folder.path, { "batch.csv/in-the-way": "" });
    expect(await writeSummaries(folder.path, "batch", { version: "1", rows: [], missing: 0, skipped: 0 })).toMatchObject({ ok: false, problem: { code: "OUTPUT_FAILED" } });
    expect(dirname(folder.path)).toBeTruthy();
  });
});

describe("what a name becomes", () => {
  it("as a URI stays one relative reference", () => {
    expect(uriOf("a b/#1 100%.step")).toBe("a%20b/%231%20100%25.step");
    expect(uriOf("\ud800.step")).toBe("%EF%BF%BD.step");
  });
});
